"""A rate of all that went before, and measures of different days: priced by hand, proved, and held against brute force."""

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from itertools import product

import pytest

from sibdsl.check.rules.judge import Judge
from sibdsl.compile import compile_source
from sibdsl.diagnostics import Refused
from sibdsl.model.nodes import Contract, Rule
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.workings import may_be_blank
from sibdsl.price import Key, build, derived, price
from sibdsl.source import Source
from tests.check.rules.heads import JOB_START, contract_block
from tests.check.rules.interpreters import Case, agrees_with_z3
from tests.frame import complete

CLAUSES = (
    contract_block(pays_until="31 March 2019")
    + JOB_START
    + """
metric Rate
  kind      outcome
  equals    Job Start divided by (Job Start plus Job Entry)
  measured  to date in each year
end metric

metric First
  kind      outcome
  equals    Job Start minus 2
  measured  once on 31 March 2017
end metric

metric Second
  kind      outcome
  equals    Job Start times 2
  measured  once on 31 March 2018
end metric

metric Together
  kind      outcome
  equals    First plus Second
  measured  once on 31 March 2018
end metric

metric So Far
  kind      outcome
  equals    First plus the first given of (Second and 100)
  measured  to date in each year
end metric

payment Rate Fee
  payer  Council
  payee  Charity
  pays   £100 times Rate
end payment

payment Together Fee
  payer       Council
  payee       Charity
  pays        £1 times Together
  taken back  never
end payment

payment So Far Fee
  payer       Council
  payee       Charity
  pays        £1 times So Far
  taken back  never
end payment

rule Never More
  requires  payments under Rate Fee are at most £100
  tested    in each claim
  against   every quantity
end rule

rule Some In The First Year
  requires  payments under Rate Fee are at least £1
  tested    in 2016/17
  against   every quantity
end rule

rule Never Below
  requires  payments under Rate Fee are at least £0
  tested    over the contract
  against   every quantity
end rule
"""
)


@cache
def contract() -> Contract:
    return compile_source(Source("to_date.sib", complete(CLAUSES))).contract


def case(starts: tuple[int, ...], entries: tuple[int, ...]) -> Case:
    made = contract()
    graph = build(made, as_written(made))
    quantities: dict[Key, Fraction] = {}
    for segment, start, entry in zip(graph.segments, starts, entries, strict=True):
        quantities[Key(segment, "Job Start", "")] = Fraction(start)
        quantities[Key(segment, "Job Entry", "From 16")] = Fraction(entry)
    return Case(made, derived(made, as_written(made), quantities))


def _half_up(amount: Fraction) -> Fraction:
    pennies = amount * 100
    return Fraction((2 * pennies.numerator + pennies.denominator) // (2 * pennies.denominator), 100)


EVERY = list(product(product((0, 1, 3), repeat=3), product((0, 1, 2), repeat=3)))


def paid(one: Case, name: str) -> list[Fraction]:
    graph = one.graph()
    lines = price(graph, one.counts).lines
    return [
        sum(
            (line.amount for line in lines if line.line.payment == name and line.line.segment == segment),
            Fraction(0),
        )
        for segment in graph.segments
    ]


def test_what_is_paid_is_what_plain_arithmetic_says() -> None:
    for starts, entries in EVERY[::7]:
        one = case(starts, entries)
        to_date = [(sum(starts[: at + 1]), sum(entries[: at + 1])) for at in range(3)]
        rates = [Fraction(a, a + b) if a + b else Fraction(0) for a, b in to_date]
        assert paid(one, "Rate Fee") == [_half_up(100 * rate) for rate in rates]
        first, second = starts[0] - 2, (starts[0] + starts[1]) * 2
        assert paid(one, "Together Fee") == [0, max(0, first + second), 0]
        assert paid(one, "So Far Fee") == [
            max(0, first + 100),
            max(0, first + second),
            max(0, first + second),
        ]


def test_z3_lets_the_true_amounts_be() -> None:
    for starts, entries in EVERY[::61]:
        one = case(starts, entries)
        graph = one.graph()
        agrees_with_z3(one, graph, price(graph, one.counts))


@pytest.mark.parametrize("rule", contract().rules, ids=lambda rule: rule.name)
def test_a_verdict_holds_for_every_quantity_tried(rule: Rule) -> None:
    made = contract()
    verdict = Judge(made, as_written(made)).decide(rule)
    names: dict[str, Callable[[list[Fraction]], bool]] = {
        "Never More": lambda amounts: all(amount <= 100 for amount in amounts),
        "Some In The First Year": lambda amounts: amounts[0] >= 1,
        "Never Below": lambda amounts: sum(amounts) >= 0,
    }
    met = [names[rule.name](paid(case(*each), "Rate Fee")) for each in EVERY[::11]]
    assert verdict.says in ("holds", "holds when", "fails", "not decided")
    assert verdict.says != "holds" or all(met)
    assert verdict.says != "fails" or not any(met)
    assert rule.name != "Some In The First Year" or verdict.says != "holds"


def test_what_is_not_measured_by_then_is_blank() -> None:
    made = contract()
    assert not may_be_blank(made, "Together")  # it is worked out once both have been taken
    assert not may_be_blank(made, "So Far")
    assert may_be_blank(made, "Rate")


def test_a_measure_that_is_only_taken_later_is_refused() -> None:
    text = CLAUSES.replace(
        "equals    First plus Second\n  measured  once on 31 March 2018",
        "equals    First plus Second\n  measured  once on 31 March 2017",
    )
    with pytest.raises(Refused) as refused:
        compile_source(Source("to_date.sib", complete(text)))
    assert [one.code for one in refused.value.found] == ["SIB0543"]
