"""Why a line is what it is: its clause, its rate, the records that earned it, and what else touches it."""

from __future__ import annotations

from fractions import Fraction

from attrs import field, frozen

from sibdsl.dates import long
from sibdsl.diagnostics import Diagnostic, Refused, nearest
from sibdsl.measure.persons import Earned, earned
from sibdsl.model.nodes import BlockAdvance, Cap, Contract, Metric, Payment
from sibdsl.price import Key, PricedLine
from sibdsl.settle.explain import rests
from sibdsl.settle.explain.rests import Rest
from sibdsl.settle.explain.trace import (
    BlockState,
    CapState,
    Unexplained,
    advance_of,
    block_state,
    cap_state,
    touched,
    touching,
)
from sibdsl.settle.payments import Payments, keys_of
from sibdsl.settle.run import Paid
from sibdsl.source import Span


@frozen
class Counted:
    """What a payment line counts: the metric, each quantity by band ('' where it has none), and the records behind."""

    metric: Metric
    numbers: tuple[tuple[str, Fraction], ...]
    records: tuple[Earned, ...] = field(repr=False)


@frozen
class LineFacts:
    """One line with all that it rests on. What does not belong to its kind is empty or None.

    `clause` is the block that pays or takes away, `row` where in it. `touches` are the lines of the run that take from a
    payment line, `left` is what they leave of it; `fees` are the payment lines that a set off or a cut touches. `caps` has
    every cap that could cut a payment line, `cut` the one whose cut this line is.
    """

    run: Payments
    one: PricedLine
    clause: Payment | BlockAdvance | Cap
    row: Span
    rests: tuple[Rest, ...]
    counted: Counted | None
    touches: tuple[PricedLine, ...]
    left: Fraction
    fees: tuple[PricedLine, ...]
    caps: tuple[CapState, ...]
    cut: CapState | None
    block: BlockState | None

    @property
    def contract(self) -> Contract:
        return self.run.contract


def find(run: Payments, name: str) -> PricedLine:
    """The line of that id, capitals aside. Raises Refused with the ids that there are."""
    wanted = name.strip().upper()
    for one in run.lines:
        if one.id.upper() == wanted:
            return one
    ids = [one.id for one in run.lines]
    near = nearest(wanted, ids)
    if not ids:
        way_out = "This run has no lines: nothing is paid by then."
    else:
        there = f"Its lines are {ids[0]} to {ids[-1]}" if len(ids) > 1 else f"Its only line is {ids[0]}"
        way_out = (
            f"{there}{f'; the nearest is {near}' if near else ''}. `sib pay` with `--lines` shows them all."
        )
    raise Refused(
        Diagnostic(
            "SIB0701", f"`--line {name}` names no line of this run, as of {long(run.as_of)}.", help=way_out
        )
    )


def explain_line(paid: Paid, name: str) -> LineFacts:
    """All that a line rests on. The volumes must still be open.

    Raises:
        Refused: there is no such line.
        Unexplained: the records or the steps do not come to the line's own figures.
    """
    run = paid.payments
    one = find(run, name)
    if run.priced.rebuild(one, run.quantities) != one.amount:
        raise Unexplained(f"the steps behind {one.id} do not come to its amount")
    line = one.line
    if line.kind == "payment":
        return _payment(paid, one)
    contract = run.contract
    fees = tuple(
        other
        for other in run.lines
        if other.line in touched(run.priced.graph, line) and line.kind != "advance"
    )
    if line.kind == "cap_cut":
        state = cap_state(contract, run.priced, line)
        read = rests.of_cap(contract, run.settings, state.row)
        return LineFacts(run, one, state.cap, line.span, read, None, (), one.amount, fees, (), state, None)
    block, advance = advance_of(contract, line)
    read = rests.of_block(contract, run.settings, block, advance)
    met = block_state(contract, run.priced, line) if line.kind == "set_off" else None
    return LineFacts(run, one, block, line.span, read, None, (), one.amount, fees, (), None, met)


def _payment(paid: Paid, one: PricedLine) -> LineFacts:
    run, line = paid.payments, one.line
    contract, graph = run.contract, run.priced.graph
    payment = next(each for each in contract.payments if each.name == line.payment)
    metric = next(each for each in contract.metrics if each.name == line.metric)
    touches = touches_of(run, one)
    caps = tuple(cap_state(contract, run.priced, each) for each in touching(graph, line, "cap_cut"))
    return LineFacts(
        run,
        one,
        payment,
        line.span,
        rests.of_payment(contract, run.settings, payment, line, metric),
        _counted(paid, one, metric),
        touches,
        one.amount + sum((each.amount for each in touches), Fraction(0)),
        (),
        caps,
        None,
        None,
    )


def touches_of(run: Payments, one: PricedLine) -> tuple[PricedLine, ...]:
    """The lines of the run that take from a payment line: set off first, then cuts, as they were made."""
    graph = run.priced.graph
    lines = [*touching(graph, one.line, "set_off"), *touching(graph, one.line, "cap_cut")]
    return tuple(each for each in run.lines if each.line in lines)


def _counted(paid: Paid, one: PricedLine, metric: Metric) -> Counted:
    """The records behind a payment line, counted again."""
    line, run = one.line, paid.payments
    keys = [key for key in keys_of(run.contract, metric, line.segment) if line.band in ("", key.band)]
    numbers: list[tuple[str, Fraction]] = []
    records: list[Earned] = []
    for key in keys:
        found = list(earned(paid.volumes, line.segment, metric.name, key.band))
        number = run.quantities.get(Key(line.segment, metric.name, key.band), Fraction(0))
        if len(found) != number:
            raise Unexplained(
                f"{one.id} was paid for {number} of {metric.name}{f', {key.band}' if key.band else ''}, "
                f"and the records show {len(found)}"
            )
        numbers.append((key.band, number))
        records.extend(found)
    if len(records) != one.quantity:
        raise Unexplained(f"{one.id} was paid for {one.quantity}, and the records show {len(records)}")
    return Counted(metric, tuple(numbers), tuple(records))
