"""Problems put to z3: can the rule hold, can it fail, what is the exact boundary, what is the smallest counterexample."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import reduce as fold
from math import ceil, gcd, lcm
from time import monotonic
from typing import Any

import z3
from attrs import frozen

from sibdsl.check.rules.affine import Affine
from sibdsl.check.rules.horizons import Every, Formula, No, Some, Test
from sibdsl.check.rules.problem import FOLDED, Problem
from sibdsl.model.types import Interval
from sibdsl.price.graph import Choose, Greatest, Known, Least, Part, Round, Withheld

#: With more straight pieces than this no boundary is sought; with more than the second, none that joins several.
MOST_PIECES = 12
MOST_JOINED = 6
#: Totals above this are not tried.
MOST = 10_000_000
#: Milliseconds for one question. A question not answered in time ends 'not decided'.
PATIENCE = 2000
#: Quantities tried, where z3 knows payments only within bounds, before it is said that none is known to do.
EXAMPLES = 25
#: Seconds for all questions about one problem.
BUDGET = 8.0


@frozen(order=True)
class Bound:
    """Whole coefficients of unknowns (by place in the problem); their sum must be at least `least`."""

    terms: tuple[tuple[int, int], ...]
    least: int

    def value(self, numbers: dict[int, int]) -> int:
        """By how much `numbers` exceed the bound."""
        return sum(factor * numbers.get(place, 0) for place, factor in self.terms) - self.least


@frozen
class Piece:
    """Quantities among which payments are straight: `region` bounds them, and in any of `ways` the rule holds there."""

    region: tuple[Bound, ...]
    ways: tuple[tuple[Bound, ...], ...]

    @property
    def bounds(self) -> list[Bound]:
        """The rule's own bounds here."""
        return [bound for way in self.ways for bound in way]


class Undecided(Exception):
    """z3 gave up in the time that it has."""


