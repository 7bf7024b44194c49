"""What kinds of value are called, which may stand beside each other, and what names mean at a place."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from sibdsl.dates import Period
from sibdsl.model.nodes import Amount, Assumption, Particular, Records, Value
from sibdsl.model.types import NUMERIC

#: How messages name a kind of value.
SAID = {
    "money": "money", "count": "a count", "number": "a number", "hours": "hours", "days": "days", "points": "points",
    "percentage": "a percentage", "date": "a date", "duration": "a length of time", "yes or no": "yes or no",
    "category": "a category", "identifier": "an identifier", "person": "a person", "text": "quoted text", "plan": "a plan",
    "set off basis": "a basis of set off", "band": "a band", "money per day": "money per day",
}  # fmt: skip


@frozen
class Here:
    """What names mean at this place: the row's table, the tables behind metrics, and what may be set from outside.

    `year` is the contract year that `read at the year` speaks of.
    """

    clause: str = ""
    row: Records | None = None
    metrics: Mapping[str, Records] = {}
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


def without_sign(one: Amount, other: Amount) -> bool:
    """Whether a bare number is written beside a percentage: 5 is five hundred per cent, and 5% is meant. 0 is both."""
    return isinstance(one, Value) and one.kind == "number" and one.value != 0 and other.kind == "percentage"


def loose(kind: str) -> bool:
    """Whether a bare number may stand for the kind: any number but money."""
    return kind in NUMERIC and kind != "money"
