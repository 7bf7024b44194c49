"""For how long something is held, as SQL: a time that is the same for all rows, or that a printed table holds for each group."""

from __future__ import annotations

from collections.abc import Callable

from sibdsl.dates import Duration, parse_duration
from sibdsl.measure import conditions, spells, sqltree
from sibdsl.measure.looks import MetricLook
from sibdsl.measure.plan import Plan
from sibdsl.measure.sqltree import Tree
from sibdsl.model.nodes import Held


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
