"""What is known of a problem's choices before anything is put to z3: of what unit each is a whole number, and its sign.

An amount that comes in whole pennies already is not rounded again, which is what makes most proofs short.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm

from attrs import define, field

from sibdsl.check.rules.affine import Affine
from sibdsl.check.rules.problem import FOLDED, Problem
from sibdsl.price.graph import Choose, Greatest, Known, Least, Round, SplitPart, Step, Withheld

_NOUGHT = Fraction(0)


@define
class Grains:
    """The unit of each choice of a problem (None: it may be any number), and those choices that are never below nought."""

    problem: Problem
    units: dict[int, Fraction | None] = field(factory=dict)
    from_nought: set[int] = field(factory=set)

    def __attrs_post_init__(self) -> None:
        for atom, step, inputs in self.problem.choices:
            self.units[atom] = self._of_step(step, inputs)
            if self._never_below(step, inputs):
                self.from_nought.add(atom)

    def unit(self, form: Affine) -> Fraction | None:
        """A number of which the form is always a whole multiple, nought for what is always nought; None where there is none."""
        found = abs(form.constant)
        for atom, factor in form.terms.items():
            place = self.problem.of_atom.get(atom)
            if place is None:
                one = self.units[atom]
            else:
                whole = place == FOLDED or self.problem.unknowns[place].whole
                one = Fraction(1) if whole else None
            if one is None:
                return None
            found = _shared(found, abs(factor * one))
        return found

    def over(self, form: Affine, grain: Fraction) -> int:
        """Into how many parts a grain falls of which the form is a whole number; 0 where that is not known."""
        unit = self.unit(form)
        return 0 if unit is None else (unit / grain).denominator

    def above(self, form: Affine) -> bool:
        """Whether the form is made of what is never below nought, and of nothing taken away."""
        return form.constant >= 0 and all(
            factor > 0 and self._counts(atom) for atom, factor in form.terms.items()
        )

    def _counts(self, atom: int) -> bool:
        place = self.problem.of_atom.get(atom)
        if place is None:
            return atom in self.from_nought
        return place == FOLDED or not self.problem.unknowns[place].below

    def _of_step(self, step: Step, inputs: tuple[Affine, ...]) -> Fraction | None:
        if isinstance(step, (Round, SplitPart)):
            return step.grain
        if isinstance(step, Withheld):
            return None
        found = _NOUGHT
        for form in inputs[1:] if isinstance(step, Choose) else inputs:
            unit = self.unit(form)
            if unit is None:
                return None
            found = _shared(found, unit)
        return found

    def _never_below(self, step: Step, inputs: tuple[Affine, ...]) -> bool:
        match step:
            case Greatest():
                return any(self.above(form) for form in inputs)
            case Least() | Known():
                return all(self.above(form) for form in inputs)
            case Choose():
                return all(self.above(form) for form in inputs[1:])
            case Round():
                return self.above(inputs[0])
            case SplitPart(by="shares"):
                return all(self.above(form) for form in inputs)
        return False


def _shared(one: Fraction, other: Fraction) -> Fraction:
    """The greatest number of which both are whole multiples."""
    over = lcm(one.denominator, other.denominator)
    return Fraction(gcd(int(one * over), int(other * over)), over)
