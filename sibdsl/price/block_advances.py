"""Block advances: what is paid on their days, and what of it is owed back in the end.

What they meet of fees is in `set_off`. Source of the rules: language reference, 'Block advances'.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from sibdsl import money
from sibdsl.dates import Period, statement_periods
from sibdsl.model.nodes import Advance, BlockAdvance
from sibdsl.model.novated_parties import party_on
from sibdsl.model.periods import Segment, occasions, year_of
from sibdsl.price.builder import Builder, inside, not_below_nought
from sibdsl.price.graph import Line
from sibdsl.price.provenance import (
    AmountOf,
    PaidInAdvance,
    Purpose,
    Recovered,
    WholeUnits,
)
from sibdsl.price.set_off import AdvanceBeingMet, whole_units
from sibdsl.price.shared_payments import fixed_part


def blocks_of(builder: Builder) -> list[AdvanceBeingMet]:
    """Every block advance of a contract, in the order of the clauses and of their rows.

    A clause that was replaced by one of the same rows is one clause still: its rows keep their order.
    """
    placed: list[tuple[int, int, AdvanceBeingMet]] = []
    latest: dict[str, tuple[int, BlockAdvance]] = {}
    for at, rule in enumerate(builder.contract.advances):
        first, before = latest.get(rule.name, (at, rule))
        place = first if before.advances == rule.advances else at
        latest[rule.name] = place, rule
        placed += [
            (place, row, _block(builder, rule, advance))
            for row, advance in enumerate(rule.advances)
            if rule.applies.on_line(_only(day := builder.settings.day(advance.paid_on)), day)
        ]
    return [block for _, _, block in sorted(placed, key=lambda placed_block: placed_block[:2])]


def _only(day: date) -> Period:
    return Period(day, day + timedelta(days=1))


def _block(builder: Builder, rule: BlockAdvance, advance: Advance) -> AdvanceBeingMet:
    amount = _amount(builder, advance)
    days = _scope_days(builder, advance)
    step = builder.graph.constant(amount, AmountOf(rule.name))
    usable, worth = step if days else None, amount
    if days and builder.settings.value(rule.basis) == "in units":
        worth = whole_units(builder, advance, amount)
        usable = builder.graph.constant(worth, WholeUnits(rule.name))
    quarters: tuple[Period, ...] = ()
    paid = builder.contract.payment_period
    goes_on = rule.unused == "carried forward"
    if days and rule.pace == "in equal quarters":
        within = Period(max(days.start, paid.start), min(days.end, paid.end))
        quarters = statement_periods(within, "quarterly", builder.contract.years_begin)
    day = builder.settings.day(advance.paid_on)
    return AdvanceBeingMet(advance, rule, step, day, days, usable, goes_on, quarters=quarters, worth=worth)


def _amount(builder: Builder, advance: Advance) -> Fraction:
    rounding = builder.contract.rounding
    amount = not_below_nought(builder.settings.number(advance.amount), "A block advance", advance.span)
    if rounding.grain:
        amount = money.round_to(amount, rounding.grain, rounding.way)
    if advance.shares is not None:
        amount = fixed_part(advance.shares, advance.payer, amount, builder.settings, builder.grain)
    return amount


def _scope_days(builder: Builder, advance: Advance) -> Period | None:
    """The days whose fees the block meets; a scope of 'each' year is the one that holds the day it is paid on."""
    if advance.scope is None or not advance.against:
        return None
    day = builder.settings.day(advance.paid_on)
    if advance.scope.over == "each year":
        return year_of(builder.contract, day)
    times = occasions(builder.contract, advance.scope)
    return next((days for days in times if day in days or len(times) == 1), None)


def advance_line(builder: Builder, block: AdvanceBeingMet, segment: Segment) -> Line:
    """The line that pays the block, in the segment that holds its day."""
    return Line(
        "advance",
        segment,
        block.advance.payer,
        block.advance.payee,
        block.rule.clause,
        block.rule.name,
        "",
        "",
        None,
        None,
        block.amount,
        block.rule.name,
        due=block.paid_on,
        agent=block.rule.agent,
        contract=builder.name,
        span=block.advance.span,
        provenance=PaidInAdvance(block.rule, block.advance),
    )


def owed_back(builder: Builder, block: AdvanceBeingMet) -> Line | None:
    """What the payee owes back at the end of the block's time: what met no fees. None where nothing is."""
    if block.rule.unused != "recoverable" or block.days is None:
        return None
    segment = max(builder_segment for builder_segment in builder.segments if _ends_in(block, builder_segment))
    graph, advance = builder.graph, block.advance
    met = [block.met] if block.met is not None else []
    unused = graph.less(block.amount, met, Purpose.UNUSED_OF_BLOCK)
    payer, payee = (
        party_on(builder.contract, party, segment.days.last) for party in (advance.payee, advance.payer)
    )
    return Line(
        "recovered", segment, payer, payee, block.rule.clause, block.rule.name, "", "", None, None, unused,
        block.rule.name, contract=builder.name, span=advance.span, provenance=Recovered(block.rule, advance),
    )  # fmt: skip


def _ends_in(block: AdvanceBeingMet, segment: Segment) -> bool:
    """Whether a segment lies in the block's time, or holds the day on which it is paid."""
    return (block.days is not None and inside(segment.days, block.days)) or block.paid_on in segment.days
