"""The business days of a contract, from its printed tables of holidays. Source: language reference, 'Business days'."""

from __future__ import annotations

from datetime import date

from sibdsl.dates import EARLIEST, LATEST, BusinessDays, Duration, Period
from sibdsl.model.nodes import Contract


def business_days(contract: Contract) -> BusinessDays | None:
    """Which days are business days, and of which it is known; None where the contract does not say what they are."""
    said = contract.business_days
    if said is None:
        return None
    tables = [table for table in contract.lookups if table.name in said.tables]
    first, end = date(EARLIEST, 1, 1), date(LATEST, 12, 31)
    holidays: set[date] = set()
    for table in tables:
        if table.known is not None:
            first, end = max(first, table.known.start), min(end, table.known.end)
        keys = (row.cells[0] for row in table.rows)
        holidays |= {key.value for key in keys if key is not None and isinstance(key.value, date)}
    return BusinessDays(frozenset(holidays), Period(first, end))


def complete(contract: Contract, day: date, length: Duration) -> date | None:
    """The day on which a length of time, counted from `day`, is complete; None where its business days are not known.

    None, too, where it lies past year 9999: it is never complete.
    """
    if length.unit != "business day":
        try:
            return length.after(day)
        except OverflowError:
            return None
    counted = business_days(contract)
    return None if counted is None else counted.after(day, length.number)
