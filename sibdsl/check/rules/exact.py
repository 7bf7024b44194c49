"""A rule on actual payments, added up exactly: the word that every proof and counterexample is held against."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from sibdsl.check.rules.horizons import chosen
from sibdsl.dates import Period
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
)
from sibdsl.model.settings import Settings
from sibdsl.price.graph import Graph, Quantity
from sibdsl.price.select import counts


def side(
    contract: Contract,
    settings: Settings,
    graph: Graph,
    values: Sequence[Fraction],
    amount: Amount,
    days: Period,
) -> Fraction:
    """What one side of a rule comes to in those days; `values` are what the graph's steps came to."""
    match amount:
        case Paid(selection):
            lines = chosen(contract, settings, graph, selection, days)
            return sum((counts(line) * values[line.amount] for line in lines), Fraction(0))
        case MetricTotal(metric, band):
            return sum(
                (
                    values[number]
                    for number, step in enumerate(graph.steps[: len(values)])
                    if isinstance(step, Quantity)
                    and step.key.metric == metric
                    and band in ("", step.key.band)
                    and days.start <= step.key.segment.days.start
                    and step.key.segment.days.end <= days.end
                ),
                Fraction(0),
            )
        case Arithmetic(op, left, right):
            a = side(contract, settings, graph, values, left, days)
            b = side(contract, settings, graph, values, right, days)
            match op:
                case "plus":
                    return a + b
                case "minus":
                    return a - b
                case "times":
                    return a * b
            return a / b
    return settings.number(amount)


def met(
    contract: Contract,
    settings: Settings,
    graph: Graph,
    values: Sequence[Fraction],
    condition: Condition,
    days: Period,
) -> bool:
    """Whether the rule's condition is met in those days."""

    def of(amount: Amount) -> Fraction:
        return side(contract, settings, graph, values, amount, days)

    match condition:
        case Compare(left, op, right):
            a, b = of(left), of(right)
            return {"=": a == b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[op]
        case Both(tests):
            return all(met(contract, settings, graph, values, one, days) for one in tests)
        case Either(tests):
            return any(met(contract, settings, graph, values, one, days) for one in tests)
        case Not(test):
            return not met(contract, settings, graph, values, test, days)
    raise TypeError(type(condition).__name__)
