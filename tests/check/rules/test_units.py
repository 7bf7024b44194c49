"""Tiers of parts of a unit, thresholds that are particulars or shares of a plan, and limits in units: by hand, by every
interpreter of prices, in proofs, and what is refused."""

from fractions import Fraction
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sibdsl.check.rules.judge import Judge
from sibdsl.compile import compile_source
from sibdsl.diagnostics import Refused
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import Settings, as_written
from sibdsl.model.to_json import from_json, to_json
from sibdsl.price import Graph, Key, Priced, build, price
from sibdsl.source import Source
from tests.check.rules.heads import JOB_START, PARTIES, contract_block
from tests.check.rules.interpreters import Case, agrees_with_formulas, agrees_with_sympy, agrees_with_z3
from tests.frame import complete

CLAUSES = (
    contract_block("quarterly", pays_until="31 March 2018")
    + PARTIES
    + """
particulars
  | particular     | holds | default |
  | Planned Starts | count | 5       |
end particulars

records Plots
  one row per Plot
  | column     | holds  | blank    | must be    |
  | Planted On | date   | rejected | any        |
  | Area       | number | rejected | at least 0 |
end records
"""
    + JOB_START
    + """
metric Area Planted
  kind   output
  sums   Area of Plots
  dated  Planted On
end metric

payment By Tiers
  payer     Council
  payee     Charity
  for each  Job Start
  tiers     over the contract
  | units                      | pays |
  | first 1.5                  | £100 |
  | next 50% of Planned Starts | £10  |
  | further                    | £1   |
end payment

payment From Most Of The Plan
  payer      Council
  payee      Charity
  for each   Job Start
  threshold  90% of Planned Starts in each year, paying everything
  pays       £10
end payment

payment Beyond Most Of The Plan
  payer      Council
  payee      Charity
  for each   Job Start
  threshold  90% of Planned Starts in each year, paying only the excess
  pays       £10
end payment

payment From Two Hectares
  payer      Fund
  payee      Charity
  for each   Area Planted
  threshold  2 over the contract, paying everything
  pays       £8
end payment

payment Few Units
  payer     30% Council, the rest Fund
  payee     Charity
  for each  Job Start
  pays      £7
  at most   3 units in each year
  excess    lost
end payment

payment Plan And A Tenth
  payer     Council
  payee     Charity
  for each  Area Planted
  pays      £2
  at most   110% of Planned Starts over the contract
  at most   £9 in each year
  excess    lost
end payment

rule Never More
  requires  payments under Few Units are at most £21
  tested    in each year
  against   every quantity
end rule

rule Nothing Below The Threshold
  requires  payments under From Two Hectares are at most £0 or Area Planted is at least 2
  tested    over the contract
  against   every quantity
end rule
"""
)


@cache
def contract() -> Contract:
    return compile_source(Source("units.sib", complete(CLAUSES))).contract


@cache
def graph_of(plan: int = 5) -> Graph:
    made = contract()
    return build(made, Settings({**as_written(made).values, "Planned Starts": Fraction(plan)}))


def case(starts: list[int], area: list[int]) -> Case:
    quantities: dict[Key, Fraction] = {}
    for segment, start, tenths in zip(graph_of().segments, starts, area, strict=True):
        quantities[Key(segment, "Job Start", "")] = Fraction(start)
        quantities[Key(segment, "Area Planted", "")] = Fraction(tenths, 10)
    return Case(contract(), quantities)


def by_quarter(priced: Priced, graph: Graph, name: str) -> list[Fraction]:
    return [
        sum(
            (one.amount for one in priced.lines if one.line.payment == name and one.line.segment == segment),
            Fraction(0),
        )
        for segment in graph.segments
    ]


def to_date(numbers: list[Fraction], begin: int, at: int) -> Fraction:
    return sum(numbers[begin : at + 1], Fraction(0))


