"""Where a rule turns: exactly, as whole bounds on quantities; else what is enough, and what is needed."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import ceil, gcd, lcm
from typing import Any

import z3
from attrs import frozen

from sibdsl.check.rules.affine import Affine
from sibdsl.check.rules.horizons import Every, Formula, No, Some, Test
from sibdsl.check.rules.problem import FOLDED
from sibdsl.check.rules.solver import LinearBound, Solver
from sibdsl.price.graph import Choose, Greatest, Least, SplitPart

#: With more straight pieces than this no boundary is sought; with more than the second, none that joins several.
MOST_PIECES = 12
MOST_JOINED = 6
#: Totals above this are not tried.
MOST = 10_000_000


@frozen
class Piece:
    """Quantities among which payments are straight: `region` bounds them, and in any of `ways` the rule holds there."""

    region: tuple[LinearBound, ...]
    ways: tuple[tuple[LinearBound, ...], ...]

    @property
    def bounds(self) -> list[LinearBound]:
        """The rule's own bounds here."""
        return [bound for way in self.ways for bound in way]


@frozen
class Turning:
    """Finds where the rule of one problem turns, by questions to its solver, each of which may raise Undecided."""

    solver: Solver

    def boundary(self) -> tuple[tuple[LinearBound, ...], ...]:
        """When exactly the rule holds: any of the alternatives, each of which needs all its bounds. () when not known.

        On each straight piece that some quantities reach, the rule comes to whole bounds. One of these alone is tried
        first; else the pieces are joined, widened where the rule still follows, and thinned. All of it is proved.
        """
        pieces = self._pieces()
        if not pieces:
            return ()
        holds, fails = self.solver.tracked(self.solver.rule), self.solver.tracked(z3.Not(self.solver.rule))
        for bound in dict.fromkeys(bound for piece in pieces for bound in piece.bounds):
            enough = not self.solver.possible(self.solver.on(bound), fails)
            if enough and not self.solver.possible(
                self.solver.tracked(z3.Not(self.solver.said(bound))), holds
            ):
                return ((bound,),)
        if len(pieces) > MOST_JOINED:
            return ()
        wide: dict[tuple[LinearBound, ...], None] = {}
        for piece in pieces:
            for way in piece.ways:
                kept = [*way, *piece.region]
                if not self.solver.possible(*(self.solver.on(linear_bound) for linear_bound in kept)):
                    continue
                for linear_bound in [*piece.region, *way]:
                    fewer = [other for other in kept if other != linear_bound]
                    if fewer and not self.solver.possible(
                        *(self.solver.on(linear_bound) for linear_bound in fewer), fails
                    ):
                        kept = fewer
                if not kept:
                    return ()  # it would hold whatever is achieved, and it does not: what bends is not seen here
                wide[tuple(sorted(set(kept)))] = None
        ways = self._thin(list(wide), holds)
        # Rounding is not straight, and blanks are not seen here: the whole of it is proved again.
        return ways if self._same(ways, holds, fails) else ()

    def one_total(self, places: tuple[int, ...]) -> tuple[tuple[LinearBound, ...], ...]:
        """When exactly the rule holds, where that is one bound on the total of these unknowns; () where it is not."""
        if not self.solver.counts:
            return ()
        holds, fails = self.solver.tracked(self.solver.rule), self.solver.tracked(z3.Not(self.solver.rule))
        total = self.solver.add(places)
        none = self.solver.tracked(total < 1)
        for here, beyond, factor in ((holds, fails, -1), (fails, holds, 1)):
            # With none of it the rule is so, whatever the others are; from some number on it is otherwise, whatever they are.
            if self.solver.possible(none, beyond):
                continue
            turns = self._past(places, here)
            if turns is None or self.solver.possible(self.solver.tracked(total < turns), beyond):
                continue
            terms = tuple((place, factor) for place in places)
            return ((LinearBound(terms, turns if factor > 0 else 1 - turns),),)
        return ()

    def _same(self, ways: tuple[tuple[LinearBound, ...], ...], holds: Any, fails: Any) -> bool:  # noqa: ANN401
        """Whether the rule holds exactly where one of the ways is met."""
        if any(self.solver.possible(fails, *(self.solver.on(bound) for bound in way)) for way in ways):
            return False
        missed = [
            self.solver.tracked(z3.Not(self.solver.every([self.solver.said(bound) for bound in way])))
            for way in ways
        ]
        return not self.solver.possible(holds, *missed)

    def _thin(self, ways: list[tuple[LinearBound, ...]], holds: Any) -> tuple[tuple[LinearBound, ...], ...]:  # noqa: ANN401
        """The alternatives without those that the others make needless, shortest first."""
        ways.sort(key=lambda way: (len(way), sum(len(bound.terms) for bound in way), way))
        missed = {
            way: self.solver.tracked(z3.Not(self.solver.every([self.solver.said(bound) for bound in way])))
            for way in ways
        }
        kept = list(ways)
        for way in reversed(ways):
            others = [other for other in kept if other != way]
            if others and not self.solver.possible(
                holds, self.solver.on(way[0]), *(missed[other] for other in others)
            ):
                kept = others
        return tuple(kept)

    def enough(self, places: tuple[int, ...]) -> int | None:
        """The least total of these unknowns that makes the rule hold whatever the others are; None when none does."""
        fails = self.solver.tracked(z3.Not(self.solver.rule))
        least = self._least(places, lambda over: not self.solver.possible(over, fails), above=True)
        if least is None or not self.solver.possible(self.solver.tracked(self.solver.add(places) >= least)):
            return None  # more of it than there can be says nothing
        return least

    def needed(self, places: tuple[int, ...]) -> int | None:
        """The greatest total of these unknowns below which the rule fails whatever the others are; None when none is."""
        holds = self.solver.tracked(self.solver.rule)
        found = self._least(places, lambda under: self.solver.possible(under, holds), above=False)
        return None if found is None or found <= 1 else found - 1

    def _past(self, places: tuple[int, ...], so: Any) -> int | None:  # noqa: ANN401
        """The least total from which on it is never `so`; None when there is none up to MOST."""
        return self._least(places, lambda over: not self.solver.possible(over, so), above=True)

    def _least(self, places: tuple[int, ...], proves: Callable[[Any], bool], *, above: bool) -> int | None:
        """The least number for which a total at least (or below) it proves what is asked; None when none up to MOST."""
        total = self.solver.add(places)

        def good(least: int) -> bool:
            return proves(self.solver.tracked(total >= least if above else total < least))

        high = 1
        while not good(high):
            high *= 8
            if high > MOST:
                return None
        low = high // 8
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if good(middle) else (middle + 1, high)
        return low

    def _pieces(self) -> list[Piece]:
        """The straight pieces that some quantities reach, with the rule's bounds on each; [] when too many to list."""
        if self.solver.approximate or not self.solver.counts:
            return []
        found: list[Piece] = []
        self._walk(0, {}, [], found)
        return found if len(found) <= MOST_PIECES else []

    def _walk(
        self, at: int, straight: dict[int, Affine], region: list[LinearBound], found: list[Piece]
    ) -> None:
        """Take each input of each choice in turn, leaving off where no quantities reach."""
        if len(found) > MOST_PIECES:
            return
        if at == len(self.solver.problem.choices):
            ways = _ways(self.solver.problem.formula, lambda form: self._straight(form, straight))
            found.append(Piece(tuple(dict.fromkeys(region)), tuple(ways)))
            return
        atom, step, inputs = self.solver.problem.choices[at]
        forms = [self._straight(affine, straight) for affine in inputs]
        reached = 0
        picks = _picks(step, forms)
        for pick, (form, more) in enumerate(picks):
            here = region + [linear_bound for linear_bound in more if linear_bound.terms]
            if any(not linear_bound.terms and linear_bound.least > 0 for linear_bound in more):
                continue
            # Some input is the least: where all before the last are out of reach, it is the last.
            sure = not reached and pick == len(picks) - 1
            if (
                more
                and not sure
                and not self.solver.possible(*(self.solver.on(linear_bound) for linear_bound in here))
            ):
                continue
            reached += 1
            self._walk(at + 1, {**straight, atom: form}, here, found)

    def _straight(self, form: Affine, straight: dict[int, Affine]) -> Affine:
        """The form over unknowns' places, with each choice put as the input that it takes here."""
        total = Affine(form.constant)
        for atom, coefficient in form.terms.items():
            place = self.solver.problem.of_atom.get(atom)
            if place == FOLDED:
                continue
            inner = straight[atom] if place is None else Affine(Fraction(0), {place: Fraction(1)})
            total = total.plus(inner, coefficient)
        return total


