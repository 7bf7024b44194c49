"""Rows of records: whose they are, and the tests and amounts that a condition puts to them."""

from __future__ import annotations

from collections.abc import Iterator

from sibdsl.model.nodes import (
    Amount,
    AnyDay,
    AnyResult,
    Arithmetic,
    Blank,
    Both,
    Compare,
    Condition,
    DateMoved,
    Either,
    Extreme,
    FirstGiven,
    GivenFor,
    InPeriod,
    Interpolated,
    Looked,
    Not,
    Paid,
    Records,
    RoundedAmount,
    Selection,
    Stepped,
    TimeBetween,
    WholeYears,
)
from sibdsl.model.workings import parts


def person_column(table: Records) -> str:
    """The name of the first column that holds a person; '' when there is none."""
    return next((column.name for column in table.columns if column.kind == "person"), "")


def tests_of(condition: Condition) -> Iterator[Condition]:
    """Every test that a condition is made of, those inside brackets too."""
    match condition:
        case Both(tests=tests) | Either(tests=tests):
            for test in tests:
                yield from tests_of(test)
        case Not(test=test):
            yield from tests_of(test)
        case _:
            yield condition


def parts_of(condition: Condition | Amount) -> Iterator[Amount]:
    """What `amounts_in` gives, without what is read at a key: the key alone."""
    return (amount for amount in amounts_in(condition) if not isinstance(amount, Looked))


def amounts_in(part: Condition | Amount) -> Iterator[Amount]:
    """Every amount in a condition or an amount, down to columns and values."""
    match part:
        case Compare(left=left, right=right) | Arithmetic(left=left, right=right):
            yield from amounts_in(left)
            yield from amounts_in(right)
        case Blank(value=value) | InPeriod(value=value) | AnyDay(end=value) | AnyResult(day=value):
            yield from amounts_in(value)
        case WholeYears(start=start, end=end) | TimeBetween(start=start, end=end):
            yield from amounts_in(start)
            yield from amounts_in(end)
        case DateMoved(start=start):
            yield from amounts_in(start)
        case Looked(key=key) | GivenFor(key=key):
            yield part
            yield from amounts_in(key)
        case Both(tests=tests) | Either(tests=tests):
            for test in tests:
                yield from amounts_in(test)
        case Not(test=test):
            yield from amounts_in(test)
        case Paid(selection=chosen):
            yield part
            yield from of_selection(chosen)
        case Stepped() | Interpolated() | Extreme() | FirstGiven() | RoundedAmount():
            for amount in parts(part):
                yield from amounts_in(amount)
        case _:
            yield part


def of_selection(chosen: Selection) -> Iterator[Amount]:
    """The dates by which a selection of payments is bounded."""
    for day in (chosen.earned_to, chosen.earned_from):
        if day is not None:
            yield from amounts_in(day)
