"""Instalments, as SQL: a result when something has been held for a time, and one more after each further time.

Each is walked to from the one before it, as long as the row lasts and the as-of date has not been passed. Source: language
reference, 'Instalments'.
"""

from __future__ import annotations

from sqlglot import exp

from sibdsl.dates import Duration
from sibdsl.measure import rows_beside, spells, sqltree, time_held
from sibdsl.measure.conditions import ROW
from sibdsl.measure.looks import Look, MetricLook
from sibdsl.measure.plan import Plan
from sibdsl.measure.sqltree import Tree
from sibdsl.model.nodes import Held

_ROW = ("seq", "base", "plus", "gaps", "begin", "stop")
_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "year": 12}
#: As many days or months go beyond the calendar, whatever they are counted from.
_MOST = {"day": 3_660_000, "month": 120_000}


def paid_in(look: Look) -> bool:
    """Whether the look is of a metric that has a result again after each further time."""
    return isinstance(look, MetricLook) and look.clause.held is not None and look.clause.held.then is not None


def instalments(plan: Plan, look: MetricLook, held: Held, then: Duration) -> exp.Create:
    """Table `instalment_k`: seq, turn, reached, done; of each row the instalments up to the first that it does not reach.

    `reached` is the day on which the time is complete, put off by gaps before the row; `done` whether the row lasts to it,
    and it is not that of an earlier row of the stay.
    """
    reached, turn = sqltree.col("w", "reached"), sqltree.col("w", "turn")
    next_turn = sqltree.add(turn, sqltree.whole(1))
    more = [
        sqltree.compare(reached, "<=", sqltree.smallest(sqltree.col("w", "stop"), sqltree.day(plan.as_of)))
    ]
    most = ("most",) if held.most_by_group is not None else ()
    if held.most is not None:
        more.append(sqltree.compare(turn, "<", sqltree.whole(held.most)))
    if most:
        more.append(sqltree.compare(turn, "<", sqltree.col("w", "most")))
    start = sqltree.query(
        [
            *(sqltree.col("p", name) for name in (*_ROW, *most)),
            sqltree.named(sqltree.cast(sqltree.whole(1), sqltree.BIG), "turn"),
            sqltree.named(_due(then, "p", sqltree.whole(1)), "reached"),
        ],
        sqltree.sub(_parts(plan, look, held, then), "p"),
    )
    onward = sqltree.query(
        [
            *(sqltree.col("w", name) for name in (*_ROW, *most)),
            sqltree.named(next_turn, "turn"),
            sqltree.named(_due(then, "w", next_turn), "reached"),
        ],
        sqltree.table("walk", "w"),
        where=sqltree.both(more),
    )
    done = sqltree.both(
        [
            sqltree.compare(reached, ">", sqltree.col("w", "begin")),
            sqltree.compare(reached, "<=", sqltree.col("w", "stop")),
        ]
    )
    made = sqltree.query(
        [sqltree.col("w", "seq"), turn, reached, sqltree.named(done, "done")], sqltree.table("walk", "w")
    )
    made = made.with_("walk", as_=sqltree.union([start, onward]), recursive=True, copy=False)
    return sqltree.make(f"instalment_{look.at}", made)


def last_of_each(look: MetricLook) -> exp.Select:
    """Of each row one line: seq, reached, done; its last instalment, or if it has none the day of the next."""
    done = sqltree.surely(sqltree.col("i", "done"))
    last = exp.Max(this=sqltree.case([(done, sqltree.col("i", "reached"))]))
    any_day = exp.Max(this=sqltree.col("i", "reached"))
    return sqltree.query(
        [
            sqltree.col("i", "seq"),
            sqltree.named(exp.Coalesce(this=last, expressions=[any_day]), "reached"),
            sqltree.named(sqltree.not_null(last.copy()), "done"),
        ],
        sqltree.table(f"instalment_{look.at}", "i"),
        group=[sqltree.col("i", "seq")],
    )


