"""For how long something must be held before it counts, and in which instalments."""

from __future__ import annotations

from sibdsl.dates import Duration
from sibdsl.diagnostics import Label
from sibdsl.model.from_syntax import printed_tables, values_by_name
from sibdsl.model.from_syntax.amounts import amount
from sibdsl.model.from_syntax.metrics import results_per_person
from sibdsl.model.from_syntax.metrics.results_per_person import LimitPerPerson
from sibdsl.model.from_syntax.people.cohorts import path_column
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.value_kinds import SAID, Here
from sibdsl.model.nodes import AtMost, Column, Dated, Gaps, Held, Looked, Records
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
    by_group = _by_group(reader, group, gaps, here) if group is not None else None
    if each is not None:
        duration = reader.duration(each.nodes("duration")[0], clause)
    elif group is None:
        duration = values_by_name.lasting(reader, line, values_by_name.Said(clause, "held"), clause)
    then, most = _then(reader, line, duration, clause)
    start = path_column(reader, table, line, ("date",), clause)
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
    if then is not None and days:
        _unclear(
            reader,
            line,
            "Days are counted here, each by itself; instalments are results of what is held.",
            "days in instalments",
            "Write `counts rows of`, or let the days count `held for` a time.",
            clause,
        )
        return None
    return Held(duration, start, gaps, which, then, most, by_group, span=line.span)


def _by_group(reader: Reader, node: Node, gaps: Gaps | None, here: Here) -> Looked | None:
    """The time that a printed table holds at a column of the row. Source: language reference, 'Held'."""
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
    if not isinstance(looked.key, Column):
        reader.not_yet(
            node.span, "a time held that is read at other than a column of the row", clause=here.clause
        )
        return None
    if gaps is not None:
        reader.not_yet(gaps.span, "gaps in what is held for a time that differs by group", clause=here.clause)
        return None
    return looked


def _then(
    reader: Reader, line: Node, duration: Duration | None, clause: str
) -> tuple[Duration | None, int | None]:
    """After which further time there is another instalment, and how many there are in each stay, where that is limited."""
    further = line.node("then_every")
    then = duration if line.node("every_time") is not None else None
    if further is not None:
        then = reader.duration(further.nodes("duration")[0], clause)
    times = line.node("so_many_times")
    if times is None or times.node("in_each_stay") is None:
        return then, None
    return then, _number(reader, times, clause)


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
    reader: Reader, block: Block, dated: Dated, limit: LimitPerPerson, clause: str
) -> LimitPerPerson:
    """How many instalments of a person count: so many of all stays together, unless the line says in each stay."""
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
    number = _number(reader, times, clause)
    if limit.at_most is not None:
        _unclear(
            reader,
            line,
            f"Two lines say how many of a person count: `at most {number} times`, and `per person {limit.at_most.said}`.",
            "which of them?",
            f"Write `at most {number} times in each stay` if that is meant, or leave one of them out.",
            clause,
        )
    if number is None or limit:
        return limit
    return LimitPerPerson(at_most=AtMost(number, "contract", span=times.span))


def _unclear(reader: Reader, line: Node, message: str, mark: str, help_: str, clause: str) -> None:
    reader.problems.add("SIB0498", message, line.span, clause=clause, mark=mark, help=help_)
