"""The model's payments, block advances and caps as a price graph.

Order within a segment: what is earned; what limits for each person take of it; what block advances meet; what caps cut
of the rest. Sources of the
rules: language reference, 'Payments', 'Block advances' and 'Caps'.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from math import floor

from attrs import define, field

from sibdsl import money
from sibdsl.dates import Period, statement_periods
from sibdsl.model.nodes import Advance, BlockAdvance, Contract
from sibdsl.model.periods import Segment, occasions, segments, year_of
from sibdsl.model.settings import Settings
from sibdsl.price.builder import Builder, Due, Unpriceable, begin, inside, not_below_nought
from sibdsl.price.capping import (
    brought_forward,
    cut,
    find_contained,
    limits_of,
    mark_alone,
    note,
    taken_over,
)
from sibdsl.price.earned import earned
from sibdsl.price.for_each_person import in_whole_grains, personal_limits, withhold
from sibdsl.price.graph import Graph, Least, Line
from sibdsl.price.sharing import fixed_part
from sibdsl.price.taking import BY_QUARTERS, Taker, by_day, take


@define
class Block:
    """One block advance on its way: how much of it has met fees so far."""

    advance: Advance
    rule: BlockAdvance
    amount: int
    days: Period | None
    usable: int | None
    earned: list[int] = field(factory=list)
    met: int | None = None
    #: The contract quarters of its time, where it is set off in as many equal parts; and what of it can meet fees.
    quarters: tuple[Period, ...] = ()
    worth: Fraction = Fraction(0)


def build(contract: Contract, settings: Settings, cuts: frozenset[date] = frozenset()) -> Graph:
    """The price graph of a contract; periods are cut at `cuts` too, for questions that the contract does not ask.

    Raises NotGiven for a particular that a payment needs and that has no value, and Unpriceable for a clause that the
    settings make meaningless.
    """
    grain = contract.rounding.grain or Fraction(1, 100)
    graph = Graph(segments=segments(contract, cuts), grain=grain)
    unroll(contract, settings, graph, graph.segments)
    return graph


def unroll(
    contract: Contract, settings: Settings, graph: Graph, mine: tuple[Segment, ...], name: str = ""
) -> list[Due]:
    """Write a contract's lines over its segments into a graph; `name` tells it apart within a programme.

    What is paid: every block advance, and every payment with what set off and the contract's own caps leave of it.
    """
    builder = begin(contract, settings, graph, mine, name)
    blocks, limits, personal = _blocks(builder), limits_of(builder), personal_limits(builder)
    every = [one for segment in mine for one in earned(builder, segment)]
    whole = in_whole_grains(builder, every)
    fees = [one.line for one in every]
    blocked = [_advance_line(builder, block, segment)[0] for block in blocks for segment in mine]
    mark_alone(builder, limits, fees, blocked)
    find_contained(builder, limits, [*fees, *blocked])
    for segment in mine:
        advanced = [
            _advance_line(builder, block, segment) for block in blocks if _due(builder, block) in segment.days
        ]
        due = earned(builder, segment)
        graph.lines.extend(line for line, _ in advanced)
        graph.lines.extend(one.line for one in due)
        withhold(builder, personal, segment, due, whole=whole)
        for block in blocks:
            _set_off(builder, block, segment, due)
        brought = brought_forward(builder, limits, segment)
        graph.lines.extend(one.line for one in brought)
        due = [*brought, *due]
        for limit in limits:
            if not inside(segment.days, limit.days):
                continue
            if limit.cap.applies.on(segment.days):
                cut(builder, limit, due, advanced)
            else:
                note(builder, limit, due, advanced)
        builder.paid.extend(Due(line, amount) for line, amount in advanced)
        builder.paid.extend(due)
        back = [one for block in blocks for one in _owed_back(builder, block, segment)]
        graph.lines.extend(one.line for one in back)
        builder.paid.extend(back)
        over = taken_over(builder, segment)
        graph.lines.extend(one.line for one in over)
        for limit in limits if over else ():
            if inside(segment.days, limit.days) and limit.cap.applies.on(segment.days):
                cut(builder, limit, over, [], again=False)
        builder.paid.extend(over)
    return builder.paid


# ------------------------------------------------------------------ block advances


def _due(builder: Builder, block: Block) -> date:
    return builder.settings.day(block.advance.paid_on)


def _blocks(builder: Builder) -> list[Block]:
    found: list[Block] = []
    rounding = builder.contract.rounding
    for rule in builder.contract.advances:
        basis = builder.settings.value(rule.basis)
        for advance in rule.advances:
            day = builder.settings.day(advance.paid_on)
            if not rule.applies.on(Period(day, day + timedelta(days=1))):
                continue
            amount = not_below_nought(
                builder.settings.number(advance.amount), "A block advance", advance.span
            )
            if rounding.grain:
                amount = money.round_to(amount, rounding.grain, rounding.way)
            if advance.shares is not None:
                amount = fixed_part(advance.shares, advance.payer, amount, builder.settings, builder.grain)
            days = _scope_days(builder, advance)
            step = builder.graph.constant(amount, rule.name)
            usable, worth = step if days else None, amount
            if days and basis == "in units":
                worth = _whole_units(builder, advance, amount)
                usable = builder.graph.constant(worth, f"{rule.name}, whole units")
            quarters: tuple[Period, ...] = ()
            if days and rule.pace == "in equal quarters":
                paid = builder.contract.payment_period
                within = Period(max(days.start, paid.start), min(days.end, paid.end))
                quarters = statement_periods(within, "quarterly", builder.contract.years_begin)
            if days and rule.unused == "carried forward":
                days = Period(days.start, max(days.end, builder.contract.payment_period.end))
            found.append(Block(advance, rule, step, days, usable, quarters=quarters, worth=worth))
    return found


def _scope_days(builder: Builder, advance: Advance) -> Period | None:
    """The days whose fees the block meets; a scope of 'each' year is the one that holds the day it is paid on."""
    if advance.scope is None or not advance.against:
        return None
    day = builder.settings.day(advance.paid_on)
    if advance.scope.over == "each year":
        return year_of(builder.contract, day)
    return next(
        (
            days
            for days in occasions(builder.contract, advance.scope)
            if day in days or len(occasions(builder.contract, advance.scope)) == 1
        ),
        None,
    )


def _whole_units(builder: Builder, advance: Advance, amount: Fraction) -> Fraction:
    mine = [
        rate
        for payment in builder.contract.payments
        if payment.name in advance.against
        for rate in payment.rates
        if rate.payee == advance.payee and advance.payer in rate.payers.names
    ]
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


def _advance_line(builder: Builder, block: Block, segment: Segment) -> tuple[Line, int]:
    line = Line(
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
        due=_due(builder, block),
        agent=block.rule.agent,
        contract=builder.name,
        span=block.advance.span,
    )
    return line, block.amount


def _set_off(builder: Builder, block: Block, segment: Segment, due: list[Due]) -> None:
    """What the block meets in this segment: the least of the block and the fees so far, less what it met before."""
    if block.days is None or block.usable is None or not inside(segment.days, block.days):
        return
    mine = [
        one
        for one in due
        if one.line.payment in block.advance.against
        and one.line.payer == block.advance.payer
        and one.line.payee == block.advance.payee
    ]
    if not mine:
        return
    graph = builder.graph
    taker = Taker("set_off", block.rule.name, block.rule.clause, block.advance.span)
    for together in by_day(mine):
        block.earned.extend(one.left for one in together)
        so_far = graph.total(list(block.earned), "fees so far")
        if block.quarters:
            now = _by_quarters(builder, block, segment, [one.left for one in together], so_far)
        else:
            met = graph.add(Least((block.usable, so_far), "met by the block so far"))
            now = graph.less(met, [block.met] if block.met is not None else [], "met by the block now")
            block.met = met
        take(graph, taker, together, now, "its part of what the block meets")


def _by_quarters(builder: Builder, block: Block, segment: Segment, due: list[int], so_far: int) -> int:
    """What a block meets of what is due now: no more than the equal parts of the quarters begun, less what it met before."""
    graph = builder.graph
    begun = sum(1 for one in block.quarters if one.start <= segment.days.last)
    part = money.round_to(block.worth * begun / len(block.quarters), builder.grain, "down")
    ready = graph.constant(part, f"{block.rule.name}, {begun} of {len(block.quarters)} quarters")
    before = [block.met] if block.met is not None else []
    room = graph.less(ready, before, "of the quarters so far")
    now = graph.add(Least((room, graph.total(due, "due now"), so_far), BY_QUARTERS))
    block.met = graph.total([*before, now], "met by the block so far")
    return now


def _owed_back(builder: Builder, block: Block, segment: Segment) -> list[Due]:
    """What the payee owes back at the end of the block's time: what met no fees. None of it before then."""
    if block.rule.unused != "recoverable" or block.days is None:
        return []
    if segment != max(one for one in builder.segments if _ends_in(builder, block, one)):
        return []
    graph, advance = builder.graph, block.advance
    unused = graph.less(
        block.amount, [block.met] if block.met is not None else [], "unused part of the block"
    )
    line = Line(
        "recovered", segment, advance.payee, advance.payer, block.rule.clause, block.rule.name, "", "", None, None, unused,
        block.rule.name, contract=builder.name, span=advance.span,
    )  # fmt: skip
    return [Due(line, unused)]


def _ends_in(builder: Builder, block: Block, segment: Segment) -> bool:
    """Whether a segment lies in the block's time, or holds the day on which it is paid."""
    return (block.days is not None and inside(segment.days, block.days)) or _due(
        builder, block
    ) in segment.days
