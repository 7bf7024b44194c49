"""The whole contract, its parties, particulars and assumptions."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Literal

from attrs import field, frozen

from sibdsl.dates import Calendar, Duration, Period
from sibdsl.model.nodes.bands import Bands
from sibdsl.model.nodes.base import place, prose
from sibdsl.model.nodes.block_advances import BlockAdvance
from sibdsl.model.nodes.caps import Cap
from sibdsl.model.nodes.cohorts import Cohort
from sibdsl.model.nodes.deductions import Deduction
from sibdsl.model.nodes.investments import Investment
from sibdsl.model.nodes.metrics import Derived, Metric, Routes
from sibdsl.model.nodes.payments import Payment
from sibdsl.model.nodes.printed_tables import Lookup
from sibdsl.model.nodes.records import Records
from sibdsl.model.nodes.rounding import Rounding
from sibdsl.model.nodes.rules_scenarios_examples import Example, Rule, Scenario
from sibdsl.model.nodes.variations import Extension, Novated, Variation
from sibdsl.model.nodes.workings import Workings
from sibdsl.model.types import Interval, Kind
from sibdsl.source import Span


@frozen
class Party:
    """A party and its roles."""

    name: str
    full_name: str
    roles: tuple[str, ...]
    span: Span = place()


@frozen
class Particular:
    """An amount that the parties keep out of the text; `default` None means that it must be given when needed."""

    name: str
    kind: Kind
    default: Fraction | date | str | None
    allowed: Interval = Interval()
    #: What it has a value for each of, such as an age; '' where it has one value.
    per: str = ""
    #: Whether it may be any number, those below nought too: it `must be any`.
    any_number: bool = False
    span: Span = place()
    note: str = prose()


@frozen
class Assumption:
    """A choice that the source leaves open. `takes` is its value; for a boundary, `point` is the value and `takes` the band."""

    name: str
    clause: str
    kind: Kind
    takes: Fraction | date | str
    point: Fraction | None = None
    span: Span = place()
    reason: str = prose()
    source: str = prose()


@frozen
class ByName:
    """A date or a length of time that the text gives by name: of what, the name, and what it was read as.

    `value` is `2019-03-31` or `30 months`; '' while nobody has given the particular, so that nothing can be paid. Another
    value needs another reading of the text.
    """

    of: str
    name: str
    value: str
    #: The clause that says it, as messages name it; '' for the heading. Never in JSON, where `of` begins with it.
    clause: str = field(default="", eq=False, kw_only=True, metadata={"outside": True})
    span: Span = place()


@frozen
class DueAfter:
    """When what is stated falls due: so long after the last day of the statement period, moved off weekends or not."""

    after: Duration
    weekday: bool = False
    #: The business day to which it is moved from a day that is none; '' where it is not.
    business_day: Literal["", "next", "before"] = ""
    span: Span = place()

    @property
    def said(self) -> str:
        """`30 days after each statement, moved to the next weekday`."""
        moved = {
            "next": ", moved to the next business day",
            "before": ", moved to the business day before",
            "": "",
        }
        weekday = ", moved to the next weekday" if self.weekday else ""
        return f"{self.after} after each statement{weekday}{moved[self.business_day]}"


@frozen
class BusinessDaysSaid:
    """Which days are business days: weekdays that no printed table of the names has among its keys."""

    tables: tuple[str, ...]
    span: Span = place()


@frozen
class Prepared:
    """Who prepares each statement, within what time of the last day of its period."""

    party: str
    within: Duration
    span: Span = place()

    @property
    def said(self) -> str:
        """`Provider, within 10 business days`."""
        return f"{self.party}, within {self.within}"


@frozen
class AcceptedBy:
    """Who accepts each statement, within what time once it is prepared, and what silence is then."""

    party: str
    within: Duration
    silence: Literal["accepted", "rejected"]
    span: Span = place()

    @property
    def said(self) -> str:
        """`Council, within 15 business days, then deemed accepted`."""
        return f"{self.party}, within {self.within}, then deemed {self.silence}"


@frozen
class NetNegative:
    """What becomes of what a payee owes a payer, all lines of a statement taken together; `last`, after the last statement."""

    way: Literal["invoiced", "forgiven", "set off"]
    last: Literal["invoiced", "forgiven"]
    span: Span = place()


@frozen
class AccountsClose:
    """When the account of a statement closes: so long after its last day, or after that of the contract year that holds it."""

    after: Duration
    each: Literal["statement", "year"]
    #: What becomes of a result that moves between a closed account and an open one: nothing is paid until it is said.
    moves: Literal["", "where it lies"] = ""
    span: Span = place()

    @property
    def said(self) -> str:
        """`12 months after each year, what moves counts where it lies`."""
        moves = f", what moves counts {self.moves}" if self.moves else ""
        return f"{self.after} after each {self.each}{moves}"


@frozen
class Contract:
    """A whole contract. The service period is when results may be earned; the payment period is when they may be paid."""

    name: str
    reference: str
    gloss: str
    currency: str
    service: Period
    new_entrants_last: date
    payment_period: Period
    years_begin: tuple[int, int]
    calendar: Calendar
    rounding: Rounding
    parties: tuple[Party, ...]
    particulars: tuple[Particular, ...]
    assumptions: tuple[Assumption, ...]
    records: tuple[Records, ...]
    cohorts: tuple[Cohort, ...]
    bands: tuple[Bands, ...]
    metrics: tuple[Metric, ...]
    payments: tuple[Payment, ...]
    advances: tuple[BlockAdvance, ...]
    caps: tuple[Cap, ...]
    rules: tuple[Rule, ...]
    scenarios: tuple[Scenario, ...]
    examples: tuple[Example, ...]
    part_of: str = ""
    lookups: tuple[Lookup, ...] = ()
    workings: tuple[Workings, ...] = ()
    derived: tuple[Derived, ...] = ()
    extension: Extension | None = None
    variations: tuple[Variation, ...] = ()
    investments: tuple[Investment, ...] = ()
    deductions: tuple[Deduction, ...] = ()
    #: What prevails where the parties' own words and this text differ; '' where they have not said.
    precedence: Literal["", "text over code", "code over text"] = ""
    #: On which day of other years somebody is a year older who was born on 29 February.
    leap_day: Literal["28 February", "1 March"] = "28 February"
    #: The edition of the language that it names; 0 where it names none, and is read under the newest.
    edition: int = 0
    #: The files of the modules that it uses, as spans name them. Never in JSON.
    module_files: tuple[str, ...] = field(
        default=(), eq=False, repr=False, kw_only=True, metadata={"outside": True}
    )
    #: Days on which a statement ends besides those of the calendar: where the contract once ended.
    statement_ends: tuple[date, ...] = ()
    #: Where the payment period ended, as the day after it, before a variation that leaves what was stated as it is, and the day
    #: of agreement of that. Never in JSON.
    extended: tuple[tuple[date, date], ...] = field(
        default=(), eq=False, kw_only=True, metadata={"outside": True}
    )
    #: Who stands in whose place from when, in the order agreed. Never in JSON.
    novated: tuple[Novated, ...] = field(default=(), eq=False, kw_only=True, metadata={"outside": True})
    #: The last days of statement periods that the contract names one by one; they go before `calendar`.
    statements_on: tuple[date, ...] = ()
    #: What stands by name and was read as what its name holds, in the order of `of`.
    by_name: tuple[ByName, ...] = ()
    #: The fingerprint of the text as it is signed, where it was read with other dates than its own. Never in JSON.
    signed: str = field(default="", eq=False, repr=False, kw_only=True, metadata={"outside": True})
    routes: tuple[Routes, ...] = ()
    #: Whether each statement is made of what was known on its last day, and adjusts what was stated before by what became known since.
    stated_as_known: bool = False
    due: DueAfter | None = None
    #: Which days are business days, where something is counted in them.
    business_days: BusinessDaysSaid | None = None
    #: Who prepares and who accepts statements, and what becomes of one that comes to less than nought. No line hangs on them.
    prepared: Prepared | None = None
    accepted_by: AcceptedBy | None = None
    net_negative: NetNegative | None = None
    #: When what was stated is final: nothing that becomes known or is agreed later changes it.
    accounts_close: AccountsClose | None = None
    span: Span = place()

    def table(self, name: str) -> Records | None:
        """The records of that name."""
        return next((table for table in self.records if table.name == name), None)

    @property
    def every_metric(self) -> tuple[Metric | Derived, ...]:
        """The metrics counted from records, then those worked out from others."""
        return (*self.metrics, *self.derived)
