"""No row, and no result of another metric, in a time after a date: worked by hand, at each edge of the time."""

from __future__ import annotations

import json
from datetime import date

import pytest

from sibdsl.diagnostics import Refused
from sibdsl.model.admissible_quantities.implied_by_metrics import implied
from sibdsl.settle.explain.person_to_json import person_json
from tests.measure.runs_in_text import Tables, codes, dates, facts, reasons, terms, told

TEXT = """\
records Convictions
  one row per Conviction
  known on  Known On
  | column       | holds  | blank    |
  | Person ID    | person | rejected |
  | Committed On | date   | allowed  |
  | Known On     | date   | allowed  |
end records

records Stays
  one row per Stay
  spell  from Came On to the day before Left On, open while blank
  | column    | holds  | blank    |
  | Person ID | person | rejected |
  | Came On   | date   | rejected |
  | Left On   | date   | allowed  |
end records

records Releases
  one row per Release
  | column      | holds  | blank    |
  | Person ID   | person | rejected |
  | Released On | date   | allowed  |
end records

metric Reoffence
  kind        outcome
  counts      rows of Convictions
  among       Service Users
  dated       Committed On
  per person  first only
end metric

metric Free
  kind        outcome
  counts      rows of Releases
  among       Service Users
  not if      any result of Reoffence is in the 12 months after Released On
  dated       12 months after Released On
end metric

metric Never Back
  kind        outcome
  counts      rows of Releases
  among       Service Users
  not if      any day of Stays is in the 12 months after Released On
  dated       Released On
end metric

payment Job Fee
  payer  Council
  payee  Charity
  | for each   | pays |
  | Reoffence  | £1   |
  | Free       | £2   |
  | Never Back | £4   |
end payment
"""
#: The 12 months after 28 February 2017 are 1 March 2017 to 28 February 2018; after 29 February 2016, 1 March 2016 to 28 February 2017.
ORDINARY, LEAP = "2017-02-28", "2016-02-29"
LATE = date(2019, 3, 31)


def tables(
    released: str = ORDINARY,
    convicted: tuple[tuple[str, str], ...] = (),
    stays: tuple[tuple[str, str], ...] = (),
) -> Tables:
    return {
        "Referrals": (("Person ID", "Referred On"), [("P1", "2016-04-01")]),
        "Releases": (("Person ID", "Released On"), [("P1", released)]),
        "Convictions": (("Person ID", "Committed On", "Known On"), [("P1", *row) for row in convicted]),
        "Stays": (("Person ID", "Came On", "Left On"), [("P1", *row) for row in stays]),
    }


def counted(given: Tables, as_of: date, metric: str, *changes: tuple[str, str]) -> list[str]:
    return [day for _, day in dates(terms(TEXT, *changes), given, as_of).get(metric, [])]


@pytest.mark.parametrize(
    ("released", "committed", "free"),
    [
        (ORDINARY, "2017-02-27", True),
        (ORDINARY, "2017-02-28", True),
        (ORDINARY, "2017-03-01", False),
        (ORDINARY, "2018-02-28", False),
        (ORDINARY, "2018-03-01", True),
        (LEAP, "2017-02-28", False),
        (LEAP, "2017-03-01", True),
        ("2019-02-28", "2020-02-28", False),
        ("2019-02-28", "2020-02-29", True),
    ],
)
def test_the_last_day_is_in_the_time_and_the_date_itself_is_not(
    released: str, committed: str, *, free: bool
) -> None:
    given = tables(released, ((committed, ""),))
    assert bool(counted(given, date(2020, 3, 31), "Free")) == free


@pytest.mark.parametrize(
    ("as_of", "free", "never_back"),
    [
        (date(2017, 2, 28), [], []),
        (date(2018, 2, 28), [], []),
        (date(2018, 3, 1), ["2018-02-28"], [ORDINARY]),
    ],
)
def test_nothing_counts_before_the_time_is_over(as_of: date, free: list[str], never_back: list[str]) -> None:
    assert counted(tables(), as_of, "Free") == free
    assert counted(tables(), as_of, "Never Back") == never_back


def test_what_is_there_decides_at_once() -> None:
    back = ("not if      any day of Stays", "only if     any day of Stays")
    given = tables(stays=(("2017-06-01", "2017-06-08"),))
    assert counted(given, date(2017, 5, 31), "Never Back", back) == []
    assert counted(given, date(2017, 6, 1), "Never Back", back) == [ORDINARY]
    again = ("not if      any result of Reoffence", "only if     any result of Reoffence")
    undated = ("dated       12 months after Released On", "dated       Released On")
    given = tables(convicted=(("2017-06-01", ""),))
    assert counted(given, date(2017, 6, 1), "Free", again, undated) == [ORDINARY]


