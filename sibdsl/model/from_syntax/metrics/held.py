"""For how long something must be held before it counts, and in which instalments."""

from __future__ import annotations

from fractions import Fraction

from sibdsl.dates import Duration
from sibdsl.diagnostics import Label
from sibdsl.model.conditions_on_rows import amounts_in
from sibdsl.model.from_syntax import printed_tables, values_by_name
from sibdsl.model.from_syntax.amounts import amount
from sibdsl.model.from_syntax.metrics import results_per_person
from sibdsl.model.from_syntax.metrics.results_per_person import LimitPerPerson
from sibdsl.model.from_syntax.people.cohorts import path_column
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.value_kinds import SAID, Here
from sibdsl.model.nodes import (
    Amount,
    AtMost,
    Column,
    Dated,
    Gaps,
    Held,
    JoinedColumn,
    Looked,
    MetricColumn,
    Records,
)
from sibdsl.model.nodes.metrics import read_at
from sibdsl.syntax import Block, Node


def held(reader: Reader, block: Block, table: Records, here: Here, *, days: bool) -> Held | None:
    """What a line `held` asks for. Source: language reference, 'Held' and 'Instalments'."""
    clause = here.clause
    line = reader.one(block, "held")
    if line is None:
        return None
    gaps = results_per_person.gaps(reader, line, clause)
    again = line.node("then_every", "every_time") is not None
    which = results_per_person.counting(reader, line, clause, days=days and not again)
    if gaps is not None and which:
        reader.not_yet(line.span, "days that count after a holding with gaps", clause=clause)
    each, group = line.node("every_time"), line.node("time_by_group")
    duration: Duration | None = None
    by_group = _by_group(reader, group, here) if group is not None else None
    if each is not None:
        duration = reader.duration(each.nodes("duration")[0], clause)
    elif group is None:
        duration = values_by_name.lasting(reader, line, values_by_name.Said(clause, "held"), clause)
    then, most, most_by_group = _then(reader, line, duration, here)
    start, day = _start(reader, line, table, here)
    if table.spell is None:
        reader.problems.add(
            "SIB0426",
            f"{table.name} does not say how long its rows last, so nothing can be held.",
            line.span,
            clause=clause,
            mark="held until when?",
            labels=(Label(table.span, f"{table.name} is declared here"),),
            help="Add a line `spell` to the records, such as `spell from Started On to the day before Ended On, open while blank`.",
        )
        return None
    if day is not None:
        start = table.spell.start
    if start and start != table.spell.start:
        reader.problems.add(
            "SIB0426",
            f"A row of {table.name} lasts from its {table.spell.start}, not from its {start}.",
            line.span,
            clause=clause,
            mark="not where the spell begins",
            help=f"Let the time run `from {table.spell.start}`.",
            labels=(Label(table.spell.span, "the spell is declared here"),),
        )
        return None
    if (duration is None and by_group is None) or not start or (then is None and again):
        return None
    if not _one_time(reader, gaps, clause, by_group, most_by_group):
        return None
    if days and (then is not None or day is not None):
        _unclear(
            reader,
            line,
            "Days are counted here, each by itself; instalments are results of what is held."
            if then is not None
            else "Days are counted here from the first day of each row; this time runs from another date.",
            "days in instalments" if then is not None else "from the row's own first day?",
            "Write `counts rows of`, or let the days count `held for` a time."
            if then is not None
            else f"Write `counts rows of`, or let the time run `from {table.spell.start}`.",
            clause,
        )
        return None
    return Held(duration, start, gaps, which, then, most, by_group, day, most_by_group, span=line.span)


def _start(reader: Reader, line: Node, table: Records, here: Here) -> tuple[str, Amount | None]:
    """From which column of the row something is held, or from which date of the person; neither after a complaint."""
    part = line.children[1]
    if isinstance(part, Node) and part.kind == "path" and len(part.words()) == 1:
        return path_column(reader, table, line, ("date",), here.clause), None
    day = amount(reader, part, here)
    if day is None:
        return "", None
    if day.kind != "date":
        reader.problems.add(
            "SIB0413",
            f"Something is held from a date on; this is {SAID[day.kind]}.",
            part.span,
            clause=here.clause,
            mark=f"{SAID[day.kind]}, not a date",
            help="Name the date on which a row begins, or one of the person: `from the date of Job Start`.",
        )
        return "", None
    if any(isinstance(one, Column) for one in amounts_in(day)):
        _unclear(
            reader,
            line,
            "Each row has such a date of its own, and a person's rows may follow one another.",
            "from the date of which row?",
            "Let the time run from the day on which a row begins, or from a date of the person: `from the date of Job Start`, "
            "`from joining date`.",
            here.clause,
        )
        return "", None
    return "", day


def _one_time(reader: Reader, gaps: Gaps | None, clause: str, *read: Looked | None) -> bool:
    """Whether all rows of a stay have one time, and one number; reports a group that is read in each row."""
    own = next((looked for looked in read if looked is not None and isinstance(looked.key, Column)), None)
    if gaps is None or own is None:
        return True
    _of_which_row(reader, own, "Rows of one person are joined here", clause)
    return False


def _of_which_row(reader: Reader, own: Looked, said: str, clause: str) -> None:
    reader.problems.add(
        "SIB0498",
        f"{said}, and each row may be of another group.",
        own.span,
        clause=clause,
        mark="of the group in which row?",
        help="Read the group in one row of the person: that by which they joined a cohort, as in `read at Level of Participants`, or "
        "that which another metric counts.",
    )


