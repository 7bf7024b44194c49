"""Which quantities some records could produce: what the metrics' definitions imply, to date."""

from __future__ import annotations

from datetime import date

from attrs import frozen

from sibdsl.dates import Duration
from sibdsl.model.bands_in_force import (
    allowed,
    banded_column,
    bands_of,
    conditions_of_banded,
    faults,
    let_through,
    possible,
    unheld,
    whole_numbers,
)
from sibdsl.model.bands_of_days import day_faults, possible_days
from sibdsl.model.nodes import (
    Amount,
    AnyResult,
    Both,
    Column,
    Compare,
    Condition,
    Contract,
    DateMoved,
    InPeriod,
    JoiningDate,
    Metric,
    MetricColumn,
    PeopleCounted,
    PeopleReaching,
    ResultDate,
    RowsCounted,
    Value,
    WholeYears,
)


@frozen
class Implied:
    """To date, on every day, there are at most as many `fewer` as `more` (all bands together)."""

    fewer: str
    more: str
    why: str


def implied(contract: Contract) -> tuple[Implied, ...]:
    """Every 'at most as many, to date' that follows from two metrics' definitions.

    The one that comes first must be counted whenever the other is: in some band, and, where it is the shorter of two
    holdings, not complete before the payment period.
    """
    found: list[Implied] = []
    for metric in contract.metrics:
        for other in contract.metrics:
            if metric.name == other.name or not (_once(metric) and _once(other)):
                continue
            if metric.earlier or other.earlier or _joined_otherwise(contract, metric, other):
                continue  # what one text implies the other need not
            if not _banded_always(contract, other) or not _same_route(contract, metric, other):
                continue
            if _after_row_of(metric, other):
                found.append(
                    Implied(
                        metric.name, other.name, f"each {metric.name} needs the person's {other.name} first"
                    )
                )
            elif _row_of(metric, other) and _starts_inside(contract, other):
                found.append(
                    Implied(
                        metric.name,
                        other.name,
                        f"each row that counts for {metric.name} counts for {other.name}, and no later",
                    )
                )
            elif _held_longer(metric, other) and _starts_inside(contract, other):
                found.append(
                    Implied(
                        metric.name,
                        other.name,
                        f"what is held long enough for {metric.name} was for {other.name}",
                    )
                )
    return tuple(one for one in found if not _by_way_of_another(one, found))


def _joined_otherwise(contract: Contract, metric: Metric, other: Metric) -> bool:
    """Whether a variation replaced a cohort among which one of them counts."""
    names = {*metric.among, *other.among}
    return any(cohort.earlier for cohort in contract.cohorts if cohort.name in names)


def _same_route(contract: Contract, metric: Metric, other: Metric) -> bool:
    """Whether the other's results count for whomever the metric's do: they are on no route, or on the same."""
    ways = [route.metrics for block in contract.routes for route in block.routes]
    mine = next((way for way in ways if other.name in way), None)
    return mine is None or metric.name in mine


def _banded_always(contract: Contract, metric: Metric) -> bool:
    """Whether every result of the metric is in a band: its column is never blank, and the bands have no hole."""
    bands = bands_of(contract, metric)
    if bands is None:
        return True
    column = banded_column(contract, metric, bands)
    if column is None:
        return False
    # What is worked out may be blank of cells that are not; a row that meets a comparison of it is not blank there.
    if (column.blank_allowed or column.formula is not None) and not _asked_for(contract, metric, column.name):
        return False
    if bands.worded:
        return unheld(bands, allowed(metric, column)) == []
    if bands.dated:
        return not any(fault.kind == "gap" for fault in day_faults(bands, possible_days(contract, metric)))
    whole = possible(column).meet(let_through(contract, metric, column.name))
    gaps = [fault.values for fault in faults(bands, whole) if fault.kind == "gap"]
    if isinstance(column.formula, WholeYears) or (column.kind == "count" and column.formula is None):
        return not any(whole_numbers(gap) is not None for gap in gaps)
    return not gaps


def _asked_for(contract: Contract, metric: Metric, column: str) -> bool:
    """Whether conditions that every result meets compare the banded column, so that it is not blank."""
    return any(
        isinstance(part, Column) and part.name == column
        for test in _tests(conditions_of_banded(contract, metric))
        for part in (test.left, test.right)
    )


def _row_of(metric: Metric, other: Metric) -> bool:
    """Every row that counts for the metric meets all that the other asks, which is dated by a column, and no later.

    The other counts rows as they come: what is held begins on the day by which it dates them.
    """
    if not isinstance(metric.counts, RowsCounted) or not isinstance(other.counts, RowsCounted):
        return False
    if other.held is not None or other.dated.by != "column" or other.evidence is not None or other.net_of:
        return False
    if (metric.records, metric.among) != (other.records, other.among):
        return False
    if other.within and (other.within, other.window) != (metric.within, metric.window):
        return False
    asked = list(metric.conditions)
    if any(test not in asked for test in other.conditions):
        return False
    day = other.dated.column
    if metric.held is None:
        return metric.dated == other.dated
    if metric.held.day is not None or metric.held.gaps is not None or metric.held.then is not None:
        return False
    return metric.held.start == day and metric.dated.by in ("day after", "last day held")


