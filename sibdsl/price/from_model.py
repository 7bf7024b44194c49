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
from sibdsl.price.builder import Builder, Due, Unpriceable, in_force, inside, not_below_nought
from sibdsl.price.earned import earned
from sibdsl.price.graph import Graph, Greatest, Least, Line, Part
from sibdsl.price.select import covers


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


@define
class Unrolling:
    """One contract unrolled segment by segment, over a graph that it may share with others of its programme."""

    builder: Builder
    blocks: list[Block]
    limits: list[Limit]

    def earn(self, segment: Segment) -> tuple[list[tuple[Line, int]], list[Due]]:
        """What is advanced and what falls due in a segment, after set off and the contract's own caps."""
        builder = self.builder
        advanced = [
            _advance_line(builder, block, segment)
            for block in self.blocks
            if _due(builder, block) in segment.days
        ]
        due = earned(builder, segment)
        builder.graph.lines.extend(line for line, _ in advanced)
        builder.graph.lines.extend(one.line for one in due)
        for block in self.blocks:
            _set_off(builder, block, segment, due)
        for limit in self.limits:
            if inside(segment.days, limit.days) and in_force(limit.cap.applies, segment.days):
                _cut(builder, limit, due, advanced)
        return advanced, due

    def close(self, advanced: list[tuple[Line, int]], due: list[Due]) -> None:
        """Keep what the segment paid, for limits in later ones; a shared cap may cut it still."""
        self.builder.paid.extend(Due(line, amount) for line, amount in advanced)
        self.builder.paid.extend(due)


def unrolling(
    contract: Contract, settings: Settings, graph: Graph, mine: tuple[Segment, ...], name: str = ""
) -> Unrolling:
    """A contract ready to be unrolled over its segments; `name` tells it apart within a programme."""
    bands = {one.name: tuple(band.name for band in one.bands) for one in contract.bands}
    metrics = {one.name: one for one in contract.metrics}
    builder = Builder(contract, settings, graph, metrics, bands, mine, name)
    return Unrolling(builder, _blocks(builder), _limits(builder))


def build(contract: Contract, settings: Settings, cuts: frozenset[date] = frozenset()) -> Graph:
    """The price graph of a contract; periods are cut at `cuts` too, for questions that the contract does not ask.

    Raises NotGiven for a particular that a payment needs and that has no value, and Unpriceable for a clause that the
    settings make meaningless.
    """
    grain = contract.rounding.grain or Fraction(1, 100)
    graph = Graph(segments=segments(contract, cuts), grain=grain)
    made = unrolling(contract, settings, graph, graph.segments)
    builder = made.builder
    _mark_alone(
        builder,
        made.limits,
        [one.line for segment in graph.segments for one in earned(builder, segment)],
        [_advance_line(builder, block, segment)[0] for block in made.blocks for segment in graph.segments],
    )
    for segment in graph.segments:
        advanced, due = made.earn(segment)
        made.close(advanced, due)
    return graph


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
            if not in_force(rule.applies, Period(day, day + timedelta(days=1))):
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
    rates = {
        builder.settings.number(rate.amount)
        for payment in builder.contract.payments
        if payment.name in advance.against
        for rate in payment.rates
        if rate.payee == advance.payee and any(phase.payer == advance.payer for phase in rate.payers.phases)
    }
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
    weights = [one.left for one in mine]
    block.earned.extend(weights)
    so_far = graph.total(list(block.earned), "fees so far")
    met = graph.add(Least((block.usable, so_far), "met by the block so far"))
    now = graph.less(met, [block.met] if block.met is not None else [], "met by the block now")
    block.met = met
    for index, one in enumerate(mine):
        part = (
            now
            if len(mine) == 1
            else graph.add(Part((now, *weights), index, builder.grain, "its part of what the block meets"))
        )
        taken = graph.add_negative(part)
        graph.lines.append(
            Line(
                "set_off",
                segment,
                one.line.payer,
                one.line.payee,
                block.rule.clause,
                one.line.payment,
                one.line.metric,
                one.line.band,
                None,
                None,
                taken,
                block.rule.name,
                due=one.line.due,
                agent=one.line.agent,
                metrics=one.line.metrics,
                tier=one.line.tier,
                contract=one.line.contract,
                span=block.advance.span,
            )
        )
        one.left = graph.less(one.left, [part], "left to pay")


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
    """Every cap over every occasion, the narrowest first, then in clause order."""
    found: list[Limit] = []
    order = 0
    for cap in (*builder.contract.caps, *own_limits(builder.contract)):
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
    """Cut what exceeds the cap, pro rata over the lines of this segment that it covers. Advances use it up uncut."""
    graph = builder.graph
    mine = [one for one in due if _covered(builder, limit, one.line)]
    if not mine:
        return
    weights = [one.left for one in mine]
    cut = _over(builder, limit, weights) if limit.alone else _beyond_room(builder, limit, weights, advanced)
    for index, one in enumerate(mine):
        part = (
            cut
            if len(mine) == 1
            else graph.add(Part((cut, *weights), index, builder.grain, "its part of the cut"))
        )
        graph.lines.append(
            Line(
                "cap_cut",
                one.line.segment,
                one.line.payer,
                one.line.payee,
                limit.cap.clause,
                one.line.payment,
                one.line.metric,
                one.line.band,
                None,
                None,
                graph.add_negative(part),
                limit.cap.name,
                due=one.line.due,
                agent=one.line.agent,
                metrics=one.line.metrics,
                tier=one.line.tier,
                contract=one.line.contract,
                span=limit.row.span,
            )
        )
        one.left = graph.less(one.left, [part], "left to pay")


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


def _beyond_room(builder: Builder, limit: Limit, weights: list[int], advanced: list[tuple[Line, int]]) -> int:
    """What a cap cuts now: what is due beyond the room that earlier payments and block advances have left."""
    graph = builder.graph
    before = [
        left
        for line, left in (*((one.line, one.left) for one in builder.paid), *advanced)
        if inside(line.segment.days, limit.days)
        and line.segment.days.start >= (limit.cap.applies.counts_from or limit.days.start)
        and _covered(builder, limit, line)
    ]
    cap = graph.constant(limit.amount, limit.cap.name)
    room = graph.less(cap, before, "room under the cap")
    if before:
        room = graph.add(Greatest((graph.constant(Fraction(0)), room), "room under the cap"))
    wanted = graph.total(weights, "due before the cap")
    return graph.less(wanted, [graph.add(Least((wanted, room), "payable under the cap"))], "cut by the cap")


def _mark_alone(builder: Builder, limits: list[Limit], lines: list[Line], advances: list[Line]) -> None:
    for limit in limits:
        mine = [line for line in lines if _covered(builder, limit, line)]
        others = [one for one in limits if one.row is not limit.row]
        if limit.cap.applies != Applies():
            continue
        limit.alone = not any(_covered(builder, limit, line) for line in advances) and not any(
            _covered(builder, other, line) for other in others for line in mine
        )
