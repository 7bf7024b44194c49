"""Problems put to z3: can the rule hold, can it fail, what is the exact boundary, what is the smallest counterexample."""

from __future__ import annotations

from fractions import Fraction
from functools import reduce as fold
from itertools import combinations, product
from math import ceil, gcd, lcm
from typing import Any

import z3
from attrs import frozen

from sibdsl.check.rules.affine import Affine
from sibdsl.check.rules.horizons import Every, Formula, No, Some, Test
from sibdsl.check.rules.problem import FOLDED, Problem, tests_of
from sibdsl.price.graph import Greatest, Least, Part, Round

#: More straight pieces than this are not listed when a boundary is sought.
MOST_PIECES = 256
#: Milliseconds for one question. A question not answered in time ends 'not decided'.
PATIENCE = 2000


@frozen
class Bound:
    """Whole coefficients of unknowns (by place in the problem); their sum must be at least `least`."""

    terms: tuple[tuple[int, int], ...]
    least: int

    def value(self, numbers: dict[int, int]) -> int:
        """By how much `numbers` exceed the bound."""
        return sum(factor * numbers.get(place, 0) for place, factor in self.terms) - self.least


class Undecided(Exception):
    """z3 gave up in the time that it has."""


class Solver:
    """One problem in z3. Whole numbers throughout where amounts are exact; a part of a split is known only within it."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.context = z3.Context()
        self.unknowns = [z3.Int(f"q{place}", self.context) for place in range(len(problem.unknowns))]
        self.atoms: dict[int, Any] = {}
        self.side: list[Any] = [one >= 0 for one in self.unknowns]
        self.approximate = False
        for fewer, more in problem.implied:
            self.side.append(self._add(fewer) <= self._add(more))
        for atom, step, inputs in problem.choices:
            self.atoms[atom] = self._choice(atom, step, [self._form(one) for one in inputs])
        self.rule = self._formula(problem.formula)
        self.base = z3.Solver(ctx=self.context)
        self.base.set("timeout", PATIENCE)
        self.base.add(*self.side)

    def _add(self, places: tuple[int, ...]) -> Any:  # noqa: ANN401 - z3 has no types
        return z3.Sum([self.unknowns[place] for place in places]) if places else z3.IntVal(0, self.context)

    def _number(self, value: Fraction) -> Any:  # noqa: ANN401
        return z3.RatVal(value.numerator, value.denominator, self.context)

    def _form(self, form: Affine) -> Any:  # noqa: ANN401
        total = self._number(form.constant)
        for atom, coefficient in form.terms.items():
            place = self.problem.of_atom.get(atom)
            if place == FOLDED:
                continue
            one = self.atoms[atom] if place is None else z3.ToReal(self.unknowns[place])
            total = total + self._number(coefficient) * one
        return total

    def _choice(self, atom: int, step: object, inputs: list[Any]) -> Any:  # noqa: ANN401
        if isinstance(step, Least):
            return fold(lambda a, b: z3.If(a <= b, a, b), inputs)
        if isinstance(step, Greatest):
            return fold(lambda a, b: z3.If(a >= b, a, b), inputs)
        if isinstance(step, Round) and step.way == "half up":
            grain = self._number(step.grain)
            return z3.ToReal(z3.ToInt(inputs[0] / grain + self._number(Fraction(1, 2)))) * grain
        self.approximate = True
        free = z3.Real(f"s{atom}", self.context)
        if isinstance(step, Round):
            grain = self._number(step.grain)
            self.side.extend([free > inputs[0] - grain, free < inputs[0] + grain])
        elif isinstance(step, Part):
            self.side.extend([free >= 0, free <= inputs[1 + step.index], free <= inputs[0]])
        return free

    def _formula(self, formula: Formula) -> Any:  # noqa: ANN401
        match formula:
            case Test(form, op):
                value, nought = self._form(form), self._number(Fraction(0))
                return {
                    "=": value == nought, "<": value < nought, "<=": value <= nought, ">": value > nought, ">=": value >= nought,
                }[op]  # fmt: skip
            case Every(parts):
                return z3.And(*[self._formula(part) for part in parts])
            case Some(parts):
                return z3.Or(*[self._formula(part) for part in parts])
            case No(part):
                return z3.Not(self._formula(part))

    # -------------------------------------------------------------- questions

    def possible(self, *conditions: Any) -> bool:  # noqa: ANN401
        """Whether some admissible quantities meet all the conditions. Raises Undecided."""
        answer = self.base.check(*conditions) if conditions else self.base.check()
        if answer == z3.unknown:
            raise Undecided
        return bool(answer == z3.sat)

    def can_hold(self) -> bool:
        return self.possible(self._tracked(self.rule))

    def can_fail(self) -> bool:
        return self.possible(self._tracked(z3.Not(self.rule)))

    def _tracked(self, condition: Any) -> Any:  # noqa: ANN401
        """A condition as a named literal, which z3 takes as an assumption."""
        name = z3.FreshBool("a", self.context)
        self.base.add(z3.Implies(name, condition))
        return name

    def said(self, bound: Bound) -> Any:  # noqa: ANN401
        """A bound as z3 has it."""
        return z3.Sum([factor * self.unknowns[place] for place, factor in bound.terms]) >= bound.least

    # -------------------------------------------------------------- boundary

    def boundary(self) -> tuple[str, tuple[Bound, ...]]:
        """`all` or `any` with bounds that say exactly when the rule holds; `unknown` when none was found and proved."""
        holds, fails = self._tracked(self.rule), self._tracked(z3.Not(self.rule))
        candidates = self._candidates()
        yes = {one: self._tracked(self.said(one)) for one in candidates}
        no = {one: self._tracked(z3.Not(self.said(one))) for one in candidates}
        needed = [one for one in candidates if not self.possible(no[one], holds)]
        enough = [one for one in candidates if not self.possible(yes[one], fails)]
        for one in needed:
            if one in enough:
                return "all", (one,)
        for pair in combinations(needed, 2):
            if not self.possible(*(yes[one] for one in pair), fails):
                return "all", pair
        if needed and not self.possible(*(yes[one] for one in needed), fails):
            return "all", self._spare(needed, lambda kept: not self.possible(*(yes[one] for one in kept), fails))
        if enough and not self.possible(*(no[one] for one in enough), holds):
            return "any", self._spare(enough, lambda kept: not self.possible(*(no[one] for one in kept), holds))
        return "unknown", ()

    @staticmethod
    def _spare(bounds: list[Bound], still: Any) -> tuple[Bound, ...]:  # noqa: ANN401
        kept = list(bounds)
        for one in list(kept):
            fewer = [other for other in kept if other is not one]
            if fewer and still(fewer):
                kept = fewer
        return tuple(kept)

    def _candidates(self) -> list[Bound]:
        """The bounds that the rule comes to on each straight piece that some quantities reach."""
        pieces = [range(len(inputs)) for _, step, inputs in self.problem.choices if isinstance(step, (Least, Greatest))]
        count = fold(lambda a, b: a * len(b), pieces, 1)
        if count > MOST_PIECES or self.approximate:
            return []
        found: dict[Bound, None] = {}
        for picks in product(*pieces):
            straight, conditions = self._piece(picks)
            if conditions and not self.possible(self._tracked(z3.And(*conditions))):
                continue
            for test in tests_of(self.problem.formula):
                for bound in _bounds(self._straight(test.form, straight), test.op):
                    found.setdefault(bound)
        return [one for one in found if one.terms]

    def _piece(self, picks: tuple[int, ...]) -> tuple[dict[int, Affine], list[Any]]:
        straight: dict[int, Affine] = {}
        conditions: list[Any] = []
        left = list(picks)
        for atom, step, inputs in self.problem.choices:
            forms = [self._straight(one, straight) for one in inputs]
            pick = left.pop(0) if isinstance(step, (Least, Greatest)) else 0
            straight[atom] = forms[pick]
            for other in forms:
                gap = forms[pick].plus(other, Fraction(-1))
                if gap.terms or gap.constant:
                    value = self._over_unknowns(gap)
                    conditions.append(value <= 0 if isinstance(step, Least) else value >= 0)
        return straight, conditions

    def _straight(self, form: Affine, straight: dict[int, Affine]) -> Affine:
        """The form over unknowns' places, with each choice put as the input that it takes here."""
        total = Affine(form.constant)
        for atom, coefficient in form.terms.items():
            place = self.problem.of_atom.get(atom)
            if place == FOLDED:
                continue
            inner = straight[atom] if place is None else Affine(Fraction(0), {place: Fraction(1)})
            total = total.plus(inner, coefficient)
        return total

    def _over_unknowns(self, form: Affine) -> Any:  # noqa: ANN401
        total = self._number(form.constant)
        for place, coefficient in form.terms.items():
            total = total + self._number(coefficient) * z3.ToReal(self.unknowns[place])
        return total

    # -------------------------------------------------------------- counterexample

    def smallest_failure(self) -> dict[int, int] | None:
        """Quantities by place for which the rule fails: fewest that are not nought, then the smallest sum."""
        seeker = z3.Optimize(ctx=self.context)
        seeker.set("timeout", PATIENCE)
        seeker.add(*self.side, z3.Not(self.rule))
        one, none = z3.IntVal(1, self.context), z3.IntVal(0, self.context)
        seeker.minimize(z3.Sum([z3.If(each > 0, one, none) for each in self.unknowns]))
        seeker.minimize(z3.Sum(self.unknowns))
        if seeker.check() != z3.sat:
            return None
        model = seeker.model()
        return {
            place: model.eval(each, model_completion=True).as_long()
            for place, each in enumerate(self.unknowns)
        }


def _bounds(form: Affine, op: str) -> list[Bound]:
    """`form op 0` as bounds in whole numbers, each with the greatest common divisor taken out."""
    if op == "=":
        return _bounds(form, ">=") + _bounds(form, "<=")
    if op in ("<", "<="):
        return _bounds(form.times(Fraction(-1)), ">" if op == "<" else ">=")
    scale = lcm(form.constant.denominator, *(one.denominator for one in form.terms.values()))
    terms = {place: int(one * scale) for place, one in form.terms.items()}
    least = -int(form.constant * scale) + (1 if op == ">" else 0)
    shared = gcd(*terms.values()) if terms else 1
    if shared == 0:
        return []
    whole = tuple(sorted((place, factor // shared) for place, factor in terms.items()))
    return [Bound(whole, ceil(Fraction(least, shared)))]
