"""How an amount is taken from what falls due together: by block advances and by limits.

Together means what falls due on one day: pro rata, by the largest remainder, or by clause. Source: language reference,
'Caps'.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import assert_never

from sibdsl.price.builder import Due
from sibdsl.price.graph import Graph, Greatest, Least, Line, LineKind, SplitPart
from sibdsl.price.provenance import BlockMet, BlockUse, CapCut, CapRoom, Deducted, Meaning, Purpose, Taking


def above_nought(graph: Graph, due: Due) -> int:
    """The step of what there is to take from: what is left, where that is not below nought."""
    if not due.signed:
        return due.left
    return graph.add(Greatest((graph.constant(Fraction(0)), due.left), Purpose.ABOVE_NOUGHT))


def below_nought(graph: Graph, due: Due) -> int:
    """The step of what is left where that is below nought; else nought."""
    return graph.add(Least((graph.constant(Fraction(0)), due.left), Purpose.BELOW_NOUGHT))


def take_set_off(graph: Graph, use: BlockUse, fees: Sequence[Due], whole: int) -> None:
    """Take the step `whole`, which a block meets, off what is left of the fees above nought: pro rata. A line for each part."""
    weights = [above_nought(graph, fee) for fee in fees]
    taking = Taking(whole, tuple(weights))
    parts = pro_rata(graph, whole, weights, Purpose.PART_MET)
    for index, (part, fee) in enumerate(zip(parts, fees, strict=True)):
        take_part(graph, BlockMet(use, taking, index), fee, part)


def take_cut(
    graph: Graph, room: CapRoom, lines: Sequence[Due], whole: int, *, by_clause: bool
) -> list[tuple[CapCut, int]]:
    """Take the step `whole`, which a limit cuts, off what is left of the lines above nought, and write a line for each part.

    Pro rata; or `by_clause`, from the last line first, so that the earlier clause keeps the most. The parts, as steps.
    """
    weights = [above_nought(graph, due) for due in lines]
    taking = Taking(whole, tuple(weights), in_turn=by_clause and len(lines) > 1)
    parts = (
        from_the_last(graph, whole, weights)
        if by_clause
        else pro_rata(graph, whole, weights, Purpose.PART_OF_CUT)
    )
    cuts = [CapCut(room, taking, index) for index in range(len(lines))]
    for cut, part, due in zip(cuts, parts, lines, strict=True):
        take_part(graph, cut, due, part)
    return list(zip(cuts, parts, strict=True))


def take_part(graph: Graph, taken: CapCut | BlockMet | Deducted, due: Due, part: int) -> None:
    """Take the step `part` off one line, and write a line for it."""
    kind: LineKind
    match taken:
        case CapCut(room=room):
            kind, rule, clause, span = "cap_cut", room.cap.name, room.cap.clause, room.row.span
        case Deducted(deduction=deduction):
            kind, rule, clause, span = "deducted", deduction.name, deduction.clause, deduction.span
        case BlockMet(use=use):
            kind, rule, clause, span = "set_off", use.block.name, use.block.clause, use.advance.span
        case _:
            assert_never(taken)
    line = due.line
    graph.lines.append(
        Line(
            kind, line.segment, line.payer, line.payee, clause, line.payment, line.metric, line.band,
            None, None, graph.add_negative(part), rule, due=line.due, agent=line.agent,
            metrics=line.metrics, tier=line.tier, contract=line.contract, origin=line.origin, result=line.result,
            span=span, provenance=taken,
        )
    )  # fmt: skip
    due.left = graph.less(due.left, [part], Purpose.LEFT_TO_PAY)


def pro_rata(graph: Graph, whole: int, weights: list[int], meaning: Meaning) -> list[int]:
    """The parts of the step `whole` by what each comes to, the largest remainder."""
    if len(weights) == 1:
        return [whole]
    return [graph.add(SplitPart((whole, *weights), at, graph.grain, meaning)) for at in range(len(weights))]


def from_the_last(graph: Graph, whole: int, weights: Sequence[int]) -> list[int]:
    """Of each the least of what it comes to and what those after it left to take."""
    if len(weights) == 1:
        return [whole]
    found: list[int] = []
    for weight in reversed(weights):
        rest = graph.less(whole, found, Purpose.STILL_TO_CUT)
        found.append(graph.add(Least((weight, rest), Purpose.CUT_IN_TURN)))
    return found[::-1]


def beyond(graph: Graph, limit: int, before: list[int], weights: list[int]) -> int:
    """The step of what is due beyond the room that a limit (a step) has left after what was paid `before`."""
    room = graph.less(limit, before, Purpose.ROOM)
    if before:
        room = graph.add(Greatest((graph.constant(Fraction(0)), room), Purpose.ROOM))
    wanted = graph.total(weights, Purpose.DUE_BEFORE_LIMIT)
    return graph.less(wanted, [graph.add(Least((wanted, room), Purpose.PAYABLE))], Purpose.CUT)
