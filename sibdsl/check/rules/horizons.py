"""When a rule is tested: the stretches of days of each horizon, and the sides of the rule in one of them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Literal

from attrs import frozen

from sibdsl.check.rules.affine import Affine, Forms, added
from sibdsl.check.rules.within import ContractsTogether, Ruled
from sibdsl.dates import Calendar, Period, statement_periods, year_name, year_start, years_of
from sibdsl.diagnostics import NotGiven
from sibdsl.model.nodes import (
    Amount,
    Arithmetic,
    Both,
    Compare,
    Condition,
    Contract,
    Either,
    Extreme,
    MetricTotal,
    Not,
    Paid,
    Rule,
    Selection,
)
from sibdsl.model.periods import statements, taken_last
from sibdsl.price.cap_limits import time_of_all
from sibdsl.price.graph import Graph, Greatest, Key, Least, Line, Scale, VerifiedQuantity
from sibdsl.price.selected_lines import counts, covers


class BeyondLinear(Exception):
    """The rule is beyond linear arithmetic. `why` says how, in words."""

    def __init__(self, why: str = "it multiplies or divides payments by one another") -> None:
        self.why = why
        super().__init__(why)


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
    """The occasions on which a contract's rule is tested, in order."""
    return _horizons(contract.payment_period, contract.years_begin, statements(contract), rule)


def occasions_of(together: ContractsTogether, owner: str | None, rule: Rule) -> tuple[Horizon, ...]:
    """The same of a contract's rule, or of the programme's own (None): its years, from the first day of any contract to the last."""
    if owner is not None:
        return horizons(together.terms[owner], rule)
    whole = time_of_all(list(together.terms.values()))
    return _horizons(whole, together.programme.years_begin, (), rule)


def _horizons(
    whole: Period, years_begin: tuple[int, int], every_statement: tuple[Period, ...], rule: Rule
) -> tuple[Horizon, ...]:
    match rule.tested:
        case "in each year":
            return tuple(
                Horizon(year, f"in {year_name(year_start(year.start, years_begin))}")
                for year in years_of(whole, years_begin)
            )
        case "in each quarter" | "in each month":
            calendar: Calendar = "quarterly" if rule.tested == "in each quarter" else "monthly"
            every = statement_periods(whole, calendar, years_begin)
            return tuple(Horizon(days, f"in {_claim(days)}") for days in every)
        case "in each claim" | "in each period":
            return tuple(Horizon(statement, f"in {_claim(statement)}") for statement in every_statement)
        case "to date in each claim":
            return tuple(
                Horizon(Period(whole.start, statement.end), f"to date at {_claim(statement)}")
                for statement in every_statement
            )
        case "in one period" if rule.days is not None:
            return (Horizon(rule.days, f"in {_claim(rule.days)}"),)
    return (Horizon(whole, "at final account"),)


def _claim(days: Period) -> str:
    from sibdsl.dates import months_name

    return months_name(days)


def chosen(ruled: Ruled, graph: Graph, selection: Selection, days: Period) -> list[Line]:
    """The lines of the contracts that a rule speaks of, which a selection chooses in those days.

    Block payments are block advances, whole; their unearned part is that less what fees have met of them.
    """
    lines: list[Line] = []
    for line in graph.lines:
        terms = ruled.of(line.contract)
        if terms is None:
            continue
        if not (days.start <= line.segment.days.start and line.segment.days.end <= days.end):
            continue
        if selection.kind == "unearned block" and line.kind == "set_off":
            if covers(terms.contract, ruled.settings, _any_kind(selection), line):
                lines.append(line)
        elif covers(terms.contract, ruled.settings, selection, line):
            lines.append(line)
    return lines


def _any_kind(selection: Selection) -> Selection:
    from attrs import evolve

    return evolve(selection, kind="all", payments=(), metrics=(), metric_kinds=())


