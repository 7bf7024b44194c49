"""Bands: named ranges, stretches of days, or groups, of the values of a column."""

from __future__ import annotations

from datetime import date

from attrs import field, frozen

from sibdsl.model.nodes.base import place
from sibdsl.model.types import NUMERIC, WORDED, Interval
from sibdsl.source import Span


@frozen
class DayRange:
    """Days from `first` to `last`, both included; None has no end on that side."""

    first: date | None = None
    last: date | None = None


@frozen
class Band:
    """One band: the values it holds.

    Of a column of numbers it `holds` a range; of dates it holds `days`; of categories, text, or yes and no it holds the
    `words`, or, as `rest`, every value that no other of its bands holds. `holds` is then without ends, and says nothing.
    """

    name: str
    holds: Interval
    words: tuple[str, ...] = ()
    rest: bool = False
    days: DayRange | None = None
    span: Span = place()


@frozen
class Bands:
    """Named ranges, or groups, of the values of one column."""

    name: str
    clause: str
    by: str
    bands: tuple[Band, ...]
    #: As variations leave them: the bands that stood before, in their order. Never in JSON.
    earlier: tuple[EarlierBands, ...] = field(default=(), kw_only=True, metadata={"outside": True})
    span: Span = place()

    @property
    def worded(self) -> bool:
        """Whether they are groups of words, such as categories, and not ranges of numbers."""
        return any(band.words or band.rest for band in self.bands)

    @property
    def dated(self) -> bool:
        """Whether they are stretches of days."""
        return any(band.days is not None for band in self.bands)

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of column that they can be of."""
        return WORDED if self.worded else frozenset({"date"}) if self.dated else NUMERIC


@frozen
class EarlierBands:
    """Bands that a variation replaced: what is dated on or before `last` lies in one of them."""

    bands: Bands
    last: date
