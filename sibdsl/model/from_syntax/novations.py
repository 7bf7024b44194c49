"""Reads `novates` of a variation, and refuses a party that stands in another's place beside what it pays, or is paid, itself.

Source of the rule: language reference, 'Novation'.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from sibdsl.diagnostics import Label
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.nodes import Novation
from sibdsl.syntax import Block, Node, Word

#: Blocks in which a party pays or is paid, or which speak of payments between parties.
_SPEAKING = ("payment", "deduction", "block advance", "cap", "rule")


def novations(
    reader: Reader, variation: Block, own: Iterable[Block], changes: Iterable[tuple[Block, list[Block]]]
) -> tuple[Novation, ...]:
    """Who stands in whose place under a variation.

    `own` are the contract's blocks, `changes` every variation with the blocks in it.
    """
    found: list[Novation] = []
    clause = reader.clause(variation)
    for line in variation.lines("novates"):
        old, new = (reader.name(word, "party", clause=clause) for word in line.words("NAME"))
        if not old or not new:
            continue
        other = next(_naming(new, _before(reader, variation, own, changes)), None)
        if old == new:
            reader.problems.add(
                "SIB0231",
                f"{new} cannot take its own place.",
                line.span,
                clause=clause,
                mark="the same party",
                help="Write the party that was, and then the party that takes its place.",
            )
        elif other is not None:
            block, word = other
            reader.problems.add(
                "SIB0231",
                f"{new} cannot take the place of {old}: {block.title} speaks of {new} itself, and what it paid or was paid before "
                f"could not be told from what {old} did.",
                line.span,
                clause=clause,
                mark="a party of its own already",
                help=f"Replace each clause in which {old} pays, or is paid, by one that names {new}; or write a party that no clause speaks of.",
                labels=(Label(word.span, f"{new} stands here"),),
            )
        else:
            found.append(Novation(old, new, span=line.span))
    return tuple(found)


def _naming(party: str, blocks: Iterable[Block]) -> Iterator[tuple[Block, Word]]:
    for block in blocks:
        for word in block.walk() if block.kind in _SPEAKING else ():
            if isinstance(word, Word) and word.kind == "NAME" and word.text == party:
                yield block, word


def _before(
    reader: Reader, variation: Block, own: Iterable[Block], changes: Iterable[tuple[Block, list[Block]]]
) -> Iterator[Block]:
    """The blocks of the contract, and of each variation but one that is surely agreed later."""
    yield from own
    mine = _agreed(reader, variation)
    for other, inside in changes:
        its = _agreed(reader, other)
        if other is variation or mine is None or its is None or its <= mine:
            yield from inside


def _agreed(reader: Reader, variation: Block) -> date | None:
    """The day of agreement, where the text gives it as a date."""
    line: Node | None = next(iter(variation.lines("agreed")), None)
    word = next(iter(line.words("DATE")), None) if line is not None else None
    return reader.day(word) if word is not None else None
