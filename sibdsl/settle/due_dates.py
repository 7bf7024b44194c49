"""When what is stated falls due. Source of the rules: language reference, 'When it falls due'."""

from __future__ import annotations

from datetime import date, timedelta

from sibdsl.dates import Period
from sibdsl.model.nodes import Contract
from sibdsl.price import PricedLine

_FRIDAY = 4


def due_after(contract: Contract, statement: Period) -> date | None:
    """The day on which what is stated for those days falls due; None where the contract does not say."""
    if contract.due is None:
        return None
    day = contract.due.after.after(statement.last)
    if contract.due.weekday and day.weekday() > _FRIDAY:
        day += timedelta(days=7 - day.weekday())
    return day


def falls_due(contract: Contract, priced: PricedLine) -> date | None:
    """The day on which a line falls due: its own, where it has one. None where the contract does not say."""
    if contract.due is None or priced.line.due is not None:
        return priced.line.due
    return due_after(contract, priced.line.segment.statement)
