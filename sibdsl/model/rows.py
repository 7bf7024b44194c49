"""Rows of records: whose they are, and the tests that a condition puts to them."""

from __future__ import annotations

from collections.abc import Iterator

from sibdsl.model.nodes import Both, Condition, Either, Not, Records


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
