"""How findings say values, ranges of values, clauses and lists, in the contract's own words."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from sibdsl import money
from sibdsl.model.nodes import Contract, Records
from sibdsl.model.types import Interval

#: Kinds whose values carry a word after the number -> that word for one.
_UNITS = {"hours": "hour", "days": "day", "points": "point"}
#: Kinds that the language writes with a unit.
_WRITTEN = frozenset({"hours", "points"})


#: What becomes of what a payment comes to below nought, by its own line.
TAKEN_BACK = {
    "never": "nothing is paid below nought, and nothing is paid back",
    "from later payments": "what falls below nought is taken from what the payment comes to later",
    "by repayment": "what falls below nought is owed back",
}


def cite(kind: str, name: str, clause: str) -> str:
    """How a finding cites a clause: `6, payment Fund Tariff`."""
    title = f"{kind} {name}"
    return f"{clause}, {title}" if clause else title


def listed(names: Sequence[str], joint: str = "and") -> str:
    """`A, B and C`, each once."""
    once = list(dict.fromkeys(names))
    return once[0] if len(once) == 1 else f"{', '.join(once[:-1])} {joint} {once[-1]}" if once else ""


def plural(number: int, one: str, many: str = "") -> str:
    """`1 row`, `2 rows`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def a(noun: str) -> str:
    """The noun with `a` or `an`."""
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


def sentence(text: str) -> str:
    """The text with its first letter as a sentence begins."""
    return text[:1].upper() + text[1:]


def noun(table: Records) -> str:
    """What one row of a table is, inside a sentence: `job`, `engagement meeting`; capitals such as CMHT stay."""
    said = table.row_is or table.name
    return " ".join(word if word.isupper() and len(word) > 1 else word.lower() for word in said.split(" "))


def value(number: Fraction, kind: str, currency: str) -> str:
    """A value with its unit: `16 hours`, `£1,350`, `50%`."""
    if kind in ("money", "money per day"):
        return amount(number, currency)
    if kind == "percentage":
        return f"{_digits(number * 100)}%"
    unit = _UNITS.get(kind, "")
    return f"{_digits(number)} {unit}{'' if number == 1 else 's'}" if unit else _digits(number)


def amount(number: Fraction, currency: str) -> str:
    """An amount of money as contracts print it: pence only where there are any."""
    return money.show(number, currency).removesuffix(".00")


def _digits(number: Fraction) -> str:
    return f"{number.numerator:,}" if number.denominator == 1 else money.number(number)


def values(held: Interval, kind: str, currency: str) -> str:
    """The values of a range, in a sentence: `exactly 16 hours`, `more than 16 but less than 20 hours`."""
    ends = _ends(held)
    if len(ends) == 2 and kind not in ("money", "percentage"):
        first, last = ends
        return f"{first[0]} {_digits(first[1])} but {last[0]} {value(last[1], kind, currency)}"
    return " but ".join(f"{word} {value(number, kind, currency)}" for word, number in ends) or "any value"


def written(held: Interval, kind: str, currency: str) -> str:
    """The range as the contract's language writes it: `at least 16 hours but less than 30 hours`."""
    return " but ".join(f"{word} {_written(number, kind, currency)}" for word, number in _ends(held))


def _written(number: Fraction, kind: str, currency: str) -> str:
    if kind in ("money", "money per day"):
        return amount(number, currency)
    if kind == "percentage":
        return f"{money.number(number * 100)}%"
    return f"{money.number(number)} {kind}" if kind in _WRITTEN else money.number(number)


def _ends(held: Interval) -> list[tuple[str, Fraction]]:
    if held.low is not None and held.low == held.high:
        return [("exactly", held.low)]
    ends: list[tuple[str, Fraction]] = []
    if held.low is not None:
        ends.append(("at least" if held.low_in else "more than", held.low))
    if held.high is not None:
        ends.append(("at most" if held.high_in else "less than", held.high))
    return ends


def one_with(table: Records, column: str, kind: str, number: Fraction, currency: str) -> str:
    """A row with that value, as the subject of a sentence: `A job of 16 hours a week`, `A person whose Age is 12`."""
    row = sentence(a(noun(table)))
    words = column.lower().split(" ")
    if kind == "hours" and words[:2] == ["hours", "per"] and len(words) == 3:
        return f"{row} of {value(number, kind, currency)} a {words[2]}"
    return f"{row} whose {column} is {value(number, kind, currency)}"


def instance(held: Interval, *, whole: bool = False) -> Fraction:
    """A plain value of the range: a whole number where it holds one."""
    low, high = held.low, held.high
    if low is None and high is None:
        return Fraction(0)
    if low is None:
        return _whole_below(held) if high is not None else Fraction(0)
    first = Fraction(-(-low.numerator // low.denominator))
    if first == low and not held.low_in:
        first += 1
    if whole or first in held:
        return first
    if held.low_in:
        return low
    if high is not None and held.high_in:
        return high
    return (low + (high if high is not None else low + 1)) / 2


def _whole_below(held: Interval) -> Fraction:
    high = held.high or Fraction(0)
    last = Fraction(high.numerator // high.denominator)
    return last if last in held else last - 1


def whole_numbers(held: Interval) -> Interval | None:
    """The whole numbers of a range as a range with both ends in it; None when it holds none."""
    low, high = held.low, held.high
    if low is not None:
        first = Fraction(-(-low.numerator // low.denominator))
        low = first if held.low_in or first != low else first + 1
    if high is not None:
        last = Fraction(high.numerator // high.denominator)
        high = last if held.high_in or last != high else last - 1
    if low is not None and high is not None and low > high:
        return None
    return Interval(low, low is not None, high, high is not None)


def table_named(contract: Contract, name: str) -> Records | None:
    """The table of records of that name."""
    return next((one for one in contract.records if one.name == name), None)
