"""Metrics: what is counted or measured, when it is dated and held, evidence, routes; and metrics worked out from others."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Literal

from attrs import field, frozen

from sibdsl.dates import Duration, Period, long
from sibdsl.model.nodes.amounts import Amount, Column, Condition, JoinedColumn, Looked, MetricColumn
from sibdsl.model.nodes.bands import Bands
from sibdsl.model.nodes.base import place
from sibdsl.model.nodes.cohorts import Tracked
from sibdsl.model.nodes.kinds_of_count import KindOfCount, Pick, RowsCounted
from sibdsl.model.types import Kind
from sibdsl.source import Span


@frozen
class Gaps:
    """How many days (or weeks) the gaps between a person's rows may have, each of them or in all, for one stay."""

    duration: Duration
    of: Literal["each", "in all"]
    span: Span = place()


@frozen
class Held:
    """The row's spell must last `duration` from `start`; with `gaps` a person's rows are joined into stays.

    Where days are counted, `counting` says whether all days of a row that lasts so long count, or only those after it.
    With `then` there is an instalment when the time is complete, and another after each further `then`: `most` in each stay,
    or as many as `most_by_group` reads. Where the time differs by group `duration` is None, and `by_group` what a printed
    table holds at a column of the row, or of another row of the person. With `day` the time runs from that date, which is one
    for all rows of the person, and not from the beginning of a row.
    """

    duration: Duration | None
    start: str
    gaps: Gaps | None = None
    counting: Literal["", "every day", "later days"] = ""
    then: Duration | None = None
    most: int | None = None
    by_group: Looked | None = None
    day: Amount | None = None
    most_by_group: Looked | None = None
    span: Span = place()

    @property
    def length(self) -> str:
        """`6 weeks`, `Weeks read at Level`."""
        return str(self.duration) if self.by_group is None else read_at(self.by_group)

    @property
    def time(self) -> str:
        """`6 weeks`; of instalments `8 weeks, then every 4 weeks`."""
        return f"{self.length}, then every {self.then}" if self.then is not None else self.length

    def said(self, start: str) -> str:
        """`for 8 weeks from Started On, then every 4 weeks, at most 13 times in each stay`; `start` is how that day is said."""
        every = self.then is not None and self.then == self.duration
        said = f"{f'every {self.then}' if every else f'for {self.length}'} from {start}"
        if self.gaps is not None:
            said += f", gaps of at most {self.gaps.duration} {self.gaps.of}"
        if self.counting:
            said += f", counting {self.counting}"
        if self.then is not None and not every:
            said += f", then every {self.then}"
        if self.most_by_group is not None:
            said += f", at most {read_at(self.most_by_group)} in each stay"
        return f"{said}, at most {self.most} times in each stay" if self.most is not None else said


def read_at(looked: Looked) -> str:
    """`Weeks read at Level of Participants`, where a table is read at a column of a row."""
    match looked.key:
        case Column(name=name):
            return f"{looked.column} read at {name}"
        case JoinedColumn(cohort=holder, name=name) | MetricColumn(metric=holder, name=name):
            return f"{looked.column} read at {name} of {holder}"
    return looked.column


@frozen
class Dated:
    """The date of a result: a column; of a holding the day after its last day, or that last day; or each day counted.

    A member's share of the days of a window is dated by the last day of the window. A date that is `worked out` is `day`:
    some time after a date of the row, or the date of another metric's result. At `each end` a row is a result on the last day
    of each calendar month on which it lasts, or of each quarter or year of the contract, as `each` says.
    """

    by: Literal["column", "day after", "last day held", "each day", "end of window", "worked out", "each end"]
    column: str = ""
    day: Amount | None = None
    each: Literal["", "month", "quarter", "year"] = ""
    span: Span = place()


