"""A wrong operator in any interpreter is noticed by the comparison of interpreters.

Each mutation breaks one kind of step in one interpreter: the least for the greatest, a sign, a way of rounding, the next
part of a split.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
import z3
from attrs import evolve

from sibdsl import money
from sibdsl.check import to_sympy
from sibdsl.check.formulas import simplify, tree
from sibdsl.check.rules.affine import Forms
from sibdsl.check.rules.solver import Solver
from sibdsl.price import evaluate
from sibdsl.price.graph import Constant, Greatest, Key, Least, Part, Quantity, Round, Scale, Step, Sum
from tests.check.rules.bites import cases
from tests.check.rules.interpreters import Disagree, everything_agrees
from tests.price import reference

CASES = cases()
NOTHING = "Nothing"


def test_the_cases_agree_as_they_are() -> None:
    for case in CASES:
        everything_agrees(case)


def test_the_cases_hold_every_kind_of_step() -> None:
    steps = [step for case in CASES for step in case.graph().steps]
    assert {type(step) for step in steps} == {Quantity, Constant, Sum, Scale, Least, Greatest, Round, Part}
    assert {step.way for step in steps if isinstance(step, Round)} == {"half up", "up"}


def noticed() -> bool:
    try:
        for case in CASES:
            everything_agrees(case)
    except (Disagree, ValueError):  # money.split refuses what cannot be shared
        return True
    return False


# ------------------------------------------------------------------ a step taken for another


def broken(step: Step) -> Step:
    """The step with its operator changed."""
    match step:
        case Quantity(key):
            return Quantity(Key(key.segment, NOTHING, key.band))
        case Constant(value):
            return Constant(value + Fraction(1, 100))
        case Sum(inputs, signs):
            return Sum(inputs, (*signs[:-1], -signs[-1]))
        case Scale(inputs, factor):
            return Scale(inputs, factor * 2)
        case Least(inputs):
            return Greatest(inputs)
        case Greatest(inputs):
            return Least(inputs)
        case Round():
            return evolve(step, way="down")
        case Part():
            return evolve(step, index=(step.index + 1) % (len(step.inputs) - 1))


KINDS: tuple[type, ...] = (Quantity, Constant, Sum, Scale, Least, Greatest, Round, Part)
ADDED: tuple[type, ...] = (Quantity, Constant, Sum, Scale)


@pytest.mark.parametrize("kind", KINDS)
def test_exact(monkeypatch: pytest.MonkeyPatch, kind: type) -> None:
    true = evaluate.value

    def value(step: Step, inputs: list[Fraction], quantities: Any) -> Fraction:
        return true(broken(step) if isinstance(step, kind) else step, inputs, quantities)

    monkeypatch.setattr(evaluate, "value", value)
    assert noticed()


@pytest.mark.parametrize("kind", KINDS)
def test_sympy(monkeypatch: pytest.MonkeyPatch, kind: type) -> None:
    true = to_sympy.Translation._expression

    def expression(self: to_sympy.Translation, number: int, step: Step, inputs: list[Any]) -> Any:
        return true(self, number, broken(step) if isinstance(step, kind) else step, inputs)

    monkeypatch.setattr(to_sympy.Translation, "_expression", expression)
    assert noticed()


@pytest.mark.parametrize("kind", ADDED)
def test_affine_forms(monkeypatch: pytest.MonkeyPatch, kind: type) -> None:
    true = Forms._form

    def form(self: Forms, number: int) -> Any:
        step = self.graph.steps[number]
        if not isinstance(step, kind):
            return true(self, number)
        whole, self.graph.steps = self.graph.steps, list(self.graph.steps)
        self.graph.steps[number] = broken(step)
        try:
            return true(self, number) if kind is not Quantity else true(self, number).times(Fraction(2))
        finally:
            self.graph.steps = whole

    monkeypatch.setattr(Forms, "_form", form)
    assert noticed()


@pytest.mark.parametrize("kind", [Least, Greatest, Part])
def test_z3(monkeypatch: pytest.MonkeyPatch, kind: type) -> None:
    true = Solver._choice

    def choice(self: Solver, atom: int, step: Step, inputs: list[Any]) -> Any:
        return true(self, atom, broken(step) if isinstance(step, kind) else step, inputs)

    monkeypatch.setattr(Solver, "_choice", choice)
    assert noticed()


def test_z3_rounding(monkeypatch: pytest.MonkeyPatch) -> None:
    true = Solver._choice

    def choice(self: Solver, atom: int, step: Step, inputs: list[Any]) -> Any:
        if not isinstance(step, Round):
            return true(self, atom, step, inputs)
        grain = z3.RatVal(step.grain.numerator, step.grain.denominator, self.context)
        return z3.ToReal(z3.ToInt(inputs[0] / grain)) * grain

    monkeypatch.setattr(Solver, "_choice", choice)
    assert noticed()


# ------------------------------------------------------------------ other operators

Patch = Callable[[pytest.MonkeyPatch], None]


def last_of_ties(total: Fraction, weights: Any, grain: Fraction) -> tuple[Fraction, ...]:
    return tuple(reversed(money_split(total, list(reversed(weights)), grain)))


money_split = money.split
true_grains = reference._Run.grains
true_take = reference._Run.take
true_cut = reference._Run.cut
true_ways = simplify.Simplifier._ways

OTHERS: dict[str, Patch] = {
    "ties of a split go to the last": lambda patch: patch.setattr(money, "split", last_of_ties),
    "reference: the greater for the less": lambda patch: patch.setattr(reference, "min", max, raising=False),
    "reference: the less for the greater": lambda patch: patch.setattr(reference, "max", min, raising=False),
    "reference: rounded down": lambda patch: patch.setattr(
        reference._Run, "grains", lambda self, amount, _="": true_grains(self, amount, "down")
    ),
    "reference: ties go to the last": lambda patch: patch.setattr(
        reference._Run,
        "take",
        lambda self, kind, stretch, fees, *rest: true_take(self, kind, stretch, list(reversed(fees)), *rest),
    ),
    "reference: a cap forgets what it let through": lambda patch: patch.setattr(
        reference._Run,
        "cut",
        lambda self, cap, row, stretch, fees, _: true_cut(self, cap, row, stretch, fees, []),
    ),
    "reference: all bands are none": lambda patch: patch.setattr(
        reference._Run, "bands_of", lambda _, rate: [rate.band]
    ),
    "formulas: the greater for the less": lambda patch: patch.setattr(tree, "min", max, raising=False),
    "formulas: the less for the greater": lambda patch: patch.setattr(tree, "max", min, raising=False),
    "formulas: the wrong part of the choice is dropped": lambda patch: patch.setattr(
        simplify.Simplifier, "never_negative", lambda _, __: True
    ),
    "formulas: both less the other, added": lambda patch: patch.setattr(
        simplify.Simplifier,
        "_ways",
        lambda self, one: [way.times(Fraction(-1)) for way in true_ways(self, one)],
    ),
    "formulas: periods that are apart are one": lambda patch: patch.setattr(
        simplify, "_neighbours", lambda every: [sorted(every)]
    ),
}


@pytest.mark.parametrize("name", OTHERS)
def test_other_operators(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    OTHERS[name](monkeypatch)
    assert noticed()
