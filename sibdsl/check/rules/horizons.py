"""When a rule is tested: the stretches of days of each horizon, and the sides of the rule in one of them."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from attrs import frozen

from sibdsl.check.rules.affine import Affine, Forms, added
from sibdsl.dates import Calendar, Period, statement_periods, year_name, years_of
from sibdsl.model.nodes import (
    Amount,
    Arithmetic,
    Both,
    Compare,
    Condition,
    Contract,
    Either,
    MetricTotal,
    Not,
    Paid,
    Rule,
    Selection,
)
from sibdsl.model.periods import statements
from sibdsl.model.settings import Settings
from sibdsl.price.graph import Graph, Key, Line, Quantity
from sibdsl.price.select import counts, covers


class BeyondLinear(Exception):
    """The rule multiplies or divides payments by one another: beyond linear arithmetic."""


@frozen
class Horizon:
    """One occasion on which a rule is tested."""

    days: Period
    said: str


@frozen
class Test:
    """`form` compared with nought."""

    form: Affine
    op: Literal["=", "<", "<=", ">", ">="]


@frozen
class Every:
    """All of the parts hold."""

    parts: tuple[Formula, ...]


@frozen
class Some:
    """At least one of the parts holds."""

    parts: tuple[Formula, ...]


@frozen
class No:
    """The part does not hold."""

    part: Formula


Formula = Test | Every | Some | No


def horizons(contract: Contract, rule: Rule) -> tuple[Horizon, ...]:
    """The occasions on which the rule is tested, in order."""
    whole = contract.payment_period
    match rule.tested:
        case "in each year":
            return tuple(
                Horizon(year, f"in {year_name(year.start)}") for year in years_of(whole, contract.years_begin)
            )
        case "in each quarter" | "in each month":
            calendar: Calendar = "quarterly" if rule.tested == "in each quarter" else "monthly"
            every = statement_periods(whole, calendar, contract.years_begin)
            return tuple(Horizon(one, f"in {_claim(one)}") for one in every)
        case "in each claim" | "in each period":
            return tuple(Horizon(one, f"in {_claim(one)}") for one in statements(contract))
        case "to date in each claim":
            return tuple(
                Horizon(Period(whole.start, one.end), f"to date at {_claim(one)}")
                for one in statements(contract)
            )
        case "in one period" if rule.days is not None:
            return (Horizon(rule.days, f"in {_claim(rule.days)}"),)
    return (Horizon(whole, "at final account"),)


def _claim(days: Period) -> str:
    from sibdsl.dates import months_name

    return months_name(days)


def chosen(
    contract: Contract, settings: Settings, graph: Graph, selection: Selection, days: Period
) -> list[Line]:
    """The lines that a selection speaks of in those days.

    Block payments are block advances, whole; their unearned part is that less what fees have met of them.
    """
    found: list[Line] = []
    for line in graph.lines:
        if not (days.start <= line.segment.days.start and line.segment.days.end <= days.end):
            continue
        if selection.kind == "unearned block" and line.kind == "set_off":
            if covers(contract, settings, _any_kind(selection), line):
                found.append(line)
        elif covers(contract, settings, selection, line):
            found.append(line)
    return found


def _any_kind(selection: Selection) -> Selection:
    from attrs import evolve

    return evolve(selection, kind="all", payments=(), metrics=(), metric_kinds=())


class Sides:
    """The two sides of a rule's comparisons in one horizon, as affine forms."""

    def __init__(self, contract: Contract, settings: Settings, forms: Forms) -> None:
        self.contract = contract
        self.settings = settings
        self.forms = forms

    def formula(self, condition: Condition, days: Period) -> Formula:
        """The rule's condition in those days. Raises BeyondLinear."""
        match condition:
            case Compare(left, op, right):
                form = self._form(left, days).plus(self._form(right, days), Fraction(-1))
                return Test(self.forms.whole_parts(form), op)
            case Both(tests):
                return Every(tuple(self.formula(one, days) for one in tests))
            case Either(tests):
                return Some(tuple(self.formula(one, days) for one in tests))
            case Not(test):
                return No(self.formula(test, days))
        raise BeyondLinear

    def _form(self, amount: Amount, days: Period) -> Affine:
        match amount:
            case Paid(selection):
                lines = chosen(self.contract, self.settings, self.forms.graph, selection, days)
                return added((Fraction(counts(line)), self.forms.of(line.amount)) for line in lines)
            case MetricTotal(metric, band):
                return self._count(metric, band, days)
            case Arithmetic(op, left, right) if _speaks_of_payment(amount):
                a, b = self._form(left, days), self._form(right, days)
                if op == "plus":
                    return a.plus(b)
                if op == "minus":
                    return a.plus(b, Fraction(-1))
                if op == "times" and not a.terms:
                    return b.times(a.constant)
                if op == "times" and not b.terms:
                    return a.times(b.constant)
                if op == "divided by" and not b.terms and b.constant:
                    return a.times(1 / b.constant)
                raise BeyondLinear
        return Affine(self.settings.number(amount))

    def _count(self, metric: str, band: str, days: Period) -> Affine:
        graph = self.forms.graph
        total = Affine()
        bands = next(one for one in self.contract.every_metric if one.name == metric).bands
        names = [each.name for one in self.contract.bands if one.name == bands for each in one.bands] or [""]
        for segment in graph.segments:
            if days.start <= segment.days.start and segment.days.end <= days.end:
                for name in names:
                    if band in ("", name):
                        number = graph.add(Quantity(Key(segment, metric, name)))
                        total = total.plus(Affine(Fraction(0), {number: Fraction(1)}))
        return total


def _speaks_of_payment(amount: Amount) -> bool:
    if isinstance(amount, (Paid, MetricTotal)):
        return True
    return isinstance(amount, Arithmetic) and (
        _speaks_of_payment(amount.left) or _speaks_of_payment(amount.right)
    )
