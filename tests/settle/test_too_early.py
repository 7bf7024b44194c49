"""Quantities given for days on which no such result can be dated."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sibdsl.compile import compile_source
from sibdsl.diagnostics import Diagnostic
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
