"""What caps cut of what falls due. Source of the rules: language reference, 'Caps'."""

from __future__ import annotations

from fractions import Fraction

from attrs import define, evolve, field

from sibdsl import money
from sibdsl.dates import Period
from sibdsl.model.nodes import Applies, Cap, CapRow, Contract
from sibdsl.model.periods import Segment, occasions
from sibdsl.price.builder import Builder, Due, Unpriceable, inside, not_below_nought
from sibdsl.price.graph import Greatest, Line, Round, Scale
from sibdsl.price.select import covers, limited
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
    #: Of a share of payments: whether these hold what it covers; and what of them has come to the limit so far.
    holds_itself: bool = False
    came: list[tuple[Line, int]] = field(factory=list)
    wanted: list[int] = field(factory=list)
    over: int | None = None
    entered: bool = False

    @property
    def carries(self) -> bool:
        """Whether what it cuts is due again in its next occasion."""
        return self.cap.excess.way == "carried forward"

    @property
    def slot(self) -> tuple[str, int]:
        """Which row of which cap it is, whichever version of it."""
        return self.cap.name, self.cap.rows.index(self.row)


#: What the step says of itself that holds the payments of which a limit is a share.
SHARED = "what the limit is a share of"


def own_limits(contract: Contract) -> tuple[Cap, ...]:
    """What bounds a payment within itself, as caps under its own name and clause.

    What one carries forward is owed after the payment has ended too, so it goes on, unless another version follows it.
    """
    last = {one.name: one for one in contract.payments}
    return tuple(
        Cap(
            one.name,
            one.clause,
            one.gloss,
            one.limits,
            one.excess,
            applies=evolve(one.applies, last=None)
            if one.excess.way == "carried forward" and one is last[one.name]
            else one.applies,
            span=one.span,
        )
        for one in contract.payments
        if one.limits
    )


def limits_of(builder: Builder) -> list[Limit]:
    """Every cap over every occasion, the narrowest first; of one length a payment's own limits, then in clause order."""
    found: list[Limit] = []
    order = 0
    for cap in (*own_limits(builder.contract), *builder.contract.caps):
        for row in cap.rows:
            if row.per:
                continue
            amount = not_below_nought(builder.settings.number(row.amount), "A cap", row.span)
            if row.share_of is None:
                amount = money.round_to(amount, builder.grain, "down")
            elif amount >= 1:
                raise Unpriceable(
                    "A limit that is a share of payments must be less than 100% of them.", row.span
                )
            found.extend(
                Limit(cap, row, days, amount, order) for days in occasions(builder.contract, row.scope)
            )
            order += 1
    narrow = sorted(found, key=lambda one: (days_of(builder.contract, one.days), one.order))
    return _as_stated(narrow)


def days_of(contract: Contract, days: Period) -> int:
    """How many days of the payment period a limit runs over. Source: language reference, 'Caps'."""
    whole = contract.payment_period
    return (min(days.end, whole.end) - max(days.start, whole.start)).days


def _as_stated(limits: list[Limit]) -> list[Limit]:
    """The limits in their order, but those that are to come after other caps after all of these."""
    found: list[Limit] = []
    left = list(limits)
    while left:
        waiting = {one.cap.name for one in left}
        at = next((one for one in left if not waiting & (set(one.cap.after) - {one.cap.name})), None)
        if at is None:
            raise Unpriceable("These caps come after one another in a ring.", left[0].row.span)
        left.remove(at)
        found.append(at)
    return found


