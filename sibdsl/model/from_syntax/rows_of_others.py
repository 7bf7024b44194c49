"""Columns of other rows of the same person: that which a metric picked, or by which they joined; and the date of a result."""

from __future__ import annotations

from sibdsl.diagnostics import nearest
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.value_kinds import Here
from sibdsl.model.nodes import Amount, JoinedColumn, MetricColumn, RecordColumn, Records, ResultDate
from sibdsl.source import Span
from sibdsl.syntax import Word


def result_date(reader: Reader, metric: Word, span: Span, here: Here) -> ResultDate | None:
    """`the date of Job Start`: of the first result of that metric for the person. Source: 'The date of another result'."""
    name = reader.name(metric, "metric", clause=here.clause)
    if not name or not has_rows(reader, name, span, here):
        return None
    if name not in here.metrics or not here.joins:
        outside_people(reader, f"`the date of {name}`", span, here)
        return None
    return ResultDate(name, span=span)


def outside_people(reader: Reader, said: str, span: Span, here: Here) -> None:
    """Report what is read of a result, where nobody is counted whose result it could be."""
    reader.problems.add(
        "SIB0312",
        f"{said} is that of one person's result, and here no person is counted whose result it could be.",
        span,
        clause=here.clause,
        mark="of which person?",
        help="It can be read in a metric among a cohort.",
    )


def has_rows(reader: Reader, metric: str, span: Span, here: Here) -> bool:
    """Whether the metric's results are each a person's; reports one whose are not."""
    if metric not in reader.rowless:
        return True
    reader.problems.add(
        "SIB0494",
        f"{metric} picks no row of a person, so nothing of one can be read.",
        span,
        clause=here.clause,
        mark="of which row?",
        help="Name a metric that counts rows of people, or a column of this row.",
    )
    return False


def metric_column(reader: Reader, column: Word, metric: Word, span: Span, here: Here) -> Amount | None:
    """`Engaged On of Engagement`: of the row that the metric picked for the person."""
    name = reader.name(metric, "metric", clause=here.clause)
    if not name:
        return None
    table = here.metrics.get(name)
    if not has_rows(reader, name, span, here):
        return None
    if table is None:
        if not here.joins:
            outside_people(reader, f"`{column.text} of {name}`", span, here)
        return None
    found = _column_of(reader, column, table, f"which {name} counts", here)
    return MetricColumn(name, found.name, found.kind, span=span) if found is not None else None


def joined_column(reader: Reader, column: Word, cohort: Word, span: Span, here: Here) -> Amount | None:
    """`Level of Participants`: of the row by which the person joined. Source: 'Columns of another table'."""
    table = here.cohorts.get(cohort.text)
    if table is None or not here.joins:
        reader.problems.add(
            "SIB0412",
            f"`{column.text} of {cohort.text}` has no meaning here: it is read for a person who is counted, in a metric among a cohort.",
            span,
            clause=here.clause,
            mark="whose row?",
            help="Read it in a condition of the metric. To work a column out from it, give the rows by which people join "
            "`identified by` their person, and name those records.",
        )
        return None
    found = _column_of(reader, column, table, f"by whose rows people join {cohort.text}", here)
    return JoinedColumn(cohort.text, found.name, found.kind, span=span) if found is not None else None


def _column_of(reader: Reader, column: Word, table: Records, which: str, here: Here) -> RecordColumn | None:
    """The column of a table that the contract names; None after a complaint (SIB0301)."""
    found = table.column(column.text)
    if found is None:
        near = nearest(column.text, [one.name for one in table.columns])
        reader.problems.add(
            "SIB0301",
            f"{column.text} is not a column of {table.name}, {which}.",
            column.span,
            clause=here.clause,
            mark="no such column",
            help=f"Did you mean `{near}`?"
            if near
            else "Its columns: " + ", ".join(f"`{one.name}`" for one in table.columns) + ".",
        )
    return found
