"""Explanations of days and sums: every person of the Essex case, and every line, come to what was paid."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from sibdsl.compile import compile_source
from sibdsl.model.parameters.in_force import Settings
from sibdsl.settle.explain.line_facts import explain_line
from sibdsl.settle.explain.line_page import line_sheet
from sibdsl.settle.explain.line_to_json import line_json
from sibdsl.settle.explain.page import Item
from sibdsl.settle.explain.person_facts import explain_person
from sibdsl.settle.explain.person_page import person_sheet
from sibdsl.settle.explain.person_to_json import person_json
from sibdsl.settle.run import ContractPaid, pay
from sibdsl.source import Source

HERE = Path(__file__).parents[1] / "cases" / "essex"
CASE = HERE / "care_days"
FEES = """
payment Care Fee [9]
  payer     ECC
  payee     CSSL
  for each  Care Days
  pays      £5
end payment

payment Baseline Fee [10]
  payer     ECC
  payee     CSSL
  for each  Baseline Days
  pays      £7
end payment
"""
CONTRACT = compile_source(
    Source("essex.sib", (HERE / "measuring.sib").read_text(encoding="utf-8") + FEES)
).contract
SHARES: dict[str, str] = json.loads((CASE / "parameters.json").read_text())["baseline_share_by_age"]
SETTINGS = Settings({"Baseline Share By Age": tuple((key, Fraction(value)) for key, value in SHARES.items())})


@pytest.fixture(scope="module")
def paid() -> Iterator[ContractPaid]:
    run = pay(CONTRACT, SETTINGS, CASE, date(2014, 12, 31))
    with run.volumes:
        yield run


def said(items: tuple[Item, ...]) -> list[str]:
    return [line for one in items for line in (one.text, *said(one.items))]


def test_what_all_persons_earned_is_what_was_counted(paid: ContractPaid) -> None:
    sums = Fraction(0)
    for number in range(60):
        facts = explain_person(paid, f"Y{number:04}")
        person_sheet(facts)
        json.dumps(person_json(facts))
        sums += sum((amount for _, _, amount in facts.totals()), Fraction(0))
    lines = paid.payments.lines
    assert sums == sum((one.quantity or 0) * (one.line.rate or 0) for one in lines)


def test_the_days_of_one_stay_are_told_by_period(paid: ContractPaid) -> None:
    """Y0023's stay from 10 July 2014 to 13 August 2015: 83 days in the third quarter of 2014 and 92 in the fourth."""
    facts = explain_person(paid, "Y0023")
    told = said(person_sheet(facts).items)
    assert "83 days in July-September 2014" in told
    assert "92 days in October-December 2014" in told
    assert "14.91 days in April-June 2013" in told
    assert "£534.53 in July-September 2014" in told
    found: Any = person_json(facts)
    parts = [
        one["parts"]
        for row in found["person"]["rows"]
        for one in row["looked_at"]
        if one["name"] == "Care Days" and one["parts"]
    ]
    assert [[part["quantity"] for part in each] for each in parts] == [[83, 92]]


def test_every_line_is_counted_again(paid: ContractPaid) -> None:
    for one in paid.payments.lines:
        facts = explain_line(paid, one.id)
        line_sheet(facts)
        found: Any = line_json(facts)
        records = found["line"]["counted"]["records"]
        assert sum(Fraction(str(each["quantity"])) for each in records) == one.quantity


def test_a_line_of_days_says_what_a_day_is(paid: ContractPaid) -> None:
    line = next(one for one in paid.payments.lines if one.line.metric == "Care Days")
    told = " ".join(said(line_sheet(explain_line(paid, line.id)).items))
    assert (
        "days in tracking in October-December 2013 on which a placement lasts, a day once for each person"
        in told
    )
    assert "for 30 months from Started On" in told


def test_a_person_whose_stay_is_not_counted_is_told_why(paid: ContractPaid) -> None:
    told = said(person_sheet(explain_person(paid, "Y0023")).items)
    unmet = "Placement Code is T2; not met: Counts As Care read at Placement Code is yes"
    assert any(unmet in line for line in told)


def test_what_would_have_made_somebody_old_enough_is_told(paid: ContractPaid) -> None:
    """Y0019 was born on 2 February 2003 and started on 8 November 2013, at 10."""
    told = said(person_sheet(explain_person(paid, "Y0019")).items)
    assert any(line.startswith("Date Of Birth 8 November 2002 in place of 2 February 2003") for line in told)