@frozen
class Evidence:
    """The column of a row that says when its result was evidenced: not later than `within` from the result's date.

    Where `accepted` names a column, or `deemed` a time, what is evidenced must be accepted too: on the day in that column, or
    by silence, once so long has passed since it was evidenced and the column `rejected` has no day of that time.
    From a day in the column `disputed` on it is held: nothing before that day accepts or rejects it, and no silence.
    """

    column: str
    within: Duration
    accepted: str = ""
    rejected: str = ""
    deemed: Duration | None = None
    disputed: str = ""
    span: Span = place()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it reads."""
        return tuple(one for one in (self.column, self.accepted, self.rejected, self.disputed) if one)

    @property
    def lengths(self) -> tuple[Duration, ...]:
        """The times that it sets."""
        return (self.within, *(() if self.deemed is None else (self.deemed,)))

    @property
    def said(self) -> str:
        """`Claimed On, within 6 months, deemed accepted after 20 days, unless rejected on Rejected On`."""
        ways = [f"accepted on {self.accepted}"] if self.accepted else []
        ways += [f"deemed accepted after {self.deemed}"] if self.deemed else []
        said = f"{self.column}, within {self.within}"
        said += f", {' or '.join(ways)}" if ways else ""
        said += f", unless rejected on {self.rejected}" if self.rejected else ""
        return said + (f", held while disputed on {self.disputed}" if self.disputed else "")


@frozen
class Route:
    """One way to a result: the metrics whose results belong to it."""

    name: str
    metrics: tuple[str, ...]
    span: Span = place()


@frozen
class Routes:
    """Ways of which one counts for each person: the one of their earliest result, of those of one day the first listed.

    Or, where `choice` says so, of all that they have a result of the first listed, whenever the result was. The results of the other ways' metrics are counted nowhere. A metric stands in one way at most.
    """

    name: str
    clause: str
    gloss: str
    routes: tuple[Route, ...]
    choice: Literal["first earned", "first listed"] = "first earned"
    span: Span = place()


def over_said(over: str) -> str:
    """A stretch of time as contracts write it: `over the contract`, `in each quarter`."""
    return "over the contract" if over == "contract" else f"in {over}"


@frozen
class Measured:
    """Over which stretches of days a metric that does not add up is measured: each has one quantity of its own.

    `once` is from the first day of the payment period to the day `on`, that day included; `days` is for a scope of that
    name. The stretches are given by `sibdsl.model.periods.spans`.
    """

    over: Literal["once", "contract", "each year", "each quarter", "each month", "each period", "days"]
    on: date | None = None
    days: Period | None = None
    #: Whether it is measured over all that went before too: from the first day of the payment period to the end of each stretch.
    to_date: bool = False
    span: Span = place()

    @property
    def said(self) -> str:
        """`in each quarter`, `to date in each year`, `once on 31 March 2028`."""
        if self.to_date:
            return f"to date {over_said(self.over)}"
        if self.over == "once" and self.on is not None:
            return f"once on {long(self.on)}"
        if self.over == "days":
            return f"in {self.days}"
        return over_said(self.over)


@frozen
class AtMost:
    """Of each person's results only the earliest `number` in each stretch of time count, over all bands or in each.

    Of results dated outside the `days`, where the limit is over such, each counts. With `by_group` it is the number that a
    printed table holds for the person's group, and `number` the greatest of those.
    """

    number: int
    over: Literal["contract", "each year", "each quarter", "each month", "each period", "days"]
    across: Literal["over all bands", "in each band"] = "over all bands"
    days: Period | None = None
    by_group: Looked | None = None
    span: Span = place()

    @property
    def said(self) -> str:
        """`at most 2 in each year`."""
        if self.by_group is not None:
            return f"at most {read_at(self.by_group)} {over_said(self.over)}"
        if self.over == "days":
            return f"at most {self.number} in {self.days}"
        return f"at most {self.number} {over_said(self.over)}"


@frozen
class Metric:
    """What is counted, added up or measured among a cohort, in bands where `bands` names them.

    Quantities that do not add up are `measured` over days that are said. `weight` multiplies each day, result or row. `measures`
    is the unit of the quantity. `within` tracking leaves out days and dated rows outside the person's tracking. Where people
    are counted by the rows by which they joined, `records` are the cohort's. `cohort` is '' where the table speaks of nobody:
    every row of it counts.
    """

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
    counts: KindOfCount = RowsCounted()
    weight: Amount | None = None
    within: Literal["", "tracking", "window"] = ""
    measures: Kind = "count"
    #: Set for a metric whose quantities do not add up.
    measured: Measured | None = None
    #: Where more than the first result of a person counts, but not each; `first_only` is '' then.
    at_most: AtMost | None = None
    #: Another metric that counts days: a day that counts there, for the same person, does not count here.
    net_of: str = ""
    #: For `within` window: a time of each member's own, from a date of the row that made them a member.
    window: Tracked | None = None
    #: Where a result must be evidenced before it counts.
    evidence: Evidence | None = None
    #: In which row the banded column stands: that of the result, or that by which the person joined the cohort.
    banded_at: Literal["result", "joining"] = "result"
    #: In which row the weight's columns stand: that of the result, or that by which the person joined the cohort.
    weight_at: Literal["result", "joining"] = "result"
    #: Other cohorts: members of any of them count, each once, by the earliest of their joining dates.
    also: tuple[str, ...] = ()
    #: Of days, each by itself: the period of the contract in which a day must lie; '' for every day in which one is earned.
    days_in: Literal["", "service period", "payment period"] = ""
    #: Of an average: whether of each person only the latest row of each stretch counts.
    latest_only: bool = False
    #: As variations leave it: the texts that counted before this one, in their order. Never in JSON.
    earlier: tuple[EarlierMetric, ...] = field(default=(), kw_only=True, metadata={"outside": True})
    span: Span = place()

    @property
    def among(self) -> tuple[str, ...]:
        """The cohorts whose members count; none where the rows are nobody's."""
        return (self.cohort, *self.also) if self.cohort else ()

    @property
    def amounts_of_lines(self) -> tuple[Amount, ...]:
        """What its own lines read besides conditions and weight: the date of its results, from when something is held, how long."""
        held = (self.held.day, self.held.by_group, self.held.most_by_group) if self.held is not None else ()
        most = self.at_most.by_group if self.at_most is not None else None
        return tuple(amount for amount in (self.dated.day, *held, most) if amount is not None)

    @property
    def by_person(self) -> bool:
        """Whether its quantities are made of results, each of one person and with a day of its own."""
        return self.measured is None and bool(self.cohort)

    @property
    def whole(self) -> bool:
        """Whether its quantities are whole numbers from 0."""
        return self.counts.whole and self.weight is None


