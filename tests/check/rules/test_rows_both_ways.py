"""Steps whose rows say who pays whom: by hand, by every interpreter of prices, and what is refused."""

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
from tests.check.rules.heads import JOB_START, PARTIES, contract_block
from tests.check.rules.interpreters import Case, agrees_with_formulas, agrees_with_sympy, agrees_with_z3
from tests.frame import complete

CLAUSES = (
    contract_block("quarterly", serves_until="31 March 2017", pays_until="31 March 2017")
    + PARTIES
    + JOB_START
    + """
payment Success
  steps by       Job Start
  every          quarter at the end
  multiplied by  1/3
  | Job Start    | payer   | payee   | pays    |
  | less than 2  | Charity | Fund    | £10     |
  | 2 to 3       | Fund    | Charity | nothing |
  | 4 to 5       | Fund    | Charity | £20     |
  | more than 5  | Council | Charity | £50     |
end payment
"""
)


@cache
def contract() -> Contract:
    return compile_source(Source("ways.sib", complete(CLAUSES))).contract


@cache
def graph() -> Graph:
    return build(contract(), as_written(contract()))


def case(starts: list[int]) -> Case:
    keys = [Key(segment, "Job Start", "") for segment in graph().segments]
    return Case(contract(), {key: Fraction(number) for key, number in zip(keys, starts, strict=True)})


def by_hand(number: int) -> dict[tuple[str, str], Fraction]:
    if number < 2:
        return {("Charity", "Fund"): Fraction("3.33")}
    if number < 4:
        return {}
    return (
        {("Fund", "Charity"): Fraction("6.67")} if number < 6 else {("Council", "Charity"): Fraction("16.67")}
    )


numbers = st.lists(st.integers(0, 8), min_size=4, max_size=4)


@given(numbers)
def test_one_row_holds_and_one_party_pays(starts: list[int]) -> None:
    priced = price(graph(), case(starts).counts)
    for segment, number in zip(graph().segments, starts, strict=True):
        mine = {
            (one.line.payer, one.line.payee): one.amount
            for one in priced.lines
            if one.line.segment == segment and one.amount
        }
        assert mine == by_hand(number)


@settings(max_examples=3)
@given(numbers)
def test_every_interpreter_agrees(starts: list[int]) -> None:
    one = case(starts)
    priced = price(graph(), one.counts)
    agrees_with_z3(one, graph(), priced)
    agrees_with_sympy(one, graph(), priced)
    agrees_with_formulas(one, graph(), priced)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("| less than 2  | Charity | Fund    |", "| less than 2  | Nobody  | Fund    |", "SIB0301"),
        ("| less than 2  | Charity | Fund    |", "| less than 2  | £5      | Fund    |", "SIB0420"),
        ("  steps by       Job Start\n", "  steps by       Job Start\n  payee  Charity\n", "SIB0431"),
        ("| 2 to 3       | Fund    | Charity | nothing |\n", "", "SIB0540"),
    ],
)
def test_what_does_not_say_who_pays_whom_is_refused(old: str, new: str, code: str) -> None:
    assert old in CLAUSES
    with pytest.raises(Refused) as found:
        compile_source(Source("ways.sib", complete(CLAUSES.replace(old, new, 1))))
    assert {one.code for one in found.value.found} == {code}


def test_a_party_that_no_row_names_is_asked_for() -> None:
    text = CLAUSES
    for old in ("| payer   ", "| Charity | Fund ", "| Fund    | Charity ", "| Council | Charity "):
        text = text.replace(old, old[old.index("|", 1) :] if old.count("|") > 1 else "")
    with pytest.raises(Refused) as found:
        compile_source(Source("ways.sib", complete(text)))
    assert {one.code for one in found.value.found} == {"SIB0402"}
