"""Rows of one key of which it is not known which stands, each a warning. Source: language reference, 'Keys and later versions of a row'."""

from __future__ import annotations

from functools import partial

from sibdsl.diagnostics import Problems
from sibdsl.english import listed
from sibdsl.measure import (
    file_and_row,
    reading_cells,
    sqltree,
    versions_of_rows,
    warned_rows,
)
from sibdsl.measure.engines import Engine
from sibdsl.measure.looks import PlannedTable
from sibdsl.measure.plan import Plan
from sibdsl.measure.sqltree import Tree


def unsettled(engine: Engine, plan: Plan, problems: Problems) -> None:
    """Warn of rows that tie (SIB0642), and of invalid rows that may correct one that stands (SIB0641)."""
    for table in plan.tables:
        if table.read and table.records.key:
            _ties(engine, table, problems)
            _corrections(engine, plan, table, problems)


def _key(table: PlannedTable, raw: str) -> Tree:
    """The cells of the columns that identify a row, as a message has them."""
    cells = [reading_cells.raw(table.cell(name), raw) for name in table.records.key]
    said: list[Tree | str] = [cells[0]]
    for cell in cells[1:]:
        said += [", ", cell]
    return sqltree.join_text(*said)


def _ties(engine: Engine, table: PlannedTable, problems: Problems) -> None:
    flagged = sqltree.query(
        [sqltree.named(_key(table, "r"), "value"), sqltree.col("x", "seq")],
        sqltree.table(f"version_{table.at}", "x"),
        sqltree.inner(
            sqltree.table(f"raw_{table.at}", "r"),
            sqltree.eq(sqltree.col("x", "seq"), sqltree.col("r", "seq")),
        ),
        where=sqltree.col("x", "tied"),
    )
    found = warned_rows.tell(engine, table, flagged)
    if found is None:
        return
    decides = versions_of_rows.said(table)
    why = f"{decides} does not decide between them" if decides else "nothing says which of them stands"
    problems.add(
        "SIB0642",
        f"{warned_rows.rows(found.rows)} of {table.name} have the same {listed(table.records.key)} as another and differ from "
        f"it, and {why}: {found}. None of them is counted: they are invalid records",
        table.records.span,
        help="Take out the row that does not stand, or "
        + (
            f"let one more column decide: in the records block, add `, then highest` and its name after `{decides}`."
            if decides
            else "say in the records block which does, such as `if several latest Reported On`."
        ),
        severity="warning",
    )


def _corrections(engine: Engine, plan: Plan, table: PlannedTable, problems: Problems) -> None:
    b, s = partial(sqltree.col, "b"), partial(sqltree.col, "s")
    keys = [f"v{table.cell(name).at}" for name in table.records.key]
    bad = sqltree.compare(b("bad"), ">=", sqltree.whole(0))
    pairs = sqltree.query(
        [
            sqltree.named(_key(table, "q"), "value"),
            sqltree.named(b("seq"), "seq"),
            sqltree.named(sqltree.col("q", "part"), "part"),
            sqltree.named(sqltree.col("q", "row"), "row"),
            sqltree.named(sqltree.col("r", "part"), "other_part"),
            sqltree.named(sqltree.col("r", "row"), "other_row"),
        ],
        sqltree.table(f"sift_{table.at}", "b"),
        sqltree.inner(sqltree.table(f"sift_{table.at}", "s"), versions_of_rows.same_key(keys, "b", "s")),
        sqltree.inner(sqltree.table(f"raw_{table.at}", "q"), sqltree.eq(b("seq"), sqltree.col("q", "seq"))),
        sqltree.inner(sqltree.table(f"raw_{table.at}", "r"), sqltree.eq(s("seq"), sqltree.col("r", "seq"))),
        where=sqltree.both(
            [
                sqltree.is_null(b("first")),
                bad,
                *versions_of_rows.stands("s"),
                *versions_of_rows.known(plan, table, "b"),
                *versions_of_rows.known(plan, table, "s"),
                sqltree.negate(versions_of_rows.surely_before(table, ("b", "q"), ("s", "r"))),
            ]
        ),
    )
    number = engine.fetch(sqltree.query([sqltree.count()], sqltree.sub(pairs.copy(), "p")))[0][0]
    if not number:
        return
    p = partial(sqltree.col, "p")
    query = sqltree.query(
        [p("value"), sqltree.col("f", "shown"), p("row"), sqltree.col("g", "shown"), p("other_row")],
        sqltree.sub(pairs, "p"),
        sqltree.inner(sqltree.table("files", "f"), file_and_row.file_of(table, "f", "p")),
        sqltree.inner(
            sqltree.table("files", "g"),
            sqltree.both(
                [
                    sqltree.eq(sqltree.col("g", "tab"), sqltree.whole(table.at)),
                    sqltree.eq(sqltree.col("g", "part"), p("other_part")),
                ]
            ),
        ),
        order=[sqltree.ordered(p("value")), sqltree.ordered(p("seq"))],
    )
    told = [
        f"{warned_rows.shown(key)} ({file} row {row} is invalid, {other} row {other_row} stands)"
        for key, file, row, other, other_row in engine.fetch(query.limit(warned_rows.SHOWN, copy=False))
    ]
    more = f"; and {number - len(told):,} more" if number > len(told) else ""
    problems.add(
        "SIB0641",
        f"{warned_rows.rows(number)} of {table.name} that cannot be used may correct {'one' if number == 1 else 'others'} of the "
        f"same {listed(table.records.key)}, which still {'stands' if number == 1 else 'stand'}: {'; '.join(told)}{more}",
        table.records.span,
        help="Put the invalid rows right and run this again. `--rows FILE.csv` gives the reason of each.",
        severity="warning",
    )
