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
    "SIB0301", "SIB0305", "SIB0413", "SIB0416", "SIB0422", "SIB0424", "SIB0426", "SIB0428", "SIB0434", "SIB0444",
    "SIB0447", "SIB0450", "SIB0456", "SIB0465", "SIB0467", "SIB0487", "SIB0492", "SIB0494", "SIB0496", "SIB0499", "SIB0540",
    "SIB0312", "SIB0541", "SIB0542", "SIB0543", "SIB0544", "SIB0545",
})  # fmt: skip
#: Those of them that are kept, unless the underlined words themselves name what is faulty.
_BY_NAME = frozenset({"SIB0301", "SIB0305", "SIB0422", "SIB0499", "SIB0312"})
#: Codes of findings about the contract's own time, and the blocks that say what it is.
_OF_TIME = frozenset({"SIB0433", "SIB0441", "SIB0442", "SIB0456", "SIB0488", "SIB0495"})
_CLOCKS = ("contract", "variation")
#: Codes of findings that are one fault wherever they are met: a name not defined, records of nobody, a column of words in bands of numbers.
_ONE_FAULT = frozenset({"SIB0301", "SIB0424", "SIB0586"})
#: Blocks whose rows each define a name of their own, and those whose rows define names that only others read.
_ROWS = ("parties", "particulars", "scenarios", "workings")
_WITHIN = ("records", "bands", "table")
#: Stands for a name that cannot be read, as its row is faulty.
_SOME_NAME = ""
#: How many other places of one name are shown.
_SHOWN = 3


@frozen
class _Unit:
    """A block, or a row that defines a name: what names it defines, and which others it speaks of.

    `spans` are those of its lines where it is one of several that a table of metrics stands for, and share its lines.
    """

    spans: tuple[Span, ...]
    defines: frozenset[str]
    mentions: tuple[Word, ...]
    kind: str


def own_faults(findings: list[Diagnostic], blocks: Iterable[Block]) -> list[Diagnostic]:
    """The findings without those that only follow from another, and one for each fault that is met in several places."""
    units = [unit for block in blocks for unit in _units(block)]
    errors = [finding for finding in findings if finding.severity == "error"]
    faulty = {id(error): _unit(units, error.span) for error in errors}
    needs = {id(error): _needs(error, faulty[id(error)], faulty.values(), units) for error in errors}
    kept = {key for key, names in needs.items() if not names}
    spoilt = _names(faulty[key] for key in kept)
    before = -1
    # What speaks of something faulty is left out if that, in the end, has a finding of its own: two that speak of each
    # other and of nothing else are both told.
    while len(spoilt) != before:
        before = len(spoilt)
        spoilt |= _names(faulty[key] for key, names in needs.items() if names & spoilt)
    return _one_for_each(
        [
            finding
            for finding in findings
            if id(finding) not in needs or id(finding) in kept or not needs[id(finding)] & spoilt
        ]
    )


def _units(block: Block) -> Iterable[_Unit]:
    words = tuple(word for word in block.walk() if isinstance(word, Word) and word.kind == "NAME")
    named = frozenset({block.name.text} if block.name else ())
    rows = block.table.nodes("row") if block.table is not None else []
    if block.kind in _ROWS:
        for row in rows:
            names = [word for word in words if _inside(word.span, row.span)]
            first = row.nodes()[0].span if row.nodes() else row.span
            own = frozenset(word.text for word in names[:1] if _inside(word.span, first)) or {_SOME_NAME}
            named |= own - {_SOME_NAME}
            yield _Unit((row.span,), frozenset(own), tuple(names[1:]), block.kind)
    if block.kind in _WITHIN:
        named |= {word.text for word in words}
    shared = tuple(item.span for item in block.items if not _inside(item.span, block.span))
    yield _Unit((block.span, *shared), named, () if block.kind in _ROWS else words, block.kind)


def _inside(span: Span, other: Span) -> bool:
    return span.file == other.file and other.start <= span.start and span.end <= other.end


def _unit(units: list[_Unit], span: Span) -> _Unit | None:
    """What a finding is in: a row, a block, or the blocks that share a line."""
    found = [unit for unit in units if any(_inside(span, other_span) for other_span in unit.spans)]
    if len(found) < 2 or found[0].kind in _ROWS:
        return next(iter(found), None)
    mentions = tuple(word for unit in found for word in unit.mentions)
    return _Unit((span,), frozenset(_names(found)), mentions, found[0].kind)


def _needs(
    finding: Diagnostic, unit: _Unit | None, faulty: Iterable[_Unit | None], units: list[_Unit]
) -> set[str]:
    """The names of other faulty things that the place of a finding speaks of, if it can follow from them."""
    others = [other_unit for other_unit in faulty if other_unit is not None and other_unit != unit]
    if finding.code == "SIB0416" and any(other.kind == "parties" for other in others):
        return _names(other for other in others if other.kind == "parties")
    if finding.code in _OF_TIME and any(other.kind in _CLOCKS for other in others):
        return _names(other for other in others if other.kind in _CLOCKS)
    if unit is None or (finding.code not in _OF_OTHERS and unit.kind != "example"):
        return set()
    named = {word.text for word in unit.mentions}
    if finding.code in _BY_NAME and unit.kind != "example":
        of_rows = _names(other for other in others if other.kind == "records")
        named = {word.text for word in unit.mentions if _inside(word.span, finding.span)} | named & of_rows
    else:
        named = _reached(named, units)
    if finding.code == "SIB0301" and not named & _names(units):
        named.add(_SOME_NAME)
    return named & _names(others)


def _reached(names: set[str], units: list[_Unit]) -> set[str]:
    """The names, and all that their definitions speak of in turn."""
    reached: set[str] = set()
    ahead = set(names)
    while ahead:
        reached |= ahead
        ahead = {word.text for unit in units if unit.defines & ahead for word in unit.mentions} - reached
    return reached


def _names(units: Iterable[_Unit | None]) -> set[str]:
    return {name for unit in units if unit is not None for name in unit.defines}


def _one_for_each(findings: list[Diagnostic]) -> list[Diagnostic]:
    """One finding for what is one fault, with the other places in which it is met."""
    first: dict[tuple[str, str, str], int] = {}
    others: dict[int, list[Diagnostic]] = {}
    kept: list[Diagnostic] = []
    for finding in findings:
        key = (finding.code, finding.message, finding.span.file)
        at = first.get(key)
        if at is not None and (kept[at].span == finding.span or finding.code in _ONE_FAULT):
            others.setdefault(at, []).extend([finding] if kept[at].span != finding.span else [])
            continue
        first.setdefault(key, len(kept))
        kept.append(finding)
    for at, more in others.items():
        finding = kept[at]
        labels = tuple(Label(finding.span, "and here") for finding in more[:_SHOWN])
        lines = len({finding.span.line for finding in more[_SHOWN:]})
        said = f" {lines} more lines are like it." if lines > 1 else ""
        kept[at] = evolve(finding, labels=(*finding.labels, *labels), help=finding.help + said)
    return kept
