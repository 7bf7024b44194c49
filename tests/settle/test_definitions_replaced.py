"""Workings, scales, scorecards and tables of published contracts, replaced by their own texts: every example pays what it paid."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from attrs import evolve

from sibdsl.compile import compile_file
from sibdsl.model.admissible_quantities.below_nought import Signs
from sibdsl.model.nodes import Contract, Expected, ExpectedQuantity, Looked, Value, Variation
from sibdsl.model.parameters.in_force import as_written
from sibdsl.settle.examples import run
from sibdsl.source import Source
from tests.settle.test_replaced_by_itself import HUGE
from tests.settle.varied import REPRICED, pounds, variation_text, written

FOLDER = Path(__file__).parents[2] / "contracts"
Told = list[tuple[str, Expected | ExpectedQuantity | None, Fraction]]


def unmet(contract: Contract) -> Told:
    """What examples expect and do not get: where two contracts differ, so does this."""
    base = as_written(contract)
    return [
        (one.name, failure.expected, failure.got)
        for one in contract.examples
        if not any(isinstance(value, date) for _, value in one.settings)
        for failure in run(contract, base, one).failures
    ]


@pytest.mark.parametrize("name", ["south_carolina", "newpin", "qof"])
def test_no_published_figure_changes(name: str) -> None:
    path = FOLDER / name / f"{name}.sib"
    contract = compile_file(Source(str(path), path.read_text(encoding="utf-8"))).contract
    paid = contract.payment_period
    day = paid.start + (paid.end - paid.start) / 3
    beside = Variation("Same", "", "", Value(day, "date"), Value(day, "date"), REPRICED, caps=(HUGE,))
    same = evolve(
        beside, workings=contract.workings, lookups=contract.lookups, derived=contract.derived
    )  # fmt: skip
    assert contract.workings or contract.derived
    assert unmet(evolve(contract, variations=(same,))) == unmet(evolve(contract, variations=(beside,)))


# ------------------------------------------------------------------ written out

TEXT = """
scale Award
  by  Job
  | Job         | equals |
  | less than 2 | £0     |
  | at least 2  | £90    |
end scale

payment Quarterly
  payer  Council
  payee  Trust
  pays   Award
  every  quarter at the end
end payment
"""


def award(amount: str) -> str:
    return f"""replace scale Award
  by  Job
  | Job         | equals |
  | less than 2 | £0     |
  | at least 2  | {amount} |
end scale"""


def test_the_one_agreed_later_prevails_from_its_day_on() -> None:
    """Agreed in June for October, £80; agreed in August for July, £70: the second stands from July on."""
    first = variation_text("First", "1 June 2016", "1 October 2016", award("£80"))
    second = variation_text("Second", "1 August 2016", "1 July 2016", award("£70"))
    rows = [(date(2016, month, 5), "Job", 2) for month in (5, 8, 11)]
    contract = written(TEXT, first)
    assert pounds(contract, rows) == [
        "payment 2016-04-01 Quarterly 90", "payment 2016-07-01 Quarterly 90", "payment 2016-10-01 Quarterly 80",
    ]  # fmt: skip
    for order in ((first, second), (second, first)):
        assert pounds(written(TEXT, *order), rows) == [
            "payment 2016-04-01 Quarterly 90", "payment 2016-07-01 Quarterly 70", "payment 2016-10-01 Quarterly 70",
        ]  # fmt: skip


def test_a_payment_agreed_later_with_earlier_effect_reads_the_scale_of_its_days() -> None:
    """The scale changes in October; a payment agreed after that, in force from July, is twice the scale of each quarter."""
    scale = variation_text("First", "1 June 2016", "1 October 2016", award("£80"))
    twice = "replace payment Quarterly\n  payer  Council\n  payee  Trust\n  pays   2 times Award\n  every  quarter at the end\nend payment"
    payment = variation_text("Second", "1 August 2016", "1 July 2016", twice)
    rows = [(date(2016, month, 5), "Job", 2) for month in (5, 8, 11)]
    assert pounds(written(TEXT, scale, payment), rows) == [
        "payment 2016-04-01 Quarterly 90", "payment 2016-07-01 Quarterly 180", "payment 2016-10-01 Quarterly 160",
    ]  # fmt: skip


def test_in_force_from_the_first_day_it_is_as_if_it_had_been_written_so() -> None:
    change = variation_text("First", "1 June 2016", "1 April 2016", award("£80"))
    rows = [(date(2016, month, 5), "Job", 2) for month in (5, 8)]
    assert pounds(written(TEXT, change), rows) == pounds(written(TEXT.replace("£90", "£80")), rows)


def test_whether_a_weight_falls_below_nought_is_told_of_every_text_of_a_table() -> None:
    """The table as signed prints a weight below nought, and the one in its place does not: what is paid may fall below nought."""
    table = "table Weights\n  | Key | Weight |\n  | 1   | {} |\n  | 2 | 2 |\nend table\n"
    change = variation_text("First", "1 June 2016", "1 October 2016", f"replace {table.format('3')}")
    contract = written(TEXT + table.format("3"), change)
    (variation,) = contract.variations
    (lookup,) = contract.lookups
    cells = (lookup.rows[0].cells[0], Value(Fraction(-3), "number"))
    below = evolve(lookup, rows=(evolve(lookup.rows[0], cells=cells), *lookup.rows[1:]))
    read = Looked("Weights", "Weight", Value(Fraction(1), "number"), "number")
    assert not Signs(contract).amount(read)
    assert Signs(evolve(contract, lookups=(below,))).amount(read)
    assert Signs(evolve(contract, variations=(evolve(variation, lookups=(below,)),))).amount(read)
