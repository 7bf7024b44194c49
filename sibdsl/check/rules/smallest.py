"""The counterexample that is shown: the fewest quantities that are not nought, then the smallest sum, then the earliest.

What z3 finds first hangs on how it was asked and built; what comes first in this order does not. Each is priced before it
is believed. Source: language reference, 'Rules'.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import z3
from attrs import define, field, frozen

from sibdsl.check.rules.budget import Undecided
from sibdsl.check.rules.problem import Problem, in_whole
from sibdsl.check.rules.solver import Solver, SolverPoint

#: Candidates priced, where z3 knows payments within bounds only, before none is shown.
MOST_TRIED = 25
#: In what an amount that is no money and need not be whole is sought.
HUNDREDTH = Fraction(1, 100)
#: A candidate that breaks the rule within bounds only may break it surely when it is so many times over.
TIMES = (2, 10, 100, 1_000)


@frozen
class Smallest:
    """A counterexample, and whether every smaller one has been ruled out."""

    point: SolverPoint
    proved: bool


@define
class Search:
    """Looks for a counterexample of one problem. `breaks` prices a point; `apart` are the places of one statement period.

    Of quantities that one statement period holds, a file can give one number: so at most one of them is not nought.
    """

    solver: Solver
    breaks: Callable[[SolverPoint], bool]
    apart: tuple[tuple[int, ...], ...] = ()
    #: In what each unknown that need not be whole is sought, by its place; a hundredth where nothing is said.
    steps: Mapping[int, Fraction] = field(factory=dict)
    #: What z3 found last, and what was priced and breaks the rule, when the work runs out.
    _last: SolverPoint | None = None
    _sure: SolverPoint | None = None
    _tried: int = 0
    _order: list[int] = field(init=False)
    #: Whether whole numbers are all that there can be.
    _counts: bool = field(init=False)

    def __attrs_post_init__(self) -> None:
        unknowns = self.solver.problem.unknowns
        measured = [at for at, unknown in enumerate(unknowns) if not unknown.derived]
        # From the last period to the first, so that what comes first in order is the earliest.
        self._order = sorted(measured, key=lambda at: (-unknowns[at].place, at))
        self._counts = self._whole

    def find(self) -> Smallest | None:
        """The first counterexample in order; None when none is found in the work that a rule may take."""
        for problem, grain in self._ways():
            try:
                if problem is not self.solver.problem:
                    self.solver = Solver(problem, self.solver.meter)
                found = self._found(grain)
            except Undecided:
                found = None
                if self._sure is None and self._last is not None and self.breaks(self._last):
                    self._sure = self._last
            if found is not None:
                return found
            if self._sure is not None:
                return Smallest(self._sure, proved=False)
        return None

    def _ways(self) -> tuple[tuple[Problem, Fraction | None], ...]:
        """Among which numbers it is sought: whole ones first, then minor units and hundredths, then any."""
        problem = self.solver.problem
        if self._whole:
            return ((problem, Fraction(1)),)
        return ((in_whole(problem), Fraction(1)), (problem, self._finest), (problem, None))

    def _found(self, grain: Fraction | None) -> Smallest | None:
        """The first counterexample among numbers of that grain. Raises Undecided."""
        base = [self.solver.tracked(z3.Not(self.solver.rule))]
        if self.solver.withheld:
            # What limits for each person take is nought where quantities alone are given.
            base.append(self.solver.tracked(self.solver.every([one == 0 for one in self.solver.withheld])))
        together = [self.solver.tracked(self._few(places, 1)) for places in self.apart]
        found = self._among([*base, *together], grain)
        return self._against_all(base, found) if found is not None and together else found

    @property
    def _finest(self) -> Fraction:
        """The smallest of the steps in which unknowns are sought."""
        unknowns = self.solver.problem.unknowns
        return min(
            (self.steps.get(at, HUNDREDTH) for at in self._order if not unknowns[at].whole), default=HUNDREDTH
        )

    @property
    def _whole(self) -> bool:
        return all(self.solver.problem.unknowns[at].whole for at in self._order)

    def _among(self, base: list[Any], grain: Fraction | None) -> Smallest | None:
        """The first counterexample among numbers of that grain (None is any). Raises Undecided."""
        conditions = list(base)
        if grain == self._finest:
            conditions.append(self.solver.tracked(self._in_steps()))
        number = 0
        while self._tried < MOST_TRIED:
            few = self.solver.tracked(self._few(tuple(self._order), number))
            if not self.solver.possible(*conditions, few):
                number += 1
                if number > len(self._order):
                    return None
                continue
            self._last = self.solver.point()
            point = self._first([*conditions, few], grain)
            if self.breaks(point):
                return Smallest(point, proved=self._counts or not number)
            self._tried += 1
            if self._sure is None:
                self._sure = next(
                    (multiple for multiple in self._multiples(point) if self.breaks(multiple)), None
                )
            self.solver.base.add(z3.Or(z3.Not(base[0]), self.solver.unlike(point)))
        return None

    def _against_all(self, base: list[Any], found: Smallest) -> Smallest:
        """The same; said to be the smallest only if quantities that one file cannot tell apart are no smaller."""
        values = [number for at, number in found.point.numbers.items() if at in self._order and number]
        number, total = len(values), sum(abs(value) for value in values)
        try:
            fewer = number > 0 and self.solver.possible(
                *base, self.solver.tracked(self._few(tuple(self._order), number - 1))
            )
            less = self.solver.possible(
                *base,
                self.solver.tracked(self._few(tuple(self._order), number)),
                self.solver.tracked(self._sum() < int(total)),
            )
        except Undecided:
            return Smallest(found.point, proved=False)
        return Smallest(found.point, proved=found.proved and not fewer and not less)

    # -------------------------------------------------------------- the order

    def _first(self, conditions: list[Any], grain: Fraction | None) -> SolverPoint:
        """Of what meets the conditions the smallest sum, and of those the earliest. Raises Undecided before the sum is known."""
        point = self.solver.point()
        if grain is None:
            return point
        high = int(self._total(point) / grain)
        low, total = 0, self._sum()
        while low < high:
            middle = (low + high) // 2
            if self.solver.possible(*conditions, self.solver.tracked(total <= self._scaled(middle, grain))):
                self._last = point = self.solver.point()
                high = int(self._total(point) / grain)
            else:
                low = middle + 1
        conditions = [*conditions, self.solver.tracked(total <= self._scaled(high, grain))]
        try:
            return self._earliest(conditions, point, grain)
        except Undecided:
            return point

    def _earliest(self, conditions: list[Any], point: SolverPoint, grain: Fraction) -> SolverPoint:
        """From the last period to the first, each quantity as near nought as those before it let it be."""
        fixed: list[Any] = []
        for at in self._order:
            unknown = self.solver.unknowns[at]
            size = abs(point.numbers[at])
            low, high = 0, int(size / grain)
            while low < high:
                middle = (low + high) // 2
                near = z3.And(
                    unknown <= self._scaled(middle, grain), unknown >= -self._scaled(middle, grain), *fixed
                )
                if self.solver.possible(*conditions, self.solver.tracked(near)):
                    point = self.solver.point()
                    high = int(abs(point.numbers[at]) / grain)
                else:
                    low = middle + 1
            fixed.append(unknown == self.solver.exactly(at, point.numbers[at]))
        return point

    def _few(self, places: tuple[int, ...], number: int) -> Any:  # noqa: ANN401 - z3 has no types
        """That no more than so many of the places are not nought."""
        unknowns = [self.solver.unknowns[at] for at in places]
        if number >= len(unknowns):
            return z3.BoolVal(True, self.solver.context)
        if not number:
            return self.solver.every([unknown == 0 for unknown in unknowns])
        one, none = z3.IntVal(1, self.solver.context), z3.IntVal(0, self.solver.context)
        return z3.Sum([z3.If(unknown != 0, one, none) for unknown in unknowns]) <= number

    def _sum(self) -> Any:  # noqa: ANN401
        """The sum of what the quantities come to, whatever their signs."""
        found = []
        for at in self._order:
            unknown = self.solver.unknowns[at]
            below = self.solver.problem.unknowns[at].below
            found.append(z3.If(unknown >= 0, unknown, -unknown) if below else unknown)
        return z3.Sum(found) if found else z3.IntVal(0, self.solver.context)

    def _total(self, point: SolverPoint) -> Fraction:
        return sum((abs(point.numbers[at]) for at in self._order), Fraction(0))

    def _scaled(self, number: int, grain: Fraction) -> Any:  # noqa: ANN401
        """So many grains, as z3 has them."""
        value = number * grain
        if value.denominator == 1:
            return z3.IntVal(value.numerator, self.solver.context)
        return z3.RatVal(value.numerator, value.denominator, self.solver.context)

    def _in_steps(self) -> Any:  # noqa: ANN401
        """That every quantity that need not be whole is a whole number of its steps."""
        parts = []
        for at in self._order:
            step = self.steps.get(at, HUNDREDTH)
            if not self.solver.problem.unknowns[at].whole:
                size = z3.RatVal(step.numerator, step.denominator, self.solver.context)
                parts.append(z3.IsInt(self.solver.unknowns[at] / size))
        return self.solver.every(parts)

    def _multiples(self, point: SolverPoint) -> list[SolverPoint]:
        """The point so many times over, where there can be so many."""
        found = []
        for factor in TIMES:
            numbers = {at: factor * number for at, number in point.numbers.items()}
            if all(sum(numbers[at] for at in places) <= most for places, most in self.solver.problem.limits):
                found.append(SolverPoint(numbers, point.blank))
        return found
