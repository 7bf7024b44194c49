"""Cells of files whose columns have types, such as Parquet: as text, and whether a type is that of the declared column.

Source: records reference, 'Files'.
"""

from __future__ import annotations

from datetime import date

from sqlglot import exp

from sibdsl.measure import sqltree
from sibdsl.measure.looks import PlannedColumn
from sibdsl.measure.reading_cells import DECIMALS, ONE, WHOLE_DIGITS
from sibdsl.measure.sqltree import Tree
from sibdsl.model.types import NUMERIC

_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
_TIMES = ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS")


def of_type(cell: PlannedColumn, kind: str) -> bool:
    """Whether a column of that type holds what the contract declares: its cells are values, and were never written."""
    if cell.column.kind == "date":
        return kind in ("DATE", *_TIMES)
    if cell.column.kind == "yes or no":
        return kind == "BOOLEAN"
    # A number of a file says nothing of percentages: 0.125 may be 12.5%, or an eighth of one.
    return (
        cell.column.kind in NUMERIC and cell.column.kind != "percentage" and kind not in ("VARCHAR", "BLOB")
    )


def has_own_value(cell: PlannedColumn, kind: str) -> bool:
    """Whether what a cell of that type stands for can be had without its text, see `own_value`."""
    if not of_type(cell, kind):
        return False
    return kind == "DATE" if cell.column.kind == "date" else kind in _WHOLE


def own_value(value: Tree, kind: str) -> Tree:
    """What a day or a whole number stands for: what `reading_cells.value` makes of its text, NULL where that is none."""
    if kind == "DATE":
        within = [
            sqltree.compare(value, ">=", sqltree.day(date.min)),
            sqltree.compare(value, "<=", sqltree.day(date.max)),
        ]
        return sqltree.case([(sqltree.both(within), value)])
    huge = sqltree.multiply(sqltree.cast(value, sqltree.HUGE), sqltree.huge(ONE))
    if kind != "BIGINT":
        return huge
    most = sqltree.whole(10**WHOLE_DIGITS)
    less = exp.Neg(this=most)
    within = [sqltree.compare(value, "<", most), sqltree.compare(value, ">", less)]
    return sqltree.case([(sqltree.both(within), huge)])


def told_apart_by_value(kind: str) -> bool:
    """Whether values of a type are equal where, and only where, their texts are."""
    return kind in ("DATE", "BOOLEAN", *_WHOLE)


def plainly_written(kind: str) -> bool:
    """Whether the text of a value of that type has no space around it and no character beyond ASCII."""
    return kind in ("DATE", "BOOLEAN", "DOUBLE", "FLOAT", *_TIMES, *_WHOLE) or kind.startswith("DECIMAL")


def as_text(heading: str, kind: str) -> Tree:
    """A typed value as it would be written in a CSV file: dates as YYYY-MM-DD, numbers in plain digits, yes and no."""
    value = exp.column(exp.to_identifier(heading, quoted=True))
    as_text = sqltree.cast(value, sqltree.TEXT)
    if kind == "BOOLEAN":
        return sqltree.case([(value, sqltree.text("yes")), (sqltree.negate(value), sqltree.text("no"))])
    if kind in _TIMES:
        day = sqltree.cast(value, sqltree.DATE)
        midnight = sqltree.eq(value, sqltree.cast(day, exp.DataType.build("TIMESTAMP")))
        return sqltree.case([(midnight, sqltree.cast(day, sqltree.TEXT))], as_text)
    if kind in ("DOUBLE", "FLOAT"):
        # The engine writes very large and very small ones in powers of ten.
        digits = sqltree.try_cast(value, exp.DataType.build(f"DECIMAL(38, {DECIMALS})"))
        same = sqltree.eq(sqltree.cast(digits, exp.DataType.build(kind)), value)
        powers = sqltree.both([sqltree.matches(as_text, "e"), same])
        short = exp.RegexpReplace(
            this=as_text, expression=sqltree.text("[.]0$"), replacement=sqltree.text("")
        )
        return sqltree.case([(powers, _no_noughts(sqltree.cast(digits, sqltree.TEXT)))], short)
    return _no_noughts(as_text) if kind.startswith("DECIMAL") and not kind.endswith(",0)") else as_text


def _no_noughts(decimals: Tree) -> Tree:
    """A number with a point, without the noughts at its end."""
    shorter = exp.RegexpReplace(this=decimals, expression=sqltree.text("0+$"), replacement=sqltree.text(""))
    return exp.RegexpReplace(this=shorter, expression=sqltree.text("[.]$"), replacement=sqltree.text(""))
