"""The syntax tree: what was written and where, before anything is known of what it means."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import field, frozen

from sibdsl.source import Source, Span


@frozen
class Word:
    """One word of the text: `kind` is the grammar's name of its sort (NAME, MONEY, DATE, ...)."""

    kind: str
    text: str
    span: Span = field(eq=False, repr=False)


@frozen
class Node:
    """A phrase: `kind` is the grammar's name of its pattern."""

    kind: str
    children: tuple[Part, ...]
    span: Span = field(eq=False, repr=False)

    def nodes(self, *kinds: str) -> list[Node]:
        """Direct sub-phrases, of the given kinds if any are named."""
        return [
            part for part in self.children if isinstance(part, Node) and (not kinds or part.kind in kinds)
        ]

    def node(self, *kinds: str) -> Node | None:
        """The first direct sub-phrase of those kinds."""
        return next(iter(self.nodes(*kinds)), None)

    def words(self, *kinds: str) -> list[Word]:
        """Direct words, of the given kinds if any are named."""
        return [
            part for part in self.children if isinstance(part, Word) and (not kinds or part.kind in kinds)
        ]

    def word(self, *kinds: str) -> Word | None:
        """The first direct word of those kinds."""
        return next(iter(self.words(*kinds)), None)

    @property
    def said(self) -> str:
        """The direct words joined by spaces: the fixed phrase of a choice such as `half up`."""
        return " ".join(word.text for word in self.words())

    def walk(self) -> Iterator[Node | Word]:
        """This phrase and all in it, in the order written."""
        yield self
        for part in self.children:
            if isinstance(part, Word):
                yield part
            elif isinstance(part, Block):
                yield from part.walk()
            else:
                yield from part.walk()


@frozen
class Block:
    """One block: kind, Name, [clause], "gloss", its lines and its table; `head` spans its first line's words."""

    kind: str
    name: Word | None
    clause: str
    gloss: str
    items: tuple[Node, ...]
    span: Span = field(eq=False, repr=False)
    head: Span = field(eq=False, repr=False)

    def lines(self, *kinds: str) -> list[Node]:
        """The lines of those kinds, in the order written."""
        return [item for item in self.items if item.kind in kinds]

    @property
    def table(self) -> Node | None:
        """The block's own table."""
        return next((item for item in self.items if item.kind == "table"), None)

    @property
    def title(self) -> str:
        """How messages name the block: `payment Fund Tariff`."""
        return f"{self.kind} {self.name.text}" if self.name else self.kind

    def walk(self) -> Iterator[Node | Word]:
        """All phrases and words of the block's lines."""
        for item in self.items:
            yield from item.walk()


Part = Node | Word | Block


@frozen
class File:
    """One parsed text."""

    source: Source = field(eq=False, repr=False)
    blocks: tuple[Block, ...]
