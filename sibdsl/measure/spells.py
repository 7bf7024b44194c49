"""How long rows last, and dates moved by a length of time, as SQL."""

from __future__ import annotations

from sqlglot import exp

from sibdsl import dates
from sibdsl.dates import Duration
from sibdsl.measure import reading_cells, sqldates, sqltree
from sibdsl.measure.looks import PlannedTable
from sibdsl.measure.plan import Plan
from sibdsl.measure.sqltree import Tree


def after(start: Tree, duration: Duration) -> Tree:
    """The day on which a length of time from `start` is complete."""
    return sqldates.moved(start, "after", duration)


def before(end: Tree, duration: Duration) -> Tree:
    """The day that lies a length of time before `end`; a day that the month lacks becomes its last."""
    return sqldates.moved(end, "before", duration)


def lasting(plan: Plan, table: PlannedTable, alias: str) -> tuple[Tree, Tree]:
    """The first day of a row's spell and the day after its last, NULL where a blank end is not said to be open.

    The alias is of a row of `sift_t`.
    """
    spell = table.spell
    if spell is None:
        raise TypeError(f"{table.name} does not say how long its rows last")
    end = reading_cells.typed(table.cell(spell.end), alias)
    stop = sqldates.later(end, 1, "DAY") if spell.last_included else end
    if spell.open_while_blank:
        still = sqltree.day(dates.day_after(plan.as_of))
        if spell.until_next:
            still = sqltree.smallest(sqltree.col(alias, "until"), still)
        stop = exp.Coalesce(this=stop, expressions=[still])
    return reading_cells.typed(table.cell(spell.start), alias), stop
