"""What is in a pot on which days: what is there from the first day, and what is added. Source: language reference, 'Pots'."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import pairwise

from sibdsl import money
from sibdsl.dates import Period
from sibdsl.model.bounds import Pot
from sibdsl.model.parameters.in_force import Settings
from sibdsl.price.builder import not_below_nought
from sibdsl.source import Span


def in_by_day(
    pot: Pot, whole: Period, settings: Settings, grain: Fraction, span: Span
) -> tuple[tuple[Period, Fraction], ...]:
    """The times of a pot, each from one addition to the next, with all that is in it by then, in units of the currency.

    What is added before the first day is there on the first day; after the last day it is never there. Each addition is
    rounded down to the grain. Raises NotGiven, and Unpriceable for what is below nought.
    """
    start = money.round_to(not_below_nought(settings.number(pot.amount), "A cap", span), grain, "down")
    added: dict[date, Fraction] = {whole.start: start}
    for top_up in pot.topped_up:
        amount = not_below_nought(settings.number(top_up.amount), "What is added to a cap", top_up.span)
        day = max(settings.day(top_up.day), whole.start)
        added[day] = added.get(day, Fraction(0)) + money.round_to(amount, grain, "down")
    days = sorted(day for day in added if day < whole.end)
    return tuple(
        (Period(first, last), sum((added[day] for day in days if day <= first), Fraction(0)))
        for first, last in pairwise([*days, whole.end])
    )
