"""Dates of other metrics' results, in conditions and as the date of a result, and dates worked out: worked by hand."""

from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve

from sibdsl.diagnostics import Refused
from sibdsl.model.admissible_quantities.at_most import result_days
from sibdsl.model.admissible_quantities.entry_dates import Days
from sibdsl.model.admissible_quantities.implied_by_metrics import implied
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import as_written
from tests.measure.runs_in_text import Tables, codes, dates, reasons, terms, told

TEXT = """\
metric Job Entry
  kind        outcome
  counts      rows of Jobs
  among       Service Users
  only if     Started On is on or after joining date
  held        for 6 weeks from Started On
  dated       on the day after
  per person  first only
end metric

metric Second Job
  kind        output
  counts      rows of Jobs
  among       Service Users
  only if     Started On is on or after the date of Job Entry
  dated       Started On
  per person  first only
end metric

metric Anniversary
  kind        outcome
  counts      rows of Jobs
  among       Service Users
  only if     Hours Per Week is at least 16
  dated       12 months after Started On
  per person  first only
end metric

metric Kept In Time
  kind        outcome
  counts      people
  among       Service Users
  only if     the date of Job Entry is on or before 6 months after joining date
  dated       on the date of Job Entry
end metric

metric Half A Year On
  kind        outcome
  counts      people
  among       Service Users
  dated       6 months after the date of Job Entry
end metric

payment Job Fee
  payer  Council
  payee  Charity
  | for each       | pays |
  | Job Entry      | £1   |
  | Second Job     | £2   |
  | Anniversary    | £4   |
  | Kept In Time   | £8   |
  | Half A Year On | £16  |
end payment
"""
HEADS = ("Job ID", "Person ID", "Started On", "Ended On", "Hours Per Week")
#: P1's first job ends a day early; J2 is kept on 12 February 2017, 42 days after 1 January. J3 begins on that very day.
OF_P1 = (
    ("J1", "P1", "2016-05-01", "2016-06-11", "20"),
    ("J2", "P1", "2017-01-01", "", "20"),
    ("J3", "P1", "2017-02-12", "", "12"),
)
END = date(2018, 3, 31)


def tables(*jobs: tuple[str, ...], joined: str = "2016-04-01") -> Tables:
    people = tuple((person, joined) for person in dict.fromkeys(row[1] for row in jobs))
    return {"Referrals": (("Person ID", "Referred On"), people), "Jobs": (HEADS, jobs)}


def only(*metrics: str, **changes: str) -> Contract:
    """The contract with these of its metrics alone, each paid for, and words changed: `old_words="new words"`."""
    blocks = [
        block for block in TEXT.split("\n\n") if block.split("\n")[0].removeprefix("metric ") in metrics
    ]
    fee = "".join(f"  | {name} | £1 |\n" for name in metrics)
    blocks.append(
        f"payment Job Fee\n  payer Council\n  payee Charity\n  | for each | pays |\n{fee}end payment\n"
    )
    made = terms("\n\n".join(blocks), *((old.replace("_", " "), new) for old, new in changes.items()))
    return evolve(made, metrics=tuple(metric for metric in made.metrics if metric.name in metrics))


def test_dates_by_hand() -> None:
    assert dates(terms(TEXT), tables(*OF_P1), END) == {
        "Job Entry": [("P1", "2017-02-12")],
        "Second Job": [("P1", "2017-02-12")],
        "Anniversary": [("P1", "2017-05-01")],
        # Not kept in time: six months after 1 April 2016 were over on 1 October.
        "Half A Year On": [("P1", "2017-08-12")],
    }
    early = tables(("J1", "P1", "2016-04-01", "", "20"), joined="2016-04-01")
    assert dates(terms(TEXT), early, END)["Kept In Time"] == [("P1", "2016-05-13")]


