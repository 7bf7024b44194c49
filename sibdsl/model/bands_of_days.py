"""Bands of days: which days the banded column can hold, the holes between the bands, and where they overlap."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal

from attrs import frozen

from sibdsl.model.bands_in_force import bands_of
from sibdsl.model.nodes import (
    Band,
    Bands,
    Both,
    Column,
    Compare,
    Condition,
    Contract,
    DayRange,
    InPeriod,
    JoiningDate,
    Metric,
    Value,
)


@frozen
class DayFault:
    """Days that no band holds, or that two do; `bands` are those beside or around them."""

    kind: Literal["gap", "overlap"]
    days: DayRange
    bands: tuple[Band, ...]


def meet(days: DayRange | None, other: DayRange | None) -> DayRange | None:
    """The days in both; None where there is none."""
    if days is None or other is None:
        return None
    first = max(filter(None, (days.first, other.first)), default=None)
    last = min(filter(None, (days.last, other.last)), default=None)
    return None if first is not None and last is not None and last < first else DayRange(first, last)


def possible_days(contract: Contract, metric: Metric) -> DayRange | None:
    """The days that the banded column can hold in a result, as far as conditions plainly say; None where they allow none.

    A result lies in the payment period: the column that dates it too, and what is held begins no later.
    """
    bands = bands_of(contract, metric)
    column = bands.by if bands else ""
    cohort = next((cohort for cohort in contract.cohorts if cohort.name == metric.cohort), None)
    if metric.banded_at == "joining":
        return _allowed(contract, cohort.conditions if cohort else (), column, DayRange())
    whole = DayRange()
    if metric.dated.by == "column" and metric.dated.column == column:
        whole = DayRange(contract.payment_period.start, contract.payment_period.last)
    elif metric.held is not None and metric.held.start == column:
        whole = DayRange(None, contract.payment_period.last)
    joined: DayRange | None = DayRange()
    if cohort is not None and not metric.also:
        joined = _allowed(contract, cohort.conditions, cohort.joins_on, DayRange())
        if metric.counts.of_joining and not cohort.earlier:
            own = _allowed(contract, cohort.conditions, column, DayRange())
            whole_or_none = meet(whole, own)
            if whole_or_none is None:
                return None
            whole = whole_or_none
    return _allowed(contract, metric.conditions, column, whole, joined.first if joined else None)


def _allowed(
    contract: Contract,
    conditions: Sequence[Condition],
    column: str,
    whole: DayRange,
    joined: date | None = None,
) -> DayRange | None:
    """The days in `whole` that every condition leaves possible, of people who joined on the day `joined` or later."""
    found: DayRange | None = whole
    for condition in conditions:
        found = meet(found, _lets_through(contract, condition, column, joined))
    return found


def _lets_through(
    contract: Contract, condition: Condition, column: str, joined: date | None
) -> DayRange | None:
    """The days of the column that a condition leaves possible, where it plainly says; None where none."""
    match condition:
        case Both(tests=tests):
            return _allowed(contract, tests, column, DayRange(), joined)
        case Compare(left=Column(name=name), op=">=" | ">" | "=", right=JoiningDate()) if name == column:
            return DayRange(joined, None)
        case InPeriod(value=Column(name=name), period="service period") if name == column:
            return DayRange(contract.service.start, contract.service.last)
        case InPeriod(value=Column(name=name), period="payment period") if name == column:
            return DayRange(contract.payment_period.start, contract.payment_period.last)
        case Compare(left=Column(name=name), op=op, right=Value(value=date() as day)) if name == column:
            one = timedelta(days=1)
            return {
                "=": DayRange(day, day),
                ">=": DayRange(day, None),
                ">": DayRange(day + one, None),
                "<=": DayRange(None, day),
                "<": DayRange(None, day - one),
            }[op]
    return DayRange()


def day_faults(bands: Bands, whole: DayRange | None) -> list[DayFault]:
    """Every hole and overlap of bands of days over `whole`, earliest first."""
    if whole is None:
        return []
    rows = [
        (days, band)
        for band in bands.bands
        if band.days is not None and (days := meet(band.days, whole)) is not None
    ]
    rows.sort(key=lambda row: (row[0].first or date.min, row[0].last or date.max))
    found: list[DayFault] = []
    free = whole.first or date.min  # the first day that no band before held
    covered = False
    last: Band | None = None
    for days, band in rows:
        first, end = days.first or date.min, days.last or date.max
        if not covered and first > free:
            gap = _range(free, first - timedelta(days=1), whole)
            found.append(DayFault("gap", gap, (last, band) if last else (band,)))
        if last is not None and (covered or first < free):
            until = end if covered else min(end, free - timedelta(days=1))
            found.append(DayFault("overlap", _range(first, until, whole), (last, band)))
        if covered or (last is not None and end < free):
            continue
        last = band
        if end == date.max:
            covered = True
        else:
            free = end + timedelta(days=1)
    if not covered and free <= (whole.last or date.max):
        found.append(DayFault("gap", DayRange(_first(free, whole), whole.last), (last,) if last else ()))
    return found


def _first(day: date, whole: DayRange) -> date | None:
    return None if day == date.min and whole.first is None else day


def _range(first: date, last: date, whole: DayRange) -> DayRange:
    return DayRange(_first(first, whole), None if last == date.max and whole.last is None else last)
