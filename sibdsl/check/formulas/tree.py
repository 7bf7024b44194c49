"""Closed formulas as trees: sums of so much for each of something, and the choices that make payments bend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Literal

from attrs import evolve, field, frozen

from sibdsl import money
from sibdsl.dates import Period
from sibdsl.model.types import Interval
from sibdsl.money import Way
from sibdsl.price.graph import Key, TakenOf
from sibdsl.price.provenance import Meaning


@frozen(cache_hash=True)
class Count:
    """How many of a metric there are in those days; a band of '' is all of them, or that it has none.

    Or what a limit for each person takes, `taken_of` which line; and then, where several lines are told of as one, `lines`.
    `contract` tells the contracts of a programme apart, as the keys of the price graph do.
    """

    metric: str
    band: str
    days: Period
    taken_of: TakenOf | None = None
    lines: tuple[int, ...] = ()
    contract: str = ""


@frozen(cache_hash=True)
class Choice:
    """The least or the greatest of some sums. `at` is the step that it comes from, `meaning` what that step is for."""

    way: Literal["min", "max"]
    parts: tuple[Linear, ...]
    at: int = field(eq=False)
    meaning: Meaning | None = field(default=None, eq=False)


@frozen(cache_hash=True)
class Rounded:
    """A sum rounded. With `over`, the inner counts are of each of so many neighbouring periods, and added up."""

    inner: Linear
    grain: Fraction
    way: Way
    at: int = field(eq=False)
    over: tuple[Period, ...] = ()


@frozen(cache_hash=True)
class Parts:
    """Some parts of a whole that is split pro rata to weights by the largest remainder; `taken` counts from 0."""

    whole: Linear
    weights: tuple[Linear, ...]
    taken: tuple[int, ...]
    grain: Fraction
    at: int = field(eq=False)
    #: Whether each weight is an amount due, which no part exceeds; not of fixed shares, nor of what is rounded together.
    due: bool = True


def fixed_shares(parts: Parts) -> bool:
    """Whether the weights are percentages that add up to the whole, not amounts due."""
    return (
        not any(weight.terms for weight in parts.weights)
        and sum(weight.constant for weight in parts.weights) == 1
    )


@frozen(cache_hash=True)
class Chosen:
    """The sum whose range holds `on`; a range for each sum."""

    on: Linear
    ranges: tuple[Interval, ...]
    parts: tuple[Linear, ...]
    at: int = field(eq=False)
    meaning: Meaning | None = field(default=None, eq=False)


@frozen(cache_hash=True)
class IfMeasured:
    """The first sum where each of the counts was measured; the second, which stands for a blank, where one was not.

    `counts` are each of the one quantity that was measured at the end of its days.
    """

    counts: tuple[Count, ...]
    parts: tuple[Linear, Linear]
    at: int = field(eq=False)


Atom = Count | Choice | Rounded | Parts | Chosen | IfMeasured


@frozen(cache_hash=True)
class Linear:
    """A constant, and so much for each of some atoms. Atoms appear once each, with factors that are not nought."""

    constant: Fraction = Fraction(0)
    terms: tuple[tuple[Atom, Fraction], ...] = ()

    def plus(self, other: Linear, factor: Fraction = Fraction(1)) -> Linear:
        """This and `factor` times the other; atoms keep the order in which they are first met."""
        if not factor:
            return self
        total = dict(self.terms)
        for atom, one in other.terms:
            add(total, atom, one if factor == 1 else factor * one)
        return Linear(self.constant + factor * other.constant, tuple(total.items()))

    def times(self, factor: Fraction) -> Linear:
        """So many times this."""
        return Linear().plus(self, factor)

    def without(self, atom: Atom) -> Linear:
        """This less the term of one atom."""
        rest = dict(self.terms)
        rest.pop(atom, None)
        return Linear(self.constant, tuple(rest.items()))


def add(total: dict[Atom, Fraction], atom: Atom, factor: Fraction) -> None:
    """Add a term to terms that are being added up; what comes to nought goes."""
    before = total.get(atom)
    if before is None:
        total[atom] = factor
    elif after := before + factor:
        total[atom] = after
    else:
        del total[atom]


def single(atom: Atom) -> Linear:
    """One atom alone."""
    return Linear(Fraction(0), ((atom, Fraction(1)),))


def inside(atom: Atom) -> tuple[Linear, ...]:
    """The sums that an atom is made of."""
    match atom:
        case Choice(parts=parts):
            return parts
        case Rounded(inner=inner):
            return (inner,)
        case Parts(whole=whole, weights=weights):
            return (whole, *weights)
        case Chosen(on=on, parts=parts):
            return (on, *parts)
        case IfMeasured(parts=parts):
            return parts
    return ()


def rebuilt(atom: Atom, sums: tuple[Linear, ...]) -> Atom:
    """The atom made of other sums."""
    match atom:
        case Choice():
            return Choice(atom.way, sums, atom.at, atom.meaning)
        case Rounded():
            return Rounded(sums[0], atom.grain, atom.way, atom.at, atom.over)
        case Parts():
            return Parts(sums[0], sums[1:], atom.taken, atom.grain, atom.at, atom.due)
        case Chosen():
            return Chosen(sums[0], atom.ranges, sums[1:], atom.at, atom.meaning)
        case IfMeasured():
            return IfMeasured(atom.counts, (sums[0], sums[1]), atom.at)
    return atom


def in_money(linear: Linear) -> Linear:
    """The sum with what a choice is multiplied by taken into its parts: so units become money."""
    plain = Fraction(1)
    known: dict[tuple[Linear, Fraction], Linear] = {}
    remade: dict[tuple[Atom, Fraction], Atom] = {}

    def made(atom: Atom, times: Fraction) -> Atom:
        again = remade.get((atom, times))
        if again is None:
            again = remade[atom, times] = rebuilt(atom, tuple(of(part, times) for part in inside(atom)))
        return again

    def of(one: Linear, times: Fraction) -> Linear:
        again = known.get((one, times))
        if again is None:
            total: dict[Atom, Fraction] = {}
            for atom, each in one.terms:
                factor = each if times == 1 else each * times
                if isinstance(atom, Count):
                    add(total, atom, factor)
                elif isinstance(atom, Choice | IfMeasured):
                    add(total, made(atom, abs(factor)), plain if factor > 0 else -plain)
                else:
                    add(total, made(atom, plain), factor)
            again = known[one, times] = Linear(one.constant * times, tuple(total.items()))
        return again

    return of(linear, plain)


def atoms(linear: Linear) -> Iterator[Atom]:
    """Every atom in a sum, at any depth, each once and after those that it is made of."""
    seen: set[Atom] = set()
    stack = [(atom, False) for atom, _ in reversed(linear.terms)]
    while stack:
        atom, ready = stack.pop()
        if atom in seen:
            continue
        if ready:
            seen.add(atom)
            yield atom
            continue
        stack.append((atom, True))
        stack.extend(
            (inner, False) for linear in reversed(inside(atom)) for inner, _ in reversed(linear.terms)
        )


def value(linear: Linear, quantities: Mapping[Key, Fraction]) -> Fraction:
    """What a sum comes to, exactly; absent quantities are 0."""
    known: dict[Atom, Fraction] = {}

    def of(one: Linear) -> Fraction:
        return sum((factor * known[atom] for atom, factor in one.terms), one.constant)

    for atom in atoms(linear):
        match atom:
            case Count():
                known[atom] = _count(atom, quantities)
            case Choice(way, parts):
                known[atom] = min(map(of, parts)) if way == "min" else max(map(of, parts))
            case Rounded(inner, grain, way, over=()):
                known[atom] = money.round_to(of(inner), grain, way)
            case Rounded(inner, grain, way, over=over):
                known[atom] = sum(
                    (money.round_to(value(moved(inner, days), quantities), grain, way) for days in over),
                    Fraction(0),
                )
            case Parts(whole, weights, taken, grain):
                split = money.split(of(whole), [of(weight) for weight in weights], grain)
                known[atom] = sum((split[index] for index in taken), Fraction(0))
            case Chosen(on, ranges, parts):
                at = of(on)
                known[atom] = next(
                    of(linear) for held, linear in zip(ranges, parts, strict=True) if at in held
                )
            case IfMeasured(counts, parts):
                measured = all(any(_counted(count, key) for key in quantities) for count in counts)
                known[atom] = of(parts[0] if measured else parts[1])
    return of(linear)


def _count(count: Count, quantities: Mapping[Key, Fraction]) -> Fraction:
    return sum((number for key, number in quantities.items() if _counted(count, key)), Fraction(0))


def _counted(count: Count, key: Key) -> bool:
    """Whether a quantity is one of those counted."""
    days = key.segment.days
    return (
        (key.contract, key.metric) == (count.contract, count.metric)
        and count.band in ("", key.band)
        and count.days.start <= days.start
        and days.end <= count.days.end
    )


def moved(inner: Linear, days: Period) -> Linear:
    """A sum of counts with all of them in other days."""
    return Linear(
        inner.constant,
        tuple(
            (evolve(atom, days=days) if isinstance(atom, Count) else atom, factor)
            for atom, factor in inner.terms
        ),
    )
