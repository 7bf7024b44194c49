"""Quantities given for days on which no such result can be dated."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sibdsl.check.rules.report import findings
from sibdsl.compile import compile_source
from sibdsl.diagnostics import Diagnostic
from sibdsl.model.admissible_quantities.at_most import bounds
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.periods import segments
from sibdsl.price import Key
from sibdsl.settle.run import price_quantities
from sibdsl.source import Source
from tests.frame import complete

LAST = date(2020, 3, 31)


def contract(held: str, condition: str, dated: str = "on the day after") -> Contract:
    text = f"""
metric Job Entry
  kind        outcome
  counts      rows of Jobs
  among       Service Users
  only if     {condition}
  held        for {held} from Started On
  dated       {dated}
  per person  first only, over all bands
  if tied     lowest Job ID
  banded by   Hours, as recorded
end metric
"""
    return compile_source(Source("x.sib", complete(text))).contract


def told(terms: Contract, at: int, number: int = 4) -> list[Diagnostic]:
    """What is told of so many of Job Entry in one quarter of the payment period."""
    given_ = {Key(segments(terms)[at], "Job Entry", "From 16"): Fraction(number)}
    run = price_quantities(terms, as_written(terms), given_, LAST)
    assert sum(line.amount for line in run.lines) == 1350 * number  # it is priced as given
    return list(run.warnings)


def test_six_months_from_the_first_day_are_not_over_in_the_first_quarter() -> None:
    """Joined on or after 1 April 2016 and held for six months: dated on 1 October 2016 at the earliest."""
    terms = contract("6 months", "Started On is on or after 1 April 2016")
    (one,) = told(terms, 0)
    assert (one.code, one.severity) == ("SIB0711", "warning")
    assert one.message == (
        "4 Job Entry, From 16 is given for 1 April 2016 to 30 June 2016, and by the contract's own terms a result of it is "
        "dated 1 October 2016 at the earliest. It is priced as given."
    )
    assert len(told(terms, 1)) == 1
    assert told(terms, 2) == []
    assert told(terms, 0, number=0) == []


def test_the_last_day_held_is_a_day_earlier() -> None:
    terms = contract("6 months", "Started On is on or after 1 April 2016", "on the last day held")
    assert told(terms, 1) == []


def test_nothing_is_said_where_the_conditions_leave_it_open() -> None:
    assert told(contract("6 months", "Hours Per Week is at least 1"), 0) == []


@given(weeks=st.integers(1, 100), start=st.integers(-200, 400))
def test_the_earliest_day_is_so_many_weeks_after_the_first_that_counts(weeks: int, start: int) -> None:
    first = date(2016, 4, 1) + timedelta(days=start)
    terms = contract(f"{weeks} weeks", f"Started On is on or after {first.day} {first:%B} {first.year}")
    days = segments(terms)[3].days
    early = days.last < first + timedelta(days=7 * weeks)
    assert bool(told(terms, 3)) is early


@pytest.mark.parametrize(("at", "number"), [(0, 0), (4, 1)])
def test_a_day_that_is_too_late(at: int, number: int) -> None:
    terms = contract("6 weeks", "Started On is on or before 1 May 2016", "Started On")
    assert len(told(terms, at)) == number


def by_intake(since: date, lines: str, *more: str) -> Contract:
    """Job Entry in two bands by the day on which the job began: before the day, and from it on."""
    day = f"{since.day} {since:%B} {since.year}"
    text = f"""
bands Intake
  by  Started On
  | band  | holds           |
  | Early | before {day}      |
  | Late  | on or after {day} |
end bands

metric Job Entry
  kind        outcome
  counts      rows of Jobs
  among       Service Users
  {lines}
  banded by   Intake, as recorded
end metric

payment Job Fee
  payer  Council
  payee  Charity
  | for each  | band  | pays   |
  | Job Entry | Early | £1,350 |
  | Job Entry | Late  | £1,350 |
end payment
"""
    return compile_source(Source("x.sib", complete(text + "".join(more)))).contract


def in_band(terms: Contract, at: int, band: str) -> list[str]:
    given_ = {Key(segments(terms)[at], "Job Entry", band): Fraction(4)}
    return [one.message for one in price_quantities(terms, as_written(terms), given_, LAST).warnings]


def test_a_band_of_dates_holds_none_that_lie_after_its_days() -> None:
    # Quarters are counted from 1 April 2016: the fifth begins on 1 April 2017, the ninth on 1 April 2018.
    terms = by_intake(date(2017, 4, 1), "dated       Started On")
    assert in_band(terms, 8, "Early") == [
        (
            "4 Job Entry, Early is given for 1 April 2018 to 30 June 2018, and by the contract's own terms a result in Early is "
            "dated 31 March 2017 at the latest. It is priced as given."
        )
    ]
    assert [len(in_band(terms, at, "Early")) for at in (3, 4)] == [0, 1]
    assert [len(in_band(terms, at, "Late")) for at in (3, 4)] == [1, 0]


def test_of_a_date_that_does_not_date_the_result_nothing_is_said() -> None:
    other = by_intake(date(2017, 4, 1), "dated       Ended On")
    assert [in_band(other, at, "Early") for at in (0, 8)] == [[], []]
    gaps = by_intake(date(2017, 4, 1), "held        for 6 weeks from Started On, gaps of at most 7 days each\n  dated       on the day after")  # fmt: skip
    assert [in_band(gaps, at, band) for at in (0, 8) for band in ("Early", "Late")] == [[], [], [], []]


@pytest.mark.parametrize(("dated", "holds"), [("Started On", True), ("Ended On", False)])
def test_rules_are_proved_by_it(dated: str, *, holds: bool) -> None:
    """What began before 1 April 2017 and is dated by its beginning brings nothing later; what is dated by its end may."""
    rule = """
rule Nothing Early Later
  requires  payments under Early Fee earned on or after 1 April 2017 are at most £0
  tested    at final account
  against   every quantity
end rule

payment Early Fee
  payer  Council
  payee  Charity
  | for each  | band  | pays    |
  | Job Entry | Early | £1,350  |
  | Job Entry | Late  | nothing |
end payment
"""
    terms = by_intake(date(2017, 4, 1), f"dated       {dated}", rule)
    (found,) = findings(terms, as_written(terms), terms.rules)
    assert (found.says == "holds") is holds


@given(weeks=st.integers(1, 60), since=st.integers(-30, 1300), last_day=st.booleans())
def test_proofs_leave_out_just_what_no_job_could_bring_about(
    weeks: int, since: int, *, last_day: bool
) -> None:
    """Each day on which a job may begin, walked one by one."""
    first = date(2016, 4, 1)
    cut = first + timedelta(days=since)
    dated = "on the last day held" if last_day else "on the day after"
    terms = by_intake(cut, f"held        for {weeks} weeks from Started On\n  dated       {dated}")
    every = segments(terms)
    out = {
        (most.band, segment)
        for most in bounds(terms, as_written(terms), every)
        if not most.most
        for segment in most.segments
    }
    there = set()
    for day in range(-430, 1470):
        begun = first + timedelta(days=day)
        at = begun + timedelta(days=7 * weeks - last_day)
        band = "Early" if begun < cut else "Late"
        there |= {(band, segment) for segment in every if at in segment.days}
    assert out == {(band, segment) for band in ("Early", "Late") for segment in every} - there
