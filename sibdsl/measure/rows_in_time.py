"""The rows and results that lie in a time which a condition asks about: what an explanation names where it is not met."""

from __future__ import annotations

from datetime import date

from attrs import frozen
from sqlglot import exp

from sibdsl.measure import any_in_time, file_and_row, rows_beside, sqltree
from sibdsl.measure.any_in_time import FOUND
from sibdsl.measure.conditions import ROW
from sibdsl.measure.looks import Look, PlannedTable
from sibdsl.measure.plan import Plan
from sibdsl.measure.results import asked_day
from sibdsl.measure.rows_of_a_person import LookedAt, RowPlace, opened
from sibdsl.measure.sqltree import Tree
from sibdsl.measure.volumes import Volumes
from sibdsl.model.conditions_on_rows import tests_of
from sibdsl.model.nodes import AnyDay, AnyResult


@frozen
class InTime:
    """The earliest row in a time that a test asks about: from its first day on, or with its result of that date.

    `more` counts the others in that time.
    """

    asked: AnyDay | AnyResult
    place: RowPlace
    day: date
    more: int


def in_times_asked(volumes: Volumes, looked: LookedAt) -> tuple[InTime, ...]:
    """Of each time that an unmet condition asks about what lies in it, for one row; times with nothing in them are left out."""
    condition = looked.check.condition if looked.check is not None else None
    if condition is None:
        return ()
    plan, engine = opened(volumes)
    look = plan.look(looked.text or looked.clause)
    found: list[InTime] = []
    for test in tests_of(condition):
        if isinstance(test, AnyDay | AnyResult):
            table = _table(plan, test)
            there = list(engine.fetch(_query(plan, look, test, table, looked.place)))
            for source, row, day in there[:1]:
                found.append(InTime(test, RowPlace(table.name, source, row), day, len(there) - 1))
    return tuple(found)


def _table(plan: Plan, asked: AnyDay | AnyResult) -> PlannedTable:
    if isinstance(asked, AnyDay):
        return next(planned_table for planned_table in plan.tables if planned_table.name == asked.records)
    return plan.metric(asked.metric).table


def _query(
    plan: Plan, look: Look, asked: AnyDay | AnyResult, table: PlannedTable, place: RowPlace
) -> exp.Select:
    """File, row and first day of all that lies in the time of the row at the place, the earliest first."""
    sought = any_in_time.sought(plan, look, asked, asked_day(plan, look, asked), ROW)
    own, place_found = look.table, [sqltree.col("h", "shown"), sqltree.col("q", "row")]
    first = sqltree.call("min", sought.day)
    return sqltree.query(
        [*place_found, sqltree.named(first, "day")],
        sqltree.table(f"sift_{own.at}", ROW),
        sqltree.inner(sqltree.table(f"raw_{own.at}", "r"), _same_row(ROW, "r")),
        sqltree.inner(sqltree.table("files", "f"), file_and_row.file_of(own, "f", "r")),
        *rows_beside.beside(plan, look),
        sqltree.inner(sought.source, sqltree.both(sought.tests)),
        sqltree.inner(sqltree.table(f"raw_{table.at}", "q"), _same_row(FOUND, "q")),
        sqltree.inner(sqltree.table("files", "h"), file_and_row.file_of(table, "h", "q")),
        where=sqltree.both(
            [
                sqltree.eq(sqltree.col("f", "shown"), sqltree.text(place.source)),
                sqltree.eq(sqltree.col("r", "row"), sqltree.whole(place.row)),
            ]
        ),
        group=place_found,
        order=[first, *place_found],
    )


def _same_row(left: str, right: str) -> Tree:
    return sqltree.eq(sqltree.col(left, "seq"), sqltree.col(right, "seq"))
