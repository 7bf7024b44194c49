"""Definitions that a variation takes out: nothing may speak of one once all variations are in force.

Nothing is paid otherwise where a definition goes: what spoke of it ends, or is replaced, in its own right.
Source of the rule: language reference, 'Variations'.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import frozen

from sibdsl.diagnostics import Label
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.syntax import Block, Node, Word

#: Definitions that a variation may take out, each with the sort of its name.
DEFINED = {
    "records": "records", "table": "table", "cohort": "cohort", "bands": "bands", "metric": "metric", "scorecard": "metric",
    "scale": "scale", "workings": "workings",
}  # fmt: skip
#: Blocks that bear on what is paid. Examples and scenarios speak of times before a variation too.
_SPEAKING = (
    "payment", "deduction", "block advance", "cap", "rule", "workings", "scale", "scorecard", "metric", "cohort", "routes",
    "bands", "records", "investment",
)  # fmt: skip


@frozen
class RemoveLine:
    """A line `remove`, and the variation that has it."""

    variation: str
    line: Node

    @property
    def what(self) -> tuple[str, str]:
        """The kind and the name of what goes."""
        return self.line.nodes("block_kind")[0].said, self.line.words("NAME")[0].text


def still_spoken_of(
    reader: Reader,
    own: Iterable[Block],
    taken: Iterable[RemoveLine],
    put: Iterable[Block],
    replaced: Iterable[Block],
) -> None:
    """Report what still speaks of a definition that goes.

    `own` are the blocks of the contract, `taken` what variations take out, `put` what they add or put in place, `replaced` the
    blocks that take the place of others. Of the contract's own those count that nothing replaces or takes out.
    """
    own, lines = list(own), list(taken)
    ended = {line.what for line in lines}
    over = ended | {_what(block) for block in replaced}
    gone = {name: line for line in lines for name in _names(line, own)}
    left = [block for block in own if _what(block) not in over]
    left += [block for block in put if _what(block) not in ended]
    for block in left if gone else ():
        if block.kind not in _SPEAKING:
            continue
        for word in (part for part in block.walk() if isinstance(part, Word) and part.kind == "NAME"):
            if word.text in gone and word is not block.name:
                line = gone[word.text]
                kind, name = line.what
                of = "" if word.text == name else f" of {kind} {name}"
                reader.problems.add(
                    "SIB0478",
                    f"{block.title} speaks of {word.text}{of}, which variation {line.variation} removes.",
                    word.span,
                    clause=reader.clause(block),
                    mark="removed by a variation",
                    help=f"Let a variation replace or remove {block.title} too, or leave {name} where it is.",
                    labels=(Label(line.line.span, f"{name} is removed here"),),
                )
                break


def _what(block: Block) -> tuple[str, str]:
    return block.kind, block.name.text if block.name else ""


def _names(line: RemoveLine, own: list[Block]) -> Iterator[str]:
    """The names that go with a definition: its own; of workings its steps, of a table those columns that nothing else has."""
    kind, name = line.what
    if kind not in DEFINED:
        return
    yield name
    block = next((block for block in own if _what(block) == (kind, name)), None)
    if block is None or block.table is None:
        return
    if kind == "workings":
        cells = (row.nodes()[0] for row in block.table.nodes("row"))
        yield from (word.text for cell in cells for word in cell.walk() if isinstance(word, Word))
    elif kind == "table":
        yield from _headings(block) - {
            word.text
            for other in own
            if other.kind == "records" and other.table is not None
            for row in other.table.nodes("row")
            for word in row.nodes()[0].walk()
            if isinstance(word, Word)
        } - {heading for other in own if other.kind == "table" and other is not block for heading in _headings(other)}  # fmt: skip


def _headings(block: Block) -> set[str]:
    heads = block.table.nodes("heading_row")[0].walk() if block.table else ()
    return {word.text for word in heads if isinstance(word, Word) and word.kind == "NAME"}
