"""Whether a row, or a result of another metric, lies in a time before or after a date, as SQL; and when that is known.

The date itself is in the time `from` it, and in no other. A time that is not over decides nothing while nothing is in it. Source: language
reference, 'Nothing in the time after a date'.
"""

from __future__ import annotations

from typing import assert_never

from attrs import frozen
from sqlglot import exp

from sibdsl.measure import reading_cells, spells, sqldates, sqltree, versions_of_rows
from sibdsl.measure.looks import Look
from sibdsl.measure.plan import Plan
from sibdsl.measure.sqltree import Tree
from sibdsl.model.editions import time_not_come_is_blank
from sibdsl.model.nodes import AnyDay, AnyResult

#: The alias of the row, of the rows under test, beside which others are looked for.
FOUND = "o"


@frozen
class Time:
    """A time before or after a date of the row: its first day and the day after its last, NULL where the date is blank."""

    first: Tree
    end: Tree

    def over(self, plan: Plan) -> Tree:
        """Whether its last day lies before the as-of date, so that all that is in it has come."""
        return sqltree.compare(self.end, "<=", sqltree.day(plan.as_of))


def time_of(asked: AnyDay | AnyResult, day: Tree) -> Time:
    """The time that a test asks about, where `day` is its date."""
    match asked.way:
        case "before":
            return Time(spells.before(day, asked.duration), day)
        case "after":
            last = spells.after(day, asked.duration)
            return Time(sqldates.later(day, 1, "DAY"), sqldates.later(last, 1, "DAY"))
        case "from":
            return Time(day, spells.after(day, asked.duration))
    assert_never(asked.way)


def any_in_time(plan: Plan, look: Look, asked: AnyDay | AnyResult, day: Tree, row: str) -> Tree:
    """Whether there is any in the time; NULL for a blank date, and where there is none as yet and some might come.

    `row` is the alias of the row under test.
    """
    there = sought(plan, look, asked, day, row).any
    if _as_it_stands(plan, asked):
        return sqltree.case([(there, sqltree.true())], sqltree.false())
    return sqltree.case(
        [(there, sqltree.true()), (_none_can_come(plan, asked, time_of(asked, day)), sqltree.false())]
    )


def _as_it_stands(plan: Plan, asked: AnyDay | AnyResult) -> bool:
    """Whether the rows of the day of the run decide, over or not: as edition 1 of the language read `any day of` before a date."""
    return isinstance(asked, AnyDay) and asked.way == "before" and not time_not_come_is_blank(plan.contract)


def _none_can_come(plan: Plan, asked: AnyDay | AnyResult, time: Time) -> Tree:
    """Whether all that could be in the time has come: results beyond the payment period never do, and are not known of."""
    over = time.over(plan)
    if isinstance(asked, AnyDay):
        return over
    return sqltree.both([over, within_payments(plan, time)])


def within_payments(plan: Plan, time: Time) -> Tree:
    """Whether the time is over by the end of the payment period, after which no result is counted."""
    return sqltree.compare(time.end, "<=", sqltree.day(plan.contract.payment_period.end))


def not_over(plan: Plan, asked: AnyDay | AnyResult, day: Tree) -> Tree:
    """Whether the time has days still to come, on which the answer waits."""
    if _as_it_stands(plan, asked):
        return sqltree.false()
    return sqltree.negate(time_of(asked, day).over(plan))


@frozen
class Sought:
    """The rows, or results, that lie in a time: where they stand, what makes one of them, and the first day of each."""

    source: exp.Table
    tests: list[Tree]
    day: Tree

    @property
    def any(self) -> Tree:
        """Whether there is one."""
        found = sqltree.query([sqltree.whole(1)], self.source, where=sqltree.both(self.tests))
        return exp.Exists(this=found)


def sought(plan: Plan, look: Look, asked: AnyDay | AnyResult, day: Tree, row: str) -> Sought:
    """What a test finds in its time, under the alias `FOUND` with the column `seq` of its row; see `any_in_time`."""
    time = time_of(asked, day)
    if isinstance(asked, AnyDay):
        return _rows(plan, look, asked, time, row)
    return _results(plan, look, asked, time, row)


def _rows(plan: Plan, look: Look, asked: AnyDay, time: Time, row: str) -> Sought:
    """Other readable rows of the person, begun and known by the as-of date, that have a day in the time by then."""
    table = next(planned_table for planned_table in plan.tables if planned_table.name == asked.records)
    begin, stop = spells.lasting(plan, table, FOUND)
    as_of = sqltree.day(plan.as_of)
    tests = [
        *versions_of_rows.stands(FOUND),
        sqltree.eq(reading_cells.person(table, FOUND), reading_cells.person(look.table, row)),
        sqltree.compare(begin, "<=", as_of),
        sqltree.compare(time.first, "<=", as_of),
        sqltree.compare(begin, "<", stop),
        sqltree.compare(begin, "<", time.end),
        sqltree.compare(stop, ">", time.first),
    ]
    tests += versions_of_rows.there(plan, table, FOUND)
    if table.name == look.table.name:
        tests.append(sqltree.negate(sqltree.eq(sqltree.col(FOUND, "seq"), sqltree.col(row, "seq"))))
    return Sought(sqltree.table(f"sift_{table.at}", FOUND), tests, begin)


def _results(plan: Plan, look: Look, asked: AnyResult, time: Time, row: str) -> Sought:
    """Results of the metric, of the person, that are dated in the time; of days that count, with one of them."""
    tests = [
        sqltree.eq(sqltree.col(FOUND, "person"), reading_cells.person(look.table, row)),
        sqltree.compare(sqltree.col(FOUND, "day"), "<", time.end),
        sqltree.compare(sqltree.col(FOUND, "until"), ">", time.first),
    ]
    return Sought(
        sqltree.table(f"any_{plan.metric(asked.metric).at}", FOUND), tests, sqltree.col(FOUND, "day")
    )
