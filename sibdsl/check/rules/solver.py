"""A problem put to z3: its unknowns, what bounds them, and the choices of its payments; and questions about it.

Each problem has a context of its own and is told in one order, and each question may take so many of z3's resource units:
so an answer hangs on the problem alone, not on what was asked before, on the machine, or on seconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import reduce as fold
from math import lcm
from typing import Any

import z3
from attrs import evolve, frozen

from sibdsl.check.rules import stopping
from sibdsl.check.rules.affine import Affine
from sibdsl.check.rules.budget import QUESTION, Meter, Purse, slow
from sibdsl.check.rules.grains import Grains
from sibdsl.check.rules.horizons import Every, Formula, No, Some, Test
from sibdsl.check.rules.problem import FOLDED, Problem, tests_of
from sibdsl.check.rules.rounding_in_z3 import near, rounded
from sibdsl.check.rules.split_in_z3 import part_bounds
from sibdsl.model.types import Interval
from sibdsl.price.graph import Choose, Greatest, Known, Least, Round, SplitPart, Withheld

#: Quantities tried, where z3 knows payments only within bounds, before it is said that none is known to do.
EXAMPLES = 25


@frozen(order=True)
class LinearBound:
    """Whole coefficients of unknowns (by place in the problem); their sum must be at least `least`."""

    terms: tuple[tuple[int, int], ...]
    least: int

    def value(self, numbers: dict[int, int]) -> int:
        """By how much `numbers` exceed the bound."""
        return sum(factor * numbers.get(place, 0) for place, factor in self.terms) - self.least


@frozen
class SolverPoint:
    """What z3 found for each unknown, by place; and which of them were not measured."""

    numbers: dict[int, Fraction]
    blank: frozenset[int] = frozenset()


class Solver:
    """One problem in z3. Whole numbers throughout where amounts are exact; a part of a split is known only within bounds.

    `approximate` says that some payments, or how a metric is worked out, are known only so: then what breaks the rule here
    must be priced before it is believed.
    """

    def __init__(
        self,
        problem: Problem,
        meter: Meter | None = None,
        *,
        loose: bool = False,
        real: bool = False,
        close: bool = False,
    ) -> None:
        self.problem = problem
        self.meter = meter or Purse().for_rule()
        #: Whether what is rounded is known within half a grain only, which decides more quickly what it decides.
        self.loose = loose
        #: Whether numbers are let be any: what cannot come about among them cannot among whole ones.
        self.real = real
        #: Whether fixed shares are worked out to the last penny, which takes longer than bounds on them.
        self.close = close
        #: What one question may take.
        self.patience = QUESTION
        self.context = z3.Context()
        #: Whether every unknown counts something, in whole numbers from nought.
        self.counts = all(unknown.whole and not unknown.below for unknown in problem.unknowns)
        self.unknowns = [
            (z3.Int if unknown.whole and not real else z3.Real)(f"q{place}", self.context)
            for place, unknown in enumerate(problem.unknowns)
        ]
        #: Those of which there may be nothing to measure, by place.
        self.blanks: dict[int, Any] = {
            place: z3.Bool(f"b{place}", self.context)
            for place, unknown in enumerate(problem.unknowns)
            if unknown.blank
        }
        self.atoms: dict[int, Any] = {}
        self.side: list[Any] = [
            z3_ >= 0
            for z3_, unknown in zip(self.unknowns, problem.unknowns, strict=True)
            if not unknown.below
        ]
        self.approximate = any(unknown.derived for unknown in problem.unknowns)
        #: What limits for each person take, which no quantities say.
        self.withheld: list[Any] = []
        #: What has been written down already: numbers, and forms of the problem with how many times over they are.
        self._numbers: dict[Fraction, Any] = {}
        self._forms: dict[tuple[int, int], tuple[Affine, Any]] = {}
        self._on: dict[LinearBound, Any] = {}
        self._splits: dict[object, list[Any]] = {}
        self._spent = self._allowed = 0
        self.grains = Grains(problem)
        self.whole, self.parts = self._unit()
        self._bounded()
        for atom, step, inputs in problem.choices:
            forms = [self._form(affine) for affine in inputs]
            exact = self._in_grains(step, inputs)
            self.atoms[atom] = forms[0] if exact else self._choice(atom, step, inputs, forms)
        self._shares_add_up()
        self._worked_out()
        self.rule = self._formula(problem.formula)
        self.base = z3.SolverFor("QF_LIA" if self.whole else "QF_LIRA", ctx=self.context)
        self.base.set("random_seed", 0)
        self.base.add(*self.side)

    # -------------------------------------------------------------- the problem as z3 has it

    def _bounded(self) -> None:
        """What metrics imply of each other, how many there can be, and that what is blank counts as nought."""
        for fewer, more in self.problem.implied:
            self.side.append(self.add(fewer) <= self.add(more))
        for places, most in self.problem.limits:
            self.side.append(self.add(places) <= most)
            if not most:
                self.side.extend(self.unknowns[place] == 0 for place in places)
        read = set(self.problem.of_key.values())
        for place, blank in self.blanks.items():
            nought = self.unknowns[place] == 0
            # What does not add up is measured where something reads it, and nowhere else.
            self.side.append(z3.Implies(blank, nought) if place in read else nought)

    def add(self, places: tuple[int, ...]) -> Any:  # noqa: ANN401 - z3 has no types
        """The sum of unknowns."""
        return z3.Sum([self.unknowns[place] for place in places]) if places else z3.IntVal(0, self.context)

    def number(self, value: Fraction) -> Any:  # noqa: ANN401
        """A number as z3 has it: whole where the problem is."""
        if value not in self._numbers:
            whole = self.whole and value.denominator == 1
            self._numbers[value] = (
                z3.IntVal(value.numerator, self.context)
                if whole
                else z3.RatVal(value.numerator, value.denominator, self.context)
            )
        return self._numbers[value]

    def _unit(self) -> tuple[bool, int]:
        """Whether every choice is a whole number of some part of the currency's unit, and how many make one unit."""
        parts = 1
        if self.real or not all(unknown.whole for unknown in self.problem.unknowns):
            return False, 1
        for _, step, inputs in self.problem.choices:
            if not isinstance(step, (Least, Greatest, Choose)) and not self._in_grains(step, inputs):
                return False, 1
            for held in step.ranges if isinstance(step, Choose) else ():
                parts = lcm(parts, *(end.denominator for end in (held.low, held.high) if end is not None))
            for form in inputs:
                parts = lcm(parts, form.constant.denominator)
                for atom, coefficient in form.terms.items():
                    if atom in self.problem.of_atom:
                        parts = lcm(parts, coefficient.denominator)
                    elif coefficient.denominator != 1:
                        return False, 1
        return True, parts

    def _in_grains(self, step: object, inputs: tuple[Affine, ...]) -> bool:
        """Whether what is rounded is a whole number of grains already, since what it is made of is whole."""
        if not isinstance(step, Round):
            return False
        return self.grains.over(inputs[0], step.grain) == 1

    def _form(self, form: Affine, times: int = 1) -> Any:  # noqa: ANN401
        """A form in parts of a unit (`times` over), or exactly where parts are not whole."""
        key = id(form), times
        if key not in self._forms:
            self._forms[key] = form, self._written(form, times)
        return self._forms[key][1]

    def _written(self, form: Affine, times: int) -> Any:  # noqa: ANN401
        """The same, written down. Raises Undecided when no work is left for it."""
        self.meter.write_down(1 + len(form.terms))
        scale = Fraction(self.parts * times)
        terms = [self.number(form.constant * scale)]
        for atom, coefficient in form.terms.items():
            place = self.problem.of_atom.get(atom)
            if place == FOLDED:
                continue
            if place is None:
                terms.append(self.number(coefficient * times) * self.atoms[atom])
            else:
                unknown = self.unknowns[place]
                if not self.whole and not self.real and self.problem.unknowns[place].whole:
                    unknown = z3.ToReal(unknown)
                terms.append(self.number(coefficient * scale) * unknown)
        return z3.Sum(terms)

    def _over(self, form: Affine) -> int:
        """By what a form is multiplied to make it whole."""
        times = (form.constant * self.parts).denominator
        for atom, coefficient in form.terms.items():
            counted = atom in self.problem.of_atom
            times = lcm(times, (coefficient * self.parts if counted else coefficient).denominator)
        return times

    def _choice(self, atom: int, step: object, made_of: tuple[Affine, ...], inputs: list[Any]) -> Any:  # noqa: ANN401
        if isinstance(step, Least):
            return fold(lambda a, b: z3.If(a <= b, a, b), inputs)
        if isinstance(step, Greatest):
            return fold(lambda a, b: z3.If(a >= b, a, b), inputs)
        if isinstance(step, Choose):
            return self._chosen(step.ranges, inputs[0], inputs[1:])
        if isinstance(step, Known):
            blank = [
                self.blanks[place] for key in step.keys if (place := self.problem.of_key[key]) in self.blanks
            ]
            return z3.If(z3.Or(*blank), inputs[1], inputs[0]) if blank else inputs[0]
        if isinstance(step, Round) and step.way in ("half up", "down") and not self.loose:
            return rounded(step, made_of[0], inputs[0], self.number, self.grains)
        if isinstance(step, SplitPart) and step.by == "shares" and self.close:
            return self._parts(atom, step, inputs[0])[step.index]
        self.approximate = True
        free = z3.Real(f"s{atom}", self.context)
        if isinstance(step, Round):
            self.side.extend(near(step, made_of[0], inputs[0], free, number=self.number, grains=self.grains))
        elif isinstance(step, SplitPart):
            fixed = self._fixed(atom) if step.by == "shares" else []
            shares = [self.number(one) for one in fixed]
            self.side.extend(part_bounds(step, free, inputs, self.number(step.grain), shares))
        elif isinstance(step, Withheld):
            # Where one person's may be below nought, what is taken of another's may exceed the whole.
            below = any(unknown.below for unknown in self.problem.unknowns)
            self.side.extend([free >= 0] if below else [free >= 0, z3.Or(free == 0, free <= inputs[0])])
            self.withheld.append(free)
        return free

    def _parts(self, atom: int, step: SplitPart, whole: Any) -> list[Any]:  # noqa: ANN401
        """Every part of a split by fixed shares, exactly, as `sibdsl.money.split_to_the_penny` makes them."""
        key = step.inputs, step.grain
        if key in self._splits:
            return self._splits[key]
        shares = [self.number(one) for one in self._fixed(atom)]
        grain, one, none = (self.number(Fraction(size)) for size in (step.grain, 1, 0))
        size = z3.If(whole >= 0, whole, -whole) / grain
        down = [z3.ToReal(z3.ToInt(share * size)) for share in shares]
        over = [share * size - each for share, each in zip(shares, down, strict=True)]
        left = size - z3.Sum(down)
        found = []
        for at, mine in enumerate(over):
            before = [
                z3.If(other >= mine if place < at else other > mine, one, none)
                for place, other in enumerate(over)
                if place != at
            ]
            part = (down[at] + z3.If(z3.Sum([none, *before]) < left, one, none)) * grain
            part = z3.If(whole >= 0, part, -part)
            named = z3.Real(f"p{atom}.{at}", self.context)
            self.side.append(named == part)
            self.side.extend(part_bounds(evolve(step, index=at), named, [whole], grain, shares))
            found.append(named)
        self._splits[key] = found
        return found

    def _shares_add_up(self) -> None:
        """Where every part of a split is spoken of, they come to all of it."""
        splits: dict[tuple[tuple[int, ...], str, Fraction], list[int]] = {}
        for atom, step, _ in self.problem.choices:
            if isinstance(step, SplitPart):
                splits.setdefault((step.inputs, step.by, step.grain), []).append(atom)
        for (numbers, *_), found in splits.items():
            if len(found) == len(numbers) - 1:
                whole = next(inputs[0] for atom, _, inputs in self.problem.choices if atom == found[0])
                self.side.append(z3.Sum([self.atoms[part] for part in found]) == self._form(whole))

    def _fixed(self, atom: int) -> list[Fraction]:
        """The fixed shares of a split, as parts of one."""
        inputs = next(found for number, _, found in self.problem.choices if number == atom)
        total = sum((affine.constant for affine in inputs[1:]), Fraction(0))
        return [affine.constant / total for affine in inputs[1:]]

    def _chosen(self, ranges: tuple[Interval, ...], on: Any, branches: list[Any]) -> Any:  # noqa: ANN401
        """The branch whose range holds `on`; the last where no other does."""
        found = branches[-1]
        for held, branch in reversed(list(zip(ranges[:-1], branches[:-1], strict=True))):
            ends = []
            if held.low is not None:
                low = self.number(held.low * self.parts)
                ends.append(on >= low if held.low_in else on > low)
            if held.high is not None:
                high = self.number(held.high * self.parts)
                ends.append(on <= high if held.high_in else on < high)
            found = z3.If(self.every(ends), branch, found)
        return found

    def _worked_out(self) -> None:
        """What is known of metrics worked out from others: when they are blank, and on which side of each figure they lie.

        A ratio is at least c just when its top is at least c times its bottom, so nothing is divided.
        """
        figures = self._figures()
        for place, made in self.problem.worked:
            top, bottom = self._form(made.top), self._form(made.bottom)
            needed = [
                self.blanks[at] for key in made.needs if (at := self.problem.of_key[key]) in self.blanks
            ]
            unknown = self.unknowns[place]
            if made.bottom.terms or not made.bottom.constant:
                needed.append(bottom == 0)
            blank = self.blanks.get(place)
            if blank is None:
                self.side.append(unknown == top)
                continue
            self.side.append(blank == (z3.Or(*needed) if needed else z3.BoolVal(False, self.context)))
            if not made.bottom.terms:
                self.side.append(z3.Or(blank, unknown * bottom == top))
                continue
            for figure in sorted({Fraction(0), *figures.get(place, ())}):
                at = self.number(figure)
                over, same = top > at * bottom, top == at * bottom
                under = top < at * bottom
                more = z3.Or(z3.And(bottom > 0, over), z3.And(bottom < 0, under))
                self.side.append(z3.Or(blank, z3.And((unknown > at) == more, (unknown == at) == same)))

    def _figures(self) -> dict[int, list[Fraction]]:
        """The figures that each unknown alone is compared with, by place."""
        found: dict[int, list[Fraction]] = {}

        def note(form: Affine, ends: list[Fraction]) -> None:
            if len(form.terms) == 1:
                ((atom, factor),) = form.terms.items()
                place = self.problem.of_atom.get(atom)
                if place is not None and place != FOLDED:
                    found.setdefault(place, []).extend((end - form.constant) / factor for end in ends)

        for test in tests_of(self.problem.formula):
            note(test.form, [Fraction(0)])
        for _, step, inputs in self.problem.choices:
            if isinstance(step, Choose):
                ends = [end for held in step.ranges for end in (held.low, held.high) if end is not None]
                note(inputs[0], ends)
            elif isinstance(step, (Least, Greatest)):
                for form in inputs:
                    for other in inputs:
                        note(form.plus(other, Fraction(-1)), [Fraction(0)])
        return found

    def _formula(self, formula: Formula) -> Any:  # noqa: ANN401
        match formula:
            case Test(form, op):
                times = self._over(form) if self.whole else 1
                value, nought = self._form(form, times), self.number(Fraction(0))
                return {
                    "=": value == nought, "<": value < nought, "<=": value <= nought, ">": value > nought, ">=": value >= nought,
                }[op]  # fmt: skip
            case Every(parts):
                return self.every([self._formula(part) for part in parts])
            case Some(parts):
                return z3.Or(*[self._formula(part) for part in parts])
            case No(part):
                return z3.Not(self._formula(part))

    # -------------------------------------------------------------- questions

    def possible(self, *conditions: Any) -> bool:  # noqa: ANN401
        """Whether some admissible quantities meet all the conditions. Raises Undecided."""
        allowed = self.meter.allowed(self.patience)
        if allowed != self._allowed:
            self.base.set("rlimit", allowed)
            self._allowed = allowed
        with stopping.asking(self.context.interrupt):
            answer = self.base.check(*conditions)
        spent = self._units()
        took, self._spent = spent - self._spent, spent
        self.meter.spend(took)
        if answer == z3.unknown:
            stopping.check()
            why = self.base.reason_unknown()
            if "interrupt" in why or ("cancel" in why and took < allowed):
                raise KeyboardInterrupt  # z3 takes the signal for itself, and has stopped before its work was spent
            self.meter.allowed()
            raise slow(self.patience)
        return bool(answer == z3.sat)

    def _units(self) -> int:
        """The resource units that this problem's context has taken so far."""
        counted = self.base.statistics()
        for at in range(len(counted) - 1, -1, -1):  # it stands last, or nearly
            name, units = counted[at]
            if name == "rlimit count":
                return int(units)
        return self._spent

    def can_hold(self) -> bool:
        """Whether some admissible quantities meet the rule. Raises Undecided."""
        return self.possible(self.tracked(self.rule))

    def can_fail(self) -> bool:
        """Whether some admissible quantities break the rule. Raises Undecided."""
        return self.possible(self.tracked(z3.Not(self.rule)))

    def examples(self) -> Iterator[SolverPoint]:
        """Quantities for which the rule may hold, a few of them, each unlike those before. Raises Undecided."""
        holds = self.tracked(self.rule)
        for _ in range(EXAMPLES):
            if not self.possible(holds):
                return
            found = self.point()
            yield found
            self.base.add(z3.Or(z3.Not(holds), self.unlike(found)))

    def unlike(self, point: SolverPoint) -> Any:  # noqa: ANN401
        """That some quantity that is measured is another."""
        same = [
            unknown == self.exactly(place, point.numbers[place])
            for place, unknown in enumerate(self.unknowns)
            if not self.problem.unknowns[place].derived
        ]
        same += [
            blank == z3.BoolVal(place in point.blank, self.context)
            for place, blank in self.blanks.items()
            if not self.problem.unknowns[place].derived
        ]
        return z3.Not(self.every(same)) if same else z3.BoolVal(False, self.context)

    def exactly(self, place: int, value: Fraction) -> Any:  # noqa: ANN401
        """A number that an unknown may be, as z3 has it."""
        if self.problem.unknowns[place].whole:
            return z3.IntVal(int(value), self.context)
        return z3.RatVal(value.numerator, value.denominator, self.context)

    def every(self, conditions: list[Any]) -> Any:  # noqa: ANN401
        """That all the conditions are met; of none, that is so. z3 would put it in another context."""
        return z3.And(*conditions) if conditions else z3.BoolVal(True, self.context)

    def tracked(self, condition: Any) -> Any:  # noqa: ANN401
        """A condition as a named literal, which z3 takes as an assumption."""
        name = z3.FreshBool("ask", self.context)
        self.base.add(z3.Implies(name, condition))
        return name

    def on(self, bound: LinearBound) -> Any:  # noqa: ANN401
        """A bound as an assumption."""
        if bound not in self._on:
            self._on[bound] = self.tracked(self.said(bound))
        return self._on[bound]

    def said(self, bound: LinearBound) -> Any:  # noqa: ANN401
        """A bound as z3 has it."""
        return z3.Sum([factor * self.unknowns[place] for place, factor in bound.terms]) >= bound.least

    def point(self) -> SolverPoint:
        """The quantities that z3 found last."""
        model = self.base.model()

        def value(of: Any) -> Any:  # noqa: ANN401
            return model.eval(of, model_completion=True)

        numbers = {place: _exact(value(unknown)) for place, unknown in enumerate(self.unknowns)}
        return SolverPoint(
            numbers, frozenset(place for place, blank in self.blanks.items() if z3.is_true(value(blank)))
        )


def _exact(value: Any) -> Fraction:  # noqa: ANN401 - z3 has no types
    """A number of a model."""
    if z3.is_int_value(value):
        return Fraction(value.as_long())
    return Fraction(value.numerator_as_long(), value.denominator_as_long())
