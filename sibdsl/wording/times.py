"""When something is: days, stretches of days, and the time over which a limit or a condition runs."""

from __future__ import annotations

from sibdsl.dates import Period, contract_year, long, months_name, year_name, year_start, years_of
from sibdsl.model.nodes import Contract, Programme, Scope

_NUMBERS = ("0", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_PERIODS = {"monthly": "month", "quarterly": "quarter", "yearly": "year", "once at the end": "claim"}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}

WHOLE = "over the contract"


def days(number: int) -> str:
    """`one day`, `12 days`."""
    said = _NUMBERS[number] if 0 <= number < len(_NUMBERS) else f"{number:,}"
    return f"{said} day{'' if number == 1 else 's'}"


# ------------------------------------------------------------------ stretches of days


def contract_years(contract: Contract) -> dict[str, Period]:
    """The contract's years by name, `2016/17`; part years as far as they go."""
    years = years_of(contract.payment_period, contract.years_begin)
    return {year_name(year_start(year.start, contract.years_begin)): year for year in years}


def from_to(span: Period) -> str:
    """`from 3 April 2018 to 9 May 2018`."""
    return f"from {span}"


def when(span: Period) -> str:
    """`in April-June 2018`, `in May 2018`, `from 3 April 2018 to 9 May 2018`."""
    if span.start.day != 1 or span.end.day != 1:
        return from_to(span)
    return f"in {months_name(span)}"


def period_name(contract: Contract, span: Period) -> str:
    """`over the contract`, `in 2016/17`, `in April-June 2018`, `in 3 Apr 2018 - 9 May 2018`: as rules name a period."""
    if span == contract.payment_period:
        return WHOLE
    return _year(contract, span) or f"in {months_name(span)}"


def counted_in(contract: Contract, span: Period, own: Period | None) -> str:
    """As formulas name days: '' for their `own`, a year or part of one, up to a day, months of a year, first and last day."""
    if span == own:
        return ""
    if span == contract.payment_period:
        return WHOLE
    year = next((name for name, year in contract_years(contract).items() if year == span), "")
    if year:
        return f"in {year}"
    if span.start == contract.payment_period.start:
        return f"up to {long(span.last)}"
    if span.start.day == span.end.day == 1 and span.start.year == span.last.year:
        return f"in {months_name(span)}"
    return from_to(span)


def each(contract: Contract, over: tuple[Period, ...], own: Period) -> str:
    """`each quarter in 2016/17`: the periods that something is worked out in, one by one."""
    unit = "period" if contract.statements_on else _PERIODS[contract.calendar]
    months = _MONTHS.get(unit, 0)
    whole = all(_months(period) == months for period in over)
    said = counted_in(contract, Period(over[0].start, over[-1].end), own)
    return f"each {unit if whole else 'period'}{f' {said}' if said else ''}"


def _months(span: Period) -> int:
    if span.start.day != span.end.day:
        return 0
    return (span.end.year - span.start.year) * 12 + span.end.month - span.start.month


def _year(contract: Contract | Programme, span: Period) -> str:
    """`in 2016/17` of a whole contract year; '' of other days."""
    first = year_start(span.start, contract.years_begin)
    whole = span == contract_year(first.year, contract.years_begin)
    return f"in {year_name(first)}" if whole else ""


# ------------------------------------------------------------------ over what time


def over(scope: Scope, occasion: Period) -> str:
    """Over what time a limit runs, on one occasion: `over the contract`, `in April-June 2018`."""
    return WHOLE if scope.over == "contract" else when(occasion)


def each_time(scope: Scope) -> str:
    """As a limit is written: `over the contract`, `in each year`, `from 1 January 2017 to 31 March 2018`."""
    if scope.over == "contract":
        return WHOLE
    if scope.over == "days" and scope.days is not None:
        return from_to(scope.days)
    return f"in {scope.over}"


def each_time_named(contract: Contract | Programme, scope: Scope) -> str:
    """The same in a drawing, which names a contract year, `in 2016/17`, and says `in each statement period`."""
    if scope.over == "contract" and isinstance(contract, Programme):
        return "over the programme"
    year = _year(contract, scope.days) if scope.over == "days" and scope.days is not None else ""
    return year or ("in each statement period" if scope.over == "each period" else each_time(scope))
