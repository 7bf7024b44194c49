"""Columns of another table, read by the person of a row: each becomes a column of the row that stands in no file.

`Born On of Headers` in a condition on rows of Jobs is the column of that name of Jobs, worked out from the one row that Headers
has for the person. Source: language reference, 'Columns of another table'.
"""

from __future__ import annotations

from attrs import evolve

from sibdsl.diagnostics import Label, nearest
from sibdsl.model.columns_worked_out import fineness
from sibdsl.model.conditions_on_rows import person_column
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.rounded_amounts import ROUNDED_THERE
from sibdsl.model.from_syntax.value_kinds import Here
from sibdsl.model.nodes import Column, PersonColumn, RecordColumn, Records
from sibdsl.model.types import NUMERIC
from sibdsl.source import Span
from sibdsl.syntax import Word


def column(reader: Reader, name: Word, records: Word, span: Span, here: Here) -> Column | None:
    """The column of another table that has one row for a person; None after a complaint (SIB0301, SIB0400)."""
    row = here.row
    other = row if row is not None and row.name == records.text else reader.tables.get(records.text)
    if other is None:
        reader.problems.add(
            "SIB0400",
            f"{records.text} works out columns of its own, and is read after this table.",
            span,
            clause=here.clause,
            mark="not read yet",
            help=f"Move records {records.text} above this block.",
        )
        return None
    if row is None:
        reader.not_yet(span, f"`{name.text} of {records.text}` where no row is read", clause=here.clause)
        return None
    read = other.column(name.text)
    if read is None:
        near = nearest(name.text, [one.name for one in other.columns])
        listed = "Its columns: " + ", ".join(f"`{one.name}`" for one in other.columns) + "."
        reader.problems.add(
            "SIB0301",
            f"{name.text} is not a column of {other.name}.",
            name.span,
            clause=here.clause,
            mark="no such column",
            help=f"Did you mean `{near}`?" if near else listed,
        )
        return None
    if not _may_be_read(reader, row, other, span, here):
        return None
    if not _as_in_files(other, read):
        reader.not_yet(
            span,
            f"`{name.text} of {other.name}`, which is worked out there and need not be a whole number or one of few decimals",
            clause=here.clause,
            instead=ROUNDED_THERE,
        )
        return None
    known = f"{read.name} of {other.name}"
    formula = PersonColumn(other.name, read.name, read.kind, span=span)
    made = RecordColumn(
        known, read.kind, blank_allowed=True, categories=read.categories, formula=formula, span=read.span
    )
    reader.by_person.setdefault(row.name, {}).setdefault(known, made)
    return Column(row.name, known, read.kind, span=span)


def _as_in_files(table: Records, column: RecordColumn) -> bool:
    """Whether what a column holds could stand in a file: what is worked out may be finer, and a count no whole number."""
    if column.formula is None or column.kind not in NUMERIC:
        return True
    fine = fineness(table, column.formula)
    return fine.as_files and (fine.whole or column.kind != "count")


def _may_be_read(reader: Reader, row: Records, other: Records, span: Span, here: Here) -> bool:
    """Whether rows of the one can have a row of the other by their person."""
    person = person_column(other)
    if row.name == other.name:
        said = f"A row of {row.name} has this column itself."
        help_ = "Write the column's name alone."
    elif _reads(reader, other.name, row.name):
        said = f"Rows of {other.name} read columns of {row.name} by person, so rows of {row.name} cannot read theirs."
        help_ = "Have a table of its own for what both read."
    elif not person_column(row):
        said = (
            f"{row.name} has no column that holds a person, so no row of {other.name} is that of a row of it."
        )
        help_ = "Write `person` under `holds` for the column that identifies the person."
    elif not person or other.key != (person,):
        said = f"{other.name} may have several rows of a person, and this does not say which is read."
        help_ = (
            f"If it has one row for each, write `identified by {person}` in records {other.name}."
            if person
            else f"Write `person` under `holds` in records {other.name}, and `identified by` that column."
        )
        picking = [metric for metric, rows in here.metrics.items() if rows.name == other.name]
        if picking:
            help_ += f" If the row that a metric picks is meant, name the metric: `of {picking[0]}`."
    else:
        return True
    reader.problems.add(
        "SIB0400",
        said,
        span,
        clause=here.clause,
        mark="of which row?",
        help=help_,
        labels=(Label(other.span, f"{other.name} is declared here"),),
    )
    return False


def _reads(reader: Reader, table: str, other: str) -> bool:
    """Whether rows of a table read columns of the other by person, by way of others or at once."""
    read = {
        column.formula.records
        for column in reader.by_person.get(table, {}).values()
        if isinstance(column.formula, PersonColumn)
    }
    return other in read or any(_reads(reader, name, other) for name in read)


def added(reader: Reader, tables: tuple[Records, ...]) -> tuple[Records, ...]:
    """The tables with the columns that their rows read in others: before what is worked out from them."""
    return tuple(
        evolve(table, columns=(*table.filed, *carried.values(), *worked_out))
        for table in tables
        for carried in [reader.by_person.get(table.name, {})]
        for worked_out in [[one for one in table.columns if one.formula is not None]]
    )
