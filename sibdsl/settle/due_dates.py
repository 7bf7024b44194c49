"""When what is stated falls due. Source of the rules: language reference, 'When it falls due' and 'Business days'."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from sibdsl.dates import Period
from sibdsl.diagnostics import Diagnostic
from sibdsl.model.business_days import business_days, complete
from sibdsl.model.nodes import Contract
from sibdsl.price import PricedLine

_FRIDAY = 4


def due_after(contract: Contract, statement: Period) -> date | None:
    """The day on which what is stated for those days falls due.

    None where the contract does not say, and where it hangs on business days of which nothing is known.
    """
    if contract.due is None:
        return None
    day = complete(contract, statement.last, contract.due.after)
    if day is None:
        return None
    if contract.due.weekday and day.weekday() > _FRIDAY:
        day += timedelta(days=7 - day.weekday())
    if contract.due.business_day:
        counted = business_days(contract)
        return None if counted is None else counted.moved(day, contract.due.business_day)
    return day


def falls_due(contract: Contract, priced: PricedLine) -> date | None:
    """The day on which a line falls due: its own, where it has one. None as for a statement."""
    if contract.due is None or priced.line.due is not None:
        return priced.line.due
    return due_after(contract, priced.line.segment.statement)


def not_known(contract: Contract, statements: Iterator[Period]) -> Iterator[Diagnostic]:
    """A warning where the due day of a statement hangs on business days of which nothing is known (SIB0758), of the first."""
    counted = business_days(contract)
    if contract.due is None or counted is None:
        return
    open_ = [statement for statement in dict.fromkeys(statements) if due_after(contract, statement) is None]
    if open_:
        more = f", and of {len(open_) - 1} more," if len(open_) > 1 else ""
        yield Diagnostic(
            "SIB0758",
            f"When the statement of {open_[0]}{more} falls due is not known: holidays are known of {counted.known}.",
            contract.due.span,
            "",
            "counted beyond the table",
            "Bring the table of holidays up to date by a variation that replaces it. No amount hangs on it.",
            severity="warning",
        )
