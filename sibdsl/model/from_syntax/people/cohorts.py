"""Cohorts: who counts, by which row they join, and for how long they are tracked."""

from __future__ import annotations

from typing import Literal, cast

from sibdsl.diagnostics import Label
from sibdsl.model.columns_worked_out import in_parts
from sibdsl.model.from_syntax import values_by_name
from sibdsl.model.from_syntax.conditions import condition, within
from sibdsl.model.from_syntax.people.records import column_of
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.rounded_amounts import ROUNDED_THERE
from sibdsl.model.from_syntax.value_kinds import Here
from sibdsl.model.nodes import Cohort, Condition, Not, Pick, Records, Tracked
from sibdsl.syntax import Block, Node, Word


def _table_of(reader: Reader, tables: dict[str, Records], word: Word, clause: str) -> Records | None:
    name = reader.name(word, "records", clause=clause)
    return tables.get(name) if name else None


def cohorts(reader: Reader, blocks: list[Block], tables: dict[str, Records]) -> tuple[Cohort, ...]:
    """Read the `cohort` blocks."""
    found: list[Cohort] = []
    for block in blocks:
        reader.only(
            block,
            *(
                "rows",
                "only_if",
                "not_if",
                "joins",
                "if_several",
                "tracked",
                "size",
                "source",
                "says",
                "note",
            ),
        )
        clause = reader.clause(block)
        rows = reader.one(block, "rows", needed="rows Referrals")
        joins = reader.one(block, "joins", needed="joins on Referred On")
        several = reader.one(block, "if_several", needed="if several earliest Referred On")
        table = _table_of(reader, tables, rows.words()[0], clause) if rows else None
        if table is None or joins is None or block.name is None:
            continue
        one_person(reader, table, block, clause)
        here = Here(clause=clause, row=table, values=reader.values)
        joins_on = path_column(reader, table, joins, ("date",), clause)
        picks = tuple(picks_of(reader, table, several, clause)) if several else ()
        tests = conditions_of(reader, block, here)
        tracked = _tracked(reader, block, table, clause)
        found.append(
            Cohort(
                block.name.text,
                block.clause,
                block.gloss,
                table.name,
                tests,
                joins_on,
                picks,
                tracked,
                _size(reader, block, clause),
                span=block.head,
            )
        )
    return tuple(found)


def _tracked(reader: Reader, block: Block, table: Records, clause: str) -> Tracked | None:
    line = reader.one(block, "tracked")
    if line is None:
        return None
    duration = values_by_name.lasting(reader, line, values_by_name.Said(clause, "tracked"), clause)
    start = path_column(reader, table, line, ("date",), clause)
    return Tracked(duration, start, span=line.span) if duration and start else None


def _size(reader: Reader, block: Block, clause: str) -> int | None:
    """How many belong to the cohort, at most."""
    line = reader.one(block, "size")
    if line is None:
        return None
    word = line.words("INT")[0]
    number = int(word.text.replace(",", ""))
    if number == 0:
        reader.problems.add(
            "SIB0468",
            "A cohort of the first 0 to join has nobody in it.",
            word.span,
            clause=clause,
            mark="room for nobody",
            help="Write how many belong to it, such as `size the first 400 to join`, or take the line out.",
        )
        return None
    return number


def one_person(reader: Reader, table: Records, block: Block, clause: str) -> None:
    """Report records that do not have exactly one column of persons."""
    if sum(column.kind == "person" for column in table.columns) != 1:
        reader.problems.add(
            "SIB0424",
            f"{table.name} must have exactly one column that holds `person`.",
            block.head,
            clause=clause,
            mark="whose rows are these?",
            help="Write `person` under `holds` for the column that identifies the person.",
            labels=(Label(table.span, f"{table.name} is declared here"),),
        )


def path_column(reader: Reader, table: Records, line: Node, kinds: tuple[str, ...], clause: str) -> str:
    """The name of a column of the records, of one of the kinds; '' after a complaint."""
    path = line.node("path")
    if path is None or len(path.children) != 1:
        reader.not_yet(line.span, "a column of something else here", clause=clause)
        return ""
    return column_of(reader, table, path.words()[0], kinds, clause)


def picks_of(reader: Reader, table: Records, line: Node, clause: str) -> list[Pick]:
    """Which of several rows is taken, by what first."""
    picks = (pick_of(reader, table, node, clause) for node in line.nodes("pick"))
    return [pick for pick in picks if pick is not None]


def pick_of(reader: Reader, table: Records, node: Node, clause: str) -> Pick | None:
    """One `latest Reported On`; None after a complaint."""
    way = next(iter(node.nodes("pick_way"))).said
    kinds = ("date",) if way in ("earliest", "latest") else ()
    column = path_column(reader, table, node, kinds, clause)
    read = table.column(column)
    if read is not None and in_parts(table, read):
        reader.not_yet(
            node.span,
            f"choosing among rows by {column}, which is worked out by a share or a division",
            clause=clause,
            instead=ROUNDED_THERE,
        )
        return None
    return Pick(cast("Literal['earliest']", way), column, span=node.span) if column else None


def conditions_of(reader: Reader, block: Block, here: Here) -> tuple[Condition, ...]:
    """The conditions of a cohort or a metric, in order."""
    conditions: list[Condition] = []
    for line in block.lines("only_if", "not_if"):
        test = condition(reader, line.nodes()[0], here)
        if test is not None:
            amount = within(test, line.span)
            conditions.append(Not(amount, span=line.span) if line.kind == "not_if" else amount)
    return tuple(conditions)
