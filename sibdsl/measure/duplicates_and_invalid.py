"""Rows set apart before any clause looks at them: duplicates, and rows that cannot be read. As SQL."""

from __future__ import annotations

from sqlglot import exp

from sibdsl.measure import (
    reading_cells,
    sqltree,
    versions_of_rows,
)
from sibdsl.measure.looks import PlannedColumn, PlannedTable
from sibdsl.measure.plan import Plan
from sibdsl.measure.raw_tables import RawTable
from sibdsl.measure.sqltree import Tree
from sibdsl.measure.worked_out_columns import with_worked_out
from sibdsl.model.types import NUMERIC


def equal_rows(table: PlannedTable, raw: RawTable) -> exp.Create:
    """Table `equal_t`: seq, first; each row of which every cell is equal to that of an earlier one, and the first such row.

    Rows whose `mark` no other row has need not be compared.
    """
    several = sqltree.compare(sqltree.count(), ">", sqltree.whole(1))
    mark = exp.column("mark")
    source = sqltree.table(f"raw_{table.at}")
    suspects = sqltree.query([mark], source.copy(), group=[mark], having=several)
    keys = [mark, *(exp.column(name) for name in (*raw.compared, "cells", "extra"))]
    first = exp.Window(this=sqltree.least(exp.column("seq")), partition_by=keys)
    compared = sqltree.query(
        [exp.column("seq"), sqltree.named(first, "first")],
        source,
        where=exp.In(this=mark, query=suspects.subquery(copy=False)),
    )
    own = [sqltree.col("e", name) for name in ("seq", "first")]
    return sqltree.make(
        f"equal_{table.at}",
        sqltree.query(own, sqltree.sub(compared, "e"), where=sqltree.compare(own[0], ">", own[1])),
    )


def sift(plan: Plan, table: PlannedTable, raw: RawTable) -> exp.Create:
    """Sets apart duplicates and invalid rows, and reads the cells that some clause reads.

    Makes table `read_t` where rows may yet give way to others, else `sift_t`; that is a view where cells need no reading.

    A row is a duplicate when every cell of an earlier row is equal, whatever became of that one.
    """
    filed = [cell for cell in table.read if cell in table.filed]
    read = sqltree.query(
        [
            *(sqltree.col("r", name) for name in ("seq", "cells")),
            *(_text(cell, raw) for cell in filed),
            *(sqltree.named(_value(cell, raw), f"v{cell.at}") for cell in filed),
        ],
        sqltree.table(f"raw_{table.at}", "r"),
    )
    read = with_worked_out(plan, table, read)
    bad = sqltree.case(
        (fault.test, sqltree.whole(at)) for at, fault in enumerate(reading_cells.faults(table, "r"))
    )
    settled = versions_of_rows.settled(table)
    lasting = raw.stays and not settled and all(_had_as_it_is(cell, raw) for cell in table.read)
    return sqltree.make(
        f"{'read' if settled else 'sift'}_{table.at}",
        sqltree.query(
            [
                sqltree.col("r", "seq"),
                sqltree.col("d", "first"),
                sqltree.named(sqltree.cast(bad, sqltree.SMALL), "bad"),
                sqltree.named(sqltree.cast(sqltree.null(), sqltree.BIG), "other"),
                *(reading_cells.typed(cell, "r") for cell in table.read),
            ],
            sqltree.sub(read, "r"),
            sqltree.left(
                sqltree.table(f"equal_{table.at}", "d"),
                sqltree.eq(sqltree.col("r", "seq"), sqltree.col("d", "seq")),
            ),
        ),
        kind="VIEW" if lasting else "TABLE",
    )


def _value(cell: PlannedColumn, raw: RawTable) -> Tree:
    """What a cell stands for."""
    return sqltree.col("r", f"w{cell.at}") if cell.at in raw.own else reading_cells.value(cell, "r")


def _text(cell: PlannedColumn, raw: RawTable) -> Tree:
    """The text that tests of faults read: of a value that was never written they ask only whether there is one."""
    if cell.at not in raw.own:
        return reading_cells.raw(cell, "r")
    blank = sqltree.is_null(sqltree.col("r", f"k{cell.at}"))
    return sqltree.named(sqltree.case([(blank, sqltree.text(""))], sqltree.text("a value")), f"c{cell.at}")


def _had_as_it_is(cell: PlannedColumn, raw: RawTable) -> bool:
    """Whether what a cell stands for costs no work to have again."""
    if cell.column.formula is not None:
        return False
    return cell.at in raw.own or not (
        cell.column.written or cell.column.kind == "date" or cell.column.kind in NUMERIC
    )
