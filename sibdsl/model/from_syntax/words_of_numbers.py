"""`at least`, `more than`, `at most` and `less than` beside dates: refused, with the words that dates are compared by.

`at most 28 days after joining date` is read as a last day by one, and as a stretch of 28 days by another, for whom a day before
joining is none of them. `at most 28 days before` is read the other way round. So each is written out.
"""

from __future__ import annotations

from datetime import date

from sibdsl.dates import long
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.value_kinds import Here
from sibdsl.model.nodes import (
    Amount,
    Column,
    DateMoved,
    Given,
    JoinedColumn,
    JoiningDate,
    MetricColumn,
    ResultDate,
    Value,
    WindowEnd,
)
from sibdsl.source import Span
from sibdsl.syntax import Node

#: How a limit of numbers is said of dates, and of a date that lies so long before another, of which more is earlier.
_OF_DATES = {
    "at_least_value": ("on or after", "on or before"),
    "more_than_value": ("after", "before"),
    "at_most_value": ("on or before", "on or after"),
    "less_than_value": ("before", "after"),
}
_SAID = {
    "at_least_value": "at least",
    "more_than_value": "more than",
    "at_most_value": "at most",
    "less_than_value": "less than",
}


def refused_of_dates(
    reader: Reader,
    subject: Amount,
    bounds: list[tuple[Node, Amount | None]],
    span: Span,
    here: Here,
    *,
    denied: bool,
) -> bool:
    """Whether a range of numbers is asked of a date; reports it, with the ways to write what may be meant.

    `bounds` are the ends as written, each with what it is compared with; `subject` stands before `is`.
    """
    ends = [(bound, right) for bound, right in bounds if right is not None and right.kind == "date"]
    if not ends or len(ends) < len(bounds) or any(bound.kind not in _OF_DATES for bound, _ in ends):
        return False
    name = _day(subject)
    written = [_written(bound, right) for bound, right in ends]
    joined = f" or {name} is not " if denied else f" and {name} is "
    way_out = f"Write `{name} is {'not ' if denied else ''}{joined.join(written)}`"
    meaning = "dates are compared by words of their own."
    first, moved = ends[0]
    if (
        len(ends) == 1
        and not denied
        and isinstance(moved, DateMoved)
        and first.kind in ("at_most_value", "less_than_value")
    ):
        start = _day(moved.start)
        beyond, within = ("before", "on or after") if moved.way == "after" else ("after", "on or before")
        meaning = f"it is open whether a day {beyond} {start} counts too."
        way_out += f", if it does; otherwise `{name} is {within} {start} and {name} is {written[0]}`"
    reader.problems.add(
        "SIB0413",
        f"`{_SAID[first.kind]}` limits a number, and here is a date: {meaning}",
        span,
        clause=here.clause,
        mark="a date, not a number",
        help=f"{way_out}.",
    )
    return True


def _written(bound: Node, right: Amount) -> str:
    """`on or before 28 days after joining date`."""
    after, before = _OF_DATES[bound.kind]
    turned = isinstance(right, DateMoved) and right.way == "before"
    return f"{before if turned else after} {_day(right)}"


def _day(of: Amount) -> str:
    """A date as it is written."""
    match of:
        case Value(value=date() as day):
            return long(day)
        case Value(value=value):
            return str(value)
        case Given(name=name) | Column(name=name):
            return name
        case MetricColumn(metric=holder, name=name) | JoinedColumn(cohort=holder, name=name):
            return f"{name} of {holder}"
        case ResultDate(metric=metric):
            return f"the date of {metric}"
        case JoiningDate():
            return "joining date"
        case WindowEnd():
            return "end of window"
        case DateMoved(start=start, way=way, duration=duration):
            return f"{duration} {way} {f'({_day(start)})' if isinstance(start, DateMoved) else _day(start)}"
        case _:
            return "that day"
