"""Amounts and conditions."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Literal

from attrs import field, frozen

from sibdsl.dates import Duration
from sibdsl.model.nodes.base import place
from sibdsl.model.types import Kind
from sibdsl.money import Way
from sibdsl.source import Span


@frozen
class Value:
    """A value written in the text. Dates and words are held as text, numbers exactly."""

    value: Fraction | date | str
    kind: Kind
    span: Span = place()


@frozen
class Given:
    """A particular or an assumption, by name: its value comes from outside or from the file."""

    name: str
    kind: Kind
    span: Span = place()


@frozen
class Arithmetic:
    """`plus`, `minus`, `times`, `divided by`, or `of` for a share of something."""

    op: Literal["plus", "minus", "times", "divided by"]
    left: Amount
    right: Amount
    kind: Kind
    span: Span = place()


@frozen
class Column:
    """A column of the row under test."""

    records: str
    name: str
    kind: Kind
    span: Span = place()


@frozen
class MetricColumn:
    """A column of the row that a metric picked for the same person: `Engaged On of Engagement`."""

    metric: str
    name: str
    kind: Kind
    span: Span = place()


@frozen
class JoinedColumn:
    """A column of the row by which the person joined a cohort: `Level of Participants`. Blank where they did not join it."""

    cohort: str
    name: str
    kind: Kind
    span: Span = place()


@frozen
class ResultDate:
    """The date of the first result that a metric has for the same person: `the date of Job Start`. Blank where there is none."""

    metric: str
    kind: Kind = "date"
    span: Span = place()


@frozen
class PersonColumn:
    """What a column holds in the one row that a table of records has for the person; blank where it has none or several."""

    records: str
    name: str
    kind: Kind
    span: Span = place()


@frozen
class JoiningDate:
    """The date on which the person joined the cohort that the metric is counted among."""

    kind: Kind = "date"
    span: Span = place()


@frozen
class WindowEnd:
    """The last day of the window that each member has in the metric: the day before the one on which it is complete."""

    kind: Kind = "date"
    span: Span = place()


@frozen
class WholeYears:
    """Whole years from one date to another: an age. A birthday on 29 February falls on 28 February in other years."""

    start: Amount
    end: Amount
    kind: Kind = "count"
    span: Span = place()


@frozen
class TimeBetween:
    """Whole months, days, or last days of months from one date to another; blank where the second is the earlier one.

    Of days the second date is not one; of last days of months it may be. Whole months go by the calendar: one from 31 January
    is complete on the last day of February.
    """

    counted: Literal["whole months", "days", "month ends"]
    start: Amount
    end: Amount
    kind: Kind
    span: Span = place()


@frozen
class DateMoved:
    """The day that lies a length of time after or before a date; a day that the month lacks becomes its last."""

    start: Amount
    way: Literal["after", "before"]
    duration: Duration
    kind: Kind = "date"
    span: Span = place()


@frozen
class Looked:
    """What a lookup table prints in `column` on the row whose first column is `key`; blank where no row is.

    With a fixed key, `holds` is the number that stands there.
    """

    table: str
    column: str
    key: Amount
    kind: Kind
    holds: Fraction | None = None
    span: Span = place()


@frozen
class GivenFor:
    """The value of a particular that has one for each key."""

    name: str
    key: Amount
    kind: Kind
    span: Span = place()


@frozen
class Working:
    """A step of the contract's workings, by name."""

    name: str
    kind: Kind
    span: Span = place()


@frozen
class Range:
    """The values from `low` to `high`, either of which may come from outside; None is unbounded."""

    low: Amount | None = None
    low_in: bool = False
    high: Amount | None = None
    high_in: bool = False
    span: Span = place()


@frozen
class SteppedRow:
    """What one range of values comes to."""

    holds: Range
    amount: Amount
    span: Span = place()


@frozen
class Stepped:
    """The amount of the row whose range holds `by`. The rows hold every value once, the lowest first."""

    by: Amount
    rows: tuple[SteppedRow, ...]
    kind: Kind
    span: Span = place()
    #: Where the text ends, of a table whose first or last row is held to go on: beyond it nothing may be possible. Never in JSON.
    written_ends: tuple[Range | None, Range | None] = field(
        default=(None, None), eq=False, repr=False, kw_only=True, metadata={"outside": True}
    )


@frozen
class Point:
    """One printed point of a straight line."""

    at: Amount
    amount: Amount
    span: Span = place()