def cut(
    builder: Builder, limit: Limit, due: list[Due], advanced: list[tuple[Line, int]], *, again: bool = True
) -> None:
    """Cut what exceeds the cap from the lines of this segment that it covers. Advances use it up uncut.

    `again` says whether another may owe what is cut: not of what is owed by another already.
    """
    graph = builder.graph
    taker = Taker("cap_cut", limit.cap.name, limit.cap.clause, limit.row.span)
    by_clause = limit.cap.sharing == "by clause"
    note(builder, limit, due, advanced)
    done: list[Due] = []
    for together in _in_turn(limit, [one for one in due if _covered(builder, limit, one.line)]):
        weights = [one.left for one in together]
        if limit.alone:
            taken = _over(builder, limit, weights)
        else:
            before = _before(builder, limit, advanced) + [one.left for one in done]
            most = graph.constant(limit.amount, limit.cap.name)
            if limit.row.share_of is not None:
                most = _share(builder, limit, due, advanced, together)
            taken = beyond(graph, most, before, weights)
        parts = take(graph, taker, together, taken, "its part of the cut", by_clause=by_clause)
        if limit.carries:
            kept = builder.carried.setdefault(limit.slot, [])
            kept += [(one.line, part, limit.days) for one, part in zip(together, parts, strict=True)]
        if limit.cap.excess.way == "paid" and again:
            builder.beyond += [
                (one.line, part, limit.cap, limit.row) for one, part in zip(together, parts, strict=True)
            ]
        done += together


def _in_turn(limit: Limit, due: list[Due]) -> list[list[Due]]:
    """What is cut together: first what the cap itself carried to here, then the rest by the day on which it falls due."""
    carried = [one for one in due if one.line.origin == limit.cap.name]
    rest = by_day([one for one in due if one.line.origin != limit.cap.name])
    return [carried, *rest] if carried else rest


def brought_forward(builder: Builder, limits: list[Limit], segment: Segment) -> list[Due]:
    """What limits carried to the occasions that begin in this segment, as lines that are due in it."""
    graph = builder.graph
    found: list[Due] = []
    for limit in limits:
        here = inside(segment.days, limit.days) and limit.cap.applies.on(segment.days)
        if not limit.carries or limit.entered or not here:
            continue
        limit.entered = True
        kept = builder.carried.get(limit.slot, [])
        builder.carried[limit.slot] = [one for one in kept if one[2].start >= limit.days.start]
        slots: dict[tuple[object, ...], list[tuple[Line, int]]] = {}
        for line, step, days in kept:
            if days.start < limit.days.start:
                slots.setdefault(alike(line), []).append((line, step))
        for mine in sorted(slots.values(), key=lambda one: _in_clause_order(builder.contract, one[0][0])):
            amount = graph.total([step for _, step in mine], f"carried forward by {limit.cap.name}")
            line = mine[0][0]
            found.append(
                Due(
                    Line(
                        "carried", segment, line.payer, line.payee, limit.cap.clause, line.payment, line.metric,
                        line.band, None, None, amount, limit.cap.name, agent=line.agent, metrics=line.metrics,
                        tier=line.tier, contract=line.contract, origin=limit.cap.name, span=limit.row.span,
                    ),
                    amount,
                )
            )  # fmt: skip
    return found


def taken_over(builder: Builder, segment: Segment) -> list[Due]:
    """What caps have cut of this segment that others owe, as lines of theirs."""
    found = [
        Due(
            Line(
                "taken_over", segment, cap.excess.payer, line.payee, cap.clause, line.payment, line.metric, line.band, None,
                None, step, cap.name, due=line.due, metrics=line.metrics, tier=line.tier, contract=line.contract,
                origin=cap.name, span=row.span,
            ),
            step,
        )
        for line, step, cap, row in builder.beyond
    ]  # fmt: skip
    builder.beyond = []
    return found


def alike(line: Line) -> tuple[object, ...]:
    """What tells apart the lines of one segment that a cap carries forward."""
    return line.payer, line.payee, line.payment, line.metric, line.band, line.tier, line.agent


def _in_clause_order(contract: Contract, line: Line) -> tuple[object, ...]:
    """Where a line stands in the contract, so that what is carried is cut in that order, however old it is."""
    metrics = [one.name for one in contract.every_metric]
    bands = [(one.name, band.name) for one in contract.bands for band in one.bands]
    parties = [one.name for one in contract.parties]
    return (
        next(at for at, one in enumerate(contract.payments) if one.name == line.payment),
        metrics.index(line.metric) if line.metric else -1,
        next((at for at, (_, name) in enumerate(bands) if name == line.band), -1),
        (line.tier.startswith("next"), line.tier.startswith("further"), line.tier),
        parties.index(line.payer),
        parties.index(line.payee),
    )