@pytest.mark.parametrize(
    ("as_of", "there"),
    [
        (date(2017, 2, 11), set()),
        (date(2017, 2, 12), {"Job Entry", "Second Job"}),
        (date(2017, 4, 30), {"Job Entry", "Second Job"}),
        (date(2017, 5, 1), {"Job Entry", "Second Job", "Anniversary"}),
        (date(2017, 8, 11), {"Job Entry", "Second Job", "Anniversary"}),
        (date(2017, 8, 12), {"Job Entry", "Second Job", "Anniversary", "Half A Year On"}),
    ],
)
def test_nothing_earns_before_its_day_has_come(as_of: date, there: set[str]) -> None:
    assert dates(terms(TEXT), tables(*OF_P1), as_of).keys() == there


@pytest.mark.parametrize(
    ("months", "started", "day"),
    [
        (12, "2016-02-29", "2017-02-28"),
        (48, "2016-02-29", "2020-02-29"),
        (11, "2016-03-31", "2017-02-28"),
        (1, "2018-01-31", "2018-02-28"),
    ],
)
def test_months_end_where_the_calendar_has_no_such_day(months: int, started: str, day: str) -> None:
    of = only("Anniversary", **{"12_months_after": f"{months} months after"})
    assert dates(of, tables(("J1", "P1", started, "", "20")), date(2020, 3, 31)) == {
        "Anniversary": [("P1", day)]
    }


def test_what_is_held_earns_when_both_days_have_come() -> None:
    of = only("Anniversary", dated="held for 13 months from Started On\n  dated")
    jobs = tables(("J1", "P1", "2016-05-01", "", "20"))
    assert dates(of, jobs, date(2017, 5, 31)) == {}
    assert dates(of, jobs, date(2017, 6, 1)) == {"Anniversary": [("P1", "2017-05-01")]}
    ended = tables(("J1", "P1", "2016-05-01", "2017-05-31", "20"))
    assert dates(of, ended, END) == {}


def test_in_stays_a_later_row_may_have_a_later_date() -> None:
    gaps = "held for 13 weeks from Started On, gaps of at most 7 days in all\n  dated"
    of = only("Anniversary", dated=gaps)
    jobs = tables(("J1", "P1", "2016-05-01", "2016-06-01", "20"), ("J2", "P1", "2016-06-03", "", "20"))
    # 91 days from 1 May, and 2 of a gap, are complete in J2, whose year is over on 3 June.
    assert dates(of, jobs, date(2017, 6, 2)) == {}
    assert dates(of, jobs, date(2017, 6, 3)) == {"Anniversary": [("P1", "2017-06-03")]}


def test_within_the_service_period_asks_it_of_the_date() -> None:
    of = only("Anniversary", dated="within the service period\n  dated")
    jobs = tables(("J1", "P1", "2018-03-31", "", "20"), ("J2", "P2", "2018-04-01", "", "20"))
    assert dates(of, jobs, date(2020, 3, 31)) == {"Anniversary": [("P1", "2019-03-31")]}


def test_rows_say_why_they_are_outside() -> None:
    jobs = tables(
        ("J1", "P1", "2016-05-01", "", "20"),
        ("J2", "P1", "2016-12-31", "", "20"),
        ("J3", "P1", "2014-05-01", "", "20"),
    )
    assert reasons(only("Anniversary"), jobs, date(2017, 12, 30), "Jobs") == [
        "used",
        "outside: dated 2017-12-31, after 30 December 2017",
        "outside: dated 2015-05-01, outside the payment period, 1 April 2016 to 31 March 2020",
    ]
    two = only(
        "Job Entry", "Second Job", joining_date="the date of Second Job", the_date_of_Job_Entry="1 May 2017"
    )
    missing = "outside: Person ID P1 has no Second Job by 31 March 2018; not met: Started On is on or after the date of"
    assert reasons(two, tables(*OF_P1), END, "Jobs") == [
        f"{missing} Second Job",
        f"{missing} Second Job",
        f"{missing} Second Job",
    ]


