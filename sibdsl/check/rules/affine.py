"""Sums of money as affine forms over a price graph: what is fixed, and so much times each unknown or choice.

Adding, scaling and taking away are carried out here, so that what a block has met by one quarter and by the next
cancels, and a year's payments become one short form. Choices (least, greatest) stay as atoms.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from attrs import field, frozen

from sibdsl.price.graph import Constant, Graph, Scale, SplitPart, Sum


@frozen
class Affine:
    """`constant` plus, for each atom (the number of a step), its coefficient times it."""

    constant: Fraction = Fraction(0)
    terms: Mapping[int, Fraction] = field(factory=dict)

    def plus(self, other: Affine, factor: Fraction = Fraction(1)) -> Affine:
        """This and `factor` times the other."""
        terms = dict(self.terms)
        for atom, coefficient in other.terms.items():
            total = terms.get(atom, Fraction(0)) + factor * coefficient
            if total:
                terms[atom] = total
            else:
                terms.pop(atom, None)
        return Affine(self.constant + factor * other.constant, terms)

    def times(self, factor: Fraction) -> Affine:
        """So many times this."""
        return Affine().plus(self, factor)


def added(parts: Iterable[tuple[Fraction, Affine]]) -> Affine:
    """The sum of forms, each so many times."""
    constant = Fraction(0)
    terms: dict[int, Fraction] = {}
    for factor, form in parts:
        constant += factor * form.constant
        for atom, coefficient in form.terms.items():
            terms[atom] = terms.get(atom, 0) + factor * coefficient
    return Affine(constant, {atom: total for atom, total in terms.items() if total})


class Forms:
    """Affine forms of a graph's steps, each worked out once."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._known: dict[int, Affine] = {}

    def of(self, number: int) -> Affine:
        """The form of one step."""
        if number in self._known:
            return self._known[number]
        for at in self.graph.behind(number):
            if at not in self._known:
                self._known[at] = self._form(at)
        return self._known[number]

    def _form(self, number: int) -> Affine:
        step = self.graph.steps[number]
        match step:
            case Constant(amount):
                return Affine(amount)
            case Sum(inputs, signs):
                return added(
                    (Fraction(sign), self._known[one]) for sign, one in zip(signs, inputs, strict=True)
                )
            case Scale(inputs, factor):
                return self._known[inputs[0]].times(factor)
        return Affine(Fraction(0), {number: Fraction(1)})

    def whole_parts(self, form: Affine) -> Affine:
        """The form with parts of one split put together again where all of them appear alike."""
        # What is split lies before its parts: from the last split to the first, each is looked at once.
        while (split := self._last_whole(form)) is not None:
            atoms, factor, total = split
            rest = {atom: term for atom, term in form.terms.items() if atom not in atoms}
            form = Affine(form.constant, rest).plus(self.of(total), factor)
        return form

    def _last_whole(self, form: Affine) -> tuple[set[int], Fraction, int] | None:
        """The last split all of whose parts appear alike: their atoms, how many times, and what is split."""
        groups: dict[tuple[tuple[int, ...], Fraction, str], dict[int, Fraction]] = {}
        for atom, coefficient in form.terms.items():
            step = self.graph.steps[atom]
            if isinstance(step, SplitPart):
                groups.setdefault((step.inputs, step.grain, step.by), {})[atom] = coefficient
        for (inputs, _, _), found in sorted(groups.items(), key=lambda one: max(one[1]), reverse=True):
            coefficients = set(found.values())
            if len(found) == len(inputs) - 1 and len(coefficients) == 1:
                return set(found), coefficients.pop(), inputs[0]
        return None