def _by_group(reader: Reader, node: Node, here: Here) -> Looked | None:
    """The time that a printed table holds at a column of a row. Source: language reference, 'Held for a time by group'."""
    key = amount(reader, node.nodes("path")[0], here)
    looked = printed_tables.read_at(reader, node, here, key) if key is not None else None
    if looked is None:
        return None
    if not isinstance(looked, Looked) or looked.kind != "duration":
        reader.problems.add(
            "SIB0413",
            f"Something is held for a length of time; this is {SAID[looked.kind]}.",
            node.span,
            clause=here.clause,
            mark=f"{SAID[looked.kind]}, not a length of time",
            help="Name a column of a printed `table` that holds lengths of time, such as `13 weeks`.",
        )
        return None
    return looked if _read_in_a_row(reader, looked, here) else None


def _read_in_a_row(reader: Reader, looked: Looked, here: Here) -> bool:
    """Whether a group is read at a column of a row, of the one that is held or of another of the person; reports what is not."""
    if isinstance(looked.key, Column | JoinedColumn | MetricColumn):
        return True
    reader.problems.add(
        "SIB0413",
        "A group is read at a column of a row; this is none.",
        looked.key.span,
        clause=here.clause,
        mark="not a column",
        help="Name a column of the rows that are counted, of those by which people join (`Level of Participants`), or of those that "
        "another metric counts.",
    )
    return False


def _then(
    reader: Reader, line: Node, duration: Duration | None, here: Here
) -> tuple[Duration | None, int | None, Looked | None]:
    """After which further time there is another instalment, and how many there are in each stay, where that is limited."""
    further = line.node("then_every")
    then = duration if line.node("every_time") is not None else None
    if further is not None:
        then = reader.duration(further.nodes("duration")[0], here.clause)
    times = line.node("so_many_times")
    if times is None or times.node("in_each_stay") is None:
        return then, None, None
    group = times.node("time_by_group")
    if group is not None:
        return then, None, _number_by_group(reader, group, here)
    return then, _number(reader, times, here.clause), None


def _number_by_group(reader: Reader, node: Node, here: Here) -> Looked | None:
    """How many a printed table holds at a column of a row: whole numbers, not all of them 0."""
    key = amount(reader, node.nodes("path")[0], here)
    looked = printed_tables.read_at(reader, node, here, key) if key is not None else None
    if looked is None:
        return None
    printed = _printed(reader, looked) if isinstance(looked, Looked) and looked.kind == "number" else []
    if (
        not isinstance(looked, Looked)
        or not printed
        or any(one < 0 or one.denominator > 1 for one in printed)
    ):
        reader.problems.add(
            "SIB0413",
            "So many is a whole number, and this is not read where whole numbers stand.",
            node.span,
            clause=here.clause,
            mark="not whole numbers",
            help="Name a column of a printed `table` that holds whole numbers, such as 13.",
        )
        return None
    return looked if _read_in_a_row(reader, looked, here) else None


def _printed(reader: Reader, looked: Looked) -> list[Fraction]:
    """The numbers that the column of a printed table holds."""
    held = [value.value for _, value in reader.lookups[looked.table].values(looked.column)]
    return [number for number in held if isinstance(number, Fraction)]


def _number(reader: Reader, times: Node, clause: str) -> int | None:
    number = int(times.words("INT")[0].text.replace(",", ""))
    if number:
        return number
    reader.problems.add(
        "SIB0468",
        "With at most 0, nobody's results count.",
        times.span,
        clause=clause,
        mark="nobody counts",
        help="Write the number that counts, such as `at most 13 times`, or take the metric out.",
    )
    return None


def instalments(
    reader: Reader, block: Block, dated: Dated, limit: LimitPerPerson, here: Here
) -> LimitPerPerson:
    """How many instalments of a person count: so many of all stays together, unless the line says in each stay."""
    clause = here.clause
    (line,) = block.lines("held")[:1]
    if dated.by not in ("day after", "last day held"):
        _unclear(
            reader,
            line,
            "Each instalment would bear the same date, which is not its own.",
            "dated by its own days",
            "Write `dated on the day after`, or `dated on the last day held`.",
            clause,
        )
    if block.lines("evidenced"):
        reader.not_yet(block.lines("evidenced")[0].span, "evidence of instalments", clause=clause)
    if limit.first_only:
        _unclear(
            reader,
            line,
            "Only the first result of each person counts, so no instalment after it does.",
            "one, or several?",
            "Take out `per person first only`, or write `held for` the time alone.",
            clause,
        )
    times = line.node("so_many_times")
    if times is None or times.node("in_each_stay") is not None:
        return limit
    group = times.node("time_by_group")
    by_group = _number_by_group(reader, group, here) if group is not None else None
    if by_group is not None and isinstance(by_group.key, Column):
        _of_which_row(reader, by_group, "All instalments of a person are counted here", clause)
        return limit
    number = (
        _number(reader, times, clause)
        if group is None
        else int(max(_printed(reader, by_group)))
        if by_group is not None
        else None
    )
    said = f"at most {number} times" if by_group is None else f"at most {read_at(by_group)}"
    if limit.at_most is not None:
        _unclear(
            reader,
            line,
            f"Two lines say how many of a person count: `{said}`, and `per person {limit.at_most.said}`.",
            "which of them?",
            f"Write `{said} in each stay` if that is meant, or leave one of them out.",
            clause,
        )
    if not number or limit:
        return limit
    return LimitPerPerson(at_most=AtMost(number, "contract", by_group=by_group, span=times.span))


def _unclear(reader: Reader, line: Node, message: str, mark: str, help_: str, clause: str) -> None:
    reader.problems.add("SIB0498", message, line.span, clause=clause, mark=mark, help=help_)
