"""Which column identifies a row, and files of a table of which one is written otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from sibdsl.compile import compile_source
from sibdsl.measure import measure
from sibdsl.model.parameters.in_force import as_written
from sibdsl.source import Source
from tests.measure import forms
from tests.measure.reference import Part
from tests.measure.test_look_again import AS_OF, HEADINGS, PEOPLE, TEXT, cost, told


@pytest.mark.parametrize(
    ("row_is", "column", "kind", "told_of"),
    [
        ("Cost", "Cost ID", "text", True),
        ("Cost", "Cost No", "count", True),
        ("Cost", "Invoice No", "identifier", True),
        ("Cost", "Client Ref", "identifier", False),
        ("Cost", "Remark", "text", False),
        ("Invoice Line", "Invoice ID", "identifier", False),
        ("Invoice Line", "Invoice Line ID", "identifier", True),
    ],
)
def test_the_identifier_of_a_row_is_told_from_that_of_something_else(
    tmp_path: Path, row_is: str, column: str, kind: str, told_of: bool
) -> None:
    text = TEXT.replace("  | Batch     | identifier    | allowed  |\n", "").replace(
        "row per  Cost", f"row per  {row_is}"
    )
    text = text.replace("  | Cost ID   | identifier    |", f"  | {column} | {kind} |")
    contract = compile_source(Source("c.sib", text)).contract
    rows = [("7", *cost()[2:]), ("7", *cost(amount="5")[2:])]
    parts = {
        "Clients": forms.one_part("Clients", HEADINGS["Clients"], PEOPLE),
        "Stays": forms.one_part("Stays", HEADINGS["Stays"], []),
        "Costs": forms.one_part("Costs", (column, *HEADINGS["Costs"][2:]), rows),
    }
    forms.write(tmp_path, parts)
    with measure(contract, as_written(contract), tmp_path, AS_OF) as volumes:
        assert [one.code for one in volumes.warnings] == ["SIB0619"] * told_of


def test_a_file_of_dates_in_another_style_is_told_though_others_are_in_order(tmp_path: Path) -> None:
    good = [cost(f"K{at}") for at in range(5)]
    parts = [
        Part("costs/a.csv", HEADINGS["Costs"], tuple(good)),
        Part("costs/b.csv", HEADINGS["Costs"], (cost("K6", day="2026-05"), cost("K7", day="2026-06"))),
    ]
    found, whole = told(tmp_path, Costs=parts)
    assert whole == 500
    assert found["SIB0609"].startswith(
        "2 of 7 values of Spent On in the records of Costs are written like 2018-05"
    )
