"""Whether a formula comes to what its lines of the price graph come to, whatever is achieved: shown by sympy.

No formula is shown before. Both are put to sympy in one form; where they are the same sum the formula is proved. Where they
are not, which may lie in sympy knowing too little, or are too large to be put to it, both are worked out for many quantities: a
formula that misses one is a fault of the program, and one that meets all of them is shown with a note that it is tried and not
proved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from math import ceil

import sympy

from sibdsl.check.formulas.from_graph import PartyFormula
from sibdsl.check.formulas.proof_work import (
    FEWEST_TRIALS,
    MOST_PROOF,
    MOST_TRIED,
    ProofWork,
    TooLarge,
    TriedFormula,
)
from sibdsl.check.formulas.tree import (
    Atom,
    Choice,
    Chosen,
    Count,
    IfMeasured,
    Linear,
    Parts,
    Rounded,
    atoms,
    inside,
    moved,
)
from sibdsl.check.to_sympy import Translation, rational, work_of
from sibdsl.diagnostics import FormulaUnequal
from sibdsl.price.evaluate import value
from sibdsl.price.graph import Graph, Key, TakenOf, VerifiedQuantity, Withheld

#: The most of each quantity in the trials of a formula that is not proved.
SIZES = (0, 1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1_000, 5_000, 20_000)


class EqualToGraph:
    """Holds the formulas of one graph against it."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.translation = Translation(graph)
        self._work = ProofWork(MOST_PROOF)
        self._keys: dict[tuple[str, str, TakenOf | None], list[Key]] = {}
        for step in graph.steps:
            if isinstance(step, VerifiedQuantity | Withheld):
                key = step.key
                self._keys.setdefault((key.contract, key.metric, key.taken_of), []).append(key)
        #: By the identity of a sum, which is kept: sums are long to compare, and what is shared is one object.
        self._sums: dict[int, tuple[Linear, sympy.Expr]] = {}

    def trials(self, formula: PartyFormula) -> TriedFormula | None:
        """For how many sets of quantities it was tried and was right; None where it is proved. Raises FormulaUnequal."""
        try:
            if self.difference(formula) == 0:
                return None
        except TooLarge:
            return TriedFormula(self._tried(formula), too_large=True)
        return TriedFormula(self._tried(formula), too_large=False)

    def difference(self, formula: PartyFormula) -> sympy.Expr:
        """What the formula is above its lines; nought where it is proved. Raises TooLarge.

        Work that was done for another formula counts again: what is proved does not hang on what is asked beside it.
        """
        self._work = ProofWork(MOST_PROOF)
        for number in self._behind(formula):
            self._work.take(self.translation.work(number))
        lines = [self.translation.of(line.amount) for line in formula.lines]
        self._work.take(work_of(lines, compared=False))
        return self.sum(formula.amount) - sympy.Add(*lines)

    def _behind(self, formula: PartyFormula) -> list[int]:
        """The steps that its lines are made from, each before those that use it."""
        return sorted({step for line in formula.lines for step in self.graph.behind(line.amount)})

    # -------------------------------------------------------------- the formula in sympy

    def sum(self, linear: Linear) -> sympy.Expr:
        """A sum of the formula as a sympy expression."""
        if id(linear) not in self._sums:
            found = [(rational(factor), self.atom(atom)) for atom, factor in linear.terms]
            self._work.take(work_of([atom for _, atom in found], compared=False))
            terms = (factor * atom for factor, atom in found)
            self._sums[id(linear)] = linear, sympy.Add(rational(linear.constant), *terms)
        return self._sums[id(linear)][1]

    def atom(self, atom: Atom) -> sympy.Expr:
        """What a formula counts or chooses as a sympy expression."""
        match atom:
            case Count():
                return sympy.Add(*(self.translation.unknown(key) for key in self._counted(atom)))
            case Choice(way, sums):
                extreme = self.translation.least if way == "min" else self.translation.greatest
                parts = [self.sum(linear) for linear in sums]
                self._work.take(work_of(parts, compared=True))
                return extreme(parts)
            case Rounded(inner, grain, way, over=()):
                return self.translation.rounded(self.sum(inner), grain, way)
            case Rounded(inner, grain, way, over=over):
                inners = (self.sum(moved(inner, days)) for days in over)
                return sympy.Add(*(self.translation.rounded(linear, grain, way) for linear in inners))
            case Parts(whole, weights, taken, grain, due=due):
                split, shares = self.sum(whole), tuple(self.sum(weight) for weight in weights)
                shared = (self.translation.part(split, shares, index, grain, due=due) for index in taken)
                return sympy.Add(*shared)
            case Chosen(on, ranges, sums):
                return self.translation.branch(
                    self.sum(on), ranges, tuple(self.sum(linear) for linear in sums)
                )
            case IfMeasured(counts, (then, other)):
                keys = tuple(sorted(key for count in counts for key in self._counted(count)))
                return self.translation.if_measured(keys, self.sum(then), self.sum(other))

    def _counted(self, count: Count) -> Iterator[Key]:
        """The quantities of the graph that a count is the total of."""
        for key in self._keys.get((count.contract, count.metric, count.taken_of), []):
            inside = count.days.start <= key.segment.days.start and key.segment.days.end <= count.days.end
            if inside and count.band in ("", key.band):
                yield key

    # -------------------------------------------------------------- trials

    def _tried(self, formula: PartyFormula) -> int:
        behind = self._behind(formula)
        size = len(behind) + sum(
            len(linear.terms) for atom in atoms(formula.amount) for linear in inside(atom)
        )
        every = list(self._quantities())
        apart = ceil(len(every) / max(FEWEST_TRIALS, MOST_TRIED // size))
        trials = 0
        for quantities in every[apart - 1 :: apart]:
            paid = _unless_unshared(lambda: self._paid(formula, behind, quantities))  # noqa: B023 - called at once
            if paid is None:
                continue
            trials += 1
            said = _unless_unshared(lambda: formula.value(quantities))  # noqa: B023 - called at once
            if said != paid:
                raise FormulaUnequal(
                    f"{formula.payer} pays {formula.payee} {formula.when}: {said} instead of {paid}"
                )
        return trials

    def _quantities(self) -> Iterator[dict[Key, Fraction]]:
        """All quantities alike, and all otherwise: the same ones each time. Nothing is taken for a limit for each person."""
        keys = self.graph.keys()
        for size in SIZES:
            yield dict.fromkeys(keys, Fraction(size))
            for step in (7, 31, 101):
                yield {key: Fraction(place * step % (size + 1)) for place, key in enumerate(keys, start=1)}

    def _paid(self, formula: PartyFormula, behind: list[int], quantities: Mapping[Key, Fraction]) -> Fraction:
        """What the formula's lines come to. Raises ValueError where something is split among nothing."""
        known: dict[int, Fraction] = {}
        for number in behind:
            step = self.graph.steps[number]
            known[number] = value(step, [known[at] for at in step.inputs], quantities)
        return sum((known[line.amount] for line in formula.lines), Fraction(0))


def _unless_unshared(amount: Callable[[], Fraction]) -> Fraction | None:
    """An amount; None where something would be split among nothing: no records come to that."""
    try:
        return amount()
    except ValueError:
        return None
