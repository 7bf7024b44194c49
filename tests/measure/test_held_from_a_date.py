"""What is held from a date of the person: worked by hand, on the edges of that date; reasons, proofs and forms of the model."""

from __future__ import annotations

from datetime import date

import pytest

from sibdsl.model.admissible_quantities.at_most import result_days
from sibdsl.model.admissible_quantities.entry_dates import Days
from sibdsl.model.admissible_quantities.implied_by_metrics import implied
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.to_json import from_json, to_json
from tests.measure.runs_in_text import Tables, dates, reasons, terms, told

#: Job Entry, in the small sound contract, is held for 6 weeks and dated on the day after: begun on 1 June 2016, on 13 July.
TEXT = """\
metric Kept On
  kind    outcome
  counts  rows of Jobs
  among   Service Users
  held    for 4 weeks from the date of Job Entry
  dated   on the day after
end metric

payment Kept Fee
  payer     Council
  payee     Charity
  for each  Kept On
  pays      £100
end payment
"""
FROM = "for 4 weeks from the date of Job Entry"
GAPS = f"{FROM}, gaps of at most 7 days in all"
EVERY = "every 4 weeks from the date of Job Entry"
END = date(2017, 3, 31)
JOB = ("Job ID", "Person ID", "Started On", "Ended On", "Hours Per Week")
FIRST = ("P1", "2016-06-01", "2016-07-20")


def tables(*jobs: tuple[str, str, str]) -> Tables:
    people = dict.fromkeys(row[0] for row in jobs)
    return {
        "Referrals": (("Person ID", "Referred On"), [(who, "2016-04-01") for who in people]),
        "Jobs": (JOB, [(f"J{at}", *row, "20") for at, row in enumerate(jobs, start=1)]),
    }


@pytest.mark.parametrize(
    ("held", "jobs", "kept"),
    [
        # 28 days from 13 July: to 9 August, and complete on the 10th, which may be the first day out.
        (FROM, [("P1", "2016-06-01", "2016-08-10")], ["2016-08-10"]),
        (FROM, [("P1", "2016-06-01", "2016-08-09")], []),
        # Another row that lasts on the day counts too; one that begins a day later does not.
        (FROM, [FIRST, ("P1", "2016-07-13", "")], ["2016-08-10"]),
        (FROM, [FIRST, ("P1", "2016-07-14", "")], []),
        # Joined: J1 to 19 July, 5 days away, J2 from 25 July; or 7 days, and 8.
        (GAPS, [FIRST, ("P1", "2016-07-25", "")], ["2016-08-15"]),
        (GAPS, [FIRST, ("P1", "2016-07-27", "")], ["2016-08-17"]),
        (GAPS, [FIRST, ("P1", "2016-07-28", "")], []),
        # The first days of the time itself are a gap: kept on 13 July, the day out; from 20 July seven days late.
        (GAPS, [("P1", "2016-06-01", "2016-07-13"), ("P1", "2016-07-20", "")], ["2016-08-17"]),
        (GAPS, [("P1", "2016-06-01", "2016-07-13"), ("P1", "2016-07-21", "")], []),
        # The clock does not restart after a gap that is too long, however long the next one lasts.
        (
            GAPS,
            [
                ("P1", "2016-06-01", "2016-07-13"),
                ("P1", "2016-07-14", "2016-07-20"),
                ("P1", "2016-08-20", ""),
            ],
            [],
        ),
        (
            EVERY,
            [("P1", "2016-06-01", "2016-10-05")],
            ["2016-08-10", "2016-09-07", "2016-10-05"],
        ),
        (f"{EVERY}, at most 2 times", [("P1", "2016-06-01", "")], ["2016-08-10", "2016-09-07"]),
        # 18 days after 13 July is 31 July: a month later 31 August, then the last days of months.
        (
            "every 1 month from 18 days after the date of Job Entry",
            [("P1", "2016-06-01", "2016-10-31")],
            ["2016-08-31", "2016-09-30", "2016-10-31"],
        ),
        ("for 60 days from joining date", [("P1", "2016-04-01", "2016-05-31")], ["2016-05-31"]),
        ("for 60 days from Referred On of Service Users", [("P1", "2016-04-02", "")], []),
    ],
)
def test_on_the_edges_of_the_date(held: str, jobs: list[tuple[str, str, str]], kept: list[str]) -> None:
    found = dates(terms(TEXT, (FROM, held)), tables(*jobs), END)
    assert [day for _, day in found.get("Kept On", [])] == kept


def test_not_before_its_day_has_come() -> None:
    of, jobs = terms(TEXT), tables(("P1", "2016-06-01", ""))
    assert "Kept On" not in dates(of, jobs, date(2016, 8, 9))
    assert "Kept On" in dates(of, jobs, date(2016, 8, 10))


def test_whoever_has_no_such_date_is_told() -> None:
    of, short = terms(TEXT), ("P1", "2016-06-01", "2016-07-12")
    page = told(of, tables(short), END, "P1")
    assert any(
        line.startswith("Kept On: not earned: ")
        and line.endswith("so it is not known from when it must last")
        for line in page
    ), page


def test_the_reason_of_a_row() -> None:
    only = terms(
        "records Stays\n  one row per Stay\n  spell  from Began to the day before Ended, open while blank\n"
        "  | column    | holds  | blank    |\n  | Person ID | person | rejected |\n  | Began | date | rejected |\n"
        "  | Ended | date | allowed |\nend records\n\n" + TEXT.replace("rows of Jobs", "rows of Stays")
    )
    given = {
        **tables(("P1", "2016-06-01", "2016-07-12")),
        "Stays": (("Person ID", "Began", "Ended"), [("P1", "2016-05-01", "")]),
    }
    assert reasons(only, given, END, "Stays") == [
        "outside: the person has no Job Entry by 31 March 2017, so it is not known from when it must last"
    ]


def test_what_follows_for_quantities() -> None:
    once = TEXT.replace("day after\nend", "day after\n  per person  first only\nend")
    of = terms(once)
    # Job Entry is dated in the payment period, from 1 April 2016; 28 days later at the earliest.
    assert result_days(of, as_written(of), of.metrics[-1]) == Days(date(2016, 4, 29), date(2020, 4, 28))
    assert [(one.fewer, one.more) for one in implied(of)] == [("Kept On", "Job Entry")]
    by_column = terms(once, ("dated   on the day after", "dated   Started On"))
    assert implied(by_column) == ()


def test_it_is_read_back_from_json() -> None:
    of = terms(TEXT, (FROM, f"{FROM}, then every 1 month, at most 3 times in each stay"))
    assert from_json(to_json(of)) == of
