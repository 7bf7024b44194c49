"""One contract priced by every interpreter of its price graph, and compared to the penny.

The exact executor, the slow reference pricer of tests/price, z3, sympy, and the closed formulas. Nothing here is rounded
or allowed a margin, but for steps that z3 knows only within bounds: there the true amounts must be among those it allows.
"""

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import sympy
import z3
from attrs import frozen

from sibdsl import money
from sibdsl.check.formulas import Formulas
from sibdsl.check.formulas.equal_to_graph import EqualToGraph
from sibdsl.check.rules.affine import Affine, Forms
from sibdsl.check.rules.horizons import Every, Test
from sibdsl.check.rules.problem import FOLDED, reduce
from sibdsl.check.rules.solver import Solver
from sibdsl.check.rules.within import Terms
from sibdsl.check.to_sympy import (
    SymbolicBranch,
    SymbolicChoice,
    SymbolicExcess,
    SymbolicGreatest,
    SymbolicIfMeasured,
    SymbolicPart,
    SymbolicRounding,
    Translation,
    fraction,
    rational,
)
from sibdsl.dates import Period, years_of
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import as_written
from sibdsl.price import Graph, Key, Line, Priced, build, price
from tests.price.test_reference import as_rows, reference

Counts = Mapping[Key, Fraction]
#: Units of work for one question to z3.
PATIENCE = 10_000_000
Pair = tuple[str, str]


@frozen
class Case:
    """A contract and quantities, with what the exact executor makes of them."""

    contract: Contract
    counts: dict[Key, Fraction]

    def graph(self) -> Graph:
        return build(self.contract, as_written(self.contract))


class Disagree(AssertionError):
    """Two interpreters come to different amounts."""


def equal(what: str, found: object, wanted: object) -> None:
    if found != wanted:
        raise Disagree(f"{what}: {found} is not {wanted}")


def everything_agrees(case: Case) -> None:
    graph = case.graph()
    priced = price(graph, case.counts)
    agrees_with_reference(case, priced)
    agrees_with_sympy(case, graph, priced)
    agrees_with_z3(case, graph, priced)
    agrees_with_formulas(case, graph, priced)


def agrees_with_reference(case: Case, priced: Priced) -> None:
    rows: Counter[Any] = reference(case.contract, case.counts)
    equal("reference pricer", rows, as_rows(priced))


def agrees_with_sympy(case: Case, graph: Graph, priced: Priced) -> None:
    numbers = [line.amount for line in graph.lines]
    translation = Translation(graph)
    expressions = [translation.of(number) for number in numbers]
    known = {
        symbol: rational(case.counts.get(key, Fraction(0))) for key, symbol in translation.unknowns.items()
    }
    for symbol, choice in translation.choices.items():
        known[symbol] = rational(chosen(choice, known, case.counts))
    amounts = [fraction(expression.xreplace(known)) for expression in expressions]
    equal("sympy", amounts, [priced.values[number] for number in numbers])


def chosen(choice: SymbolicChoice, known: Mapping[Any, Any], counts: Counts) -> Fraction:
    """What a choice stands for, once quantities and earlier choices are numbers."""

    def number(expression: sympy.Expr) -> Fraction:
        return fraction(expression.xreplace(known))

    match choice:
        case SymbolicExcess(over):
            return max(number(over), Fraction(0))
        case SymbolicGreatest(parts):
            return max(number(part) for part in parts)
        case SymbolicRounding(inner, grain, way):
            return money.round_to(number(inner), grain, way)
        case SymbolicPart(whole, weights, index, grain):
            return money.split(number(whole), [number(weight) for weight in weights], grain)[index]
        case SymbolicBranch(on, ranges, branches):
            ways = zip(ranges, branches, strict=True)
            return next(number(branch) for held, branch in ways if number(on) in held)
        case SymbolicIfMeasured(keys, then):
            return number(then) if all(key in counts for key in keys) else Fraction(0)


def stretches(contract: Contract) -> list[Period]:
    """Days that sums are compared over: the contract's last year, and the whole."""
    years = years_of(contract.payment_period, contract.years_begin)
    return list(dict.fromkeys((years[-1], contract.payment_period)))


def paid(graph: Graph, days: Period) -> dict[Pair, list[Line]]:
    found: dict[Pair, list[Line]] = {}
    for line in graph.lines:
        if days.start <= line.segment.days.start and line.segment.days.end <= days.end:
            found.setdefault((line.payer, line.payee), []).append(line)
    return found


def total(priced: Priced, lines: list[Line]) -> Fraction:
    return sum((priced.values[line.amount] for line in lines), Fraction(0))


def agrees_with_z3(case: Case, graph: Graph, priced: Priced) -> None:
    """Every line, and every payer's payments to every payee in each year and in all, with the quantities given."""
    forms = Forms(graph)
    tests = [
        Test(forms.of(line.amount).plus(Affine(-priced.values[line.amount])), "=") for line in graph.lines
    ]
    for days in stretches(case.contract):
        for lines in paid(graph, days).values():
            whole = Affine(-total(priced, lines))
            for line in lines:
                whole = whole.plus(forms.of(line.amount))
            tests.append(Test(forms.whole_parts(whole), "="))
    terms = Terms(case.contract, as_written(case.contract), graph.segments)
    problem = reduce([terms], forms, Every(tuple(tests)))
    solver = Solver(problem)
    known = z3.Solver(ctx=solver.context)
    known.set("rlimit", PATIENCE)
    known.add(*solver.side)
    for place, unknown in enumerate(problem.unknowns):
        keys = [Key(segment, unknown.metric, unknown.band) for segment in unknown.segments]
        number = sum((case.counts.get(key, Fraction(0)) for key in keys), Fraction(0))
        known.add(solver.unknowns[place] == z3.Q(number.numerator, number.denominator, ctx=solver.context))
        if place in solver.blanks:
            known.add(solver.blanks[place] == (not any(key in case.counts for key in keys)))
    # Where it gives up in the work that it may take, it says nothing wrong.
    if (answer := known.check(solver.rule)) != z3.unknown:
        equal("z3 lets the true amounts be", answer, z3.sat)
    if not solver.approximate and (other := known.check(z3.Not(solver.rule))) != z3.unknown:
        equal("z3 lets other amounts be", other, z3.unsat)
    assert {number for number in problem.of_atom.values() if number != FOLDED} <= set(
        range(len(problem.unknowns))
    )


def agrees_with_formulas(case: Case, graph: Graph, priced: Priced) -> None:
    formulas = Formulas(case.contract, graph)
    for days in stretches(case.contract):
        lines = paid(graph, days)
        found = {(one.payer, one.payee): one.value(case.counts) for one in formulas.in_days(days, "then")}
        equal("formulas", found, {pair: total(priced, every) for pair, every in lines.items()})


def unproved(case: Case) -> list[str]:
    """The formulas that sympy does not show to be what the graph pays."""
    graph = case.graph()
    formulas, proofs = Formulas(case.contract, graph), EqualToGraph(graph)
    shown = [formula for days in stretches(case.contract) for formula in formulas.in_days(days, "then")]
    return [
        f"{formula.payer} pays {formula.payee}, {formula.days}"
        for formula in shown
        if proofs.difference(formula) != 0
    ]