def test_who_has_no_result_has_no_date() -> None:
    of = only("Job Entry", "Half A Year On", counts______people="counts rows of Jobs")
    short = tables(OF_P1[0])
    said = "dated 6 months after the date of Job Entry"
    assert dates(of, short, END) == {}
    page = told(of, short, END, "P1")
    assert any(
        f"the date of Job Entry is blank, so the row has no date: it is {said}" in line for line in page
    )
    later = told(of, tables(*OF_P1), date(2017, 3, 31), "P1")
    assert any("Half A Year On: not yet: dated 12 August 2017, after 31 March 2017" in line for line in later)


def test_the_page_of_a_person_says_what_was_read() -> None:
    page = told(only("Job Entry", "Second Job"), tables(*OF_P1), END, "P1")
    assert any(
        "Started On is 1 May 2016, the date of Job Entry is 12 February 2017; not met: Started On is on or after "
        "the date of Job Entry" in line
        for line in page
    )


# ------------------------------------------------------------------ what follows for quantities


def test_there_can_be_no_more_than_of_what_is_needed() -> None:
    pairs = {(one.fewer, one.more) for one in implied(terms(TEXT))}
    assert pairs == {
        ("Second Job", "Job Entry"),
        ("Kept In Time", "Job Entry"),
        ("Half A Year On", "Job Entry"),
    }
    # Before that date, or without it, there may be more by some day.
    looser = terms(TEXT, ("is on or after the date of", "is on or before the date of"))
    assert ("Second Job", "Job Entry") not in {(one.fewer, one.more) for one in implied(looser)}
    sooner = terms(TEXT, ("6 months after the date of", "6 months before the date of"))
    assert ("Half A Year On", "Job Entry") not in {(one.fewer, one.more) for one in implied(sooner)}


def test_the_days_on_which_it_may_be_dated() -> None:
    of = terms(
        TEXT, ("only if     Hours", "only if     Started On is in the service period\n  only if     Hours")
    )
    days = {metric.name: result_days(of, as_written(of), metric) for metric in of.metrics}
    assert days["Anniversary"] == Days(date(2017, 4, 1), date(2020, 3, 31))
    # Job Entry has results in the payment period, 1 April 2016 to 31 March 2020.
    assert days["Half A Year On"] == Days(date(2016, 10, 1), date(2020, 9, 30))


def test_what_comes_too_late_is_told() -> None:
    of = only(
        "Anniversary",
        **{
            "12_months_after": "5 years after",
            "Hours_Per_Week_is_at_least_16": "Started On is in the service period",
        },
    )
    assert codes(of)["SIB0526"] == (
        "Nobody can reach Anniversary: its results are dated 5 years after Started On, and no such day lies in the payment "
        "period, 1 April 2016 to 31 March 2020. It is 1 April 2021 at the earliest."
    )
    of = only(
        "Anniversary",
        **{
            "12_months_after": "3 years after",
            "Hours_Per_Week_is_at_least_16": "Started On is in the service period",
        },
    )
    assert codes(of)["SIB0527"] == (
        "A result of Anniversary may be dated as late as 31 March 2022, and payments end on 31 March 2020: what is dated "
        "later is not paid."
    )
    assert not {"SIB0526", "SIB0527"} & codes(only("Anniversary")).keys()


def test_circles_are_told_and_never_counted() -> None:
    of = only("Job Entry", "Second Job", joining_date="the date of Second Job")
    assert codes(of)["SIB0525"] == (
        "Job Entry waits for Second Job and Second Job waits for Job Entry, so none of them is ever counted."
    )
    with pytest.raises(Refused) as refused:
        dates(of, tables(*OF_P1), END)
    assert [finding.code for finding in refused.value.found] == ["SIB0612"]
    alone = only("Half A Year On", the_date_of_Job_Entry="the date of Half A Year On")
    assert codes(alone)["SIB0525"] == (
        "Half A Year On is counted only when Half A Year On has been counted, so it never is."
    )
