"""What is held back until a condition is met: by hand, by every interpreter of prices, in proofs, and what is refused."""

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sibdsl.check.rules.judge import Judge
from sibdsl.compile import compile_source
from sibdsl.diagnostics import Refused
from sibdsl.model.nodes import Contract, Rule
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.to_json import from_json, to_json
from sibdsl.price import Graph, Key, build, derived, price
from sibdsl.source import Source
from tests.check.rules.heads import JOB_START, PARTIES, contract_block
from tests.check.rules.interpreters import Case, agrees_with_formulas, agrees_with_sympy, agrees_with_z3
from tests.frame import complete

CLAUSES = (
    contract_block("quarterly", pays_until="31 March 2018")
    + PARTIES
    + JOB_START
    + """
metric Rate
  kind      outcome
  equals    Job Entry divided by Job Start
  measured  to date in each quarter
end metric

payment By Number
  payer      Council
  payee      Charity
  for each   Job Start
  pays       £10
  held back  until Job Entry is at least 3 over the contract
end payment

payment By Rate
  payer      30% Council, the rest Fund
  payee      Charity
  for each   Job Start
  pays       £0.33
  held back  until Rate is at least 50%
end payment

payment Yearly
  payer      Council
  payee      Charity
  pays       £7 times Job Start
  every      year at the end
  held back  until Job Entry is at least 3 over the contract
end payment

payment Regular
  payer      Council
  payee      Charity
  pays       £100
  every      year at the start, part years in full
  held back  until Job Entry is at least 2 in each year
end payment

payment Limited
  payer      Council
  payee      Charity
  for each   Job Start
  pays       £10
  at most    £50 in each year
  excess     lost
  held back  until Job Entry is at least 3 over the contract
end payment

payment Both
  payer         Council
  payee         Charity
  for each      Job Start
  pays          £1
  paid only if  Job Start is at least 2 in each quarter
  held back     until Job Entry is at least 3 over the contract
end payment

rule Nothing Without Three
  requires  payments under By Number are at most £0 or Job Entry is at least 3
  tested    over the contract
  against   every quantity
end rule

rule Everything With Three
  requires  payments under By Number are at least £10 times Job Start or Job Entry is less than 3
  tested    over the contract
  against   every quantity
end rule

rule Always Everything
  requires  payments under By Number are at least £10 times Job Start
  tested    over the contract
  against   every quantity
end rule
"""
)


@cache
def contract() -> Contract:
    return compile_source(Source("held.sib", complete(CLAUSES))).contract


@cache
def graph_of(made: Contract) -> Graph:
    return build(made, as_written(made))


def _held(amounts: list[Fraction], met: list[bool]) -> list[Fraction]:
    found, kept, ever = [], Fraction(0), False
    for amount, now in zip(amounts, met, strict=True):
        kept, ever = kept + amount, ever or now
        found.append(kept if ever else Fraction(0))
        kept = Fraction(0) if ever else kept
    return found


def by_hand(starts: list[int], entries: list[int]) -> dict[str, list[Fraction]]:
    """What each payment comes to, quarter by quarter."""
    so_far = [sum(entries[: at + 1]) for at in range(8)]
    began = [sum(starts[: at + 1]) for at in range(8)]
    three = [number >= 3 for number in so_far]
    rate = [bool(b) and Fraction(e, b) >= Fraction(1, 2) for e, b in zip(so_far, began, strict=True)]
    years = [sum(starts[:4]) if at == 3 else sum(starts[4:]) if at == 7 else 0 for at in range(8)]
    in_year = [sum(entries[at - at % 4 : at + 1]) >= 2 for at in range(8)]
    limited = _held([Fraction(10 * number) for number in starts], three)
    cut: list[Fraction] = []
    for at, amount in enumerate(limited):
        room = 50 - sum(cut[at - at % 4 : at], Fraction(0))
        cut.append(min(amount, room))
    return {
        "By Number": _held([Fraction(10 * number) for number in starts], three),
        "By Rate": _held([Fraction(33 * number, 100) for number in starts], rate),
        "Yearly": _held([Fraction(7 * number) for number in years], three),
        "Regular": _held([Fraction(100 if at % 4 == 0 else 0) for at in range(8)], in_year),
        "Limited": cut,
        "Both": _held([Fraction(number if number >= 2 else 0) for number in starts], three),
    }


def case(starts: list[int], entries: list[int]) -> Case:
    made = contract()
    graph = graph_of(made)
    quantities: dict[Key, Fraction] = {}
    for segment, start, entry in zip(graph.segments, starts, entries, strict=True):
        quantities[Key(segment, "Job Start", "")] = Fraction(start)
        quantities[Key(segment, "Job Entry", "From 16")] = Fraction(entry)
    return Case(made, derived(made, as_written(made), quantities))


