"""Rows of steps, scales and tiers that pay something and that no quantity can reach.

How far quantities go is asked of `model.admissible_quantities`: the size of a cohort, what implies what, the values of marks.
Source: design, section 5, tiers no admissible quantity reaches.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from sibdsl import wording
from sibdsl.check.blocks import number
from sibdsl.diagnostics import Diagnostic
from sibdsl.english import with_unit
from sibdsl.model.admissible_quantities.reach import ValueReach
from sibdsl.model.nodes import (
    AllUnits,
    Amount,
    Contract,
    MetricTotal,
    Payment,
    Stepped,
    SteppedRow,
    Tiered,
)
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.workings import amounts_of, own_parts
from sibdsl.source import Span
from sibdsl.wording import clause_title, is_nothing


def findings(contract: Contract, settings: Settings) -> Iterator[Diagnostic]:
    """Warnings on rows of tables of steps (SIB0826), and on tiers (SIB0827), that nothing reaches."""
    reach = ValueReach(contract, settings)
    told: set[Span] = set()
    for title, stepped in tables_of_steps(contract):
        for row in stepped.rows:
            finding = _row(contract, settings, reach, title, stepped, row)
            if finding is not None and finding.span not in told:
                told.add(finding.span)
                yield finding
    for payment in contract.payments:
        for term in payment.terms:
            if isinstance(term, Tiered | AllUnits):
                yield from _tiers(contract, settings, reach, payment, term)


def tables_of_steps(contract: Contract) -> Iterator[tuple[str, Stepped]]:
    """Every table of steps, of payments, workings and metrics, with its clause."""
    for block in contract.workings:
        scale = len(block.steps) == 1 and block.steps[0].name == block.name
        title = clause_title("scale" if scale else "workings", block.name, block.clause)
        for step in block.steps:
            yield from ((title, part) for part in own_parts(step.amount) if isinstance(part, Stepped))
    for metric in contract.derived:
        title = clause_title("metric", metric.name, metric.clause)
        yield from ((title, part) for part in own_parts(metric.formula) if isinstance(part, Stepped))
    for payment in contract.payments:
        title = clause_title("payment", payment.name, payment.clause)
        for term in payment.terms:
            for amount in amounts_of(contract, term):
                yield from ((title, part) for part in own_parts(amount) if isinstance(part, Stepped))


def _row(
    contract: Contract, settings: Settings, reach: ValueReach, title: str, stepped: Stepped, row: SteppedRow
) -> Diagnostic | None:
    if is_nothing(row.amount):
        return None  # it is there so that every value is held
    least, most = reach.bounds(stepped.by)
    low = None if row.holds.low is None else number(settings, row.holds.low)
    high = None if row.holds.high is None else number(settings, row.holds.high)
    name = wording.amount(stepped.by, contract.currency, total="")
    kind = _kind(stepped, row)
    if most is not None and low is not None and (low > most or (low == most and not row.holds.low_in)):
        why = reach.why(stepped.by)
        return _never(title, name, row.holds.span, f"at most {with_unit(most, kind, contract.currency)}", why)
    if least is not None and high is not None and (high < least or (high == least and not row.holds.high_in)):
        return _never(
            title, name, row.holds.span, f"at least {with_unit(least, kind, contract.currency)}", ""
        )
    return None


def _kind(stepped: Stepped, row: SteppedRow) -> str:
    """The kind in which the row is written: a quotient of two counts is a share where its steps are."""
    end = row.holds.low or row.holds.high
    return stepped.by.kind if end is None else end.kind


def _never(title: str, name: str, span: Span, side: str, why: str) -> Diagnostic:
    return Diagnostic(
        "SIB0826",
        f"This row never counts: {name} is always {side}{f', since {why}' if why else ''}.",
        span,
        title,
        f"{name} is always {side}",
        f"Write the value that is meant, or take the row out; one that pays nothing may stand, so that every {name} has a row.",
        severity="warning",
    )


def _tiers(
    contract: Contract, settings: Settings, reach: ValueReach, payment: Payment, term: Tiered | AllUnits
) -> Iterator[Diagnostic]:
    """The first tier that begins where no more units are left; none after it is reached either."""
    by: Amount = MetricTotal(term.metric, term.band)
    _, most = reach.bounds(by)
    if most is None:
        return
    before = Fraction(0)
    for tier in term.tiers:
        if before >= most and not is_nothing(tier.amount):
            yield _tier(
                contract, payment, term.metric, tier.span, before, most, reach.why(MetricTotal(term.metric))
            )
            return
        units = Fraction(tier.units) if tier.units is not None else None
        if tier.many is not None:
            units = number(settings, tier.many)
        if units is None:
            return
        before += units
    if isinstance(term, AllUnits) and term.threshold is not None:
        least = number(settings, term.threshold)
        if least is not None and least > most:
            yield _tier(
                contract,
                payment,
                term.metric,
                term.threshold.span,
                least,
                most,
                reach.why(MetricTotal(term.metric)),
            )


def _tier(
    contract: Contract, payment: Payment, metric: str, span: Span, before: Fraction, most: Fraction, why: str
) -> Diagnostic:
    del contract
    return Diagnostic(
        "SIB0827",
        f"There are never more than {int(most):,} {metric}{f', since {why}' if why else ''}: what is paid beyond {int(before):,} is never "
        "reached.",
        span if span.file else payment.span,
        clause_title("payment", payment.name, payment.clause),
        f"at most {int(most):,} {metric}",
        "Write the numbers that are meant, or take the tier out.",
        severity="warning",
    )
