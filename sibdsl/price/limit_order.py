"""Every limit over each of its times, in one list: the payments' own, the contracts' and the programme's.

The list says in which order limits cut what falls due on one day. Sources of the rules: language reference, 'Caps', 'The
order of caps, and what they leave out' and 'Programmes'.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from heapq import heappop, heappush
from typing import Literal

from attrs import define, evolve, field, frozen

from sibdsl import money
from sibdsl.dates import Period, statement_periods
from sibdsl.model.nodes import (
    Applies,
    Cap,
    CapRow,
    Contract,
    Excess,
    Programme,
    Scope,
    Selection,
    SharedCap,
    SharedRow,
    ShareOf,
)
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.periods import Segment, occasions
from sibdsl.price.builder import Builder, Unpriceable, inside, not_below_nought
from sibdsl.price.graph import Line
from sibdsl.price.selected_lines import covers, limited
from sibdsl.source import Span


@frozen(eq=False)
class LimitRow:
    """One row of a cap, over all of its times. `owner` is the contract that it stands in; None for a programme's.

    `rank` tells a payment's own limit (0) from the contract's (1) and the programme's (2); `place` is its place in the text.
    """

    cap: Cap | SharedCap
    row: CapRow | SharedRow
    owner: Builder | None
    settings: Settings
    rank: int
    place: int

    @property
    def applies(self) -> Applies:
        return self.cap.applies if isinstance(self.cap, Cap) else Applies()

    @property
    def excess(self) -> Excess:
        return self.cap.excess if isinstance(self.cap, Cap) else Excess()

    @property
    def sharing(self) -> Literal["pro rata", "by clause"]:
        return self.cap.sharing if isinstance(self.cap, Cap) else "pro rata"

    @property
    def share_of(self) -> ShareOf | None:
        return self.row.share_of if isinstance(self.row, CapRow) else None

    @property
    def selections(self) -> tuple[Selection, ...]:
        """Every selection of payments that it speaks of."""
        if isinstance(self.row, CapRow):
            return self.row.selections
        return (self.row.covers, *self.row.leaves_out)

    @property
    def span(self) -> Span:
        return self.row.span

    @property
    def carries(self) -> bool:
        """Whether what it cuts is due again in its next time."""
        return self.excess.way == "carried forward"

    @property
    def slot(self) -> tuple[str, str, int]:
        """Which row of which cap it is, whichever version of it."""
        rows: Sequence[CapRow | SharedRow] = self.cap.rows
        return self.owner.name if self.owner else "", self.cap.name, rows.index(self.row)

    def speaks_of(self, contract: Contract, line: Line) -> bool:
        """Whether a line of the contract is under the limit, whatever its time."""
        if isinstance(self.row, SharedRow):
            mine = line.contract in self.row.across
        else:
            mine = self.owner is not None and line.contract == self.owner.name
        return mine and limited(contract, self.settings, self.row, line)

    def shares(self, contract: Contract, line: Line) -> bool:
        """Whether the line is among the payments of which the limit is a share."""
        share = self.share_of
        return (
            share is not None
            and self.owner is not None
            and line.contract == self.owner.name
            and line.kind != "recovered"
            and covers(contract, self.settings, share.payments, line)
        )


@define(eq=False)
class Limit:
    """One limit over one of its times, and what is known of it so far, as steps of the graph.

    `used` is what has been paid under it in the end. `alone`: no other limit and nothing uncut touches what it covers.
    Then what it has cut by a day is what came due by then less the limit, from 0: the same amounts as filling it day by
    day, in fewer steps.
    """

    of: LimitRow
    days: Period
    amount: Fraction
    used: int | None = None
    alone: bool = False
    wanted: list[int] = field(factory=list)
    over: int | None = None
    #: Of a share of payments: whether these hold what it covers; and what of them there has been so far.
    holds_itself: bool = False
    base: int | None = None

    def fills(self, line: Line) -> bool:
        """Whether the line is of its time, and counts."""
        days = line.segment.days
        return inside(days, self.days) and self.of.applies.counts_line(days, line.due)

    def cuts(self, line: Line) -> bool:
        """Whether it cuts the line: by the day on which it falls due, where it has one of its own."""
        days = line.segment.days
        return inside(days, self.days) and self.of.applies.on_line(days, line.due)

    def shares_in(self, line: Line) -> bool:
        """Whether the line is of the time of which it is a share."""
        applies, days = evolve(self.of.applies, last=None, dues_to=None), line.segment.days
        return inside(days, self.days) and applies.counts_line(days, line.due)

    def in_force(self, segment: Segment) -> bool:
        """Whether it cuts what results of the segment earn."""
        return inside(segment.days, self.days) and self.of.applies.on(segment.days)


def own_limits(contract: Contract) -> tuple[Cap, ...]:
    """What bounds a payment within itself, as caps under its own name and clause.

    What one carries forward is owed after the payment has ended too, so it goes on, unless a variation ended it.
    """
    last = {one.name: one for one in contract.payments}
    return tuple(
        Cap(
            one.name,
            one.clause,
            one.gloss,
            one.limits,
            one.excess,
            applies=evolve(one.applies, last=None)
            if one.excess.way == "carried forward" and one is last[one.name] and not one.applies.ended
            else one.applies,
            span=one.span,
        )
        for one in contract.payments
        if one.limits
    )


def days_of(whole: Period, days: Period) -> int:
    """How many days of a payment period a limit runs over. Source: language reference, 'Caps'."""
    return (min(days.end, whole.end) - max(days.start, whole.start)).days


def limits_in_order(members: Sequence[Builder], programme: Programme, own: Settings) -> list[Limit]:
    """Every limit over each of its times, in the order in which limits cut.

    The fewest days inside the payment period come first (of a programme, inside the time of all its contracts); of so many
    days a payment's own limits, then a contract's, then the programme's; then as they are written. A limit that says that
    it comes after others does. Raises Unpriceable for limits that come after one another in a ring.
    """
    rows = [one for member in members for one in _rows_of(member)]
    found: list[tuple[int, Limit]] = []
    for one in rows:
        if one.owner is not None:
            contract, grain = one.owner.contract, one.owner.grain
            found += _over_times(one, occasions(contract, one.row.scope), contract.payment_period, grain)
    contracts = [one.contract for one in members]
    shared_rows = [(cap, row) for cap in programme.caps for row in cap.rows]
    for place, (shared_cap, row) in enumerate(shared_rows):
        shared = LimitRow(shared_cap, row, None, own, 2, place)
        times = shared_occasions(programme, contracts, row.scope)
        found += _over_times(shared, times, time_of_all(contracts), members[0].grain)
    found.sort(
        key=lambda each: (
            each[0],
            each[1].of.rank,
            each[1].of.owner.name if each[1].of.owner else "",
            each[1].of.place,
        )
    )
    return as_stated([limit for _, limit in found])


def _rows_of(member: Builder) -> list[LimitRow]:
    own = own_limits(member.contract)
    every = [(0, cap) for cap in own] + [(1, cap) for cap in member.contract.caps]
    rows = [(rank, cap, row) for rank, cap in every for row in cap.rows if not row.per]
    return [LimitRow(cap, row, member, member.settings, rank, at) for at, (rank, cap, row) in enumerate(rows)]


def _over_times(
    one: LimitRow, times: Sequence[Period], whole: Period, grain: Fraction
) -> list[tuple[int, Limit]]:
    """The limit over each of its times, each with how many days it runs over."""
    amount = not_below_nought(one.settings.number(one.row.amount), "A cap", one.span)
    if one.share_of is None:
        amount = money.round_to(amount, grain, "down")
    elif amount >= 1:
        raise Unpriceable("A limit that is a share of payments must be less than 100% of them.", one.span)
    return [(days_of(whole, days), Limit(one, days, amount)) for days in times]


def as_stated(limits: list[Limit]) -> list[Limit]:
    """The limits in their order, but those that are to come after other caps after all of these."""
    waiting = Counter((limit.of.owner, limit.of.cap.name) for limit in limits)
    behind: dict[tuple[Builder | None, str], list[int]] = {}
    blocked: dict[int, int] = {}
    for at, limit in enumerate(limits):
        earlier = [cap for cap in _before(limit.of) if cap in waiting]
        blocked[at] = len(earlier)
        for cap in earlier:
            behind.setdefault(cap, []).append(at)
    found: list[Limit] = []
    ready = [at for at, caps in blocked.items() if not caps]
    while ready:
        limit = limits[heappop(ready)]
        found.append(limit)
        cap = limit.of.owner, limit.of.cap.name
        waiting[cap] -= 1
        for at in () if waiting[cap] else behind.get(cap, ()):
            blocked[at] -= 1
            if not blocked[at]:
                heappush(ready, at)
    if len(found) < len(limits):
        first = next(limit for limit in limits if limit not in found)
        raise Unpriceable("These caps come after one another in a ring.", first.of.span)
    return found


def _before(one: LimitRow) -> set[tuple[Builder | None, str]]:
    after = one.cap.after if isinstance(one.cap, Cap) else ()
    return {(one.owner, name) for name in after if name != one.cap.name}


# ------------------------------------------------------------------ the times of a programme's limits


def time_of_all(contracts: Sequence[Contract]) -> Period:
    """From the earliest start of the contracts' payment periods to the latest end."""
    return Period(
        min(one.payment_period.start for one in contracts), max(one.payment_period.end for one in contracts)
    )


