"""Conditions and amounts as the contract's language writes them."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from sibdsl import money
from sibdsl.dates import long
from sibdsl.english import IN_A_CONDITION, listed, with_unit
from sibdsl.model.conditions_on_rows import tests_of
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
    Interpolated,
    JoinedColumn,
    JoiningDate,
    Looked,
    MetricColumn,
    MetricTotal,
    Not,
    Paid,
    PersonColumn,
    ResultDate,
    RoundedAmount,
    Stepped,
    TimeBetween,
    Value,
    WholeYears,
    WindowEnd,
    Working,
)

_NUMBERS = {"=": "is", "<": "is less than", "<=": "is at most", ">": "is more than", ">=": "is at least"}
_DATES = {"=": "is", "<": "is before", "<=": "is on or before", ">": "is after", ">=": "is on or after"}


def condition(test: Condition, currency: str, total: str = "total of ") -> str:
    """The condition as the contract's language writes it, such as `Engaged On is on or after joining date`.

    What a metric comes to is `total of Job Start`, or its name alone where `total` is ''.
    """
    match test:
        case Compare(left=left, op=op, right=right):
            verbs = _DATES if left.kind == "date" else _NUMBERS
            return f"{amount(left, currency, total)} {verbs[op]} {amount(right, currency, total)}"
        case Blank(value=column):
            return f"{column.name} is blank"
        case InPeriod(value=day, period=period):
            return f"{amount(day, currency, total)} is in the {period}"
        case AnyDay(records=records):
            return f"any day of {records} is in {time_asked(test, currency, total)}"
        case AnyResult(metric=metric):
            return f"any result of {metric} is in {time_asked(test, currency, total)}"
        case Both(tests=tests):
            return " and ".join(_inner(test, currency, total) for test in tests)
        case Either(tests=tests):
            return " or ".join(_inner(test, currency, total) for test in tests)
        case Not(test=inner):
            return _negated(inner, currency, total)


def time_asked(test: AnyDay | AnyResult, currency: str, total: str = "total of ") -> str:
    """The time about which a test asks: `the 12 months after Released On`."""
    day = test.end if isinstance(test, AnyDay) else test.day
    return f"the {test.duration} {test.way} {amount(day, currency, total)}"


_NOT_KNOWN = {
    "no start": "from when it must last",
    "no time": "how long it must last",
    "no number": "how many of theirs count",
}


def not_known(check: str) -> str:
    """What is not known of a row for want of a date, a time or a number that is read elsewhere."""
    return f"it is not known {_NOT_KNOWN[check]}"


def not_over(test: Condition, currency: str) -> str:
    """The times about which a condition asks, said to have days to come: `the 12 months after Released On are not over`."""
    asked = [
        time_asked(day_test, currency)
        for day_test in tests_of(test)
        if isinstance(day_test, AnyDay | AnyResult)
    ]
    return f"{listed(list(dict.fromkeys(asked)))} are not over"


def _negated(test: Condition, currency: str, total: str) -> str:
    said = condition(test, currency, total)
    if isinstance(test, AnyDay | AnyResult):
        return said.replace("any ", "no ", 1)
    # One `is` that is not inside a name or a quoted word can simply be denied.
    if not isinstance(test, Both | Either | Not) and said.count(" is ") == 1:
        return said.replace(" is ", " is not ")
    return f"not ({said})"


def _inner(test: Condition, currency: str, total: str) -> str:
    said = condition(test, currency, total)
    return f"({said})" if isinstance(test, Both | Either) and len(test.tests) > 1 else said


def amount(of: Amount, currency: str, total: str = "total of ") -> str:
    """An amount as the contract's language writes it; of a metric its total, as `condition` has it."""
    match of:
        case Value(value=plain, kind=kind):
            return _plain(plain, kind, currency)
        case Given(name=name) | Column(name=name):
            return name
        case (
            MetricColumn(metric=holder, name=name)
            | JoinedColumn(cohort=holder, name=name)
            | PersonColumn(records=holder, name=name)
        ):
            return f"{name} of {holder}"
        case ResultDate(metric=metric):
            return f"the date of {metric}"
        case JoiningDate() | WindowEnd():
            return "joining date" if isinstance(of, JoiningDate) else "end of window"
        case WholeYears(start=start, end=end) | TimeBetween(start=start, end=end):
            counted = of.counted if isinstance(of, TimeBetween) else "whole years"
            return f"{counted} from {amount(start, currency, total)} to {amount(end, currency, total)}"
        case DateMoved(start=start, way=way, duration=duration):
            said = amount(start, currency, total)
            return f"{duration} {way} {f'({said})' if isinstance(start, DateMoved) else said}"
        case Looked(column=name, key=key) | GivenFor(name=name, key=key):
            return f"{name} read at {amount(key, currency, total)}"
        case Working(name=name):
            return name
        case Arithmetic(op=op, left=left, right=right):
            sides = [
                f"({amount(side, currency, total)})"
                if isinstance(side, Arithmetic)
                else amount(side, currency, total)
                for side in (left, right)
            ]
            return f"{sides[0]} {op} {sides[1]}"
        case MetricTotal(metric=metric, band=band):
            return f"{total}{metric}{f' of band {band}' if band else ''}"
        case Stepped(by=by):
            return f"what the steps by {amount(by, currency, total)} come to"
        case Interpolated(by=by):
            return f"what the line by {amount(by, currency, total)} comes to"
        case Extreme(parts=parts) | FirstGiven(parts=parts):
            chosen = of.way if isinstance(of, Extreme) else "first given"
            return f"the {chosen} of ({' and '.join(amount(part, currency, total) for part in parts)})"
        case RoundedAmount(amount=inner, grain=grain, way=way, kind=kind):
            return f"({amount(inner, currency, total)}, rounded {way} to the {_grain(grain, kind, currency)})"
        case Paid():
            return "payments"


def _grain(grain: Fraction, kind: str, currency: str) -> str:
    if kind == "money":
        return money.grain_name(grain, currency)
    return "percent" if kind == "percentage" else "whole unit"


def _plain(plain: Fraction | date | str, kind: str, currency: str) -> str:
    if isinstance(plain, date):
        return long(plain)
    return plain if isinstance(plain, str) else with_unit(plain, kind, currency, IN_A_CONDITION)
