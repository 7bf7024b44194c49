"""Formulas in words and pounds: `max(£110,200, £700 x Engagement)`. Source of the forms: formulas reference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from attrs import evolve

from sibdsl import money
from sibdsl.check.formulas.from_graph import PartyFormula
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
    fixed_shares,
)
from sibdsl.dates import Period
from sibdsl.english import between, listed
from sibdsl.model.nodes import Contract
from sibdsl.model.types import Interval
from sibdsl.price.step_words import meaning_said
from sibdsl.wording import counted_in, each


def alone(on: Linear, ranges: tuple[Interval, ...]) -> tuple[Linear, tuple[Interval, ...]]:
    """A choice that goes by so many of one thing and a constant, as one by that thing: `Reduction`, not `Reduction - 0.1`."""
    if len(on.terms) != 1:
        return on, ranges
    ((atom, factor),) = on.terms

    def moved(interval: Interval) -> Interval:
        low, high = (
            None if end is None else (end - on.constant) / factor for end in (interval.low, interval.high)
        )
        if factor > 0:
            return Interval(low, interval.low_in, high, interval.high_in)
        return Interval(high, interval.high_in, low, interval.low_in)

    return Linear(Fraction(0), ((atom, Fraction(1)),)), tuple(map(moved, ranges))


class Text:
    """One formula as text, in the contract's names."""

    def __init__(self, contract: Contract, formula: PartyFormula) -> None:
        self.contract = contract
        self.days = formula.days
        self.letters: Mapping[Atom, str] = formula.lettered()
        self._when: dict[Period, str] = {}

    def sum(self, linear: Linear) -> str:
        """A sum: what is added, then what is taken away."""
        terms = ordered(linear)
        if not terms:
            return self.money(Fraction(0))
        said = ""
        for atom, factor in terms:
            one = self.money(abs(factor)) if atom is None else self.term(atom, abs(factor))
            said += (f" - {one}" if said else f"-{one}") if factor < 0 else (f" + {one}" if said else one)
        return said

    def term(self, atom: Atom, factor: Fraction) -> str:
        """So much for each of something."""
        if isinstance(atom, Count):
            if atom.taken_of is not None and factor == 1:
                return self.count(atom)
            return f"{self.money(factor)} x {self.count(atom)}"
        said = self.atom(atom)
        return said if factor == 1 else f"{money.number(factor)} x {said}"

    def atom(self, atom: Atom) -> str:
        """Something counted or chosen, or the letter that stands for it."""
        return self.letters.get(atom) or self.written(atom)

    def written(self, atom: Atom) -> str:
        """Something counted or chosen, written out."""
        match atom:
            case Count():
                return self.count(atom)
            case Choice(way, parts):
                return f"{way}({', '.join(self.sum(part) for part in parts)})"
            case Rounded(inner, over=()):
                return f"round({self.sum(inner)})"
            case Rounded(inner, over=over):
                return f"sum over {each(self.contract, over, self.days)} of round({self.bare(inner)})"
            case Chosen(on, ranges, parts):
                on, ranges = alone(on, ranges)
                percent = self.is_share(on)
                ways = zip(ranges, parts, strict=True)
                pieces = "; ".join(
                    f"{self.sum(linear)} if {self.held(held, shares=percent)}" for held, linear in ways
                )
                return f"by {self.plain(on)} ({pieces})"
            case IfMeasured(counts, (then, other)):
                named = listed([self.count(count) for count in counts])
                are = "is" if len(counts) == 1 else "are"
                return f"({self.sum(then)} if {named} {are} measured; {self.sum(other)} if blank)"
            case Parts(whole, weights, taken) if fixed_shares(atom):
                share = sum((weights[one].constant for one in taken), Fraction(0))
                return f"{money.percent(share)} of ({self.sum(whole)})"
            case Parts(whole, weights, taken):
                which = " and ".join(str(one + 1) for one in taken)
                shares = " : ".join(self.sum(weight) for weight in weights)
                return (
                    f"part{'s' if len(taken) > 1 else ''} {which} of ({self.sum(whole)} shared by {shares})"
                )

    def plain(self, linear: Linear) -> str:
        """A sum of quantities without a sign of money."""
        return " + ".join(
            f"{'' if factor == 1 else f'{money.number(factor)} x '}{self.atom(atom)}"
            if atom
            else money.number(factor)
            for atom, factor in ordered(linear)
        ).replace("+ -", "- ")

    def is_share(self, on: Linear) -> bool:
        """Whether a choice goes by one metric that is a percentage."""
        kinds = {metric.name: metric.measures for metric in self.contract.every_metric}
        return len(on.terms) == 1 and any(
            isinstance(atom, Count)
            and atom.contract in ("", self.contract.name)
            and kinds.get(atom.metric) == "percentage"
            for atom, _ in on.terms
        )

    def held(self, held: Interval, *, shares: bool = False) -> str:
        """A range in words; `shares` have the sign of a percentage."""
        said = money.percent if shares else money.number
        if held.low is not None and held.low == held.high:
            return f"exactly {said(held.low)}"
        return between(held, said) or "anything else"

    def count(self, count: Count) -> str:
        """A metric, with the days it is counted in unless they are the formula's own."""
        name = " ".join(part for part in (count.metric, count.band) if part)
        taken_of = count.taken_of
        if taken_of is not None:
            lines = f"lines {_runs_said(count.lines)}" if count.lines else f"line {taken_of.line}"
            name = f"what is cut by {taken_of.cap} of {taken_of.payment}, {lines}"
        if count.contract not in ("", self.contract.name):
            name = f"{name} ({count.contract})"
        when = self.when(count.days)
        return f"{name} {when}" if when else name

    def bare(self, inner: Linear) -> str:
        """The sum of each of several periods, which are named outside of it."""
        (days,) = {atom.days for atom, _ in inner.terms if isinstance(atom, Count)}
        kept, self.days = self.days, days
        said = self.sum(inner)
        self.days = kept
        return said

    def when(self, days: Period) -> str:
        """Days in words, nothing for the formula's own."""
        if days not in self._when:
            self._when[days] = counted_in(self.contract, days, None)
        return "" if days == self.days else self._when[days]

    def money(self, amount: Fraction) -> str:
        """An exact amount, whole pounds without pennies."""
        return money.show_exact(amount, self.contract.currency)


