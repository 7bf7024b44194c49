"""What is held for a time, as SQL: a row counts if its spell lasts so long from its first day; then, holdings with gaps.

Without gaps a row is tested by itself: `lasted` says whether it was held for the time, `reached` on which day that is known.
With gaps a person's rows are joined into stays, as long as the gaps between them are allowed.

A stay is walked along in the order in which its rows begin. A gap that is too long, or one gap too many, ends it: the row
after it begins another. Days of gaps do not count, so each puts off the day on which the holding is complete. Where the time
runs from a date of the person, such as that of another result, no other stay is begun. Source: language reference, 'Held'.
"""

from __future__ import annotations

from typing import assert_never

from sqlglot import exp

from sibdsl.measure import (
    days_and_sums,
    instalments,
    reading_cells,
    rows_beside,
    spells,
    sqldates,
    sqltree,
    time_held,
)
from sibdsl.measure.conditions import ROW
from sibdsl.measure.looks import CohortLook, Look, MetricLook
from sibdsl.measure.plan import Plan
from sibdsl.measure.sqltree import Tree
from sibdsl.model.nodes import Gaps, Held, Metric


def has_gaps(look: Look) -> bool:
    """Whether the look is of a metric whose holding may have gaps."""
    match look:
        case MetricLook(clause=Metric(held=Held(gaps=Gaps()))):
            return True
        case CohortLook() | MetricLook():
            return False
    assert_never(look)


def stays(plan: Plan, look: MetricLook, held: Held, gaps: Gaps, columns: int) -> exp.Create:
    """Table `stay_k`: seq, begin, stop, first, gaps, reached; for each row that has days of its own its part of a stay.

    The stay began on `first`, and had so many days of `gaps` before the row. `reached` is the day on which it is complete,
    put off by those gaps. `columns` counts raw cells.
    """
    numbered = _numbered(plan, look, held, columns)
    begin, first, stop = sqltree.col("p", "begin"), sqltree.col("w", "first"), sqltree.col("w", "stop")
    gap = sqltree.subtract(begin, stop)
    so_far = sqltree.add(sqltree.col("w", "gaps"), gap)
    most = sqltree.whole(gaps.duration.number * _DAYS[gaps.duration.unit])
    allowed = sqltree.compare(gap if gaps.of == "each" else so_far, "<=", most)
    walked = ("seq", "person", "at", "begin", "stop", "first", "gaps")
    nought = sqltree.cast(sqltree.whole(0), sqltree.BIG)
    begun, away, restarts = begin, nought, begin
    if held.day is not None:
        # The time runs from that day alone: whoever was away too long, then or since, has no other stay.
        anchor = sqltree.col("p", "anchor")
        restarts = sqltree.cast(sqltree.null(), sqltree.DATE)
        away = sqltree.cast(sqltree.subtract(begin, anchor), sqltree.BIG)
        begun = sqltree.case([(sqltree.compare(away, "<=", most), anchor)], restarts)
        allowed = sqltree.both([allowed, sqltree.not_null(first)])
    start = sqltree.query(
        [
            *(sqltree.col("p", name) for name in walked[:5]),
            sqltree.named(begun, "first"),
            sqltree.named(away, "gaps"),
        ],
        sqltree.table("parts", "p"),
        where=sqltree.eq(sqltree.col("p", "at"), sqltree.whole(1)),
    )
    onward = sqltree.query(
        [
            *(sqltree.col("p", name) for name in walked[:5]),
            sqltree.named(sqltree.case([(allowed, first)], restarts), "first"),
            sqltree.named(
                sqltree.cast(sqltree.case([(allowed, so_far)], sqltree.whole(0)), sqltree.BIG), "gaps"
            ),
        ],
        sqltree.table("walk", "w"),
        sqltree.inner(
            sqltree.table("parts", "p"),
            sqltree.both(
                [
                    sqltree.eq(sqltree.col("p", "person"), sqltree.col("w", "person")),
                    sqltree.eq(sqltree.col("p", "at"), sqltree.add(sqltree.col("w", "at"), sqltree.whole(1))),
                ]
            ),
        ),
    )
    due = time_held.complete(plan, look, held, sqltree.col("w", "first"))
    reached = sqltree.cast(
        sqltree.add(due, sqltree.cast(sqltree.col("w", "gaps"), sqltree.INT)), sqltree.DATE
    )
    kept = ("seq", "begin", "stop", "first", "gaps")
    made = sqltree.query(
        [*(sqltree.col("w", name) for name in kept), sqltree.named(reached, "reached")],
        sqltree.table("walk", "w"),
        *rows_beside.of_group(plan, look, "w"),
    )
    made = made.with_("parts", as_=numbered, copy=False)
    made = made.with_("walk", as_=sqltree.union([start, onward]), recursive=True, copy=False)
    return sqltree.make(f"stay_{look.at}", made)