@pytest.mark.parametrize(
    ("stay", "never_back"),
    [
        (("2017-01-01", "2017-03-01"), True),
        (("2017-01-01", "2017-03-02"), False),
        (("2017-01-01", ""), False),
        (("2018-02-28", ""), False),
        (("2018-03-01", ""), True),
        (("2018-02-28", "2018-02-28"), True),
    ],
)
def test_days_of_stays_at_the_edges(stay: tuple[str, str], *, never_back: bool) -> None:
    assert bool(counted(tables(stays=(stay,)), LATE, "Never Back")) == never_back


def test_days_that_have_not_come_are_not_there() -> None:
    booked = tables("2017-05-01", stays=(("2017-04-01", "2018-01-01"),))
    back = ("not if      any day of Stays", "only if     any day of Stays")
    # As of 1 May 2017 no day after it has come, though the row says that there will be some.
    assert counted(booked, date(2017, 5, 1), "Never Back", back) == []
    assert counted(booked, date(2017, 5, 2), "Never Back", back) == ["2017-05-01"]


def test_a_limit_for_each_person_hides_nothing() -> None:
    # Reoffence counts the first of them alone, before the release; the second is in the time.
    given = tables(convicted=(("2016-12-01", ""), ("2017-12-01", "")))
    assert counted(given, LATE, "Reoffence") == ["2016-12-01"]
    assert counted(given, LATE, "Free") == []


def test_what_becomes_known_late_takes_the_result_back() -> None:
    given = tables(convicted=(("2017-12-01", "2018-06-01"),))
    assert counted(given, date(2018, 5, 31), "Free") == ["2018-02-28"]
    assert counted(given, date(2018, 6, 1), "Free") == []


def test_a_blank_date_is_no_date() -> None:
    assert counted(tables(""), LATE, "Free") == []
    assert counted(tables(convicted=(("", ""),)), LATE, "Free") == ["2018-02-28"]


def test_past_the_payment_period_no_result_is_known() -> None:
    undated = ("dated       12 months after Released On", "dated       Released On")
    # The payment period ends on 31 March 2020.
    assert counted(tables("2019-03-31"), date(2021, 3, 31), "Free", undated) == ["2019-03-31"]
    assert counted(tables("2019-04-01"), date(2021, 3, 31), "Free", undated) == []
    of = terms(TEXT, undated, ("not if      any day of Stays", "not if      any result of Reoffence"))
    assert reasons(of, tables("2019-04-01"), date(2021, 3, 31), "Releases") == [
        (
            "outside: not met: no result of Reoffence is in the 12 months after Released On; "
            "the 12 months after Released On reach past the payment period, so Reoffence is not known there"
        )
    ]


def test_a_row_says_that_the_time_is_not_over() -> None:
    said = (
        "the 12 months after Released On are not over by 28 February 2018; not met: no result of Reoffence is in the "
        "12 months after Released On"
    )
    of = terms(TEXT, ("dated       12 months after Released On", "dated       Released On"))
    assert reasons(of, tables(), date(2018, 2, 28), "Releases") == [f"outside: {said}"]
    page = told(of, tables(), date(2018, 2, 28), "P1")
    assert any(
        line.startswith("Free: not yet: the 12 months after Released On are not over") for line in page
    )
    page = told(of, tables(convicted=(("2017-06-01", ""),)), date(2018, 2, 28), "P1")
    assert any(line.startswith("Free: not earned: Released On is 28 February 2017; not met") for line in page)


def test_a_time_before_a_date_that_has_not_come_is_not_over_either() -> None:
    planned = ("not if      any day of Stays is in the 12 months after Released On",
               "not if      any day of Stays is in the 6 months before 12 months after Released On")  # fmt: skip
    # The six months before 28 February 2018 begin on 28 August 2017, and their last day is 27 February 2018.
    assert counted(tables(), date(2018, 2, 27), "Never Back", planned) == []
    assert counted(tables(), date(2018, 2, 28), "Never Back", planned) == [ORDINARY]
    early = tables(stays=(("2017-08-01", "2017-08-28"),))
    assert counted(early, LATE, "Never Back", planned) == [ORDINARY]
    in_it = tables(stays=(("2017-08-01", "2017-08-29"),))
    assert counted(in_it, LATE, "Never Back", planned) == []


