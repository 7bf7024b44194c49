"""People who reach an amount, as SQL: what their rows add up to, day by day, and the day on which it first is enough.

Rows of one day count together. A row adds to the sum when the clause considers it and, where it keeps to no time of the
person's own, it is dated in the payment period. Source: language reference, 'Reaching an amount'.
"""

from __future__ import annotations

from sqlglot import exp

from sibdsl.measure import cells, tree
from sibdsl.measure.conditions import ROW, at_least
from sibdsl.measure.plan import Look, Plan
from sibdsl.measure.tree import Tree
from sibdsl.model.nodes import Metric


def reaches(one: Look) -> bool:
    """Whether the look is a metric that counts people who reach an amount."""
    return isinstance(one.clause, Metric) and one.clause.reaches is not None


def reach(plan: Plan, one: Look) -> exp.Create:
    """Table `reach_k`: seq, person, own, so_far, reached; for each row that adds to the sum of its person.

    `own` is the row's date, `so_far` the sum by the end of that day, in billionths, `reached` the person's day, NULL
    while there is none.
    """
    metric = one.clause
    if not isinstance(metric, Metric) or metric.reaches is None:
        raise TypeError(f"{one.name} reaches nothing")
    table, payment = one.table, plan.contract.payment_period
    day = cells.typed(table.cell(one.day), ROW)
    tests = [tree.is_null(tree.col("k", "fail"))]
    if not metric.within:
        tests += [
            tree.compare(day, ">=", tree.day(payment.start)),
            tree.compare(day, "<", tree.day(payment.end)),
        ]
    adding = tree.query(
        [
            tree.col(ROW, "seq"),
            tree.named(cells.person(table, ROW), "person"),
            tree.named(day, "own"),
            tree.named(cells.typed(table.cell(metric.column), ROW), "adds"),
        ],
        tree.table(f"sift_{table.at}", ROW),
        tree.inner(tree.table(f"look_{one.at}", "k"), tree.eq(tree.col(ROW, "seq"), tree.col("k", "seq"))),
        where=tree.both(tests),
    )
    # Without a frame of its own, such a sum has all rows that tie with the last.
    so_far = tree.ranked(
        tree.total(tree.col("a", "adds")), [tree.col("a", "person")], [tree.ordered(tree.col("a", "own"))]
    )
    kept = [tree.col("a", name) for name in ("seq", "person", "own")]
    summed = tree.query([*kept, tree.named(so_far, "so_far")], tree.sub(adding, "a"))
    enough = at_least(plan, one, tree.col("n", "so_far"), metric.reaches)
    first = exp.Window(
        this=tree.least(tree.case([(enough, tree.col("n", "own"))])), partition_by=[tree.col("n", "person")]
    )
    made = tree.query(
        [*(tree.col("n", name) for name in ("seq", "person", "own", "so_far")), tree.named(first, "reached")],
        tree.sub(summed, "n"),
    )
    return tree.make(f"reach_{one.at}", made)


def found(plan: Plan, one: Look, band: Tree, columns: int) -> exp.Create:
    """Table `found_k`: for each person who reaches the amount in the payment period, the rows up to that day.

    All are dated on the day reached. `each` is 1 for one row of that day, the result, and nothing for the others.
    `band` is that of the person; `columns` counts raw cells.
    """
    payment = plan.contract.payment_period
    reached, own = tree.col("g", "reached"), tree.col("g", "own")
    keys = [tree.ordered(own, descending=True)]
    keys += [tree.ordered(cells.typed(cell, ROW)) for cell in one.table.read]
    keys += [tree.ordered(tree.col("r", f"c{at}")) for at in range(columns)]
    keys += [tree.ordered(tree.col("r", "extra")), tree.ordered(tree.col("g", "seq"))]
    last = tree.eq(tree.row_number([tree.col("g", "person")], keys), tree.whole(1))
    made = tree.query(
        [
            tree.col("g", "seq"),
            tree.col("g", "person"),
            tree.named(reached, "day"),
            tree.named(band, "band"),
            tree.named(tree.case([(last, tree.whole(1))], tree.whole(0)), "each"),
        ],
        tree.table(f"reach_{one.at}", "g"),
        tree.inner(
            tree.table(f"sift_{one.table.at}", ROW), tree.eq(tree.col("g", "seq"), tree.col(ROW, "seq"))
        ),
        tree.inner(
            tree.table(f"raw_{one.table.at}", "r"), tree.eq(tree.col("g", "seq"), tree.col("r", "seq"))
        ),
        where=tree.both(
            [
                tree.compare(own, "<=", reached),
                tree.compare(reached, ">=", tree.day(payment.start)),
                tree.compare(reached, "<", tree.day(payment.end)),
            ]
        ),
    )
    return tree.make(f"found_{one.at}", made)


def result(one: Look) -> list[Tree]:
    """The test on a row `b` of `found_k` that it is the result itself, where others stand beside it."""
    return [tree.eq(tree.col("b", "each"), tree.whole(1))] if reaches(one) else []
