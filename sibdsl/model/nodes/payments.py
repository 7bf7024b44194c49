"""What is paid: tariffs, block advances, caps."""

from __future__ import annotations

from datetime import date
from typing import Literal

from attrs import field, frozen

from sibdsl.dates import Period
from sibdsl.model.nodes.amounts import Amount, Condition, Selection
from sibdsl.model.nodes.base import place
from sibdsl.model.nodes.metrics import Measured
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


@frozen
class Scope:
    """Over what a limit or a set off runs: the contract, each year or period, one year, or named days."""

    over: Literal["contract", "each year", "each quarter", "each month", "each period", "days"]
    days: Period | None = None
    span: Span = place()


@frozen
class ShareOf:
    """The payments of which a limit is a share: as they are due `before` the limit cuts, or as it leaves them `after`."""

    payments: Selection
    side: Literal["before", "after"]
    span: Span = place()


@frozen
class CapRow:
    """One limit: the payments it covers, less those left out, come to at most `amount` over its scope.

    `per`: 'person' where what the results of each person earn comes to at most that, each person on their own.
    With `share_of` the amount is a percentage, of those payments.
    """

    covers: Selection
    amount: Amount
    scope: Scope
    per: str = ""
    leaves_out: tuple[Selection, ...] = ()
    share_of: ShareOf | None = None
    span: Span = place()

    @property
    def selections(self) -> tuple[Selection, ...]:
        """Every selection of payments that it speaks of."""
        share = () if self.share_of is None else (self.share_of.payments,)
        return (self.covers, *self.leaves_out, *share)


@frozen
class Excess:
    """What becomes of what exceeds a limit.

    It is lost; due first in the limit's next year, quarter or month; or owed by another `payer` to the same payee.
    """

    way: Literal["lost", "carried forward", "paid"] = "lost"
    payer: str = ""
    span: Span = place()


@frozen
class Phase:
    """A payer up to and including `last`; None is the end of the contract."""

    payer: str
    last: date | None
    span: Span = place()


@frozen
class Share:
    """One payer's part of each line: a percentage or an amount of it; None is what the others leave."""

    payer: str
    part: Amount | None
    span: Span = place()


@frozen
class Payers:
    """Successive payers, by the date of the result or of the statement that holds it; or several who share each line.

    Those who share have `shares` and no phases: percentages that add up to 100% with the rest, or amounts and the rest.
    """

    phases: tuple[Phase, ...]
    by: Literal["result", "statement"]
    shares: tuple[Share, ...] = ()
    span: Span = place()

    @property
    def names(self) -> tuple[str, ...]:
        """Everybody who pays at some time, each once, in the order written."""
        every = [*(phase.payer for phase in self.phases), *(share.payer for share in self.shares)]
        return tuple(dict.fromkeys(every))


@frozen
class Rate:
    """One row of a tariff: so much for each of a metric (of a band; '' is all bands)."""

    payers: Payers
    payee: str
    metric: str
    band: str
    amount: Amount
    #: The days whose results it pays for (of a regular sum, on which it falls due); None is all.
    days: Period | None = None
    span: Span = place()


@frozen
class Tier:
    """So many units at one rate; None is all further ones."""

    units: int | None
    amount: Amount
    span: Span = place()


@frozen
class Tiered:
    """A tariff in tiers: the first units of a metric at one rate, the next at another, counted over the scope."""

    payers: Payers
    payee: str
    metric: str
    band: str
    tiers: tuple[Tier, ...]
    scope: Scope
    #: The days whose results it pays for (of a regular sum, on which it falls due); None is all.
    days: Period | None = None
    span: Span = place()


@frozen
class Regular:
    """A sum for each year, quarter or month, whatever is achieved.

    It falls due on the first or the last day of each; a part year (or quarter, or month) pays in full or by days.
    """

    payers: Payers
    payee: str
    amount: Amount
    each: Literal["year", "quarter", "month", "period"]
    due: Literal["at the start", "at the end"]
    part: Literal["in full", "by days"]
    #: The days whose results it pays for (of a regular sum, on which it falls due); None is all.
    days: Period | None = None
    span: Span = place()


@frozen
class ToDate:
    """A payment of what an amount to date exceeds all that was paid before.

    The amount to date is held between `least` and `most`. What was paid is taken back never.
    """

    payers: Payers
    payee: str
    amount: Amount
    least: Amount | None
    most: Amount | None
    taken_back: Literal["never"]
    span: Span = place()