class Solver:
    """One problem in z3. Whole numbers throughout where amounts are exact; a part of a split is known only within it."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.context = z3.main_ctx()
        #: Whether every unknown counts something, in whole numbers from nought.
        self.counts = all(one.whole for one in problem.unknowns)
        self.unknowns = [
            (z3.Int if one.whole else z3.Real)(f"q{place}", self.context)
            for place, one in enumerate(problem.unknowns)
        ]
        self.atoms: dict[int, Any] = {}
        self.side: list[Any] = [
            z3_ >= 0 for z3_, one in zip(self.unknowns, problem.unknowns, strict=True) if not one.below
        ]
        self.approximate = False
        self.deadline = monotonic() + BUDGET
        self._on: dict[Bound, Any] = {}
        self._failure: dict[int, Fraction] | None = None
        self.smallest = self.counts
        self.whole, self.parts = self._unit()
        for fewer, more in problem.implied:
            self.side.append(self._add(fewer) <= self._add(more))
        for atom, step, inputs in problem.choices:
            self.atoms[atom] = self._choice(atom, step, [self._form(one) for one in inputs])
        self._shares_add_up()
        self.rule = self._formula(problem.formula)
        self.base = z3.SolverFor("QF_LIA" if self.whole else "QF_LIRA", ctx=self.context)
        self.base.set("timeout", PATIENCE)
        self.base.add(*self.side)

    def _add(self, places: tuple[int, ...]) -> Any:  # noqa: ANN401 - z3 has no types
        return z3.Sum([self.unknowns[place] for place in places]) if places else z3.IntVal(0, self.context)

    def _number(self, value: Fraction) -> Any:  # noqa: ANN401
        if self.whole and value.denominator == 1:
            return z3.IntVal(value.numerator, self.context)
        return z3.RatVal(value.numerator, value.denominator, self.context)

    def _unit(self) -> tuple[bool, int]:
        """Whether every choice is a whole number of some part of the currency's unit, and how many make one unit."""
        parts = 1
        if not self.counts:
            return False, 1
        for _, step, inputs in self.problem.choices:
            if not isinstance(step, (Least, Greatest, Choose)):
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

    def _form(self, form: Affine, times: int = 1) -> Any:  # noqa: ANN401
        """A form in parts of a unit (`times` over), or exactly where parts are not whole."""
        scale = Fraction(self.parts * times)
        terms = [self._number(form.constant * scale)]
        for atom, coefficient in form.terms.items():
            place = self.problem.of_atom.get(atom)
            if place == FOLDED:
                continue
            if place is None:
                terms.append(self._number(coefficient * times) * self.atoms[atom])
            else:
                one = self.unknowns[place]
                if not self.whole and self.problem.unknowns[place].whole:
                    one = z3.ToReal(one)
                terms.append(self._number(coefficient * scale) * one)
        return z3.Sum(terms)

    def _over(self, form: Affine) -> int:
        """By what a form is multiplied to make it whole."""
        times = (form.constant * self.parts).denominator
        for atom, coefficient in form.terms.items():
            counted = atom in self.problem.of_atom
            times = lcm(times, (coefficient * self.parts if counted else coefficient).denominator)
        return times

    def _choice(self, atom: int, step: object, inputs: list[Any]) -> Any:  # noqa: ANN401
        if isinstance(step, Least):
            return fold(lambda a, b: z3.If(a <= b, a, b), inputs)
        if isinstance(step, Greatest):
            return fold(lambda a, b: z3.If(a >= b, a, b), inputs)
        if isinstance(step, Choose):
            return self._chosen(step.ranges, inputs[0], inputs[1:])
        if isinstance(step, Round) and step.way == "half up":
            grain, half = self._number(step.grain), self._number(Fraction(1, 2))
            up = z3.ToReal(z3.ToInt(inputs[0] / grain + half)) * grain
            # Half a penny below nought is rounded away from it, as money is.
            down = -z3.ToReal(z3.ToInt(half - inputs[0] / grain)) * grain
            return z3.If(inputs[0] >= 0, up, down)
        if isinstance(step, Round) and step.way == "down":
            grain = self._number(step.grain)
            below = z3.ToReal(z3.ToInt(inputs[0] / grain)) * grain
            above = -z3.ToReal(z3.ToInt(-inputs[0] / grain)) * grain
            return z3.If(inputs[0] >= 0, below, above)
        self.approximate = True
        free = z3.Real(f"s{atom}", self.context)
        if isinstance(step, Round):
            grain = self._number(step.grain)
            self.side.extend([free > inputs[0] - grain, free < inputs[0] + grain])
        elif isinstance(step, Part) and step.by == "shares":
            # What is pro rata, less or more than it by less than one grain.
            grain, share = self._number(step.grain), self._number(self._fixed(atom)[step.index])
            exact = share * inputs[0]
            self.side.extend([free > exact - grain, free < exact + grain])
            within = z3.And(free >= 0, free <= inputs[0])
            self.side.append(z3.If(inputs[0] >= 0, within, z3.And(free <= 0, free >= inputs[0])))
        elif isinstance(step, Part) and step.by in ("rounded", "parts"):
            slack = step.grain * (2 if step.by == "rounded" else 3)
            grain, exact = self._number(slack), inputs[1 + step.index]
            self.side.extend([free > exact - grain, free < exact + grain])
        elif isinstance(step, Part):
            self.side.extend([free >= 0, free <= inputs[1 + step.index], free <= inputs[0]])
        elif isinstance(step, Known):
            # Whether something was measured is nobody's to say here: both must be reckoned with.
            self.side.append(z3.Or(free == inputs[0], free == inputs[1]))
        elif isinstance(step, Withheld):
            self.side.extend([free >= 0, free <= inputs[0]])
        return free

    def _shares_add_up(self) -> None:
        """Where every fixed share of a split is spoken of, they come to all of it."""
        splits: dict[tuple[int, ...], list[int]] = {}
        for atom, step, _ in self.problem.choices:
            if isinstance(step, Part) and step.by == "shares":
                splits.setdefault(step.inputs, []).append(atom)
        for numbers, found in splits.items():
            if len(found) == len(numbers) - 1:
                whole = next(inputs[0] for atom, _, inputs in self.problem.choices if atom == found[0])
                self.side.append(z3.Sum([self.atoms[one] for one in found]) == self._form(whole))

    def _fixed(self, atom: int) -> list[Fraction]:
        """The fixed shares of a split, as parts of one."""
        inputs = next(found for number, _, found in self.problem.choices if number == atom)
        total = sum((one.constant for one in inputs[1:]), Fraction(0))
        return [one.constant / total for one in inputs[1:]]

    def _chosen(self, ranges: tuple[Interval, ...], on: Any, branches: list[Any]) -> Any:  # noqa: ANN401
        """The branch whose range holds `on`; the last where no other does."""
        found = branches[-1]
        for held, branch in reversed(list(zip(ranges[:-1], branches[:-1], strict=True))):
            ends = []
            if held.low is not None:
                low = self._number(held.low * self.parts)
                ends.append(on >= low if held.low_in else on > low)
            if held.high is not None:
                high = self._number(held.high * self.parts)
                ends.append(on <= high if held.high_in else on < high)
            found = z3.If(z3.And(*ends), branch, found)
        return found

    def _formula(self, formula: Formula) -> Any:  # noqa: ANN401
        match formula:
            case Test(form, op):
                times = self._over(form) if self.whole else 1
                value, nought = self._form(form, times), self._number(Fraction(0))
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
        if monotonic() > self.deadline:
            raise Undecided
        answer = self.base.check(*conditions) if conditions else self.base.check()
        if answer == z3.unknown:
            raise Undecided
        return bool(answer == z3.sat)

    def can_hold(self) -> bool:
        return self.possible(self._tracked(self.rule))

    def examples(self) -> Iterator[dict[int, Fraction]]:
        """Quantities for which the rule may hold, a few of them, each unlike those before."""
        holds = self._tracked(self.rule)
        for _ in range(EXAMPLES):
            if not self.possible(holds):
                return
            found = self._model()
            yield found
            same = [
                one == z3.RatVal(found[place].numerator, found[place].denominator, self.context)
                if not self.problem.unknowns[place].whole
                else one == int(found[place])
                for place, one in enumerate(self.unknowns)
            ]
            self.base.add(z3.Or(z3.Not(holds), z3.Not(z3.And(*same))))

    def can_fail(self) -> bool:
        return self.possible(self._tracked(z3.Not(self.rule)))

    def _tracked(self, condition: Any) -> Any:  # noqa: ANN401
        """A condition as a named literal, which z3 takes as an assumption."""
        name = z3.FreshBool("a", self.context)
        self.base.add(z3.Implies(name, condition))
        return name

    def on(self, bound: Bound) -> Any:  # noqa: ANN401
        """A bound as an assumption."""
        if bound not in self._on:
            self._on[bound] = self._tracked(self.said(bound))
        return self._on[bound]

    def said(self, bound: Bound) -> Any:  # noqa: ANN401
        """A bound as z3 has it."""
        return z3.Sum([factor * self.unknowns[place] for place, factor in bound.terms]) >= bound.least

    # -------------------------------------------------------------- boundary

    def boundary(self) -> tuple[tuple[Bound, ...], ...]:
        """When exactly the rule holds: any of the alternatives, each of which needs all its bounds. () when not known.

        On each straight piece that some quantities reach, the rule comes to whole bounds. One of these alone is tried
        first; else the pieces are joined, widened where the rule still follows, and thinned. All of it is proved.
        """
        pieces = self._pieces()
        if not pieces:
            return ()
        holds, fails = self._tracked(self.rule), self._tracked(z3.Not(self.rule))
        for bound in dict.fromkeys(bound for piece in pieces for bound in piece.bounds):
            enough = not self.possible(self.on(bound), fails)
            if enough and not self.possible(self._tracked(z3.Not(self.said(bound))), holds):
                return ((bound,),)
        if len(pieces) > MOST_JOINED:
            return ()
        wide: dict[tuple[Bound, ...], None] = {}
        for piece in pieces:
            for way in piece.ways:
                kept = [*way, *piece.region]
                if not self.possible(*(self.on(one) for one in kept)):
                    continue
                for one in [*piece.region, *way]:
                    fewer = [other for other in kept if other != one]
                    if fewer and not self.possible(*(self.on(each) for each in fewer), fails):
                        kept = fewer
                wide[tuple(sorted(set(kept)))] = None
        ways = self._thin(list(wide), holds)
        # Rounding is not straight, so where something is rounded the whole of it is proved again.
        bent = any(not isinstance(step, (Least, Greatest, Choose)) for _, step, _ in self.problem.choices)
        return () if bent and not self._same(ways, holds, fails) else ways

    def _same(self, ways: tuple[tuple[Bound, ...], ...], holds: Any, fails: Any) -> bool:  # noqa: ANN401
        """Whether the rule holds exactly where one of the ways is met."""
        if any(self.possible(fails, *(self.on(bound) for bound in way)) for way in ways):
            return False
        missed = [self._tracked(z3.Not(z3.And(*[self.said(bound) for bound in way]))) for way in ways]
        return not self.possible(holds, *missed)

    def _thin(self, ways: list[tuple[Bound, ...]], holds: Any) -> tuple[tuple[Bound, ...], ...]:  # noqa: ANN401
        """The alternatives without those that the others make needless, shortest first."""
        ways.sort(key=lambda way: (len(way), sum(len(bound.terms) for bound in way), way))
        missed = {way: self._tracked(z3.Not(z3.And(*[self.said(bound) for bound in way]))) for way in ways}
        kept = list(ways)
        for way in reversed(ways):
            others = [other for other in kept if other != way]
            if others and not self.possible(holds, self.on(way[0]), *(missed[other] for other in others)):
                kept = others
        return tuple(kept)

    def enough(self, places: tuple[int, ...]) -> int | None:
        """The least total of these unknowns that makes the rule hold whatever the others are; None when none does."""
        fails = self._tracked(z3.Not(self.rule))
        return self._least(places, lambda over: not self.possible(over, fails), above=True)

    def needed(self, places: tuple[int, ...]) -> int | None:
        """The greatest total of these unknowns below which the rule fails whatever the others are; None when none is."""
        holds = self._tracked(self.rule)
        found = self._least(places, lambda under: self.possible(under, holds), above=False)
        return None if found is None or found <= 1 else found - 1

    def _least(self, places: tuple[int, ...], proves: Callable[[Any], bool], *, above: bool) -> int | None:
        """The least number for which a total at least (or below) it proves what is asked; None when none up to MOST."""
        total = self._add(places)

        def good(least: int) -> bool:
            return proves(self._tracked(total >= least if above else total < least))

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
        if self.approximate or not self.counts:
            return []
        found: list[Piece] = []
        self._walk(0, {}, [], found)
        return found if len(found) <= MOST_PIECES else []

    def _walk(self, at: int, straight: dict[int, Affine], region: list[Bound], found: list[Piece]) -> None:
        """Take each input of each choice in turn, leaving off where no quantities reach."""
        if len(found) > MOST_PIECES:
            return
        if at == len(self.problem.choices):
            ways = _ways(self.problem.formula, lambda form: self._straight(form, straight))
            found.append(Piece(tuple(dict.fromkeys(region)), tuple(ways)))
            return
        atom, step, inputs = self.problem.choices[at]
        forms = [self._straight(one, straight) for one in inputs]
        reached = 0
        picks = _picks(step, forms)
        for pick, (form, more) in enumerate(picks):
            here = region + [one for one in more if one.terms]
            if any(not one.terms and one.least > 0 for one in more):
                continue
            # Some input is the least: where all before the last are out of reach, it is the last.
            sure = not reached and pick == len(picks) - 1
            if more and not sure and not self.possible(*(self.on(one) for one in here)):
                continue
            reached += 1
            self._walk(at + 1, {**straight, atom: form}, here, found)

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

    # -------------------------------------------------------------- counterexample

    def smallest_failure(self) -> dict[int, Fraction] | None:
        """Quantities by place for which the rule fails: fewest that are not nought, then the smallest sum.

        None when none is found in time. `smallest` says whether a smaller one has been ruled out.
        """
        if self._failure is None:
            try:
                self._failure = self._seek()
                self.smallest = self.counts
            except Undecided:
                self.smallest = False
        return self._failure

    def _seek(self) -> dict[int, Fraction] | None:
        """Allow one more quantity at a time, then bring their sum down by halves."""
        if not self.unknowns:
            return {} if self.can_fail() else None
        fails = self._tracked(z3.Not(self.rule))
        one, none = z3.IntVal(1, self.context), z3.IntVal(0, self.context)
        several = z3.Sum([z3.If(each != 0, one, none) for each in self.unknowns])
        total = z3.Sum(self.unknowns)
        for number in range(len(self.unknowns) + 1):
            few = self._tracked(several <= number)
            if self.possible(fails, few):
                break
        else:
            return None
        found = self._failure = self._model()
        if not self.counts:
            return found
        low, high = 0, int(sum(found.values()))
        while low < high:
            middle = (low + high) // 2
            if self.possible(fails, few, self._tracked(total <= middle)):
                found = self._failure = self._model()
                high = int(sum(found.values()))
            else:
                low = middle + 1
        return found

    def _model(self) -> dict[int, Fraction]:
        """The quantities that z3 found last."""
        model = self.base.model()
        return {
            place: _exact(model.eval(each, model_completion=True)) for place, each in enumerate(self.unknowns)
        }