def _picks(step: object, forms: list[Affine]) -> list[tuple[Affine, list[LinearBound]]]:
    """Each form that a choice may take, with the bounds within which it takes it."""
    if isinstance(step, Choose):
        found = []
        for held, form in zip(step.ranges, forms[1:], strict=True):
            more: list[LinearBound] = []
            if held.low is not None:
                more += _bounds(forms[0].plus(Affine(-held.low)), ">=" if held.low_in else ">")
            if held.high is not None:
                more += _bounds(forms[0].plus(Affine(-held.high)), "<=" if held.high_in else "<")
            found.append((form, more))
        return found
    if isinstance(step, SplitPart) and step.by == "shares":
        every = sum((affine.constant for affine in forms[1:]), Fraction(0))
        return [(forms[0].times(forms[1 + step.index].constant / every), [])]
    if not isinstance(step, (Least, Greatest)):
        return [(forms[0], [])]
    found = []
    for pick, form in enumerate(forms):
        more = []
        for place, other in enumerate(forms):
            if place != pick:
                # A tie belongs to the first piece that reaches it.
                near, far = ("<", "<=") if isinstance(step, Least) else (">", ">=")
                more += _bounds(form.plus(other, Fraction(-1)), near if place < pick else far)
        found.append((form, more))
    return found


