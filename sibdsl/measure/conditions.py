"""Conditions as SQL tests. A comparison with a blank is NULL, so it is not met either way round; see `sqltree.surely`.

Numbers are exact: each amount is one integer over another, and two are compared by multiplying across.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from functools import partial, reduce
from math import gcd, lcm
from typing import assert_never

from attrs import frozen
from sqlglot import exp

from sibdsl.dates import parse
from sibdsl.measure import any_in_time, reading_cells, spells, sqldates, sqltree
from sibdsl.measure.looks import CohortLook, Look, MetricLook, PlannedColumn, PlannedTable
from sibdsl.measure.plan import Plan
from sibdsl.measure.sqltree import Tree
from sibdsl.model.nodes import (
    Amount,
    AnyDay,
    AnyResult,
    Arithmetic,
    Blank,
    Both,
    Column,
    Compare,
    Condition,
    DateMoved,
    Either,
    Extreme,
    FirstGiven,
    Given,
    GivenFor,
    InPeriod,
    JoinedColumn,
    JoiningDate,
    Looked,
    MetricColumn,
    Not,
    ResultDate,
    RoundedAmount,
    TimeBetween,
    Value,
    WholeYears,
    WindowEnd,
)
from sibdsl.model.types import NUMERIC
from sibdsl.money import Way
from sibdsl.plainform import plain as plain_form

ROW = "s"
JOINED = "joined"


def pick_alias(plan: Plan, clause: str) -> str:
    """The alias under which the rows that a metric picked, or by which people joined a cohort, are joined to rows under test."""
    return f"m{plan.look(clause).at}"


@frozen
class Exact:
    """The number `top / over x scale`: integers of the row (`over` above nought or NULL, None for one), and a constant.

    Constants are kept apart and reduced, so that integers of the row stay as short as they can be.
    """

    top: Tree
    over: Tree | None
    scale: Fraction


def test(plan: Plan, look: Look, condition: Condition) -> Tree:
    """The condition over the row `s`, the person's joining `joined` and the picked rows of metrics."""
    match condition:
        case Compare(left=left, op=op, right=right):
            return _compare(plan, look, left, op, right)
        case Blank(value=value):
            return sqltree.is_null(reading_cells.typed(look.table.cell(value.name), ROW))
        case InPeriod(value=value, period=period):
            days = plan.contract.service if period == "service period" else plan.contract.payment_period
            day = plain(plan, look, value)
            return sqltree.both(
                [
                    sqltree.compare(day, ">=", sqltree.day(days.start)),
                    sqltree.compare(day, "<", sqltree.day(days.end)),
                ]
            )
        case AnyDay(end=day) | AnyResult(day=day):
            return any_in_time.any_in_time(plan, look, condition, plain(plan, look, day), ROW)
        case Both(tests=tests):
            return sqltree.both([test(plan, look, amount) for amount in tests])
        case Either(tests=tests):
            return sqltree.either([test(plan, look, amount) for amount in tests])
        case Not(test=inner):
            return sqltree.negate(test(plan, look, inner))


def _compare(plan: Plan, look: Look | PlannedTable, left: Amount, op: str, right: Amount) -> Tree:
    if left.kind in NUMERIC and right.kind in NUMERIC:
        try:
            one, other, _ = _alike(exact(plan, look, left), exact(plan, look, right))
        except ZeroDivisionError:
            return sqltree.null()
        return sqltree.compare(one, op, other)
    return sqltree.compare(plain(plan, look, left), op, plain(plan, look, right))


def equal(plan: Plan, look: Look, left: Amount, right: Amount) -> Tree:
    """Whether two amounts of a row are equal."""
    return _compare(plan, look, left, "=", right)


def at_least(plan: Plan, look: Look, billionths: Tree, amount: Amount) -> Tree:
    """Whether a number, in billionths, is an amount or more."""
    one, other, _ = _alike(Exact(billionths, None, Fraction(1, reading_cells.ONE)), exact(plan, look, amount))
    return sqltree.compare(one, ">=", other)


