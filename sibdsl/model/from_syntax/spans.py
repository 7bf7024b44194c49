"""Over which stretches of days a metric is measured whose quantities do not add up."""

from __future__ import annotations

from typing import Literal, cast

from sibdsl.dates import Period
from sibdsl.model.from_syntax import naming
from sibdsl.model.from_syntax.limiting import scope
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.nodes import Measured
from sibdsl.source import Span
from sibdsl.syntax import Block, Node

LINES = ("measured_once", "measured_in")


def measured(reader: Reader, block: Block, *, needed: bool = True) -> Measured | None:
    """What the line `measured` says, or None after a complaint (or without the line, where none is needed)."""
    clause = reader.clause(block)
    line = reader.one(block, *LINES, needed="measured in each year" if needed else "")
    if line is None:
        return None
    return _once(reader, line, clause) if line.kind == "measured_once" else _over(reader, line, clause)


def _once(reader: Reader, line: Node, clause: str) -> Measured | None:
    word = line.words()[0]
    found = naming.day(reader, word, f"{clause}: measured once on", clause)
    if found is None:
        return Measured("once", naming.UNKNOWN, span=line.span) if naming.missing(reader, word) else None
    if reader.payment_period is not None and found not in reader.payment_period:
        _outside(reader, line.span, clause)
        return None
    return Measured("once", found, span=line.span)


def _over(reader: Reader, line: Node, clause: str) -> Measured | None:
    found = scope(reader, line.nodes("scope")[0], clause)
    if found is None:
        return None
    if found.days is not None and _apart(found.days, reader.payment_period):
        _outside(reader, line.span, clause)
        return None
    return Measured(cast("Literal['each year']", found.over), days=found.days, span=line.span)


def _apart(days: Period, whole: Period | None) -> bool:
    return whole is not None and (days.end <= whole.start or whole.end <= days.start)


def _outside(reader: Reader, span: Span, clause: str) -> None:
    reader.not_yet(span, "a metric measured outside the payment period", clause=clause)
