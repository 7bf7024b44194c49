"""The contract model: everything a contract says, with nothing of how it was laid out.

Every node is frozen and keeps its span, which takes no part in equality. Money and numbers are `Fraction`s in units of
the currency or of the thing counted; shares are fractions of one.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Literal

from attrs import field, frozen

from sibdsl.dates import Calendar, Duration, Period
from sibdsl.model.types import Interval, Kind
from sibdsl.money import Way
from sibdsl.source import NOWHERE, Span


def _span() -> Span:
    return field(default=NOWHERE, eq=False, repr=False, kw_only=True)


def _prose() -> str:
    """Words for readers that change no meaning: kept, but outside equality and fingerprint."""
    return field(default="", eq=False, repr=False, kw_only=True)


# ------------------------------------------------------------------ amounts and conditions


@frozen
class Value:
    """A value written in the text. Dates and words are held as text, numbers exactly."""

    value: Fraction | date | str
    kind: Kind
    span: Span = _span()


@frozen
class Given:
    """A particular or an assumption, by name: its value comes from outside or from the file."""

    name: str
    kind: Kind
    span: Span = _span()


@frozen
class Arithmetic:
    """`plus`, `minus`, `times`, `divided by`, or `of` for a share of something."""

    op: Literal["plus", "minus", "times", "divided by"]
    left: Amount
    right: Amount
    kind: Kind
    span: Span = _span()


@frozen
class Column:
    """A column of the row under test."""

    records: str
    name: str
    kind: Kind
    span: Span = _span()


@frozen
class MetricColumn:
    """A column of the row that a metric picked for the same person: `Engaged On of Engagement`."""

    metric: str
    name: str
    kind: Kind
    span: Span = _span()


@frozen
class JoiningDate:
    """The date on which the person joined the cohort that the metric is counted among."""

    kind: Kind = "date"
    span: Span = _span()


Comparison = Literal["=", "<", "<=", ">", ">="]


@frozen
class Compare:
    """One comparison. A blank on either side makes it not met."""

    left: Amount
    op: Comparison
    right: Amount
    span: Span = _span()


@frozen
class Blank:
    """Whether the column is blank."""

    value: Column
    span: Span = _span()


@frozen
class InPeriod:
    """Whether a date lies in the service or the payment period, first and last day included."""

    value: Amount
    period: Literal["service period", "payment period"]
    span: Span = _span()


@frozen
class Both:
    """All of the tests hold."""

    tests: tuple[Condition, ...]
    span: Span = _span()


@frozen
class Either:
    """At least one of the tests holds."""

    tests: tuple[Condition, ...]
    span: Span = _span()


@frozen
class Not:
    """The test does not hold; a comparison with a blank is not met either way round."""

    test: Condition
    span: Span = _span()


# ------------------------------------------------------------------ parties, particulars, assumptions


@frozen
class Party:
    """A party and its roles."""

    name: str
    full_name: str
    roles: tuple[str, ...]
    span: Span = _span()


@frozen
class Particular:
    """An amount that the parties keep out of the text; `default` None means that it must be given when needed."""

    name: str
    kind: Kind
    default: Fraction | date | str | None
    allowed: Interval = Interval()
    span: Span = _span()
    note: str = _prose()


@frozen
class Assumption:
    """A choice that the source leaves open. `takes` is its value; for a boundary, `point` is the value and `takes` the band."""

    name: str
    clause: str
    kind: Kind
    takes: Fraction | date | str
    point: Fraction | None = None
    span: Span = _span()
    reason: str = _prose()
    source: str = _prose()


# ------------------------------------------------------------------ records and what is measured


@frozen
class RecordColumn:
    """One column: its type, whether a blank is allowed, which values are possible, and its heading when not its name."""

    name: str
    kind: Kind
    blank_allowed: bool
    allowed: Interval = Interval()
    categories: tuple[str, ...] = ()
    headed: str = ""
    span: Span = _span()

    @property
    def heading(self) -> str:
        """The heading looked for in the file."""
        return self.headed or self.name


@frozen
class Spell:
    """A stretch of days that a row stands for. `last_included`: the end column is the last day in, not the first out."""

    start: str
    end: str
    last_included: bool
    open_while_blank: bool
    span: Span = _span()


@frozen
class Records:
    """One input table."""

    name: str
    row_is: str
    columns: tuple[RecordColumn, ...]
    spell: Spell | None = None
    known_on: str = ""
    span: Span = _span()

    def column(self, name: str) -> RecordColumn | None:
        """The column of that name."""
        return next((one for one in self.columns if one.name == name), None)


@frozen
class Pick:
    """Which of several rows: the least or greatest value of a column."""

    way: Literal["earliest", "latest", "lowest", "highest"]
    column: str
    span: Span = _span()


@frozen
class Cohort:
    """Who counts: rows of one table that meet all conditions; of several for one person, the one picked."""

    name: str
    clause: str
    gloss: str
    records: str
    conditions: tuple[Condition, ...]
    joins_on: str
    picks: tuple[Pick, ...]
    span: Span = _span()


@frozen
class Band:
    """One band: the values it holds."""

    name: str
    holds: Interval
    span: Span = _span()


@frozen
class Bands:
    """Named ranges of one column."""

    name: str
    clause: str
    by: str
    bands: tuple[Band, ...]
    span: Span = _span()


@frozen
class Held:
    """The row's spell must last `duration` from `start`."""

    duration: Duration
    start: str
    span: Span = _span()


@frozen
class Dated:
    """The date of a result: a column, or of a holding the day after its last day, or that last day."""

    by: Literal["column", "day after", "last day held"]
    column: str = ""
    span: Span = _span()


