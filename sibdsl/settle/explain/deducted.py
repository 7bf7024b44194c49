"""The explanation of what a deduction takes of a line."""

from __future__ import annotations

from sibdsl import wording
from sibdsl.model.nodes import Deduction
from sibdsl.price.provenance import Deducted
from sibdsl.settle.explain.line_facts import LineFacts
from sibdsl.settle.explain.line_words import gloss, in_money
from sibdsl.settle.explain.page import Item
from sibdsl.settle.unexplained import Unexplained


def deducted(facts: LineFacts) -> list[Item]:
    """Which deduction it is, what it takes of all that was due together, and this line's part."""
    by, version = facts.priced.line.provenance, facts.version
    if not isinstance(by, Deducted):
        raise Unexplained(f"{facts.priced.id} says of no deduction that it takes it")
    values, deduction = version.priced.values, by.deduction
    due, whole = values[by.of], values[by.taking.whole]
    lines = sum(1 for step in by.taking.due if values[step])
    said = f"{in_money(facts, whole)} of the {in_money(facts, due)} due together"
    found = [
        Item(
            f"{deduction.name} deducts {wording.amount(deduction.amount, facts.contract.currency)}",
            "clause",
            wording.cite(deduction.clause, deduction.span),
            items=(*gloss(deduction.gloss), *_conditions(facts, deduction)),
        ),
        Item(said, "deducted"),
    ]
    if lines > 1:
        mine = in_money(facts, values[by.taking.due[by.index]])
        found.append(
            Item(f"this line's part, of {mine}: {in_money(facts, -facts.priced.amount)}", "largest remainder")
        )
    after = (
        "limits and block advances come first"
        if deduction.limits_first
        else "before block advances and limits"
    )
    found.append(Item(after, "order"))
    return found


def _conditions(facts: LineFacts, deduction: Deduction) -> tuple[Item, ...]:
    currency = facts.contract.currency
    return tuple(
        Item(
            f"only if {wording.condition(condition.condition, currency)}",
            "condition",
            wording.place(condition.span),
        )
        for condition in deduction.conditions
    )
