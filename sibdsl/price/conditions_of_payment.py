"""Conditions of payment on quantities, and what is not paid because it was not measured.

Source: language reference, 'Conditions of payment' and 'Measured'.
"""

from __future__ import annotations

from fractions import Fraction

from sibdsl.dates import Period
from sibdsl.model.nodes import Both, Compare, Condition, Either, Not, PaidWhen, Payment
from sibdsl.model.periods import Segment, occasions
from sibdsl.model.types import Interval
from sibdsl.price.builder import Builder, Unmeasured
from sibdsl.price.graph import Choose
from sibdsl.price.provenance import Purpose

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

    What has not been measured by then is blank too.
    """
    nought = builder.graph.constant(Fraction(0))
    amount = builder.blanks.known(amount, amount, nought)
    for condition in payment.conditions:
        amount = whether(builder, condition, segment, (amount, nought, nought))
    return amount


def whether(builder: Builder, condition: PaidWhen, segment: Segment, ways: tuple[int, int, int]) -> int:
    """The first way where the condition is met by the end of the segment's statement period, the second where it is not.

    The third where a blank leaves it open.
    """
    return _if(builder, condition.condition, ways, _days(builder, condition, segment))


def _days(builder: Builder, condition: PaidWhen, segment: Segment) -> Period:
    """The days that a condition counts: of its scope, up to the end of the statement period."""
    contract = builder.contract
    if condition.scope is None:
        return Period(contract.payment_period.start, segment.statement.end)
    held = next((days for days in occasions(contract, condition.scope) if segment.days.start in days), None)
    if held is None:
        return Period(segment.days.start, segment.days.end)
    return Period(held.start, min(held.end, segment.statement.end))


def _if(builder: Builder, condition: Condition, ways: tuple[int, int, int], days: Period) -> int:
    """The first way where the condition is met, the second where it is not, the third where a blank leaves it open.

    One test that is met decides an `or`, one that is not an `and`, whatever the others are.
    """
    then, other, blank = ways

    def inner(test: Condition, *ways: int) -> int:
        return _if(builder, test, (ways[0], ways[1], ways[2]), days)

    match condition:
        case Compare(left, op, right):
            graph = builder.graph
            try:
                gap = graph.less(
                    builder.worked(left, days), [builder.worked(right, days)], Purpose.LESS_THE_LIMIT
                )
            except Unmeasured:
                return blank
            ranges = _RANGES[op]
            branches = tuple(then if met else other for _, met in ranges)
            found = Choose((gap, *branches), tuple(interval for interval, _ in ranges), Purpose.CONDITION)
            return builder.blanks.known(gap, graph.add(found), blank)
        case Both(tests):
            found_so_far = ways
            for test in reversed(tests):
                met, open_ = found_so_far[0], found_so_far[2]
                found_so_far = (
                    inner(test, met, other, open_), other, inner(test, open_, other, open_),
                )  # fmt: skip
            return found_so_far[0]
        case Either(tests):
            found_so_far = ways
            for test in reversed(tests):
                unmet, open_ = found_so_far[1], found_so_far[2]
                found_so_far = (then, inner(test, then, unmet, open_), inner(test, then, open_, open_))
            return found_so_far[1]
        case Not(test):
            return inner(test, other, then, blank)
    raise TypeError(type(condition).__name__)
