"""What is true of every investment in a model."""

from __future__ import annotations

from sibdsl.model import nodes
from sibdsl.model.invariants.amounts import amount_holds
from sibdsl.model.invariants.names import Names, known, true


def investment_holds(names: Names, one: nodes.Investment) -> None:
    """Parties, sums of money, days and a share; and names of what it comes after."""
    where = f"investment {one.name}"
    known(one.into, names.parties, where, "party")
    true(one.drawdowns, f"{where} draws nothing down")
    for drawdown in one.drawdowns:
        known(drawdown.investor, names.parties, where, "party")
        amount_holds(names, drawdown.amount, where, "money")
        if drawdown.paid_on is not None:
            amount_holds(names, drawdown.paid_on, where, "date")
    if one.interest is not None:
        amount_holds(names, one.interest.rate, where, "percentage")
    if one.repaid_on is not None:
        amount_holds(names, one.repaid_on, where, "date")
    true((one.rank == "after") == bool(one.after), f"{where} ranks after nothing, or twice")
    if one.after:
        known(one.after, names.investments, where, "investment")
    for name in one.behind:
        known(name, {*names.payments, *names.blocks, *names.investments}, where, "clause")
    true(not one.behind or one.repaid_on is None, f"{where} is repaid twice")