def shared_occasions(programme: Programme, contracts: Sequence[Contract], scope: Scope) -> tuple[Period, ...]:
    """The stretches of time over which a shared limit runs, each on its own."""
    if scope.over == "days" and scope.days is not None:
        return (scope.days,)
    whole = time_of_all(contracts)
    match scope.over:
        case "each year":
            return statement_periods(whole, "yearly", programme.years_begin)
        case "each month":
            return statement_periods(whole, "monthly", programme.years_begin)
        case "each quarter" | "each period":
            return statement_periods(whole, "quarterly", programme.years_begin)
    return (whole,)


def carried_to(limits: Sequence[Limit]) -> list[tuple[Limit, Segment]]:
    """The times of limits to which something may be carried forward, each with the part of it in which that is due.

    That is the first part of the time in which the limit is in force. Where a variation takes a limit away, or puts one in
    its place that carries nothing, what it cut before is owed all the same, at the start of the time that would have followed.
    """
    ready = [(one, one.of.owner.segments) for one in limits if one.of.owner is not None and one.of.carries]
    found = [
        (limit, place)
        for limit, every in ready
        if (place := next(filter(limit.in_force, every), None)) is not None
    ]
    starts: dict[tuple[str, str, int], list[date]] = {}
    for limit, place in found:
        starts.setdefault(limit.of.slot, []).append(place.days.start)
    for limit, every in ready:
        over = limit.of.applies.last
        first = next((one for one in every if inside(one.days, limit.days)), None)
        if over is None or first is None or first.days.start <= over:
            continue
        if not any(over < start <= first.days.start for start in starts.get(limit.of.slot, [])):
            found.append((limit, first))
    return found
