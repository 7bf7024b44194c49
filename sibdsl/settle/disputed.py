"""What a disputed part would pay: the run with it accepted, less the run. Source: language reference, 'Disputes'."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from attrs import frozen

from sibdsl.dates import Period
from sibdsl.price import PricedLine
from sibdsl.settle.lines_in_words import what_a_line_is_for
from sibdsl.settle.payments import Payments

#: A line as people tell it from others: statement, payer, payee, clause, what it is for.
_Told = tuple[Period, str, str, str, str]


@frozen
class Disputed:
    """By how much a line would come to more, or less where the amount is below nought, were what is disputed accepted."""

    period: Period
    payer: str
    payee: str
    clause: str
    what: str
    amount: Fraction


def disputed(run: Payments) -> tuple[Disputed, ...]:
    """What is disputed as of the run's day, line by line, in the order of statements; nothing where nothing is held."""
    if run.were_accepted is None:
        return ()
    now, then = _sums(run.lines), _sums(run.were_accepted)
    every = sorted(dict.fromkeys((*then, *now)), key=lambda told: told[0])
    changes = ((told, then.get(told, Fraction(0)) - now.get(told, Fraction(0))) for told in every)
    return tuple(Disputed(*told, amount) for told, amount in changes if amount)


def _sums(lines: Iterable[PricedLine]) -> dict[_Told, Fraction]:
    found: dict[_Told, Fraction] = {}
    for priced in lines:
        line = priced.line
        told = (line.segment.statement, line.payer, line.payee, line.clause, what_a_line_is_for(line))
        found[told] = found.get(told, Fraction(0)) + priced.amount
    return found
