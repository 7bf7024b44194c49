"""Workings, scales, worked-out metrics, tables, records and investments that a variation puts in the place of others.

What speaks of one speaks of its steps and columns by their names: the new text has them all, of the same kinds, and every clause
that speaks of it must read as well with the new text as with the old. Source of the rule: language reference,
'Workings, scales and scorecards replaced'.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date

from attrs import evolve, frozen

from sibdsl.diagnostics import Label, Problems
from sibdsl.model.from_syntax.metrics import worked_out
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.value_kinds import SAID
from sibdsl.model.invariants.names import walk
from sibdsl.model.nodes import Derived, Looked, Lookup, Metric, Records, Workings
from sibdsl.syntax import Block

#: Kinds of blocks whose texts are worked out from quantities, as a metric may be too.
FIGURES = ("workings", "scale", "scorecard")


@frozen
class Figures:
    """What takes the place of workings, scales and metrics that are worked out; and the reader to whom its steps stand so."""

    workings: tuple[Workings, ...]
    derived: tuple[Derived, ...]
    reader: Reader


def figures(
    reader: Reader,
    again: Iterable[Block],
    counted: Mapping[str, Metric],
    workings: tuple[Workings, ...],
    derived: Mapping[str, Derived],
) -> Figures:
    """Read the blocks that take the place of others; reports what cannot stand where the others stood.

    Steps that only they have become known to the reader.
    """
    blocks = [block for block in again if block.kind in FIGURES or worked_out.is_made(block)]
    own = evolve(
        reader,
        steps=dict(reader.steps),
        worked=dict(reader.worked),
        levels=dict(reader.levels),
        measures=dict(reader.measures),
        spans=dict(reader.spans),
    )
    made, metrics = worked_out.figures(own, blocks, counted)
    before = {block.name: block for block in workings}
    for new in made:
        if new.name in before:
            _steps_go_on(reader, before[new.name], new)
    for metric in metrics:
        _measure_goes_on(reader, metric, derived.get(metric.name), counted)
    for name, kind in own.steps.items():
        reader.steps.setdefault(name, kind)
        reader.worked.setdefault(name, own.worked[name])
        reader.levels.setdefault(name, own.levels[name])
    return Figures(made, metrics, own)


def _steps_go_on(reader: Reader, old: Workings, new: Workings) -> None:
    steps = {step.name: step for step in new.steps}
    for step in old.steps:
        other = steps.get(step.name)
        if other is None:
            reader.problems.add(
                "SIB0226",
                f"{new.name} has no step {step.name} any more, by which clauses speak of it.",
                new.span,
                clause=new.clause,
                mark=f"without {step.name}",
                help=f"Keep a step {step.name}, or `remove` {new.name} and add workings of another name, with what speaks of them.",
                labels=(Label(step.span, f"{step.name} of the text before"),),
            )
        elif other.amount.kind != step.amount.kind:
            reader.problems.add(
                "SIB0226",
                f"{step.name} was {SAID[step.amount.kind]}; in the new text it is {SAID[other.amount.kind]}.",
                other.span,
                clause=new.clause,
                mark=f"{SAID[other.amount.kind]}, not {SAID[step.amount.kind]}",
                help="Clauses go on speaking of it as of what it was. Let it come to the same kind of thing, or add it under another Name.",
                labels=(Label(step.span, f"{step.name} of the text before"),),
            )


def _measure_goes_on(
    reader: Reader, new: Derived, old: Derived | None, counted: Mapping[str, Metric]
) -> None:
    if old is None:
        rows = counted.get(new.name)
        if rows is not None:
            reader.problems.add(
                "SIB0227",
                f"{new.name} counts rows of {rows.records}; what is worked out from other metrics cannot stand in its place.",
                new.span,
                clause=new.clause,
                mark="counted row by row before",
                help=f"A row counts on its date, and this over whole stretches of time. `add` it under another Name, and `replace` what speaks of {new.name}.",
                labels=(Label(rows.span, f"the other {new.name}"),),
            )
        return
    what = ""
    if (new.measured.over, new.measured.on, new.measured.days) != (old.measured.over, old.measured.on, old.measured.days):  # fmt: skip
        what = f"It is measured {new.measured.said}, and was {old.measured.said}."
    elif new.measures != old.measures:
        what = f"It is {SAID[new.measures]}, and was {SAID[old.measures]}."
    if what:
        reader.problems.add(
            "SIB0227",
            f"The new {new.name} cannot be read where the old one is. {what}",
            new.span,
            clause=new.clause,
            mark="another measure",
            help=f"`add` it under another Name, and `replace` what speaks of {new.name}.",
            labels=(Label(old.span, f"the other {new.name}"),),
        )


def tables_go_on(
    reader: Reader,
    before: Mapping[str, Lookup],
    again: Iterable[Lookup],
    records: Iterable[Records],
    holidays: Collection[str],
) -> None:
    """Report a table with other columns than the one of its name, one that a column of records reads, and other holidays.

    `holidays` are the tables of the line `business days`.
    """
    worked = [(table, column) for table in records for column in table.columns if column.formula is not None]
    for new in again:
        old = before.get(new.name)
        if old is None:
            continue
        what, label = "", Label(old.span, f"the other {new.name}")
        kinds = {column.name: column.kind for column in new.columns}
        lacking = [column for column in old.columns if kinds.get(column.name) != column.kind]
        if old.columns[0].name != new.columns[0].name:
            what = f"its rows begin with {new.columns[0].name}, and began with {old.columns[0].name}"
        elif lacking:
            name = lacking[0].name
            what = f"{name} is {'of another kind' if name in kinds else 'not among its columns'}"
            label = Label(lacking[0].span, "read here before")
        elif new.name in holidays and not _only_more_days(old, new):
            what = "a table of holidays keeps each day that it held, and adds days after those that it was known for alone"
        else:
            reading = ((table, column) for table, column in worked if reads_table(column.formula, new.name))
            table, column = next(reading, (None, None))
            if table is not None and column is not None:
                what = f"{column.name} of {table.name} is worked out by it, in rows that have no day"
                label = Label(column.span, "read here")
        if what:
            reader.problems.add(
                "SIB0232",
                f"Table {new.name} cannot be replaced by this one: {what}.",
                new.span,
                clause=new.clause,
                mark="cannot be read where the old one is",
                help="Print the table with the columns that it had; or `add` it under another Name, and `replace` what reads it.",
                labels=(label,),
            )


def reads_table(node: object, name: str) -> bool:
    """Whether something is read in the table of that name anywhere in a node."""
    return any(isinstance(part, Looked) and part.table == name for part, _ in walk(node))


def _only_more_days(old: Lookup, new: Lookup) -> bool:
    if old.known is None or new.known is None:
        return False
    kept = {row.cells[0].value for row in old.rows if row.cells[0] is not None}
    own = {row.cells[0].value for row in new.rows if row.cells[0] is not None}
    within = {day for day in own if isinstance(day, date) and day in old.known}
    return new.known.start <= old.known.start and old.known.end <= new.known.end and within <= kept <= own


def read_again(reader: Reader, texts: Reader, read: Iterable[Callable[[Reader], object]]) -> None:
    """Report what the clauses of the contract are found to have wrong once the new texts stand in the place of the old."""
    known = {(finding.code, finding.span) for finding in reader.problems.found}
    problems = Problems()
    for stage in read:
        stage(evolve(texts, problems=problems, named=list(reader.named)))
    for finding in problems.found:
        if finding.severity == "error" and (finding.code, finding.span) not in known:
            reader.problems.found.append(
                evolve(
                    finding, message=f"{finding.message} So it is with the text that a variation puts there."
                )
            )
