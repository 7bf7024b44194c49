"""A line between points with each end told by itself: every spelling by hand, and by every interpreter of prices."""

from fractions import Fraction

import pytest

from sibdsl.compile import compile_source
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.to_json import from_json, to_json
from sibdsl.price import Key, build, price
from sibdsl.source import Source
from tests.check.rules.interpreters import Case, agrees_with_formulas, agrees_with_sympy, agrees_with_z3
from tests.frame import complete

CLAUSES = """
metric Job Start
  kind        output
  counts      rows of Jobs
  among       Service Users
  dated       Started On
  per person  first only
end metric

payment Line
  payer            Council
  payee            Charity
  interpolated by  Job Start, {ends}
  every            year at the end
  | Job Start | pays |
  | 10        | £30  |
  | 20        | £75  |
end payment
"""
#: What is paid for 9, 10, 14, 20 and 21 starts.
WAYS = {
    "flat beyond the ends": (30, 30, 48, 75, 75),
    "flat below, flat above": (30, 30, 48, 75, 75),
    "nothing beyond the ends": (0, 30, 48, 75, 0),
    "nothing below, nothing above": (0, 30, 48, 75, 0),
    "nothing below, flat above": (0, 30, 48, 75, 75),
    "flat below, nothing above": (30, 30, 48, 75, 0),
}


def contract(ends: str) -> Contract:
    return compile_source(Source("ends.sib", complete(CLAUSES.format(ends=ends)))).contract


@pytest.mark.parametrize("ends", WAYS)
@pytest.mark.parametrize(("place", "starts"), list(enumerate((9, 10, 14, 20, 21))))
def test_each_end_pays_as_it_says(ends: str, place: int, starts: int) -> None:
    made = contract(ends)
    graph = build(made, as_written(made))
    counts = {Key(graph.segments[0], "Job Start", ""): Fraction(starts)}
    nought_starts = Fraction(WAYS[ends][0])  # in the years in which nobody starts
    years = sum(segment.days.end.strftime("%m-%d") == "04-01" for segment in graph.segments)
    lines = price(graph, counts).lines
    assert sum((line.amount for line in lines), Fraction(0)) == WAYS[ends][place] + nought_starts * (
        years - 1
    )


@pytest.mark.parametrize("ends", WAYS)
def test_every_interpreter_agrees(ends: str) -> None:
    made = contract(ends)
    graph = build(made, as_written(made))
    for starts in (0, 9, 10, 17, 20, 31):
        case = Case(made, {Key(graph.segments[2], "Job Start", ""): Fraction(starts)})
        priced = price(graph, case.counts)
        agrees_with_sympy(case, graph, priced)
        agrees_with_formulas(case, graph, priced)
        agrees_with_z3(case, graph, priced)


def test_two_spellings_of_one_meaning_have_one_fingerprint() -> None:
    assert contract("flat below, flat above") == contract("flat beyond the ends")
    assert contract("nothing below, nothing above") == contract("nothing beyond the ends")


@pytest.mark.parametrize("ends", WAYS)
def test_it_comes_back_from_json(ends: str) -> None:
    assert from_json(to_json(contract(ends))) == contract(ends)
