"""Something held for a time that a printed table has for each group: worked by hand, and what is told of groups without one."""

from __future__ import annotations

from datetime import date

from sibdsl.model.admissible_quantities.at_most import result_days
from sibdsl.model.admissible_quantities.entry_dates import Days
from sibdsl.model.admissible_quantities.implied_by_metrics import implied
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.to_json import from_json, to_json
from sibdsl.source import Source
from sibdsl.syntax.standard_layout import format_text
from tests.measure.runs_in_text import Tables, codes, dates, reasons, terms, told

TEXT = """\
table Times
  | Level | Weeks    | Least    |
  | L2    | 13 weeks | 1 week   |
  | L3    | 6 months | 26 weeks |
  | L4    | blank    | 1 year   |
end table

records Jobs
  one row per Job
  spell  from Started On to the day before Ended On, open while blank
  | column         | holds      | blank    |
  | Job ID         | identifier | rejected |
  | Person ID      | person     | rejected |
  | Started On     | date       | rejected |
  | Ended On       | date       | allowed  |
  | Level          | text       | allowed  |
  | Hours Per Week | hours      | allowed  |
end records

metric Job Entry
  kind        outcome
  counts      rows of Jobs
  among       Service Users
  held        for Weeks read at Level from Started On
  dated       on the day after
  per person  first only
end metric

payment Job Fee
  payer     Council
  payee     Charity
  for each  Job Entry
  pays      £100
end payment
"""
HEADS = ("Job ID", "Person ID", "Started On", "Ended On", "Level", "Hours Per Week")
END = date(2018, 3, 31)
ONCE = "  per person  first only\n"


def tables(*jobs: tuple[str, str, str, str]) -> Tables:
    people = dict.fromkeys(row[0] for row in jobs)
    rows = [(f"J{at}", *row, "20") for at, row in enumerate(jobs, start=1)]
    return {
        "Referrals": (("Person ID", "Referred On"), [(who, "2016-04-01") for who in people]),
        "Jobs": (HEADS, rows),
    }


#: 91 days from 31 August 2016 are complete on 30 November, six months on 28 February.
JOBS = tables(
    ("P1", "2016-08-31", "2016-11-30", "L2"),
    ("P2", "2016-08-31", "2016-11-29", "L2"),
    ("P3", "2016-08-31", "", "L3"),
    ("P4", "2016-08-31", "", "L4"),
    ("P5", "2016-08-31", "", "L5"),
    ("P6", "2016-08-31", "", ""),
)


def test_each_group_for_its_time() -> None:
    of = terms(TEXT)
    both = [("P1", "2016-11-30"), ("P3", "2017-02-28")]
    assert dates(of, JOBS, END) == {"Job Entry": both}
    assert dates(of, JOBS, date(2017, 2, 27)) == {"Job Entry": both[:1]}
    assert dates(of, JOBS, date(2016, 11, 29)) == {}


def test_instalments_may_follow() -> None:
    monthly = terms(
        TEXT,
        ("from Started On\n", "from Started On, then every 1 month, at most 2 times in each stay\n"),
        (ONCE, ""),
    )
    assert dates(monthly, JOBS, END) == {
        "Job Entry": [
            # A month from the day on which 13 weeks are complete; but six months and one from the start.
            ("P1", "2016-11-30"),
            ("P3", "2017-02-28"),
            ("P3", "2017-03-31"),
        ]
    }
    weekly = terms(
        TEXT, ("from Started On\n", "from Started On, then every 2 weeks, at most 2 times\n"), (ONCE, "")
    )
    goes_on = tables(("P1", "2016-08-31", "", "L2"), ("P3", "2016-08-31", "", "L3"))
    assert dates(weekly, goes_on, END) == {
        "Job Entry": [("P1", "2016-11-30"), ("P1", "2016-12-14"), ("P3", "2017-02-28"), ("P3", "2017-03-14")]
    }


def test_days_count_once_held_so_long() -> None:
    of = terms(
        TEXT,
        ("rows of Jobs", "days of Jobs"),
        ("from Started On\n", "from Started On, counting later days\n"),
        ("on the day after", "each day"),
        (ONCE, ""),
    )
    ended = tables(("P1", "2016-08-31", "2016-12-03", "L2"), ("P4", "2016-08-31", "2018-01-01", "L4"))
    # From 30 November 2016: three days.
    assert dates(of, ended, END) == {"Job Entry": [("P1", "2016-11-30")]}


def test_a_group_without_a_time_is_told() -> None:
    lacks = "so it is not known how long it must last"
    assert reasons(terms(TEXT), JOBS, END, "Jobs") == [
        "used",
        "used",
        "used",
        f"outside: Weeks read at Level is blank for L4, {lacks}",
        f"outside: Times has no row for L5, {lacks}",
        f"outside: Level is blank, {lacks}",
    ]
    page = told(terms(TEXT), JOBS, END, "P5")
    assert any(line.startswith("Job Entry: not earned: ") and line.endswith(lacks) for line in page), page
    short = told(terms(TEXT), JOBS, END, "P2")
    assert any("is 90 days, one day short of Weeks read at Level" in line for line in short), short


def test_what_follows_for_quantities_and_checks() -> None:
    of = terms(TEXT)
    assert result_days(of, as_written(of), of.metrics[0]) == Days()
    longer = (
        TEXT[TEXT.index("metric") : TEXT.index("payment")]
        .replace("Job Entry", "Kept")
        .replace("Weeks read at Level", "2 years")
    )
    # The time of a group may be any: nothing is implied.
    assert implied(terms(TEXT + "\n" + longer)) == ()
    assert codes(of).keys() == {"SIB0512", "SIB0509"} & codes(of).keys()


def test_it_is_read_back_from_json_and_laid_out() -> None:
    of = terms(TEXT)
    assert from_json(to_json(of)) == of
    line = "  held        for Weeks read at Level from Started On\n"
    squeezed = line.replace("        ", " ")
    assert line in format_text(Source("x.sib", TEXT.replace(line, squeezed)))
