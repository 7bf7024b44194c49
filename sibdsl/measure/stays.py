"""Holdings with gaps, as SQL: a person's rows joined into stays, as long as the gaps between them are allowed.

A stay is walked along in the order in which its rows begin. A gap that is too long, or one gap too many, ends it: the row
after it begins another. Days of gaps do not count, so each puts off the day on which the holding is complete. Source:
language reference, 'Gaps in a holding'.
"""

from __future__ import annotations

from sqlglot import exp

from sibdsl.measure import cells, days, spans, tree
from sibdsl.measure.conditions import ROW
from sibdsl.measure.plan import Look, Plan
from sibdsl.measure.tree import Tree
from sibdsl.model.nodes import Gaps, Held, Metric


def of(one: Look) -> Gaps | None:
    """The gaps that the holding of a metric allows, where it does."""
    return one.clause.held.gaps if isinstance(one.clause, Metric) and one.clause.held else None


def stays(plan: Plan, one: Look, held: Held, gaps: Gaps, columns: int) -> exp.Create:
    """Table `stay_k`: seq, begin, stop, reached; for each row that has days of its own its part of a stay.

    `reached` is the day on which the stay is complete, put off by the gaps before the row. `columns` counts raw cells.
    """
    numbered = _numbered(plan, one, columns)
    begin, first, stop = tree.col("p", "begin"), tree.col("w", "first"), tree.col("w", "stop")
    gap = tree.subtract(begin, stop)
    so_far = tree.add(tree.col("w", "gaps"), gap)
    allowed = tree.compare(
        gap if gaps.of == "each" else so_far,
        "<=",
        tree.whole(gaps.duration.number * _DAYS[gaps.duration.unit]),
    )
    walked = ("seq", "person", "at", "begin", "stop", "first", "gaps")
    start = tree.query(
        [
            *(tree.col("p", name) for name in walked[:5]),
            tree.named(begin, "first"),
            tree.named(tree.cast(tree.whole(0), tree.BIG), "gaps"),
        ],
        tree.table("parts", "p"),
        where=tree.eq(tree.col("p", "at"), tree.whole(1)),
    )
    onward = tree.query(
        [
            *(tree.col("p", name) for name in walked[:5]),
            tree.named(tree.case([(allowed, first)], begin), "first"),
            tree.named(tree.cast(tree.case([(allowed, so_far)], tree.whole(0)), tree.BIG), "gaps"),
        ],
        tree.table("walk", "w"),
        tree.inner(
            tree.table("parts", "p"),
            tree.both(
                [
                    tree.eq(tree.col("p", "person"), tree.col("w", "person")),
                    tree.eq(tree.col("p", "at"), tree.add(tree.col("w", "at"), tree.whole(1))),
                ]
            ),
        ),
    )
    due = spans.after(tree.col("w", "first"), held.duration)
    reached = tree.cast(tree.add(due, tree.cast(tree.col("w", "gaps"), tree.INT)), tree.DATE)
    made = tree.query(
        [*(tree.col("w", name) for name in ("seq", "begin", "stop")), tree.named(reached, "reached")],
        tree.table("walk", "w"),
    )
    made = made.with_("parts", as_=numbered, copy=False)
    made = made.with_("walk", as_=tree.union([start, onward]), recursive=True, copy=False)
    return tree.make(f"stay_{one.at}", made)


_DAYS = {"day": 1, "week": 7}


def _numbered(plan: Plan, one: Look, columns: int) -> exp.Select:
    """The rows of each person that have days of their own, in the order of those days."""
    begin, stop = spans.lasting(plan, one.table, ROW)
    each = tree.query(
        [
            tree.col(ROW, "seq"),
            tree.named(cells.person(one.table, ROW), "person"),
            tree.named(begin, "begin"),
            tree.named(stop, "stop"),
            *(cells.typed(cell, ROW) for cell in one.table.read),
        ],
        tree.table(f"sift_{one.table.at}", ROW),
        tree.inner(tree.table(f"look_{one.at}", "k"), tree.eq(tree.col(ROW, "seq"), tree.col("k", "seq"))),
        where=tree.both([tree.is_null(tree.col("k", "fail")), tree.not_null(stop)]),
    )
    apart = days.apart(one, each, columns, ("seq", "person", "stop"))
    at = tree.named(tree.row_number([tree.col("a", "person")], [tree.ordered(tree.col("a", "begin"))]), "at")
    return tree.query(
        [*(tree.col("a", name) for name in ("seq", "person", "begin", "stop")), at],
        tree.sub(apart, "a"),
        where=tree.compare(tree.col("a", "begin"), "<", tree.col("a", "stop")),
    )


def joined(one: Look) -> exp.Join:
    """The join of a row's part of a stay, as `g`, to the row under test."""
    return tree.left(tree.table(f"stay_{one.at}", "g"), tree.eq(tree.col(ROW, "seq"), tree.col("g", "seq")))


def lasted() -> Tree:
    """Whether the stay is complete on a day of the row, or on the day after its last."""
    reached = tree.col("g", "reached")
    return tree.both(
        [
            tree.compare(reached, ">", tree.col("g", "begin")),
            tree.compare(reached, "<=", tree.col("g", "stop")),
        ]
    )
