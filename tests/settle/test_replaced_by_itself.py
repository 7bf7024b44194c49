"""A clause that a variation replaces by its own text goes on as if nothing had been agreed: no amount changes.

Beside it stands the same variation with a limit that is never reached, and no clause replaced: periods are cut on the same
days, so that what is rounded line by line is rounded alike.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from fractions import Fraction

from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from sibdsl.model.nodes import (
    Arithmetic,
    BlockAdvance,
    Cap,
    CapRow,
    Contract,
    Payment,
    Scope,
    Selection,
    Value,
    Variation,
    Worked,
    Working,
    Workings,
)
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.periods import segments
from sibdsl.model.replaced_definitions import rewritten
from sibdsl.model.variations import in_force
from sibdsl.price import Key, PricedLine
from tests.model.generate import contracts, quantities
from tests.settle.varied import LEFT, REPRICED, run

Clause = Payment | BlockAdvance | Cap | Workings
HUGE = Cap("Huge", "", "", (CapRow(Selection(), Value(Fraction(10**12), "money"), Scope("contract")),))


def amounts(lines: Iterable[PricedLine]) -> dict[tuple[object, ...], Fraction]:
    """What is paid, cut, met, carried and adjusted of each part of each period, by what it is for."""
    found: dict[tuple[object, ...], Fraction] = {}
    for one in lines:
        line = one.line
        key = (
            line.kind, line.segment.days, line.due, line.payer, line.payee, line.payment, line.metric, line.band, line.tier, line.rule,
        )  # fmt: skip
        found[key] = found.get(key, Fraction(0)) + one.amount
    return {key: amount for key, amount in found.items() if amount}


@st.composite
def cases(draw: DrawFn) -> tuple[Contract, Contract]:
    """A contract with a variation that changes nothing, and with one that replaces some of its clauses by themselves too."""
    _, contract = draw(contracts(years=2))
    money = Value("in money", "set off basis")
    contract = evolve(contract, advances=tuple(evolve(one, basis=money) for one in contract.advances))
    every: list[Clause] = [*contract.payments, *contract.advances, *contract.caps, *contract.workings]
    some = draw(st.lists(st.sampled_from(every), min_size=1, unique_by=lambda one: (type(one), one.name)))
    paid = contract.payment_period
    whole = (paid.end - paid.start).days
    effective = paid.start + timedelta(days=draw(st.integers(1, whole - 1)))
    agreed = paid.start + timedelta(days=draw(st.integers(-5, whole + 30)))
    way = draw(st.sampled_from((REPRICED, LEFT)))
    beside = Variation("Same", "", "", Value(agreed, "date"), Value(effective, "date"), way, caps=(HUGE,))
    same = evolve(
        beside,
        payments=tuple(one for one in some if isinstance(one, Payment)),
        advances=tuple(one for one in some if isinstance(one, BlockAdvance)),
        caps=(*(one for one in some if isinstance(one, Cap)), HUGE),
        workings=tuple(one for one in some if isinstance(one, Workings)),
    )
    return evolve(contract, variations=(beside,)), evolve(contract, variations=(same,))


@given(st.data())
def test_no_amount_changes(data: st.DataObject) -> None:
    beside, same = data.draw(cases())
    terms = in_force(beside, as_written(beside))
    assume(segments(terms) == segments(in_force(same, as_written(same))))
    counts: dict[Key, Fraction] = data.draw(quantities(terms))
    assert amounts(run(same, counts).priced.lines) == amounts(run(beside, counts).priced.lines)


@given(st.data())
def test_workings_replaced_are_clauses_replaced(data: st.DataObject) -> None:
    """Other workings in the place of some pay what the same clauses pay that a variation replaces by ones that speak of the others."""
    beside, _ = data.draw(cases())
    assume(beside.workings)
    (variation,) = beside.variations
    dearer = Value(Fraction(137, 100), "money")
    put = tuple(
        evolve(
            one,
            steps=tuple(
                evolve(step, amount=Arithmetic("plus", step.amount, dearer, "money"))
                if step.amount.kind == "money"
                else step
                for step in one.steps
            ),
        )
        for one in beside.workings
    )

    def other(node: object) -> object:
        match node:
            case Working(name=name):
                return evolve(node, name=f"{name} Now")
            case Worked(name=name):
                return evolve(node, name=f"{name} Now")
        return node

    added = tuple(evolve(one, name=f"{one.name} Now") for one in rewritten(put, other))
    speaking = tuple(one for one in beside.payments if rewritten(one, other) != one)
    in_place = evolve(variation, workings=put, payments=())
    by_clauses = evolve(variation, workings=added, payments=rewritten(speaking, other))
    left, right = (evolve(beside, variations=(one,)) for one in (in_place, by_clauses))
    terms = in_force(left, as_written(left))
    assume(segments(terms) == segments(in_force(right, as_written(right))))
    counts: dict[Key, Fraction] = data.draw(quantities(terms))
    assert amounts(run(left, counts).priced.lines) == amounts(run(right, counts).priced.lines)
