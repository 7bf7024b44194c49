"""Conditions in the contract's own words."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from sibdsl.model.nodes import (
    Arithmetic,
    Blank,
    Both,
    Column,
    Compare,
    Condition,
    Either,
    Given,
    InPeriod,
    JoiningDate,
    MetricColumn,
    Not,
    Value,
)
from sibdsl.wording import condition

STARTED = Column("Jobs", "Started On", "date")
HOURS = Column("Jobs", "Hours Per Week", "hours")
COST = Column("Jobs", "Cost", "money")
SIXTEEN = Compare(HOURS, ">=", Value(Fraction(16), "hours"))
OPEN = Blank(Column("Jobs", "Ended On", "date"))


@pytest.mark.parametrize(
    ("test", "said"),
    [
        (Compare(STARTED, ">=", JoiningDate()), "Started On is on or after joining date"),
        (Compare(STARTED, "<", MetricColumn("Engagement", "Engaged On", "date")), "Started On is before Engaged On of Engagement"),
        (Compare(STARTED, "<=", Value(date(2018, 3, 31), "date")), "Started On is on or before 31 March 2018"),
        (Compare(STARTED, ">", Given("Start", "date")), "Started On is after Start"),
        (Compare(STARTED, "=", JoiningDate()), "Started On is joining date"),
        (SIXTEEN, "Hours Per Week is at least 16 hours"),
        (Compare(HOURS, "<", Value(Fraction(31, 2), "number")), "Hours Per Week is less than 15.5"),
        (Compare(COST, ">", Value(Fraction(1350), "money")), "Cost is more than £1,350.00"),
        (Compare(Column("Jobs", "Share", "percentage"), "<=", Value(Fraction(1, 8), "percentage")), "Share is at most 12.5%"),
        (Compare(Column("Jobs", "Region", "category"), "=", Value("East", "category")), "Region is East"),
        (InPeriod(STARTED, "service period"), "Started On is in the service period"),
        (OPEN, "Ended On is blank"),
        (Not(OPEN), "Ended On is not blank"),
        (Not(InPeriod(STARTED, "payment period")), "Started On is not in the payment period"),
        (Not(Compare(Column("Jobs", "Region", "category"), "=", Value("What is it", "text"))), "not (Region is What is it)"),
        (Both((OPEN, SIXTEEN)), "Ended On is blank and Hours Per Week is at least 16 hours"),
        (Either((OPEN, Both((OPEN, SIXTEEN)))), "Ended On is blank or (Ended On is blank and Hours Per Week is at least 16 hours)"),
        (Not(Either((OPEN, SIXTEEN))), "not (Ended On is blank or Hours Per Week is at least 16 hours)"),
        (
            Compare(Arithmetic("times", Arithmetic("plus", HOURS, Given("Extra", "hours"), "hours"), Value(Fraction(2), "number"), "hours"), "=", HOURS),
            "(Hours Per Week plus Extra) times 2 is Hours Per Week",
        ),
    ],
)  # fmt: skip
def test_conditions_in_words(test: Condition, said: str) -> None:
    assert condition(test, "GBP") == said
