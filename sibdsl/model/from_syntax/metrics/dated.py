"""By which date a metric's results are dated, and in which of the contract's periods that date must lie."""

from __future__ import annotations

from typing import Literal, cast

from sibdsl.diagnostics import Label
from sibdsl.model.from_syntax.amounts import amount
from sibdsl.model.from_syntax.metrics import what_counts
from sibdsl.model.from_syntax.metrics.what_counts import Counts
from sibdsl.model.from_syntax.people.cohorts import path_column
from sibdsl.model.from_syntax.reader import Reader, label
from sibdsl.model.from_syntax.rows_of_others import result_date
from sibdsl.model.from_syntax.value_kinds import SAID, Here
from sibdsl.model.nodes import (
    Column,
    ColumnSum,
    Condition,
    Dated,
    Held,
    InPeriod,
    PeopleReaching,
    Records,
    RowsCounted,
)
from sibdsl.syntax import Block, Node


def dated(reader: Reader, block: Block, said: Counts, held: Held | None, here: Here) -> Dated | None:
    """How a metric's results are dated. Source: language reference, 'Dated' and 'The date of another result'."""
    clause = here.clause
    if said.what.of_window:
        return Dated("end of window", span=block.head)
    wanted = (
        "dated each day"
        if said.what.by_the_day
        else "dated on the day reached"
        if isinstance(said.what, PeopleReaching)
        else "dated on the day after"
        if held
        else "dated Engaged On"
    )
    line = reader.one(block, *what_counts.DATED, needed=wanted)
    if line is None or not what_counts.dated_well(reader, line, said, clause):
        return None
    if line.kind == "dated_day_reached":
        return Dated("column", said.by, span=line.span)
    if line.kind == "dated_by":
        return _by(reader, said, line, here)
    if line.kind == "dated_on_result":
        day = result_date(reader, line.words("NAME")[0], line.span, here)
        return Dated("worked out", day=day, span=line.span) if day is not None else None
    if line.kind == "dated_each_day":
        return Dated("each day", span=line.span)
    if line.kind == "dated_each_end":
        return _each_end(reader, block, said, line, clause)
    if held is None and not block.lines("held"):
        reader.problems.add(
            "SIB0427",
            "Nothing is held here, so there is no last day held.",
            line.span,
            clause=clause,
            mark="of what?",
            help="Name the column that dates the result, such as `dated Engaged On`, or add a line `held`.",
        )
        return None
    return Dated("day after" if line.kind == "dated_day_after" else "last day held", span=line.span)


def _each_end(reader: Reader, block: Block, said: Counts, line: Node, clause: str) -> Dated | None:
    """Rows that last on the last day of each month. Source: language reference, 'In progress at the end of a month'."""
    unit = next(iter(line.nodes("time_unit"))).said
    if not isinstance(said.what, RowsCounted | ColumnSum):
        reader.not_yet(
            line.span, f"`{label(what_counts.line_of(block).kind)}` at the end of each {unit}", clause=clause
        )
        return None
    if said.table.spell is None:
        reader.problems.add(
            "SIB0426",
            f"{said.table.name} does not say how long its rows last, so none is in progress at the end of a {unit}.",
            line.span,
            clause=clause,
            mark="in progress until when?",
            labels=(Label(said.table.span, f"{said.table.name} is declared here"),),
            help="Add a line `spell` to the records, such as `spell from Started On to the day before Ended On, open while blank`.",
        )
        return None
    for other in block.lines("held", "within", "evidenced_by"):
        name = label(other.kind)
        reader.not_yet(other.span, f"`{name}` of what is dated at the end of each {unit}", clause=clause)
        return None
    return Dated("each end", each=cast("Literal['month']", unit), span=line.span)


def _by(reader: Reader, said: Counts, line: Node, here: Here) -> Dated | None:
    """By a column of the row, or by a date that is worked out."""
    part = line.children[0]
    if isinstance(part, Node) and part.kind == "path" and len(part.words()) == 1:
        column = path_column(reader, said.table, line, ("date",), here.clause)
        return Dated("column", column, span=line.span) if column else None
    day = amount(reader, part, here)
    if day is None:
        return None
    if day.kind != "date":
        reader.problems.add(
            "SIB0413",
            f"A result is dated by a date; this is {SAID[day.kind]}.",
            part.span,
            clause=here.clause,
            mark=f"{SAID[day.kind]}, not a date",
            help="Name a column that holds a date, or a day that lies some time after one: "
            "`dated 12 months after Started On`.",
        )
        return None
    return Dated("worked out", day=day, span=line.span)


def days_in(line: Node | None, dated: Dated | None) -> Literal["", "service period", "payment period"]:
    """The period of the contract in which each day that counts must lie, '' where no line says one. Source: language reference, 'Days'."""
    if line is None or dated is None or dated.by != "each day":
        return ""
    said = next(iter(line.nodes("span"))).said
    return "service period" if "service" in said else "payment period" if "payment" in said else ""


def within(line: Node, table: Records, held: Held | None, dated: Dated) -> Condition | None:
    """The condition that the date of a result, or the day on which what is held begins, lies in a period of the contract."""
    if dated.by == "each day":  # each day by itself, wherever its row begins
        return None
    said = next(iter(line.nodes("span"))).said
    period: Literal["service period", "payment period"] = (
        "service period" if "service" in said else "payment period"
    )
    if dated.day is not None:
        return InPeriod(dated.day, period, span=line.span)
    if not dated.column and held is not None and held.day is not None:
        return InPeriod(held.day, period, span=line.span)
    name = dated.column or (held.start if held else "")
    column = table.column(name)
    if column is None:
        return None
    return InPeriod(Column(table.name, column.name, column.kind, span=line.span), period, span=line.span)