def _picks(step: object, forms: list[Affine]) -> list[tuple[Affine, list[Bound]]]:
    """Each form that a choice may take, with the bounds within which it takes it."""
    if isinstance(step, Choose):
        found = []
        for held, form in zip(step.ranges, forms[1:], strict=True):
            more: list[Bound] = []
            if held.low is not None:
                more += _bounds(forms[0].plus(Affine(-held.low)), ">=" if held.low_in else ">")
            if held.high is not None:
                more += _bounds(forms[0].plus(Affine(-held.high)), "<=" if held.high_in else "<")
            found.append((form, more))
        return found
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


def _exact(value: Any) -> Fraction:  # noqa: ANN401 - z3 has no types
    """A number of a model."""
    if z3.is_int_value(value):
        return Fraction(value.as_long())
    return Fraction(value.numerator_as_long(), value.denominator_as_long())


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
    whole = tuple(sorted((place, factor // shared) for place, factor in terms.items()))
    return [Bound(whole, ceil(Fraction(least, shared)))]


def _ways(
    formula: Formula, straight: Callable[[Affine], Affine], *, holds: bool = True
) -> list[tuple[Bound, ...]]:
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
            found: list[tuple[Bound, ...]] = [()]
            for ways in each:
                found = [(*before, *way) for before in found for way in ways]
            return found


def _sound(ways: list[tuple[Bound, ...]]) -> list[tuple[Bound, ...]]:
    return [
        tuple(bound for bound in way if bound.terms)
        for way in ways
        if all(bound.terms or bound.least <= 0 for bound in way)
    ]