def plain(plan: Plan, look: Look | PlannedTable, amount: Amount) -> Tree:
    """A date or a text as an SQL value."""
    match amount:
        case Column(name=name):
            return reading_cells.typed(_table(look).cell(name), ROW)
        case MetricColumn(metric=holder, name=name) | JoinedColumn(cohort=holder, name=name):
            return reading_cells.typed(plan.look(holder).table.cell(name), pick_alias(plan, holder))
        case ResultDate(metric=metric):
            return sqltree.col(pick_alias(plan, metric), "day")
        case JoiningDate():
            match look:
                case CohortLook():
                    return reading_cells.typed(look.table.cell(look.day), ROW)
                case MetricLook():
                    return sqltree.col(JOINED, "day")
                case PlannedTable():
                    raise TypeError("nobody has joined by a row that is being read")
            assert_never(look)
        case WindowEnd():
            return window_end(plan, plan.metric(look.name), JOINED)
        case DateMoved(start=start, way=way, duration=duration):
            born = plain(plan, look, start)
            moved = sqldates.moved(born, way, duration)
            birthday = way == "after" and duration.unit == "year" and plan.contract.leap_day == "1 March"
            return sqldates.on_1_march(born, moved) if birthday else moved
        case Value() | Given():
            day = plan.settings.value(amount)
            if isinstance(day, str) and amount.kind == "date":
                day = parse(day)
            if isinstance(day, Fraction):
                raise TypeError(f"{day} is not a date or a word")
            return sqltree.day(day) if isinstance(day, date) else sqltree.text(plain_form(day))
        case Extreme(way=way, parts=parts):
            every = [plain(plan, look, part) for part in parts]
            chosen = sqltree.smallest if way == "lower" else sqltree.greatest
            return sqltree.case([(sqltree.both(map(sqltree.not_null, every)), chosen(*every))])
        case FirstGiven(parts=parts):
            first, *others = (plain(plan, look, part) for part in parts)
            return exp.Coalesce(this=first, expressions=others)
        case Looked(key=key):
            return sqltree.case(
                (_compare(plan, look, key, "=", at), plain(plan, look, held))
                for at, held in entries(plan, amount)
            )
    raise TypeError(f"{type(amount).__name__} is not a date or a word")


def window_end(plan: Plan, look: MetricLook, alias: str) -> Tree:
    """The last day of the member's window; `alias` has the row by which they joined."""
    window = look.clause.window
    if window is None:
        raise TypeError(f"{look.name} has no window")
    start = reading_cells.typed(plan.cohort(look.cohort).table.cell(window.start), alias)
    return sqldates.later(spells.after(start, window.duration), -1, "DAY")


def entries(plan: Plan, amount: Looked | GivenFor) -> list[tuple[Value, Value]]:
    """Each key with what is held at it: rows of a printed table, or the values given for a particular."""
    if isinstance(amount, Looked):
        table = next(lookup for lookup in plan.contract.lookups if lookup.name == amount.table)
        return list(table.values(amount.column))
    return [
        (Value(_key(amount.key, text), amount.key.kind), Value(number, amount.kind))
        for text, number in plan.settings.keyed(amount.name)
    ]


def _key(key: Amount, text: str) -> Fraction | date | str:
    if key.kind in NUMERIC:
        return Fraction(text)
    return parse(text) if key.kind == "date" else text


def _keyed_number(
    plan: Plan, look: Look | PlannedTable, key: Amount, pairs: list[tuple[Value, Value]]
) -> Exact:
    """The number held at the key, NULL where none is: whole numbers of the parts that all of them have in common."""
    numbers = [plan.settings.number(held) for _, held in pairs]
    parts = lcm(*(number.denominator for number in numbers))
    branches = [
        (_compare(plan, look, key, "=", at), sqltree.huge(int(number * parts)))
        for (at, _), number in zip(pairs, numbers, strict=True)
    ]
    return Exact(sqltree.case(branches, sqltree.cast(sqltree.null(), sqltree.HUGE)), None, Fraction(1, parts))


