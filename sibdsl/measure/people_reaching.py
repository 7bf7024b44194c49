"""People who reach an amount, as SQL: what their rows add up to, day by day, and the day on which it first is enough.

Rows of one day count together. A row adds to the sum when the clause considers it and, where it keeps to no time of the
person's own, it is dated in the payment period. Source: language reference, 'Reaching an amount'.
"""

from __future__ import annotations

from typing import assert_never

from sqlglot import exp

from sibdsl.measure import reading_cells, sqltree
from sibdsl.measure.conditions import ROW, at_least
from sibdsl.measure.looks import CohortLook, Look, MetricLook
from sibdsl.measure.plan import Plan
from sibdsl.measure.sqltree import Tree
from sibdsl.model.nodes import Metric, PeopleReaching


def reaches(look: Look) -> bool:
    """Whether the look is a metric that counts people who reach an amount."""
    match look:
        case MetricLook(clause=Metric(counts=PeopleReaching())):
            return True
        case CohortLook() | MetricLook():
            return False
    assert_never(look)


def reach(plan: Plan, look: MetricLook, counts: PeopleReaching) -> exp.Create:
    """Table `reach_k`: seq, person, own, so_far, reached; for each row that adds to the sum of its person.

    `own` is the row's date, `so_far` the sum by the end of that day, in billionths, `reached` the person's day, NULL
    while there is none.
    """
    table, payment = look.table, plan.contract.payment_period
    day = reading_cells.typed(table.cell(look.day), ROW)
    tests: list[Tree] = []
    if not look.clause.within:
        tests += [
            sqltree.compare(day, ">=", sqltree.day(payment.start)),
            sqltree.compare(day, "<", sqltree.day(payment.end)),
        ]
    adding = sqltree.query(
        [
            sqltree.col(ROW, "seq"),
            sqltree.named(reading_cells.person(table, ROW), "person"),
            sqltree.named(day, "own"),
            sqltree.named(reading_cells.typed(table.cell(counts.column), ROW), "adds"),
        ],
        sqltree.table(f"pass_{look.at}", ROW),
        where=sqltree.both(tests),
    )
    # Without a frame of its own, such a sum has all rows that tie with the last.
    so_far = sqltree.ranked(
        sqltree.total(sqltree.col("a", "adds")),
        [sqltree.col("a", "person")],
        [sqltree.ordered(sqltree.col("a", "own"))],
    )
    kept = [sqltree.col("a", name) for name in ("seq", "person", "own")]
    summed = sqltree.query([*kept, sqltree.named(so_far, "so_far")], sqltree.sub(adding, "a"))
    enough = at_least(plan, look, sqltree.col("n", "so_far"), counts.amount)
    first = exp.Window(
        this=sqltree.least(sqltree.case([(enough, sqltree.col("n", "own"))])),
        partition_by=[sqltree.col("n", "person")],
    )
    made = sqltree.query(
        [
            *(sqltree.col("n", name) for name in ("seq", "person", "own", "so_far")),
            sqltree.named(first, "reached"),
        ],
        sqltree.sub(summed, "n"),
    )
    return sqltree.make(f"reach_{look.at}", made)


def found(plan: Plan, look: MetricLook, band: Tree, columns: int) -> exp.Create:
    """Table `found_k`: for each person who reaches the amount in the payment period, the rows up to that day.

    All are dated on the day reached. `each` is 1 for one row of that day, the result, and nothing for the others.
    `band` is that of the person; `columns` counts raw cells.
    """
    payment = plan.contract.payment_period
    reached, own = sqltree.col("g", "reached"), sqltree.col("g", "own")
    keys = [sqltree.ordered(own, descending=True)]
    keys += [sqltree.ordered(reading_cells.typed(cell, ROW)) for cell in look.table.read]
    keys += [sqltree.ordered(sqltree.col("r", f"c{at}")) for at in range(columns)]
    keys += [sqltree.ordered(sqltree.col("r", "extra")), sqltree.ordered(sqltree.col("g", "seq"))]
    last = sqltree.eq(sqltree.row_number([sqltree.col("g", "person")], keys), sqltree.whole(1))
    made = sqltree.query(
        [
            sqltree.col("g", "seq"),
            sqltree.col("g", "person"),
            sqltree.named(reached, "day"),
            sqltree.named(band, "band"),
            sqltree.named(sqltree.case([(last, sqltree.whole(1))], sqltree.whole(0)), "each"),
        ],
        sqltree.table(f"reach_{look.at}", "g"),
        sqltree.inner(
            sqltree.table(f"sift_{look.table.at}", ROW),
            sqltree.eq(sqltree.col("g", "seq"), sqltree.col(ROW, "seq")),
        ),
        sqltree.inner(
            sqltree.table(f"raw_{look.table.at}", "r"),
            sqltree.eq(sqltree.col("g", "seq"), sqltree.col("r", "seq")),
        ),
        where=sqltree.both(
            [
                sqltree.compare(own, "<=", reached),
                sqltree.compare(reached, ">=", sqltree.day(payment.start)),
                sqltree.compare(reached, "<", sqltree.day(payment.end)),
            ]
        ),
    )
    return sqltree.make(f"found_{look.at}", made)


def result(look: Look) -> list[Tree]:
    """The test on a row `b` of `found_k` that it is the result itself, where others stand beside it."""
    return [sqltree.eq(sqltree.col("b", "each"), sqltree.whole(1))] if reaches(look) else []
