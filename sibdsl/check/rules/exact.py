"""A rule on actual payments, added up exactly: the word that every proof and counterexample is held against."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from sibdsl.check.rules.horizons import chosen, counted, speaks_of_payment
from sibdsl.check.rules.within import Ruled
from sibdsl.dates import Period
from sibdsl.diagnostics import NotGiven
from sibdsl.model.nodes import (
    Amount,
    Arithmetic,
    Both,
    Compare,
    Condition,
    Either,
    Extreme,
    MetricTotal,
    Not,
    Paid,
)
from sibdsl.price.graph import Graph, VerifiedQuantity
from sibdsl.price.selected_lines import counts


class NotTested(Exception):
    """The rule cannot be told for these quantities. `why` says why, in words."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


def side(
    ruled: Ruled,
    graph: Graph,
    values: Sequence[Fraction],
    amount: Amount,
    days: Period,
) -> Fraction:
    """What one side of a rule comes to in those days; `values` are what the graph's steps came to.

    What was not measured is nought. Raises NotTested where it divides by nought.
    """
    match amount:
        case Paid(selection):
            lines = chosen(ruled, graph, selection, days)
            return sum((counts(line) * values[line.amount] for line in lines), Fraction(0))
        case MetricTotal(metric, band):
            keys = set(counted(ruled, metric, band, days))
            steps = enumerate(graph.steps[: len(values)])
            mine = (
                values[at] for at, step in steps if isinstance(step, VerifiedQuantity) and step.key in keys
            )
            return sum(mine, Fraction(0))
        case Extreme(way, parts) if speaks_of_payment(amount):
            every = [side(ruled, graph, values, part, days) for part in parts]
            return min(every) if way == "lower" else max(every)
        case Arithmetic(op, left, right):
            a = side(ruled, graph, values, left, days)
            b = side(ruled, graph, values, right, days)
            match op:
                case "plus":
                    return a + b
                case "minus":
                    return a - b
                case "times":
                    return a * b
            if not b:
                raise NotTested("it divides by nought")
            return a / b
    try:
        return ruled.settings.number(amount)
    except ZeroDivisionError:
        raise NotTested("it divides by nought") from None
    except TypeError:
        raise NotTested("it compares what is no amount") from None
    except NotGiven as missing:
        raise NotTested(f"{missing.name} has not been given") from None


def met(
    ruled: Ruled,
    graph: Graph,
    values: Sequence[Fraction],
    condition: Condition,
    days: Period,
) -> bool:
    """Whether the rule's condition is met in those days. Raises NotTested."""

    def of(amount: Amount) -> Fraction:
        return side(ruled, graph, values, amount, days)

    match condition:
        case Compare(left, op, right):
            a, b = of(left), of(right)
            return {"=": a == b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[op]
        case Both(tests):
            return all(met(ruled, graph, values, amount, days) for amount in tests)
        case Either(tests):
            return any(met(ruled, graph, values, amount, days) for amount in tests)
        case Not(test):
            return not met(ruled, graph, values, test, days)
    raise NotTested("it asks what is no comparison of amounts")
