"""What block advances meet of fees, day by day: set off in money or in whole units, at once or in equal quarters.

Source of the rules: language reference, 'Block advances'.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from math import floor

from attrs import define, field

from sibdsl import money
from sibdsl.dates import Period
from sibdsl.diagnostics import Unpriceable
from sibdsl.model.nodes import Advance, BlockAdvance, Contract
from sibdsl.model.novated_parties import is_one_of
from sibdsl.model.who_pays import rates_met
from sibdsl.price.apportionment import above_nought, take_set_off
from sibdsl.price.builder import Builder, Due, inside
from sibdsl.price.graph import Least
from sibdsl.price.provenance import (
    BlockUse,
    Purpose,
    QuartersBegun,
)


@define(eq=False)
class AdvanceBeingMet:
    """One block advance on its way: how much of it has met fees so far."""

    advance: Advance
    rule: BlockAdvance
    amount: int
    paid_on: date
    days: Period | None
    usable: int | None
    #: Whether what met no fee of that time meets later ones.
    goes_on: bool = False
    earned: list[int] = field(factory=list)
    met: int | None = None
    #: The contract quarters of its time, where it is set off in as many equal parts; and what of it can meet fees.
    quarters: tuple[Period, ...] = ()
    worth: Fraction = Fraction(0)


def whole_units(builder: Builder, advance: Advance, amount: Fraction) -> Fraction:
    """What of the amount comes to whole units at the one rate of what it is set off against. Raises Unpriceable."""
    mine = rates_met(builder.contract, advance)
    if any(rate.payers.shares for rate in mine):
        raise Unpriceable(
            "A block set off in units needs payments that one payer pays alone: a part of a unit is no unit.",
            advance.span,
        )
    rates = {builder.settings.number(rate.amount) for rate in mine}
    if len(rates) != 1 or 0 in rates:
        raise Unpriceable(
            "A block set off in units needs one rate, above nought, in the payments that it is set against.",
            advance.span,
        )
    rate = rates.pop()
    return rate * floor(amount / rate)


def set_off(builder: Builder, block: AdvanceBeingMet, day: date, fees: Sequence[Due]) -> None:
    """What the block meets of the fees that fall due on a day: the least of the block and the fees so far, less what it met.

    The fees of its time come first, also where later ones fall due on the same day. Of several fees it meets a part of each,
    pro rata. What is below nought it does not see.
    """
    if block.days is None or block.usable is None:
        return
    mine = [fee for fee in fees if _meets(builder.contract, block, fee)]
    own = [due for due in mine if inside(due.line.segment.days, block.days)]
    later = [due for due in mine if due.line.segment.days.start >= block.days.end] if block.goes_on else []
    for together in (own, later):
        if together:
            _meet(builder, block, block.usable, day, together)


def _meet(builder: Builder, block: AdvanceBeingMet, usable: int, day: date, mine: Sequence[Due]) -> None:
    graph = builder.graph
    weights = [above_nought(graph, due) for due in mine]
    block.earned.extend(weights)
    so_far = graph.total(list(block.earned), Purpose.FEES_SO_FAR)
    before = [] if block.met is None else [block.met]
    if block.quarters:
        usable, now = _by_quarters(builder, block, day, weights, so_far)
    else:
        met = graph.add(Least((usable, so_far), Purpose.MET_SO_FAR))
        now = graph.less(met, before, Purpose.MET_NOW)
        block.met = met
    use = BlockUse(block.rule, block.advance, block.amount, usable, so_far, tuple(before))
    take_set_off(graph, use, mine, now)


def _meets(contract: Contract, block: AdvanceBeingMet, due: Due) -> bool:
    line, advance = due.line, block.advance
    return (
        line.kind in ("payment", "released")
        and line.payment in advance.against
        and is_one_of(contract, line.payer, (advance.payer,))
        and is_one_of(contract, line.payee, (advance.payee,))
    )


def _by_quarters(
    builder: Builder, block: AdvanceBeingMet, day: date, due: list[int], so_far: int
) -> tuple[int, int]:
    """The equal parts of the quarters begun, and what a block meets of what is due now.

    That is no more than these parts, less what it met before.
    """
    graph = builder.graph
    begun = sum(1 for quarter in block.quarters if quarter.start <= day)
    part = money.round_to(block.worth * begun / len(block.quarters), builder.grain, "down")
    ready = graph.constant(part, QuartersBegun(block.rule.name, begun, len(block.quarters)))
    before = [block.met] if block.met is not None else []
    room = graph.less(ready, before, Purpose.QUARTERS_LEFT)
    now = graph.add(Least((room, graph.total(due, Purpose.DUE_NOW), so_far), Purpose.MET_OF_QUARTERS))
    block.met = graph.total([*before, now], Purpose.MET_SO_FAR)
    return ready, now
