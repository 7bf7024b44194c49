"""What stops a run before anything is counted: a table that some clause reads, and of which no row can be read.

Source: records reference, 'A table of which no row can be read'.
"""

from __future__ import annotations

from sqlglot import exp

from sibdsl.diagnostics import Problems
from sibdsl.measure import date_styles, file_and_row, reading_cells, sqltree, warned_rows
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
            _of_table(engine, table, problems)


def _of_table(engine: Engine, table: PlannedTable, problems: Problems) -> None:
    faults = reading_cells.faults(table, "r")
    bad = sqltree.col("s", "bad")
    counted = sqltree.query(
        [bad, sqltree.count(), sqltree.named(sqltree.least(sqltree.col("s", "seq")), "seq")],
        sqltree.table(f"sift_{table.at}", "s"),
        group=[bad],
    )
    found = {row[0]: (int(row[1]), int(row[2])) for row in engine.fetch(counted)}
    if not found or any(at is None or not faults[at].unread for at in found):
        return
    most_first = sorted(found.items(), key=lambda one: (-one[1][0], one[0]))
    whole = sum(number for number, _ in found.values())
    said = [
        _said(engine, table, faults[at], number, first)
        for at, (number, first) in most_first[: warned_rows.SHOWN]
    ]
    said += [
        f"and {len(found) - warned_rows.SHOWN} more columns at fault"
        for _ in range(len(found) > warned_rows.SHOWN)
    ]
    worst = faults[most_first[0][0]]
    every = "its only row is" if whole == 1 else f"all {whole:,} are"
    problems.add(
        "SIB0618",
        f"no row of {table.name} can be read: {every} invalid, so nothing could be counted. {'; '.join(said)}",
        worst.cell.column.span if worst.cell else table.records.span,
        help=_way_out(engine, table, worst, most_first[0][1][1]),
    )


def _said(engine: Engine, table: PlannedTable, fault: CellFault, number: int, seq: int) -> str:
    """How many rows fail so, and the first of them with its cell."""
    place, cell = _example(engine, table, fault, seq)
    many = warned_rows.rows(number)
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


def _way_out(engine: Engine, table: PlannedTable, fault: CellFault, seq: int) -> str:
    if fault.cell is None:
        return "Put a cell that holds the delimiter into quotation marks, and give each row a cell for each heading."
    again = f"Give {fault.cell.name} in that form, and run this again."
    if fault.cell.column.kind == "date" and _is_month(engine, table, fault, seq):
        return f"{again} A month alone is no day: which day of it is meant is for those to say who sent the records."
    return again


def _is_month(engine: Engine, table: PlannedTable, fault: CellFault, seq: int) -> bool:
    assert fault.cell is not None  # noqa: S101 - asked only of a fault of a cell
    text = reading_cells.raw(fault.cell, "r")
    month = sqltree.either(sqltree.matches(text, pattern) for pattern in date_styles.MONTHS_ALONE)
    mine = sqltree.eq(sqltree.col("r", "seq"), sqltree.whole(seq))
    query = sqltree.query(
        [exp.Coalesce(this=month, expressions=[sqltree.false()])],
        sqltree.table(f"raw_{table.at}", "r"),
        where=mine,
    )
    return bool(engine.fetch(query)[0][0])
