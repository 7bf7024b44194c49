"""Cliffs: places where one more result lowers what is paid.

Of rates for all units that fall, tables and lines that fall, and conditions that more of the paid results break. Source:
language reference, 'All-units rates and thresholds', 'Steps, and lines between points', 'Scales' and 'Conditions of payment'.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from attrs import frozen

from sibdsl.check.blocks import number
from sibdsl.check.greatest_payments import GreatestPayments
from sibdsl.diagnostics import Diagnostic, Label, NotGiven, Unpriceable
from sibdsl.english import grouped, short, with_unit
from sibdsl.model.nodes import (
    AllUnits,
    Amount,
    Both,
    Compare,
    Condition,
    Contract,
    Interpolated,
    MetricTotal,
    Payment,
    Point,
    Stepped,
    SteppedRow,
    ToDate,
    Value,
)
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.workings import metrics_of, own_parts
from sibdsl.price.builder import units_of
from sibdsl.source import Span
from sibdsl.wording import amount as amount_said
from sibdsl.wording import clause_title, each_time


def findings(contract: Contract, settings: Settings) -> Iterator[Diagnostic]:
    """Rates for all units that fall (SIB0860), tables and lines that fall (SIB0861), more that stops a payment (SIB0862)."""
    for payment in contract.payments:
        if payment.all_units is not None:
            yield from _all_units(contract, settings, payment, payment.all_units)
        yield from _stopped(contract, settings, payment)
    yield from _tables(contract, settings)


# ------------------------------------------------------------------ rates for all units


def _all_units(
    contract: Contract, settings: Settings, payment: Payment, term: AllUnits
) -> Iterator[Diagnostic]:
    """At the end of a tier all units so far pay more than those and one more at the next rate."""
    greatest = GreatestPayments.of_contract(contract, settings)
    most = greatest.quantity(term.metric, term.band, tuple(one.line.segment for one in greatest.lines))
    units = Fraction(0)
    for tier, following in pairwise(term.tiers):
        rate, lower = number(settings, tier.amount), number(settings, following.amount)
        try:
            size = units_of(tier, settings)
        except (NotGiven, Unpriceable, TypeError, ZeroDivisionError):
            return
        if rate is None or lower is None or size is None:
            return
        units += size
        before, after = units * rate, (units + 1) * lower
        if after >= before or (most is not None and most.amount < units + 1):
            continue
        again = f" and nothing more until there are {before // lower + 1:,}" if lower > 0 else ""
        name = f"{term.metric} {term.band}".strip()
        lost = short(before - after, contract.currency)
        yield Diagnostic(
            "SIB0860",
            f"One more {name} lowers what is paid by {lost}: {grouped(units)} come to {short(before, contract.currency)}, {grouped(units + 1)} to "
            f"{short(after, contract.currency)} {each_time(term.scope)}. Where the {grouped(units)} were paid in an earlier statement "
            f"nothing is taken back,{again or ' and nothing more is ever paid'}.",
            following.amount.span,
            clause_title("payment", payment.name, payment.clause),
            f"for all of them, from {grouped(units + 1)} on",
            "If the lower rate is for the further ones alone, write `tiers` in place of `all-units rates`. If the parties want the "
            "fall, leave it.",
            (Label(tier.amount.span, f"{short(rate, contract.currency)} for each up to {grouped(units)}"),),
            "warning",
        )
        return


# ------------------------------------------------------------------ tables of steps, and lines between points


@frozen
class _Point:
    """What a row of a table comes to, and how its place is said."""

    amount: Fraction
    span: Span
    at: str


def _tables(contract: Contract, settings: Settings) -> Iterator[Diagnostic]:
    told: set[Span] = set()
    for title, amount, pays in _written(contract):
        for part in own_parts(amount):
            if not isinstance(part, Stepped | Interpolated) or part.span in told:
                continue
            told.add(part.span)
            points = _points(settings, part, contract.currency)
            falls = next(((a, b) for a, b in pairwise(points) if b.amount < a.amount), None)
            rises = any(b.amount > a.amount for a, b in pairwise(points))
            if falls is not None and (rises or (pays and part is amount)):
                yield _falls(contract, title, part, *falls, both=rises)


def _written(contract: Contract) -> Iterator[tuple[str, Amount, bool]]:
    """The amounts in which a table may stand, each with its clause, and whether it is what a payer pays for results.

    What is paid back falls as results rise, where it should.
    """
    commissioners = {
        party.name
        for party in contract.parties
        if {"commissioner", "co-commissioner"}.intersection(party.roles)
    }
    for block in contract.workings:
        for step in block.steps:
            yield clause_title("workings", block.name, block.clause), step.amount, False
    for derived in contract.derived:
        yield clause_title("metric", derived.name, derived.clause), derived.formula, False
    for payment in contract.payments:
        for term in (payment.formula, payment.to_date):
            if term is not None:
                pays = term.payee not in commissioners
                yield clause_title("payment", payment.name, payment.clause), term.amount, pays


def _points(settings: Settings, table: Stepped | Interpolated, currency: str) -> list[_Point]:
    """The amounts of a table in the order of what it goes by, those that are known."""
    found: list[_Point] = []
    for row in table.rows if isinstance(table, Stepped) else table.points:
        amount = number(settings, row.amount)
        if amount is not None:  # the others can still fall
            found.append(_Point(amount, row.amount.span, _place(settings, table, row, currency)))
    if isinstance(table, Interpolated) and found and not table.flat_above and found[-1].amount > 0:
        found.append(_Point(Fraction(0), table.points[-1].span, "beyond the last point"))
    return found


def _place(settings: Settings, table: Stepped | Interpolated, row: SteppedRow | Point, currency: str) -> str:
    """For what a row stands: `from 60%`, `at 50`, `below 40%`."""
    word = "at"
    end: Amount | None = None
    match row:
        case Point(at=at):
            end = at
        case SteppedRow(holds=holds) if holds.low is not None:
            word, end = ("from" if holds.low_in else "above"), holds.low
        case SteppedRow(holds=holds) if holds.high is not None:
            word, end = ("up to" if holds.high_in else "below"), holds.high
    if end is None:
        return "everywhere"
    value = number(settings, end)
    said = (
        amount_said(end, currency, total="") if value is None else with_unit(value, table.by.kind, currency)
    )
    return f"{word} {said}"


def _falls(
    contract: Contract, title: str, table: Stepped | Interpolated, above: _Point, below: _Point, *, both: bool
) -> Diagnostic:
    by = amount_said(table.by, contract.currency, total="")
    high, low = (with_unit(point.amount, table.kind, contract.currency) for point in (above, below))
    shape = "rises and then falls" if both else "falls all the way"
    return Diagnostic(
        "SIB0861",
        f"More {by} lowers what it comes to: {high} {above.at}, and {low} {below.at}. The table {shape} as {by} rises.",
        below.span,
        title,
        f"less than the {high} before it",
        f"If more {by} is to earn more, figures may have been exchanged: write those that were agreed. If less of it is better, or "
        "the fall is wanted, leave it.",
        (Label(above.span, f"{high} {above.at}"),) if above.span != below.span else (),
        "warning" if both else "note",
    )


# ------------------------------------------------------------------ more that stops a payment


def _stopped(contract: Contract, settings: Settings, payment: Payment) -> Iterator[Diagnostic]:
    """A condition that more of what the payment pays for breaks, and no other payment begins there."""
    earning = {name for term in payment.terms for name in metrics_of(contract, term)}
    for when in payment.conditions:
        for test in _tests(when.condition):
            side = _upper(test)
            if side is None or side.metric not in earning or isinstance(payment.to_date, ToDate):
                continue
            if _taken_up(contract, payment, side.metric):
                continue
            limit = number(settings, test.right if test.left is side else test.left)
            if limit is None:
                continue
            name = f"{side.metric} {side.band}".strip()
            yield Diagnostic(
                "SIB0862",
                f"One more {name} may lower what is paid to nothing: {payment.name} pays for {name}, and only while there are no more "
                f"than {grouped(limit)}.",
                test.span,
                clause_title("payment", payment.name, payment.clause),
                "more of what is paid for breaks it",
                f"If further {name} are to pay nothing while the others stay paid, limit the units: a tier for the first {grouped(limit)}, and "
                "nothing for further ones. If the fall is wanted, leave it.",
                severity="warning",
            )


def _tests(condition: Condition) -> Iterator[Compare]:
    match condition:
        case Compare():
            yield condition
        case Both(tests=tests):
            for test in tests:
                yield from _tests(test)
        case _:
            return


def _side(test: Compare, way: Literal["upper", "lower"]) -> MetricTotal | None:
    """The metric that a comparison bounds on that side by a number; None where it bounds none there."""
    smaller, larger = ("<", "<="), (">", ">=")
    left, right = (smaller, larger) if way == "upper" else (larger, smaller)
    if isinstance(test.left, MetricTotal) and test.op in left and not isinstance(test.right, MetricTotal):
        return test.left
    if isinstance(test.right, MetricTotal) and test.op in right and isinstance(test.left, Value):
        return test.right
    return None


def _upper(test: Compare) -> MetricTotal | None:
    return _side(test, "upper")


def _taken_up(contract: Contract, payment: Payment, metric: str) -> bool:
    """Whether another payment pays only if there are more of the metric."""
    return any(
        (side := _side(test, "lower")) is not None and side.metric == metric
        for other in contract.payments
        if other is not payment
        for when in other.conditions
        for test in _tests(when.condition)
    )