def exact(plan: Plan, look: Look | PlannedTable, amount: Amount) -> Exact:
    """A number of the row, NULL for a blank. Raises ZeroDivisionError for a written amount divided by nought."""
    match amount:
        case Column(name=name):
            return of_cell(_table(look).cell(name), ROW)
        case MetricColumn(metric=holder, name=name) | JoinedColumn(cohort=holder, name=name):
            return of_cell(plan.look(holder).table.cell(name), pick_alias(plan, holder))
        case Value() | Given():
            return _constant(plan.settings.number(amount))
        case Arithmetic(op=op, left=left, right=right):
            if _written(amount):
                return _constant(plan.settings.number(amount))
            return _arithmetic(op, exact(plan, look, left), exact(plan, look, right))
        case Extreme(way=way, parts=parts):
            if _written(amount):
                return _constant(plan.settings.number(amount))
            every = [exact(plan, look, part) for part in parts]
            return reduce(partial(_extreme, way), every[1:], every[0])
        case FirstGiven(parts=parts):
            every = [exact_or_blank(plan, look, part) for part in parts]
            return reduce(_first_given, every[1:], every[0])
        case RoundedAmount(amount=inner, grain=grain, way=way):
            return _rounded(exact_or_blank(plan, look, inner), way, grain)
        case WholeYears(start=start, end=end):
            march = plan.contract.leap_day == "1 March"
            years = sqldates.whole_years(
                plain(plan, look, start), plain(plan, look, end), leap_on_1_march=march
            )
            return Exact(sqltree.cast(years, sqltree.HUGE), None, Fraction(1))
        case TimeBetween(counted=counted, start=start, end=end):
            time = _TIMES[counted](plain(plan, look, start), plain(plan, look, end))
            return Exact(sqltree.cast(time, sqltree.HUGE), None, Fraction(1))
        case Looked(key=key) | GivenFor(key=key):
            return _keyed_number(plan, look, key, entries(plan, amount))
    raise TypeError(f"{type(amount).__name__} is not a number of a row")


_TIMES: dict[str, Callable[[Tree, Tree], Tree]] = {
    "whole months": sqldates.whole_months,
    "days": sqldates.days_between,
    "month ends": sqldates.month_ends,
}


def exact_or_blank(plan: Plan, look: Look | PlannedTable, amount: Amount) -> Exact:
    """A number of the row, NULL for a blank, and where a written amount divides by nought."""
    try:
        return exact(plan, look, amount)
    except ZeroDivisionError:
        return Exact(sqltree.cast(sqltree.null(), sqltree.HUGE), None, Fraction(1))


def of_cell(cell: PlannedColumn, alias: str) -> Exact:
    """The number that a column of the row holds, NULL for a blank."""
    held = reading_cells.typed(cell, alias)
    if cell.in_parts:
        return Exact(sqltree.top_of(held), sqltree.over_of(held), Fraction(1))
    return Exact(held, None, Fraction(1, reading_cells.ONE))


def _table(look: Look | PlannedTable) -> PlannedTable:
    return look if isinstance(look, PlannedTable) else look.table


def _extreme(way: str, left: Exact, right: Exact) -> Exact:
    """The lower or the higher of two numbers; blank where one of them is."""
    one, other, scale = _alike(left, right)
    first = "<=" if way == "lower" else ">="
    chosen = sqltree.case(
        [
            (sqltree.compare(one, first, other), one),
            (sqltree.negate(sqltree.compare(one, first, other)), other),
        ]
    )
    return Exact(chosen, _times(left.over, right.over), scale)


