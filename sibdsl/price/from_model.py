"""The model's payments, block advances and caps as a price graph.

Order within a segment: what is earned; what block advances meet of it; what caps cut of the rest. Sources of the
rules: language reference, 'Payments', 'Block advances' and 'Caps'.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from math import floor

from attrs import define, field

from sibdsl import money
from sibdsl.dates import Period
from sibdsl.model.nodes import Advance, Applies, BlockAdvance, Cap, CapRow, Contract
from sibdsl.model.periods import Segment, occasions, segments, year_of
from sibdsl.model.settings import Settings
from sibdsl.price.builder import Builder, Due, Unpriceable, inside, not_below_nought
from sibdsl.price.earned import earned
from sibdsl.price.graph import Graph, Greatest, Least, Line
from sibdsl.price.select import covers
from sibdsl.price.taking import Taker, beyond, by_day, take


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


@define
class Limit:
    """One cap over one of its occasions.

    `alone`: no other cap and no block advance touches what it covers. Then what it has cut by the end of a segment is
    what came due by then less the cap, from 0: the same amounts as filling it segment by segment, in fewer steps.
    """

    cap: Cap
    row: CapRow
    days: Period
    amount: Fraction
    order: int
    alone: bool = False
    wanted: list[int] = field(factory=list)
    over: int | None = None


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
    bands = {one.name: tuple(band.name for band in one.bands) for one in contract.bands}
    metrics = {one.name: one for one in contract.metrics}
    builder = Builder(contract, settings, graph, metrics, bands, mine, name)
    blocks, limits = _blocks(builder), _limits(builder)
    _mark_alone(
        builder,
        limits,
        [one.line for segment in mine for one in earned(builder, segment)],
        [_advance_line(builder, block, segment)[0] for block in blocks for segment in mine],
    )
    for segment in mine:
        advanced = [
            _advance_line(builder, block, segment) for block in blocks if _due(builder, block) in segment.days
        ]
        due = earned(builder, segment)
        graph.lines.extend(line for line, _ in advanced)
        graph.lines.extend(one.line for one in due)
        for block in blocks:
            _set_off(builder, block, segment, due)
        for limit in limits:
            if inside(segment.days, limit.days) and limit.cap.applies.on(segment.days):
                _cut(builder, limit, due, advanced)
        builder.paid.extend(Due(line, amount) for line, amount in advanced)
        builder.paid.extend(due)
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
            days = _scope_days(builder, advance)
            step = builder.graph.constant(amount, rule.name)
            usable = step if days else None
            if days and basis == "in units":
                whole = _whole_units(builder, advance, amount)
                usable = builder.graph.constant(whole, f"{rule.name}, whole units")
            found.append(Block(advance, rule, step, days, usable))
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
        met = graph.add(Least((block.usable, so_far), "met by the block so far"))
        now = graph.less(met, [block.met] if block.met is not None else [], "met by the block now")
        block.met = met
        take(graph, taker, together, now, "its part of what the block meets")


# ------------------------------------------------------------------ caps


_NARROW = {"each month": 0, "each quarter": 1, "each period": 2, "days": 3, "each year": 4, "contract": 5}


def own_limits(contract: Contract) -> tuple[Cap, ...]:
    """What bounds a payment within itself, as caps under its own name and clause."""
    return tuple(
        Cap(one.name, one.clause, one.gloss, one.limits, one.applies, span=one.span)
        for one in contract.payments
        if one.limits
    )


def _limits(builder: Builder) -> list[Limit]:
    """Every cap over every occasion, the narrowest first; of one length a payment's own limits, then in clause order."""
    found: list[Limit] = []
    order = 0
    for cap in (*own_limits(builder.contract), *builder.contract.caps):
        for row in cap.rows:
            limit = not_below_nought(builder.settings.number(row.amount), "A cap", row.span)
            amount = money.round_to(limit, builder.grain, "down")
            found.extend(
                Limit(cap, row, days, amount, order) for days in occasions(builder.contract, row.scope)
            )
            order += 1
    return sorted(
        found, key=lambda one: ((one.days.end - one.days.start).days, _NARROW[one.row.scope.over], one.order)
    )


def _cut(builder: Builder, limit: Limit, due: list[Due], advanced: list[tuple[Line, int]]) -> None:
    """Cut what exceeds the cap from the lines of this segment that it covers. Advances use it up uncut."""
    graph = builder.graph
    taker = Taker("cap_cut", limit.cap.name, limit.cap.clause, limit.row.span)
    done: list[Due] = []
    for together in by_day([one for one in due if _covered(builder, limit, one.line)]):
        weights = [one.left for one in together]
        if limit.alone:
            cut = _over(builder, limit, weights)
        else:
            before = _before(builder, limit, advanced) + [one.left for one in done]
            cut = beyond(graph, limit.cap.name, limit.amount, before, weights)
        take(graph, taker, together, cut, "its part of the cut")
        done += together


def _covered(builder: Builder, limit: Limit, line: Line) -> bool:
    return covers(builder.contract, builder.settings, limit.row.covers, line)


def _over(builder: Builder, limit: Limit, weights: list[int]) -> int:
    """What a cap that stands alone cuts now: by how much the sum to date exceeds it, less what it cut before."""
    graph = builder.graph
    limit.wanted.extend(weights)
    cap = graph.constant(limit.amount, limit.cap.name)
    beyond = graph.less(graph.total(list(limit.wanted), "due to date"), [cap], "beyond the cap")
    over = graph.add(Greatest((graph.constant(Fraction(0)), beyond), "cut to date"))
    before, limit.over = limit.over, over
    return graph.less(over, [] if before is None else [before], "cut by the cap")


def _before(builder: Builder, limit: Limit, advanced: list[tuple[Line, int]]) -> list[int]:
    """What earlier segments' payments and block advances have used of a cap, and block advances of this one."""
    return [
        left
        for line, left in (*((one.line, one.left) for one in builder.paid), *advanced)
        if inside(line.segment.days, limit.days)
        and line.segment.days.start >= (limit.cap.applies.counts_from or limit.days.start)
        and _covered(builder, limit, line)
    ]


def _mark_alone(builder: Builder, limits: list[Limit], lines: list[Line], advances: list[Line]) -> None:
    for limit in limits:
        mine = [line for line in lines if _covered(builder, limit, line)]
        others = [one for one in limits if one.row is not limit.row]
        if limit.cap.applies != Applies():
            continue
        limit.alone = not any(_covered(builder, limit, line) for line in advances) and not any(
            _covered(builder, other, line) for other in others for line in mine
        )
