"""Where a row stands: the file, as shown, of each part of a table."""

from __future__ import annotations

from sqlglot import exp

from sibdsl.measure import sqltree
from sibdsl.measure.looks import PlannedTable
from sibdsl.measure.plan import Plan
from sibdsl.measure.sqltree import Tree


def file_of(table: PlannedTable, files: str, row: str) -> Tree:
    """That the entry `files` is the file which the row of the table came from."""
    return sqltree.both(
        [
            sqltree.eq(sqltree.col(files, "tab"), sqltree.whole(table.at)),
            sqltree.eq(sqltree.col(files, "part"), sqltree.col(row, "part")),
        ]
    )


def every(plan: Plan) -> exp.Query:
    """Of every row read: its table, its number of all rows, the file as shown, and its number in the file."""
    return sqltree.union(
        [
            sqltree.query(
                [
                    sqltree.named(sqltree.whole(table.at), "tab"),
                    sqltree.col("r", "seq"),
                    sqltree.col("f", "shown"),
                    sqltree.col("r", "row"),
                ],
                sqltree.table(f"raw_{table.at}", "r"),
                sqltree.inner(sqltree.table("files", "f"), file_of(table, "f", "r")),
            )
            for table in plan.tables
        ]
    )
