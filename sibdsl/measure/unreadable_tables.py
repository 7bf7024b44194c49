"""What stops a run before anything is counted: a table that some clause reads, and of which no row can be read.

Source: records reference, 'A table of which no row can be read'.
"""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen
from sqlglot import exp

from sibdsl.diagnostics import Problems
from sibdsl.measure import (
    date_styles,
    file_and_row,
    reading_cells,
    sqltree,
    undeclared_forms,
    versions_of_rows,
    warned_rows,
)
from sibdsl.measure.engines import Engine
from sibdsl.measure.looks import PlannedTable
from sibdsl.measure.plan import Plan
from sibdsl.measure.reading_cells import CellFault


def tables_without_rows(engine: Engine, plan: Plan, problems: Problems) -> None:
    """Note each table that has rows, all of them invalid because they cannot be read (SIB0618).

    A row with an impossible value was read, so a table that has one is left alone.
    """
    for table in plan.tables:
        if table.read:
            _of_table(engine, plan, table, problems)


def _of_table(engine: Engine, plan: Plan, table: PlannedTable, problems: Problems) -> None:
    faults = reading_cells.faults(table, "r")
    bad = sqltree.col("s", "bad")
    counted = sqltree.query([bad, sqltree.count()], sqltree.table(f"sift_{table.at}", "s"), group=[bad])
    found = {row[0]: int(row[1]) for row in engine.fetch(counted)}
    if not found or any(at is None or at == versions_of_rows.TIED or not faults[at].unread for at in found):
        return
    told = sorted(_every(engine, table, faults), key=lambda one: -one.rows)
    whole = sum(found.values())
    said = [_said(engine, table, one) for one in told[: warned_rows.SHOWN]]
    said += [
        f"and {len(told) - warned_rows.SHOWN} more columns at fault"
        for _ in range(len(told) > warned_rows.SHOWN)
    ]
    worst = told[0].fault
    every = "its only row is" if whole == 1 else f"all {whole:,} are"
    ways_out = dict.fromkeys(
        _way_out(engine, table, one, plan.contract.currency) for one in told[: warned_rows.SHOWN]
    )
    problems.add(
        "SIB0618",
        f"No row of {table.name} can be read: {every} invalid, so nothing could be counted. {'; '.join(said)}",
        worst.cell.column.span if worst.cell else table.records.span,
        help=" ".join(ways_out),
    )


@frozen
class _FaultOfRows:
    """A fault, how many rows have it, and the number of the first among all rows of the table."""

    fault: CellFault
    rows: int
    first: int


def _every(engine: Engine, table: PlannedTable, faults: list[CellFault]) -> list[_FaultOfRows]:
    """Every fault of what cannot be read, each by itself: a row has only its first in `bad`, and would hide the others."""
    unread = [fault for fault in faults if fault.unread]
    shaped = sqltree.is_null(sqltree.col("r", "cells"))
    tests = [sqltree.both([fault.test, shaped]) if fault.cell else fault.test for fault in unread]
    seq = sqltree.col("r", "seq")
    numbers = [sqltree.total(sqltree.case([(test, sqltree.whole(1))], sqltree.whole(0))) for test in tests]
    firsts = [sqltree.least(sqltree.case([(test, seq)])) for test in tests]
    raw = sqltree.query(
        [exp.column(exp.Star(), table="w"), *(reading_cells.typed(cell, "s") for cell in table.read)],
        sqltree.table(f"raw_{table.at}", "w"),
        sqltree.inner(
            sqltree.table(f"sift_{table.at}", "s"),
            sqltree.eq(sqltree.col("s", "seq"), sqltree.col("w", "seq")),
        ),
    )
    row = engine.fetch(sqltree.query([*numbers, *firsts], sqltree.sub(raw, "r")))[0]
    many = len(unread)
    return [
        _FaultOfRows(fault, int(row[at]), int(row[many + at])) for at, fault in enumerate(unread) if row[at]
    ]


def _said(engine: Engine, table: PlannedTable, found: _FaultOfRows) -> str:
    """How many rows fail so, and the first of them with its cell."""
    fault = found.fault
    place, cell = _example(engine, table, fault, found.first)
    many = warned_rows.rows(found.rows)
    if fault.cell is None:
        return f"In {many} there are too few or too many cells: {place}"
    name = _name(fault)
    if not cell:
        return f"In {many} {name} is blank: {place}"
    return f"In {many} {name} is not {fault.form}: {place} holds {warned_rows.shown(cell)}"


def _name(fault: CellFault) -> str:
    column = fault.cell.column if fault.cell else None
    if column is None:
        return ""
    return f"{column.name} (headed {column.heading})" if column.headed else column.name


def _example(engine: Engine, table: PlannedTable, fault: CellFault, seq: int) -> tuple[str, str]:
    query = sqltree.query(
        [
            sqltree.col("f", "shown"),
            sqltree.col("r", "row"),
            sqltree.words(reading_cells.raw(fault.cell, "r")) if fault.cell else sqltree.text(""),
        ],
        sqltree.table(f"raw_{table.at}", "r"),
        sqltree.inner(sqltree.table("files", "f"), file_and_row.file_of(table, "f", "r")),
        where=sqltree.eq(sqltree.col("r", "seq"), sqltree.whole(seq)),
    )
    file, row, cell = engine.fetch(query)[0]
    return f"{file} row {row}", str(cell)


def _way_out(engine: Engine, table: PlannedTable, found: _FaultOfRows, currency: str) -> str:
    fault = found.fault
    if fault.cell is None:
        return "Put a cell that holds the delimiter into quotation marks, and give each row a cell for each heading."
    again = f"Give {fault.cell.name} in that form, and run this again."
    if fault.cell.column.kind == "date" and not fault.cell.column.written:
        if _is_like(engine, table, found, date_styles.MONTHS_ALONE):
            again = f"{again} A month alone is no day: which day of it is meant is for those to say who sent the records."
        elif _is_like(engine, table, found, (date_styles.SERIAL,)):
            again = (
                f"{fault.cell.name} has a spreadsheet's numbers of days: give the column the date format YYYY-MM-DD "
                "there, save it again, and run this again."
            )
    return f"{again} {undeclared_forms.advice(engine, table, fault.cell, currency)}".strip()


def _is_like(engine: Engine, table: PlannedTable, found: _FaultOfRows, patterns: Iterable[str]) -> bool:
    assert found.fault.cell is not None  # noqa: S101 - asked only of a fault of a cell
    text = reading_cells.raw(found.fault.cell, "r")
    alike = sqltree.either(sqltree.matches(text, pattern) for pattern in patterns)
    mine = sqltree.eq(sqltree.col("r", "seq"), sqltree.whole(found.first))
    query = sqltree.query(
        [exp.Coalesce(this=alike, expressions=[sqltree.false()])],
        sqltree.table(f"raw_{table.at}", "r"),
        where=mine,
    )
    return bool(engine.fetch(query)[0][0])
