"""What of the findings only follows from others: one fault in a contract gives one message.

A block that is faulty is not read, so whatever speaks of it seems to lack it, or to hold another kind of value. Such
findings go. They come back, if they are faults of their own, once the block is mended.
"""

from __future__ import annotations

from collections.abc import Iterable

from attrs import evolve, frozen

from sibdsl.diagnostics import Diagnostic, Label
from sibdsl.source import Span
from sibdsl.syntax import Block, Word

#: Codes of findings about what another block holds. A fault in that block makes them of itself.
_OF_OTHERS = frozenset({
    "SIB0301", "SIB0305", "SIB0413", "SIB0422", "SIB0434", "SIB0450", "SIB0456", "SIB0487", "SIB0494", "SIB0496",
    "SIB0499", "SIB0540", "SIB0541", "SIB0542", "SIB0543", "SIB0544", "SIB0545",
})  # fmt: skip
#: Those of them that are kept, unless the underlined words themselves name what is faulty.
_BY_NAME = frozenset({"SIB0301", "SIB0305", "SIB0422", "SIB0434", "SIB0499"})
#: Blocks whose rows each define a name of their own.
_ROWS = ("parties", "particulars", "scenarios", "workings")
#: How many other places of one name are shown.
_SHOWN = 3


@frozen
class _Unit:
    """A block, or a row that defines a name: what names it defines, and which others it speaks of."""

    span: Span
    defines: frozenset[str]
    mentions: tuple[Word, ...]


def own_faults(found: list[Diagnostic], blocks: Iterable[Block]) -> list[Diagnostic]:
    """The findings without those that only follow from another, and one for all places of a name that is not defined."""
    units = [one for block in blocks for one in _units(block)]
    errors = [one for one in found if one.severity == "error"]
    faulty = {id(one): _unit(units, one.span) for one in errors}
    needs = {id(one): _needs(one, faulty[id(one)], faulty.values()) for one in errors}
    kept = {key for key, names in needs.items() if not names}
    spoilt = _names(faulty[key] for key in kept)
    before = -1
    # What speaks of something faulty is left out if that, in the end, has a finding of its own: two that speak of each
    # other and of nothing else are both told.
    while len(spoilt) != before:
        before = len(spoilt)
        spoilt |= _names(faulty[key] for key, names in needs.items() if names & spoilt)
    return _one_for_each_name(
        [one for one in found if id(one) not in needs or id(one) in kept or not needs[id(one)] & spoilt]
    )


def _units(block: Block) -> Iterable[_Unit]:
    if block.kind in _ROWS and block.table is not None:
        for row in block.table.nodes("row"):
            names = [word for word in row.walk() if isinstance(word, Word) and word.kind == "NAME"]
            yield _Unit(row.span, frozenset(word.text for word in names[:1]), tuple(names[1:]))
        return
    named = frozenset({block.name.text} if block.name else ())
    words = (word for word in block.walk() if isinstance(word, Word) and word.kind == "NAME")
    yield _Unit(block.span, named, tuple(words))


def _unit(units: list[_Unit], span: Span) -> _Unit | None:
    inside = (
        one
        for one in units
        if one.span.file == span.file and one.span.start <= span.start and span.end <= one.span.end
    )
    return next(inside, None)


def _needs(one: Diagnostic, unit: _Unit | None, faulty: Iterable[_Unit | None]) -> set[str]:
    """The names of other faulty things that the place of a finding speaks of, if it can follow from them."""
    if unit is None or one.code not in _OF_OTHERS:
        return set()
    words = unit.mentions
    if one.code in _BY_NAME:
        words = tuple(
            word for word in words if one.span.start <= word.span.start and word.span.end <= one.span.end
        )
    return {word.text for word in words} & _names(each for each in faulty if each is not unit)


def _names(units: Iterable[_Unit | None]) -> set[str]:
    return {name for one in units if one is not None for name in one.defines}


def _one_for_each_name(found: list[Diagnostic]) -> list[Diagnostic]:
    """One finding for a name that is not defined, with the other places in which it stands."""
    first: dict[tuple[str, str], int] = {}
    others: dict[int, list[Diagnostic]] = {}
    kept: list[Diagnostic] = []
    for one in found:
        key = (one.code, one.message)
        if one.code == "SIB0301" and key in first and kept[first[key]].span.file == one.span.file:
            others.setdefault(first[key], []).append(one)
            continue
        first.setdefault(key, len(kept))
        kept.append(one)
    for at, more in others.items():
        one = kept[at]
        lines = sorted({each.span.line for each in more if each.span.line != one.span.line})
        labels = tuple(Label(each.span, "and here") for each in more[:_SHOWN])
        rest = len(more) - _SHOWN
        said = f" {rest} more lines name it so." if rest > 1 and len(lines) > _SHOWN else ""
        kept[at] = evolve(one, labels=(*one.labels, *labels), help=one.help + said)
    return kept