def _covered(builder: Builder, limit: Limit, line: Line) -> bool:
    return limited(builder.contract, builder.settings, limit.row, line)


# ------------------------------------------------------------------ limits that are a share of payments


def _shared(builder: Builder, limit: Limit, line: Line) -> bool:
    """Whether the line is among the payments of which the limit is a share."""
    share = limit.row.share_of
    return (
        share is not None
        and line.kind != "recovered"
        and covers(builder.contract, builder.settings, share.payments, line)
    )


def note(builder: Builder, limit: Limit, due: list[Due], advanced: list[tuple[Line, int]]) -> None:
    """Keep what comes to the limit of the payments of which it is a share, before it cuts, whether or not it is in force."""
    if limit.row.share_of is not None and limit.row.share_of.side == "before":
        every = [*advanced, *((one.line, one.left) for one in due)]
        limit.came += [(line, left) for line, left in every if _shared(builder, limit, line)]


def _share(
    builder: Builder, limit: Limit, due: list[Due], advanced: list[tuple[Line, int]], now: list[Due]
) -> int:
    """The most that the limit allows by the day on which `now` falls due, to the penny, rounded down.

    Before itself it is the share of all that came to it. After itself, where the payments hold what it covers, what is
    covered comes to the share of the whole just when it comes to share / (1 - share) of the others.
    """
    graph, day, factor = builder.graph, now[0].line.stated_on, limit.amount
    since = limit.cap.applies.counts_from or limit.days.start
    known = [each for each in limit.came if each[0].segment.days.start >= since]
    if limit.row.share_of is not None and limit.row.share_of.side == "after":
        earlier = [
            (one.line, one.left)
            for one in builder.paid
            if inside(one.line.segment.days, limit.days) and one.line.segment.days.start >= since
        ]
        known = [*earlier, *advanced, *((one.line, one.left) for one in due)]
        known = [each for each in known if _shared(builder, limit, each[0])]
        if limit.holds_itself:
            known = [each for each in known if not _covered(builder, limit, each[0])]
            factor = limit.amount / (1 - limit.amount)
    whole = graph.total([left for line, left in known if line.stated_on <= day], SHARED)
    return graph.add(Round((graph.add(Scale((whole,), factor)),), builder.grain, "down"))


def find_contained(builder: Builder, limits: list[Limit], lines: list[Line]) -> None:
    """Find the limits that are a share of payments among which they are themselves, of all the `lines` that there can be.

    Raises Unpriceable for one that covers some of these payments and others besides, after itself; and for one before itself
    where what other limits cut of these payments is due again, and would be counted twice.
    """
    again = [one for one in limits if one.cap.excess.way != "lost"]
    for limit in (one for one in limits if one.row.share_of is not None):
        for other in again if limit.row.share_of and limit.row.share_of.side == "before" else ():
            own = other.row is limit.row and other.carries
            if not own and any(
                _shared(builder, limit, one) and _covered(builder, other, one) for one in lines
            ):
                raise Unpriceable(
                    f"What {other.cap.name} cuts is due again, so the payments before {limit.cap.name} would count it twice: "
                    "make it a share after this limit.",
                    limit.row.span,
                )
        mine = [line for line in lines if _covered(builder, limit, line)]
        held = [line for line in mine if _shared(builder, limit, line)]
        limit.holds_itself = bool(held)
        if held and len(held) < len(mine) and limit.row.share_of and limit.row.share_of.side == "after":
            raise Unpriceable(
                f"Some of what {limit.cap.name} limits is among the payments that it is a share of, and some is not, so "
                "no share after this limit can be worked out.",
                limit.row.span,
            )


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
    if any(one.cap.excess.way != "lost" for one in limits):
        return
    for limit in limits:
        mine = [line for line in lines if _covered(builder, limit, line)]
        others = [one for one in limits if one.row is not limit.row]
        if limit.cap.applies != Applies() or limit.row.share_of is not None:
            continue
        limit.alone = not any(_covered(builder, limit, line) for line in advances) and not any(
            _covered(builder, other, line) for other in others for line in mine
        )
