"""Rows of records: whose they are, and the tests and amounts that a condition puts to them."""

from __future__ import annotations

from collections.abc import Iterator

from sibdsl.model.nodes import (
    Amount,
    AnyDay,
    Arithmetic,
    Blank,
    Both,
    Compare,
    Condition,
    DateMoved,
    Either,
    Extreme,
    GivenFor,
    InPeriod,
    Interpolated,
    Looked,
    Not,
    Records,
    Stepped,
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
    """Every amount in a condition or an amount, down to columns and values; sums are left out, their parts given.

    So are years and what is read at a key; of a particular with a value for each key, it and the key are given.
    """
    match condition:
        case Compare(left=left, right=right) | Arithmetic(left=left, right=right):
            yield from parts_of(left)
            yield from parts_of(right)
        case WholeYears(start=start, end=end):
            yield from parts_of(start)
            yield from parts_of(end)
        case DateMoved(start=start):
            yield from parts_of(start)
        case Looked(key=key):
            yield from parts_of(key)
        case GivenFor(key=key):
            yield condition
            yield from parts_of(key)
        case Blank(value=value) | InPeriod(value=value) | AnyDay(end=value):
            yield from parts_of(value)
        case Both(tests=tests) | Either(tests=tests):
            for test in tests:
                yield from parts_of(test)
        case Not(test=test):
            yield from parts_of(test)
        case Stepped() | Interpolated() | Extreme():
            for one in parts(condition):
                yield from parts_of(one)
        case amount:
            yield amount
