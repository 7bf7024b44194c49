"""A payment that rounds its lines by a rule of its own, and amounts rounded in brackets: by hand, by every interpreter, refused."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sibdsl.compile import compile_source
from sibdsl.diagnostics import Refused
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.to_json import from_json, to_json
from sibdsl.price import Key, Priced, build, price
from sibdsl.source import Source
from tests.check.rules.heads import JOB_START, PARTIES, contract_block
from tests.check.rules.interpreters import Case, agrees_with_formulas, agrees_with_sympy, agrees_with_z3
from tests.frame import complete

CLAUSES = (
    contract_block(
        "quarterly",
        serves_until="31 March 2017",
        pays_until="31 March 2017",
        rounding="each ROUNDED, half up, to the penny",
    )
    + PARTIES
    + JOB_START
    + """
payment Whole Pounds
  payer     1/3 Council, the rest Fund
  payee     Charity
  for each  Job Start
  pays      £12.415
  rounding  each line, down, to the pound
end payment

payment In Pennies
  payer     Council
  payee     Charity
  for each  Job Start
  pays      £1.001
end payment

payment Yearly
  payer     Council
  payee     Charity
  pays      (£1 divided by 3 rounded up to the penny) times Job Start
  every     year at the end
  rounding  each line, up, to the pound
end payment

payment Regular
  payer     Council
  payee     Charity
  pays      £10.51
  every     quarter at the start, part quarters in full
  rounding  each line, half up, to the pound
end payment
"""
)


def case(rounded: str, starts: list[int]) -> Case:
    made = compile_source(Source("own.sib", complete(CLAUSES.replace("ROUNDED", rounded)))).contract
    graph = build(made, as_written(made))
    return Case(
        made,
        {
            Key(segment, "Job Start", ""): Fraction(n)
            for segment, n in zip(graph.segments, starts, strict=True)
        },
    )


def paid(priced: Priced, name: str, payer: str = "") -> Fraction:
    mine = [one for one in priced.lines if one.line.payment == name and payer in ("", one.line.payer)]
    return sum((one.amount for one in mine), Fraction(0))


@given(st.sampled_from(("line", "statement")), st.lists(st.integers(0, 90), min_size=4, max_size=4))
def test_what_is_paid_is_what_plain_arithmetic_says(rounded: str, starts: list[int]) -> None:
    one = case(rounded, starts)
    priced = price(one.graph(), one.counts)
    whole = [n * 12415 // 1000 for n in starts]
    assert paid(priced, "Whole Pounds") == sum(whole)
    # A third of whole pounds, to the penny: 33p and 67p of one.
    thirds = [Fraction((100 * pounds + 1) // 3, 100) for pounds in whole]
    assert paid(priced, "Whole Pounds", "Council") == sum(thirds)
    assert paid(priced, "Yearly") == -(-34 * sum(starts) // 100)
    assert paid(priced, "Regular") == 44


def test_a_statement_rounded_once_leaves_its_lines() -> None:
    """£24 of £24.83 is whole. What is rounded once beside it is £2.002 alone."""
    one = case("statement", [2, 0, 0, 0])
    priced = price(one.graph(), one.counts)
    assert (paid(priced, "Whole Pounds"), paid(priced, "In Pennies")) == (24, 2)


@settings(max_examples=4)
@given(st.sampled_from(("line", "statement")), st.lists(st.integers(0, 9), min_size=4, max_size=4))
def test_every_interpreter_agrees(rounded: str, starts: list[int]) -> None:
    one = case(rounded, starts)
    graph = one.graph()
    priced = price(graph, one.counts)
    agrees_with_z3(one, graph, priced)
    agrees_with_sympy(one, graph, priced)
    agrees_with_formulas(one, graph, priced)


def test_it_comes_back_from_json() -> None:
    made = case("line", [0, 0, 0, 0]).contract
    assert from_json(to_json(made)) == made


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("each line, down, to the pound", "each statement, down, to the pound", "SIB0549"),
        ("each line, down, to the pound", "each step, down, to the pound", "SIB0549"),
        ("each line, down, to the pound", "each line, down, to the percent", "SIB0549"),
        ("each line, down, to the pound", "none", "SIB0549"),
        ("each ROUNDED, half up, to the penny", "each line, half up, to the pound", ""),
        ("each ROUNDED, half up, to the penny", "each step, half up, to the pound", "SIB0549"),
        ("rounded up to the penny", "rounded up", "SIB0439"),
        ("rounded up to the penny", "rounded up to the percent", "SIB0413"),
    ],
)
def test_what_cannot_be_rounded_so_is_refused(old: str, new: str, code: str) -> None:
    text = CLAUSES.replace(old, new, 1).replace("ROUNDED", "line")
    if not code:
        compile_source(Source("own.sib", complete(text)))
        finer = text.replace("each line, down, to the pound", "each line, down, to the penny")
        text, code = finer, "SIB0549"
    with pytest.raises(Refused) as found:
        compile_source(Source("own.sib", complete(text)))
    assert [one.code for one in found.value.found] == [code]
