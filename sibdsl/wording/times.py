"""When something is: days, stretches of days, and the time over which a limit runs."""

from __future__ import annotations

from sibdsl.dates import Period, long, months_name
from sibdsl.model.nodes import Scope

_NUMBERS = ("0", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def days(number: int) -> str:
    """`one day`, `12 days`."""
    said = _NUMBERS[number] if 0 <= number < len(_NUMBERS) else f"{number:,}"
    return f"{said} day{'' if number == 1 else 's'}"


def when(span: Period) -> str:
    """`in April-June 2018`, `in May 2018`, `from 3 Apr 2018 to 9 May 2018`."""
    said = months_name(span)
    if span.start.day != 1 or span.end.day != 1:
        return f"from {long(span.start)} to {long(span.last)}"
    return f"in {said}"


def over(scope: Scope, occasion: Period) -> str:
    """Over what time a limit runs: `over the contract`, `in April-June 2018`."""
    return "over the contract" if scope.over == "contract" else when(occasion)
