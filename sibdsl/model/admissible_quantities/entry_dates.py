"""On which days people may join a cohort, and the rows that a metric counts, in all or in one band, may be dated."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from attrs import frozen

from sibdsl.dates import Duration
from sibdsl.diagnostics import NotGiven
from sibdsl.model.bands_in_force import bands_of
from sibdsl.model.nodes import (
    Amount,
    Band,
    Both,
    Cohort,
    Column,
    Compare,
    Condition,
    Contract,
    DateMoved,
    InPeriod,
    JoinedColumn,
    JoiningDate,
    Metric,
    MetricColumn,
    ResultDate,
)
from sibdsl.model.parameters.in_force import Settings

_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}


@frozen
class Days:
    """The first and the last day on which something may fall; None where nothing says."""

    first: date | None = None
    last: date | None = None

    def meet(self, other: Days) -> Days:
        """The days in both."""
        firsts = [day for day in (self.first, other.first) if day is not None]
        lasts = [day for day in (self.last, other.last) if day is not None]
        return Days(max(firsts, default=None), min(lasts, default=None))

    @property
    def none(self) -> bool:
        """Whether no day is left."""
        return self.first is not None and self.last is not None and self.first > self.last


def _any(every: list[Days]) -> Days:
    """From the first day of any of them to the last of any."""
    firsts = [days.first for days in every if days.first is not None]
    lasts = [days.last for days in every if days.last is not None]
    return Days(
        min(firsts) if len(firsts) == len(every) else None, max(lasts) if len(lasts) == len(every) else None
    )


@frozen
class Almanac:
    """Works out on which days a column of a metric's row may fall.

    With a `band`, that of a result in this band of the metric: one of dates holds the days of its column. Bands of anything
    else say nothing of days.
    """

    contract: Contract
    settings: Settings
    band: tuple[Metric, Band] | None = None

    def column(self, metric: Metric, name: str, seen: frozenset[str] = frozenset()) -> Days:
        """The days on which the column of a row that the metric counts may fall."""
        days = Days()
        if metric.earlier:
            return days  # another text may have counted a row of other days
        for condition in metric.conditions:
            days = days.meet(self._allows(condition, name, metric, seen | {metric.name}))
        return days.meet(self._held_by_band(metric, name))

    def _held_by_band(self, metric: Metric, name: str) -> Days:
        """The days of the metric's column that the band holds, where it reads them in the row of the result."""
        if self.band is None or metric.name != self.band[0].name or metric.banded_at == "joining":
            return Days()
        return self._of_band(name)

    def _of_band(self, column: str) -> Days:
        if self.band is None:
            return Days()
        metric, band = self.band
        bands = bands_of(self.contract, metric)
        if bands is None or bands.by != column or band.days is None:
            return Days()
        return Days(band.days.first, band.days.last)

    def dated(self, metric: Metric, day: Amount, seen: frozenset[str] = frozenset()) -> Days:
        """The days on which a date that is worked out for a row of the metric may fall."""
        if metric.earlier:
            return Days()
        if isinstance(day, Column):
            return self.column(metric, day.name, seen)
        if isinstance(day, DateMoved):
            return _all_moved(self.dated(metric, day.start, seen), day)
        return self._amount(day, metric, seen | {metric.name})

    def results(self, metric: Metric) -> Days:
        """The days on which a result of the metric may be dated, as far as its conditions say; the payment period aside."""
        if metric.earlier:
            return Days()
        if metric.dated.day is not None:
            return self.dated(metric, metric.dated.day)
        if metric.dated.by == "column":
            return self.column(metric, metric.dated.column)
        held = metric.held
        # With gaps, the row in which a stay is complete may have begun long after the stay.
        if held is None or held.duration is None or held.gaps is not None:
            return Days()
        if metric.dated.by not in ("day after", "last day held"):
            return Days()
        begun = self.column(metric, held.start) if held.day is None else self.dated(metric, held.day)
        days = Days(
            _by(begun.first, "after", held.duration),
            None if held.then is not None else _by(begun.last, "after", held.duration),
        )
        return days if metric.dated.by == "day after" else Days(_moved(days.first, -1), _moved(days.last, -1))

    def joining(self, cohort: Cohort) -> Days:
        """The days on which a person may join the cohort."""
        days = Days(None, self.contract.new_entrants_last)
        if cohort.earlier:
            return days  # another text may have let people join on other days
        for condition in cohort.conditions:
            days = days.meet(self._allows(condition, cohort.joins_on, None, frozenset()))
        if self.band is None or self.band[0].banded_at != "joining":
            return days
        # Who counts among several cohorts may have joined by another row than this cohort's.
        return days.meet(self._of_band(cohort.joins_on)) if self.band[0].among == (cohort.name,) else days

    def _allows(self, condition: Condition, name: str, metric: Metric | None, seen: frozenset[str]) -> Days:
        match condition:
            case Both(tests=tests):
                found = Days()
                for test in tests:
                    found = found.meet(self._allows(test, name, metric, seen))
                return found
            case InPeriod(value=Column(name=column), period=period) if column == name:
                days = self.contract.service if period == "service period" else self.contract.payment_period
                return Days(days.start, days.last)
            case Compare(left=Column(name=column), op=op, right=right) if column == name:
                return self._side(op, self._amount(right, metric, seen))
            case Compare(left=left, op=op, right=Column(name=column)) if column == name:
                return self._side(_TURNED[op], self._amount(left, metric, seen))
        return Days()

    def _side(self, op: str, other: Days) -> Days:
        first = _moved(other.first, 1) if op == ">" else other.first
        last = _moved(other.last, -1) if op == "<" else other.last
        return Days(first if op in ("=", ">", ">=") else None, last if op in ("=", "<", "<=") else None)

    def _amount(self, amount: Amount, metric: Metric | None, seen: frozenset[str]) -> Days:
        if isinstance(amount, JoiningDate):
            cohorts = [cohort for cohort in self.contract.cohorts if metric and cohort.name in metric.among]
            return _any([self.joining(cohort) for cohort in cohorts]) if cohorts else Days()
        if isinstance(amount, JoinedColumn):
            joined = next((one for one in self.contract.cohorts if one.name == amount.cohort), None)
            return self.joining(joined) if joined and joined.joins_on == amount.name else Days()
        if isinstance(amount, MetricColumn):
            other = next((metric for metric in self.contract.metrics if metric.name == amount.metric), None)
            return self.column(other, amount.name, seen) if other and other.name not in seen else Days()
        if isinstance(amount, ResultDate):
            return self._result(amount.metric, seen)
        if isinstance(amount, DateMoved):
            return _all_moved(self._amount(amount.start, metric, seen), amount)
        if isinstance(amount, Column):
            return Days()
        try:
            day = self.settings.day(amount)
        except (NotGiven, TypeError):
            return Days()
        return Days(day, day)

    def _result(self, name: str, seen: frozenset[str]) -> Days:
        """The days on which a result of the metric may be dated: within the payment period, as its own conditions leave it."""
        payment = self.contract.payment_period
        days = Days(payment.start, payment.last)
        other = next((one for one in self.contract.metrics if one.name == name), None)
        if other is None or other.name in seen:
            return days
        if other.dated.day is not None:
            return days.meet(self.dated(other, other.dated.day, seen))
        return days.meet(self.column(other, other.dated.column, seen)) if other.dated.by == "column" else days


def _all_moved(days: Days, by: DateMoved) -> Days:
    """The days moved: a later day is never moved before an earlier one."""
    return Days(_by(days.first, by.way, by.duration), _by(days.last, by.way, by.duration))


def _by(day: date | None, way: Literal["after", "before"], duration: Duration) -> date | None:
    """A day moved by a length of time; None for none, and beyond the calendar."""
    if day is None:
        return None
    try:
        return duration.after(day) if way == "after" else duration.before(day)
    except OverflowError:
        return None


def _moved(day: date | None, by: int) -> date | None:
    """The day after or before; the day itself at an end of the calendar, which proves less and nothing false."""
    if day is None or day in (date.min, date.max):
        return day
    return day + timedelta(days=by)
