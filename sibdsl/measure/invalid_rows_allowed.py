"""What stops a run of which more rows are invalid than the contract allows. Source: records reference, 'A limit on invalid rows'."""

from __future__ import annotations

from sibdsl import money
from sibdsl.diagnostics import Problems
from sibdsl.measure import file_and_row, reading_cells, sqltree, versions_of_rows, warned_rows
from sibdsl.measure.engines import Engine
from sibdsl.measure.looks import PlannedTable
from sibdsl.measure.plan import Plan
from sibdsl.model.nodes import InvalidAllowed


def too_many(engine: Engine, plan: Plan, problems: Problems) -> None:
    """Note each table of which more rows are invalid than the contract allows (SIB0643), with the first of them."""
    for table in plan.tables:
        if table.read and table.records.invalid is not None:
            _of_table(engine, table, table.records.invalid, problems)


def _of_table(engine: Engine, table: PlannedTable, allowed: InvalidAllowed, problems: Problems) -> None:
    sifted = sqltree.table(f"sift_{table.at}", "s")
    invalid = [sqltree.is_null(sqltree.col("s", "first")), sqltree.not_null(sqltree.col("s", "bad"))]
    rows = engine.fetch(sqltree.query([sqltree.count()], sifted.copy()))[0][0]
    number = engine.fetch(sqltree.query([sqltree.count()], sifted.copy(), where=sqltree.both(invalid)))[0][0]
    if number <= (allowed.most * rows if allowed.share else allowed.most):
        return
    bad, other = sqltree.col("s", "bad"), sqltree.col("e", "row")
    elsewhere = sqltree.join_text(sqltree.col("g", "shown"), ":", sqltree.cast(other, sqltree.TEXT))
    reasons = [
        (sqltree.eq(bad, sqltree.whole(versions_of_rows.TIED)), versions_of_rows.tied_with(table, elsewhere))
    ]
    reasons += [
        (sqltree.eq(bad, sqltree.whole(at)), fault.reason)
        for at, fault in enumerate(reading_cells.faults(table, "r"))
    ]
    raw = f"raw_{table.at}"
    query = sqltree.query(
        [sqltree.col("f", "shown"), sqltree.col("r", "row"), sqltree.case(reasons)],
        sifted,
        sqltree.inner(sqltree.table(raw, "r"), sqltree.eq(sqltree.col("s", "seq"), sqltree.col("r", "seq"))),
        sqltree.inner(sqltree.table("files", "f"), file_and_row.file_of(table, "f", "r")),
        sqltree.left(sqltree.table(raw, "e"), sqltree.eq(sqltree.col("s", "other"), sqltree.col("e", "seq"))),
        sqltree.left(sqltree.table("files", "g"), file_and_row.file_of(table, "g", "e")),
        where=sqltree.both(invalid),
        order=[sqltree.ordered(sqltree.col("r", "seq"))],
    )
    first = engine.fetch(query.limit(warned_rows.SHOWN, copy=False))
    told = "; ".join(f"{file} row {row}: {reason}" for file, row, reason in first)
    more = f"; and {number - len(first):,} more" if number > len(first) else ""
    most = f"{money.number(allowed.most * 100)}%" if allowed.share else f"{int(allowed.most):,}"
    problems.add(
        "SIB0643",
        f"{number:,} of {rows:,} rows of {table.name} {'is' if number == 1 else 'are'} invalid, and the contract allows "
        f"at most {most}: {told}{more}",
        allowed.span,
        help="Put the rows right, and run this again.",
    )
