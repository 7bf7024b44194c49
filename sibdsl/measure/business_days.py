"""Whether a time is over, of business days too, as SQL. Source: language reference, 'Business days'.

Business days are counted, not moved: how many lie after one day and up to another says whether so many are complete.
"""

from __future__ import annotations

from datetime import date, timedelta

from sibdsl.dates import BusinessDays, Duration, long
from sibdsl.diagnostics import Problems
from sibdsl.measure import spells, sqldates, sqltree
from sibdsl.measure.engines import Engine
from sibdsl.measure.looks import MetricLook
from sibdsl.measure.plan import Plan
from sibdsl.measure.sqltree import Tree
from sibdsl.model.business_days import business_days

#: A Monday before every day that contracts speak of.
_MONDAY = date(1900, 1, 1)
_WEEK, _WEEKDAYS = 7, 5


def past(plan: Plan, day: Tree, start: Tree, length: Duration) -> Tree:
    """Whether `day` is later than the day on which `length`, counted from `start`, is complete."""
    counted = _counted(plan, length)
    if counted is None:
        return sqltree.compare(day, ">", spells.after(start, length))
    return sqltree.compare(_between(counted, start, _before(day)), ">=", sqltree.whole(length.number))


def complete(plan: Plan, day: Tree, start: Tree, length: Duration) -> Tree:
    """Whether `length`, counted from `start`, is complete on `day`."""
    counted = _counted(plan, length)
    if counted is None:
        return sqltree.compare(spells.after(start, length), "<=", day)
    return sqltree.compare(_between(counted, start, day), ">=", sqltree.whole(length.number))


def not_known(plan: Plan, day: Tree, start: Tree, length: Duration) -> Tree:
    """Whether neither can be said of `day`: it lies beyond the days of which holidays are known, and so may the end."""
    counted = _counted(plan, length)
    if counted is None:
        return sqltree.false()
    beyond = sqltree.compare(day, ">", sqltree.day(counted.known.last))
    fewer = sqltree.compare(_between(counted, start, day), "<", sqltree.whole(length.number))
    return sqltree.both([beyond, fewer])


def stop_where_not_known(engine: Engine, plan: Plan, look: MetricLook, problems: Problems) -> None:
    """Raise Refused where a result hangs on business days of which nothing is known (SIB0648)."""
    places = [at for at, check in enumerate(look.checks) if check.kind == "time not known"]
    counted = business_days(plan.contract)
    if not places or counted is None or look.clause.evidence is None:
        return
    test = sqltree.eq(sqltree.col("k", "fail"), sqltree.whole(places[0]))
    looked = sqltree.table(f"look_{look.at}", "k")
    rows = engine.fetch(sqltree.query([sqltree.count()], looked, where=test))[0][0]
    if not rows:
        return
    problems.add(
        "SIB0648",
        f"Whether {rows:,} {'row' if rows == 1 else 'rows'} of {look.table.name} {'is' if rows == 1 else 'are'} in time for "
        f"{look.name} hangs on business days after {long(counted.known.last)}, the last of which holidays are known.",
        look.clause.evidence.span,
        help="Bring the table of holidays up to date by a variation that replaces it; or run this as of a day that it holds.",
    )
    problems.stop_on_errors()


def _counted(plan: Plan, length: Duration) -> BusinessDays | None:
    """The business days that a length is counted in; None for one that is counted in other days."""
    if length.unit != "business day":
        return None
    counted = business_days(plan.contract)
    if counted is None:
        raise TypeError("the contract does not say which days are business days")
    return counted


def _between(counted: BusinessDays, start: Tree, end: Tree) -> Tree:
    """How many business days lie after one day and up to another, as far as they are known."""
    return sqltree.subtract(_up_to(counted, end), _up_to(counted, start))


def _up_to(counted: BusinessDays, day: Tree) -> Tree:
    """How many business days there are from a Monday long ago up to a day; NULL for no day.

    A day that is not known counts as the nearest that is.
    """
    known = counted.known
    inside = sqltree.smallest(
        sqltree.greatest(day, sqltree.day(max(_MONDAY, known.start - timedelta(days=1)))),
        sqltree.day(known.last),
    )
    days = sqltree.subtract(inside, sqltree.day(_MONDAY))
    rest = sqltree.remainder(days, sqltree.whole(_WEEK))
    weeks = sqltree.divide(sqltree.subtract(days, rest), sqltree.whole(_WEEK))
    weekdays = sqltree.add(
        sqltree.multiply(weeks, sqltree.whole(_WEEKDAYS)),
        sqltree.smallest(sqltree.add(rest, sqltree.whole(1)), sqltree.whole(_WEEKDAYS)),
    )
    for holiday in sorted(counted.holidays):
        if holiday.weekday() < _WEEKDAYS and holiday in known:
            gone = sqltree.compare(inside, ">=", sqltree.day(holiday))
            weekdays = sqltree.subtract(weekdays, sqltree.case([(gone, sqltree.whole(1))], sqltree.whole(0)))
    return sqltree.case([(sqltree.not_null(day), weekdays)])


def _before(day: Tree) -> Tree:
    return sqldates.later(day, -1, "DAY")
