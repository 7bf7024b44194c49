"""Conditions of payment on quantities, and what is not paid because it was not measured.

Source: language reference, 'Conditions of payment' and 'Measured'.
"""

from __future__ import annotations

from fractions import Fraction

from sibdsl.dates import Period
from sibdsl.model.nodes import Both, Compare, Condition, Either, Not, PaidWhen, Payment
from sibdsl.model.periods import Segment, occasions
from sibdsl.model.types import Interval
from sibdsl.price.builder import Builder
from sibdsl.price.graph import Choose, Constant, Known, Quantity

_RANGES: dict[str, tuple[tuple[Interval, bool], ...]] = {
    ">=": ((Interval(Fraction(0), True), True), (Interval(high=Fraction(0)), False)),
    ">": ((Interval(Fraction(0), False), True), (Interval(high=Fraction(0), high_in=True), False)),
    "<=": ((Interval(high=Fraction(0), high_in=True), True), (Interval(Fraction(0), False), False)),
    "<": ((Interval(high=Fraction(0)), True), (Interval(Fraction(0), True), False)),
    "=": (
        (Interval(high=Fraction(0)), False),
        (Interval(Fraction(0), True, Fraction(0), True), True),
        (Interval(Fraction(0), False), False),
    ),
}


def paid(builder: Builder, payment: Payment, segment: Segment, amount: int) -> int:
    """The amount where every condition of payment is met and all that it rests on was measured; else nought.

    Raises Unmeasured where a condition reads a metric that has not been measured by then.
    """
    for one in payment.conditions:
        amount = _if(
            builder, one.condition, amount, builder.graph.constant(Fraction(0)), _days(builder, one, segment)
        )
    return known(builder, amount)


def known(builder: Builder, amount: int) -> int:
    """The amount where everything measured that it rests on is there; else nought."""
    steps = (builder.graph.steps[one] for one in builder.graph.behind(amount))
    keys = tuple(
        sorted(
            step.key
            for step in steps
            if isinstance(step, Quantity) and builder.metrics[step.key.metric].measured is not None
        )
    )
    if not keys or isinstance(builder.graph.steps[amount], Constant):
        return amount
    return builder.graph.add(Known((amount,), keys))


def _days(builder: Builder, one: PaidWhen, segment: Segment) -> Period:
    """The days that a condition counts: of its scope, up to the end of the statement period."""
    contract = builder.contract
    if one.scope is None:
        return Period(contract.payment_period.start, segment.statement.end)
    held = next((days for days in occasions(contract, one.scope) if segment.days.start in days), None)
    if held is None:
        return Period(segment.days.start, segment.days.end)
    return Period(held.start, min(held.end, segment.statement.end))


def _if(builder: Builder, condition: Condition, then: int, other: int, days: Period) -> int:
    """One step where the condition is met, the other where it is not."""
    match condition:
        case Compare(left, op, right):
            graph = builder.graph
            gap = graph.less(builder.worked(left, days), [builder.worked(right, days)], "less the limit")
            ranges = _RANGES[op]
            branches = tuple(then if met else other for _, met in ranges)
            return graph.add(
                Choose((gap, *branches), tuple(one for one, _ in ranges), "condition of payment")
            )
        case Both(tests):
            for test in reversed(tests):
                then = _if(builder, test, then, other, days)
            return then
        case Either(tests):
            for test in reversed(tests):
                other = _if(builder, test, then, other, days)
            return other
        case Not(test):
            return _if(builder, test, other, then, days)
    raise TypeError(type(condition).__name__)
