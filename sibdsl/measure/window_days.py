"""The days of each member's window on which a row of theirs lasts, a day once, as SQL: their share, or how many fewer than before.

A share is a whole number of parts of one: so many that each length which a window can have divides them. Source: language
reference, 'Shares of a window' and 'Fewer days than before'.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import cache
from math import lcm

from sqlglot import exp

from sibdsl.dates import Duration
from sibdsl.measure import reading_cells, spells, sqltree, versions_of_rows
from sibdsl.measure.conditions import ROW
from sibdsl.measure.looks import MetricLook, PlannedTable
from sibdsl.measure.plan import Plan
from sibdsl.measure.sqltree import Tree
from sibdsl.model.nodes import EarlierDays, FewerDays, ShareOfDays, Tracked


def unit(look: MetricLook) -> Fraction:
    """What one whole number of the engine stands for: a day, or a part of a member's share."""
    if not isinstance(look.clause.counts, ShareOfDays):
        return Fraction(1)
    return Fraction(1, lcm(*_lengths(_window(look).duration)))


def _window(look: MetricLook) -> Tracked:
    window = look.clause.window
    if window is None:
        raise TypeError(f"{look.name} has no window")
    return window


@cache
def _lengths(duration: Duration) -> tuple[int, ...]:
    """How many days such a time can have.

    The calendar repeats itself every 400 years, and from the 1st to the 28th no month lacks the day.
    """
    if duration.unit in ("day", "week"):
        return (duration.number * (7 if duration.unit == "week" else 1),)
    found: set[int] = set()
    for year in range(2000, 2400):
        for month in range(1, 13):
            for day in (1, 29, 30, 31):
                try:
                    start = date(year, month, day)
                    found.add((duration.after(start) - start).days)
                except (ValueError, OverflowError):
                    continue
    return tuple(sorted(found)) or (1,)


def shares(look: MetricLook, candidates: exp.Select) -> exp.Select:
    """The members that count, each with what their days come to: seq, person, day, band and each."""
    there = exp.Coalesce(this=sqltree.col("d", "days"), expressions=[sqltree.whole(0)])
    return sqltree.query(
        [
            *(sqltree.col("b", name) for name in ("seq", "person", "day", "band")),
            sqltree.named(_comes_to(look, sqltree.cast(there, sqltree.HUGE)), "each"),
        ],
        sqltree.sub(candidates, "b"),
        sqltree.left(
            sqltree.sub(_days(look), "d"),
            sqltree.eq(sqltree.col("b", "person"), sqltree.col("d", "person")),
        ),
    )


def _comes_to(look: MetricLook, there: Tree) -> Tree:
    """What the days of a member come to: a share of their window, in parts of one; or as many days, or not below nought."""
    window = _window(look)
    match look.clause.counts:
        case FewerDays(more_days="not counted"):
            return sqltree.greatest(there, sqltree.huge(0))
        case FewerDays() | EarlierDays():
            return there
    low = reading_cells.typed(look.table.cell(window.start), "b")
    high = spells.after(low, window.duration)
    parts = lcm(*_lengths(window.duration))
    of_length = sqltree.case(
        (sqltree.eq(sqltree.subtract(high, low), sqltree.whole(length)), sqltree.huge(parts // length))
        for length in _lengths(window.duration)
    )
    return sqltree.multiply(there, of_length)


def _days(look: MetricLook) -> exp.Select:
    """On how many days a row of each member lasts: what each row adds to those that begin before it.

    Those of the window are taken from those of the time before it, where it is set against that.
    """
    keys = [sqltree.ordered(sqltree.col("s", name)) for name in ("begin", "stop")]
    before = exp.Window(
        this=exp.Max(this=sqltree.col("s", "stop")),
        partition_by=[sqltree.col("s", "person"), sqltree.col("s", "side")],
        order=exp.Order(expressions=keys),
        spec=exp.WindowSpec(
            kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end=sqltree.whole(1), end_side="PRECEDING"
        ),
    )
    apart = sqltree.query(
        [
            sqltree.col("s", "person"),
            sqltree.col("s", "side"),
            sqltree.named(sqltree.greatest(sqltree.col("s", "begin"), before), "begin"),
            sqltree.col("s", "stop"),
        ],
        sqltree.table(f"lasts_{look.at}", "s"),
    )
    added = sqltree.greatest(
        sqltree.subtract(sqltree.col("a", "stop"), sqltree.col("a", "begin")), sqltree.whole(0)
    )
    return sqltree.query(
        [
            sqltree.col("a", "person"),
            sqltree.named(sqltree.total(sqltree.multiply(added, sqltree.col("a", "side"))), "days"),
        ],
        sqltree.sub(apart, "a"),
        group=[sqltree.col("a", "person")],
    )


def lasting(plan: Plan, look: MetricLook, members: exp.Select) -> exp.Create:
    """Table `lasts_k`: seq, person, side, begin, stop; the days of each row that lie in its person's window.

    Only of rows that can be read, begun and known by the as-of date. `side` says how often each day is added: of fewer days those before the window once, those of the window less once.
    """
    window = _window(look)
    start = reading_cells.typed(look.table.cell(window.start), "m")
    before, end = spells.before(start, window.duration), spells.after(start, window.duration)
    sides: list[tuple[int, Tree, Tree]]
    match look.clause.counts:
        case FewerDays():
            sides = [(1, before, start), (-1, start, end)]
        case EarlierDays():
            sides = [(1, before, start)]
        case _:
            sides = [(1, start, end)]
    parts = [_lasting(plan, look, members.copy(), side, low, high) for side, low, high in sides]
    return sqltree.make(f"lasts_{look.at}", sqltree.union(parts))


def _lasting(
    plan: Plan, look: MetricLook, members: exp.Select, side: int, low: Tree, high: Tree
) -> exp.Select:
    """The days of each row from `low` up to `high`, both of the row by which its person joined."""
    table = next(planned_table for planned_table in plan.tables if read_by(look, planned_table))
    begin, stop = spells.lasting(plan, table, ROW)
    as_of = sqltree.day(plan.as_of)
    tests = [
        *versions_of_rows.stands(ROW),
        sqltree.compare(begin, "<=", as_of),
        sqltree.compare(begin, "<", high),
        sqltree.compare(stop, ">", low),
        sqltree.compare(begin, "<", stop),
    ]
    tests += versions_of_rows.there(plan, table, ROW)
    return sqltree.query(
        [
            sqltree.col(ROW, "seq"),
            sqltree.col("m", "person"),
            sqltree.named(sqltree.whole(side), "side"),
            sqltree.named(sqltree.greatest(begin, low), "begin"),
            sqltree.named(sqltree.smallest(stop, high), "stop"),
        ],
        sqltree.sub(members, "m"),
        sqltree.inner(
            sqltree.table(f"sift_{table.at}", ROW),
            sqltree.eq(reading_cells.person(table, ROW), sqltree.col("m", "person")),
        ),
        where=sqltree.both(tests),
    )


def rows(look: MetricLook) -> exp.Select:
    """The rows that have days in the time that a metric looks at, each once: seq."""
    seq = sqltree.col("l", "seq")
    return sqltree.query([seq], sqltree.table(f"lasts_{look.at}", "l"), group=[seq])


def read_by(look: MetricLook, table: PlannedTable) -> bool:
    """Whether the look is a metric of the days of each member's window on which rows of the table last."""
    return look.clause.counts.days_of == table.name