@frozen
class AllUnits:
    """A tariff in which every unit counted so far is paid at the rate of the tier that their number reaches."""

    payers: Payers
    payee: str
    metric: str
    band: str
    tiers: tuple[Tier, ...]
    scope: Scope
    span: Span = place()


@frozen
class YearFactor:
    """What is multiplied by `amount` if it falls on one of the days."""

    days: Period
    amount: Amount
    span: Span = place()


@frozen
class Formula:
    """A sum worked out from quantities over each of the stretches `measured`, at its end; not below `least` if there is one.

    It is multiplied by the one of the `factors`, where there are some, that holds the last day of the stretch; after it has
    been held to the least, if `least_first`.
    """

    payers: Payers
    payee: str
    amount: Amount
    measured: Measured
    least: Amount | None = None
    factors: tuple[YearFactor, ...] = ()
    least_first: bool = False
    span: Span = place()


@frozen
class PaidWhen:
    """A condition of payment on quantities, counted over the scope up to the end of the period that is paid.

    Without a scope it reads the measures that had last been taken by then.
    """

    condition: Condition
    scope: Scope | None
    span: Span = place()


Term = Rate | Tiered | Regular | ToDate | AllUnits | Formula

#: What becomes of what a payment comes to below nought in a statement period. Source: language reference, 'Amounts below nought'.
TakenBack = Literal["", "never", "from later payments", "by repayment"]


@frozen
class Payment:
    """A tariff under one clause: rates, tiers, regular sums, or a sum to date. `agent` pays in cash what payers owe.

    `limits` are the most that the payment itself comes to; `excess` says what becomes of what exceeds them.
    """

    name: str
    clause: str
    gloss: str
    rates: tuple[Rate, ...]
    tiered: tuple[Tiered, ...] = ()
    regular: tuple[Regular, ...] = ()
    to_date: ToDate | None = None
    limits: tuple[CapRow, ...] = ()
    all_units: AllUnits | None = None
    formula: Formula | None = None
    conditions: tuple[PaidWhen, ...] = ()
    agent: str = ""
    #: A particular without which nothing is paid under it; or a choice, and what it must be.
    needs: str = ""
    needs_to_be: Literal["given", "yes", "no"] = "given"
    applies: Applies = Applies()
    excess: Excess = Excess()
    #: What becomes of what it comes to below nought; '' where the contract does not say, and it cannot.
    taken_back: TakenBack = ""
    span: Span = place()

    @property
    def terms(self) -> tuple[Term, ...]:
        """Everything under it that pays."""
        single = (self.to_date, self.all_units, self.formula)
        return (*self.rates, *self.tiered, *self.regular, *(one for one in single if one is not None))


@frozen
class Advance:
    """One block advance: paid on a day, set off against what the named payments earn in the scope.

    Where several payers share the block there is one for each of them: `amount` is the whole block, of which `payer` pays its
    part of `shares`, which then stand in each of them.
    """

    payer: str
    payee: str
    paid_on: Amount
    amount: Amount
    against: tuple[str, ...]
    scope: Scope | None
    shares: Payers | None = None
    span: Span = place()


@frozen
class BlockAdvance:
    """Block advances under one clause. `basis` in money or in units.

    `pace`: whether all of it may meet fees from the first, or as many equal parts as quarters of its time have begun. `unused`:
    what becomes of what met no fees in its time: the payee keeps it, it meets later fees, or the payee owes it back.
    """

    name: str
    clause: str
    gloss: str
    advances: tuple[Advance, ...]
    basis: Amount
    agent: str = ""
    applies: Applies = Applies()
    pace: Literal["as fees fall due", "in equal quarters"] = "as fees fall due"
    unused: Literal["kept", "carried forward", "recoverable"] = "kept"
    span: Span = place()


@frozen
class Cap:
    """Limits under one clause.

    `sharing`: how lines that fall due together share what is left: pro rata, or the earlier clause first. `after`: the caps
    that come before it, whatever they run over.
    """

    name: str
    clause: str
    gloss: str
    rows: tuple[CapRow, ...]
    excess: Excess = Excess()
    sharing: Literal["pro rata", "by clause"] = "pro rata"
    after: tuple[str, ...] = ()
    applies: Applies = Applies()
    span: Span = place()
