"""Sums over what is measured to date, which are paid again in each year on all that went before.

Source: language reference, 'Measured'.
"""

from __future__ import annotations

from collections.abc import Iterator

from sibdsl.diagnostics import Diagnostic, Label
from sibdsl.model.nodes import (
    Amount,
    AnyMetric,
    Arithmetic,
    Contract,
    Formula,
    Interpolated,
    MetricTotal,
    Stepped,
    Working,
)
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.periods import spans
from sibdsl.model.workings import every_part, parts, speaks_of_quantities, step_of
from sibdsl.wording import clause_title


def findings(contract: Contract, settings: Settings) -> Iterator[Diagnostic]:
    """A note on each payment of so much for each of what is measured to date, more than once (SIB0554).

    Quantities that only choose a step or a level are left alone, and so is a sum from which another quantity is taken off.
    """
    del settings
    every = {metric.name: metric for metric in contract.every_metric}
    for payment in contract.payments:
        term = payment.formula
        if term is None or len(spans(contract, term.measured)) < 2:
            continue
        names = [name for name in _quantities(contract, term.amount) if _to_date(every[name])]
        if not names or _less_a_quantity(contract, term.amount):
            continue
        each = _each(term)
        yield Diagnostic(
            "SIB0554",
            f"{payment.name} pays in each {each} on all of {names[0]} so far: what it paid for in one {each} it pays for again in "
            "every one that follows.",
            term.span,
            clause_title("payment", payment.name, payment.clause),
            "paid again each time",
            f"If each {each} is to pay for what came about in it, let {names[0]} be `measured in each {each}`. If it is to be "
            "paid one time, let it be `measured over the contract`.",
            labels=(Label(every[names[0]].span, "measured to date"),),
            severity="note",
        )


def _each(term: Formula) -> str:
    return term.measured.over.removeprefix("each ")


def _to_date(metric: AnyMetric) -> bool:
    return metric.measured is not None and metric.measured.to_date


def _less_a_quantity(contract: Contract, amount: Amount) -> bool:
    """Whether something counted is taken off in it, as what was paid for before may be."""
    return any(
        isinstance(part, Arithmetic) and part.op == "minus" and speaks_of_quantities(part.right)
        for part in every_part(contract, amount)
    )


def _quantities(contract: Contract, amount: Amount) -> Iterator[str]:
    """The metrics whose quantities themselves stand in an amount, and do not only choose a step or a level of it.

    Each working is gone through once, however many use it.
    """
    seen: set[str] = set()

    def within(amount: Amount) -> Iterator[str]:
        match amount:
            case MetricTotal(metric=metric):
                yield metric
            case Working(name):
                if name not in seen:
                    seen.add(name)
                    yield from within(step_of(contract, name))
            case Stepped(rows=rows):
                for row in rows:
                    yield from within(row.amount)
            case Interpolated(points=points):
                for point in points:
                    yield from within(point.amount)
            case _:
                for part in parts(amount):
                    yield from within(part)

    return within(amount)
