"""Steps and lines between points, written out in a sentence."""

from __future__ import annotations

from collections.abc import Callable

from sibdsl.english import between, listed
from sibdsl.model.nodes import Amount, Interpolated, Range, Stepped, Value
from sibdsl.wording.conditions import amount


def along(scale: Stepped | Interpolated, currency: str, said: Callable[[Amount], str] | None = None) -> str:
    """What a scale comes to, row by row: `by Jail Reduction: nothing if less than 30%; £50 if at least 30%`.

    Each amount and each end of a range is `said` so; by default as `amount` writes it.
    """
    write = said or (lambda of: "nothing" if is_nothing(of) else amount(of, currency))
    if isinstance(scale, Stepped):
        rows = (f"{write(row.amount)} if {range_said(row.holds, currency, said)}" for row in scale.rows)
        return f"by {write(scale.by)}: {'; '.join(rows)}"
    points = [f"{write(point.amount)} at {_end(point.at, currency, said)}" for point in scale.points]
    ends = {
        "flat": "beyond it as at its ends",
        "nothing": "beyond it nothing",
        "flat below, nothing above": "below it as at its first point, above it nothing",
        "nothing below, flat above": "below it nothing, above it as at its last point",
    }[scale.beyond]
    return f"along the line by {write(scale.by)} through {listed(points)}; {ends}"


def range_said(held: Range, currency: str, said: Callable[[Amount], str] | None = None) -> str:
    """The values of one row: `at least 30% but less than 50%`."""
    return between(held, lambda end: _end(end, currency, said)) or "anything else"


def is_nothing(of: Amount) -> bool:
    """Whether a row says that it pays nothing."""
    return isinstance(of, Value) and of.kind == "money" and of.value == 0


def _end(of: Amount, currency: str, said: Callable[[Amount], str] | None) -> str:
    return said(of) if said is not None else amount(of, currency)