#: What holds beyond the ends of a line: at both of them, or below the first point and above the last.
Beyond = Literal["flat", "nothing", "flat below, nothing above", "nothing below, flat above"]


@frozen
class Interpolated:
    """Straight lines between printed points, the lowest first. Beyond the ends: the end's own amount, or nought."""

    by: Amount
    points: tuple[Point, ...]
    beyond: Beyond
    kind: Kind
    span: Span = place()

    @property
    def flat_below(self) -> bool:
        """Whether below the first point the amount is that of the point; else it is nought."""
        return self.beyond in ("flat", "flat below, nothing above")

    @property
    def flat_above(self) -> bool:
        """Whether above the last point the amount is that of the point; else it is nought."""
        return self.beyond in ("flat", "nothing below, flat above")


@frozen
class Extreme:
    """The lowest or the highest of several amounts."""

    way: Literal["lower", "higher"]
    parts: tuple[Amount, ...]
    kind: Kind
    span: Span = place()


@frozen
class FirstGiven:
    """The first of several amounts that is not blank; blank where all of them are. Source: language reference, 'Blanks'."""

    parts: tuple[Amount, ...]
    kind: Kind
    span: Span = place()


@frozen
class RoundedAmount:
    """An amount in whole `grain`s of its unit (a hundredth for a percent), by its way, before anything is made of it."""

    amount: Amount
    grain: Fraction
    way: Way
    kind: Kind
    span: Span = place()


Comparison = Literal["=", "<", "<=", ">", ">="]


@frozen
class Compare:
    """One comparison. A blank on either side makes it not met."""

    left: Amount
    op: Comparison
    right: Amount
    span: Span = place()


@frozen
class Blank:
    """Whether the column is blank."""

    value: Column
    span: Span = place()


@frozen
class InPeriod:
    """Whether a date lies in the service or the payment period, first and last day included."""

    value: Amount
    period: Literal["service period", "payment period"]
    span: Span = place()


#: A time before or after a date does not hold that date; one from a date begins with it.
TimeSide = Literal["before", "after", "from"]


@frozen
class AnyDay:
    """Whether some other row of the person in `records` has a day in the time before, after or from the date `end`.

    That date is in the last of them alone. A time that is not over decides nothing while there is no such day.
    """

    records: str
    duration: Duration
    end: Amount
    way: TimeSide = "before"
    span: Span = place()


@frozen
class AnyResult:
    """Whether a metric has a result of the person that is dated in the time before, after or from `day`: see `AnyDay`."""

    metric: str
    duration: Duration
    day: Amount
    way: TimeSide
    span: Span = place()


@frozen
class Both:
    """All of the tests hold."""

    tests: tuple[Condition, ...]
    span: Span = place()


@frozen
class Either:
    """At least one of the tests holds."""

    tests: tuple[Condition, ...]
    span: Span = place()


@frozen
class Not:
    """The test does not hold; a comparison with a blank is not met either way round."""

    test: Condition
    span: Span = place()


@frozen
class Selection:
    """Some of the payments. An empty field narrows nothing."""

    kind: Literal["all", "block", "unearned block", "advance"] = "all"
    payers: tuple[str, ...] = ()
    payees: tuple[str, ...] = ()
    metric_kinds: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    payments: tuple[str, ...] = ()
    #: Contracts of a programme.
    contracts: tuple[str, ...] = ()
    by_results: bool = False
    earned_to: Amount | None = None
    earned_from: Amount | None = None
    span: Span = place()


@frozen
class Paid:
    """The money of a selection, as a side of a rule."""

    selection: Selection
    kind: Kind = "money"
    span: Span = place()


@frozen
class MetricTotal:
    """How many of a metric there were, as a side of a rule; `band` '' is all bands."""

    metric: str
    band: str = ""
    kind: Kind = "count"
    span: Span = place()


Amount = (
    Value
    | Given
    | Arithmetic
    | Column
    | MetricColumn
    | JoinedColumn
    | PersonColumn
    | ResultDate
    | JoiningDate
    | WindowEnd
    | WholeYears
    | TimeBetween
    | DateMoved
    | Looked
    | GivenFor
    | Working
    | Stepped
    | Interpolated
    | Extreme
    | FirstGiven
    | RoundedAmount
    | Paid
    | MetricTotal
)
Condition = Compare | Blank | InPeriod | AnyDay | AnyResult | Both | Either | Not
