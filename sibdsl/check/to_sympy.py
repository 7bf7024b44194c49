"""Price graphs in sympy: every step as a sum of so much for each quantity and each choice, in one form for all that is equal.

sympy adds, multiplies out, takes factors and signs out and tells whether two sums are the same; nothing is ever a binary
fraction. What it has no rule for is put to it as a symbol: the greater of sums, a rounding, a part of a split, a branch, what is measured.
Four laws bring these to one form, so that one amount written in two ways becomes the same sum:

- the greater of two sums is the first, and what the second exceeds it by;
- what is added to each of several sums, or multiplies each, stands outside their greatest; the least is the greatest of what is
  taken away, taken away;
- the parts of a split add up to the whole of it;
- what stands for a blank is that, and what a measured amount differs from it by where it was measured.
"""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from math import gcd, lcm

import sympy
from attrs import frozen

from sibdsl import money
from sibdsl.dates import months_name
from sibdsl.model.types import Interval
from sibdsl.price.blanks import stands_for_a_blank
from sibdsl.price.graph import (
    Choose,
    Constant,
    Graph,
    Greatest,
    Key,
    Known,
    Least,
    Round,
    Scale,
    SplitPart,
    Step,
    Sum,
    VerifiedQuantity,
    Withheld,
)

#: How many cases are told apart, at most, to see that a sum is never below nought.
MOST_CASES = 64


@frozen
class SymbolicExcess:
    """What a sum is above nought; nought where it is below."""

    over: sympy.Expr


@frozen
class SymbolicGreatest:
    """The greatest of three sums or more."""

    parts: frozenset[sympy.Expr]


@frozen
class SymbolicRounding:
    """A sum in whole grains, by a way of `money.round_to`."""

    inner: sympy.Expr
    grain: Fraction
    way: money.Way


@frozen
class SymbolicPart:
    """That part of the whole, split pro rata by the largest remainder; `due` where no part exceeds its weight."""

    whole: sympy.Expr
    weights: tuple[sympy.Expr, ...]
    index: int
    grain: Fraction
    due: bool


@frozen
class SymbolicBranch:
    """The branch of the range that holds `on`."""

    on: sympy.Expr
    ranges: tuple[Interval, ...]
    branches: tuple[sympy.Expr, ...]


@frozen
class SymbolicIfMeasured:
    """A sum where all of these quantities were measured; nought where one of them is blank."""

    keys: tuple[Key, ...]
    then: sympy.Expr


SymbolicChoice = (
    SymbolicExcess | SymbolicGreatest | SymbolicRounding | SymbolicPart | SymbolicBranch | SymbolicIfMeasured
)


