"""Where a row stands: the file, as shown, of each part of a table."""

from __future__ import annotations

from sqlglot import exp

from sibdsl.measure import tree
from sibdsl.measure.plan import Plan, Table
from sibdsl.measure.tree import Tree


def file_of(table: Table, files: str, row: str) -> Tree:
    """That the entry `files` is the file which the row of the table came from."""
    return tree.both(
        [
            tree.eq(tree.col(files, "tab"), tree.whole(table.at)),
            tree.eq(tree.col(files, "part"), tree.col(row, "part")),
        ]
    )


def every(plan: Plan) -> exp.Query:
    """Of every row read: its table, its number of all rows, the file as shown, and its number in the file."""
    return tree.union(
        [
            tree.query(
                [
                    tree.named(tree.whole(table.at), "tab"),
                    tree.col("r", "seq"),
                    tree.col("f", "shown"),
                    tree.col("r", "row"),
                ],
                tree.table(f"raw_{table.at}", "r"),
                tree.inner(tree.table("files", "f"), file_of(table, "f", "r")),
            )
            for table in plan.tables
        ]
    )