def _bounds(form: Affine, op: str) -> list[LinearBound]:
    """`form op 0` as bounds in whole numbers, each with the greatest common divisor taken out."""
    if op == "=":
        return _bounds(form, ">=") + _bounds(form, "<=")
    if op in ("<", "<="):
        return _bounds(form.times(Fraction(-1)), ">" if op == "<" else ">=")
    scale = lcm(form.constant.denominator, *(term.denominator for term in form.terms.values()))
    terms = {place: int(term * scale) for place, term in form.terms.items()}
    least = -int(form.constant * scale) + (1 if op == ">" else 0)
    shared = gcd(*terms.values()) if terms else 1
    whole = tuple(sorted((place, factor // shared) for place, factor in terms.items()))
    return [LinearBound(whole, ceil(Fraction(least, shared)))]


def _ways(
    formula: Formula, straight: Callable[[Affine], Affine], *, holds: bool = True
) -> list[tuple[LinearBound, ...]]:
    """The formula (or its failing) where it is straight: any of the ways, each of which needs all its bounds.

    A bound without unknowns is true or false as it stands: true ones are dropped, false ones drop their way.
    """
    match formula:
        case Test(form, op):
            line = straight(form)
            if holds or op != "=":
                said = op if holds else {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}[op]
                return _sound([tuple(_bounds(line, said))])
            return _sound([tuple(_bounds(line, ">")), tuple(_bounds(line, "<"))])
        case No(part):
            return _ways(part, straight, holds=not holds)
        case Every(parts) | Some(parts):
            each = [_ways(part, straight, holds=holds) for part in parts]
            if isinstance(formula, Every) is not holds:
                return [way for ways in each for way in ways]
            found: list[tuple[LinearBound, ...]] = [()]
            for ways in each:
                found = [(*before, *way) for before in found for way in ways]
            return found


def _sound(ways: list[tuple[LinearBound, ...]]) -> list[tuple[LinearBound, ...]]:
    return [
        tuple(bound for bound in way if bound.terms)
        for way in ways
        if all(bound.terms or bound.least <= 0 for bound in way)
    ]
