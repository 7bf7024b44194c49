"""`sib show --investments`: the terms on which money is put in, by the party that it goes into."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from sibdsl import money
from sibdsl.cli.screen import emit, say
from sibdsl.diagnostics import NotGiven
from sibdsl.wording import day_said

if TYPE_CHECKING:
    from sibdsl.pipeline.types import Amount, Contract, Drawdown, Investment, Programme, Settings

_NOT_WORKED_OUT = "These are the terms. What is repaid and when is not worked out."


def show(whole: Contract | Programme, given: Settings, form: str) -> None:
    """The investments of a contract or programme, as text or JSON."""
    told = [_told(investment, given) for investment in whole.investments]
    if form == "json":
        emit(
            {
                "format": "sibdsl.investments/1",
                "name": whole.name,
                "currency": whole.currency,
                "investments": told,
                "note": _NOT_WORKED_OUT,
            }
        )
        return
    say(whole.name, bold=True)
    if not told:
        say("No investment is written in it.")
        return
    for into in dict.fromkeys(one.into for one in whole.investments):
        say(f"Into {into}")
        for investment in whole.investments:
            if investment.into == into:
                _text(investment, given, whole.currency)
        sums = [
            _sum(drawdown, given)
            for investment in whole.investments
            if investment.into == into
            for drawdown in investment.drawdowns
        ]
        if len(sums) > 1 and None not in sums:
            say(
                f"  {money.show(sum((sum_node for sum_node in sums if sum_node), Fraction(0)), whole.currency)} in all"
            )
    say(_NOT_WORKED_OUT)


def _text(investment: Investment, given: Settings, currency: str) -> None:
    clause = f" [{investment.clause}]" if investment.clause else ""
    say(f"  {investment.name}{clause}, {investment.form}   {investment.span}")
    for drawdown in investment.drawdowns:
        day = (
            f" on {said_day(drawdown.paid_on, given)}"
            if drawdown.paid_on is not None
            else ", on no day given"
        )
        say(f"    {drawdown.investor} puts in {said_sum(drawdown, given, currency)}{day}")
    for line in terms(investment, given):
        say(f"    {line}")


def terms(investment: Investment, given: Settings) -> list[str]:
    """Interest, rank and repayment in words, each where the text says it."""
    found: list[str] = []
    if investment.interest is not None:
        often = investment.interest.compounds
        rate = _number(investment.interest.rate, given)
        said = (
            f"{money.number(rate * 100)}%"
            if rate is not None
            else f"{_missing(investment.interest.rate, given)} (not given)"
        )
        found.append(f"interest {said} a year, {often if often == 'simple' else f'compound {often}'}")
    if investment.rank:
        found.append(f"ranks {investment.rank}{f' {investment.after}' if investment.after else ''}")
    if investment.behind:
        found.append(f"repaid from what is left after {', '.join(investment.behind)}")
    if investment.repaid_on is not None:
        found.append(f"repaid on {said_day(investment.repaid_on, given)}")
    return found


def said_sum(drawdown: Drawdown, given: Settings, currency: str) -> str:
    """The sum, or the name of what has not been given."""
    found = _sum(drawdown, given)
    return (
        money.show(found, currency)
        if found is not None
        else f"{_missing(drawdown.amount, given)} (not given)"
    )


def said_day(amount: Amount | None, given: Settings) -> str:
    """The day, or the name of what has not been given; '' where the text has none."""
    return "" if amount is None else day_said(amount, given, " (not given)")


def _sum(drawdown: Drawdown, given: Settings) -> Fraction | None:
    return _number(drawdown.amount, given)


def _number(amount: Amount, given: Settings) -> Fraction | None:
    try:
        return given.number(amount)
    except NotGiven:
        return None


def _missing(amount: Amount, given: Settings) -> str:
    try:
        given.number(amount)
    except NotGiven as missing:
        return missing.name
    return ""


def _day(amount: Amount | None, given: Settings) -> str | None:
    if amount is None:
        return None
    try:
        day: date = given.day(amount)
    except NotGiven:
        return None
    return day.isoformat()


def _told(investment: Investment, given: Settings) -> dict[str, object]:
    rate = _number(investment.interest.rate, given) if investment.interest is not None else None
    return {
        "name": investment.name,
        "clause": investment.clause,
        "into": investment.into,
        "form": investment.form,
        "drawdowns": [
            {
                "investor": drawdown.investor,
                "amount": None if (found := _sum(drawdown, given)) is None else money.number(found),
                "paid_on": _day(drawdown.paid_on, given),
            }
            for drawdown in investment.drawdowns
        ],
        "interest": None
        if investment.interest is None
        else {"rate": None if rate is None else str(rate), "compounds": investment.interest.compounds},
        "ranks": f"after {investment.after}" if investment.after else investment.rank,
        "repaid_after": list(investment.behind),
        "repaid_on": _day(investment.repaid_on, given),
        "says": terms(investment, given),
    }