def _starts_inside(contract: Contract, metric: Metric) -> bool:
    """Whether no holding of the metric can begin before the payment period, by what its conditions say.

    What follows the row of another metric follows a result, and no result is dated before the payment period.
    """
    if metric.held is not None and metric.held.day is not None:
        return any(_not_before(metric.held.day, other) for other in contract.metrics)
    start = metric.held.start if metric.held else metric.dated.column
    for test in _all_tests(metric.conditions):
        match test:
            case InPeriod(value=Column(name=name)) if name == start:
                return True
            case Compare(left=Column(name=name), op=">=" | ">" | "=", right=right) if name == start:
                if (
                    isinstance(right, Value)
                    and isinstance(right.value, date)
                    and _from_the_first_day(contract, right.value)
                ):
                    return True
                if isinstance(right, JoiningDate) and all(
                    _joins_inside(contract, one) for one in metric.among
                ):
                    return True
                if any(_not_before(right, other) for other in contract.metrics):
                    return True
    return False


def _from_the_first_day(contract: Contract, day: date) -> bool:
    """Whether a day is the payment period's first or later: not known while a date of the contract has not been given."""
    return day >= contract.payment_period.start and all(named.value for named in contract.by_name)


def _joins_inside(contract: Contract, name: str) -> bool:
    cohort = next((one for one in contract.cohorts if one.name == name), None)
    if cohort is None:
        return False
    for test in _all_tests(cohort.conditions):
        match test:
            case InPeriod(value=Column(name=column)) if column == cohort.joins_on:
                return True
            case Compare(left=Column(name=column), op=">=" | ">", right=Value(value=day)) if (
                column == cohort.joins_on and isinstance(day, date) and _from_the_first_day(contract, day)
            ):
                return True
    return False


def _all_tests(conditions: tuple[Condition, ...]) -> list[Condition]:
    """Every test that must be met, those joined by `and` apart."""
    amounts: list[Condition] = []
    for condition in conditions:
        amounts += _all_tests(condition.tests) if isinstance(condition, Both) else [condition]
    return amounts


def _once(metric: Metric) -> bool:
    if metric.weight is not None:
        return False
    return metric.first_only == "over all bands" or isinstance(metric.counts, PeopleCounted | PeopleReaching)


def _after_row_of(metric: Metric, other: Metric) -> bool:
    """The metric's results need one of the other, which none of them is dated before."""
    day = metric.dated.day
    if day is not None and _not_before(day, other):
        return True
    if metric.held is not None and metric.held.day is not None:
        by_holding = metric.dated.by in ("day after", "last day held")
        return by_holding and _not_before(metric.held.day, other)
    start = (
        _from_column(day) if day is not None else metric.held.start if metric.held else metric.dated.column
    )
    if metric.dated.by == "column" and metric.dated.column != start:
        return False
    return any(
        isinstance(test.left, Column)
        and test.left.name == start
        and test.op in (">=", ">", "=")
        and _not_before(test.right, other)
        for test in _tests(metric.conditions)
    ) or any(
        isinstance(test, AnyResult)
        and (test.metric, test.way) == (other.name, "before")
        and isinstance(test.day, Column)
        and test.day.name == start
        for test in _all_tests(metric.conditions)
    )


def _not_before(day: Amount, other: Metric) -> bool:
    """Whether a date is that of the metric's result, or some time after it: blank where there is none."""
    match day:
        case ResultDate(metric=name):
            return name == other.name
        case MetricColumn(metric=name, name=column):
            return name == other.name and other.dated.by == "column" and other.dated.column == column
        case DateMoved(start=start, way="after"):
            return _not_before(start, other)
    return False


def _from_column(day: Amount) -> str:
    """The column of the row's own that a date is some time after; '' for any other date."""
    match day:
        case Column(name=name):
            return name
        case DateMoved(start=start, way="after"):
            return _from_column(start)
    return ""


def _tests(conditions: tuple[Condition, ...]) -> list[Compare]:
    found: list[Compare] = []
    for condition in conditions:
        if isinstance(condition, Compare):
            found.append(condition)
        elif isinstance(condition, Both):
            found.extend(_tests(condition.tests))
    return found


def _held_longer(metric: Metric, other: Metric) -> bool:
    """Both count holdings of the same rows on the same conditions, dated alike; this one's is never the shorter."""
    if metric.held is None or other.held is None or metric.dated.by == "column":
        return False
    mine, others = metric.held.duration, other.held.duration
    if mine is None or others is None:
        return False
    alike = (
        metric.records == other.records
        and metric.among == other.among
        and metric.conditions == other.conditions
        and metric.dated == other.dated
        and (metric.held.start, metric.held.day) == (other.held.start, other.held.day)
        and metric.held.gaps == other.held.gaps
        and (metric.within, metric.window, metric.days_in) == (other.within, other.window, other.days_in)
    )
    # What is evidenced in time for the longer may have been too late for the shorter.
    return alike and other.evidence is None and _least_days(mine) > _most_days(others)


_SHORTEST = {"day": 1, "week": 7, "month": 28, "year": 365}
_LONGEST = {"day": 1, "week": 7, "month": 31, "year": 366}


def _least_days(duration: Duration) -> int:
    return duration.number * _SHORTEST[duration.unit]


def _most_days(duration: Duration) -> int:
    return duration.number * _LONGEST[duration.unit]


def _by_way_of_another(one: Implied, found: list[Implied]) -> bool:
    return any(
        a.fewer == one.fewer and b.more == one.more and a.more == b.fewer and a is not one and b is not one
        for a in found
        for b in found
    )
