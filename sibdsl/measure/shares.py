"""Shares of the days of each member's window, as SQL: on which of them a row of theirs lasts, a day once.

A share is a whole number of parts of one: so many that each length which a window can have divides them. Source: language
reference, 'Shares of a window'.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import cache
from math import lcm

from sqlglot import exp

from sibdsl.dates import Duration
from sibdsl.measure import cells, spans, tree
from sibdsl.measure.conditions import ROW
from sibdsl.measure.plan import Look, Plan, Table
from sibdsl.model.nodes import Metric, Tracked


def of(one: Look) -> bool:
    """Whether the look is a metric that averages shares of days."""
    return isinstance(one.clause, Metric) and one.clause.counts == "share of days"


def unit(one: Look) -> Fraction:
    """What one whole number of the engine stands for: a part of a member's share."""
    return Fraction(1, lcm(*_lengths(_window(one).duration)))


def _window(one: Look) -> Tracked:
    metric = one.clause
    if not isinstance(metric, Metric) or metric.window is None:
        raise TypeError(f"{one.name} has no window")
    return metric.window


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


def shares(one: Look, candidates: exp.Select) -> exp.Select:
    """The members that count, each with the share of their window: seq, person, day, band and each."""
    window = _window(one)
    low = cells.typed(one.table.cell(window.start), "b")
    high = spans.after(low, window.duration)
    parts = lcm(*_lengths(window.duration))
    of_length = tree.case(
        (tree.eq(tree.subtract(high, low), tree.whole(length)), tree.huge(parts // length))
        for length in _lengths(window.duration)
    )
    there = exp.Coalesce(this=tree.col("d", "days"), expressions=[tree.whole(0)])
    return tree.query(
        [
            *(tree.col("b", name) for name in ("seq", "person", "day", "band")),
            tree.named(tree.multiply(tree.cast(there, tree.HUGE), of_length), "each"),
        ],
        tree.sub(candidates, "b"),
        tree.left(
            tree.sub(_days(one), "d"),
            tree.eq(tree.col("b", "person"), tree.col("d", "person")),
        ),
    )


def _days(one: Look) -> exp.Select:
    """On how many days of their window a row of each member lasts: what each row adds to those that begin before it."""
    keys = [tree.ordered(tree.col("s", name)) for name in ("begin", "stop")]
    before = exp.Window(
        this=exp.Max(this=tree.col("s", "stop")),
        partition_by=[tree.col("s", "person")],
        order=exp.Order(expressions=keys),
        spec=exp.WindowSpec(
            kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end=tree.whole(1), end_side="PRECEDING"
        ),
    )
    apart = tree.query(
        [
            tree.col("s", "person"),
            tree.named(tree.greatest(tree.col("s", "begin"), before), "begin"),
            tree.col("s", "stop"),
        ],
        tree.table(f"lasts_{one.at}", "s"),
    )
    added = tree.greatest(tree.subtract(tree.col("a", "stop"), tree.col("a", "begin")), tree.whole(0))
    return tree.query(
        [tree.col("a", "person"), tree.named(tree.total(added), "days")],
        tree.sub(apart, "a"),
        group=[tree.col("a", "person")],
    )


def lasting(plan: Plan, one: Look, members: exp.Select) -> exp.Create:
    """Table `lasts_k`: seq, person, begin, stop. The days of each row that lie in its person's window, of rows that can be read, begun and known by the as-of date."""
    window = _window(one)
    table = next(each for each in plan.tables if read_by(one, each))
    begin, stop = spans.lasting(plan, table, ROW)
    low = cells.typed(one.table.cell(window.start), "m")
    high = spans.after(low, window.duration)
    as_of = tree.day(plan.as_of)
    tests = [
        tree.is_null(tree.col(ROW, "first")),
        tree.is_null(tree.col(ROW, "bad")),
        tree.compare(begin, "<=", as_of),
        tree.compare(begin, "<", high),
        tree.compare(stop, ">", low),
        tree.compare(begin, "<", stop),
    ]
    if table.records.known_on:
        known = cells.typed(table.cell(table.records.known_on), ROW)
        tests.append(tree.either([tree.is_null(known), tree.compare(known, "<=", as_of)]))
    made = tree.query(
        [
            tree.col(ROW, "seq"),
            tree.col("m", "person"),
            tree.named(tree.greatest(begin, low), "begin"),
            tree.named(tree.smallest(stop, high), "stop"),
        ],
        tree.sub(members, "m"),
        tree.inner(
            tree.table(f"sift_{table.at}", ROW), tree.eq(cells.person(table, ROW), tree.col("m", "person"))
        ),
        where=tree.both(tests),
    )
    return tree.make(f"lasts_{one.at}", made)


def read_by(one: Look, table: Table) -> bool:
    """Whether the look is a metric of the share of the days on which rows of the table last."""
    return isinstance(one.clause, Metric) and one.clause.days_of == table.name
