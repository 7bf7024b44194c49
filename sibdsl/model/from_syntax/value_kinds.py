"""What kinds of value are called, which may stand beside each other, and what names mean at a place."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from attrs import frozen

from sibdsl.dates import Period
from sibdsl.english import AS_ADVISED, between, with_unit
from sibdsl.model.nodes import Amount, Assumption, Given, Particular, Records, Value
from sibdsl.model.types import NUMERIC, Interval

#: How messages name a kind of value.
SAID = {
    "money": "money", "count": "a count", "number": "a number", "hours": "hours", "days": "days", "points": "points",
    "percentage": "a percentage", "date": "a date", "duration": "a length of time", "yes or no": "yes or no",
    "category": "a category", "identifier": "an identifier", "person": "a person", "text": "quoted text", "plan": "a plan",
    "set off basis": "a basis of set off", "band": "a band", "money per day": "money per day",
}  # fmt: skip


@frozen
class Here:
    """What names mean at this place: the row's table, the tables behind metrics and cohorts, and what may be set from outside.

    `year` is the contract year that `read at the year` speaks of.
    """

    clause: str = ""
    row: Records | None = None
    metrics: Mapping[str, Records] = {}
    #: The tables by whose rows people join each cohort.
    cohorts: Mapping[str, Records] = {}
    values: Mapping[str, Particular | Assumption] = {}
    joins: bool = False
    #: Whether each member has a window of their own.
    window: bool = False
    rule: bool = False
    totals: bool = False
    #: Whether quantities may be multiplied and divided by one another.
    products: bool = False
    year: Period | None = None


def alike(left: str, right: str) -> bool:
    """Whether two kinds of value may be compared or added: the same, or a bare number with any unit but money."""
    if left == right:
        return True
    if "number" in (left, right) and loose(left) and loose(right):
        return True
    return {left, right} <= {"person", "identifier", "text"} or {left, right} <= {"category", "text"}


def without_sign(amount: Amount, other: Amount) -> bool:
    """Whether a bare number stands beside a percentage: 5 is five hundred per cent, and 5% is meant. 0 is both.

    A number that is given from outside is as bare as one that is written.
    """
    if other.kind != "percentage" or amount.kind != "number":
        return False
    return isinstance(amount, Given) or (isinstance(amount, Value) and amount.value != 0)


def written(number: Fraction, kind: str, currency: str) -> str:
    """How a number is written as that kind of value, such as `£3,000,000`, `85%` or `16 hours`; '' for other kinds."""
    return with_unit(number, kind, currency, AS_ADVISED) if kind in NUMERIC else ""


def as_kind(amount: Amount, kind: str, currency: str) -> str:
    """A bare number as the kind that is wanted, such as `£986,959` for 986,959; '' for what has a sign or unit already.

    Not as a percentage: 0.85 may be 85% or 0.85%.
    """
    if not isinstance(amount, Value) or not isinstance(amount.value, Fraction):
        return ""
    bare = amount.kind == "number" and (kind != "percentage" or amount.value == 0)
    return written(amount.value, kind, currency) if bare else ""


def asked(amount: Amount, kind: str, currency: str) -> str:
    """What a written value would be as the kind that is wanted, put as a question: `16 hours`, if that is meant; or ''."""
    if not isinstance(amount, Value) or not isinstance(amount.value, Fraction) or kind == "percentage":
        return ""
    right = written(amount.value * 100 if amount.kind == "percentage" else amount.value, kind, currency)
    return f"`{right}`, if that is meant" if right else ""


def range_said(interval: Interval, kind: str, currency: str) -> str:
    """A range in words: `at least 0% but at most 100%`."""
    return between(interval, lambda end: written(end, kind, currency))


def loose(kind: str) -> bool:
    """Whether a bare number may stand for the kind: any number but money."""
    return kind in NUMERIC and kind != "money"