@frozen
class EarlierMetric:
    """The text of a metric that a variation replaced: results dated by it count where they are dated on or before `last`.

    `bands` are those that stood then, where a variation replaced them; None for those that stand now.
    """

    metric: Metric
    last: date
    bands: Bands | None = None


@frozen
class Area:
    """One part of a scorecard: its weight, and what it is measured by."""

    name: str
    weight: Amount
    amount: Amount
    span: Span = place()


@frozen
class EarlierFormula:
    """How a metric was worked out before a variation replaced it, over stretches whose last day is on or before `last`."""

    formula: Amount
    last: date


@frozen
class Derived:
    """A metric worked out from others: `formula` over each of the stretches `measured`, exactly.

    In it each metric stands for its quantity over the same stretch. `change` is set for a comparison, `areas` for a
    scorecard, whose formula adds them up by their weights. `shown_to` rounds what is shown of it, and nothing else.
    Where one of the metrics is blank, or nought divides, it is blank.
    """

    name: str
    clause: str
    gloss: str
    kind: Literal["input", "output", "outcome"]
    formula: Amount
    measured: Measured
    measures: Kind
    change: Literal["", "percentage reduction", "percentage rise", "reduction", "rise"] = ""
    areas: tuple[Area, ...] = ()
    shown_to: Fraction | None = None
    #: Its earlier texts, where variations replaced it. Never in JSON.
    earlier: tuple[EarlierFormula, ...] = field(default=(), kw_only=True, metadata={"outside": True})
    span: Span = place()

    @property
    def formulas(self) -> tuple[Amount, ...]:
        """What it is worked out by under each of its texts, the one in force last."""
        return (*(text.formula for text in self.earlier), self.formula)

    def formula_of(self, days: Period) -> Amount:
        """What it is worked out by over a stretch: the text in force on the last day of that."""
        return next((text.formula for text in self.earlier if days.last <= text.last), self.formula)

    #: As a metric of records has them: it has no bands, and may be any number.
    @property
    def bands(self) -> str:
        """None: what is worked out has no bands."""
        return ""

    @property
    def whole(self) -> bool:
        """Whether its quantities are whole numbers from 0: they need not be."""
        return False

    @property
    def by_person(self) -> bool:
        """Whether each result is one person's: it is everybody's together."""
        return False


AnyMetric = Metric | Derived
