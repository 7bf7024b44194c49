"""When the account of a statement closes, after which nothing changes it. Source: language reference, 'Closed accounts'."""

from __future__ import annotations

from datetime import date

from sibdsl.dates import Period, contract_year, year_start
from sibdsl.model.nodes import Contract
from sibdsl.model.periods import statements


def closes(contract: Contract, statement: Period) -> date | None:
    """The last day on which something may become known, or be agreed, that changes a statement; None where it never closes.

    Of a year, it is counted from the last day of the contract year that holds the last day of the statement.
    """
    said = contract.accounts_close
    if said is None:
        return None
    last = statement.last
    if said.each == "year":
        last = contract_year(year_start(last, contract.years_begin).year, contract.years_begin).last
    try:
        return said.after.after(last)
    except OverflowError:
        return None  # past year 9999


def open_from(contract: Contract, agreed: date) -> date:
    """The first day that no account holds which had closed before a day: what is agreed then changes nothing earlier."""
    ends = ((closes(contract, period), period.end) for period in statements(contract))
    return max((end for closed, end in ends if closed is not None and closed < agreed), default=date.min)