_DAYS = {"day": 1, "week": 7}


def _numbered(plan: Plan, look: MetricLook, held: Held, columns: int) -> exp.Select:
    """The rows of each person that have days of their own, in the order of those days; from the day `anchor` on, if there is one."""
    begin, stop = spells.lasting(plan, look.table, ROW)
    tests = [sqltree.not_null(stop)]
    names: tuple[str, ...] = ("seq", "person", "stop")
    anchor: list[Tree] = []
    if held.day is not None:
        day = time_held.start(plan, look, held)
        anchor, names = [sqltree.named(day, "anchor")], (*names, "anchor")
        begin = sqltree.greatest(begin, day)
        tests += [sqltree.not_null(day), sqltree.compare(begin, "<", stop)]
    each = sqltree.query(
        [
            sqltree.col(ROW, "seq"),
            sqltree.named(reading_cells.person(look.table, ROW), "person"),
            sqltree.named(begin, "begin"),
            sqltree.named(stop, "stop"),
            *anchor,
            *(reading_cells.typed(cell, ROW) for cell in look.table.read),
        ],
        sqltree.table(f"pass_{look.at}", ROW),
        *(rows_beside.beside(plan, look) if anchor else []),
        where=sqltree.both(tests),
    )
    apart = days_and_sums.apart(look, each, columns, names)
    at = sqltree.named(
        sqltree.row_number([sqltree.col("a", "person")], [sqltree.ordered(sqltree.col("a", "begin"))]), "at"
    )
    return sqltree.query(
        [*(sqltree.col("a", name) for name in (*names, "begin")), at],
        sqltree.sub(apart, "a"),
        where=sqltree.compare(sqltree.col("a", "begin"), "<", sqltree.col("a", "stop")),
    )


def joined(look: Look) -> exp.Join:
    """The join of a row's part of a stay, or of each of its instalments, as `g`, to the row under test."""
    table = f"instalment_{look.at}" if instalments.paid_in(look) else f"stay_{look.at}"
    return sqltree.left(
        sqltree.table(table, "g"), sqltree.eq(sqltree.col(ROW, "seq"), sqltree.col("g", "seq"))
    )


def stay_complete() -> Tree:
    """Whether the stay is complete on a day of the row, or on the day after its last."""
    reached = sqltree.col("g", "reached")
    return sqltree.both(
        [
            sqltree.compare(reached, ">", sqltree.col("g", "begin")),
            sqltree.compare(reached, "<=", sqltree.col("g", "stop")),
        ]
    )


def reached(plan: Plan, look: MetricLook) -> Tree:
    """The day after the last day of the holding: the day on which it is complete."""
    held = look.clause.held
    assert held is not None  # noqa: S101 - asked only where something is held
    if held.gaps is not None or held.then is not None:
        return sqltree.col("g", "reached")
    return time_held.complete(plan, look, held, time_held.start(plan, look, held))


def lasted(plan: Plan, look: MetricLook) -> Tree:
    """Whether the row's spell lasts from the start of the holding until it is complete."""
    spell = look.table.spell
    metric = look.clause
    if spell is None or metric.held is None:
        return sqltree.false()
    if metric.held.then is not None:
        return sqltree.col("g", "done")
    if metric.held.gaps is not None:
        return stay_complete()
    end = reading_cells.typed(look.table.cell(spell.end), ROW)
    # The last day held is the day before it is complete: the least that an end which is itself held can be.
    least = sqldates.later(reached(plan, look), -1, "DAY") if spell.last_included else reached(plan, look)
    lasts = sqltree.compare(end, ">=", least)
    if spell.open_while_blank:
        open_so_long = [sqltree.is_null(end)]
        if spell.until_next:
            until = sqltree.col(ROW, "until")
            goes_on = sqltree.compare(until, ">=", reached(plan, look))
            open_so_long.append(sqltree.either([sqltree.is_null(until), goes_on]))
        lasts = sqltree.either([sqltree.both(open_so_long), lasts])
    if metric.held.day is None and metric.held.start == spell.start:
        return lasts
    begun = sqltree.compare(
        reading_cells.typed(look.table.cell(spell.start), ROW),
        "<=",
        time_held.start(plan, look, metric.held),
    )
    return sqltree.both([begun, lasts])
