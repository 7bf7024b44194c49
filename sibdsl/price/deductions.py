"""What deductions take off what falls due on a day. Source of the rules: language reference, 'Deductions'.

One after another in the order of the text: a percentage of all that is due on the day under the payments covered, as those before
left it; or a sum of money, once for each statement period, of what is due on its last day and never more. What is taken is rounded
once, and shared over the lines as cuts are.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

from sibdsl import money
from sibdsl.dates import Period
from sibdsl.diagnostics import Unpriceable
from sibdsl.model.nodes import Deduction
from sibdsl.model.periods import Segment
from sibdsl.model.workings import speaks_of_quantities
from sibdsl.price.apportionment import above_nought, pro_rata, take_part
from sibdsl.price.builder import Builder, Due, Unmeasured
from sibdsl.price.conditions_of_payment import whether
from sibdsl.price.graph import Graph, Greatest, Least, Line, Round, Scale
from sibdsl.price.provenance import Deducted, Purpose, Taking
from sibdsl.price.selected_lines import covers


def deduct(graph: Graph, member: Builder, day: date, every: Sequence[Due], *, limits_first: bool) -> None:
    """Take off what falls due in a contract on a day, before blocks and limits or after them, and write lines for it."""
    for deduction in member.contract.deductions:
        if deduction.limits_first is limits_first:
            mine = [due for due in every if _under(deduction, member, due.line, day)]
            taken_from = [due for due in mine if due.line.kind != "repaid"]
            if taken_from and (
                deduction.amount.kind == "percentage" or day == taken_from[0].line.segment.statement.last
            ):
                _take(graph, member, deduction, mine, taken_from)


def _under(deduction: Deduction, member: Builder, line: Line, day: date) -> bool:
    applies = deduction.applies
    if (
        deduction.amount.kind == "money"
    ):  # a sum is one for the statement, of the text in force when it is taken
        in_force = applies.on_line(Period(day, day + timedelta(days=1)), day)
    else:
        in_force = applies.on_line(line.segment.days, line.due)
    return (
        in_force
        and line.contract == member.name
        and line.kind not in ("advance", "recovered")
        and covers(member.contract, member.settings, deduction.covers, line)
        and not any(covers(member.contract, member.settings, chosen, line) for chosen in deduction.leaves_out)
    )


def _take(
    graph: Graph, member: Builder, deduction: Deduction, mine: Sequence[Due], taken_from: Sequence[Due]
) -> None:
    nought = graph.constant(Fraction(0))
    total = graph.total([due.left for due in mine], Purpose.DUE_BEFORE_DEDUCTION)
    if len(mine) > len(taken_from) or any(due.signed for due in mine):
        total = graph.add(Greatest((nought, total), Purpose.NOT_BELOW_NOUGHT))
    whole = _whole(graph, member, deduction, total, taken_from[-1].line.segment)
    if whole == nought:
        return
    weights = [above_nought(graph, due) for due in taken_from]
    parts = pro_rata(graph, whole, weights, Purpose.PART_OF_DEDUCTION)
    taking = Taking(whole, tuple(weights))
    for index, (part, due) in enumerate(zip(parts, taken_from, strict=True)):
        take_part(graph, Deducted(deduction, total, taking, index), due, part)


def _whole(graph: Graph, member: Builder, deduction: Deduction, total: int, segment: Segment) -> int:
    """All that it takes of what is due: rounded, never more than that, and nothing where a condition is not met or is open."""
    nought = graph.constant(Fraction(0))
    try:
        whole = _asked(member, deduction, total, segment)
    except Unmeasured:
        return nought
    rounding = member.contract.rounding
    grain = rounding.grain or member.grain
    whole = graph.add(Round((whole,), grain, rounding.way))
    if not _plain_share(deduction):
        whole = graph.add(Greatest((nought, whole), Purpose.NOT_BELOW_NOUGHT))
        whole = graph.add(Least((total, whole), Purpose.DEDUCTED))
    if speaks_of_quantities(deduction.amount):
        whole = member.blanks.known(member.worked(deduction.amount, segment.statement), whole, nought)
    for condition in deduction.conditions:
        whole = whether(member, condition, segment, (whole, nought, nought))
    return whole


def _plain_share(deduction: Deduction) -> bool:
    return deduction.amount.kind == "percentage" and not speaks_of_quantities(deduction.amount)


def _asked(member: Builder, deduction: Deduction, total: int, segment: Segment) -> int:
    """What its words ask for, before it is rounded. Raises Unmeasured while a metric of it has not been measured."""
    amount = deduction.amount
    if _plain_share(deduction):
        share = member.settings.number(amount)
        if not 0 <= share <= 1:
            raise Unpriceable(
                f"{deduction.name} deducts {money.percent(share)}: a deduction is at most all that is due, and not below nought.",
                amount.span,
            )
        return member.graph.add(Scale((total,), share))
    asked = member.worked(amount, segment.statement)
    if amount.kind == "money":
        return asked
    found = member.times(asked, total)
    if found is None:
        raise Unpriceable(
            f"{deduction.name} takes a percentage that changes with every quantity of what is due: quantities are multiplied by one "
            "another. Write it as a scale, in steps.",
            amount.span,
        )
    return found
