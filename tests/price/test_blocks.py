"""Blocks in equal quarters, shared, and owed back: hand-worked, what their lines say of themselves, and a proof."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sibdsl.check.rules.report import findings
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.periods import segments
from sibdsl.settle.explain.limit_facts import advance_of, block_state
from tests.price.test_limits import contract, priced


def block(pays: str, pace: str = "as fees fall due", unused: str = "kept", payer: str = "Council") -> str:
    return (
        f"block advance First [6]\n  payer {payer}\n  payee Provider\n  paid on 1 April 2026\n  pays {pays}\n"
        f"  set against Start Fee in 2026/27\n  set off in money, {pace}\n  unused part {unused}\nend block advance\n"
    )


def paid(made: Contract, *quarters: tuple[int, int]) -> dict[tuple[str, str], Fraction]:
    sums: dict[tuple[str, str], Fraction] = {}
    for one in priced(made, *quarters).lines:
        key = (one.line.kind, one.line.payer)
        sums[key] = sums.get(key, Fraction(0)) + one.amount
    return sums


@pytest.mark.parametrize("pace", ["as fees fall due", "in equal quarters"])
def test_what_a_set_off_says_of_itself(pace: str) -> None:
    made = contract(block("£1,000", pace))
    found = priced(made, (300, 0), (0, 0), (600, 0))
    lines = [one.line for one in found.lines if one.line.kind == "set_off"]
    states = [block_state(found, one) for one in lines]
    met = [250, 500] if pace == "in equal quarters" else [300, 600]
    assert [one.now for one in states] == met
    assert [one.before for one in states] == [0, met[0]]
    assert [one.fees for one in states] == [300, 900]
    assert [one.usable for one in states] == ([250, 750] if pace == "in equal quarters" else [1000, 1000])
    assert {one.amount for one in states} == {1000}


def test_what_is_owed_back_says_whose_block_it_is() -> None:
    made = contract(block("£1,000", unused="recoverable"))
    found = priced(made, (300, 0))
    (back,) = [one for one in found.lines if one.line.kind == "recovered"]
    assert (back.line.payer, back.line.payee, back.amount) == ("Provider", "Council", 700)
    assert back.line.segment == segments(made)[3]
    assert advance_of(back.line)[1].payer == "Council"


@given(st.integers(1, 99_999), st.integers(1, 99), st.integers(0, 900))
def test_shared_parts_add_up_and_each_owes_back_its_own(pence: int, percent: int, starts: int) -> None:
    amount = Fraction(pence, 100)
    text = f"£{pence // 100:,}.{pence % 100:02d}"
    made = contract(block(text, unused="recoverable", payer=f"{percent}% Council, the rest Fund"))
    sums = paid(made, (starts, 0))
    council, fund = sums.get(("advance", "Council"), Fraction(0)), sums.get(("advance", "Fund"), Fraction(0))
    assert council + fund == amount
    assert abs(council - amount * percent / 100) < Fraction(1, 100)
    met = -sums.get(("set_off", "Council"), Fraction(0))
    assert met == min(council, starts)
    assert sums.get(("recovered", "Provider"), Fraction(0)) == amount - met


def test_amounts_of_a_shared_block_go_in_the_order_written() -> None:
    made = contract(block("£10", payer="£8 Council, the rest Fund"))
    sums = paid(made)
    assert (sums["advance", "Council"], sums["advance", "Fund"]) == (8, 2)


def test_what_is_owed_back_is_bounded_and_the_bound_is_proved() -> None:
    rule = (
        "rule No More Than The Block\n  requires payments from Provider are at most {}\n  tested over the contract\n"
        "  against every quantity\nend rule\n"
    )
    for most, says in (("£1,000", "holds"), ("£999.99", "holds when")):
        made = contract(block("£1,000", unused="recoverable"), rule.format(most))
        (found,) = findings(made, as_written(made), made.rules)
        assert found.says == says


def test_no_cap_covers_what_is_owed_back() -> None:
    cap = "cap All\n  covers payments\n  at most £1,100 over the contract\n  excess lost\nend cap\n"
    made = contract(block("£1,000", unused="recoverable"), cap)
    # £700 are owed back and free no room: of £400 in the next year £100 are paid.
    sums = paid(made, (300, 0), (0, 0), (0, 0), (0, 0), (400, 0))
    assert sums["recovered", "Provider"] == 700
    assert sums["cap_cut", "Council"] == -300
