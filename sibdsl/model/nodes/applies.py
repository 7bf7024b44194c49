"""On which days a clause is in force."""

from __future__ import annotations

from datetime import date

from attrs import field, frozen

from sibdsl.dates import Period
from sibdsl.model.nodes.base import place_of_line
from sibdsl.source import Span


@frozen
class Applies:
    """The days on which a clause is in force, first and last included; None is the contract's own first or last day.

    `counts_from` is the day from which tiers and limits count what went before: where a variation replaces a clause,
    the day from which the replaced one counted.
    """

    first: date | None = None
    last: date | None = None
    counts_from: date | None = None
    #: Whether a variation, and not the clause's own words, says when it begins and when it ends. Never in JSON.
    begun: bool = field(default=False, eq=False, kw_only=True, metadata={"outside": True})
    ended: bool = field(default=False, eq=False, kw_only=True, metadata={"outside": True})

    #: The first and the last day on which what falls due on a day is under it, where they are other days: a variation that
    #: leaves what was stated as it is changes what falls due from the day of agreement on. Never in JSON.
    dues_from: date | None = field(default=None, eq=False, kw_only=True, metadata={"outside": True})
    dues_to: date | None = field(default=None, eq=False, kw_only=True, metadata={"outside": True})
    #: As `counts_from`, for what falls due on a day, where it is another day.
    counts_dues_from: date | None = field(default=None, eq=False, kw_only=True, metadata={"outside": True})
    #: The day of agreement of the variation that ended it and leaves what was stated as it is. Never in JSON.
    ended_stated: date | None = field(default=None, eq=False, kw_only=True, metadata={"outside": True})

    #: Its lines `starts` and `ends`.
    starts_at: Span = place_of_line()
    ends_at: Span = place_of_line()

    @property
    def dues_differ(self) -> bool:
        """Whether what falls due on a day is under the clause on other days than what is earned."""
        return any((self.dues_from, self.dues_to, self.counts_dues_from))

    def on_line(self, days: Period, due: date | None) -> bool:
        """Whether the clause is in force for a line of those days: by the day on which it falls due, where it has one."""
        if due is None or not self.dues_differ:
            return self.on(days)
        first, last = self.dues_from or self.first, self.dues_to or self.last
        return not (first and due < first) and not (last and due > last)

    def counts_line(self, days: Period, due: date | None) -> bool:
        """Whether what the clause counts holds a line of those days: from where it counts to its own end."""
        first, last, start, end = self.counts_from, self.last, days.start, days.last
        if due is not None and self.dues_differ:
            first, last = self.counts_dues_from or first, self.dues_to or last
            start = end = due
        return not (first and start < first) and not (last and end > last)

    def on(self, days: Period) -> bool:
        """Whether the clause is in force on all of those days."""
        return not (self.first and days.start < self.first) and not (self.last and days.last > self.last)
