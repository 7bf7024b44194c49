"""What is blank of what a row was tested by, in words: for the reason of a row that a blank leaves out.

Source: language reference, 'Blanks'.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from sibdsl import wording
from sibdsl.dates import long
from sibdsl.measure import any_in_time, codes_without_entry, conditions, reading_cells, sqltree
from sibdsl.measure.looks import Look, PlannedColumn
from sibdsl.measure.plan import Plan
from sibdsl.measure.sqltree import Tree
from sibdsl.model.conditions_on_rows import amounts_in, tests_of
from sibdsl.model.nodes import (
    Amount,
    AnyResult,
    Blank,
    Column,
    Condition,
    GivenFor,
    JoinedColumn,
    JoiningDate,
    Looked,
    MetricColumn,
    ResultDate,
    WindowEnd,
)
from sibdsl.model.types import NUMERIC

#: What is read of a row, of its person, or at a key, and may be blank.
_READ = Column | MetricColumn | JoinedColumn | ResultDate | JoiningDate | WindowEnd | Looked | GivenFor


def not_decided(plan: Plan, look: Look, condition: Condition, said: str, currency: str) -> Tree:
    """The reason for which a condition leaves a row out: that it is not met, and what is blank where a blank decides it."""
    blanks = [
        sqltree.case([(missing, words)]) for missing, words in _missing(plan, look, condition, currency)
    ]
    if not blanks:
        return sqltree.text(said)
    listed = exp.Anonymous(this="concat_ws", expressions=[sqltree.text(" and "), *blanks])
    because = sqltree.join_text(f"{said}; ", listed)
    undecided = sqltree.is_null(sqltree.paren(conditions.test(plan, look, condition)))
    return sqltree.case(
        [(sqltree.both([undecided, sqltree.compare(listed, ">", sqltree.text(""))]), because)],
        sqltree.text(said),
    )


def without(plan: Plan, look: Look, read: Amount, currency: str, lacking: str) -> Tree:
    """The reason of a row for which what is read is blank: what of it is blank, and what the row lacks for that."""
    blanks = [
        sqltree.case([(missing, words)])
        for leaf in amounts_in(read)
        for missing, words in _of(plan, look, leaf, wording.amount(leaf, currency))
        if isinstance(leaf, _READ)
    ]
    if not blanks:
        return sqltree.text(f"{wording.amount(read, currency)} is blank, so {lacking}")
    listed = exp.Anonymous(this="concat_ws", expressions=[sqltree.text(" and "), *blanks])
    return sqltree.join_text(listed, f", so {lacking}")


def _missing(plan: Plan, look: Look, condition: Condition, currency: str) -> Iterator[tuple[Tree, Tree]]:
    """Of each thing that a condition reads: whether it is blank, and how that is said. What `is blank` asks of is left out."""
    seen: set[str] = set()
    for test in tests_of(condition):
        if isinstance(test, Blank):
            continue
        if isinstance(test, AnyResult):
            time = any_in_time.time_of(test, conditions.plain(plan, look, test.day))
            past = sqltree.negate(any_in_time.within_payments(plan, time))
            said = f"{wording.time_asked(test, currency)} reach past the payment period, so {test.metric} is not known there"
            yield past, sqltree.text(said)
        for amount in amounts_in(test):
            name = wording.amount(amount, currency)
            if name in seen or not isinstance(amount, _READ):
                continue
            seen.add(name)
            yield from _of(plan, look, amount, name)


def _of(plan: Plan, look: Look, amount: Amount, name: str) -> Iterator[tuple[Tree, Tree]]:
    missing = sqltree.is_null(_value(plan, look, amount))
    match amount:
        case Looked(key=key) | GivenFor(key=key):
            there = sqltree.not_null(_value(plan, look, key))
            holder = amount.table if isinstance(amount, Looked) else amount.name
            what = "row" if isinstance(amount, Looked) else "value"
            at = sqltree.words(_as_text(plan, look, key))
            known = sqltree.either(
                conditions.equal(plan, look, key, one) for one in codes_without_entry.keys(plan, amount)
            )
            # At a key that is listed nothing may be printed all the same.
            yield (
                sqltree.both([missing, there]),
                sqltree.case(
                    [(sqltree.surely(known), sqltree.join_text(f"{name} is blank for ", at))],
                    sqltree.join_text(f"{holder} has no {what} for ", at),
                ),
            )
        case ResultDate(metric=metric):
            yield missing, sqltree.text(f"the person has no {metric} by {long(plan.as_of)}")
        case Column(name=column):
            yield missing, sqltree.text(said(look.table.cell(column)))
        case _:
            yield missing, sqltree.text(f"{name} is blank")


def _value(plan: Plan, look: Look, amount: Amount) -> Tree:
    if amount.kind in NUMERIC:
        return conditions.exact(plan, look, amount).top
    return conditions.plain(plan, look, amount)


def _as_text(plan: Plan, look: Look, key: Amount) -> Tree:
    """A key as text: the cell itself where it is one."""
    if isinstance(key, Column):
        cell = look.table.cell(key.name)
        if cell.column.formula is None:
            return reading_cells.raw(cell, "r")
    if key.kind in NUMERIC:
        # Whole years are whole; other numbers that are worked out are no keys.
        whole = exp.Anonymous(
            this="divide", expressions=[_value(plan, look, key), sqltree.huge(reading_cells.ONE)]
        )
        return sqltree.cast(whole if isinstance(key, Column) else _value(plan, look, key), sqltree.TEXT)
    return sqltree.cast(_value(plan, look, key), sqltree.TEXT)


def said(cell: PlannedColumn) -> str:
    """That a column is blank, and of one that stands in no file from what it is worked out."""
    if cell.column.formula is None:
        return f"{cell.name} is blank"
    return f"{cell.name} is blank ({wording.amount(cell.column.formula, '')})"
