"""Explanations of what was held back until a condition was met."""

from __future__ import annotations

from sibdsl import money, wording
from sibdsl.dates import months_name
from sibdsl.price.provenance import Released
from sibdsl.settle.explain.cut_page import touch
from sibdsl.settle.explain.line_facts import LineFacts
from sibdsl.settle.explain.line_words import subject
from sibdsl.settle.explain.page import Item
from sibdsl.settle.explain.worked_out_sums import condition_met


def held_back(facts: LineFacts) -> list[Item]:
    """Until when it was held back, and what each of the sums came to that are paid now."""
    line, by = facts.priced.line, facts.priced.line.provenance
    if not isinstance(by, Released):
        raise TypeError(f"nothing of {line.payment} was held back")
    until, currency = by.payment.held_until, facts.contract.currency
    values = facts.version.priced.values
    said = f"held back until {condition_met(facts, until)}" if until is not None else "held back no more"
    items = [Item(f"{line.payment} is {said}", "clause", wording.cite(line.clause, by.payment.span))]
    items += [
        Item(f"{subject(held)}, {months_name(held.segment.days)}", money.show(values[step], currency))
        for held, step in by.lines
        if values[step]
    ]
    items.append(Item("held back before, and paid now", money.show(facts.priced.amount, currency)))
    return [*items, *(touch(facts, priced) for priced in facts.touches)]
