"""What caps cut of what falls due. Source of the rules: language reference, 'Caps'."""

from __future__ import annotations

from fractions import Fraction

from attrs import define, field

from sibdsl import money
from sibdsl.dates import Period
from sibdsl.model.nodes import Applies, Cap, CapRow, Contract
from sibdsl.model.periods import occasions
from sibdsl.price.builder import Builder, Due, inside, not_below_nought
from sibdsl.price.graph import Greatest, Line
from sibdsl.price.select import covers
from sibdsl.price.taking import Taker, beyond, by_day, take


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


#: Of limits over as many days, which comes first.
NARROW = {"each month": 0, "each quarter": 1, "each period": 2, "days": 3, "each year": 4, "contract": 5}


def own_limits(contract: Contract) -> tuple[Cap, ...]:
    """What bounds a payment within itself, as caps under its own name and clause."""
    return tuple(
        Cap(one.name, one.clause, one.gloss, one.limits, one.applies, span=one.span)
        for one in contract.payments
        if one.limits
    )


def limits_of(builder: Builder) -> list[Limit]:
    """Every cap over every occasion, the narrowest first; of one length a payment's own limits, then in clause order."""
    found: list[Limit] = []
    order = 0
    for cap in (*own_limits(builder.contract), *builder.contract.caps):
        for row in cap.rows:
            if row.per_person:
                continue
            limit = not_below_nought(builder.settings.number(row.amount), "A cap", row.span)
            amount = money.round_to(limit, builder.grain, "down")
            found.extend(
                Limit(cap, row, days, amount, order) for days in occasions(builder.contract, row.scope)
            )
            order += 1
    return sorted(
        found, key=lambda one: ((one.days.end - one.days.start).days, NARROW[one.row.scope.over], one.order)
    )


def cut(builder: Builder, limit: Limit, due: list[Due], advanced: list[tuple[Line, int]]) -> None:
    """Cut what exceeds the cap from the lines of this segment that it covers. Advances use it up uncut."""
    graph = builder.graph
    taker = Taker("cap_cut", limit.cap.name, limit.cap.clause, limit.row.span)
    done: list[Due] = []
    for together in by_day([one for one in due if _covered(builder, limit, one.line)]):
        weights = [one.left for one in together]
        if limit.alone:
            taken = _over(builder, limit, weights)
        else:
            before = _before(builder, limit, advanced) + [one.left for one in done]
            taken = beyond(graph, limit.cap.name, limit.amount, before, weights)
        take(graph, taker, together, taken, "its part of the cut")
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


def mark_alone(builder: Builder, limits: list[Limit], lines: list[Line], advances: list[Line]) -> None:
    """Find the limits that nothing else touches: of `lines` and `advances`, which are all that there can be."""
    for limit in limits:
        mine = [line for line in lines if _covered(builder, limit, line)]
        others = [one for one in limits if one.row is not limit.row]
        if limit.cap.applies != Applies():
            continue
        limit.alone = not any(_covered(builder, limit, line) for line in advances) and not any(
            _covered(builder, other, line) for other in others for line in mine
        )