class Translation:
    """The steps of one graph as sympy expressions.

    `unknowns` are the quantities' symbols, by key. `choices` are the choices' symbols with what each stands for, in
    order: each is over quantities and earlier choices.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.unknowns: dict[Key, sympy.Symbol] = {}
        self.choices: dict[sympy.Symbol, SymbolicChoice] = {}
        self._symbols: dict[SymbolicChoice, sympy.Symbol] = {}
        self._from_nought: dict[sympy.Symbol, bool] = {}
        self._known: dict[int, sympy.Expr] = {}
        self._safe: dict[sympy.Expr, bool] = {}

    def of(self, number: int) -> sympy.Expr:
        """The expression of one step, over quantities and choices."""
        if number not in self._known:
            for behind in self.graph.behind(number):
                if behind not in self._known:
                    step = self.graph.steps[behind]
                    self._known[behind] = self._expression(step, [self._known[at] for at in step.inputs])
        return self._known[number]

    def work(self, number: int) -> int:
        """How much is put to sympy for one step when those behind it are translated: terms, and for each sum they are compared with."""
        step = self.graph.steps[number]
        return work_of([self.of(at) for at in step.inputs], compared=isinstance(step, Least | Greatest))

    def unknown(self, key: Key) -> sympy.Symbol:
        """The symbol that stands for a quantity: a number from 0, or any number where it does not add up."""
        if key not in self.unknowns:
            symbol = sympy.Symbol(f"{name(key)} ({len(self.unknowns)})", real=True)
            self.unknowns[key] = symbol
            self._from_nought[symbol] = key.withheld or key.metric not in self.graph.free
        return self.unknowns[key]

    def _expression(self, step: Step, inputs: list[sympy.Expr]) -> sympy.Expr:
        match step:
            case VerifiedQuantity(key=key) | Withheld(key=key):
                return self.unknown(key)
            case Constant(value):
                return rational(value)
            case Sum(signs=signs):
                return sympy.Add(*(sign * part for sign, part in zip(signs, inputs, strict=True)))
            case Scale(factor=factor):
                return rational(factor) * inputs[0]
            case Least():
                return self.least(inputs)
            case Greatest():
                return self.greatest(inputs)
            case Round(grain=grain, way=way):
                return self.rounded(inputs[0], grain, way)
            case SplitPart(index=index, grain=grain, by=by):
                return self.part(inputs[0], tuple(inputs[1:]), index, grain, due=by == "due")
            case Choose(ranges=ranges):
                return self.branch(inputs[0], ranges, tuple(inputs[1:]))
            case Known(keys=keys) if stands_for_a_blank(step):
                return self.if_measured(keys, inputs[0], inputs[1])
            case Known():
                return inputs[0]

    # -------------------------------------------------------------- choices

    def least(self, parts: list[sympy.Expr]) -> sympy.Expr:
        """The least of some sums."""
        return -self.greatest([-part for part in parts])

    def greatest(self, parts: list[sympy.Expr]) -> sympy.Expr:
        """The greatest of some sums, without those that another always reaches."""
        kept = list(dict.fromkeys(parts))
        for part in list(kept):
            if any(self.never_negative(other - part) for other in kept if other != part):
                kept.remove(part)
        if len(kept) == 1:
            return kept[0]
        if len(kept) == 2:
            first, second = kept
            return first + self._excess(second - first)
        terms = [part.as_coefficients_dict() for part in kept]
        symbols = {symbol for coefficients in terms for symbol in coefficients}
        shared = sympy.Add(*(symbol * min(factors[symbol] for factors in terms) for symbol in symbols))
        rest = [part - shared for part in kept]
        content = _content(rest)
        return shared + content * self._symbol(SymbolicGreatest(frozenset(part / content for part in rest)))

    def _excess(self, over: sympy.Expr) -> sympy.Expr:
        """What a sum is above nought. The sign and the common factor of what is inside stand outside."""
        if self.never_negative(over):
            return over
        if self.never_negative(-over):
            return sympy.S.Zero
        content, inner = over.primitive()
        if inner.could_extract_minus_sign():
            return over + content * self._symbol(SymbolicExcess(-inner))
        return content * self._symbol(SymbolicExcess(inner))

    def rounded(self, inner: sympy.Expr, grain: Fraction, way: money.Way) -> sympy.Expr:
        """A sum rounded."""
        if inner.is_Rational:
            return rational(money.round_to(fraction(inner), grain, way))
        return self._symbol(SymbolicRounding(inner, grain, way))

    def part(
        self, whole: sympy.Expr, weights: tuple[sympy.Expr, ...], index: int, grain: Fraction, *, due: bool
    ) -> sympy.Expr:
        """One part of a split; the last is what the others leave."""
        if whole == 0:
            return sympy.S.Zero
        if index == len(weights) - 1:
            others = (self.part(whole, weights, other, grain, due=due) for other in range(index))
            return whole - sympy.Add(*others)
        return self._symbol(SymbolicPart(whole, weights, index, grain, due))

    def branch(
        self, on: sympy.Expr, ranges: tuple[Interval, ...], branches: tuple[sympy.Expr, ...]
    ) -> sympy.Expr:
        """The branch of the range that holds a sum."""
        if on.is_Rational:
            ways = zip(ranges, branches, strict=True)
            return next(branch for held, branch in ways if fraction(on) in held)
        return self._symbol(SymbolicBranch(on, ranges, branches))

    def if_measured(self, keys: tuple[Key, ...], then: sympy.Expr, other: sympy.Expr) -> sympy.Expr:
        """The first sum where the quantities were measured, the second where one is blank."""
        if then == other:
            return then
        content, inner = sympy.expand(then - other).primitive()
        if inner.could_extract_minus_sign():
            content, inner = -content, -inner
        return other + content * self._symbol(SymbolicIfMeasured(keys, inner))

    def _symbol(self, choice: SymbolicChoice) -> sympy.Symbol:
        if choice not in self._symbols:
            symbol = sympy.Symbol(f"choice {len(self.choices)}", real=True)
            self._symbols[choice] = symbol
            self.choices[symbol] = choice
        return self._symbols[choice]

    # -------------------------------------------------------------- never below nought

    def never_negative(self, linear: sympy.Expr, cases: int = MOST_CASES) -> bool:
        """Whether a sum is surely nought or more, whatever the quantities: tried case by case, as far as `cases` go."""
        if linear not in self._safe:
            self._safe[linear] = self._cases(linear, cases)
        return self._safe[linear]

    def _cases(self, linear: sympy.Expr, cases: int) -> bool:
        terms = linear.as_coefficients_dict()
        if all(factor.p >= 0 for factor in terms.values()) and all(map(self._starts_at_nought, terms)):
            return True
        if cases <= 2:
            return False
        for symbol in sorted(terms, key=self._order, reverse=True):  # what it is made of was met before it
            factor, choice = terms[symbol], self.choices.get(symbol)
            without = linear - factor * symbol
            match choice:
                case SymbolicExcess(over):  # nought, or what it is the excess of: the greater
                    ends, every = [without, without + factor * over], factor.p < 0
                case SymbolicIfMeasured(then=then):
                    ends, every = [without, without + factor * then], True
                case SymbolicPart(whole, weights, index, due=due) if factor.p < 0 and self._starts_at_nought(
                    symbol
                ):  # at most either
                    most = [whole, weights[index]] if due else [whole]
                    ends, every = [without + factor * end for end in most], False
                case _:
                    continue
            answers = (self.never_negative(end, cases // len(ends)) for end in ends)
            return all(answers) if every else any(answers)
        return False

    def _starts_at_nought(self, symbol: sympy.Expr) -> bool:
        """Whether what a symbol stands for is never below nought; the number 1 stands for itself."""
        if symbol not in self._from_nought:
            match self.choices.get(symbol):
                case SymbolicRounding(inner):
                    safe = self.never_negative(inner)
                case SymbolicPart(whole, weights):
                    safe = all(self.never_negative(linear) for linear in (whole, *weights))
                case SymbolicBranch(branches=branches):
                    safe = all(map(self.never_negative, branches))
                case SymbolicIfMeasured(then=then):
                    safe = self.never_negative(then)
                case SymbolicGreatest(parts):
                    safe = any(map(self.never_negative, parts))
                case SymbolicExcess() | None:
                    safe = True
            self._from_nought[symbol] = safe
        return self._from_nought[symbol]

    def _order(self, symbol: sympy.Expr) -> int:
        return int(symbol.name.removeprefix("choice ")) if symbol in self.choices else -1


def _content(sums: list[sympy.Expr]) -> sympy.Rational:
    """The greatest number that all factors of some sums are whole multiples of."""
    factors = [factor for linear in sums for factor in linear.as_coefficients_dict().values() if factor]
    return sympy.Rational(
        reduce(gcd, (abs(factor.p) for factor in factors)), reduce(lcm, (factor.q for factor in factors))
    )


def work_of(sums: list[sympy.Expr], *, compared: bool) -> int:
    """How many terms some sums have, at least one; where each is compared with the others, for each of them."""
    terms = sum(len(linear.args) if linear.is_Add else 1 for linear in sums)
    return max(1, terms * len(sums) if compared else terms)


def name(key: Key) -> str:
    """A quantity in words: `Job Entry Under 16 in April-June 2018`."""
    what = " ".join(part for part in (key.metric, key.band) if part)
    return f"{what} in {months_name(key.segment.days)}"


def rational(value: Fraction) -> sympy.Rational:
    """An exact number as sympy has it."""
    return sympy.Rational(value.numerator, value.denominator)


def fraction(value: sympy.Rational) -> Fraction:
    """A sympy number as a Fraction. Raises TypeError for anything that is not an exact number."""
    if not value.is_Rational:
        raise TypeError(f"{value} is not an exact number")
    return Fraction(int(value.p), int(value.q))
