"""The English of every message, explanation and page: lists, plurals, ranges, numbers and values with their unit.

Knows nothing of contracts; what needs one is in `wording`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Protocol

from attrs import frozen

from sibdsl import money


def listed(names: Sequence[str], joint: str = "and") -> str:
    """`A, B and C`, each once."""
    once = list(dict.fromkeys(names))
    return once[0] if len(once) == 1 else f"{', '.join(once[:-1])} {joint} {once[-1]}" if once else ""


def plural(noun: str) -> str:
    """The plural of a noun by the plain rules of English, and of a child."""
    if noun.endswith("child"):
        return f"{noun}ren"
    if noun.endswith(("s", "x", "ch", "sh")):
        return f"{noun}es"
    return f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2:-1] not in "aeiou" else f"{noun}s"


def many(number: int, noun: str, nouns: str = "") -> str:
    """`1 record`, `4 records`, `1,200 people`."""
    return f"{number:,} {noun if number == 1 else nouns or plural(noun)}"


def a(noun: str) -> str:
    """The noun with `a` or `an`."""
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


def sentence(text: str) -> str:
    """The text with its first letter as a sentence begins."""
    return text[:1].upper() + text[1:]


class Ends(Protocol):
    """Anything between two ends of one type, or without one; `low_in` and `high_in` say whether the ends belong."""

    @property
    def low(self) -> object | None: ...
    @property
    def low_in(self) -> bool: ...
    @property
    def high(self) -> object | None: ...
    @property
    def high_in(self) -> bool: ...


def between(held: Ends, said: Callable[[Any], str]) -> str:
    """A range whose ends are `said` so: `at least 16 hours but less than 30 hours`; '' for one without ends."""
    ends = []
    if held.low is not None:
        ends.append(f"{'at least' if held.low_in else 'more than'} {said(held.low)}")
    if held.high is not None:
        ends.append(f"{'at most' if held.high_in else 'less than'} {said(held.high)}")
    return " but ".join(ends)


# ------------------------------------------------------------------ numbers and amounts of money


def grouped(value: Fraction) -> str:
    """A quantity for people: `1,200`, `7.5`."""
    return f"{value.numerator:,}" if value.denominator == 1 else money.number(value)


def short(amount: Fraction, currency: str) -> str:
    """An amount as contracts print it, with pence only where there are any: `£1,350`, `£0.50`, `about £0.13`."""
    return money.show_short(amount, currency)


def exactly(amount: Fraction, currency: str) -> str:
    """An amount in whole pennies, and as it is where it is not in whole pennies: `£1,350.00`, `£0.125`, `£100/3`."""
    said = money.show(amount, currency)
    if not said.startswith("about "):
        return said
    return f"{'-' if amount < 0 else ''}{sign(currency)}{money.number(abs(amount))}"


def sign(currency: str) -> str:
    """What stands before an amount: `£`, or the code and a space where there is no sign."""
    return money.currency(currency).prefix


# ------------------------------------------------------------------ values with their unit


@frozen
class Style:
    """How values read in one sort of text. Where two styles differ, users see that difference today.

    `grouped` numbers have commas between thousands. `units` are what one and several of a kind are called; a kind
    without is a bare number. `sums` are the kinds that are money.
    """

    amount: Callable[[Fraction, str], str]
    grouped: bool
    units: Mapping[str, tuple[str, str]]
    sums: frozenset[str] = frozenset({"money", "money per day"})


_ONE_OR_SEVERAL = {"hours": ("hour", "hours"), "days": ("day", "days"), "points": ("point", "points")}
_WRITTEN_UNITS = {kind: (kind, kind) for kind in ("hours", "points", "days")}

#: In a sentence of a finding: `16 hours`, `1 hour`, `£1,350`.
IN_A_SENTENCE = Style(short, grouped=True, units=_ONE_OR_SEVERAL)
#: As a row of bands is written: `16 hours`, `1350`.
IN_A_ROW = Style(short, grouped=False, units={kind: _WRITTEN_UNITS[kind] for kind in ("hours", "points")})
#: As the right way to write a number of that kind.
AS_ADVISED = Style(short, grouped=False, units=_WRITTEN_UNITS)
#: In a condition, with its pence: `£1,350.00`.
IN_A_CONDITION = Style(money.show, grouped=False, units={"hours": _WRITTEN_UNITS["hours"]})
#: What was counted: `12 days`, `£719.83`, `7.5 hours`.
COUNTED = Style(
    exactly, grouped=True, units={**_WRITTEN_UNITS, "days": ("day", "days")}, sums=frozenset({"money"})
)


def with_unit(held: Fraction, kind: str, currency: str, style: Style = IN_A_SENTENCE) -> str:
    """A value of that kind with its sign or unit: `16 hours`, `£1,350`, `50%`."""
    plain = grouped if style.grouped else money.number
    if kind in style.sums:
        return style.amount(held, currency)
    if kind == "percentage":
        return f"{plain(held * 100)}%"
    single, several = style.units.get(kind, ("", ""))
    return f"{plain(held)} {single if held == 1 else several}".rstrip()
