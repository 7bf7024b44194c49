"""What the Essex contract measures, as a model: what it holds, and that text and JSON bring it back."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from attrs import evolve

from sibdsl.compile import compile_file, compile_source
from sibdsl.dates import Duration
from sibdsl.model.invariants import Broken, check
from sibdsl.model.nodes import (
    Column,
    ColumnSum,
    Contract,
    Dated,
    DateMoved,
    DifferentValues,
    Given,
    GivenFor,
    Looked,
    LookupRow,
    Measured,
    Metric,
    RecordColumn,
    Tracked,
    Value,
    WholeYears,
)
from sibdsl.model.to_json import from_json, to_json
from sibdsl.source import Source
from tests.model.show import show

CONTRACT = compile_file(Path(__file__).parents[1] / "cases" / "essex" / "measuring.sib").contract
AGE = Column("Cases", "Age At Start", "count")
BASELINE, CARE, SUPPORT = CONTRACT.metrics


def test_what_is_counted() -> None:
    assert [(one.counts.word, one.measures, one.whole) for one in CONTRACT.metrics] == [
        ("days of tracking", "days", False),
        ("days", "days", True),
        ("sum", "money", False),
    ]
    assert BASELINE.weight == GivenFor("Baseline Share By Age", AGE, "percentage")
    assert SUPPORT.counts.column == "Cost"
    assert CONTRACT.cohorts[0].tracked == Tracked(Duration(30, "month"), "Started On")


def test_a_column_worked_out_stands_in_no_file() -> None:
    cases = CONTRACT.records[0]
    assert [one.name for one in cases.filed] == ["Person ID", "Date Of Birth", "Started On"]
    age = cases.column("Age At Start")
    assert age is not None
    assert age.formula == WholeYears(
        Column("Cases", "Date Of Birth", "date"), Column("Cases", "Started On", "date")
    )


def test_a_table_read_through_a_code_by_its_name_alone() -> None:
    (test,) = CARE.conditions
    code = Column("Placements", "Placement Code", "text")
    assert getattr(test, "left", None) == Looked("Care Codes", "Counts As Care", code, "yes or no")
    assert len(CONTRACT.lookups[0].rows) == 26


def test_text_and_json_bring_it_back() -> None:
    assert compile_source(Source("x.sib", show(CONTRACT))).contract == CONTRACT
    assert from_json(to_json(CONTRACT)) == CONTRACT


# ------------------------------------------------------------------ models that do not hold together


def with_metric(metric: Metric) -> Contract:
    return evolve(
        CONTRACT, metrics=tuple(metric if one.name == metric.name else one for one in CONTRACT.metrics)
    )


def with_column(column: RecordColumn) -> Contract:
    cases = CONTRACT.records[0]
    return evolve(CONTRACT, records=(evolve(cases, columns=(*cases.filed, column)), *CONTRACT.records[1:]))


CODES = CONTRACT.lookups[0]
TOTAL = Value(Fraction(1), "number")
WRONG: dict[str, Contract] = {
    "a table without rows": evolve(CONTRACT, lookups=(evolve(CODES, rows=()),)),
    "a key twice": evolve(CONTRACT, lookups=(evolve(CODES, rows=(CODES.rows[0], CODES.rows[0])),)),
    "a row too short": evolve(CONTRACT, lookups=(evolve(CODES, rows=(LookupRow(CODES.rows[0].cells[:1]),)),)),
    "a number among words": evolve(
        CONTRACT, lookups=(evolve(CODES, rows=(LookupRow((TOTAL, CODES.rows[0].cells[1])),)),)
    ),
    "no such table": evolve(CONTRACT, lookups=()),
    "no tracking": evolve(CONTRACT, cohorts=(evolve(CONTRACT.cohorts[0], tracked=None),)),
    "tracking from no date": evolve(
        CONTRACT, cohorts=(evolve(CONTRACT.cohorts[0], tracked=Tracked(Duration(1, "day"), "Person ID")),)
    ),
    "years from afar": with_column(
        RecordColumn("Age At Start", "count", blank_allowed=True,
                     formula=WholeYears(Column("Support", "Spent On", "date"), Column("Cases", "Started On", "date")))
    ),
    "a column worked out of nothing": with_column(
        RecordColumn("Age At Start", "count", blank_allowed=True, formula=TOTAL)
    ),
    "a date moved by no time": with_column(
        RecordColumn("Birthday", "date", blank_allowed=True,
                     formula=DateMoved(Column("Cases", "Date Of Birth", "date"), "after", Duration(0, "year")))
    ),
    "a date moved from afar": with_column(
        RecordColumn("Birthday", "date", blank_allowed=True,
                     formula=DateMoved(Column("Support", "Spent On", "date"), "after", Duration(18, "year")))
    ),
    "a date taken for a number": with_column(
        RecordColumn("Birthday", "count", blank_allowed=True,
                     formula=DateMoved(Column("Cases", "Date Of Birth", "date"), "after", Duration(18, "year")))
    ),
    "a date worked out from itself": with_column(
        RecordColumn("Birthday", "date", blank_allowed=True,
                     formula=DateMoved(Column("Cases", "Birthday", "date"), "after", Duration(18, "year")))
    ),
    "one value for all, read at a key": evolve(
        CONTRACT, particulars=(evolve(CONTRACT.particulars[0], per=""),)
    ),
    "a value for each of nothing": evolve(CONTRACT, particulars=(evolve(CONTRACT.particulars[0], per="Level"),)),
    "a value for each, taken alone": with_metric(evolve(BASELINE, weight=Given("Baseline Share By Age", "percentage"))),
    "days by a column": with_metric(evolve(CARE, dated=Dated("column", "From On"))),
    "a sum of nothing": with_metric(evolve(SUPPORT, counts=ColumnSum(""))),
    "a sum of words": with_metric(evolve(SUPPORT, counts=ColumnSum("Person ID"))),
    "different values with a weight": with_metric(evolve(SUPPORT, counts=DifferentValues("Cost"), measured=Measured("contract"), weight=TOTAL)),
    "first days only": with_metric(evolve(CARE, first_only="over all bands")),
    "days of what does not last": with_metric(evolve(CARE, records="Support", conditions=())),
    "tracking by other rows": with_metric(evolve(BASELINE, records="Support", weight=None)),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_model_that_does_not_hold_together(name: str) -> None:
    with pytest.raises(Broken):
        check(WRONG[name])
