"""Types and units of values: what may be compared with, added to or multiplied by what."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from attrs import frozen

Kind = Literal[
    "money", "count", "number", "hours", "days", "points", "percentage", "date", "duration",
    "yes or no", "money per day", "category", "identifier", "person", "text", "plan", "set off basis", "band",
]  # fmt: skip

#: Kinds that hold an exact number.
NUMERIC: frozenset[str] = frozenset(
    {"money", "count", "number", "hours", "days", "points", "percentage", "money per day"}
)

#: Kinds that are written with the sign of a currency.
MONEY: frozenset[str] = frozenset({"money", "money per day"})

#: Kinds that hold a word, of which bands make groups.
WORDED: frozenset[str] = frozenset({"category", "text", "yes or no"})


@frozen
class Interval:
    """Numbers from `low` to `high`; None is unbounded, `low_in` and `high_in` say whether the ends belong."""

    low: Fraction | None = None
    low_in: bool = False
    high: Fraction | None = None
    high_in: bool = False

    def __contains__(self, value: Fraction) -> bool:
        above = self.low is None or value > self.low or (self.low_in and value == self.low)
        below = self.high is None or value < self.high or (self.high_in and value == self.high)
        return above and below

    @property
    def empty(self) -> bool:
        """Whether no number lies in it."""
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (self.low == self.high and not (self.low_in and self.high_in))

    def meet(self, other: Interval) -> Interval:
        """The numbers in both."""
        low, low_in = _tighter((self.low, self.low_in), (other.low, other.low_in), upper=False)
        high, high_in = _tighter((self.high, self.high_in), (other.high, other.high_in), upper=True)
        return Interval(low, low_in, high, high_in)


def _tighter(
    a: tuple[Fraction | None, bool], b: tuple[Fraction | None, bool], *, upper: bool
) -> tuple[Fraction | None, bool]:
    if a[0] is None:
        return b
    if b[0] is None:
        return a
    if a[0] == b[0]:
        return a[0], a[1] and b[1]
    return (
        min(a, b, key=lambda end: end[0] or Fraction(0))
        if upper
        else max(a, b, key=lambda end: end[0] or Fraction(0))
    )


#: The values a column of this type can hold at all; source: records reference, 'Impossible values'.
DOMAINS: dict[str, Interval] = {
    "hours": Interval(Fraction(0), False, Fraction(168), True),
    "count": Interval(Fraction(0), True),
    "percentage": Interval(),
    "money": Interval(),
    "money per day": Interval(),
    "number": Interval(),
    "days": Interval(Fraction(0), True),
    "points": Interval(),
}
