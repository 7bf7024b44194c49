"""Which lines a selection of payments speaks of. Caps and rules use this one meaning."""

from __future__ import annotations

from attrs import evolve

from sibdsl.model.nodes import CapRow, Contract, Selection, SharedRow
from sibdsl.model.novated_parties import is_one_of
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.workings import earned_by
from sibdsl.price.graph import Line


def covers(contract: Contract, settings: Settings, chosen: Selection, line: Line) -> bool:
    """Whether the line is among the payments chosen.

    `payments` are all lines; `block payments` and `advance payments` are block advances; by results are lines that a
    metric earns: one with which it grows or shrinks, not one that only chooses a step of it. A test on when a result was
    earned passes only if its whole segment lies on that side; what is carried forward was earned when it was first due.
    What is owed back of a payment is among those that it is owed back of. A party, and one that took its place, are one.
    """
    if line.kind == "repaid":
        line = evolve(line, kind="payment", payer=line.payee, payee=line.payer)
    if chosen.payers and not is_one_of(contract, line.payer, chosen.payers):
        return False
    if chosen.contracts and line.contract not in chosen.contracts:
        return False
    if chosen.payees and not is_one_of(contract, line.payee, chosen.payees):
        return False
    if chosen.kind != "all" and line.kind != "advance":
        return False
    if chosen.by_results and not line.metrics:
        return False
    if chosen.metrics and not set(earning(contract, line)) & set(chosen.metrics):
        return False
    if chosen.payments and line.payment not in chosen.payments and line.rule not in chosen.payments:
        return False
    if chosen.metric_kinds:
        kinds = {metric.name: metric.kind for metric in contract.every_metric}
        if not any(kinds.get(name) in chosen.metric_kinds for name in earning(contract, line)):
            return False
    if chosen.earned_to is not None and line.earned_in.days.last > settings.day(chosen.earned_to):
        return False
    return not (
        chosen.earned_from is not None and line.earned_in.days.start < settings.day(chosen.earned_from)
    )


def counts(line: Line) -> int:
    """How often a line counts among payments chosen: what is owed back is taken off them."""
    return -1 if line.kind == "repaid" else 1


def earning(contract: Contract, line: Line) -> tuple[str, ...]:
    """The metrics that earn a line, of those that it is worked out from: by the version of its payment that is in force."""
    if len(line.metrics) < 2:
        return line.metrics
    mine = [payment for payment in contract.payments if payment.name == line.payment]
    for payment in (
        *(payment_version for payment_version in mine if payment_version.applies.on(line.earned_in.days)),
        *mine,
    ):
        term = payment.formula or payment.to_date
        if term is not None:
            return earned_by(contract, term.amount)
    return line.metrics


def limited(contract: Contract, settings: Settings, row: CapRow | SharedRow, line: Line) -> bool:
    """Whether the line is under a limit: covered by it and not left out of it. What is owed back of a block is under none."""
    return (
        line.kind != "recovered"
        and covers(contract, settings, row.covers, line)
        and not any(covers(contract, settings, selection, line) for selection in row.leaves_out)
    )
