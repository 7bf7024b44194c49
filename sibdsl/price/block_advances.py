"""Block advances: what is paid on their days, what they meet of fees day by day, and what is owed back.

Source of the rules: language reference, 'Block advances'.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from math import floor

from attrs import define, field

from sibdsl import money
from sibdsl.dates import Period, statement_periods
from sibdsl.model.nodes import Advance, BlockAdvance
from sibdsl.model.periods import Segment, occasions, year_of
from sibdsl.model.who_pays import rates_met
from sibdsl.price.apportionment import above_nought, take_set_off
from sibdsl.price.builder import Builder, Due, Unpriceable, inside, not_below_nought
from sibdsl.price.graph import Least, Line
from sibdsl.price.provenance import (
    AmountOf,
    BlockUse,
    PaidInAdvance,
    Purpose,
    QuartersBegun,
    Recovered,
    WholeUnits,
)
from sibdsl.price.shared_payments import fixed_part


@define(eq=False)
class Block:
    """One block advance on its way: how much of it has met fees so far."""

    advance: Advance
    rule: BlockAdvance
    amount: int
    paid_on: date
    days: Period | None
    usable: int | None
    #: Whether what met no fee of that time meets later ones.
    goes_on: bool = False
    earned: list[int] = field(factory=list)
    met: int | None = None
    #: The contract quarters of its time, where it is set off in as many equal parts; and what of it can meet fees.
    quarters: tuple[Period, ...] = ()
    worth: Fraction = Fraction(0)


def blocks_of(builder: Builder) -> list[Block]:
    """Every block advance of a contract, in the order of the clauses."""
    return [
        _block(builder, rule, advance)
        for rule in builder.contract.advances
        for advance in rule.advances
        if rule.applies.on_line(_only(day := builder.settings.day(advance.paid_on)), day)
    ]


def _only(day: date) -> Period:
    return Period(day, day + timedelta(days=1))


def _block(builder: Builder, rule: BlockAdvance, advance: Advance) -> Block:
    amount = _amount(builder, advance)
    days = _scope_days(builder, advance)
    step = builder.graph.constant(amount, AmountOf(rule.name))
    usable, worth = step if days else None, amount
    if days and builder.settings.value(rule.basis) == "in units":
        worth = _whole_units(builder, advance, amount)
        usable = builder.graph.constant(worth, WholeUnits(rule.name))
    quarters: tuple[Period, ...] = ()
    paid = builder.contract.payment_period
    goes_on = rule.unused == "carried forward"
    if days and rule.pace == "in equal quarters":
        within = Period(max(days.start, paid.start), min(days.end, paid.end))
        quarters = statement_periods(within, "quarterly", builder.contract.years_begin)
    day = builder.settings.day(advance.paid_on)
    return Block(advance, rule, step, day, days, usable, goes_on, quarters=quarters, worth=worth)


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


def _whole_units(builder: Builder, advance: Advance, amount: Fraction) -> Fraction:
    mine = rates_met(builder.contract, advance)
    if any(rate.payers.shares for rate in mine):
        raise Unpriceable(
            "A block set off in units needs payments that one payer pays alone: a part of a unit is no unit.",
            advance.span,
        )
    rates = {builder.settings.number(rate.amount) for rate in mine}
    if len(rates) != 1 or 0 in rates:
        raise Unpriceable(
            "A block set off in units needs one rate, above nought, in the payments that it is set against.",
            advance.span,
        )
    rate = rates.pop()
    return rate * floor(amount / rate)


def advance_line(builder: Builder, block: Block, segment: Segment) -> Line:
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


def set_off(builder: Builder, block: Block, day: date, fees: Sequence[Due]) -> None:
    """What the block meets of the fees that fall due on a day: the least of the block and the fees so far, less what it met.

    The fees of its time come first, also where later ones fall due on the same day. Of several fees it meets a part of each,
    pro rata. What is below nought it does not see.
    """
    if block.days is None or block.usable is None:
        return
    mine = [one for one in fees if _meets(block, one)]
    own = [one for one in mine if inside(one.line.segment.days, block.days)]
    later = [one for one in mine if one.line.segment.days.start >= block.days.end] if block.goes_on else []
    for together in (own, later):
        if together:
            _meet(builder, block, block.usable, day, together)


def _meet(builder: Builder, block: Block, usable: int, day: date, mine: Sequence[Due]) -> None:
    graph = builder.graph
    weights = [above_nought(graph, one) for one in mine]
    block.earned.extend(weights)
    so_far = graph.total(list(block.earned), Purpose.FEES_SO_FAR)
    before = [] if block.met is None else [block.met]
    if block.quarters:
        usable, now = _by_quarters(builder, block, day, weights, so_far)
    else:
        met = graph.add(Least((usable, so_far), Purpose.MET_SO_FAR))
        now = graph.less(met, before, Purpose.MET_NOW)
        block.met = met
    use = BlockUse(block.rule, block.advance, block.amount, usable, so_far, tuple(before))
    take_set_off(graph, use, mine, now)


def _meets(block: Block, due: Due) -> bool:
    line, advance = due.line, block.advance
    return (
        line.kind == "payment"
        and line.payment in advance.against
        and (line.payer, line.payee) == (advance.payer, advance.payee)
    )


def _by_quarters(builder: Builder, block: Block, day: date, due: list[int], so_far: int) -> tuple[int, int]:
    """The equal parts of the quarters begun, and what a block meets of what is due now.

    That is no more than these parts, less what it met before.
    """
    graph = builder.graph
    begun = sum(1 for one in block.quarters if one.start <= day)
    part = money.round_to(block.worth * begun / len(block.quarters), builder.grain, "down")
    ready = graph.constant(part, QuartersBegun(block.rule.name, begun, len(block.quarters)))
    before = [block.met] if block.met is not None else []
    room = graph.less(ready, before, Purpose.QUARTERS_LEFT)
    now = graph.add(Least((room, graph.total(due, Purpose.DUE_NOW), so_far), Purpose.MET_OF_QUARTERS))
    block.met = graph.total([*before, now], Purpose.MET_SO_FAR)
    return ready, now


def owed_back(builder: Builder, block: Block) -> Line | None:
    """What the payee owes back at the end of the block's time: what met no fees. None where nothing is."""
    if block.rule.unused != "recoverable" or block.days is None:
        return None
    segment = max(one for one in builder.segments if _ends_in(block, one))
    graph, advance = builder.graph, block.advance
    met = [block.met] if block.met is not None else []
    unused = graph.less(block.amount, met, Purpose.UNUSED_OF_BLOCK)
    return Line(
        "recovered", segment, advance.payee, advance.payer, block.rule.clause, block.rule.name, "", "", None, None, unused,
        block.rule.name, contract=builder.name, span=advance.span, provenance=Recovered(block.rule, advance),
    )  # fmt: skip


def _ends_in(block: Block, segment: Segment) -> bool:
    """Whether a segment lies in the block's time, or holds the day on which it is paid."""
    return (block.days is not None and inside(segment.days, block.days)) or block.paid_on in segment.days
