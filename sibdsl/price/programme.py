"""A programme's contracts as one price graph, with the caps that they share.

What is stated on one day, in whichever contract, falls due together; what is stated earlier falls due earlier, so that
no statement changes one made before. Each contract is unrolled as it is on its own, set off and own caps included; then
the shared caps cut what is left, the narrowest first, pro rata over the lines that they cover. Source: language reference, 'Programmes'.
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
from sibdsl.price.from_model import Unrolling, unrolling
from sibdsl.price.graph import Graph, Greatest, Least, Line, Part
from sibdsl.price.select import covers

Advanced = list[tuple[Line, int]]


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
    cuts = programme_cuts(programme, members)
    parts: dict[str, tuple[Segment, ...]] = {name: segments(one, cuts) for name, one in members.items()}
    every: dict[str, Unrolling] = {
        name: unrolling(one, settings[name], graph, parts[name], name) for name, one in members.items()
    }
    limits = _limits(programme, own, members, grain)
    for last in sorted({one.statement.last for each in parts.values() for one in each}):
        stated: list[tuple[Unrolling, Advanced, list[Due]]] = []
        for name in sorted(members):
            for segment in parts[name]:
                if segment.statement.last == last:
                    made = every[name]
                    advanced, due = made.earn(segment)
                    made.close(advanced, due)
                    stated.append((made, advanced, due))
        for limit in limits:
            _cut(graph, own, limit, stated)
    graph.segments = tuple(sorted({one for each in parts.values() for one in each}))
    return graph


def programme_cuts(programme: Programme, members: Mapping[str, Contract]) -> frozenset[date]:
    """Every day on which a segment of any contract begins, or a shared cap's terms change."""
    found: set[date] = set()
    for contract in members.values():
        found.update(day for one in segments(contract) for day in (one.days.start, one.days.end))
    for cap in programme.caps:
        for row in cap.rows:
            found |= selection_cuts(row.covers)
            for chosen in row.leaves_out:
                found |= selection_cuts(chosen)
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
    if line.contract not in row.across or not inside(line.segment.days, limit.days):
        return False
    return covers(contract, own, row.covers, line) and not any(
        covers(contract, own, one, line) for one in row.leaves_out
    )


def _cut(
    graph: Graph,
    own: Settings,
    limit: Shared,
    every: list[tuple[Unrolling, Advanced, list[Due]]],
) -> None:
    """Cut what falls due together beyond the room that is left. Block advances use it up uncut."""
    mine: list[Due] = []
    for made, advanced, due in every:
        terms = made.builder.contract
        limit.before += [step for line, step in advanced if _covered(own, limit, line, terms)]
        mine += [one for one in due if _covered(own, limit, one.line, terms)]
    if not mine:
        return
    weights = [one.left for one in mine]
    cap = graph.constant(limit.amount, limit.cap.name)
    room = graph.less(cap, list(limit.before), "room under the cap")
    if limit.before:
        room = graph.add(Greatest((graph.constant(Fraction(0)), room), "room under the cap"))
    wanted = graph.total(weights, "due before the cap")
    cut = graph.less(wanted, [graph.add(Least((wanted, room), "payable under the cap"))], "cut by the cap")
    for index, one in enumerate(mine):
        part = (
            cut
            if len(mine) == 1
            else graph.add(Part((cut, *weights), index, graph.grain, "its part of the cut"))
        )
        graph.lines.append(_line(limit, one.line, graph.add_negative(part)))
        one.left = graph.less(one.left, [part], "left to pay")
        limit.before.append(one.left)


def _line(limit: Shared, line: Line, amount: int) -> Line:
    return Line(
        "cap_cut", line.segment, line.payer, line.payee, limit.cap.clause, line.payment, line.metric, line.band,
        None, None, amount, limit.cap.name, due=line.due, agent=line.agent, metrics=line.metrics, tier=line.tier,
        contract=line.contract, span=limit.row.span,
    )  # fmt: skip
