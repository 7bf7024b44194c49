"""Tables as they are read: cells under their headings."""

from __future__ import annotations

from typing import Literal

from attrs import evolve, frozen

from sibdsl.diagnostics import Problems
from sibdsl.source import Span
from sibdsl.syntax import Node, Part, Word

#: Phrases that name a stretch of days: see `Reader.period`.
PERIODS = (
    "contract_year", "quarter_of_year", "year_number", "quarter_of_year_number", "quarter_number", "days_between",
)  # fmt: skip


def as_period(part: Part | None) -> Node | None:
    """The phrase of a cell that names a stretch of days, where one is wanted; a number of four figures is a year there."""
    if isinstance(part, Node):
        return part if part.kind in PERIODS else None
    if not isinstance(part, Word) or part.kind != "INT" or len(part.text) != 4:
        return None
    return Node("contract_year", (part,), part.span)


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
    """One column heading: fixed words (`for each`), a name, or the words with which a line begins (`held`)."""

    key: str
    node: Node

    @property
    def span(self) -> Span:
        return self.node.span

    @property
    def begins_with(self) -> str:
        """The sort of its first word: NAME, or LABEL where a line begins with its words; '' of a period."""
        first = self.node.children[0] if self.node.children else None
        return first.kind if isinstance(first, Word) else ""


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


def read_headings(
    problems: Problems, title: str, clause: str, head: Node, known: tuple[str, ...]
) -> list[Heading]:
    """The headings of a table; those of the `known` with capitals too many are reported, and read as what they mean."""
    written = [Heading(heading_key(node), node) for node in head.nodes("heading")]
    meant = [
        evolve(heading, key=heading.key.casefold())
        if heading.key not in known and heading.key.casefold() in known
        else heading
        for heading in written
    ]
    if meant != written:
        problems.add(
            "SIB0405",
            f"The headings of {title} are words of the language, in small letters.",
            head.span,
            clause=clause,
            mark="with capitals",
            help="Write `| " + " | ".join(heading.key for heading in meant) + " |`.",
        )
    return meant


#: Words that may stand in a cell beside what it holds: a time or a person, before or after this limit, a rounding; lists; and
#: how cells of a file are written, in several forms or with a day of a month.
CellWords = Literal["time", "side", "rounding", "list", "form"]
_CELL_WORDS: dict[str, CellWords] = {
    "scope": "time",
    "per_each": "time",
    "limit_side": "side",
    "cell_rounding": "rounding",
}
_SAYS = {
    "time": "over which time or for whom",
    "side": "before or after what",
    "rounding": "how it is rounded",
}
_INSTEAD = {
    "time": "Take them out. A limit over a time is a line or a column `at most`; a payment that is made once a year has the line "
    "`every year at the end`; results of some days are paid under a payment that `starts` and `ends`.",
    "side": "Take them out; they belong to a limit such as `38% of payments over the contract`.",
    "rounding": "Take them out. How amounts are rounded is said by the line `rounding` of the contract or of workings.",
}


def refuse_without_effect(
    problems: Problems, clause: str, heading: str, cell: Cell, takes: tuple[CellWords, ...]
) -> None:
    """Report words of a cell, beside what it holds, that its reader does not look at: they would change nothing."""
    if cell.node.kind in ("names", "texts") and "list" not in takes:
        problems.add(
            "SIB0497",
            f"A cell under `{heading}` holds one thing; this one is a list.",
            cell.span,
            clause=clause,
            mark="a list",
            help="Write a row for each.",
        )
    if cell.node.kind == "written" and "form" not in takes:
        problems.add(
            "SIB0497",
            f"A cell under `{heading}` holds one thing; this one says how cells of a file are written.",
            cell.span,
            clause=clause,
            mark="a form",
            help="Keep one text in quotes. Forms stand under `written` in a records block.",
        )
    for part in cell.node.nodes(*_CELL_WORDS):
        if _CELL_WORDS[part.kind] not in takes:
            without_effect(problems, clause, heading, part)


def without_effect(problems: Problems, clause: str, heading: str, part: Node) -> None:
    """Report such words."""
    kind = _CELL_WORDS[part.kind]
    problems.add(
        "SIB0497",
        f"A cell under `{heading}` cannot say {_SAYS[kind]}: these words would change nothing.",
        part.span,
        clause=clause,
        mark="without effect",
        help=_INSTEAD[kind],
    )
