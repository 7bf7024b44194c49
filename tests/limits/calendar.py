"""Days and stretches of days, worked out day by day: nothing here is clever.

Source: language reference, 'Periods', 'Years', 'Statements'.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from tests.limits.terms import Over

MONTHS = {"month": 1, "quarter": 3, "year": 12}
STATEMENTS = {"monthly": 1, "quarterly": 3, "yearly": 12}


class Days(NamedTuple):
    """From the first day to the last, both in."""

    first: date
    last: date

    @property
    def number(self) -> int:
        return (self.last - self.first).days + 1

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last

    def within(self, other: Days) -> Days | None:
        first, last = max(self.first, other.first), min(self.last, other.last)
        return Days(first, last) if first <= last else None


def day_after(day: date) -> date:
    return day + timedelta(days=1)


def day_before(day: date) -> date:
    return day - timedelta(days=1)


def months_later(day: date, months: int) -> date:
    """Only for days that every month has."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, day.day)


def stretches(years: tuple[int, int], months: int, whole: Days) -> list[Days]:
    """Whole stretches of so many months, counted from the day on which contract years begin, that touch `whole`."""
    first = date(whole.first.year - 1, *years)
    found = []
    while first <= whole.last:
        following = months_later(first, months)
        if following > whole.first:
            found.append(Days(first, day_before(following)))
        first = following
    return found


def statement_periods(statements: str, years: tuple[int, int], whole: Days) -> list[Days]:
    """The statement periods: those of the calendar, inside the payment period."""
    if statements == "once at the end":
        return [whole]
    every = stretches(years, STATEMENTS[statements], whole)
    return [inside for days in every if (inside := days.within(whole))]


def times(over: Over, years: tuple[int, int], whole: Days, periods: list[Days]) -> list[Days]:
    """The times of a limit, a tier or a block, inside the payment period."""
    if over.days:
        inside = Days(*over.days).within(whole)
        return [inside] if inside else []
    if over.unit == "period":
        return list(periods)
    if over.unit:
        every = stretches(years, MONTHS[over.unit], whole)
        return [inside for days in every if (inside := days.within(whole))]
    return [whole]


def holding(every: list[Days], day: date) -> Days | None:
    return next((days for days in every if days.holds(day)), None)
