"""Instalments: a result when something has been held for a time and after each further time; worked by hand, at the edges."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from sibdsl.model.admissible_quantities.at_most import Most, bounds, result_days
from sibdsl.model.admissible_quantities.entry_dates import Days
from sibdsl.model.nodes import AtMost, Contract
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.periods import segments
from sibdsl.settle.run import pay
from tests.measure.runs_in_text import Tables, codes, dates, terms, told

LINE = "for 8 weeks from Started On, then every 4 weeks"
TEXT = f"""\
metric Job Entry
  kind    outcome
  counts  rows of Jobs
  among   Service Users
  held    {LINE}
  dated   on the day after
end metric

payment Job Fee
  payer     Council
  payee     Charity
  for each  Job Entry
  pays      £100
end payment
"""
HEADS = ("Job ID", "Person ID", "Started On", "Ended On", "Hours Per Week")
END = date(2018, 3, 31)


def tables(*jobs: tuple[str, str]) -> Tables:
    rows = [(f"J{at}", "P1", start, end, "20") for at, (start, end) in enumerate(jobs, start=1)]
    return {"Referrals": (("Person ID", "Referred On"), [("P1", "2016-04-01")]), "Jobs": (HEADS, rows)}


def held(line: str, *more: tuple[str, str]) -> Contract:
    return terms(TEXT, (LINE, line), *more)


def days(contract: Contract, jobs: Tables, as_of: date = END) -> list[str]:
    return [day for _, day in dates(contract, jobs, as_of).get("Job Entry", [])]


@pytest.mark.parametrize(
    ("ended", "as_of", "there"),
    [
        # 56, 84 and 112 days after 1 April 2016.
        ("", date(2016, 5, 26), []),
        ("", date(2016, 5, 27), ["2016-05-27"]),
        ("", date(2016, 6, 23), ["2016-05-27"]),
        ("", date(2016, 6, 24), ["2016-05-27", "2016-06-24"]),
        ("2016-05-26", END, []),
        ("2016-05-27", END, ["2016-05-27"]),
        ("2016-07-21", END, ["2016-05-27", "2016-06-24"]),
        ("2016-07-22", END, ["2016-05-27", "2016-06-24", "2016-07-22"]),
    ],
)
def test_each_when_it_is_complete(ended: str, as_of: date, there: list[str]) -> None:
    assert days(held(LINE), tables(("2016-04-01", ended)), as_of) == there


def test_dated_on_the_last_day_held() -> None:
    of = held(LINE, ("on the day after", "on the last day held"))
    assert days(of, tables(("2016-04-01", "2016-07-01"))) == ["2016-05-26", "2016-06-23"]
    # That last day itself does not know yet that it is complete.
    assert days(of, tables(("2016-04-01", "")), date(2016, 5, 26)) == []


@pytest.mark.parametrize(
    ("line", "start", "first"),
    [
        (
            "for 6 months from Started On, then every 1 month",
            "2016-08-31",
            ["2017-02-28", "2017-03-31", "2017-04-30"],
        ),
        ("every 1 month from Started On", "2017-01-31", ["2017-02-28", "2017-03-31", "2017-04-30"]),
        ("every 1 year from Started On", "2016-02-29", ["2017-02-28", "2018-02-28"]),
        ("for 1 year from Started On, then every 6 months", "2016-04-30", ["2017-04-30", "2017-10-30"]),
        # 13 weeks from 2 March are complete on 1 June; months run from there.
        (
            "for 13 weeks from Started On, then every 1 month",
            "2017-03-02",
            ["2017-06-01", "2017-07-01", "2017-08-01"],
        ),
        (
            "for 1 month from Started On, then every 2 weeks",
            "2017-01-31",
            ["2017-02-28", "2017-03-14", "2017-03-28"],
        ),
    ],
)
def test_months_and_weeks_are_counted_on(line: str, start: str, first: list[str]) -> None:
    assert days(held(line), tables((start, "")))[: len(first)] == first


def test_so_many_of_a_person_or_of_each_stay() -> None:
    jobs = tables(("2016-04-01", "2016-07-21"), ("2016-08-01", ""))
    of_person = held(f"{LINE}, at most 3 times")
    assert of_person.metrics[0].at_most == AtMost(3, "contract")
    assert days(of_person, jobs) == ["2016-05-27", "2016-06-24", "2016-09-26"]
    in_each = held(f"{LINE}, at most 3 times in each stay")
    assert days(in_each, jobs) == ["2016-05-27", "2016-06-24", "2016-09-26", "2016-10-24", "2016-11-21"]
    assert len(days(held(LINE), jobs)) > 20


def test_a_stay_begun_before_payments_has_used_up_what_came_first() -> None:
    # 29 January, 26 February, 25 March and 22 April 2016; payments begin on 1 April.
    jobs = tables(("2016-01-01", ""))
    assert days(held("every 4 weeks from Started On, at most 4 times in each stay"), jobs) == ["2016-04-22"]
    assert days(held("every 4 weeks from Started On, at most 2 times"), jobs) == ["2016-04-22", "2016-05-20"]


def test_gaps_put_instalments_off_and_a_stay_goes_on_in_the_next_row() -> None:
    line = "for 8 weeks from Started On, gaps of at most 7 days in all, then every 4 weeks, at most 3 times in each stay"
    # 40 days held, 5 of a gap: the 56th day held is 31 May, and 84 are complete 28 days later.
    jobs = tables(("2016-04-01", "2016-05-11"), ("2016-05-16", "2016-07-01"), ("2016-07-10", ""))
    # The gap of 9 days ends the stay: the clock restarts on 10 July.
    assert days(held(line), jobs) == ["2016-06-01", "2016-06-29", "2016-09-04", "2016-10-02", "2016-10-30"]
    none = line.replace("7 days", "0 days")
    jobs = tables(("2016-04-01", "2016-05-11"), ("2016-05-11", "2016-06-24"))
    assert days(held(none), jobs) == ["2016-05-27", "2016-06-24"]


def test_a_day_held_twice_counts_twice_without_gaps_and_once_with_them() -> None:
    jobs = tables(("2016-04-01", "2016-05-27"), ("2016-04-01", "2016-05-28"))
    assert days(held(LINE), jobs) == ["2016-05-27", "2016-05-27"]
    once = held("for 8 weeks from Started On, gaps of at most 0 days in all, then every 4 weeks")
    assert days(once, jobs) == ["2016-05-27"]


def test_limits_in_each_year_still_say_which_count() -> None:
    of = held(
        f"{LINE}, at most 9 times in each stay",
        ("on the day after", "on the day after\n  per person at most 2 in each year"),
    )
    jobs = tables(("2016-04-01", ""))
    assert days(of, jobs) == ["2016-05-27", "2016-06-24"]
    assert days(
        held(LINE, ("on the day after", "on the day after\n  per person at most 2 in each year")), jobs
    ) == [
        "2016-05-27",
        "2016-06-24",
        "2017-04-28",
        "2017-05-26",
    ]


# ------------------------------------------------------------------ what follows for quantities, and what is told


def test_how_many_there_can_be() -> None:
    cohort = (
        "cohort Service Users\n  rows Referrals\n  joins on Referred On\n  if several earliest Referred On\n"
    )
    size = ("metric Job Entry", f"{cohort}  size the first 10 to join\nend cohort\n\nmetric Job Entry")
    of = held(f"{LINE}, at most 13 times", size)
    every = segments(of)
    most = [one for one in bounds(of, as_written(of), every) if one.segments == frozenset(every)]
    said = "Service Users is 10 people at most, at most 13 over the contract each"
    assert set(most) == {Most("Job Entry", "", frozenset(every), 130, said)}
    assert bounds(held(LINE, size), as_written(of), every) == ()


def test_a_later_instalment_may_come_on_any_later_day() -> None:
    of = held(LINE, ("  held", "  only if Started On is 1 April 2016 to 30 April 2016\n  held"))
    assert result_days(of, as_written(of), of.metrics[0]) == Days(date(2016, 5, 27), None)


def test_the_page_of_a_person_has_each_and_what_it_earned() -> None:
    of = held(f"{LINE}, at most 3 times")
    page = told(of, tables(("2016-04-01", "2016-07-01")), END, "P1")
    paid = "Council to Charity, L1: 2 x £100.00, Job Fee"
    assert page[-5:] == [
        "Job Entry: earned 2 times",
        "earned on 27 May 2016, counted in April-June 2016",
        paid,
        "earned on 24 June 2016, counted in April-June 2016",
        paid,
    ]
    early = told(of, tables(("2016-04-01", "2016-07-01")), date(2016, 6, 24), "P1")
    assert early[-3:] == [
        "Job Entry: earned 2 times",
        "earned on 27 May 2016; its period ends on 30 June 2016, so nothing is stated yet",
        "earned on 24 June 2016; its period ends on 30 June 2016, so nothing is stated yet",
    ]
    short = told(of, tables(("2016-04-01", "2016-05-20")), END, "P1")
    assert any("is 49 days, seven days short of 8 weeks" in line for line in short), short
    beyond = told(
        of,
        tables(("2016-04-01", "2016-07-21"), ("2016-08-01", "2016-09-26"), ("2016-10-01", "2016-12-01")),
        END,
        "P1",
    )
    assert any(
        "at most 3 over the contract counts for each person, and earlier ones fill it" in line
        for line in beyond
    ), beyond


def test_nothing_is_found_in_sound_ones() -> None:
    # What the frame has besides is not read: hours, and bands of them.
    assert codes(held(f"{LINE}, at most 13 times")).keys() == {"SIB0509", "SIB0512"}


# ------------------------------------------------------------------ limits and routes


def test_a_limit_for_each_person_takes_of_later_instalments() -> None:
    cap = "cap Each Person\n  covers payments\n  at most £250 per person over the contract\n  excess lost\nend cap\n"
    of = terms(f"{TEXT}\n{cap}")
    jobs = tables(("2016-04-01", "2016-07-22"), ("2016-08-01", ""))
    with TemporaryDirectory() as name:
        for records, (heads, rows) in jobs.items():
            text = "\n".join(",".join(row) for row in (heads, *rows))
            (Path(name) / f"{records.lower()}.csv").write_text(f"{text}\n", encoding="utf-8")
        paid = pay(of, as_written(of), Path(name), END)
        with paid.volumes:
            amounts: dict[str, Fraction] = {}
            for line in paid.payments.lines:
                starts = line.line.segment.days.start.isoformat()
                amounts[starts] = amounts.get(starts, Fraction(0)) + line.amount
    # Two of £100 by June 2016, and of the third, on 22 July, £50.
    assert {starts: amount for starts, amount in amounts.items() if amount} == {
        "2016-04-01": 200,
        "2016-07-01": 50,
    }


def test_routes_know_the_first_instalment() -> None:
    other = (
        TEXT[: TEXT.index("payment")]
        .replace("Job Entry", "Started Well")
        .replace(f"held    {LINE}", "only if Hours Per Week is at least 30")
    )
    other = other.replace("dated   on the day after", "dated   Started On")
    ways = (
        "routes Ways\n  per person one route, the first earned\n  if tied in the order below\n"
        "  | route | metrics |\n  | Keeping | Job Entry |\n  | Starting | Started Well |\nend routes\n"
    )
    fee = TEXT[TEXT.index("payment") :]
    paid = fee.replace(
        "  for each  Job Entry\n  pays      £100\n",
        "  | for each | pays |\n  | Job Entry | £100 |\n  | Started Well | £1 |\n",
    )
    of = terms(f"{TEXT[: TEXT.index('payment')]}\n{other}\n{ways}\n{paid}")
    jobs = tables(("2016-04-01", ""))
    assert {metric: len(found) for metric, found in dates(of, jobs, date(2016, 7, 22)).items()} == {
        "Job Entry": 3
    }
    first = {**jobs, "Jobs": (HEADS, [("J1", "P1", "2016-04-01", "", "40")])}
    assert dates(of, first, date(2016, 7, 22)) == {"Started Well": [("P1", "2016-04-01")]}
