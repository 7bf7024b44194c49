"""Rows set apart before any clause looks at them: duplicates, and rows that cannot be read. As SQL."""

from __future__ import annotations

from sqlglot import exp

from sibdsl.measure import (
    reading_cells,
    sqltree,
    versions_of_rows,
)
from sibdsl.measure.looks import PlannedTable
from sibdsl.measure.plan import Plan
from sibdsl.measure.sqltree import Tree
from sibdsl.measure.worked_out_columns import with_worked_out


def sift(plan: Plan, table: PlannedTable, columns: int) -> exp.Create:
    """Sets apart duplicates and invalid rows, and reads the cells that some clause reads. `columns` counts raw cells.

    Makes table `read_t` where rows may yet give way to others, else `sift_t`.

    A row is a duplicate when every cell of an earlier row is equal, whatever became of that one. Rows whose `mark` no
    other row has need not be compared.
    """
    raw = f"raw_{table.at}"
    every = [*(f"c{at}" for at in range(columns)), "cells", "extra"]
    plain = [exp.column(name) for name in ("mark", *every)]
    several = sqltree.compare(sqltree.count(), ">", sqltree.whole(1))
    suspects = sqltree.query(
        [exp.column("mark")], sqltree.table(raw), group=[exp.column("mark")], having=several
    )
    twice = sqltree.query(
        [*plain, sqltree.named(sqltree.least(exp.column("seq")), "first")],
        sqltree.table(raw),
        where=exp.In(this=exp.column("mark"), query=suspects.subquery(copy=False)),
        group=plain,
        having=several,
    )
    read = sqltree.query(
        [
            *(sqltree.col("r", name) for name in ("seq", "mark", *every)),
            *(
                sqltree.named(reading_cells.value(cell, "r"), f"v{cell.at}")
                for cell in table.read
                if cell in table.filed
            ),
        ],
        sqltree.table(raw, "r"),
    )
    read = with_worked_out(plan, table, read)
    alike = [_alike(name) for name in ("mark", *every)]
    after = sqltree.compare(sqltree.col("r", "seq"), ">", sqltree.col("d", "first"))
    bad = sqltree.case(
        (fault.test, sqltree.whole(at)) for at, fault in enumerate(reading_cells.faults(table, "r"))
    )
    return sqltree.make(
        f"{'read' if versions_of_rows.settled(table) else 'sift'}_{table.at}",
        sqltree.query(
            [
                sqltree.col("r", "seq"),
                sqltree.col("d", "first"),
                sqltree.named(sqltree.cast(bad, sqltree.SMALL), "bad"),
                sqltree.named(sqltree.cast(sqltree.null(), sqltree.BIG), "other"),
                *(reading_cells.typed(cell, "r") for cell in table.read),
            ],
            sqltree.sub(read, "r"),
            sqltree.left(sqltree.sub(twice, "d"), sqltree.both([*alike, after])),
        ),
    )


def _alike(name: str) -> Tree:
    # Only `cells` is ever NULL.
    same = exp.NullSafeEQ if name == "cells" else exp.EQ
    return same(this=exp.column(name, "r"), expression=exp.column(name, "d"))
