"""Rows of steps and tiers that no quantity reaches, and tables of steps that end where their values do."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sibdsl.dates import Duration
from sibdsl.model.admissible_quantities.reach import ValueReach
from sibdsl.model.nodes import MetricTotal
from tests.check.marked import codes, contract, found

COHORT = """
cohort Service Users
  rows        Referrals
  only if     Referred On is in the service period
  joins on    Referred On
  if several  earliest Referred On
  size        the first 400 to join
end cohort
"""
SHARE = """
metric Long Job
  kind        outcome
  counts      rows of Jobs
  among       Service Users
  only if     Started On is on or after joining date
  held        for 6 months from Started On
  dated       on the day after
  per person  first only
end metric

metric Kept Share
  kind      outcome
  equals    {} divided by {}
  measured  {}
end metric

payment Bonus
  payer     Council
  payee     Charity
  steps by  Kept Share
  | Kept Share    | pays    |
  | less than 50% | nothing |
{}end payment
"""
BEYOND = "  | at least 50% but at most 100% | £5 |\n  | more than 100% | £9 |\n"
TO_THE_END = "  | at least 50% but at most 100% | £5 |\n"


def test_a_share_of_what_it_is_part_of_is_never_above_the_whole() -> None:
    assert codes(COHORT + SHARE.format("Long Job", "Job Entry", "over the contract", BEYOND)) == ["W0826"]
    assert codes(COHORT + SHARE.format("Long Job", "Job Entry", "over the contract", TO_THE_END)) == []


@pytest.mark.parametrize(
    ("one", "other", "over"),
    [
        ("Job Entry", "Long Job", "over the contract"),  # the whole of the part
        ("Long Job", "Job Entry", "in each year"),  # begun in one year and kept in the next
    ],
)
def test_a_ratio_that_is_no_share_may_be_above_one(one: str, other: str, over: str) -> None:
    assert codes(COHORT + SHARE.format(one, other, over, BEYOND)) == []
    assert codes(COHORT + SHARE.format(one, other, over, TO_THE_END)) == ["E0540"]


TIERS = "payment Job Fee\n  payer Council\n  payee Charity\n  for each Job Entry\n  tiers over the contract\n  | units | pays |\n  | first {} | £7 |\n  | next 50 | £6 |\n  | further | £5 |\nend payment\n"


@given(st.integers(300, 500))
def test_a_tier_is_reached_by_so_many_people_as_can_join(first: int) -> None:
    assert codes(COHORT + TIERS.format(first)) == (["W0827"] if first + 50 >= 400 else [])


@given(st.integers(390, 410))
def test_a_condition_asks_for_no_more_than_can_come_about(least: int) -> None:
    fee = f"payment Job Fee\n  payer Council\n  payee Charity\n  for each Job Entry\n  pays £7\n  paid only if Job Entry is at least {least} over the contract\nend payment\n"
    assert codes(COHORT + fee) == (["W0555"] if least > 400 else [])


def test_the_mean_of_marks_is_no_more_than_the_highest_mark() -> None:
    marks = (
        "records Visits\n  | column | holds | blank | must be |\n  | Person ID | person | rejected | any |\n"
        "  | Seen On | date | rejected | any |\n  | Mark | points | rejected | at least 0 points but at most 5 points |\nend records\n"
        "metric Mean Mark\n  kind output\n  averages Mark of Visits\n  among Service Users\n  dated Seen On\n  measured in each year\nend metric\n"
    )
    made = contract(marks)
    assert ValueReach(made).bounds(MetricTotal("Mean Mark")) == (Fraction(0), Fraction(5))


UNITS = st.tuples(st.integers(1, 14), st.sampled_from(["days", "weeks", "months"]))
ODD = """
metric Odd One
  kind        outcome
  counts      rows of Jobs
  among       Service Users
  only if     Ended On is {} {} after Started On
  held        for {} from Started On
  dated       on the day after
  per person  first only
end metric

payment Odd Fee
  payer     Council
  payee     Charity
  for each  Odd One
  pays      £1
end payment
"""
STARTS = [date(2016, 1, 29) + timedelta(days=number) for number in (0, 1, 2, 30, 59, 182, 213, 396, 1126)]


@given(UNITS, UNITS, st.sampled_from(["before", "on or before", "after"]))
def test_what_is_said_never_to_be_held_so_long_never_is(
    ended: tuple[int, str], held: tuple[int, str], way: str
) -> None:
    def said(length: tuple[int, str]) -> str:
        return f"{length[0]} {length[1] if length[0] > 1 else length[1][:-1]}"

    def complete(start: date, length: tuple[int, str]) -> date:
        return Duration(length[0], length[1][:-1]).after(start)  # type: ignore[arg-type]

    told = [one for one in found(ODD.format(way, said(ended), said(held))) if one.code == "SIB0555"]

    def possible(start: date) -> bool:
        least, edge = complete(start, held), complete(start, ended)
        return way == "after" or least < edge or (way == "on or before" and least == edge)

    assert not (told and any(possible(start) for start in STARTS))
    # Where the lengths differ by far there is no doubt.
    if way != "after" and all(
        complete(start, held) > complete(start, ended) + timedelta(days=40) for start in STARTS
    ):
        assert told


SCORES = """
records Surveys
  one row per Survey ID
  | column      | holds      | blank    |
  | Survey ID   | text       | rejected |
  | Surveyed On | date       | rejected |
  | Rate        | percentage | rejected |
  | Score       | number     | rejected |
end records

metric One
  kind outcome
  {one}
  dated Surveyed On
{measured}end metric

metric Two
  kind outcome
  {one}
  dated Surveyed On
{measured}end metric

metric Made
  kind outcome
  equals {made}
  measured over the contract
end metric

payment Bonus
  payer Council
  payee Charity
  steps by Made
  | Made | pays |
  | at least 0{unit} but at most 100{unit} | £5 |
end payment
"""


@pytest.mark.parametrize(
    ("one", "made", "unit"),
    [
        ("averages Rate of Surveys", "One", "%"),
        ("averages Rate of Surveys", "One minus Two", "%"),
        ("averages Score of Surveys", "(One minus Two) divided by Two", "%"),
        ("averages Score of Surveys", "One", ""),
        ("sums Score of Surveys", "One", ""),
        ("sums Score of Surveys", "One plus Two", ""),
    ],
)
def test_what_nothing_bounds_goes_on_below_and_above(one: str, made: str, unit: str) -> None:
    measured = "" if one.startswith("sums") else "  measured over the contract\n"
    told = found(SCORES.format(one=one, made=made, unit=unit, measured=measured))
    assert [finding.mark for finding in told if finding.code == "SIB0540"] == [
        "and below it?",
        "and above it?",
    ]
