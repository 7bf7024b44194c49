"""Business days: counted and moved; and the bank holidays of England and Wales against the rules of the statute."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sibdsl import pipeline
from sibdsl.dates import BusinessDays, Duration, Period
from sibdsl.resources import resource

EASTER = date(2026, 4, 3), date(2026, 4, 6)
KNOWN = Period(date(2026, 1, 1), date(2027, 1, 1))
DAYS = BusinessDays(frozenset(EASTER), KNOWN)


@pytest.mark.parametrize(
    ("start", "number", "end"),
    [
        # By hand, with a calendar: Thursday 2 April, Good Friday, Easter Monday.
        (date(2026, 4, 2), 1, date(2026, 4, 7)),
        (date(2026, 4, 2), 10, date(2026, 4, 20)),
        (date(2026, 4, 4), 1, date(2026, 4, 7)),
        (date(2026, 4, 8), 2, date(2026, 4, 10)),
        (date(2026, 4, 8), 3, date(2026, 4, 13)),
        (date(2026, 12, 30), 1, date(2026, 12, 31)),
        (date(2026, 12, 30), 2, None),
    ],
)
def test_counted_by_hand(start: date, number: int, end: date | None) -> None:
    assert DAYS.after(start, number) == end


def test_moved() -> None:
    assert DAYS.moved(date(2026, 4, 4), "next") == date(2026, 4, 7)
    assert DAYS.moved(date(2026, 4, 4), "before") == date(2026, 4, 2)
    assert DAYS.moved(date(2026, 4, 7), "next") == date(2026, 4, 7)
    assert DAYS.moved(date(2027, 1, 4), "next") is None


def test_a_day_that_is_in_no_table_is_a_business_day() -> None:
    assert DAYS.holds(date(2026, 5, 4))


def test_no_calendar_no_business_days() -> None:
    with pytest.raises(TypeError):
        Duration(3, "business day").after(date(2026, 1, 1))


@given(
    st.dates(date(2026, 1, 1), date(2026, 11, 30)),
    st.integers(1, 15),
    st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=12),
)
def test_so_many_business_days_lie_between(start: date, number: int, holidays: frozenset[date]) -> None:
    days = BusinessDays(holidays, KNOWN)
    end = days.after(start, number)
    if end is None:
        return
    passed = [start + timedelta(days=ahead) for ahead in range(1, (end - start).days + 1)]
    assert sum(day.weekday() < 5 and day not in holidays for day in passed) == number
    assert days.holds(end)


# ------------------------------------------------------------------ England and Wales


def easter(year: int) -> date:
    """Easter Sunday, by the anonymous Gregorian reckoning (Meeus, Astronomical Algorithms, chapter 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (b - (b + 8) // 25 + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    last = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * last) // 451
    month, day = divmod(h + last - 7 * m + 114, 31)
    return date(year, month, day + 1)


def monday(year: int, month: int, *, last: bool) -> date:
    days = [date(year, month, 1) + timedelta(days=ahead) for ahead in range(31)]
    mondays = [day for day in days if day.month == month and day.weekday() == 0]
    return mondays[-1 if last else 0]


def by_statute(year: int) -> set[date]:
    """The usual bank holidays: the schedule of the 1971 Act, the common law's, and the yearly proclamations.

    What falls on a weekend has the next days that are no holidays in its place.
    """
    sunday = easter(year)
    found = {sunday - timedelta(days=2), sunday + timedelta(days=1)}
    found |= {monday(year, 5, last=False), monday(year, 5, last=True), monday(year, 8, last=True)}
    for fixed in (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)):
        day = fixed
        while day.weekday() > 4 or day in found:
            day += timedelta(days=1)
        found.add(day)
    return found


def test_the_table_of_the_library_has_the_days_of_the_statute() -> None:
    path = resource("stdlib", "calendars", "england-and-wales.sib")
    table = pipeline.load_module(pipeline.read(path)).contract.lookups[0]
    keys = {row.cells[0].value for row in table.rows if row.cells[0] is not None}
    assert table.known is not None
    years = range(table.known.start.year, table.known.end.year)
    assert keys == set().union(*map(by_statute, years))
