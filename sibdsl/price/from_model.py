"""The model's payments, block advances and caps as a price graph.

Order within a segment: what is earned; what block advances meet of it; what caps cut of the rest. Sources of the
rules: language reference, 'Payments', 'Block advances' and 'Caps'.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from math import floor

from attrs import define, field

from sibdsl import money
from sibdsl.dates import Period
from sibdsl.model.nodes import Advance, BlockAdvance, Cap, CapRow, Contract, Metric, Payers, Rate
from sibdsl.model.periods import Segment, occasions, segments, year_of
from sibdsl.model.settings import Settings
from sibdsl.price.graph import Graph, Greatest, Key, Least, Line, Part, Quantity, Round, Scale
from sibdsl.price.select import covers
from sibdsl.source import Span


class Unpriceable(Exception):
    """The settings make a clause that cannot be priced. `span` is the clause's place."""

    def __init__(self, message: str, span: object) -> None:
        self.span = span
        super().__init__(message)


@define
class Due:
    """A payment line on its way: what is left of it after set off and cuts so far."""

    line: Line
    left: int


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
class Builder:
    """The state of one unrolling."""

    contract: Contract
    settings: Settings
    graph: Graph
    metrics: dict[str, Metric]
    bands: dict[str, tuple[str, ...]]
    paid: list[tuple[Line, int]] = field(factory=list)

    @property
    def grain(self) -> Fraction:
        return self.graph.grain


def build(contract: Contract, settings: Settings, cuts: frozenset[date] = frozenset()) -> Graph:
    """The price graph of a contract; periods are cut at `cuts` too, for questions that the contract does not ask.

    Raises NotGiven for a particular that a payment needs and that has no value, and Unpriceable for a clause that the
    settings make meaningless.
    """
    grain = contract.rounding.grain or Fraction(1, 100)
    graph = Graph(segments=segments(contract, cuts), grain=grain)
    bands = {one.name: tuple(band.name for band in one.bands) for one in contract.bands}
    builder = Builder(contract, settings, graph, {one.name: one for one in contract.metrics}, bands)
    blocks = _blocks(builder)
    limits = _limits(builder)
    _mark_alone(
        builder,
        limits,
        [one.line for segment in graph.segments for one in _earned(builder, segment)],
        [_advance_line(builder, block, segment)[0] for block in blocks for segment in graph.segments],
    )
    for segment in graph.segments:
        advanced = [
            _advance_line(builder, block, segment) for block in blocks if _due(builder, block) in segment.days
        ]
        due = _earned(builder, segment)
        graph.lines.extend(line for line, _ in advanced)
        graph.lines.extend(one.line for one in due)
        for block in blocks:
            _set_off(builder, block, segment, due)
        for limit in limits:
            if _inside(segment.days, limit.days):
                _cut(builder, limit, due, advanced)
        builder.paid.extend(advanced)
        builder.paid.extend((one.line, one.left) for one in due)
    return graph


def _inside(part: Period, whole: Period) -> bool:
    return whole.start <= part.start and part.end <= whole.end


# ------------------------------------------------------------------ what is earned


def _earned(builder: Builder, segment: Segment) -> list[Due]:
    found: list[Due] = []
    for payment in builder.contract.payments:
        for rate in payment.rates:
            payer = payer_in(rate.payers, segment)
            factor = _not_below_nought(builder.settings.number(rate.amount), "A rate", rate.span)
            quantity = _quantity(builder, rate, segment)
            amount = _rounded(builder, builder.graph.add(Scale((quantity,), factor)), factor)
            line = Line(
                "payment",
                segment,
                payer,
                rate.payee,
                payment.clause,
                payment.name,
                rate.metric,
                rate.band,
                quantity,
                factor,
                amount,
                payment.name,
                span=rate.span,
            )
            found.append(Due(line, amount))
    return found


def _not_below_nought(amount: Fraction, what: str, span: Span) -> Fraction:
    if amount < 0:
        raise Unpriceable(f"{what} comes to {money.show(amount)}: it cannot be below nought.", span)
    return amount


def payer_in(payers: Payers, segment: Segment) -> str:
    """Who pays for results of a segment: by the date of the result, or by the last day of its statement period."""
    day = segment.days.start if payers.by == "result" else segment.statement.last
    return next(phase.payer for phase in payers.phases if phase.last is None or day <= phase.last)


def _quantity(builder: Builder, rate: Rate, segment: Segment) -> int:
    metric = builder.metrics[rate.metric]
    if rate.band or not metric.bands:
        return builder.graph.add(Quantity(Key(segment, rate.metric, rate.band)))
    every = [
        builder.graph.add(Quantity(Key(segment, rate.metric, band))) for band in builder.bands[metric.bands]
    ]
    return builder.graph.total(every, f"{rate.metric}, all bands")


def _rounded(builder: Builder, step: int, factor: Fraction) -> int:
    """Rounded by the contract's rule; whole counts at a rate of whole pennies need no rounding."""
    rounding = builder.contract.rounding
    if rounding.grain is None or (factor / rounding.grain).denominator == 1:
        return step
    return builder.graph.add(Round((step,), rounding.grain, rounding.way))


# ------------------------------------------------------------------ block advances


def _due(builder: Builder, block: Block) -> date:
    return builder.settings.day(block.advance.paid_on)


def _blocks(builder: Builder) -> list[Block]:
    found: list[Block] = []
    rounding = builder.contract.rounding
    for rule in builder.contract.advances:
        basis = builder.settings.value(rule.basis)
        for advance in rule.advances:
            amount = _not_below_nought(
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
        span=block.advance.span,
    )
    return line, block.amount


def _set_off(builder: Builder, block: Block, segment: Segment, due: list[Due]) -> None:
    """What the block meets in this segment: the least of the block and the fees so far, less what it met before."""
    if block.days is None or block.usable is None or not _inside(segment.days, block.days):
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
                span=block.advance.span,
            )
        )
        one.left = graph.less(one.left, [part], "left to pay")


# ------------------------------------------------------------------ caps


_NARROW = {"each month": 0, "each quarter": 1, "each period": 2, "days": 3, "each year": 4, "contract": 5}


def _limits(builder: Builder) -> list[Limit]:
    """Every cap over every occasion, the narrowest first, then in clause order."""
    found: list[Limit] = []
    order = 0
    for cap in builder.contract.caps:
        for row in cap.rows:
            limit = _not_below_nought(builder.settings.number(row.amount), "A cap", row.span)
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
        for line, left in (*builder.paid, *advanced)
        if _inside(line.segment.days, limit.days) and _covered(builder, limit, line)
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
        limit.alone = not any(_covered(builder, limit, line) for line in advances) and not any(
            _covered(builder, other, line) for other in others for line in mine
        )
