"""Sums put shortly: choices that are settled go, and each is written the way that leaves least to read.

What is used: the lesser and the greater of two sums add up to both; what is added to each part of a choice can stand
outside of it; counts are never below nought.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import reduce as fold
from itertools import pairwise, product

from attrs import evolve

from sibdsl.check.formulas.tree import (
    Atom,
    Choice,
    Chosen,
    Count,
    IfMeasured,
    Linear,
    Parts,
    Rounded,
    inside,
    rebuilt,
    single,
)
from sibdsl.dates import Period
from sibdsl.model.admissible_quantities.below_nought import fall_below
from sibdsl.model.bands_in_force import band_names
from sibdsl.model.nodes import Contract
from sibdsl.price.graph import Graph, TakenOf

#: With more choices than this in one sum, they are settled one after another rather than all ways.
MOST_CHOICES = 4
#: How many cases are tried, at most, to see that a sum is never below nought.
MOST_CASES = 256
#: How many terms are gone over, at most, in search of shorter ways to write sums; beyond them sums stay as they are.
MOST_TERMS = 100_000


class Simplifier:
    """What one contract's sums can be turned into. Every answer is kept, so that what is shared is worked out once.

    `contracts` are those whose quantities the graph has, by the names that its keys have; the one of the sums first.
    """

    def __init__(self, contracts: Mapping[str, Contract], graph: Graph) -> None:
        every = [
            (name, contract, metric)
            for name, contract in contracts.items()
            for metric in contract.every_metric
        ]
        self.metrics = {(name, metric.name): number for number, (name, _, metric) in enumerate(every)}
        self.below = {
            (name, metric) for name, contract in contracts.items() for metric in fall_below(contract)
        }
        self.bands = {(name, metric.name): band_names(contract, metric) for name, contract, metric in every}
        self.order = {segment.days: number for number, segment in enumerate(graph.segments)}
        self._costs: dict[Atom, tuple[int, int]] = {}
        self._merged: dict[Atom, Atom] = {}
        self._kept: dict[Linear, Linear] = {}
        self._safe: dict[Linear, bool] = {}
        self._gone_over = 0

    # -------------------------------------------------------------- choices

    def choice(self, one: Choice) -> Linear:
        """A choice of sums, put shortly."""
        parts = self._left(one)
        if len(parts) == 1:
            return parts[0]
        given = single(evolve(one, parts=parts))
        if self._gone_over > MOST_TERMS:
            return given
        return min([given, *self._ways(evolve(one, parts=parts))], key=self.cost)

    def _left(self, one: Choice) -> tuple[Linear, ...]:
        """The parts without those that another always goes before."""
        kept = list(dict.fromkeys(one.parts))
        for part in list(kept):
            for other in kept:
                if other is part:
                    continue
                gap = other.plus(part, Fraction(-1)) if one.way == "max" else part.plus(other, Fraction(-1))
                if self.never_negative(gap):
                    kept.remove(part)
                    break
        return tuple(kept)

    def _ways(self, one: Choice) -> list[Linear]:
        """Other ways to write a choice between two sums, with nothing below nought inside."""
        if len(one.parts) != 2:
            return []
        a, b = one.parts
        shared = _lesser(a, b)
        a, b = (self.tidy(part.plus(shared, Fraction(-1))) for part in (a, b))
        here = Choice(
            one.way, (a, b), one.at, one.meaning if not shared.terms and not shared.constant else None
        )
        there = Choice("max" if one.way == "min" else "min", (a, b), one.at)
        return [shared.plus(single(here)), shared.plus(a).plus(b).plus(single(there), Fraction(-1))]

    # -------------------------------------------------------------- whole sums

    def short(self, linear: Linear) -> Linear:
        """The sum with its choices written in the ways that leave least to read."""
        chosen = [atom for atom, _ in linear.terms if isinstance(atom, Choice)]
        best = self.tidy(linear)
        if self._gone_over > MOST_TERMS:
            return best
        if len(chosen) <= MOST_CHOICES:
            best = min(self._every_way(linear, chosen), key=self.cost)
        else:
            for atom in chosen:
                best = min(self._every_way(best, [atom]), key=self.cost)
        while True:
            taken = min([best, *self._taken_in(best)], key=self.cost)
            if taken == best or self._gone_over > MOST_TERMS:
                return self.tidy(best)
            best = taken

    def _every_way(self, linear: Linear, chosen: list[Choice]) -> list[Linear]:
        rest = linear
        for atom in chosen:
            rest = rest.without(atom)
        factors = dict(linear.terms)
        ways = [[single(atom), *self._ways(atom)] for atom in chosen]
        found = []
        for picks in product(*ways):
            total = rest
            for atom, pick in zip(chosen, picks, strict=True):
                total = total.plus(pick, factors[atom])
            found.append(self.tidy(total))
        return found

    def _taken_in(self, linear: Linear) -> list[Linear]:
        """The sum with what stands beside a choice added to each of the choice's parts instead."""
        found = []
        for atom, factor in linear.terms:
            if not isinstance(atom, Choice) or abs(factor) != 1:
                continue
            rest = linear.without(atom)
            plain = Linear(rest.constant, tuple(term for term in rest.terms if isinstance(term[0], Count)))
            for taken in (rest, plain, Linear(rest.constant)):
                parts = tuple(self.tidy(part.times(factor).plus(taken)) for part in atom.parts)
                way = atom.way if factor > 0 else "max" if atom.way == "min" else "min"
                choice = single(Choice(way, parts, atom.at))
                found.append(self.tidy(rest.plus(taken, Fraction(-1)).plus(choice)))
        return found

    # -------------------------------------------------------------- order and length

    def tidy(self, linear: Linear) -> Linear:
        """The sum in order: counts as the contract has them, then what bends, as it comes about. Alike sums are one."""
        found = Linear(linear.constant, tuple(sorted(linear.terms, key=lambda term: self._rank(term[0]))))
        return self._kept.setdefault(found, found)

    def _rank(self, atom: Atom) -> tuple[object, ...]:
        if isinstance(atom, Count) and atom.taken_of is not None:
            of = atom.taken_of
            return 0, len(self.metrics), atom.contract, of.cap, atom.days.start, of.row, of.payment, of.line
        if isinstance(atom, Count):
            bands = self.bands[atom.contract, atom.metric]
            band = bands.index(atom.band) if atom.band else -1
            return 0, self.metrics[atom.contract, atom.metric], band, atom.days.start, atom.days.end
        taken = atom.taken if isinstance(atom, Parts) else ()
        way = atom.way if isinstance(atom, Choice) else ""
        return 1, atom.at, way, taken, len(inside(atom))

    def cost(self, linear: Linear) -> tuple[int, int]:
        """How long the sum is to read: its terms, at any depth, then how many of them are taken away."""
        return self._cost(self.merged(linear))

    def _cost(self, linear: Linear) -> tuple[int, int]:
        size = 1 if linear.constant or not linear.terms else 0
        minus = int(linear.constant < 0)
        for atom, factor in linear.terms:
            if atom not in self._costs:
                inner = [self._cost(linear) for linear in inside(atom)]
                self._costs[atom] = 1 + sum(one for one, _ in inner), sum(one for _, one in inner)
            size, minus = size + self._costs[atom][0], minus + self._costs[atom][1] + (factor < 0)
        return size, minus

    # -------------------------------------------------------------- never below nought

    def never_negative(self, linear: Linear, steps: int = MOST_CASES) -> bool:
        """Whether the sum is surely nought or more, whatever the counts: tried case by case, so far as `steps` go."""
        if linear not in self._safe:
            self._safe[linear] = self._cases(linear, steps)
        return self._safe[linear]

    def _cases(self, linear: Linear, steps: int) -> bool:
        if linear.constant >= 0 and all(
            factor > 0 and self._plainly(atom, steps) for atom, factor in linear.terms
        ):
            return True
        if linear.constant < 0 and not any(_may_lift(atom, factor) for atom, factor in linear.terms):
            return False
        for atom, factor in reversed(linear.terms):
            if isinstance(atom, Choice) and (atom.way == "min") == (factor > 0):
                cases = self._instead(linear, atom, factor, atom.parts)
                return steps > len(cases) and all(
                    self.never_negative(case, steps // len(cases)) for case in cases
                )
        for atom, factor in reversed(linear.terms):
            if isinstance(atom, Choice):
                cases = self._instead(linear, atom, factor, atom.parts)
            elif isinstance(atom, Parts) and factor < 0:
                taken = fold(Linear.plus, (atom.weights[one] for one in atom.taken), Linear())
                cases = self._instead(
                    linear, atom, factor, (taken, atom.whole) if atom.due else (atom.whole,)
                )
            else:
                continue
            return steps > len(cases) and any(
                self.never_negative(case, steps // len(cases)) for case in cases
            )
        return False

    def _plainly(self, atom: Atom, steps: int) -> bool:
        """Whether what is counted, shared or rounded is nought or more; choices are tried case by case instead."""
        if isinstance(atom, Rounded):
            return self.never_negative(atom.inner, steps)
        if isinstance(atom, Chosen):
            return all(self.never_negative(part, steps // 2) for part in atom.parts) if steps > 1 else False
        if isinstance(atom, IfMeasured):
            return all(self.never_negative(part, steps // 2) for part in atom.parts) if steps > 1 else False
        if isinstance(atom, Count):
            return (atom.contract, atom.metric) not in self.below
        return not isinstance(atom, Choice)

    @staticmethod
    def _instead(linear: Linear, atom: Atom, factor: Fraction, sums: tuple[Linear, ...]) -> list[Linear]:
        return [linear.without(atom).plus(other_linear, factor) for other_linear in sums]

    # -------------------------------------------------------------- counts over longer periods

    def merged(self, linear: Linear) -> Linear:
        """The sum with neighbouring periods that count alike taken together, and so bands that all count alike."""
        self._gone_over += len(linear.terms)
        counts: dict[Count, Fraction] = {}
        rounded: list[tuple[Rounded, Fraction]] = []
        others: list[tuple[Atom, Fraction]] = []
        for atom, factor in linear.terms:
            if isinstance(atom, Count):
                counts[atom] = factor
            elif isinstance(atom, Rounded):
                rounded.append((atom, factor))
            else:
                others.append((self._merged_atom(atom), factor))
        found = [*self._runs(self._all_bands(counts)), *self._rounded(rounded), *others]
        total: dict[Atom, Fraction] = {}
        for merged, factor in found:
            total[merged] = total.get(merged, Fraction(0)) + factor
        return self.tidy(Linear(linear.constant, tuple((atom, one) for atom, one in total.items() if one)))

    def _merged_atom(self, atom: Atom) -> Atom:
        if atom not in self._merged:
            sums = tuple(self.merged(linear) for linear in inside(atom))
            if isinstance(atom, Choice):
                sums = tuple(sorted(sums, key=self._cost))
            self._merged[atom] = rebuilt(atom, sums)
        return self._merged[atom]

    def _all_bands(self, counts: dict[Count, Fraction]) -> dict[Count, Fraction]:
        found = dict(counts)
        for count in counts:
            bands = () if count.taken_of else self.bands.get((count.contract, count.metric), ())
            every = [evolve(count, band=band) for band in bands]
            factors = {found.get(in_band, Fraction(0)) for in_band in every}
            if len(every) > 1 and len(factors) == 1 and (factor := factors.pop()):
                for in_band in every:
                    found.pop(in_band)
                found[evolve(count, band="")] = factor
        return found

    def _runs(self, counts: dict[Count, Fraction]) -> list[tuple[Atom, Fraction]]:
        alike: dict[tuple[str, str, str, TakenOf | None, Fraction], list[Count]] = {}
        for count, factor in counts.items():
            key = (count.contract, count.metric, count.band, count.taken_of, factor)
            alike.setdefault(key, []).append(count)
        return [
            (evolve(every[0], days=Period(run[0].start, run[-1].end)), key[-1])
            for key, every in alike.items()
            for run in _neighbours([count.days for count in every])
        ]

    def _rounded(self, rounded: list[tuple[Rounded, Fraction]]) -> list[tuple[Atom, Fraction]]:
        """Rounded sums alike but for their periods, as one sum over each of them."""
        alike: dict[object, list[tuple[Period, Rounded, Fraction]]] = {}
        found: list[tuple[Atom, Fraction]] = []
        for atom, factor in rounded:
            days = {one.days if isinstance(one, Count) else None for one, _ in atom.inner.terms}
            (only,) = days if len(days) == 1 else (None,)
            if only is None or atom.over:
                found.append((self._merged_atom(atom), factor))
                continue
            shape = tuple(
                (one.contract, one.metric, one.band, each)
                for one, each in atom.inner.terms
                if isinstance(one, Count)
            )
            key = (shape, atom.inner.constant, atom.grain, atom.way, factor)
            alike.setdefault(key, []).append((only, atom, factor))
        for every in alike.values():
            where = {days: rounded for days, rounded, _ in every}
            share = every[0][2]
            for run in _neighbours(list(where)):
                inner = self.merged(where[run[0]].inner)
                over = tuple(run) if len(run) > 1 else ()
                first = where[run[0]]
                found.append((Rounded(inner, first.grain, first.way, first.at, over), share))
        return found


def _may_lift(atom: Atom, factor: Fraction) -> bool:
    """Whether a term may add something that is surely above nought."""
    return isinstance(atom, Choice) or (isinstance(atom, Parts) and factor < 0)


def _neighbours(every: list[Period]) -> list[list[Period]]:
    """Periods in runs, in each of which one begins where the other ends."""
    days = sorted(every)
    runs = [[days[0]]]
    for before, after in pairwise(days):
        if before.end == after.start:
            runs[-1].append(after)
        else:
            runs.append([after])
    return runs


def _lesser(a: Linear, b: Linear) -> Linear:
    """What two sums have in common: of each term, the lesser."""
    left, right = dict(a.terms), dict(b.terms)
    nought = Fraction(0)
    terms = {atom: min(left.get(atom, nought), right.get(atom, nought)) for atom in {**left, **right}}
    return Linear(min(a.constant, b.constant), tuple((atom, term) for atom, term in terms.items() if term))