def _parts(plan: Plan, look: MetricLook, held: Held, then: Duration) -> exp.Select:
    """The rows that may hold something: each by itself from its first day, or as a part of a stay with gaps.

    Instalments are counted on from `base`: the first after `plus` days, or months, and each after as many more.
    """
    most = [] if held.most_by_group is None else [time_held.number(plan, look, held.most_by_group)]
    if held.gaps is not None:
        part, table, gaps = "t", sqltree.table(f"stay_{look.at}", "t"), sqltree.col("t", "gaps")
        first, begin, stop = (sqltree.col("t", name) for name in ("first", "begin", "stop"))
        joins, tests = rows_beside.of_group(plan, look, "t"), []
    else:
        part, table = ROW, sqltree.table(f"pass_{look.at}", ROW)
        begin, stop = spells.lasting(plan, look.table, ROW)
        first, gaps = time_held.start(plan, look, held), sqltree.cast(sqltree.whole(0), sqltree.BIG)
        joins = rows_beside.beside(plan, look) if rows_beside.read_for_results(look) else []
        tests = [sqltree.not_null(stop)]
        if held.day is not None:
            tests.append(sqltree.compare(begin, "<=", first))
    # Of a group of which none counts there is none.
    tests += [sqltree.compare(number, ">", sqltree.whole(0)) for number in most]
    unit, sizes = _unit(then)

    def base(time: Duration) -> Tree:
        return first if time.unit in sizes else spells.after(first, time)

    def plus(time: Duration) -> Tree:
        return sqltree.whole(_number(time, unit, sizes) if time.unit in sizes else 0)

    from_day = time_held.for_each_time(plan, look, held, base)
    return sqltree.query(
        [
            sqltree.col(part, "seq"),
            sqltree.named(from_day, "base"),
            sqltree.named(sqltree.cast(time_held.for_each_time(plan, look, held, plus), sqltree.BIG), "plus"),
            sqltree.named(gaps, "gaps"),
            sqltree.named(begin, "begin"),
            sqltree.named(stop, "stop"),
            *(sqltree.named(number, "most") for number in most),
        ],
        table,
        *joins,
        where=sqltree.both([*tests, sqltree.not_null(from_day)]),
    )


def _unit(then: Duration) -> tuple[str, dict[str, int]]:
    """What further times are counted in, days or months, and how many of them each unit is."""
    return ("day", _DAYS) if then.unit in _DAYS else ("month", _MONTHS)


def _due(then: Duration, row: str, turn: Tree) -> Tree:
    """The day on which an instalment is complete, by its number, from the day on which the stay began.

    Weeks and days are counted on from the beginning as one length, and so are months and years: months that follow one
    another do not lose the days of a short one. Of unlike units the later ones run from the day of the first instalment.
    """
    unit, sizes = _unit(then)
    further = sqltree.multiply(
        sqltree.subtract(turn, sqltree.whole(1)), sqltree.whole(_number(then, unit, sizes))
    )
    return _put_off(
        _moved(sqltree.col(row, "base"), sqltree.add(sqltree.col(row, "plus"), further), unit), row
    )


def _number(duration: Duration, unit: str, sizes: dict[str, int]) -> int:
    return min(duration.number * sizes[duration.unit], _MOST[unit])


def _moved(day: Tree, number: Tree, unit: str) -> Tree:
    if unit == "day":
        return sqltree.add(day, sqltree.cast(number, sqltree.INT))
    months = exp.Anonymous(this="to_months", expressions=[sqltree.cast(number, sqltree.INT)])
    return sqltree.cast(exp.Add(this=day, expression=months), sqltree.DATE)


def _put_off(day: Tree, row: str) -> Tree:
    """The day, later by as many as the gaps of the stay had."""
    return sqltree.cast(sqltree.add(day, sqltree.cast(sqltree.col(row, "gaps"), sqltree.INT)), sqltree.DATE)
