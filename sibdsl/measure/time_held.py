"""For how long something is held, and from when, as SQL: alike for all rows, or as a printed table or another row has it."""

from __future__ import annotations

from collections.abc import Callable

from sibdsl.dates import Duration, parse_duration
from sibdsl.measure import conditions, reading_cells, spells, sqltree
from sibdsl.measure.conditions import ROW
from sibdsl.measure.looks import Look, MetricLook
from sibdsl.measure.plan import Plan
from sibdsl.measure.sqltree import Tree
from sibdsl.model.nodes import Held, Looked


def start(plan: Plan, look: MetricLook, held: Held) -> Tree:
    """The day from which the row `s` must be held: its own first, or that on which the person's time begins."""
    if held.day is not None:
        return conditions.plain(plan, look, held.day)
    return reading_cells.typed(look.table.cell(held.start), ROW)


def complete(plan: Plan, look: MetricLook, held: Held, start: Tree) -> Tree:
    """The day on which what began on `start` in the row `s` is complete; NULL where the table prints no time for its group."""
    return for_each_time(plan, look, held, lambda duration: spells.after(start, duration))


def for_each_time(plan: Plan, look: MetricLook, held: Held, made: Callable[[Duration], Tree]) -> Tree:
    """What `made` makes of the time for which the row `s` must be held."""
    if held.duration is not None:
        return made(held.duration)
    if held.by_group is None:
        raise TypeError(f"{look.name} is held for no time")
    by_group = held.by_group
    return sqltree.case(
        (conditions.equal(plan, look, by_group.key, at), made(parse_duration(str(time.value))))
        for at, time in conditions.entries(plan, by_group)
    )


def number(plan: Plan, look: Look, by_group: Looked) -> Tree:
    """The whole number that a printed table holds for the group of the row `s`; NULL where it holds none."""
    read = conditions.exact(plan, look, by_group)
    return sqltree.cast(
        sqltree.divide(
            sqltree.multiply(read.top, sqltree.huge(read.scale.numerator)),
            sqltree.huge(read.scale.denominator),
        ),
        sqltree.BIG,
    )
