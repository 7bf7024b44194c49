"""Calendar arithmetic: months' ends, leap days, contract years, statement periods, and how dates are written."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sibdsl import dates
from sibdsl.dates import (
    Calendar,
    Duration,
    Period,
    add_months,
    contract_year,
    months_name,
    parse,
    period,
    statement_periods,
    year_name,
    year_start,
    years_of,
)

DAY = timedelta(days=1)
BEGINS = st.sampled_from([(4, 1), (1, 1), (10, 1), (7, 6), (1, 31), (8, 30), (2, 28), (12, 31)])
DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))


def on(text: str) -> date:
    return date.fromisoformat(text)


# ------------------------------------------------------------------ months and durations


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ("2017-01-31", 1, "2017-02-28"),
        ("2016-01-31", 1, "2016-02-29"),
        ("2017-08-31", 6, "2018-02-28"),
        ("2017-08-29", 6, "2018-02-28"),
        ("2017-08-28", 6, "2018-02-28"),
        ("2016-02-29", 12, "2017-02-28"),
        ("2016-02-29", 48, "2020-02-29"),
        ("2016-03-31", -1, "2016-02-29"),
        ("2016-12-31", 2, "2017-02-28"),
        ("2016-05-31", 0, "2016-05-31"),
    ],
)
def test_months(day: str, months: int, later: str) -> None:
    assert add_months(on(day), months) == on(later)


@pytest.mark.parametrize(
    ("length", "day", "reached"),
    [
        (Duration(6, "week"), "2018-02-18", "2018-04-01"),
        (Duration(6, "month"), "2017-08-31", "2018-02-28"),
        (Duration(1, "year"), "2016-02-29", "2017-02-28"),
        (Duration(1, "day"), "2016-02-28", "2016-02-29"),
    ],
)
def test_durations(length: Duration, day: str, reached: str) -> None:
    assert length.after(on(day)) == on(reached)


@pytest.mark.parametrize("unit", ["day", "week", "month", "year"])
def test_no_duration_reaches_past_the_calendar(unit: dates.Unit) -> None:
    with pytest.raises(OverflowError):
        Duration(9999, unit).after(date(9999, 12, 1))


def test_durations_as_people_say_them() -> None:
    assert [str(Duration(1, "week")), str(Duration(6, "month"))] == ["1 week", "6 months"]


@given(DAYS, st.integers(-240, 240))
def test_a_month_later_is_the_same_day_or_the_last(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + DAY).day == 1)


# ------------------------------------------------------------------ periods and years


def test_a_period_holds_both_its_days() -> None:
    quarter = period(on("2018-04-01"), on("2018-06-30"))
    assert quarter == Period(on("2018-04-01"), on("2018-07-01"))
    assert quarter.last == on("2018-06-30")
    assert on("2018-06-30") in quarter
    assert on("2018-07-01") not in quarter
    assert str(quarter) == "1 April 2018 to 30 June 2018"
    assert period(on("2018-04-01"), on("2018-04-01")).last == on("2018-04-01")


def test_no_period_ends_before_it_begins() -> None:
    with pytest.raises(ValueError, match="31 March 2018 is before 1 April 2018"):
        period(on("2018-04-01"), on("2018-03-31"))


@pytest.mark.parametrize(
    ("day", "begin", "start"),
    [
        ("2016-04-01", (4, 1), "2016-04-01"),
        ("2016-03-31", (4, 1), "2015-04-01"),
        ("2016-12-31", (1, 1), "2016-01-01"),
        ("2016-01-30", (1, 31), "2015-01-31"),
        ("2016-12-30", (12, 31), "2015-12-31"),
    ],
)
def test_the_contract_year_of_a_day(day: str, begin: tuple[int, int], start: str) -> None:
    assert year_start(on(day), begin) == on(start)


@given(DAYS, BEGINS)
def test_every_day_is_in_its_contract_year(day: date, begin: tuple[int, int]) -> None:
    start = year_start(day, begin)
    year = contract_year(start.year, begin)
    assert day in year
    assert year.start == start
    assert (year.end - year.start).days in (365, 366)


@pytest.mark.parametrize(
    ("whole", "calendar", "begin", "starts"),
    [
        (("2016-04-01", "2017-03-31"), "quarterly", (4, 1), ("04-01", "07-01", "10-01", "01-01")),
        (("2016-05-15", "2017-03-31"), "quarterly", (4, 1), ("05-15", "07-01", "10-01", "01-01")),
        (("2016-04-01", "2016-12-01"), "quarterly", (4, 1), ("04-01", "07-01", "10-01")),
        (("2016-01-31", "2016-05-30"), "monthly", (1, 31), ("01-31", "02-29", "03-31", "04-30")),
        (("2016-04-01", "2018-09-30"), "yearly", (4, 1), ("04-01", "04-01", "04-01")),
        (("2016-04-01", "2018-09-30"), "once at the end", (4, 1), ("04-01",)),
        (("2016-04-01", "2016-04-01"), "monthly", (4, 1), ("04-01",)),
    ],
)
def test_statement_periods(
    whole: tuple[str, str], calendar: Calendar, begin: tuple[int, int], starts: tuple[str, ...]
) -> None:
    found = statement_periods(period(on(whole[0]), on(whole[1])), calendar, begin)
    assert tuple(f"{one.start:%m-%d}" for one in found) == starts


@given(
    DAYS, st.integers(0, 2000), BEGINS, st.sampled_from(["monthly", "quarterly", "yearly", "once at the end"])
)
def test_statements_leave_no_day_out(
    start: date, length: int, begin: tuple[int, int], calendar: Calendar
) -> None:
    whole = period(start, start + timedelta(days=length))
    found = statement_periods(whole, calendar, begin)
    assert (found[0].start, found[-1].end) == (whole.start, whole.end)
    assert all(one.end == other.start for one, other in pairwise(found))
    assert all(one.start < one.end for one in found)
    if calendar != "once at the end":
        years = {one.start for one in years_of(whole, begin)}
        assert years <= {one.start for one in found}
        origin, step = year_start(whole.start, begin), dates.STEP[calendar]
        steps = {add_months(origin, step * number) for number in range(90)}
        assert {one.start for one in found[1:]} <= steps


# ------------------------------------------------------------------ as written


@pytest.mark.parametrize(
    ("text", "day"),
    [("31 March 2018", "2018-03-31"), ("1 April 2016", "2016-04-01"), ("2018-03-31", "2018-03-31")],
)
def test_parse(text: str, day: str) -> None:
    assert parse(text) == on(day)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "31/03/2018",
        "31 Mar 2018",
        "31 April 2018",
        "29 February 2018",
        "2018-02-29",
        "1 April 16",
        "20180331",
        "0 May 2018",
    ],
)
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - it says the text and no more
        parse(text)


@given(DAYS)
def test_long_dates_read_back(day: date) -> None:
    assert parse(dates.long(day)) == day == parse(day.isoformat())


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2018-04-01", "2018-06-30", "April-June 2018"),
        ("2018-04-01", "2018-04-30", "April 2018"),
        ("2016-04-01", "2017-03-31", "April 2016 - March 2017"),
        ("2018-04-02", "2018-06-30", "2 Apr 2018 - 30 Jun 2018"),
    ],
)
def test_months_as_people_say_them(first: str, last: str, said: str) -> None:
    assert months_name(period(on(first), on(last))) == said


def test_years_as_contracts_write_them() -> None:
    names = [year_name(on(one)) for one in ("2016-04-01", "2016-01-01", "1999-04-01")]
    assert names == ["2016/17", "2016", "1999/00"]


def test_days_as_people_say_them() -> None:
    assert (dates.long(on("2018-03-01")), dates.short(on("2018-03-01"))) == ("1 March 2018", "1 Mar 2018")


def test_the_day_after() -> None:
    assert dates.day_after(date(2028, 2, 28)) == date(2028, 2, 29)
    assert dates.day_after(date.max) == date.max
