"""What is held back of a payment that may come to less than nought: by hand, in z3, and what is refused."""

from fractions import Fraction
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sibdsl.compile import compile_source
from sibdsl.diagnostics import Refused
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import as_written
from sibdsl.price import Graph, Key, build, price
from sibdsl.source import Source
from tests.check.rules.heads import PARTIES, contract_block
from tests.check.rules.interpreters import Case, agrees_with_z3
from tests.frame import complete
from tests.model.people import SAVED

CLAUSES = (
    contract_block("quarterly", serves_until="31 March 2017", pays_until="31 March 2017")
    + PARTIES
    + SAVED
    + """
payment Never Back
  payer      50% Council, 50% Fund
  payee      Charity
  for each   Saved
  pays       £1
  taken back never
  held back  until Job Entry is at least 3 over the contract
end payment

payment Made Up Later
  payer      Council
  payee      Charity
  for each   Saved
  pays       £1
  taken back from later payments
  held back  until Job Entry is at least 3 over the contract
end payment
"""
)


@cache
def contract() -> Contract:
    return compile_source(Source("held.sib", complete(CLAUSES))).contract


@cache
def graph() -> Graph:
    return build(contract(), as_written(contract()))


def case(saved: list[int], entries: list[int]) -> Case:
    quantities: dict[Key, Fraction] = {}
    for segment, sum_, entry in zip(graph().segments, saved, entries, strict=True):
        quantities[Key(segment, "Saved", "")] = Fraction(sum_)
        quantities[Key(segment, "Job Entry", "From 16")] = Fraction(entry)
    return Case(contract(), quantities)


def paid(one: Case, name: str) -> list[Fraction]:
    lines = [line for line in price(graph(), one.counts).lines if line.line.payment == name]
    return [
        sum((line.amount for line in lines if line.line.segment == segment), Fraction(0))
        for segment in graph().segments
    ]


def held(amounts: list[int], met: list[bool]) -> list[int]:
    found, kept, ever = [], 0, False
    for amount, now in zip(amounts, met, strict=True):
        kept, ever = kept + amount, ever or now
        found.append(kept if ever else 0)
        kept = 0 if ever else kept
    return found


def made_up(amounts: list[int]) -> list[int]:
    """What a payment pays that takes what fell below nought from later payments."""
    found, behind = [], 0
    for amount in amounts:
        behind += amount
        found.append(max(0, behind))
        behind = min(0, behind)
    return found


sums = st.lists(st.integers(-5, 5), min_size=4, max_size=4)
few = st.lists(st.sampled_from((0, 0, 1, 2)), min_size=4, max_size=4)


@settings(max_examples=40)
@given(sums, few)
def test_what_is_paid_is_what_plain_arithmetic_says(saved: list[int], entries: list[int]) -> None:
    one = case(saved, entries)
    met = [sum(entries[: at + 1]) >= 3 for at in range(4)]
    assert paid(one, "Never Back") == held([max(0, amount) for amount in saved], met)
    assert paid(one, "Made Up Later") == held(made_up(saved), met)


@settings(max_examples=3)
@given(sums, few)
def test_z3_agrees(saved: list[int], entries: list[int]) -> None:
    one = case(saved, entries)
    agrees_with_z3(one, graph(), price(graph(), one.counts))


def test_what_is_held_back_is_not_owed_back() -> None:
    with pytest.raises(Refused) as found:
        compile_source(
            Source("held.sib", complete(CLAUSES.replace("taken back never", "taken back by repayment")))
        )
    assert [one.code for one in found.value.found] == ["SIB0561"]
