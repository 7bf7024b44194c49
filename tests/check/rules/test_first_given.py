"""What stands for a blank where prices are worked out: by hand, and by every interpreter of prices, blanks and all."""

from collections.abc import Mapping
from fractions import Fraction
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sibdsl.check.rules.judge import Judge
from sibdsl.compile import compile_source
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import as_written
from sibdsl.price import Graph, Key, build, derived, price
from sibdsl.price.graph import Known
from sibdsl.source import Source
from tests.check.rules.heads import JOB_START, contract_block
from tests.check.rules.interpreters import (
    Case,
    agrees_with_formulas,
    agrees_with_sympy,
    agrees_with_z3,
    unproved,
)
from tests.frame import complete

CLAUSES = (
    contract_block()
    + JOB_START
    + """
metric Rate
  kind      outcome
  equals    (Job Start minus 4) divided by Job Entry
  measured  in each year
end metric

metric Other Rate
  kind      outcome
  equals    2 divided by Job Start
  measured  in each year
end metric

metric Sure Rate
  kind      outcome
  equals    the first given of (Rate and Other Rate and 30%)
  measured  in each year
end metric

scale Coupon
  interpolated by  Rate, nothing below, flat above
  | Rate | equals |
  | 25%  | 3%     |
  | 75%  | 15%    |
end scale

scale Level
  by  Rate
  | Rate         | equals |
  | less than 0% | £1     |
  | at least 0%  | £2     |
end scale

workings Figures
  | step    | equals                                             |
  | Either  | the first given of (Rate and Other Rate)           |
  | Nested  | the first given of (Either times £10 and £7)       |
  | Step    | the first given of (Level and £5)                  |
end workings

payment Floor
  payer  Council
  payee  Charity
  pays   the higher of (the first given of (Coupon and 0%) and 5%) times £1,000
end payment

payment Two
  payer       Council
  payee       Charity
  pays        Either times £100
  taken back  never
end payment

payment Three
  payer       Council
  payee       Charity
  pays        Nested
  taken back  never
end payment

payment Product
  payer  Council
  payee  Charity
  pays   Step times Job Start
  every  year at the end
end payment

payment Both
  payer       Council
  payee       Charity
  pays        (the first given of (Rate and 50%) plus Other Rate) times £100
  taken back  never
end payment

payment Whole
  payer       Council
  payee       Charity
  pays        Sure Rate times £100
  taken back  never
end payment

payment Gate
  payer         Council
  payee         Charity
  for each      Job Start
  pays          £1
  paid only if  the first given of (Rate and 10%) is at least 10%
end payment

rule Never Without
  requires  payments under Floor are at least £50
  tested    in each claim
  against   every quantity
end rule

rule Either Way
  requires  payments under Two are at least £1
  tested    in each claim
  against   every quantity
end rule

rule Gated
  requires  payments under Gate are at least £1
  tested    in each claim
  against   every quantity
end rule
"""
)


@cache
def contract() -> Contract:
    return compile_source(Source("blanks.sib", complete(CLAUSES))).contract


def _half_up(amount: Fraction) -> Fraction:
    """As the contract rounds, of what is never below nought."""
    pennies = amount * 100
    return Fraction((2 * pennies.numerator + pennies.denominator) // (2 * pennies.denominator), 100)


def _coupon(rate: Fraction) -> Fraction:
    if rate < Fraction(1, 4):
        return Fraction(0)
    return min(Fraction(15, 100), Fraction(3, 100) + (rate - Fraction(1, 4)) * Fraction(24, 100))


def by_hand(starts: int, entries: int) -> dict[str, Fraction]:
    """What each payment comes to in a year."""
    nought = Fraction(0)
    rate = Fraction(starts - 4, entries) if entries else None
    other = Fraction(2, starts) if starts else None
    either = rate if rate is not None else other
    nested = either * 10 if either is not None else Fraction(7)
    step = 5 if rate is None else 1 if rate < 0 else 2
    sure = rate if rate is not None else other if other is not None else Fraction(3, 10)
    both = (rate if rate is not None else Fraction(1, 2)) + other if other is not None else nought
    met = rate is None or rate >= Fraction(1, 10)
    found = {
        "Floor": max(nought if rate is None else _coupon(rate), Fraction(5, 100)) * 1_000,
        "Two": (either or nought) * 100,
        "Three": nested,
        "Product": Fraction(step * starts),
        "Both": both * 100,
        "Whole": sure * 100,
        "Gate": Fraction(starts if met else 0),
    }
    return {name: _half_up(max(nought, amount)) for name, amount in found.items()}


def case(counts: list[tuple[int, int]]) -> Case:
    made = contract()
    graph = build(made, as_written(made))
    quantities: dict[Key, Fraction] = {}
    for segment, (starts, entries) in zip(graph.segments, counts, strict=True):
        quantities[Key(segment, "Job Start", "")] = Fraction(starts)
        quantities[Key(segment, "Job Entry", "From 16")] = Fraction(entries)
    return Case(made, derived(made, as_written(made), quantities))


years = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 9)), min_size=2, max_size=2)


@settings(max_examples=80)
@given(years)
def test_what_is_paid_is_what_plain_arithmetic_says(counts: list[tuple[int, int]]) -> None:
    one = case(counts)
    found = dict.fromkeys(by_hand(0, 0), Fraction(0))
    for line in price(one.graph(), one.counts).lines:
        if line.line.payment in found:
            found[line.line.payment] += line.amount
    wanted = [by_hand(*pair) for pair in counts]
    assert found == {name: sum((year[name] for year in wanted), Fraction(0)) for name in found}


@settings(max_examples=15)
@given(years)
def test_every_interpreter_agrees(counts: list[tuple[int, int]]) -> None:
    one = case(counts)
    graph = one.graph()
    priced = price(graph, one.counts)
    agrees_with_z3(one, graph, priced)
    # What nothing stands for is measured, for sympy and in formulas: lines that are blank are none of theirs.
    graph.lines = [line for line in graph.lines if not blank(graph, line.amount, one.counts)]
    agrees_with_sympy(one, graph, priced)
    agrees_with_formulas(one, graph, priced)


def blank(graph: Graph, amount: int, counts: Mapping[Key, Fraction]) -> bool:
    """Whether an amount is nought for want of what it is worked out from."""
    steps = (graph.steps[at] for at in graph.behind(amount))
    return any(
        isinstance(step, Known) and step.meaning is None and not all(key in counts for key in step.keys)
        for step in steps
    )


@pytest.mark.parametrize("counts", [[(5, 3), (2, 1)], [(0, 0), (0, 0)], [(4, 0), (0, 2)]])
def test_formulas_say_what_stands_for_a_blank(counts: list[tuple[int, int]]) -> None:
    """A formula is of what is measured, but where the contract says what stands for a blank."""
    one = case(counts)
    assert unproved(one) == []


@pytest.mark.parametrize(
    ("rule", "says"), [("Never Without", "holds"), ("Either Way", "not holds"), ("Gated", "not holds")]
)
def test_a_rule_reckons_with_what_stands_for_a_blank(rule: str, says: str) -> None:
    made = contract()
    found = Judge(made, as_written(made)).decide(next(one for one in made.rules if one.name == rule)).says
    assert (found == "holds") == (says == "holds")
