"""Every limit that caps, payments and programmes state: of which payments, over which of its times, how much of it is used.

Sources of the rules: language reference, 'Caps', 'The order of caps, and what they leave out' and 'Programmes'.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal, assert_never

from attrs import define, evolve, field, frozen

from sibdsl.dates import Period, statement_periods
from sibdsl.model.bounds import InAll, Pot, ReturnOn, ShareOfPayments
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
from sibdsl.model.periods import Segment
from sibdsl.price.builder import Builder, inside
from sibdsl.price.graph import Line
from sibdsl.price.selected_lines import covers, limited
from sibdsl.source import Span


@frozen(eq=False)
class LimitRow:
    """One row of a cap, over all of its times, that limits what payments come to in all.

    `owner` is the contract that it stands in; None for a programme's.
    `rank` tells a payment's own limit (0) from the contract's (1) and the programme's (2); `place` is its place in the text.
    """

    cap: Cap | SharedCap
    row: CapRow | SharedRow
    bound: InAll | Pot | ReturnOn | ShareOfPayments
    owner: Builder | None
    settings: Settings
    rank: int
    place: int
    #: The row whose place it took by a variation, and what was paid under which it counts.
    replaces: LimitRow | None = None

    @property
    def applies(self) -> Applies:
        return self.cap.applies if isinstance(self.cap, Cap) else Applies()

    @property
    def excess(self) -> Excess:
        return self.cap.excess

    @property
    def sharing(self) -> Literal["pro rata", "by clause"]:
        return self.cap.sharing

    @property
    def share_of(self) -> ShareOf | None:
        """The payments of which it is a share, where it is one."""
        match self.bound:
            case ShareOfPayments(of=of):
                return of
            case InAll() | Pot() | ReturnOn():
                return None
        assert_never(self.bound)

    @property
    def share_side(self) -> Literal["", "before", "after"]:
        """Of a share of payments: whether these are taken before it cuts, or after."""
        return self.share_of.side if self.share_of else ""

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

    def days_of(self, line: Line) -> Period:
        """The days that tell of which time of the limit a line is: those of its result; of a pot, the day it falls due on."""
        if isinstance(self.bound, Pot):
            return Period(line.stated_on, line.stated_on + timedelta(days=1))
        return line.segment.days

    @property
    def replaced(self) -> Iterator[LimitRow]:
        """The rows whose place it took, one after the other, the latest first."""
        row = self.replaces
        while row is not None:
            yield row
            row = row.replaces

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
    #: Of a return on an investment: what was paid under it, as steps to be added, by the day on which it fell due.
    paid: dict[date, list[int]] = field(factory=dict)
    #: Of a pot: the same before the last addition to it.
    earlier: Limit | None = None
    #: Of a limit that contracts share, what of that was paid under each.
    used_by: dict[str, int] = field(factory=dict)
    #: The limits that take its place, and what of its room was paid under these.
    later: list[Limit] = field(factory=list)
    used_later: int | None = None
    alone: bool = False
    wanted: list[int] = field(factory=list)
    over: int | None = None
    #: Of a share of payments: whether these hold what it covers; and what of them there has been so far.
    holds_itself: bool = False
    base: int | None = None

    def used_before(self, day: date) -> list[int]:
        """What has been paid under it, as steps to be added; of a pot, from the first day on.

        Of a return that of the day alone: what was paid on earlier days is taken off what is owed.
        """
        if isinstance(self.of.bound, ReturnOn):
            return list(self.paid.get(day, []))
        before = [] if self.earlier is None else self.earlier.used_before(day)
        return before if self.used is None else [*before, self.used]

    def used_by_before(self) -> list[tuple[str, int]]:
        """The same of a limit that contracts share, each step with its contract."""
        before = [] if self.earlier is None else self.earlier.used_by_before()
        return [*before, *self.used_by.items()]

    def paid_later(self) -> list[int]:
        """What was paid under those that take its place, as steps to be added; of a pot, from the first day on."""
        before = [] if self.earlier is None else self.earlier.paid_later()
        return before if self.used_later is None else [*before, self.used_later]

    def raised(self, day: date) -> Fraction:
        """By how much those that take its place allow more on a day: what is paid of that takes none of its own room."""
        most = [limit.amount for limit in self.later if limit.stands_for(self, day)]
        return max([Fraction(0), *(amount - self.amount for amount in most)])

    def stands_for(self, limit: Limit, day: date) -> bool:
        """Whether it limits, on a day, the whole time of another in money."""
        pots = [isinstance(compared_limit.of.bound, Pot) for compared_limit in (self, limit)]
        in_money = all(isinstance(compared_limit.of.bound, Pot | InAll) for compared_limit in (self, limit))
        return in_money and (day in self.days if any(pots) else inside(limit.days, self.days))

    def fills(self, line: Line) -> bool:
        """Whether the line is of its time, and counts."""
        return inside(self.of.days_of(line), self.days) and self.of.applies.counts_line(
            line.segment.days, line.due
        )

    def cuts(self, line: Line) -> bool:
        """Whether it cuts the line: by the day on which it falls due, where it has one of its own."""
        return inside(self.of.days_of(line), self.days) and self.of.applies.on_line(
            line.segment.days, line.due
        )

    def shares_in(self, line: Line) -> bool:
        """Whether the line is of the time of which it is a share."""
        applies, days = evolve(self.of.applies, last=None, dues_to=None), line.segment.days
        return inside(days, self.days) and applies.counts_line(days, line.due)

    def in_force(self, segment: Segment) -> bool:
        """Whether it cuts what results of the segment earn."""
        return self.holds(segment) and self.of.applies.on(segment.days)

    def holds(self, segment: Segment) -> bool:
        """Whether results of the segment are of its time; of a pot, whether they fall due in it."""
        if isinstance(self.of.bound, Pot):
            return segment.statement.last in self.days
        return inside(segment.days, self.days)


# ------------------------------------------------------------------ the times of a programme's limits


def time_of_all(contracts: Sequence[Contract]) -> Period:
    """From the earliest start of the contracts' payment periods to the latest end."""
    return Period(
        min(contract.payment_period.start for contract in contracts),
        max(contract.payment_period.end for contract in contracts),
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
