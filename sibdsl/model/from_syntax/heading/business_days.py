"""Which days are business days: weekdays that stand in no printed table of holidays."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from sibdsl.dates import Duration, long
from sibdsl.diagnostics import Label
from sibdsl.model.from_syntax.heading.header import Header
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.nodes import BusinessDaysSaid, Lookup, Metric
from sibdsl.source import Span
from sibdsl.syntax import Block, Word


def business_days(
    reader: Reader, block: Block, head: Header, metrics: Iterable[Metric], added: Collection[str]
) -> BusinessDaysSaid | None:
    """Read the line `business days`; reports business days that are counted where nothing says which they are (SIB0574).

    `added` are names that variations define: the contract as it was signed does not know them.
    """
    line = reader.one(block, "business_days")
    if line is None:
        for span, clause in _counted(reader, block, head, metrics):
            reader.problems.add(
                "SIB0574",
                "The contract does not say which days are business days.",
                span,
                clause=clause,
                mark="counted by which calendar?",
                help="Add a line such as `business days weekdays not in Bank Holidays` to the contract block, and a table of "
                'the holidays, or `uses "calendars/england-and-wales"`.',
            )
            break
        return None
    words = line.words("NAME")
    if not all(_holds_holidays(reader, block, word, added) for word in words):
        return None
    return BusinessDaysSaid(tuple(dict.fromkeys(word.text for word in words)), span=line.span)


def _counted(
    reader: Reader, block: Block, head: Header, metrics: Iterable[Metric]
) -> Iterator[tuple[Span, str]]:
    """Where business days are counted, each with its clause."""
    if head.due is not None and (head.due.business_day or head.due.after.unit == "business day"):
        yield head.due.span, reader.clause(block)
    for line in block.lines("prepared", "accepted_by"):
        units = [unit.said for length in line.nodes("duration") for unit in length.nodes("duration_unit")]
        if any(unit.startswith("business") for unit in units):
            yield line.span, reader.clause(block)
    for metric in metrics:
        if metric.evidence is not None and any(map(_in_business_days, metric.evidence.lengths)):
            yield metric.evidence.span, metric.name


def _in_business_days(length: Duration) -> bool:
    return length.unit == "business day"


def _holds_holidays(reader: Reader, block: Block, word: Word, added: Collection[str]) -> bool:
    """Whether a name is that of a table of days which says of which time it holds every holiday; reports why not."""
    clause = reader.clause(block)
    if word.text in added or not reader.name(word, "table", clause=clause):
        if word.text in added:
            _wrong(
                reader,
                word.span,
                clause,
                f"{word.text} is added by a variation.",
                "not there from the first",
                "Put the table into the contract itself; a variation may replace it.",
            )
        return False
    table = reader.lookups.get(word.text)
    if table is None:  # reported where it stands
        return False
    if table.columns[0].kind != "date":
        what = f"The first column of {table.name}, {table.columns[0].name}, holds no dates."
        _wrong(
            reader,
            word.span,
            clause,
            what,
            "no table of days",
            "Name a table whose first column holds the days of the holidays.",
            table,
        )
        return False
    if table.known is None:
        what = f"{table.name} does not say of which days it holds every holiday."
        _wrong(
            reader,
            word.span,
            clause,
            what,
            "known to when?",
            "Add a line such as `known  1 January 2026 to 31 December 2027` to the table.",
            table,
        )
        return False
    for row in table.rows:
        day = row.cells[0]
        if day is not None and day.value not in table.known:  # type: ignore[operator] # the column holds dates
            what = f"{long(day.value)} is outside the days of which {table.name} is known, {table.known}."  # type: ignore[arg-type] # as above
            _wrong(reader, row.span, clause, what, "outside", "Put the day right, or the line `known`.")
            return False
    return True


def _wrong(
    reader: Reader, span: Span, clause: str, message: str, mark: str, help_: str, table: Lookup | None = None
) -> None:
    labels = () if table is None else (Label(table.span, "the table"),)
    reader.problems.add("SIB0574", message, span, clause=clause, mark=mark, help=help_, labels=labels)