def test_circles_are_told() -> None:
    of = terms(TEXT, ("  dated       Committed On", "  not if      any result of Free is in the 1 month before Committed On\n  dated       Committed On"))  # fmt: skip
    assert codes(of)["SIB0525"] == (
        "Reoffence waits for Free and Free waits for Reoffence, so none of them is ever counted."
    )
    with pytest.raises(Refused) as refused:
        dates(of, tables(), LATE)
    assert [finding.code for finding in refused.value.found] == ["SIB0612"]


def test_what_needs_an_earlier_result_is_never_more_than_that() -> None:
    needs = TEXT.replace("not if      any result of Reoffence is in the 12 months after", "only if     any result of Reoffence is in the 1 year before")  # fmt: skip
    needs = needs.replace(
        "dated       12 months after Released On", "dated       Released On\n  per person  first only"
    )
    assert [(one.fewer, one.more) for one in implied(terms(needs))] == [("Free", "Reoffence")]
    after = needs.replace("1 year before", "1 year after")
    assert implied(terms(after)) == ()


@pytest.mark.parametrize(
    ("committed", "free"),
    [("2017-02-27", True), ("2017-02-28", False), ("2018-02-27", False), ("2018-02-28", True)],
)
def test_from_a_date_that_date_is_the_first_of_the_time(committed: str, *, free: bool) -> None:
    # The 12 months from 28 February 2017 are that day to 27 February 2018.
    given = tables(convicted=((committed, committed),))
    change = ("12 months after Released On\n  dated", "12 months from Released On\n  dated")
    assert (counted(given, LATE, "Free", change) != []) is free


def test_from_a_date_it_is_over_a_day_sooner_than_after_it() -> None:
    undated = ("dated       12 months after Released On", "dated       Released On")
    from_it = ("12 months after Released On\n  dated", "12 months from Released On\n  dated")
    ends = [date(2018, 2, 27), date(2018, 2, 28), date(2018, 3, 1)]
    assert [counted(tables(), end, "Free", undated) != [] for end in ends] == [False, False, True]
    assert [counted(tables(), end, "Free", from_it, undated) != [] for end in ends] == [False, True, True]


def test_a_person_is_told_which_row_lies_in_the_time() -> None:
    # Of the convictions the one on the day of release is not in the time, nor the stay that ended on it.
    given = tables(
        convicted=((ORDINARY, ""), ("2018-02-28", ""), ("2017-06-01", "")),
        stays=(("2017-01-01", "2017-03-01"), ("2018-01-01", "2018-02-01")),
    )
    undated = ("dated       12 months after Released On", "dated       Released On")
    page = " ".join(told(terms(TEXT, undated), given, LATE, "P1"))
    time = "is in the 12 months after Released On; in the 12 months after Released On lies"
    assert f"no result of Reoffence {time} Reoffence of 1 June 2017 (conviction, convictions.csv row 3), and 1 more after it" in page  # fmt: skip
    assert f"no day of Stays {time} stay, stays.csv row 2, from 1 January 2018" in page


def test_the_json_of_a_person_names_it_too() -> None:
    undated = ("dated       12 months after Released On", "dated       Released On")
    given = tables(convicted=(("2018-02-28", ""), ("2017-06-01", "")))
    shown = json.loads(json.dumps(person_json(facts(terms(TEXT, undated), given, LATE, "P1"))))
    looked = [one for row in shown["person"]["rows"] for one in row["looked_at"]]
    assert [one["in_time"] for one in looked if "in_time" in one] == [
        [
            {
                "time": "the 12 months after Released On",
                "metric": "Reoffence",
                "records": "Convictions",
                "source": "convictions.csv",
                "row": 2,
                "date": "2017-06-01",
                "more": 1,
            }
        ]
    ]


def test_of_one_table_the_row_under_test_is_not_the_one_that_is_told() -> None:
    moved = ("counts      rows of Releases\n  among       Service Users\n  not if      any day of Stays is in the 12 months after Released On\n  dated       Released On",
             "counts      rows of Stays\n  among       Service Users\n  not if      any day of Stays is in the 1 day from Left On\n  dated       Came On")  # fmt: skip
    given = tables(stays=(("2017-01-01", "2017-03-01"), ("2017-03-01", "2017-04-01")))
    page = " ".join(told(terms(TEXT, moved), given, LATE, "P1"))
    assert "in the 1 day from Left On lies stay, stays.csv row 2, from 1 March 2017" in page
    assert page.count(" lies ") == 1
