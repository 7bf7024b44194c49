"""What one payer pays one payee in a statement, rounded once. Source: language reference, 'Rounding'.

The lines stay exact until all of a statement is known, shared payers included. Their total is rounded; each row of a payment
gets its part of it, and each part of the period its part of the row's, by the largest remainder, ties in clause order. So a
period that is counted in parts pays each payment what it pays in one.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve, frozen

from sibdsl.model.bounds import for_each_person
from sibdsl.model.periods import Segment
from sibdsl.price.builder import Builder, Due
from sibdsl.price.graph import Round, SplitPart
from sibdsl.price.provenance import EarnedBy, Purpose

#: Which row of which payment a line is of: the places of the payment, of the row and of the tier in it, and of its payer.
Place = tuple[int, int, int, int]


@frozen
class LineRow:
    """A line on its way, with its row; `whole` is the number of the line, in its segment, that payers share as this one."""

    place: Place
    due: Due


def rounded_together(builder: Builder, rows: Mapping[Segment, list[LineRow]]) -> dict[Segment, list[Due]]:
    """The lines of one statement period, by segment, each with its part of what is rounded.

    What falls due on a day of its own stands by itself, and has been rounded.
    """
    done = {segment: [row.due for row in mine] for segment, mine in rows.items()}
    groups: dict[tuple[str, str], dict[Place, list[tuple[Segment, int]]]] = {}
    for segment, mine in rows.items():
        for at, row in enumerate(mine):
            line = row.due.line
            if line.due is None and not _kept(builder, row.due):
                group = groups.setdefault((line.payer, line.payee), {})
                group.setdefault(row.place, []).append((segment, at))
    for group in groups.values():
        _round(builder, done, dict(sorted(group.items())))
    return {segment: _shared_wholes(builder, mine, done[segment]) for segment, mine in rows.items()}


def _kept(builder: Builder, due: Due) -> bool:
    """Whether a line comes in whole pennies in any case: its payment rounds it, or a limit for each person tells who earned it."""
    by = due.line.provenance
    if isinstance(by, EarnedBy) and by.payment.rounding is not None:
        return True
    return (
        any(for_each_person(row) for cap in builder.contract.caps for row in cap.rows)
        and due.rate is not None
        and (due.rate / builder.grain).denominator == 1
        and builder.metrics[due.line.metric].whole
    )


def _round(
    builder: Builder, done: dict[Segment, list[Due]], group: dict[Place, list[tuple[Segment, int]]]
) -> None:
    graph, rounding = builder.graph, builder.contract.rounding
    exact = [[done[segment][at].left for segment, at in places] for places in group.values()]
    totals = [graph.total(steps) for steps in exact]
    whole = graph.add(Round((graph.total(totals),), builder.grain, rounding.way))
    for row, places in enumerate(group.values()):
        of_row = whole
        if len(totals) > 1:
            said = Purpose.PART_OF_STATEMENT
            of_row = graph.add(SplitPart((whole, *totals), row, builder.grain, said, "rounded"))
        for part, (segment, at) in enumerate(places):
            step = of_row
            if len(places) > 1:
                said = Purpose.PART_OF_PERIOD
                step = graph.add(SplitPart((of_row, *exact[row]), part, builder.grain, said, "parts"))
            done[segment][at] = Due(evolve(done[segment][at].line, amount=step), step)


def _shared_wholes(builder: Builder, rows: list[LineRow], dues: list[Due]) -> list[Due]:
    """The lines, where several share one with the whole that their parts come to."""
    parts: dict[tuple[int, int, int], list[int]] = {}
    for row, due in zip(rows, dues, strict=True):
        parts.setdefault(row.place[:3], []).append(due.left)
    return [
        due
        if due.line.whole is None or due.line.due is not None
        else evolve(due, line=evolve(due.line, whole=builder.graph.total(parts[row.place[:3]])))
        for row, due in zip(rows, dues, strict=True)
    ]
