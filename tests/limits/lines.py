"""A line of what falls due, and how amounts are rounded and split. Source: language reference, 'Rounding'."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from tests.limits.calendar import (
    Days,
)

NOUGHT = Fraction(0)


class Key(NamedTuple):
    """What amounts are compared by: whose, for what, and the first day of the statement period that it speaks of."""

    contract: str
    payer: str
    payee: str
    payment: str
    statement: date


@dataclass(eq=False)
class Line:
    """What falls due on a day, and what is left of it.

    `place` is its place among the clauses; `day` says which time of a limit it fills; `falls` is its reckoning day.
    """

    contract: str
    payer: str
    payee: str
    payment: str
    place: tuple[int, ...]
    day: date
    falls: date
    earned_on: date
    statement: Days
    left: Fraction
    kind: str = "own"  # own, block, carried, other, back
    metric: str = ""
    age: date = date.min
    dated: bool = False
    passed_on: bool = False
    cut: list[tuple[str, Fraction]] = field(default_factory=list)

    @property
    def key(self) -> Key:
        return Key(self.contract, self.payer, self.payee, self.payment, self.statement.first)


def to_penny(amount: Fraction) -> Fraction:
    """Half up, away from nought."""
    pennies = abs(amount) * 100 + Fraction(1, 2)
    whole = Fraction(pennies.numerator // pennies.denominator, 100)
    return whole if amount >= 0 else -whole


def down(amount: Fraction) -> Fraction:
    pennies = amount * 100
    return Fraction(pennies.numerator // pennies.denominator, 100)


def split(amount: Fraction, weights: Sequence[Fraction]) -> list[Fraction]:
    """An amount in whole pennies by weights: rounded down, then a penny to each of the largest remainders, ties in order."""
    total = sum(weights, NOUGHT)
    if not total:
        return [NOUGHT for _ in weights]
    exact = [amount * weight / total for weight in weights]
    parts = [down(share) for share in exact]
    over = int((amount - sum(parts, NOUGHT)) * 100)
    ranked = sorted(range(len(parts)), key=lambda at: (parts[at] - exact[at], at))
    for at in ranked[:over]:
        parts[at] += Fraction(1, 100)
    return parts
