"""Steps of workings that are rounded before they are multiplied on: by hand, by every interpreter, and what is refused."""

from fractions import Fraction
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sibdsl.check.rules.judge import Judge
from sibdsl.compile import compile_source
from sibdsl.diagnostics import Refused
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.to_json import from_json, to_json
from sibdsl.price import Key, build, derived, price
from sibdsl.source import Source
from tests.check.rules.heads import JOB_START, contract_block
from tests.check.rules.interpreters import Case, agrees_with_formulas, agrees_with_sympy, agrees_with_z3
from tests.frame import complete

CLAUSES = (
    contract_block()
    + JOB_START
    + """
metric Fall
  kind      outcome
  equals    Job Entry minus Job Start
  measured  in each year
end metric

workings Values
  rounding  each step, half up, to the penny
  | step        | equals                                         |
  | Ratio Value | £227.02 times 3 divided by 5                   |
  | Third       | £1 times Job Start divided by 3                |
  | Down        | £1 times Fall divided by 3 rounded down to the penny |
  | Pounds      | £1 times Job Start divided by 3 rounded up to the pound |
end workings

workings Shares
  | step  | equals                                            |
  | Share | Job Start divided by 7 rounded half up to the whole unit |
end workings

metric Points
  kind      outcome
  equals    Third times Job Entry
  measured  in each year
end metric

payment Product
  payer  Council
  payee  Charity
  pays   Ratio Value times Job Start
  every  year at the end
end payment

payment Thirds
  payer  Council
  payee  Charity
  pays   3 times Third
  every  year at the end
end payment

payment Falls
  payer       Council
  payee       Charity
  pays        2 times Down
  every       year at the end
  taken back  by repayment
end payment

payment Whole
  payer  Council
  payee  Charity
  pays   2 times Pounds plus £1 times Share
  every  year at the end
end payment

payment Points Fee
  payer  Council
  payee  Charity
  pays   Points
end payment

rule Close To All
  requires  payments under Thirds are at most £1 times total of Job Start plus £0.02
  tested    in 2016/17
  against   every quantity
end rule

rule Never Above
  requires  payments under Thirds are at most £1 times total of Job Start
  tested    in 2016/17
  against   every quantity
end rule
""".replace("total of ", "")
)


@cache
def contract() -> Contract:
    return compile_source(Source("steps.sib", complete(CLAUSES))).contract


def _half_up(amount: Fraction, grain: Fraction = Fraction(1, 100)) -> Fraction:
    sign = -1 if amount < 0 else 1
    return sign * ((sign * amount / grain + Fraction(1, 2)) // 1) * grain


def by_hand(starts: int, entries: int) -> dict[str, Fraction]:
    """What each payment comes to in a year; what is owed back counts below nought."""
    third = _half_up(Fraction(starts, 3))
    fall = Fraction(entries - starts, 3) * 100
    down = Fraction(abs(fall) // 1, 100) * (-1 if fall < 0 else 1)
    return {
        "Product": Fraction("136.21") * starts,
        "Thirds": 3 * third,
        "Falls": 2 * down,
        "Whole": 2 * Fraction(-(-starts // 3)) + _half_up(Fraction(starts, 7), Fraction(1)),
        "Points Fee": _half_up(third * entries),
    }


def case(counts: list[tuple[int, int]]) -> Case:
    made = contract()
    graph = build(made, as_written(made))
    quantities: dict[Key, Fraction] = {}
    for segment, (starts, entries) in zip(graph.segments, counts, strict=True):
        quantities[Key(segment, "Job Start", "")] = Fraction(starts)
        quantities[Key(segment, "Job Entry", "From 16")] = Fraction(entries)
    return Case(made, derived(made, as_written(made), quantities))


years = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=2, max_size=2)


@settings(max_examples=60)
@given(years)
def test_what_is_paid_is_what_plain_arithmetic_says(counts: list[tuple[int, int]]) -> None:
    one = case(counts)
    found = dict.fromkeys(by_hand(0, 0), Fraction(0))
    for line in price(one.graph(), one.counts).lines:
        if line.line.payment in found:
            found[line.line.payment] += line.amount if line.line.payer == "Council" else -line.amount
    wanted = [by_hand(*pair) for pair in counts]
    assert found == {name: sum((year[name] for year in wanted), Fraction(0)) for name in found}


@settings(max_examples=10)
@given(years)
def test_every_interpreter_agrees(counts: list[tuple[int, int]]) -> None:
    one = case(counts)
    graph = one.graph()
    priced = price(graph, one.counts)
    agrees_with_sympy(one, graph, priced)
    agrees_with_formulas(one, graph, priced)
    agrees_with_z3(one, graph, priced)


@pytest.mark.parametrize(("name", "holds"), [("Close To All", True), ("Never Above", False)])
def test_a_rule_knows_what_rounding_adds(name: str, holds: bool) -> None:
    """Two thirds of a pound, each rounded up, come to a penny more than twice as many thirds."""
    made = contract()
    says = Judge(made, as_written(made)).decide(next(rule for rule in made.rules if rule.name == name)).says
    assert (says == "holds") is holds


def test_it_comes_back_from_json() -> None:
    assert from_json(to_json(contract())) == contract()


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("£1 times Job Start divided by 3 rounded down", "SIB0439"),
        ("Job Start divided by 3 rounded down to the penny", "SIB0413"),
        ("Job Start divided by Job Start rounded down to the percent", "SIB0487"),
        ("£1 times Job Start rounded down to the percent", "SIB0413"),
    ],
)
def test_what_cannot_be_rounded_so_is_refused(written: str, code: str) -> None:
    text = f"workings Other\n  | step | equals |\n  | Wrong | {written} |\nend workings\n"
    with pytest.raises(Refused) as refused:
        compile_source(Source("steps.sib", complete(CLAUSES + text)))
    assert code in [one.code for one in refused.value.found]


def test_a_rounded_step_of_a_quantity_is_multiplied_by_no_other() -> None:
    text = "payment Wrong\n  payer Council\n  payee Charity\n  pays Third times Job Entry\n  every year at the end\nend payment\n"
    with pytest.raises(Refused) as refused:
        compile_source(Source("steps.sib", complete(CLAUSES + text)))
    assert [one.code for one in refused.value.found] == ["SIB0487"]


def test_workings_round_no_lines() -> None:
    with pytest.raises(Refused) as refused:
        compile_source(Source("steps.sib", complete(CLAUSES.replace("each step", "each line"))))
    assert [one.code for one in refused.value.found] == ["SIB0497"]
