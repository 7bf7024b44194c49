"""Columns of another table, read by the person of a row, as SQL. Source: language reference, 'Columns of another table'.

A row is read if it is the only one of its person that can be read and was known by the as-of date.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlglot import exp

from sibdsl.measure import reading_cells, sqltree, versions_of_rows, warned_rows
from sibdsl.measure.conditions import ROW
from sibdsl.measure.looks import PlannedColumn, PlannedTable
from sibdsl.measure.plan import Plan
from sibdsl.measure.sqltree import Tree
from sibdsl.model.nodes import PersonColumn


def tables_read(plan: Plan, cells: Sequence[PlannedColumn]) -> list[PlannedTable]:
    """The tables in which columns are read by person, each once."""
    names = dict.fromkeys(
        cell.column.formula.records for cell in cells if isinstance(cell.column.formula, PersonColumn)
    )
    return [plan.table(name) for name in names]


def in_turn(plan: Plan) -> list[PlannedTable]:
    """The tables, each after those in which its rows read columns by person."""
    done: list[PlannedTable] = []

    def take(table: PlannedTable) -> None:
        if table in done:
            return
        for other in tables_read(plan, table.read):
            take(other)
        done.append(table)

    for table in plan.tables:
        take(table)
    return done


def value(plan: Plan, formula: PersonColumn) -> Tree:
    """What the person's row of the other table holds, where `beside` has joined it."""
    other = plan.table(formula.records)
    return reading_cells.typed(other.cell(formula.name), _alias(other))


def beside(plan: Plan, table: PlannedTable, cells: Sequence[PlannedColumn]) -> Iterator[exp.Join]:
    """The person's rows of the tables that columns are read in, beside the rows `s` of a table."""
    for other in tables_read(plan, cells):
        alias = _alias(other)
        same = sqltree.eq(reading_cells.person(table, ROW), sqltree.col(alias, "person"))
        yield sqltree.left(sqltree.sub(_one_each(plan, other), alias), same)


def read_rows(plan: Plan, table: PlannedTable) -> exp.Select | None:
    """The rows of a table that a readable row of another table reads by its person: `seq`. None where no column is so read."""
    readers = [other for other in plan.tables if table in tables_read(plan, other.read)]
    if not readers:
        return None
    tests = versions_of_rows.stands("o")
    people = [
        sqltree.query(
            [sqltree.named(reading_cells.person(other, "o"), "person")],
            sqltree.table(f"sift_{other.at}", "o"),
            where=sqltree.both(tests),
        )
        for other in readers
    ]
    who = exp.In(this=sqltree.col("h", "person"), query=sqltree.union(people).subquery(copy=False))
    return sqltree.query([sqltree.col("h", "seq")], sqltree.sub(_one_each(plan, table), "h"), where=who)


def without_a_row(plan: Plan, table: PlannedTable, other: PlannedTable) -> exp.Select:
    """The rows of a table whose person has no row in another by the as-of date: `value`, the person, and `seq`."""
    person = reading_cells.person(table, ROW)
    tests = [*versions_of_rows.stands("o"), *versions_of_rows.there(plan, other, "o")]
    theirs = reading_cells.person(other, "o")
    people = sqltree.query(
        [theirs],
        sqltree.table(f"sift_{other.at}", "o"),
        where=sqltree.both([*tests, sqltree.not_null(theirs)]),
    )
    there = exp.In(this=person, query=people.subquery(copy=False))
    return warned_rows.readable(
        plan,
        table,
        [sqltree.named(person, "value"), sqltree.col("s", "seq")],
        sqltree.not_null(person),
        sqltree.negate(there),
    )


def readers(plan: Plan, table: PlannedTable) -> list[str]:
    """The names of the tables whose rows read columns of a table by person."""
    return [other.name for other in plan.tables if table in tables_read(plan, other.read)]


def _alias(table: PlannedTable) -> str:
    return f"p{table.at}"


def _one_each(plan: Plan, table: PlannedTable) -> exp.Select:
    """The one row of each person who has one: person, seq, and what its cells stand for."""
    person = reading_cells.person(table, "o")
    tests = versions_of_rows.stands("o")
    tests += versions_of_rows.there(plan, table, "o")
    cells = [cell for cell in table.read if not cell.in_parts]
    held = [sqltree.named(sqltree.least(reading_cells.typed(cell, "o")), f"v{cell.at}") for cell in cells]
    return sqltree.query(
        [
            sqltree.named(person, "person"),
            sqltree.named(sqltree.least(sqltree.col("o", "seq")), "seq"),
            *held,
        ],
        sqltree.table(f"sift_{table.at}", "o"),
        where=sqltree.both(tests),
        group=[person],
        having=sqltree.eq(sqltree.count(), sqltree.whole(1)),
    )