def _rounded(number: Exact, way: Way, grain: Fraction) -> Exact:
    """The number in whole grains, as `money.round_to` has it: integer division on the engine goes towards nought."""
    scale = number.scale / grain
    top = _times(number.top, _by(Fraction(scale.numerator))) or sqltree.null()
    over = _times(number.over, _by(Fraction(scale.denominator))) or sqltree.huge(1)
    sign = sqltree.cast(sqltree.call("sign", top), sqltree.HUGE)
    match way:
        case "down":
            return Exact(sqltree.divide(top, over), None, grain)
        case "up":
            beyond = sqltree.multiply(sign, sqltree.subtract(over, sqltree.huge(1)))
            return Exact(sqltree.divide(sqltree.add(top, beyond), over), None, grain)
        case "half up":
            twice = sqltree.add(sqltree.multiply(top, sqltree.huge(2)), sqltree.multiply(sign, over))
            return Exact(sqltree.divide(twice, sqltree.multiply(over, sqltree.huge(2))), None, grain)
        case "half even":
            raise TypeError("no column is rounded half even")
    assert_never(way)


def _first_given(left: Exact, right: Exact) -> Exact:
    """The left number, or the right one where the left is blank."""
    scale = _shared(left.scale, right.scale)
    tops = [_times(side.top, _by(side.scale / scale)) or sqltree.null() for side in (left, right)]
    given = sqltree.both([sqltree.not_null(part) for part in (left.top, left.over) if part is not None])
    if left.over is None and right.over is None:
        over = None
    else:
        ones = [side.over if side.over is not None else sqltree.huge(1) for side in (left, right)]
        over = sqltree.case([(given, ones[0])], ones[1])
    return Exact(sqltree.case([(given, tops[0])], tops[1]), over, scale)


def _written(amount: Amount) -> bool:
    if isinstance(amount, Arithmetic):
        return _written(amount.left) and _written(amount.right)
    if isinstance(amount, Extreme | FirstGiven):
        return all(_written(part) for part in amount.parts)
    return isinstance(amount, Value | Given)


def _constant(number: Fraction) -> Exact:
    sign = (number > 0) - (number < 0)
    return Exact(sqltree.huge(sign), None, abs(number) or Fraction(1))


def _arithmetic(op: str, left: Exact, right: Exact) -> Exact:
    if op == "times":
        return Exact(
            sqltree.multiply(left.top, right.top), _times(left.over, right.over), left.scale * right.scale
        )
    if op == "divided by":
        sign = sqltree.cast(sqltree.call("sign", right.top), sqltree.HUGE)
        size = sqltree.call("nullif", sqltree.call("abs", right.top), sqltree.huge(0))
        top = _times(sqltree.multiply(left.top, sign), right.over) or sqltree.null()
        return Exact(top, _times(left.over, size), left.scale / right.scale)
    one, other, scale = _alike(left, right)
    join = sqltree.add if op == "plus" else sqltree.subtract
    return Exact(join(one, other), _times(left.over, right.over), scale)


def _alike(one: Exact, other: Exact) -> tuple[Tree, Tree, Fraction]:
    """Both numbers as integers over the product of both `over`s, and the scale that those integers share."""
    scale = _shared(one.scale, other.scale)
    tops = [
        _times(_times(mine.top, theirs.over), _by(mine.scale / scale))
        for mine, theirs in ((one, other), (other, one))
    ]
    return tops[0] or sqltree.null(), tops[1] or sqltree.null(), scale


def _shared(a: Fraction, b: Fraction) -> Fraction:
    """The greatest number of which both are whole multiples."""
    return Fraction(
        gcd(a.numerator * b.denominator, b.numerator * a.denominator), a.denominator * b.denominator
    )


def _by(number: Fraction) -> Tree | None:
    """A whole number to multiply by; None for one."""
    return None if number == 1 else sqltree.huge(int(number))


def _times(tree: Tree | None, other: Tree | None) -> Tree | None:
    """The product; None stands for one."""
    if tree is None or other is None:
        return tree or other
    return sqltree.multiply(tree, other)
