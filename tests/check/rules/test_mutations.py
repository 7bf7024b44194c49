"""A wrong operator in any interpreter is noticed by the comparison of interpreters.

Each mutation breaks one kind of step in one interpreter: the least for the greatest, a sign, a way of rounding, the next
part of a split.
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from pkgutil import resolve_name
from typing import Any

import pytest
import z3
from attrs import evolve

from sibdsl import money
from sibdsl.check.formulas import Formulas, simplify, tree
from sibdsl.check.formulas.equal_to_graph import EqualToGraph
from sibdsl.check.rules.affine import Affine, Forms
from sibdsl.check.rules.solver import Solver
from sibdsl.diagnostics import FormulaUnequal
from sibdsl.price.graph import (
    Constant,
    Greatest,
    Key,
    Least,
    Round,
    Scale,
    SplitPart,
    Step,
    Sum,
    VerifiedQuantity,
)
from tests.check.rules.bites import cases
from tests.check.rules.interpreters import Disagree, everything_agrees, stretches, unproved
from tests.price import reference

CASES = cases()
NOTHING = "Nothing"

EXACT = "sibdsl.price.evaluate.value"
SYMPY = "sibdsl.check.to_sympy.Translation._expression"
FORM = "sibdsl.check.rules.affine.Forms._form"
Z3 = "sibdsl.check.rules.solver.Solver._choice"


def test_the_cases_agree_as_they_are() -> None:
    for case in CASES:
        everything_agrees(case)


def test_the_cases_hold_every_kind_of_step() -> None:
    steps = [step for case in CASES for step in case.graph().steps]
    assert {type(step) for step in steps} == {
        VerifiedQuantity,
        Constant,
        Sum,
        Scale,
        Least,
        Greatest,
        Round,
        SplitPart,
    }
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
        case VerifiedQuantity(key):
            return VerifiedQuantity(Key(key.segment, NOTHING, key.band))
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
        case SplitPart():
            return evolve(step, index=(step.index + 1) % (len(step.inputs) - 1))
    raise TypeError(type(step).__name__)  # none of the cases has it


KINDS: tuple[type, ...] = (VerifiedQuantity, Constant, Sum, Scale, Least, Greatest, Round, SplitPart)
ADDED: tuple[type, ...] = (VerifiedQuantity, Constant, Sum, Scale)


@pytest.mark.parametrize("kind", KINDS)
def test_exact(monkeypatch: pytest.MonkeyPatch, kind: type) -> None:
    true = resolve_name(EXACT)

    def value(step: Step, inputs: list[Fraction], quantities: Mapping[Key, Fraction]) -> object:
        return true(broken(step) if isinstance(step, kind) else step, inputs, quantities)

    monkeypatch.setattr(EXACT, value)
    assert noticed()


@pytest.mark.parametrize("kind", KINDS)
def test_sympy(monkeypatch: pytest.MonkeyPatch, kind: type) -> None:
    true = resolve_name(SYMPY)

    def expression(self: object, step: Step, inputs: list[Any]) -> object:
        return true(self, broken(step) if isinstance(step, kind) else step, inputs)

    monkeypatch.setattr(SYMPY, expression)
    assert noticed()


def break_forms(monkeypatch: pytest.MonkeyPatch, kind: type) -> None:
    """Affine forms of steps of that kind are of other steps."""
    true: Callable[[Forms, int], Affine] = resolve_name(FORM)

    def form(self: Forms, number: int) -> Affine:
        step = self.graph.steps[number]
        if not isinstance(step, kind):
            return true(self, number)
        if isinstance(step, VerifiedQuantity):  # a form names the step, whatever its key is
            return true(self, number).times(Fraction(2))
        whole, self.graph.steps = self.graph.steps, list(self.graph.steps)
        self.graph.steps[number] = broken(step)
        try:
            return true(self, number)
        finally:
            self.graph.steps = whole

    monkeypatch.setattr(FORM, form)


@pytest.mark.parametrize("kind", ADDED)
def test_affine_forms(monkeypatch: pytest.MonkeyPatch, kind: type) -> None:
    break_forms(monkeypatch, kind)
    assert noticed()


@pytest.mark.parametrize("kind", [Least, Greatest, SplitPart])
def test_z3(monkeypatch: pytest.MonkeyPatch, kind: type) -> None:
    true = resolve_name(Z3)

    def choice(self: Solver, atom: int, step: Step, made_of: tuple[Affine, ...], inputs: list[Any]) -> object:
        return true(self, atom, broken(step) if isinstance(step, kind) else step, made_of, inputs)

    monkeypatch.setattr(Z3, choice)
    assert noticed()


def test_z3_rounding(monkeypatch: pytest.MonkeyPatch) -> None:
    true = resolve_name(Z3)

    def choice(self: Solver, atom: int, step: Step, made_of: tuple[Affine, ...], inputs: list[Any]) -> object:
        if not isinstance(step, Round):
            return true(self, atom, step, made_of, inputs)
        grain = z3.RatVal(step.grain.numerator, step.grain.denominator, self.context)
        return z3.ToReal(z3.ToInt(inputs[0] / grain)) * grain

    monkeypatch.setattr(Z3, choice)
    assert noticed()


# ------------------------------------------------------------------ other operators

Method = Callable[..., Any]
Patch = Callable[[pytest.MonkeyPatch], None]


def method(name: str, changed: Callable[[Method], Method]) -> Patch:
    """A method put in the place of another, made from what that one does."""

    def patch(monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(name, changed(resolve_name(name)))

    return patch


def last_of_ties(true: Method) -> Method:
    def split(total: Fraction, weights: Sequence[Fraction], grain: Fraction) -> object:
        return tuple(reversed(true(total, list(reversed(weights)), grain)))

    return split


def forgetful(true: Method) -> Method:
    def cut(self: reference._Run, *rest: object) -> None:
        known, self.done = self.done, []
        true(self, *rest)
        self.done = known

    return cut


SLOW = "tests.price.reference._Run"
SHORT = "sibdsl.check.formulas.simplify.Simplifier"

OTHERS: dict[str, Patch] = {
    "ties of a split go to the last": lambda patch: patch.setattr(money, "split", last_of_ties(money.split)),
    "reference: the greater for the less": lambda patch: patch.setattr(reference, "min", max, raising=False),
    "reference: the less for the greater": lambda patch: patch.setattr(reference, "max", min, raising=False),
    "reference: rounded down": method(
        f"{SLOW}.grains", lambda true: lambda self, amount, _="": true(self, amount, "down")
    ),
    "reference: ties go to the last": method(
        f"{SLOW}.take",
        lambda true: lambda self, kind, fees, *rest: true(self, kind, list(reversed(fees)), *rest),
    ),
    "reference: a cap forgets what it let through": method(
        f"{SLOW}.cut",
        forgetful,
    ),
    "reference: all bands are none": method(f"{SLOW}.bands_of", lambda _: lambda _, __, band: [band]),
    "formulas: the greater for the less": lambda patch: patch.setattr(tree, "min", max, raising=False),
    "formulas: the less for the greater": lambda patch: patch.setattr(tree, "max", min, raising=False),
    "formulas: the wrong part of the choice is dropped": method(
        f"{SHORT}.never_negative", lambda _: lambda _, __: True
    ),
    "formulas: both less the other, added": method(
        f"{SHORT}._ways",
        lambda true: lambda self, one: [way.times(Fraction(-1)) for way in true(self, one)],
    ),
    "formulas: periods that are apart are one": lambda patch: patch.setattr(
        simplify, "_neighbours", lambda every: [sorted(every)]
    ),
}


# ------------------------------------------------------------------ a wrong formula is not shown


def refused() -> bool:
    """Whether some formula is held against the graph and found to be something else."""
    for case in CASES:
        graph = case.graph()
        formulas, equal = Formulas(case.contract, graph), EqualToGraph(graph)
        for days in stretches(case.contract):
            for formula in formulas.in_days(days, "then"):
                try:
                    equal.trials(formula)
                except FormulaUnequal:
                    return True
    return False


def test_every_formula_is_proved() -> None:
    assert [missed for case in CASES for missed in unproved(case)] == []


@pytest.mark.parametrize("kind", ADDED)
def test_formulas_of_wrong_sums_are_refused(monkeypatch: pytest.MonkeyPatch, kind: type) -> None:
    break_forms(monkeypatch, kind)
    assert refused()


@pytest.mark.parametrize("kind", [Least, Greatest, Round, SplitPart])
def test_formulas_of_wrong_choices_are_refused(monkeypatch: pytest.MonkeyPatch, kind: type) -> None:
    true = Formulas._step  # noqa: SLF001

    def step(self: Formulas, number: int, inputs: list[Affine]) -> object:
        whole, self.graph.steps = self.graph.steps, list(self.graph.steps)
        if isinstance(self.graph.steps[number], kind):
            self.graph.steps[number] = broken(self.graph.steps[number])
        try:
            return true(self, number, inputs)
        finally:
            self.graph.steps = whole

    monkeypatch.setattr(Formulas, "_step", step)
    assert refused()


SIMPLIFIED = [
    "formulas: the wrong part of the choice is dropped",
    "formulas: both less the other, added",
    "formulas: periods that are apart are one",
]


@pytest.mark.parametrize("name", SIMPLIFIED)
def test_formulas_wrongly_shortened_are_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    OTHERS[name](monkeypatch)
    assert refused()


@pytest.mark.parametrize("name", OTHERS)
def test_other_operators(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    OTHERS[name](monkeypatch)
    assert noticed()
