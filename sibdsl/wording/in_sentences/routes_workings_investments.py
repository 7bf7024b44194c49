"""Ways that exclude each other, steps of workings, and money that investors put in, in sentences.

Source: language reference, 'Routes', 'Workings', 'Investments' and 'What an investor earns at most'.
"""

from __future__ import annotations

from collections.abc import Iterator

from sibdsl.english import listed
from sibdsl.model.invariants.names import walk
from sibdsl.model.nodes import Amount, Contract, Interpolated, Investment, RoundedAmount, Routes, Stepped
from sibdsl.model.parameters.in_force import Settings
from sibdsl.wording.conditions import amount
from sibdsl.wording.givens import day_said
from sibdsl.wording.in_sentences.sentence import Sentence
from sibdsl.wording.steps import along

_FORM = {"equity": "equity", "loan": "a loan", "grant": "a grant"}


def route_sentences(contract: Contract) -> Iterator[Sentence]:
    """Which of several ways to a result counts for each person."""
    for routes in contract.routes:
        yield Sentence("routes", routes.name, routes.clause, _one_way(routes), routes.span)


def working_sentences(contract: Contract) -> Iterator[Sentence]:
    """What each step is, in the order in which they are worked out."""
    for workings in contract.workings:
        steps = "; ".join(
            f"{step.name} {_comes_to(step.amount, contract.currency)}" for step in workings.steps
        )
        rounded = any(isinstance(part, RoundedAmount) for part, _ in walk(workings))
        exact = f"Each step is exact{', except where it says that it is rounded' if rounded else ''}."
        yield Sentence("workings", workings.name, workings.clause, f"{steps}. {exact}", workings.span)


def investment_sentences(contract: Contract, settings: Settings) -> Iterator[Sentence]:
    """What is put in and when, and whether any payment hangs on it."""
    for investment in contract.investments:
        text = " ".join(_put_in(contract, settings, investment))
        yield Sentence("investment", investment.name, investment.clause, text, investment.span)


def _comes_to(of: Amount, currency: str) -> str:
    """What a step is: a scale row by row, with all that it hangs on."""
    return (
        f"is worked out {along(of, currency)}"
        if isinstance(of, Stepped | Interpolated)
        else f"is {amount(of, currency)}"
    )


def _one_way(routes: Routes) -> str:
    ways = "; ".join(f"{route.name}, by {listed(route.metrics)}" for route in routes.routes)
    counts = {
        "first earned": "the way of their earliest result, by its date, and of those of one day the way listed first",
        "first listed": "of the ways in which they have a result the one listed first, whenever the result was",
    }[routes.choice]
    return (
        f"Of each person one way counts, {counts}: {ways}. Results of the other ways count nowhere, in any year, and pay nothing, "
        "though the way that counts may pay less."
    )


def _put_in(contract: Contract, settings: Settings, investment: Investment) -> Iterator[str]:
    for drawdown in investment.drawdowns:
        day = "" if drawdown.paid_on is None else f" on {day_said(drawdown.paid_on, settings)}"
        paid = amount(drawdown.amount, contract.currency)
        yield f"{drawdown.investor} puts {paid} into {investment.into}{day}, as {_FORM[investment.form]}."
    returns = [cap.name for cap in contract.caps for row in cap.rows if row.return_on == investment.name] + [
        payment.name
        for payment in contract.payments
        for row in payment.limits
        if row.return_on == investment.name
    ]
    if returns:
        yield f"These sums and days say how much {listed(list(dict.fromkeys(returns)))} allows."
    yield "What is repaid is not worked out."
