"""Calendar arithmetic: durations, contract years, statement periods.

Sources of the rules: language reference, 'Dates and durations' and 'Periods'.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Literal

from attrs import frozen

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

Unit = Literal["day", "week", "month", "year", "business day"]
Calendar = Literal["monthly", "quarterly", "yearly", "once at the end"]

#: Months in one statement period of each calendar.
STEP = {"monthly": 1, "quarterly": 3, "yearly": 12}

_SATURDAY = 5

#: The years that contracts can speak of, so that lengths of time can be counted from every day of theirs.
EARLIEST, LATEST = 1900, 2199


def add_months(day: date, months: int) -> date:
    """`day` moved by calendar months; a day that the month lacks becomes its last (31 January + 1 month)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    in_every_month = day.day <= 28
    return date(year, month + 1, day.day if in_every_month else min(day.day, monthrange(year, month + 1)[1]))


def birthday(born: date, years: int, *, on_1_march: bool = False) -> date:
    """The day on which so many years are complete: one on 29 February falls on 28 February in other years, or on 1 March."""
    day = add_months(born, 12 * years)
    return day + timedelta(days=1) if on_1_march and day.day < born.day else day


def whole_years(start: date, end: date, *, on_1_march: bool = False) -> int | None:
    """Whole years from one day to another, None when the second is the earlier: an age. See `birthday`."""
    if end < start:
        return None
    years = end.year - start.year
    return years if birthday(start, years, on_1_march=on_1_march) <= end else years - 1


@frozen
class Duration:
    """A length of time as written: so many days, weeks (7 days), calendar months or years.

    Business days need a calendar: they are counted by `BusinessDays`, and nowhere else.
    """

    number: int
    unit: Unit

    def after(self, day: date) -> date:
        """The day on which this length, counted from `day`, is complete. Raises OverflowError past year 9999.

        Raises TypeError for business days.
        """
        if self.unit == "business day":
            raise TypeError("business days are counted by their calendar")
        try:
            if self.unit == "day":
                return day + timedelta(days=self.number)
            if self.unit == "week":
                return day + timedelta(weeks=self.number)
            return add_months(day, self.number * (12 if self.unit == "year" else 1))
        except ValueError as error:
            raise OverflowError(str(error)) from error

    def before(self, day: date) -> date:
        """The day that lies this length before `day`. Raises OverflowError before year 1."""
        return Duration(-self.number, self.unit).after(day)

    def __str__(self) -> str:
        return f"{self.number} {self.unit}{'' if self.number == 1 else 's'}"


@frozen(order=True)
class Period:
    """Days from `start` up to, not including, `end`."""

    start: date
    end: date

    @property
    def last(self) -> date:
        """The last day of the period."""
        return self.end - timedelta(days=1)

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def __str__(self) -> str:
        return f"{long(self.start)} to {long(self.last)}"


@frozen
class BusinessDays:
    """Weekdays that are no holidays. Holidays are known of the days of `known` alone: of any other day nothing is said."""

    holidays: frozenset[date]
    known: Period

    def holds(self, day: date) -> bool:
        """Whether a day that is `known` is a business day."""
        return day.weekday() < _SATURDAY and day not in self.holidays

    def after(self, day: date, number: int) -> date | None:
        """The day on which so many business days after `day`, which is not counted, are complete; None where it is not known."""
        found, left = day, number
        while left:
            found += timedelta(days=1)
            if found not in self.known:
                return None
            left -= self.holds(found)
        return found

    def moved(self, day: date, way: Literal["next", "before"]) -> date | None:
        """The day itself if it is a business day, else the next one or the one before; None where it is not known."""
        step = timedelta(days=1 if way == "next" else -1)
        while day in self.known:
            if self.holds(day):
                return day
            day += step
        return None


class Times:
    """Stretches of time, to be asked which of them lie around others: without a look at all of them each time."""

    def __init__(self, times: Sequence[Period]) -> None:
        self._order = sorted(range(len(times)), key=lambda at: times[at].start)
        self._starts = [times[at].start for at in self._order]
        self._ends = [times[at].end for at in self._order]
        self._latest = list(accumulate(self._ends, max))

    def around(self, part: Period) -> list[int]:
        """The places of those that hold every day of `part`, in their order."""
        at = bisect_right(self._starts, part.start)
        found: list[int] = []
        while at and self._latest[at - 1] >= part.end:
            at -= 1
            if self._ends[at] >= part.end:
                found.append(self._order[at])
        return sorted(found)


