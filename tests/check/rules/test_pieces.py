"""Payments in pieces: every interpreter of the price graph, and a few lines of plain arithmetic, on random quantities."""

from fractions import Fraction
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from sibdsl.compile import compile_source
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import as_written
from sibdsl.price import Key, build, derived, price
from sibdsl.source import Source
from tests.check.rules.heads import JOB_START, contract_block
from tests.check.rules.interpreters import (
    Case,
    agrees_with_formulas,
    agrees_with_sympy,
    agrees_with_z3,
)
from tests.frame import complete

CLAUSES = (
    contract_block("quarterly")
    + JOB_START
    + """
metric Growth
  kind      outcome
  compares  Job Start with 40 as percentage rise
  measured  in each year
end metric

payment Job Fee
  payer      Council
  payee      Charity
  for each   Job Start
  threshold  5 in each year, paying everything
  pays       £7
end payment

payment Slab
  payer            Council
  payee            Charity
  for each         Job Start
  all-units rates  in each year
  | units   | pays |
  | first 4 | £10  |
  | next 4  | £12  |
  | further | £9   |
end payment

payment Steps
  payer  Council
  payee  Charity
  steps  by Growth
  | Growth                      | pays |
  | less than 0%                | £0   |
  | at least 0% but at most 50% | £100 |
  | more than 50%               | £250 |
end payment

payment Line
  payer         Council
  payee         Charity
  interpolated  by Job Start, nothing beyond the ends
  every         year at the end
  | Job Start | pays |
  | 2         | £10  |
  | 6         | £30  |
  | 9         | £20  |
end payment

payment Net
  payer     Council
  payee     Charity
  pays      £100 times Growth
  at least  £0 in each year
  at most   £150 over the contract
  excess    lost
end payment

payment Kept Fee
  payer         Council
  payee         Charity
  for each      Job Start
  pays          £1
  paid only if  Job Entry is at least 1 or Job Start is more than 8 in each year
end payment
"""
)


@cache
def contract() -> Contract:
    return compile_source(Source("pieces.sib", complete(CLAUSES))).contract


def _half_up(amount: Fraction) -> Fraction:
    pennies = amount * 100
    return Fraction((2 * pennies.numerator + pennies.denominator) // (2 * pennies.denominator), 100)


def _slab(total: int) -> int:
    return total * (10 if total <= 4 else 12 if total <= 8 else 9)


def _line(total: int) -> Fraction:
    if not 2 <= total <= 9:
        return Fraction(0)
    return Fraction(5 * total) if total <= 6 else 30 - Fraction(10 * (total - 6), 3)


def plain(starts: list[int], entries: list[int]) -> dict[str, Fraction]:
    """What each payment comes to, quarter by quarter, by hand."""
    found: dict[str, Fraction] = dict.fromkeys(
        ("Job Fee", "Slab", "Steps", "Line", "Net", "Kept Fee"), Fraction(0)
    )
    net = Fraction(0)
    for first in range(0, len(starts), 4):
        year = starts[first : first + 4]
        total, best, kept = 0, 0, 0
        for quarter, number in enumerate(year):
            total += number
            best = max(best, _slab(total))
            kept += entries[first + quarter]
            if kept >= 1 or total > 8:
                found["Kept Fee"] += number
        found["Slab"] += best
        found["Job Fee"] += 7 * total if total >= 5 else 0
        found["Line"] += _half_up(_line(total))
        growth = Fraction(total - 40, 40)
        found["Steps"] += 0 if growth < 0 else 100 if growth <= Fraction(1, 2) else 250
        net += _half_up(max(Fraction(0), 100 * growth))
    found["Net"] = min(net, Fraction(150))
    return found


counts = st.lists(st.one_of(st.integers(0, 4), st.integers(0, 60)), min_size=8, max_size=8)


def case(starts: list[int], entries: list[int]) -> Case:
    made = contract()
    graph = build(made, as_written(made))
    quantities: dict[Key, Fraction] = {}
    for segment, number, kept in zip(graph.segments, starts, entries, strict=True):
        quantities[Key(segment, "Job Start", "")] = Fraction(number)
        quantities[Key(segment, "Job Entry", "From 16")] = Fraction(kept)
    return Case(made, derived(made, as_written(made), quantities))


@settings(max_examples=60)
@given(counts, counts)
def test_what_is_paid_is_what_plain_arithmetic_says(starts: list[int], entries: list[int]) -> None:
    one = case(starts, entries)
    totals = dict.fromkeys(plain(starts, entries), Fraction(0))
    for line in price(one.graph(), one.counts).lines:
        totals[line.line.payment] += line.amount
    assert totals == plain(starts, entries)


@settings(max_examples=12)
@given(counts, counts)
def test_every_interpreter_agrees(starts: list[int], entries: list[int]) -> None:
    one = case(starts, entries)
    graph = one.graph()
    priced = price(graph, one.counts)
    agrees_with_sympy(one, graph, priced)
    agrees_with_formulas(one, graph, priced)
    agrees_with_z3(one, graph, priced)
