"""People of whom another table says nothing: a warning, since what is read there for them is blank.

Source: language reference, 'Columns of another table', and records reference, 'Look again'.
"""

from __future__ import annotations

from sibdsl.diagnostics import Problems
from sibdsl.measure import columns_by_person, warned_rows
from sibdsl.measure.engines import Engine
from sibdsl.measure.looks import PlannedTable
from sibdsl.measure.plan import Plan


def people_without_a_row(engine: Engine, plan: Plan, problems: Problems) -> None:
    """Warn of people with rows in a table and none in one that its columns are read in (SIB0645)."""
    for table in plan.tables:
        for other in columns_by_person.tables_read(plan, table.read):
            _tell(engine, plan, table, other, problems)


def _tell(engine: Engine, plan: Plan, table: PlannedTable, other: PlannedTable, problems: Problems) -> None:
    told = warned_rows.tell(engine, table, columns_by_person.without_a_row(plan, table, other))
    if told is None:
        return
    people = "1 person has" if told.values == 1 else f"{told.values:,} people have"
    problems.add(
        "SIB0645",
        f"{people} {warned_rows.rows(told.rows)} in {table.name} and none in {other.name} that counts: {told}. What is read there "
        "is blank",
        other.records.span,
        help=f"Add the missing rows to {other.name}, or correct the identifiers. What a clause does with a blank stands in its page.",
        severity="warning",
    )
