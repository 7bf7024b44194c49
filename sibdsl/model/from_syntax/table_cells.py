"""Tables as they are read: cells under their headings."""

from __future__ import annotations

from attrs import frozen

from sibdsl.source import Span
from sibdsl.syntax import Node, Part, Word


@frozen
class Cell:
    """One cell of a table: the phrase in it and where it stands."""

    node: Node
    span: Span

    @property
    def part(self) -> Part | None:
        """The single phrase or word that the cell holds."""
        return self.node.children[0] if self.node.children else None

    @property
    def word(self) -> str:
        """The fixed word of the cell (`all`, `none`, `blank`, `required`, ...), or ''."""
        part = self.part
        return part.said if isinstance(part, Node) and part.kind == "cell_word" else ""

    @property
    def name(self) -> str:
        """The defined term that the cell holds, or ''."""
        part = self.part
        if isinstance(part, Node) and part.kind == "path" and len(part.children) == 1:
            return part.words()[0].text
        return part.text if isinstance(part, Word) and part.kind == "NAME" else ""

    @property
    def text(self) -> str:
        """The quoted words that the cell holds, or ''."""
        words = self.node.words("TEXT")
        return " ".join(word.text[1:-1] for word in words)


@frozen
class Heading:
    """One column heading: fixed words (`for each`) or a name."""

    key: str
    node: Node

    @property
    def span(self) -> Span:
        return self.node.span


@frozen
class Table:
    """A table read by its headings."""

    headings: tuple[Heading, ...]
    rows: tuple[dict[str, Cell], ...]
    spans: tuple[Span, ...]
    span: Span

    def heading(self, key: str) -> Heading | None:
        return next((heading for heading in self.headings if heading.key == key), None)


def heading_key(node: Node) -> str:
    """A column heading as one string: its fixed words, or its name."""
    return " ".join(child.text if isinstance(child, Word) else _said(child) for child in node.children)


def _said(part: Part) -> str:
    """A period in a heading, as it is written."""
    if not isinstance(part, Node):
        return ""
    words = [child.text for child in part.walk() if isinstance(child, Word)]
    match part.kind:
        case "quarter_of_year":
            return f"{words[0]} quarter {words[1]}"
        case "quarter_of_year_number":
            return f"year {words[0]} quarter {words[1]}"
        case "year_number":
            return f"year {words[0]}"
        case "quarter_number":
            return f"quarter {words[0]}"
        case "days_between":
            return f"{words[0]} to {words[1]}"
    return " ".join(words) or part.kind
