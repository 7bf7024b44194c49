"""Payments: who pays whom how much for what, and when."""

from __future__ import annotations

from datetime import date
from typing import Literal

from attrs import frozen

from sibdsl.dates import Period
from sibdsl.model.nodes.amounts import Amount, Condition
from sibdsl.model.nodes.applies import Applies
from sibdsl.model.nodes.base import place, place_of_line
from sibdsl.model.nodes.caps import CapRow, Excess, Scope
from sibdsl.model.nodes.metrics import Measured
from sibdsl.model.nodes.rounding import Rounding
from sibdsl.model.nodes.shares import Share
from sibdsl.source import Span


@frozen
class Phase:
    """A payer up to and including `last`; None is the end of the contract."""

    payer: str
    last: date | None
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
    """So many units at one rate; `many` where their number is no plain whole number. Neither is all further ones."""

    units: int | None
    amount: Amount
    many: Amount | None = None
    span: Span = place()

    @property
    def further(self) -> bool:
        """Whether it holds all units beyond the others."""
        return self.units is None and self.many is None


def _sizes(tiers: tuple[Tier, ...]) -> tuple[Amount, ...]:
    return tuple(tier.many for tier in tiers if tier.many is not None)


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

    @property
    def sizes(self) -> tuple[Amount, ...]:
        """Every number of units that is an amount of its own."""
        return _sizes(self.tiers)


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
    #: Nothing is paid below it, where it is no plain whole number of units that are counted; `tiers` then has one rate.
    threshold: Amount | None = None
    span: Span = place()

    @property
    def sizes(self) -> tuple[Amount, ...]:
        """Every number of units that is an amount of its own."""
        return (*_sizes(self.tiers), *(() if self.threshold is None else (self.threshold,)))


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
    #: Until when what it comes to is held back, to be paid when that is first so.
    held_until: PaidWhen | None = None
    #: Rows of its table of steps that other parties pay, or are paid: nought where a row of `formula` holds.
    other_ways: tuple[Formula, ...] = ()
    #: How each of its lines is rounded; None by the contract's rule.
    rounding: Rounding | None = None
    #: The interest a year on what later records take back of it.
    interest: Amount | None = None
    span: Span = place()
    #: Its line `paid only if` that names what it needs.
    needs_at: Span = place_of_line()

    @property
    def every_condition(self) -> tuple[PaidWhen, ...]:
        """Its conditions of payment, with the one until which it is held back."""
        return (*self.conditions, *(() if self.held_until is None else (self.held_until,)))

    @property
    def terms(self) -> tuple[Term, ...]:
        """Everything under it that pays."""
        single = (self.to_date, self.all_units, self.formula)
        alone = (one for one in single if one is not None)
        return (*self.rates, *self.tiered, *self.regular, *alone, *self.other_ways)
