"""What other clauses may read of a person, as SQL: the row by which they joined a cohort, or their first result of a metric.

The table or view made is `pick_k` of look number k: seq, person, day, v0 ...
"""

from __future__ import annotations

from sqlglot import exp

from sibdsl.measure import first_rows, people_reaching, reading_cells, sqltree
from sibdsl.measure.conditions import ROW
from sibdsl.measure.looks import CohortLook, Look, MetricLook
from sibdsl.measure.plan import Plan
from sibdsl.measure.results import held_columns, small


def pick(plan: Plan, look: Look) -> exp.Create:
    """For each person the row that joined them, or their first result: what other clauses may read of it."""
    each_once = first_rows.groups(look) == ["person"]
    most = isinstance(look, CohortLook) and look.clause.most is not None
    if each_once and first_rows.told_by_rows(look) and not (most or look.earlier):
        return first_rows.pick(look, held_columns(plan, look))
    row = sqltree.table(f"sift_{look.table.at}", ROW)
    of_row = sqltree.eq(sqltree.col("b", "seq"), sqltree.col(ROW, "seq"))
    names = [
        sqltree.col("b", "seq"),
        sqltree.col("b", "person"),
        sqltree.col("b", "day"),
        *(reading_cells.typed(cell, ROW) for cell in look.table.read),
    ]
    single = sqltree.table(f"found_{look.at}", "b")
    if each_once and not (look.earlier and isinstance(look, MetricLook)):
        return sqltree.make(f"pick_{look.at}", sqltree.query(names, single, sqltree.inner(row, of_row)))
    order = [*first_rows.in_order(look, "b", ROW), sqltree.ordered(sqltree.col("b", "seq"))]
    place = sqltree.named(sqltree.row_number([sqltree.col("b", "person")], order), "place")
    results = people_reaching.result(look)
    numbered = sqltree.query(
        [*names, place], single, sqltree.inner(row, of_row), where=sqltree.both(results) if results else None
    )
    kept = [
        sqltree.col("n", name)
        for name in ("seq", "person", "day", *(f"v{cell.at}" for cell in look.table.read))
    ]
    first = sqltree.eq(sqltree.col("n", "place"), sqltree.whole(1))
    return sqltree.make(f"pick_{look.at}", sqltree.query(kept, sqltree.sub(numbered, "n"), where=first))


def union(plan: Plan, look: CohortLook) -> exp.Create:
    """Table `pick_k` of several cohorts: for each member of any the row by which they joined the one they joined first.

    Of two joined on one day it is the one that the metric names first. The columns of the row are there only if all of the
    cohorts are made of the same records; nothing else reads them.
    """
    alike = all(plan.look(name).table.at == look.table.at for name in look.parts)
    names = ["seq", "person", "day", *((f"v{cell.at}" for cell in look.table.read) if alike else ())]
    parts = [
        sqltree.query(
            [*(sqltree.col("p", name) for name in names), sqltree.named(small(at), "turn")],
            sqltree.table(f"pick_{plan.look(name).at}", "p"),
        )
        for at, name in enumerate(look.parts)
    ]
    order = [sqltree.ordered(sqltree.col("u", "day")), sqltree.ordered(sqltree.col("u", "turn"))]
    place = sqltree.named(sqltree.row_number([sqltree.col("u", "person")], order), "place")
    numbered = sqltree.query(
        [*(sqltree.col("u", name) for name in names), place], sqltree.sub(sqltree.union(parts), "u")
    )
    first = sqltree.eq(sqltree.col("n", "place"), sqltree.whole(1))
    kept = [sqltree.col("n", name) for name in names]
    return sqltree.make(f"pick_{look.at}", sqltree.query(kept, sqltree.sub(numbered, "n"), where=first))
