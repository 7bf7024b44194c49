"""What is held back until a condition is met, and paid when it first is. Source: language reference, 'Held back until'.

The condition is read at the end of each statement period, and stays met once it has been. Until then every sum of the payment
is kept, by payer and payee; in the statement period in which it is first met all that was kept is paid, in one line.
"""

from __future__ import annotations

from fractions import Fraction

from attrs import define, evolve, field

from sibdsl.model.nodes import PaidWhen, Payment
from sibdsl.model.novated_parties import heir, party_on
from sibdsl.model.periods import Segment
from sibdsl.model.types import Interval
from sibdsl.price.builder import Builder, Due
from sibdsl.price.conditions_of_payment import whether
from sibdsl.price.graph import Choose, Graph, Kept, Line
from sibdsl.price.provenance import Purpose, Released

_MET = (Interval(high=Fraction(1)), Interval(Fraction(1), True))
#: The payment, its payer and its payee.
Pair = tuple[str, str, str]


@define
class HeldSums:
    """What is held back of a payment between two parties: as a step, by the end of the statement period before.

    `now` are the sums of the period itself; `lines` are all that there were, each with its step.
    """

    kept: int
    now: list[int] = field(factory=list)
    lines: list[tuple[Line, int]] = field(factory=list)


@define
class Met:
    """Whether the condition of a payment had been met by the end of a statement period: a step that is 1 or 0."""

    condition: PaidWhen | None
    step: int


def hold(builder: Builder, segment: Segment, due: list[Due], first: int) -> list[Due]:
    """The lines due in a segment, those that are held back without what is kept of them, and those of what is paid at last.

    `first` is where they stand among the graph's lines. What a limit for each person took of a line, and what was taken off it for
    rows below nought, is held back with it: what is kept is what they left.
    """
    names = {payment.name for payment in builder.contract.payments if payment.held_until is not None}
    if not names:
        return due
    graph, nought = builder.graph, builder.graph.constant(Fraction(0))
    for at, due_line in enumerate(due):
        line = due_line.line
        if line.payment not in names or line.kind != "payment":
            continue
        met = _met(builder, line.payment, segment)
        amount = due_line.left
        if amount != line.amount:
            _hold_touching(graph, line, first, met)
        paid = graph.add(Choose((met, nought, amount), _MET, Purpose.HELD_BACK))
        shown = graph.add(Choose((met, nought, line.amount), _MET, Purpose.HELD_BACK))
        contract = builder.contract
        pair = line.payment, heir(contract, line.payer), heir(contract, line.payee)
        held = builder.held.setdefault(pair, HeldSums(nought))
        held.now.append(amount)
        held.lines.append((line, amount))
        due_line.line = graph.lines[first + at] = evolve(line, amount=shown)
        due_line.left, due_line.rate, due_line.exact = paid, None, 0
    return [*due, *_released(builder, segment)]


def _hold_touching(graph: Graph, line: Line, first: int, met: int) -> None:
    """What was taken of a line before it is held back is taken when the line is due, and else of what is kept."""
    nought = graph.constant(Fraction(0))
    for at in range(first, len(graph.lines)):
        other = graph.lines[at]
        if other.kind in ("cap_cut", "taken_back") and _slot(other) == _slot(line):
            held = graph.add(Choose((met, nought, other.amount), _MET, Purpose.HELD_BACK))
            graph.lines[at] = evolve(other, amount=held)


def _slot(line: Line) -> tuple[object, ...]:
    """What tells the lines of one segment apart, and is the same of what is taken of them."""
    return line.segment, line.payer, line.payee, line.payment, line.metric, line.band, line.tier, line.due


def _released(builder: Builder, segment: Segment) -> list[Due]:
    """The lines of what was held back before and is paid now: in the last part of a statement period."""
    parts = [part for part in builder.segments if part.statement == segment.statement]
    if segment != parts[-1]:
        return []
    graph, nought = builder.graph, builder.graph.constant(Fraction(0))
    found: list[Due] = []
    for pair, held in builder.held.items():
        met = _met(builder, pair[0], segment)
        before = held.kept
        if before != nought:
            earlier = [
                (line, step) for line, step in held.lines if line.segment.statement != segment.statement
            ]
            amount = graph.add(Choose((met, nought, before), _MET, Purpose.RELEASED))
            line = _line(builder, segment, pair, amount, earlier)
            graph.lines.append(line)
            found.append(Due(line, amount))
        every = graph.total([before, *held.now], Purpose.HELD_SO_FAR)
        held.kept = graph.add(Choose((met, every, nought), _MET, Purpose.HELD_SO_FAR))
        held.now = []
        graph.held.setdefault((builder.name, *pair), {})[segment.statement] = Kept(
            builder.name, *pair, held.kept
        )
    return found


def _line(
    builder: Builder, segment: Segment, pair: Pair, amount: int, earlier: list[tuple[Line, int]]
) -> Line:
    """The line of all that was held back of a payment between two parties."""
    lines = [line for line, _ in earlier]
    metrics = tuple(dict.fromkeys(name for line in lines for name in line.metrics))
    payment = _in_force(builder, pair[0], segment)
    now = segment.days.last
    return evolve(
        lines[-1], kind="released", payer=party_on(builder.contract, lines[-1].payer, now),
        payee=party_on(builder.contract, lines[-1].payee, now), segment=segment, clause=payment.clause, quantity=None, rate=None, amount=amount,
        metrics=metrics, metric=metrics[0] if len(metrics) == 1 else "", band="", tier=None, share=None, whole=None, due=None,
        agent=payment.agent, span=payment.span, provenance=Released(payment, tuple(earlier)),
    )  # fmt: skip


def _in_force(builder: Builder, name: str, segment: Segment) -> Payment:
    """The version of a payment that holds in a segment: where none does any more, the last one before."""
    versions = [payment for payment in builder.contract.payments if payment.name == name]
    now = [payment for payment in versions if payment.applies.on(segment.days)]
    if now:
        return now[-1]
    begun = [
        payment
        for payment in versions
        if payment.applies.first is None or payment.applies.first <= segment.days.last
    ]
    return (begun or versions)[-1]


def _met(builder: Builder, name: str, segment: Segment) -> int:
    """Whether the condition had been met by the end of the segment's statement period: 1, or 0 where it is not known either."""
    key = name, segment.statement
    if key not in builder.met:
        graph = builder.graph
        condition = _in_force(builder, name, segment).held_until
        before = [met for (other, _), met in builder.met.items() if other == name][-1:]
        # What one condition has released, another that takes its place does not hold back again; nor was it met by then.
        nought, one = graph.constant(Fraction(0)), graph.constant(Fraction(1))
        since = before[0].step if before and before[0].condition == condition else nought
        step = one if condition is None else whether(builder, condition, segment, (one, since, since))
        builder.met[key] = Met(condition, step)
    return builder.met[key].step
