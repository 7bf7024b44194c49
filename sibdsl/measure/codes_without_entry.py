"""Codes at which a printed table, or a particular with a value for each, holds nothing: a warning with the code and its rows.

What is read at such a code is a blank. Source: language reference, 'Tables', and records reference, 'Look again'.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import evolve

from sibdsl import wording
from sibdsl.diagnostics import Problems
from sibdsl.measure import conditions, reading_cells, sqltree, warned_rows
from sibdsl.measure.conditions import ROW
from sibdsl.measure.engines import Engine
from sibdsl.measure.looks import Look, MetricLook, PlannedTable
from sibdsl.measure.plan import Plan
from sibdsl.measure.sqltree import Tree
from sibdsl.model.conditions_on_rows import amounts_in
from sibdsl.model.nodes import Amount, Column, GivenFor, JoinedColumn, Looked

#: What is read at a key of the row.
Keyed = Looked | GivenFor


def codes_not_listed(engine: Engine, plan: Plan, problems: Problems) -> None:
    """Warn of codes in the records that a table lacks, for each table and column once (SIB0623)."""
    seen: set[tuple[str, str, str]] = set()
    of_looks = (
        (_table_of(plan, look, keyed), keyed) for look in plan.looks for keyed in _read_at_keys(plan, look)
    )
    of_columns = ((table, keyed) for table in plan.tables for keyed in _read_by_columns(table))
    for table, keyed in (*of_looks, *of_columns):
        place = (_name(keyed), table.name, wording.amount(keyed.key, ""))
        if place not in seen:
            seen.add(place)
            _tell(engine, plan, table, keyed, problems)


def _read_at_keys(plan: Plan, look: Look) -> Iterator[Keyed]:
    """What a clause reads at a column of a row, to test or to hold it. Of weights `notices.days_without_a_weight` tells."""
    cohorts = {cohort.name: cohort.records for cohort in plan.contract.cohorts}
    read = [part for condition in look.clause.conditions for part in amounts_in(condition)]
    if isinstance(look, MetricLook):
        read += [part for amount in look.clause.amounts_of_lines for part in amounts_in(amount)]
    for part in read:
        if isinstance(part, Looked | GivenFor) and isinstance(part.key, JoinedColumn):
            key = part.key
            # The codes are those of the rows by which people join.
            yield evolve(part, key=Column(cohorts[key.cohort], key.name, key.kind, span=key.span))
    yield from _keyed(read)


def _read_by_columns(table: PlannedTable) -> Iterator[Keyed]:
    """What columns that are worked out, and read by some clause, read at another column of the row."""
    formulas = (cell.column.formula for cell in table.read if cell.column.formula is not None)
    yield from _keyed(part for formula in formulas for part in amounts_in(formula))


def _keyed(parts: Iterable[Amount]) -> Iterator[Keyed]:
    for part in parts:
        if isinstance(part, Looked | GivenFor) and isinstance(part.key, Column):
            yield part


def _table_of(plan: Plan, look: Look, keyed: Keyed) -> PlannedTable:
    assert isinstance(keyed.key, Column)  # noqa: S101 - `_read_at_keys` gives no others
    named = keyed.key.records
    return next((table for table in plan.tables if table.name == named), look.table)


def _name(keyed: Keyed) -> str:
    return keyed.table if isinstance(keyed, Looked) else keyed.name


def keys(plan: Plan, keyed: Keyed) -> list[Amount]:
    """The keys that a printed table prints, those with a blank beside them too, or that values were given for."""
    if isinstance(keyed, Looked):
        lookup = next(one for one in plan.contract.lookups if one.name == keyed.table)
        return [row.cells[0] for row in lookup.rows if row.cells[0] is not None]
    return [key for key, _ in conditions.entries(plan, keyed)]


def _tell(engine: Engine, plan: Plan, table: PlannedTable, keyed: Keyed, problems: Problems) -> None:
    assert isinstance(keyed.key, Column)  # noqa: S101 - `_read_at_keys` gives no others
    cell = table.cell(keyed.key.name)
    if cell.column.formula is not None:
        return
    rows = warned_rows.readable(
        plan,
        table,
        [sqltree.named(reading_cells.raw(cell, "r"), "value"), sqltree.col("r", "seq")],
        sqltree.not_null(reading_cells.typed(cell, ROW)),
        sqltree.negate(listed(plan, table, keyed)),
    )
    found = warned_rows.tell(engine, table, rows)
    if found is None:
        return
    lookup = next((one for one in plan.contract.lookups if one.name == _name(keyed)), None)
    what = "code" if found.values == 1 else "codes"
    problems.add(
        "SIB0623",
        f"{_name(keyed)} has no {'row' if lookup else 'value'} for {found.values:,} {what} of {cell.name} in "
        f"{warned_rows.rows(found.rows)} of {table.name}: {found}. What is read there is blank",
        (lookup or cell.column).span,
        help=f"Correct the {what} in the records, or let the parties say what {_name(keyed)} holds for "
        f"{'it' if found.values == 1 else 'them'}.",
        severity="warning",
    )


def listed(plan: Plan, table: PlannedTable, keyed: Keyed) -> Tree:
    """Whether the key of a row, as `s`, is one of those at which something could be held."""
    look = evolve(plan.looks[0], table=table)
    return sqltree.surely(
        sqltree.either(conditions.equal(plan, look, keyed.key, at) for at in keys(plan, keyed))
    )