def by_hand(starts: list[int], area: list[int], plan: int) -> dict[str, list[Fraction]]:
    numbers = [Fraction(n) for n in starts]
    hectares = [Fraction(n, 10) for n in area]
    most = Fraction(9, 10) * plan

    def tiers(total: Fraction) -> Fraction:
        first, then = Fraction(3, 2), Fraction(plan, 2)
        return (
            100 * min(total, first)
            + 10 * min(max(total - first, Fraction(0)), then)
            + max(total - first - then, Fraction(0))
        )

    found: dict[str, list[Fraction]] = {name: [] for name in (
        "By Tiers", "From Most Of The Plan", "Beyond Most Of The Plan", "From Two Hectares", "Few Units", "Plan And A Tenth"
    )}  # fmt: skip
    for at in range(8):
        year = at - at % 4
        whole, before = to_date(numbers, 0, at), to_date(numbers, 0, at - 1)
        mine, earlier = to_date(numbers, year, at), to_date(numbers, year, at - 1)
        planted, planted_before = to_date(hectares, 0, at), to_date(hectares, 0, at - 1)
        found["By Tiers"].append(tiers(whole) - tiers(before))
        found["From Most Of The Plan"].append(
            (10 * mine if mine >= most else Fraction(0)) - (10 * earlier if earlier >= most else Fraction(0))
        )
        found["Beyond Most Of The Plan"].append(
            10 * (max(mine - most, Fraction(0)) - max(earlier - most, Fraction(0)))
        )
        found["From Two Hectares"].append(
            (8 * planted if planted >= 2 else Fraction(0))
            - (8 * planted_before if planted_before >= 2 else Fraction(0))
        )
        found["Few Units"].append(7 * (min(mine, Fraction(3)) - min(earlier, Fraction(3))))
        plenty = Fraction(11, 10) * plan
        worth = 2 * (min(planted, plenty) - min(planted_before, plenty))
        paid = found["Plan And A Tenth"]
        paid.append(min(worth, 9 - sum(paid[year:at], Fraction(0))))
    return found


numbers = st.lists(st.integers(0, 4), min_size=8, max_size=8)
areas = st.lists(st.integers(0, 20), min_size=8, max_size=8)


@settings(max_examples=30)
@given(numbers, areas, st.integers(0, 9))
def test_what_is_paid_is_what_plain_arithmetic_says(starts: list[int], area: list[int], plan: int) -> None:
    graph, one = graph_of(plan), case(starts, area)
    priced = price(graph, one.counts)
    wanted = by_hand(starts, area, plan)
    assert {name: by_quarter(priced, graph, name) for name in wanted} == wanted


def test_just_below_a_threshold_of_what_is_not_whole_nothing_is_paid() -> None:
    one = case([0] * 8, [19, 0, 1, 0, 0, 0, 0, 0])
    assert by_quarter(price(graph_of(), one.counts), graph_of(), "From Two Hectares")[:3] == [0, 0, 16]


@settings(max_examples=3)
@given(numbers, areas)
def test_every_interpreter_agrees(starts: list[int], area: list[int]) -> None:
    one = case(starts, area)
    graph = one.graph()
    priced = price(graph, one.counts)
    agrees_with_z3(one, graph, priced)
    agrees_with_sympy(one, graph, priced)
    agrees_with_formulas(one, graph, priced)


@pytest.mark.parametrize("name", ["Never More", "Nothing Below The Threshold"])
def test_it_is_proved(name: str) -> None:
    made = contract()
    rule = next(one for one in made.rules if one.name == name)
    assert Judge(made, as_written(made)).decide(rule).says == "holds"


def test_it_comes_back_from_json() -> None:
    assert from_json(to_json(contract())) == contract()


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("3 units in each year", "3 in each year", "SIB0413"),
        ("3 units in each year", "3 units", "SIB0213"),
        ("3 units in each year", "0 units in each year", "SIB0480"),
        ("3 units in each year", "3 units per person in each year", "SIB0480"),
        ("3 units in each year", "3 units in 2016/17", "SIB0480"),
        ("3 units in each year", "3 units in each year\n  at most  9 units over the contract", "SIB0480"),
        ("excess    lost\nend payment\n\npayment Plan", "excess    carried forward\nend payment\n\npayment Plan", "SIB0480"),
        ("first 1.5 ", "first £1.50", "SIB0480"),
        ("first 1.5 ", "first 0", "SIB0480"),
        ("threshold  2 over", "threshold  £2 over", "SIB0480"),
        ("threshold  2 over", "threshold  0 over", "SIB0422"),
    ],
)  # fmt: skip
def test_what_is_no_number_of_units_is_refused(old: str, new: str, code: str) -> None:
    assert old in CLAUSES
    with pytest.raises(Refused) as found:
        compile_source(Source("units.sib", complete(CLAUSES.replace(old, new, 1))))
    assert {one.code for one in found.value.found} == {code}


def test_a_limit_on_rows_at_several_rates_is_refused() -> None:
    table = "payment Rows\n  payer Council\n  payee Charity\n  at most 3 units in each year\n  excess lost\n  | for each | band | pays |\n"
    table += "  | Job Entry | Under 16 | £1 |\n  | Job Entry | From 16 | £2 |\nend payment\n"
    with pytest.raises(Refused) as found:
        compile_source(Source("units.sib", complete(CLAUSES + table)))
    assert [one.code for one in found.value.found] == ["SIB0480"]