@frozen
class Metric:
    """A count of rows among a cohort, one result per person at most, in bands where `bands` names them."""

    name: str
    clause: str
    gloss: str
    kind: Literal["input", "output", "outcome"]
    records: str
    cohort: str
    conditions: tuple[Condition, ...]
    dated: Dated
    held: Held | None
    first_only: Literal["", "over all bands", "in each band"]
    tie: Pick | None
    bands: str
    span: Span = _span()


# ------------------------------------------------------------------ what is paid


@frozen
class Phase:
    """A payer up to and including `last`; None is the end of the contract."""

    payer: str
    last: date | None
    span: Span = _span()


@frozen
class Payers:
    """Successive payers, by the date of the result or of the statement that holds it."""

    phases: tuple[Phase, ...]
    by: Literal["result", "statement"]
    span: Span = _span()


@frozen
class Rate:
    """One row of a tariff: so much for each of a metric (of a band; '' is all bands)."""

    payers: Payers
    payee: str
    metric: str
    band: str
    amount: Amount
    span: Span = _span()


@frozen
class Payment:
    """A tariff under one clause."""

    name: str
    clause: str
    gloss: str
    rates: tuple[Rate, ...]
    span: Span = _span()


@frozen
class Scope:
    """Over what a limit or a set off runs: the contract, each year or period, one year, or named days."""

    over: Literal["contract", "each year", "each quarter", "each month", "each period", "days"]
    days: Period | None = None
    span: Span = _span()


@frozen
class Advance:
    """One block advance: paid on a day, set off against what the named payments earn in the scope."""

    payer: str
    payee: str
    paid_on: Amount
    amount: Amount
    against: tuple[str, ...]
    scope: Scope | None
    span: Span = _span()


@frozen
class BlockAdvance:
    """Block advances under one clause. `basis` in money or in units; what is not earned is kept by the payee."""

    name: str
    clause: str
    gloss: str
    advances: tuple[Advance, ...]
    basis: Amount
    span: Span = _span()


@frozen
class Selection:
    """Some of the payments. An empty field narrows nothing."""

    kind: Literal["all", "block", "unearned block", "advance"] = "all"
    payers: tuple[str, ...] = ()
    payees: tuple[str, ...] = ()
    metric_kinds: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    payments: tuple[str, ...] = ()
    by_results: bool = False
    earned_to: Amount | None = None
    earned_from: Amount | None = None
    span: Span = _span()


@frozen
class CapRow:
    """One limit: the payments it covers come to at most `amount` over its scope."""

    covers: Selection
    amount: Amount
    scope: Scope
    span: Span = _span()


@frozen
class Cap:
    """Limits under one clause. What exceeds them is lost."""

    name: str
    clause: str
    gloss: str
    rows: tuple[CapRow, ...]
    span: Span = _span()


# ------------------------------------------------------------------ rules, scenarios, examples


@frozen
class Paid:
    """The money of a selection, as a side of a rule."""

    selection: Selection
    kind: Kind = "money"
    span: Span = _span()


@frozen
class MetricTotal:
    """How many of a metric there were, as a side of a rule; `band` '' is all bands."""

    metric: str
    band: str = ""
    kind: Kind = "count"
    span: Span = _span()


@frozen
class Rule:
    """A condition that must hold. A rule is a test: it never changes what is paid."""

    name: str
    clause: str
    requires: Condition
    tested: Literal[
        "over the contract",
        "in each year",
        "in each period",
        "in each claim",
        "to date in each claim",
        "at final account",
        "in one period",
    ]
    days: Period | None
    scenarios: tuple[str, ...]
    span: Span = _span()
    says: str = _prose()
    source: str = _prose()


@frozen
class Quantity:
    """So many of a metric (and band; '' where it has none) in a period."""

    metric: str
    band: str
    period: Period
    number: Fraction
    span: Span = _span()


@frozen
class Scenario:
    """Quantities to try: written out, taken from a plan given from outside, or a share of another scenario."""

    name: str
    quantities: tuple[Quantity, ...] = ()
    plan: str = ""
    share: Fraction | None = None
    of: str = ""
    rounded: Way | None = None
    span: Span = _span()


@frozen
class ExampleRecords:
    """Rows of one input table, each cell as text; '' is blank."""

    records: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    span: Span = _span()


@frozen
class Expected:
    """One row of what an example expects: lines that match the named fields come to `amount`. '' names nothing."""

    payment: str
    payer: str
    payee: str
    metric: str
    band: str
    amount: Fraction
    period: Period | None
    span: Span = _span()


@frozen
class ExpectedQuantity:
    """One row of the verified volumes that an example from records expects."""

    metric: str
    band: str
    number: Fraction
    period: Period | None
    span: Span = _span()


@frozen
class Example:
    """A test inside the contract."""

    name: str
    gloss: str
    period: Period | None
    as_of: date | None
    settings: tuple[tuple[str, Fraction | date | str], ...]
    quantities: tuple[Quantity, ...]
    records: tuple[ExampleRecords, ...]
    expected: tuple[Expected | ExpectedQuantity, ...]
    complete: bool
    span: Span = _span()


# ------------------------------------------------------------------ the whole


@frozen
class Rounding:
    """Where amounts are rounded, how, and to what (in units of the currency); `grain` None never rounds."""

    each: Literal["line", "statement"]
    way: Way
    grain: Fraction | None
    span: Span = _span()


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
    span: Span = _span()


Amount = Value | Given | Arithmetic | Column | MetricColumn | JoiningDate | Paid | MetricTotal
Condition = Compare | Blank | InPeriod | Both | Either | Not