class AffineSides:
    """The two sides of a rule's comparisons in one horizon, as affine forms."""

    def __init__(self, ruled: Ruled, forms: Forms) -> None:
        self.ruled = ruled
        self.forms = forms

    def formula(self, condition: Condition, days: Period) -> Formula:
        """The rule's condition in those days. Raises BeyondLinear."""
        match condition:
            case Compare(left, op, right):
                form = self._form(left, days).plus(self._form(right, days), Fraction(-1))
                return Test(self.forms.whole_parts(form), op)
            case Both(tests):
                return Every(tuple(self.formula(amount, days) for amount in tests))
            case Either(tests):
                return Some(tuple(self.formula(amount, days) for amount in tests))
            case Not(test):
                return No(self.formula(test, days))
        raise BeyondLinear("it asks what is no comparison of amounts")

    def _form(self, amount: Amount, days: Period) -> Affine:
        match amount:
            case Paid(selection):
                lines = chosen(self.ruled, self.forms.graph, selection, days)
                return added((Fraction(counts(line)), self.forms.of(line.amount)) for line in lines)
            case MetricTotal(metric, band):
                keys = counted(self.ruled, metric, band, days)
                return added(
                    (Fraction(1), self.forms.of(self.forms.graph.add(VerifiedQuantity(key)))) for key in keys
                )
            case Extreme() if speaks_of_payment(amount):
                return self.forms.of(self._step(amount, days))
            case Arithmetic(op, left, right) if speaks_of_payment(amount):
                a, b = self._form(left, days), self._form(right, days)
                return _carried_out(op, a, b)
        return Affine(self._number(amount))

    def _step(self, amount: Amount, days: Period) -> int:
        """An amount as a step of the graph, where the least or greatest of several is taken."""
        graph = self.forms.graph
        match amount:
            case Extreme(way, parts) if speaks_of_payment(amount):
                steps = tuple(self._step(part, days) for part in parts)
                return graph.add(Least(steps) if way == "lower" else Greatest(steps))
        form = self._form(amount, days)
        terms = [graph.add(Scale((atom,), factor)) for atom, factor in form.terms.items()]
        return graph.total([graph.constant(form.constant), *terms])

    def _number(self, amount: Amount) -> Fraction:
        try:
            return self.ruled.settings.number(amount)
        except ZeroDivisionError:
            raise BeyondLinear("it divides by nought") from None
        except TypeError:
            raise BeyondLinear("it compares what is no amount") from None
        except NotGiven as missing:
            raise BeyondLinear(f"{missing.name} has not been given") from None


def _carried_out(op: str, a: Affine, b: Affine) -> Affine:
    """The sum, difference, product or quotient of two forms. Raises BeyondLinear."""
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
    if op == "divided by" and not b.terms:
        raise BeyondLinear("it divides by nought")
    raise BeyondLinear


def counted(ruled: Ruled, name: str, band: str, days: Period) -> tuple[Key, ...]:
    """The quantities that a metric's total over those days is made of: one in each segment and band.

    Of a metric that does not add up, the one that was measured last in them; none where it is not measured.
    """
    (terms,) = ruled.contracts  # a programme's rule speaks of no metric
    contract = terms.contract
    metric = next(one for one in contract.every_metric if one.name == name)
    if metric.measured is not None:
        taken = taken_last(contract, metric.measured, terms.segments, days)
        return () if taken is None else (Key(taken[1], name, band, terms.key),)
    bands = [each.name for one in contract.bands if one.name == metric.bands for each in one.bands] or [""]
    return tuple(
        Key(segment, name, other_band, terms.key)
        for segment in terms.segments
        if days.start <= segment.days.start and segment.days.end <= days.end
        for other_band in bands
        if band in ("", other_band)
    )


def speaks_of_payment(amount: Amount) -> bool:
    """Whether payments or quantities stand in the amount."""
    match amount:
        case Paid() | MetricTotal():
            return True
        case Arithmetic(left=left, right=right):
            return speaks_of_payment(left) or speaks_of_payment(right)
        case Extreme(parts=parts):
            return any(speaks_of_payment(part) for part in parts)
    return False


def sides_of(condition: Condition) -> Iterator[Amount]:
    """Both sides of every comparison in a rule, and all that they are made of."""
    match condition:
        case Compare(left=left, right=right):
            stack = [right, left]
            while stack:
                amount = stack.pop()
                yield amount
                if isinstance(amount, Arithmetic):
                    stack += [amount.right, amount.left]
                elif isinstance(amount, Extreme):
                    stack += reversed(amount.parts)
        case Both(tests=tests) | Either(tests=tests):
            for test in tests:
                yield from sides_of(test)
        case Not(test=test):
            yield from sides_of(test)
