"""How an amount is taken from what falls due: by block advances, by caps, and by the caps that contracts share.

What is stated on one day falls due together; what is stated earlier falls due earlier, so that nothing that was stated is
changed by what comes after it. Together means pro rata, by the largest remainder. Source: language reference, 'Caps'.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby
from typing import Literal

from attrs import frozen

from sibdsl.price.builder import Due
from sibdsl.price.graph import Graph, Greatest, Least, Line, Part
from sibdsl.source import Span

#: What steps of a cut by clause say of themselves.
CUT_BY_CLAUSE, STILL_TO_CUT = "cut, from the last clause", "still to be cut"
#: And those of what a block meets of its quarters so far.
BY_QUARTERS = "met by the block of its quarters"


@frozen
class Taker:
    """The clause that takes: what its lines are, its name and clause, and where it stands."""

    kind: Literal["set_off", "cap_cut"]
    name: str
    clause: str
    span: Span


def by_day(due: list[Due]) -> list[list[Due]]:
    """What falls due together, the earliest first; within a day in the order of the clauses."""
    ordered = sorted(due, key=lambda one: one.line.stated_on)
    return [list(group) for _, group in groupby(ordered, key=lambda one: one.line.stated_on)]


def take(
    graph: Graph, taker: Taker, due: list[Due], whole: int, note: str, *, by_clause: bool = False
) -> list[int]:
    """Take the step `whole` off what is left of the lines, and write a line for each part. The parts, as steps.

    Pro rata; or `by_clause`, from the last line first, so that the earlier clause keeps the most.
    """
    weights = [one.left for one in due]
    parts = _from_the_last(graph, whole, weights) if by_clause else _pro_rata(graph, whole, weights, note)
    for part, one in zip(parts, due, strict=True):
        line = one.line
        graph.lines.append(
            Line(
                taker.kind, line.segment, line.payer, line.payee, taker.clause, line.payment, line.metric, line.band,
                None, None, graph.add_negative(part), taker.name, due=line.due, agent=line.agent,
                metrics=line.metrics, tier=line.tier, contract=line.contract, origin=line.origin, span=taker.span,
            )
        )  # fmt: skip
        one.left = graph.less(one.left, [part], "left to pay")
    return parts


def _pro_rata(graph: Graph, whole: int, weights: list[int], note: str) -> list[int]:
    if len(weights) == 1:
        return [whole]
    return [graph.add(Part((whole, *weights), at, graph.grain, note)) for at in range(len(weights))]


def _from_the_last(graph: Graph, whole: int, weights: list[int]) -> list[int]:
    """Of each the least of what it comes to and what those after it left to take."""
    if len(weights) == 1:
        return [whole]
    found: list[int] = []
    for weight in reversed(weights):
        rest = graph.less(whole, found, STILL_TO_CUT)
        found.append(graph.add(Least((weight, rest), CUT_BY_CLAUSE)))
    return found[::-1]


def beyond(graph: Graph, limit: int, before: list[int], weights: list[int]) -> int:
    """The step of what is due beyond the room that a limit (a step) has left after what was paid `before`."""
    room = graph.less(limit, before, "room under the cap")
    if before:
        room = graph.add(Greatest((graph.constant(Fraction(0)), room), "room under the cap"))
    wanted = graph.total(weights, "due before the cap")
    return graph.less(wanted, [graph.add(Least((wanted, room), "payable under the cap"))], "cut by the cap")
