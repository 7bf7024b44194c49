"""Conditions on rows: which rows meet each, particulars in them, and numbers too long to be exact."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Literal

import pytest
from attrs import evolve

from sibdsl.diagnostics import NotGiven, Refused
from sibdsl.measure import measure_rows
from sibdsl.model.nodes import (
    Amount,
    Arithmetic,
    Blank,
    Both,
    Column,
    Compare,
    Condition,
    Dated,
    Either,
    ExampleRecords,
    Given,
    Not,
    Particular,
    Value,
)
from sibdsl.model.parameters.in_force import Settings
from tests.measure.by_hand import (
    CONTRACT,
    ENTRY,
    JOBS,
    STARTED,
    with_metrics,
    with_records,
)
from tests.measure.test_metrics import AS_OF, ENDED, HOURS_COLUMN, job, measured


def number(text: str) -> Value:
    return Value(Fraction(text), "number")


def sums(op: Literal["plus", "minus", "times", "divided by"], left: Amount, right: Amount) -> Arithmetic:
    return Arithmetic(op, left, right, "number")


BLANK_END = Compare(ENDED, ">", STARTED)


CONDITIONS: list[tuple[Condition, str, str, bool]] = [
    (Compare(HOURS_COLUMN, "=", number("16")), "16.00", "", True),
    (Compare(HOURS_COLUMN, "<", number("16")), "16", "", False),
    (Compare(HOURS_COLUMN, "<=", number("16")), "16", "", True),
    (Compare(HOURS_COLUMN, ">", number("16")), "16", "", False),
    (Compare(HOURS_COLUMN, ">=", number("16")), "16", "", True),
    (Compare(HOURS_COLUMN, ">", Value(Fraction(1, 3), "number")), "0.333333333", "", False),
    (Compare(HOURS_COLUMN, ">", Value(Fraction(1, 3), "number")), "0.333333334", "", True),
    (Compare(sums("times", HOURS_COLUMN, HOURS_COLUMN), "=", number("2.25")), "1.5", "", True),
    (Compare(sums("divided by", number("10"), HOURS_COLUMN), "=", number("4")), "2.5", "", True),
    (Compare(sums("divided by", HOURS_COLUMN, number("-3")), "<", number("-5")), "15.1", "", True),
    (Compare(sums("divided by", HOURS_COLUMN, number("-3")), "<", number("-5")), "15", "", False),
    (Compare(sums("divided by", number("1"), sums("minus", HOURS_COLUMN, number("3"))), "<", number("0")), "2", "", True),
    (Compare(sums("divided by", number("1"), sums("minus", HOURS_COLUMN, number("2"))), "<", number("0")), "2", "", False),
    (Not(Compare(sums("divided by", number("1"), sums("minus", HOURS_COLUMN, number("2"))), "<", number("0"))), "2", "", False),
    (Compare(sums("divided by", number("1"), number("0")), "=", HOURS_COLUMN), "2", "", False),
    (Compare(sums("plus", HOURS_COLUMN, sums("divided by", HOURS_COLUMN, number("3"))), "=", number("4")), "3", "", True),
    (Compare(sums("minus", sums("divided by", HOURS_COLUMN, HOURS_COLUMN), number("1")), "=", number("0")), "7", "", True),
    (BLANK_END, "20", "", False),
    (BLANK_END, "20", "2018-12-01", True),
    (Not(BLANK_END), "20", "", False),
    (Not(BLANK_END), "20", "2018-02-01", True),
    (Both((BLANK_END, Compare(HOURS_COLUMN, "=", number("1")))), "20", "", False),
    (Not(Both((BLANK_END, Compare(HOURS_COLUMN, "=", number("1"))))), "20", "", True),
    (Not(Either((BLANK_END, Compare(HOURS_COLUMN, "=", number("1"))))), "20", "", False),
    (Either((BLANK_END, Compare(HOURS_COLUMN, "=", number("20")))), "20", "", True),
    (Blank(ENDED), "20", "", True),
    (Blank(ENDED), "20", "2018-12-01", False),
    (Not(Blank(ENDED)), "20", "", False),
    (Compare(STARTED, "=", Value(date(2018, 2, 1), "date")), "20", "", True),
    (Compare(Column("Jobs", "Job ID", "identifier"), "=", Value("j1", "text")), "20", "", False),
    (Compare(Column("Jobs", "Job ID", "identifier"), "=", Value("J1", "text")), "20", "", True),
]  # fmt: skip


@pytest.fixture(scope="module")
def rows_that_meet() -> list[set[int]]:
    """For each of CONDITIONS, the numbers of the rows that meet it, each row being that of one of them."""
    every = evolve(ENTRY, held=None, dated=Dated("column", "Started On"), bands="", first_only="")
    metrics = [evolve(every, name=f"M{at}", conditions=(one[0],)) for at, one in enumerate(CONDITIONS)]
    # A row of its own for each, even where two ask the same of it, and all named alike.
    rows = [("J1", f"P{at}", "2018-02-01", end, hours) for at, (_, hours, end, _) in enumerate(CONDITIONS)]
    referred = [(row[1], "2016-04-01", "yes") for row in rows]
    with measured(rows, with_metrics(CONTRACT, *metrics), referred=referred) as volumes:
        return [{one.row for one in volumes.claims(metric=metric.name)} for metric in metrics]


@pytest.mark.parametrize("at", range(len(CONDITIONS)))
def test_conditions(at: int, rows_that_meet: list[set[int]]) -> None:
    _, _, _, met = CONDITIONS[at]
    assert (at + 1 in rows_that_meet[at]) == met


def test_particulars_in_conditions() -> None:
    condition = Compare(HOURS_COLUMN, ">=", Given("Least Hours", "number"))
    metric = evolve(ENTRY, conditions=(condition, Compare(STARTED, ">", Given("Start", "date"))))
    contract = evolve(
        with_metrics(CONTRACT, metric),
        particulars=(Particular("Least Hours", "number", Fraction(10)), Particular("Start", "date", None)),
    )
    with pytest.raises(NotGiven):
        measured([job("2018-02-01")], contract)
    given = Settings({"Least Hours": Fraction(20), "Start": date(2018, 1, 31)})
    tables = [
        ExampleRecords(
            "Referrals", ("person id", "referred on", "severe condition"), (("P1", "2016-04-01", "yes"),)
        ),
        ExampleRecords(
            "Jobs",
            ("job id", "person id", "started on", "ended on", "hours per week"),
            (job("2018-02-01"), job("2018-01-31"), job("2018-02-01", hours="19.9")),
        ),
    ]
    with measure_rows(contract, given, tables, AS_OF) as volumes:
        assert [(one.status, one.reason) for one in volumes.rows() if one.records == "Jobs"] == [
            ("used", ""),
            ("outside", "not met: Started On is after Start"),
            ("outside", "not met: Hours Per Week is at least Least Hours"),
        ]


def test_numbers_too_long_to_be_exact_are_refused() -> None:
    columns = tuple(
        evolve(one, kind="number") if one.name == "Hours Per Week" else one for one in JOBS.columns
    )
    wide = Column("Jobs", "Hours Per Week", "number")
    cubed = sums("times", wide, sums("times", wide, wide))
    metric = evolve(ENTRY, conditions=(Compare(cubed, ">", number("1")),))
    contract = with_metrics(with_records(CONTRACT, evolve(JOBS, columns=columns)), metric)
    with measured([job("2018-02-01", hours="1000")], contract) as volumes:
        assert volumes.accounts["Jobs"].used == 1
    with pytest.raises(Refused) as caught:
        measured([job("2018-02-01", hours="99999999999999")], contract)
    assert caught.value.found[0].code == "SIB0611"