def paid(one: Case, name: str) -> list[Fraction]:
    graph = graph_of(one.contract)
    lines = [line for line in price(graph, one.counts).lines if line.line.payment == name]
    return [
        sum((line.amount for line in lines if line.line.segment == segment), Fraction(0))
        for segment in graph.segments
    ]


numbers = st.lists(st.integers(0, 4), min_size=8, max_size=8)
few = st.lists(st.sampled_from((0, 0, 0, 1, 2)), min_size=8, max_size=8)


@settings(max_examples=30)
@given(numbers, few)
def test_what_is_paid_is_what_plain_arithmetic_says(starts: list[int], entries: list[int]) -> None:
    one = case(starts, entries)
    wanted = by_hand(starts, entries)
    assert {name: paid(one, name) for name in wanted} == wanted


@settings(max_examples=5)
@given(numbers, few)
def test_every_interpreter_agrees(starts: list[int], entries: list[int]) -> None:
    starts[0] += 1  # so that there is a rate: for sympy and in formulas, what is measured is there
    one = case(starts, entries)
    graph = one.graph()
    priced = price(graph, one.counts)
    agrees_with_z3(one, graph, priced)
    agrees_with_sympy(one, graph, priced)
    agrees_with_formulas(one, graph, priced)


def test_the_lines_say_of_what_they_are() -> None:
    one = case([2, 0, 1, 0, 0, 0, 0, 0], [0, 0, 3, 0, 0, 0, 0, 0])
    lines = [line for line in price(one.graph(), one.counts).lines if line.line.payment == "By Number"]
    assert [(line.line.kind, line.amount, line.quantity) for line in lines] == [
        ("payment", 10, 1),
        ("released", 20, None),
    ]


@pytest.mark.parametrize("rule", contract().rules, ids=lambda rule: rule.name)
def test_a_verdict_holds_for_every_quantity_tried(rule: Rule) -> None:
    made = contract()
    says = Judge(made, as_written(made)).decide(rule).says
    tests: dict[str, Callable[[int, int, Fraction], bool]] = {
        "Nothing Without Three": lambda _, entries, amount: amount <= 0 or entries >= 3,
        "Everything With Three": lambda starts, entries, amount: amount >= 10 * starts or entries < 3,
        "Always Everything": lambda starts, _, amount: amount >= 10 * starts,
    }
    tried = [
        ([a, 0, b, 0, 0, c, 0, 0], [d, 0, e, 0, 0, 0, f, 0])
        for a, b, c, d, e, f in product((0, 2), (0, 1), (0, 3), (0, 1), (0, 2), (0, 1))
    ]
    met = [
        tests[rule.name](
            sum(starts), sum(entries), sum(paid(case(starts, entries), "By Number"), Fraction(0))
        )
        for starts, entries in tried
    ]
    assert says != "holds" or all(met)
    assert says != "fails" or not any(met)
    assert rule.name == "Always Everything" or says == "holds"


def test_it_comes_back_from_json() -> None:
    assert from_json(to_json(contract())) == contract()


def refused(text: str) -> list[str]:
    with pytest.raises(Refused) as found:
        compile_source(Source("held.sib", complete(text)))
    return [one.code for one in found.value.found]


def test_its_days_must_be_said() -> None:
    assert refused(CLAUSES.replace("3 over the contract", "3", 1)) == ["SIB0545"]
    assert refused(
        CLAUSES.replace("until Rate is at least 50%", "until Rate is at least 50% in each year")
    ) == ["SIB0545"]
    assert refused(
        CLAUSES.replace("until Rate is at least 50%", "until 1 is at least 0 over the contract")
    ) == ["SIB0545"]


def test_a_limit_for_each_person_comes_first() -> None:
    """What it takes is known from records alone: of quantities it takes nothing, and proofs reckon with every cut."""
    text = (
        CLAUSES
        + "cap Each\n  covers payments under By Number\n  at most £20 per person over the contract\n  excess lost\nend cap\n"
    )
    made = compile_source(Source("held.sib", complete(text))).contract
    one = Case(made, case([2, 0, 1, 0, 0, 0, 0, 0], [0, 0, 3, 0, 0, 0, 0, 0]).counts)
    assert paid(one, "By Number")[:3] == [0, 0, 30]
    rule = next(rule for rule in made.rules if rule.name == "Nothing Without Three")
    assert Judge(made, as_written(made)).decide(rule).says == "holds"
