"""What is true of every investment in a model."""

from __future__ import annotations

from sibdsl.model import nodes
from sibdsl.model.invariants.amounts import amount_holds
from sibdsl.model.invariants.names import Names, known, true


def investment_holds(names: Names, investment: nodes.Investment) -> None:
    """Parties, sums of money, days and a share; and names of what it comes after."""
    where = f"investment {investment.name}"
    known(investment.into, names.parties, where, "party")
    true(investment.drawdowns, f"{where} draws nothing down")
    for drawdown in investment.drawdowns:
        known(drawdown.investor, names.parties, where, "party")
        amount_holds(names, drawdown.amount, where, "money")
        if drawdown.paid_on is not None:
            amount_holds(names, drawdown.paid_on, where, "date")
    if investment.interest is not None:
        amount_holds(names, investment.interest.rate, where, "percentage")
    if investment.repaid_on is not None:
        amount_holds(names, investment.repaid_on, where, "date")
    true((investment.rank == "after") == bool(investment.after), f"{where} ranks after nothing, or twice")
    if investment.after:
        known(investment.after, names.investments, where, "investment")
    for name in investment.behind:
        known(name, {*names.payments, *names.blocks, *names.investments}, where, "clause")
    true(not investment.behind or investment.repaid_on is None, f"{where} is repaid twice")