def period(first: date, last: date) -> Period:
    """The period that holds both days. Raises ValueError when `last` is before `first`."""
    if last < first:
        raise ValueError(f"{long(last)} is before {long(first)}")
    return Period(first, last + timedelta(days=1))


def day_after(day: date) -> date:
    """The next day; of the last day of the calendar, which has none, that day itself: no contract can speak of it."""
    return day if day == date.max else day + timedelta(days=1)


def year_start(day: date, begin: tuple[int, int]) -> date:
    """First day of the contract year (beginning each `begin` = (month, day)) that holds `day`."""
    here = _begin(day.year, begin)
    return here if here <= day else _begin(day.year - 1, begin)


def _begin(year: int, begin: tuple[int, int]) -> date:
    month, day = begin
    return date(year, month, min(day, monthrange(year, month)[1]))


def contract_year(begins_in: int, begin: tuple[int, int]) -> Period:
    """The contract year that begins in the calendar year `begins_in`."""
    return Period(_begin(begins_in, begin), _begin(begins_in + 1, begin))


@lru_cache(maxsize=1024)
def statement_periods(whole: Period, calendar: Calendar, begin: tuple[int, int]) -> tuple[Period, ...]:
    """`whole` cut at the calendar's boundaries, which count from the contract year's first day."""
    if calendar == "once at the end":
        return (whole,)
    cuts: list[date] = [whole.start]
    for boundary in _boundaries(year_start(whole.start, begin), STEP[calendar]):
        if boundary >= whole.end:
            break
        if boundary > whole.start:
            cuts.append(boundary)
    cuts.append(whole.end)
    return tuple(Period(a, b) for a, b in pairwise(cuts))


def _boundaries(origin: date, step: int) -> Iterator[date]:
    months = 0
    while True:
        yield add_months(origin, months)
        months += step


def ends_of_months(whole: Period) -> Iterator[date]:
    """The days of a period that are the last of their month in the calendar."""
    return _ends(whole, whole.start.replace(day=1), 1)


def ends_of_years(whole: Period, begin: tuple[int, int], months: int) -> Iterator[date]:
    """The days of a period that end a contract year, or each part of one of so many months."""
    return _ends(whole, year_start(whole.start, begin), months)


def _ends(whole: Period, origin: date, months: int) -> Iterator[date]:
    for boundary in _boundaries(origin, months):
        end = boundary - timedelta(days=1)
        if end >= whole.end:
            return
        if end in whole:
            yield end


def years_of(whole: Period, begin: tuple[int, int]) -> tuple[Period, ...]:
    """`whole` cut at the contract years' first days; the first and last may be part years."""
    return statement_periods(whole, "yearly", begin)


def year_name(start: date) -> str:
    """A contract year as contracts write it: `2016/17`, or `2016` when it is the calendar year."""
    if (start.month, start.day) == (1, 1):
        return str(start.year)
    return f"{start.year}/{(start.year + 1) % 100:02d}"


def long(day: date) -> str:
    """`31 March 2018`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def short(day: date) -> str:
    """`31 Mar 2018`."""
    return f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}"


def months_name(span: Period) -> str:
    """A period as people say it: `April-June 2018`, or its two days when it is not whole months."""
    if span.start.day != 1 or span.end.day != 1:
        return f"{short(span.start)} - {short(span.last)}"
    first, last = MONTHS[span.start.month - 1], MONTHS[span.last.month - 1]
    if span.start.year != span.last.year:
        return f"{first} {span.start.year} - {last} {span.last.year}"
    return f"{first} {span.start.year}" if first == last else f"{first}-{last} {span.last.year}"


_WRITTEN = re.compile(r"([0-9]{1,2}) (" + "|".join(MONTHS) + r") ([0-9]{4})")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


_LASTING = re.compile(r"([1-9][0-9]{0,3}) (day|week|month|year)s?")


def parse_duration(text: str) -> Duration:
    """A length of time written `30 months`; raises ValueError for anything else."""
    match = _LASTING.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return Duration(int(match[1]), match[2])  # type: ignore[arg-type] # one of the four units


def speakable(day: date) -> bool:
    """Whether a contract can speak of the day."""
    return EARLIEST <= day.year <= LATEST


def parse(text: str) -> date:
    """A day written `31 March 2018` or `2018-03-31`; raises ValueError for anything else or no such day."""
    if _ISO.fullmatch(text):
        return date.fromisoformat(text)
    match = _WRITTEN.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return date(int(match[3]), MONTHS.index(match[2]) + 1, int(match[1]))
