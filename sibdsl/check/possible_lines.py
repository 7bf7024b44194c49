"""Which lines of money a contract can have at all, whatever is counted: who pays whom for what in which days."""

from __future__ import annotations

from datetime import date

from attrs import frozen

from sibdsl.dates import Period
from sibdsl.diagnostics import NotGiven
from sibdsl.model.nodes import (
    Advance,
    AllUnits,
    BlockAdvance,
    Contract,
    Payment,
    Rate,
    Regular,
    Term,
    Tiered,
)
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.periods import Segment, pays_in, segments
from sibdsl.model.workings import metrics_of
from sibdsl.price.builder import payers_in
from sibdsl.price.graph import Line
from sibdsl.price.provenance import EarnedBy, PaidInAdvance
from sibdsl.wording import clause_title


@frozen
class Paying:
    """One term in one segment, as a line without an amount, and the payment that it belongs to."""

    payment: Payment
    rate: Term
    line: Line


def paying(contract: Contract) -> list[Paying]:
    """Every payment line that the contract can have."""
    # Once for each term: what a sum is made of may be far to follow, and a contract has many periods.
    metrics = {
        id(term): metrics_of(contract, term) for payment in contract.payments for term in payment.terms
    }
    return [
        Paying(payment, term, _line(metrics[id(term)], payment, term, segment, payer))
        for segment in segments(contract)
        for payment in contract.payments
        if payment.applies.on(segment.days)
        for term in payment.terms
        if isinstance(term, Regular) or pays_in(term, segment.days)
        for payer in payers_in(term.payers, segment)
    ]


def _line(metrics: tuple[str, ...], payment: Payment, rate: Term, segment: Segment, payer: str) -> Line:
    return Line(
        "payment",
        segment,
        payer,
        rate.payee,
        payment.clause,
        payment.name,
        metrics[0] if len(metrics) == 1 else "",
        rate.band if isinstance(rate, (Rate, Tiered, AllUnits)) else "",
        None,
        None,
        0,
        payment.name,
        metrics=metrics,
        span=rate.span,
        provenance=EarnedBy(payment, rate),
    )


@frozen
class Advanced:
    """One block advance with the line that it makes; `line` is None when its date is outside the payment period."""

    block: BlockAdvance
    advance: Advance
    day: date
    line: Line | None

    @property
    def clause(self) -> str:
        return clause_title("block advance", self.block.name, self.block.clause)


def advances(contract: Contract, settings: Settings) -> list[Advanced]:
    """Every block advance whose date is known."""
    blocks: list[Advanced] = []
    parts = segments(contract)
    for block in contract.advances:
        for advance in block.advances:
            day = day_of(settings, advance)
            if day is None:
                continue
            inside = next((part for part in parts if day in part.days), None)
            line = _advance_line(block, advance, day, inside) if inside else None
            blocks.append(Advanced(block, advance, day, line))
    return blocks


def _advance_line(block: BlockAdvance, advance: Advance, day: date, segment: Segment) -> Line:
    return Line(
        "advance",
        segment,
        advance.payer,
        advance.payee,
        block.clause,
        block.name,
        "",
        "",
        None,
        None,
        0,
        block.name,
        due=day,
        span=advance.span,
        provenance=PaidInAdvance(block, advance),
    )


def day_of(settings: Settings, advance: Advance) -> date | None:
    """When an advance is paid, or None while that has not been given."""
    try:
        return settings.day(advance.paid_on)
    except (NotGiven, TypeError):
        return None


def inside(part: Period, whole: Period) -> bool:
    """Whether all of `part` lies in `whole`."""
    return whole.start <= part.start and part.end <= whole.end
