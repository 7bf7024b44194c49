"""Builders of SQL expression trees about dates: moved by a length of time, and how far two are apart. See `sqltree`."""

from __future__ import annotations

from typing import Literal

from sqlglot import exp

from sibdsl.dates import Duration
from sibdsl.measure.sqltree import (
    DATE,
    INT,
    Tree,
    add,
    both,
    call,
    case,
    cast,
    compare,
    eq,
    multiply,
    subtract,
    whole,
)


def later(value: Tree, number: int, unit: str) -> Tree:
    """A date moved by days or months, as a date; a day that the month lacks becomes its last."""
    step = exp.Interval(this=whole(number), unit=exp.var(unit))
    return exp.Cast(this=exp.Add(this=value, expression=step), to=DATE)


#: Beyond these a duration ends after the last day of year 9999, whatever it starts from.
_LONGEST = {"DAY": 3_660_000, "MONTH": 120_000}


def moved(value: Tree, way: Literal["after", "before"], duration: Duration) -> Tree:
    """The day that lies a length of time after or before a date; a day that the month lacks becomes its last."""
    number, unit = duration.number, duration.unit
    sign = 1 if way == "after" else -1
    if unit in ("day", "week"):
        return later(value, sign * min(number * (7 if unit == "week" else 1), _LONGEST["DAY"]), "DAY")
    return later(value, sign * min(number * (12 if unit == "year" else 1), _LONGEST["MONTH"]), "MONTH")


def on_1_march(born: Tree, birthday: Tree) -> Tree:
    """A birthday, moved from 28 February to 1 March where it is that of somebody born on 29 February."""
    leap = both([eq(call("month", born), whole(2)), eq(call("day", born), whole(29))])
    early = both([leap, eq(call("day", birthday), whole(28))])
    return case([(early, later(birthday, 1, "DAY"))], birthday)


def whole_years(start: Tree, end: Tree, *, leap_on_1_march: bool = False) -> Tree:
    """Whole years from one date to another; NULL when the second is the earlier one."""
    years = cast(subtract(call("year", end), call("year", start)), INT)
    months = exp.Anonymous(this="to_months", expressions=[multiply(years, whole(12))])
    reached: Tree = exp.Cast(this=exp.Add(this=start, expression=months), to=DATE)
    if leap_on_1_march:
        reached = on_1_march(start, reached)
    early = case([(compare(reached, ">", end), whole(1))], whole(0))
    return case([(compare(end, ">=", start), subtract(years, early))])


def whole_months(start: Tree, end: Tree) -> Tree:
    """Whole months from one date to another; NULL when the second is the earlier one."""
    months = _months_apart(start, end)
    reached = exp.Cast(
        this=exp.Add(this=start, expression=exp.Anonymous(this="to_months", expressions=[months])), to=DATE
    )
    early = case([(compare(reached, ">", end), whole(1))], whole(0))
    return case([(compare(end, ">=", start), subtract(months, early))])


def days_between(start: Tree, end: Tree) -> Tree:
    """Days from one date to another, the second not included; NULL when it is the earlier one."""
    return case([(compare(end, ">=", start), subtract(end, start))])


def month_ends(start: Tree, end: Tree) -> Tree:
    """Last days of months from one date to another, both included; NULL when the second is the earlier one."""
    last = eq(exp.Anonymous(this="last_day", expressions=[end]), end)
    there = case([(last, whole(1))], whole(0))
    return case([(compare(end, ">=", start), add(_months_apart(start, end), there))])


def _months_apart(start: Tree, end: Tree) -> Tree:
    """By how many months the month of one date is later than that of another."""
    years = subtract(call("year", end), call("year", start))
    months = subtract(call("month", end), call("month", start))
    return cast(add(multiply(years, whole(12)), months), INT)
