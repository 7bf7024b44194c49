"""What becomes of what a payment comes to below nought. Source: language reference, 'Amounts below nought'.

Over a whole statement period, of each payment, between each payer and payee: what its rows come to below nought is taken off
what others come to. What is left below nought is paid back, kept for later payments, or not paid back at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from attrs import define, evolve, field

from sibdsl.model.nodes import TakenBack
from sibdsl.model.novated_parties import heir
from sibdsl.model.periods import Segment
from sibdsl.price.builder import Builder, Due
from sibdsl.price.graph import Greatest, Kept, Line, SplitPart
from sibdsl.price.provenance import EarnedBy, HeldFromNought, OwedBack, Purpose

#: The payment, its payer and its payee.
Pair = tuple[str, str, str]
#: A line of a statement period: its part of the period, and its place among the lines due there.
Place = tuple[Segment, int]


@define
class Running:
    """What a payment from a payer to a payee came to in the statement periods before, and what was paid of it."""

    came_to: int | None = None
    paid: int | None = None


@define
class Netted:
    """One statement period of a payment between two parties: what each line comes to, from nought up, and loses."""

    way: TakenBack
    lines: dict[Place, Line] = field(factory=dict)
    came_to: dict[Place, int] = field(factory=dict)
    gross: dict[Place, int] = field(factory=dict)
    taken: dict[Place, int] = field(factory=dict)
    #: What is paid back, by the part of the period in which it was lost.
    repaid: dict[Segment, int] = field(factory=dict)


def settle(builder: Builder, segment: Segment, every: Mapping[Segment, list[Due]], first: int) -> list[Due]:
    """The lines due in a segment with what is taken off them, and lines for what is owed back.

    `every` is what is earned in each segment, with only what limits for each person left of it. `first` is where the segment's
    own stand among the graph's lines. What is owed back is `left` below nought, so that it counts against what limits cover.
    Every other line has left from nought up.
    """
    due = every[segment]
    if not any(payment.taken_back for payment in builder.contract.payments):
        return due
    netted = _netted(builder, segment, every)
    graph, nought = builder.graph, builder.graph.constant(Fraction(0))
    for at, due_line in enumerate(due):
        mine = netted.get(_pair(builder, due_line.line))
        gross = None if mine is None else mine.gross.get((segment, at))
        if mine is None or gross is None:
            continue
        line = due_line.line
        if gross != due_line.left:
            earned_by = evolve(_earned_by(line), came_to=mine.came_to[segment, at])
            line = graph.lines[first + at] = evolve(line, amount=gross, provenance=earned_by)
        due_line.line, due_line.left = line, gross
        taken = mine.taken.get((segment, at), nought)
        if taken == nought:
            continue
        graph.lines.append(
            evolve(
                line,
                kind="taken_back",
                quantity=None,
                rate=None,
                amount=graph.add_negative(taken),
                whole=None,
                share=None,
                provenance=HeldFromNought(_earned_by(line).payment, mine.way),
            )
        )
        due_line.left = graph.less(gross, [taken], Purpose.LEFT_TO_PAY)
    back = [
        _owed_back(builder, mine, segment, mine.repaid[segment])
        for mine in netted.values()
        if segment in mine.repaid
    ]
    graph.lines.extend(due.line for due in back)
    return [*due, *back]


def _earned_by(line: Line) -> EarnedBy:
    if not isinstance(line.provenance, EarnedBy):
        raise TypeError(f"no row of {line.payment} earns this line")
    return line.provenance


def _pair(builder: Builder, line: Line) -> Pair:
    contract = builder.contract
    return line.payment, heir(contract, line.payer), heir(contract, line.payee)


def _netted(builder: Builder, segment: Segment, every: Mapping[Segment, list[Due]]) -> dict[Pair, Netted]:
    """Every payment of the statement period that says what becomes of less than nought; worked out once for the period."""
    known = builder.netted.get(segment.statement)
    if known is None:
        parts = [
            other_segment
            for other_segment in builder.segments
            if other_segment.statement == segment.statement
        ]
        known = builder.netted[segment.statement] = _statement(builder, {part: every[part] for part in parts})
    return known


def _statement(builder: Builder, parts: Mapping[Segment, list[Due]]) -> dict[Pair, Netted]:
    lines: dict[Pair, dict[Place, Due]] = {}
    ways: dict[Pair, TakenBack] = {}
    for part, earned in parts.items():
        said = {
            payment.name: payment.taken_back
            for payment in builder.contract.payments
            if payment.taken_back and payment.applies.on(part.days) and payment.all_units is None
        }
        for at, due in enumerate(earned):
            if due.line.payment in said and due.line.due is None:
                lines.setdefault(_pair(builder, due.line), {})[part, at] = due
                ways[_pair(builder, due.line)] = said[due.line.payment]
    return {pair: _net(builder, pair, ways[pair], mine) for pair, mine in lines.items()}


def _net(builder: Builder, pair: Pair, way: TakenBack, lines: dict[Place, Due]) -> Netted:
    graph, nought = builder.graph, builder.graph.constant(Fraction(0))
    found = Netted(way)
    for place, line in lines.items():
        falls = line.line.rate is None or bool(builder.below & set(line.line.metrics))
        found.lines[place], found.came_to[place] = line.line, line.left
        found.gross[place] = (
            graph.add(Greatest((nought, line.left), Purpose.NOT_BELOW_NOUGHT)) if falls else line.left
        )
    whole = graph.total([due.left for due in lines.values()], Purpose.IN_STATEMENT)
    gross = list(found.gross.values())
    from_nought = graph.add(Greatest((nought, whole), Purpose.NOT_BELOW_NOUGHT))
    paid = from_nought
    if way == "from later payments":
        paid = _after_earlier(builder, pair, whole, from_nought)
    if paid != graph.total(gross):
        off = graph.less(graph.total(gross), [paid], Purpose.TAKEN_BACK)
        for at, place in enumerate(lines):
            found.taken[place] = (
                off
                if len(gross) == 1
                else graph.add(SplitPart((off, *gross), at, graph.grain, Purpose.TAKEN_BACK))
            )
    if way == "by repayment":
        found.repaid = _by_part(builder, whole, lines)
    return found


def _by_part(builder: Builder, whole: int, lines: dict[Place, Due]) -> dict[Segment, int]:
    """What is owed back of a period, by the parts in which it was lost: of each its part of all losses, the largest remainder."""
    graph, nought = builder.graph, builder.graph.constant(Fraction(0))
    owed = graph.add(Greatest((nought, graph.add_negative(whole)), Purpose.OWED_BACK))
    by_part: dict[Segment, list[int]] = {}
    for (part, _), line in lines.items():
        by_part.setdefault(part, []).append(line.left)
    if len(by_part) == 1:
        return dict.fromkeys(by_part, owed)
    lost = [
        graph.add(Greatest((nought, graph.add_negative(graph.total(steps))), Purpose.LOST_IN_PART))
        for steps in by_part.values()
    ]
    return {
        part: graph.add(SplitPart((owed, *lost), at, graph.grain, Purpose.OWED_BACK))
        for at, part in enumerate(by_part)
    }


def _after_earlier(builder: Builder, pair: Pair, whole: int, from_nought: int) -> int:
    """What is paid now: by how much all that the payment came to exceeds the most that it had come to before.

    So what fell below nought is made up first, and never more than that is taken.
    """
    graph = builder.graph
    running = builder.running.setdefault(pair, Running())
    if running.came_to is None or running.paid is None:
        running.came_to, running.paid = whole, from_nought
        now = from_nought
    else:
        running.came_to = graph.total([running.came_to, whole], Purpose.COME_TO_SO_FAR)
        before, running.paid = (
            running.paid,
            graph.add(Greatest((running.paid, running.came_to), Purpose.PAID_SO_FAR)),
        )
        now = graph.less(running.paid, [before], Purpose.MORE_THAN_BEFORE)
    kept = graph.less(running.paid, [running.came_to], Purpose.NOT_TAKEN_BACK)
    graph.kept[builder.name, *pair] = Kept(builder.name, *pair, kept)
    return now


def _owed_back(builder: Builder, mine: Netted, segment: Segment, repaid: int) -> Due:
    """The line of what the payee owes back, with payer and payee turned round."""
    graph = builder.graph
    every = [line for (part, _), line in mine.lines.items() if part == segment]
    line = every[-1]
    metrics = tuple(dict.fromkeys(name for line in every for name in line.metrics))
    bands, tiers = {line.band for line in every}, {line.tier for line in every}
    turned = evolve(
        line, kind="repaid", payer=line.payee, payee=line.payer, quantity=None, rate=None, amount=repaid, agent="",
        metrics=metrics, metric=metrics[0] if len(metrics) == 1 else "", band=line.band if len(bands) == 1 else "",
        tier=line.tier if len(tiers) == 1 else None, share=None, whole=None,
        provenance=OwedBack(_earned_by(line).payment, mine.way),
    )  # fmt: skip
    return Due(turned, graph.add_negative(repaid))
