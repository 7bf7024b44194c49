"""Explanations of what is taken back, or owed back, because a payment came to less than nought."""

from __future__ import annotations

from sibdsl import money, wording
from sibdsl.dates import months_name
from sibdsl.english import grouped
from sibdsl.model.nodes import Payment
from sibdsl.price import Line
from sibdsl.price.step_words import tier_said
from sibdsl.settle.explain.line_facts import LineFacts
from sibdsl.settle.explain.page import Item
from sibdsl.wording import TAKEN_BACK


def below_nought(facts: LineFacts) -> list[Item]:
    """What the payment came to in the statement period, row by row, and what is paid of it."""
    line, state = facts.priced.line, facts.below
    assert state is not None  # noqa: S101 - every such line has one
    way = facts.clause.taken_back if isinstance(facts.clause, Payment) else ""
    currency = facts.contract.currency
    items = [
        Item(
            f"{line.payment}: {TAKEN_BACK.get(way, way)}",
            f"taken back {way}",
            wording.cite(line.clause, facts.clause.span),
        )
    ]
    items += [
        Item(f"{_row(facts, row)}, {months_name(row.segment.days)}", money.show(amount, currency))
        for row, amount in state.rows
    ]
    items.append(
        Item(
            f"{line.payment} came to in {months_name(line.segment.statement)}",
            money.show(state.came_to, currency),
        )
    )
    if line.kind == "repaid":
        items.append(Item("owed back", money.show(facts.priced.amount, currency)))
        return items
    if way == "from later payments":
        items.append(
            Item("paid of it, once what was below nought before is made up", money.show(state.paid, currency))
        )
    items.append(Item("taken off this line", money.show(facts.priced.amount, currency)))
    return items


def _row(facts: LineFacts, row: Line) -> str:
    """`Saved, -100 x £0.50`."""
    name = ", ".join(part for part in (row.metric, row.band, tier_said(row.tier)) if part) or row.payment
    if row.quantity is None or row.rate is None:
        return name
    number = facts.version.priced.values[row.quantity]
    return f"{name}, {grouped(number)} x {money.show(row.rate, facts.contract.currency)}"
