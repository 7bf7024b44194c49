"""One fault gives one message: what speaks of a faulty block says nothing more, and faults of their own stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from sibdsl.compile import compile_source
from sibdsl.diagnostics import Diagnostic, Refused
from sibdsl.source import Source

CONTRACTS = Path(__file__).parents[2] / "contracts"


def told(name: str, *edits: tuple[str, str]) -> list[Diagnostic]:
    text = (CONTRACTS / name).read_text(encoding="utf-8")
    for before, after in edits:
        assert before in text
        text = text.replace(before, after)
    with pytest.raises(Refused) as refused:
        compile_source(Source("x.sib", text))
    return refused.value.found


def test_who_goes_by_a_faulty_metric_says_nothing() -> None:
    found = told(
        "rhino/rhino.sib",
        ("  measured    once on Maturity Date\n", ""),
    )
    assert [(one.code, one.clause) for one in found] == [("SIB0402", "1, metric Growth")]


def test_a_fault_of_its_own_is_told_as_well() -> None:
    found = told(
        "rhino/rhino.sib",
        ("  measured    once on Maturity Date\n", ""),
        (
            "  payee  Noteholders\n  pays   Payment Per Note times Notes",
            "  payee  Holders\n  pays   Payment Per Note",
        ),
    )
    assert [one.code for one in found] == ["SIB0402", "SIB0301"]
    assert "Holders" in found[1].message


def test_a_step_that_cannot_be_read_is_told_once() -> None:
    found = told(
        "essex_mst/essex_mst.sib", ("Daily Rate times Care Days Saved", "Daily Rate times Daily Rate")
    )
    assert len(found) == 1
    assert "multiplied" in found[0].message


def test_a_name_that_is_not_defined_is_told_once_with_its_other_places() -> None:
    found = told("rhino/rhino.sib", ("| Outcome Funder | ", "| Outcomes Payer | "))
    assert [one.code for one in found] == ["SIB0301"]
    assert "Outcome Funder" in found[0].message
    assert [one.text for one in found[0].labels] == ["and here"]


def test_two_that_speak_of_each_other_are_both_told() -> None:
    found = told(
        "denver/denver.sib",
        ("equals    Treated Jail Days divided by Treated People", "equals    Jail Reduction plus £5"),
    )
    assert found
