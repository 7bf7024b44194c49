"""A programme's contracts as one price graph, with the caps that they share.

Each contract is unrolled as it is on its own, set off and own caps included. Then the shared caps cut what is left, day by
day: what is stated on one day, in whichever contract, falls due together. Within a day the narrowest cap is first. Source: language reference, 'Programmes'.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from attrs import define, field

from sibdsl import money
from sibdsl.dates import Period, statement_periods
from sibdsl.model.nodes import Contract, Programme, Scope, SharedCap, SharedRow
from sibdsl.model.periods import Segment, segments, selection_cuts
from sibdsl.model.settings import Settings
from sibdsl.price.builder import Due, inside, not_below_nought
from sibdsl.price.from_model import unroll
from sibdsl.price.graph import Graph, Line
from sibdsl.price.select import covers
from sibdsl.price.taking import Taker, beyond, by_day, take


@define
class Shared:
    """One shared limit over one of its occasions, and what it has covered so far."""

    cap: SharedCap
    row: SharedRow
    days: Period
    amount: Fraction
    before: list[int] = field(factory=list)


def build_programme(
    programme: Programme,
    members: Mapping[str, Contract],
    own: Settings,
    settings: Mapping[str, Settings],
) -> Graph:
    """The price graph of a programme: `members` are its contracts as varied, `settings` those of each.

    Raises NotGiven and Unpriceable as `build` does.
    """
    grain = programme.rounding.grain or Fraction(1, 100)
    graph = Graph(grain=grain)
    cuts = programme_cuts(programme, members, own)
    parts: dict[str, tuple[Segment, ...]] = {name: segments(members[name], cuts) for name in sorted(members)}
    paid = [one for name in parts for one in unroll(members[name], settings[name], graph, parts[name], name)]
    limits = _limits(programme, own, members, grain)
    for together in by_day(paid):
        for limit in limits:
            _cut(graph, own, members, limit, together)
    graph.segments = tuple(sorted({one for each in parts.values() for one in each}))
    return graph


def programme_cuts(programme: Programme, members: Mapping[str, Contract], own: Settings) -> frozenset[date]:
    """Every day on which a shared cap's terms change."""
    found: set[date] = set()
    for cap in programme.caps:
        for row in cap.rows:
            found |= selection_cuts(row.covers, own)
            for chosen in row.leaves_out:
                found |= selection_cuts(chosen, own)
            for days in _occasions(programme, members, row.scope):
                found.update((days.start, days.end))
    return frozenset(found)


def _occasions(programme: Programme, members: Mapping[str, Contract], scope: Scope) -> tuple[Period, ...]:
    """The stretches of time over which a shared limit runs, each on its own."""
    if scope.over == "days" and scope.days is not None:
        return (scope.days,)
    whole = Period(
        min(one.payment_period.start for one in members.values()),
        max(one.payment_period.end for one in members.values()),
    )
    if scope.over == "each year":
        return statement_periods(whole, "yearly", programme.years_begin)
    if scope.over == "each month":
        return statement_periods(whole, "monthly", programme.years_begin)
    if scope.over in ("each quarter", "each period"):
        return statement_periods(whole, "quarterly", programme.years_begin)
    return (whole,)


def _limits(
    programme: Programme, own: Settings, members: Mapping[str, Contract], grain: Fraction
) -> list[Shared]:
    """Every shared limit over every occasion, the shortest first, then in clause order."""
    found: list[Shared] = []
    for cap in programme.caps:
        for row in cap.rows:
            limit = not_below_nought(own.number(row.amount), "A cap", row.span)
            amount = money.round_to(limit, grain, "down")
            found += [Shared(cap, row, days, amount) for days in _occasions(programme, members, row.scope)]
    return sorted(found, key=lambda one: one.days.end - one.days.start)


def _covered(own: Settings, limit: Shared, line: Line, contract: Contract) -> bool:
    row = limit.row
    if (
        line.kind == "recovered"
        or line.contract not in row.across
        or not inside(line.segment.days, limit.days)
    ):
        return False
    return covers(contract, own, row.covers, line) and not any(
        covers(contract, own, one, line) for one in row.leaves_out
    )


def _cut(
    graph: Graph, own: Settings, members: Mapping[str, Contract], limit: Shared, together: list[Due]
) -> None:
    """Cut what falls due together beyond the room that is left. Block advances use it up uncut."""
    mine = [one for one in together if _covered(own, limit, one.line, members[one.line.contract])]
    limit.before += [one.left for one in mine if one.line.kind == "advance"]
    fees = [one for one in mine if one.line.kind != "advance"]
    if fees:
        cut = beyond(
            graph,
            graph.constant(limit.amount, limit.cap.name),
            list(limit.before),
            [one.left for one in fees],
        )
        taker = Taker("cap_cut", limit.cap.name, limit.cap.clause, limit.row.span)
        take(graph, taker, fees, cut, "its part of the cut")
        limit.before += [one.left for one in fees]
