"""A party that takes another's place: no amount changes, only who pays and who is paid from the day on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction

import pytest
from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st

from sibdsl.compile import compile_source
from sibdsl.diagnostics import Refused
from sibdsl.model.nodes import Contract, Novation, Party, Value, Variation
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.periods import segments
from sibdsl.model.variations import in_force
from sibdsl.price import Key, PricedLine
from sibdsl.source import Source
from tests.model.generate import contracts, quantities
from tests.settle.test_replaced_by_itself import HUGE
from tests.settle.varied import FEE, FRAME, LEFT, REPRICED, counted, run, variation_text

HEIR = "Heir Of All"


def amounts(lines: Iterable[PricedLine], old: str) -> dict[tuple[object, ...], Fraction]:
    """What is paid of each part of each period, with the new party under the name of the old."""
    found: dict[tuple[object, ...], Fraction] = {}
    for one in lines:
        line = one.line
        payer, payee = (old if name == HEIR else name for name in (line.payer, line.payee))
        key = (
            line.kind, line.segment.days, line.due, payer, payee, line.payment, line.metric, line.band, line.tier, line.rule,
        )  # fmt: skip
        found[key] = found.get(key, Fraction(0)) + one.amount
    return {key: amount for key, amount in found.items() if amount}


@given(st.data())
def test_no_amount_changes_and_the_day_says_who_pays(data: st.DataObject) -> None:
    _, contract = data.draw(contracts(years=2))
    assume(contract.rounding.each == "line")
    money = Value("in money", "set off basis")
    contract = evolve(contract, advances=tuple(evolve(one, basis=money) for one in contract.advances))
    old = data.draw(st.sampled_from(contract.parties))
    heir = Party(HEIR, "", old.roles)
    at = contract.parties.index(old) + 1
    contract = evolve(contract, parties=(*contract.parties[:at], heir, *contract.parties[at:]))
    paid = contract.payment_period
    whole = (paid.end - paid.start).days
    effective = paid.start + timedelta(days=data.draw(st.integers(1, whole - 1)))
    agreed = paid.start + timedelta(days=data.draw(st.integers(-5, whole + 30)))
    way = data.draw(st.sampled_from((REPRICED, LEFT)))
    beside = Variation("Same", "", "", Value(agreed, "date"), Value(effective, "date"), way, caps=(HUGE,))
    novates = evolve(beside, novates=(Novation(old.name, HEIR),))
    before, after = (evolve(contract, variations=(one,)) for one in (beside, novates))
    terms = in_force(before, as_written(before))
    assume(segments(terms) == segments(in_force(after, as_written(after))))
    counts: dict[Key, Fraction] = data.draw(quantities(terms))
    priced = run(after, counts).priced.lines
    assert amounts(priced, old.name) == amounts(run(before, counts).priced.lines, old.name)
    if way == REPRICED:
        first = in_force(after, as_written(after)).novated[0].first
        for one in priced:
            line = one.line
            day = line.due or line.segment.days.start
            if HEIR in (line.payer, line.payee):
                assert day >= first
            if old.name in (line.payer, line.payee):
                assert day < first


TEXT = (
    FRAME.replace(
        "  | Trust   | provider        |", "  | Trust   | provider        |\n  | Heir    | provider        |"
    )
    + FEE
    + """
block advance Start
  payer        Council
  payee        Trust
  pays         £450
  paid on      1 April 2016
  set against  Fee over the contract
  set off      in money, as fees fall due
  unused part  recoverable
end block advance

cap Ceiling
  covers   payments to Trust
  at most  £600 over the contract
  excess   lost
end cap
"""
)


def lines(contract: Contract, rows: Sequence[tuple[date, str, int]], as_of: date | None = None) -> list[str]:
    return [
        f"{one.line.kind} {one.line.payee} {one.line.segment.days.start} {float(one.amount):g}"
        for one in run(contract, counted(contract, rows), as_of).lines
    ]


def novated(inside: str = "novates Trust to Heir", text: str = TEXT) -> Contract:
    change = variation_text("Change", "1 July 2016", "10 August 2016", "", more=inside)
    return compile_source(Source("works.sib", text), (Source("change.sib", change),)).contract


def test_limits_and_blocks_count_on() -> None:
    """£600 in all, £450 of them paid in advance: 100, then 100 and 300 together, 400. Of the last £100 are left under the cap."""
    rows = [(date(2016, 5, 1), "Job", 1), (date(2016, 8, 1), "Job", 1), (date(2016, 8, 20), "Job", 3), (date(2016, 12, 1), "Job", 4)]  # fmt: skip
    assert lines(novated(), rows) == [
        "advance Trust 2016-04-01 450", "payment Trust 2016-04-01 100", "set_off Trust 2016-04-01 -100",
        "payment Trust 2016-07-01 100", "set_off Trust 2016-07-01 -87.5",
        "payment Heir 2016-08-10 300", "set_off Heir 2016-08-10 -262.5",
        "payment Heir 2016-10-01 400", "cap_cut Heir 2016-10-01 -300",
    ]  # fmt: skip


def test_what_is_left_of_a_block_the_new_party_owes_back() -> None:
    recovered = [line for line in lines(novated(), [(date(2016, 5, 1), "Job", 1)]) if "recovered" in line]
    assert recovered == ["recovered Council 2017-01-01 350"]
    run_lines = run(novated(), counted(novated(), [(date(2016, 5, 1), "Job", 1)])).lines
    assert [one.line.payer for one in run_lines if one.line.kind == "recovered"] == ["Heir"]


def test_what_was_earned_before_and_comes_in_later_is_the_old_partys() -> None:
    assert lines(novated(text=TEXT.split("block advance")[0]), [(date(2016, 8, 9), "Job", 1), (date(2016, 8, 10), "Job", 1)]) == [
        "payment Trust 2016-07-01 100", "payment Heir 2016-08-10 100",
    ]  # fmt: skip


@pytest.mark.parametrize("inside", ["novates Trust to Council", "novates Trust to Trust"])
def test_a_party_that_pays_or_is_paid_itself_takes_nobodys_place(inside: str) -> None:
    with pytest.raises(Refused) as refused:
        novated(inside)
    assert [one.code for one in refused.value.found] == ["SIB0231"]