def ordered(linear: Linear) -> list[tuple[Atom | None, Fraction]]:
    """The terms as they are read: what is added goes first, and among that the constant (as None)."""
    terms: list[tuple[Atom | None, Fraction]] = [(None, linear.constant)] if linear.constant else []
    terms += cuts_together(linear.terms)
    return [term for term in terms if term[1] > 0] + [term for term in terms if term[1] < 0]


def cuts_together(terms: Iterable[tuple[Atom, Fraction]]) -> list[tuple[Atom, Fraction]]:
    """The terms, with what one limit for each person cuts of several lines of a payment in one term."""
    found: dict[tuple[object, ...], tuple[Atom, Fraction, list[int]]] = {}
    for atom, factor in terms:
        taken_of = atom.taken_of if isinstance(atom, Count) else None
        if isinstance(atom, Count) and taken_of is not None:
            cut = atom.contract, taken_of.cap, taken_of.row, taken_of.payment, atom.days, factor
            found.setdefault(cut, (atom, factor, []))[2].append(taken_of.line)
        else:
            found[atom, factor] = atom, factor, []
    return [(_of_lines(atom, lines), factor) for atom, factor, lines in found.values()]


def _of_lines(atom: Atom, lines: list[int]) -> Atom:
    """What is cut of these lines, in one. Anything else stays what it is."""
    if len(lines) < 2 or not isinstance(atom, Count):
        return atom
    return evolve(atom, lines=tuple(sorted(lines)))


def _runs_said(lines: Sequence[int]) -> str:
    """`1 to 4 and 7`."""
    runs: list[list[int]] = []
    for line in lines:
        if runs and runs[-1][1] == line - 1:
            runs[-1][1] = line
        else:
            runs.append([line, line])
    return listed([str(first) if first == last else f"{first} to {last}" for first, last in runs])


def heading(formula: PartyFormula) -> str:
    """`CCG pays Working Well in 2016/17`."""
    return f"{formula.payer} pays {formula.payee} {formula.when}"


def said(contract: Contract, formula: PartyFormula) -> str:
    """The whole formula on one line, letters aside."""
    return Text(contract, formula).sum(formula.amount)


def letters(contract: Contract, formula: PartyFormula) -> list[tuple[str, str, str]]:
    """For each letter: what it stands for, and what the clause's step says of it ('' when nothing)."""
    text = Text(contract, formula)
    return [
        (name, text.written(atom), meaning_said(atom.meaning if isinstance(atom, (Choice, Chosen)) else None))
        for name, atom in formula.letters
    ]


def notes(contract: Contract, formulas: Iterable[PartyFormula]) -> list[str]:
    """What `round` and `shared by` mean, when a formula says them."""
    held = [atom for formula in formulas for atom in atoms(formula.amount)]
    code = contract.currency
    found = []
    rounding = contract.rounding
    if any(isinstance(atom, Rounded) for atom in held) and rounding.grain is not None:
        found.append(f"round: {rounding.way}, to whole {money.show_exact(rounding.grain, code)}")
    grain = money.show_exact(rounding.grain or money.currency(code).minor_unit, code)
    if any(isinstance(atom, Parts) and fixed_shares(atom) for atom in held):
        found.append(f"% of: in whole {grain}, what is left over by the largest remainder")
    if any(isinstance(atom, Parts) and not fixed_shares(atom) for atom in held):
        found.append(f"shared by: pro rata in whole {grain}, what is left over by the largest remainder")
    return found
