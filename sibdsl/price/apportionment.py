"""How an amount is taken from what falls due together: by block advances and by limits.

Together means what falls due on one day: pro rata, by the largest remainder, or by clause. Source: language reference,
'Caps'.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

from attrs import frozen

from sibdsl.price.builder import Due
from sibdsl.price.graph import Graph, Greatest, Least, Line, Part
from sibdsl.source import Span

#: What steps of a cut by clause say of themselves.
CUT_BY_CLAUSE, STILL_TO_CUT = "cut, from the last clause", "still to be cut"
#: What a step says that holds all that is cut of what was carried forward at several times under one line.
CUT_BY_AGE = "cut, of all ages"
#: And those of what a block meets of its quarters so far.
BY_QUARTERS = "met by the block of its quarters"


@frozen
class Taker:
    """The clause that takes: what its lines are, its name and clause, and where it stands."""

    kind: Literal["set_off", "cap_cut"]
    name: str
    clause: str
    span: Span


def above_nought(graph: Graph, due: Due) -> int:
    """The step of what there is to take from: what is left, where that is not below nought."""
    if not due.signed:
        return due.left
    return graph.add(Greatest((graph.constant(Fraction(0)), due.left), "above nought"))


def below_nought(graph: Graph, due: Due) -> int:
    """The step of what is left where that is below nought; else nought."""
    return graph.add(Least((graph.constant(Fraction(0)), due.left), "below nought"))


def take(
    graph: Graph, taker: Taker, due: Sequence[Due], whole: int, note: str, *, by_clause: bool = False
) -> list[int]:
    """Take the step `whole` off what is left of the lines above nought, and write a line for each part. The parts, as steps.

    Pro rata; or `by_clause`, from the last line first, so that the earlier clause keeps the most.
    """
    weights = [above_nought(graph, one) for one in due]
    parts = from_the_last(graph, whole, weights) if by_clause else _pro_rata(graph, whole, weights, note)
    for part, one in zip(parts, due, strict=True):
        take_part(graph, taker, one, part)
    return parts


def take_part(graph: Graph, taker: Taker, due: Due, part: int) -> None:
    """Take the step `part` off one line, and write a line for it."""
    line = due.line
    graph.lines.append(
        Line(
            taker.kind, line.segment, line.payer, line.payee, taker.clause, line.payment, line.metric, line.band,
            None, None, graph.add_negative(part), taker.name, due=line.due, agent=line.agent,
            metrics=line.metrics, tier=line.tier, contract=line.contract, origin=line.origin, result=line.result,
            span=taker.span,
        )
    )  # fmt: skip
    due.left = graph.less(due.left, [part], "left to pay")


def _pro_rata(graph: Graph, whole: int, weights: list[int], note: str) -> list[int]:
    if len(weights) == 1:
        return [whole]
    return [graph.add(Part((whole, *weights), at, graph.grain, note)) for at in range(len(weights))]


def from_the_last(graph: Graph, whole: int, weights: Sequence[int]) -> list[int]:
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
