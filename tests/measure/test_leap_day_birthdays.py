"""Birthdays of people born on 29 February: on 28 February, or on 1 March where the contract says so."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sibdsl import dates
from sibdsl.measure import sqldates, sqltree
from sibdsl.measure.engines.duckdb import DuckDB
from tests.measure import forms

BORN = date(2008, 2, 29)


def years(start: date, end: date, *, march: bool) -> int | None:
    with DuckDB() as engine:
        query = sqltree.query(
            [sqldates.whole_years(sqltree.day(start), sqltree.day(end), leap_on_1_march=march)]
        )
        found: int | None = engine.fetch(query)[0][0]
    return found


@pytest.mark.parametrize(
    ("end", "february", "march"),
    [
        (date(2026, 2, 27), 17, 17),
        (date(2026, 2, 28), 18, 17),
        (date(2026, 3, 1), 18, 18),
        (date(2028, 2, 28), 19, 19),
        (date(2028, 2, 29), 20, 20),
    ],
)
def test_an_age_on_the_days_about_a_leap_day_birthday(end: date, february: int, march: int) -> None:
    assert (years(BORN, end, march=False), years(BORN, end, march=True)) == (february, march)
    assert (dates.whole_years(BORN, end), dates.whole_years(BORN, end, on_1_march=True)) == (february, march)


def by_hand(start: date, end: date, *, march: bool) -> int | None:
    """How many birthdays have come: each looked for in its own year."""
    if end < start:
        return None
    come = 0
    for year in range(start.year + 1, end.year + 1):
        try:
            birthday = start.replace(year=year)
        except ValueError:
            birthday = date(year, 3, 1) if march else date(year, 2, 28)
        come += birthday <= end
    return come


@forms.hypothesis(Fraction(1, 4))
@given(
    st.one_of(st.sampled_from((BORN, date(2008, 2, 28), date(2000, 2, 29), date(1999, 3, 1))), st.dates(date(1990, 1, 1), date(2010, 1, 1))),
    st.integers(0, 30),
    st.integers(-3, 3),
    st.booleans(),
)  # fmt: skip
def test_an_age_is_the_birthdays_that_have_come(start: date, number: int, days: int, march: bool) -> None:
    end = dates.birthday(start, number) + timedelta(days=days)
    assert years(start, end, march=march) == by_hand(start, end, march=march)
    assert dates.whole_years(start, end, on_1_march=march) == by_hand(start, end, march=march)
