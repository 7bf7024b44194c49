"""Figures that people wrote in words of a contract: `£700`, `forty pounds`, `six weeks`, `38 per cent`, `16 hours`.

For findings that hold a clause's words against its lines. A figure that is not surely one is left alone.
"""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Literal

from attrs import frozen

from sibdsl.dates import Duration
from sibdsl.model.nodes import Value
from sibdsl.source import Span

Sort = Literal["money", "percentage", "length", "hours", "date", "people"]

_UNITS = [
    "nought", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
_TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_NUMBER_WORDS = "|".join(
    sorted({*_UNITS[1:], *_TENS[2:], "hundred", "thousand", "million"}, key=len, reverse=True)
)
_IN_WORDS = rf"(?:(?:{_NUMBER_WORDS}|a hundred|a thousand)(?:[ -](?:and )?(?:{_NUMBER_WORDS}))*)"
_DIGITS = r"\d[\d,]*(?:\.\d+)?"
_TIMES = {"k": 1000, "thousand": 1000, "m": 10**6, "million": 10**6, "bn": 10**9, "billion": 10**9}
_MONTHS = list(month_name)[1:]
_FIGURE = re.compile(
    rf"""(?P<sign>[£$€])\s?(?P<money>{_DIGITS})(?:\s?(?P<times>k|m|bn|thousand|million|billion)\b)?
    |(?P<pounds>{_IN_WORDS})[ -](?:pounds?|dollars?|euros?)\b
    |(?P<percent>{_DIGITS}|\b{_IN_WORDS})\s?(?:%|per\ ?cent\b)
    |\b(?P<day>\d{{1,2}})\ (?P<month>{"|".join(_MONTHS)})\ (?P<year>\d{{4}})\b
    |\b(?P<length>\d+|{_IN_WORDS})[ -](?P<unit>day|week|month|year)s?\b(?![ -]olds?\b)
    |\b(?P<hours>{_DIGITS}|{_IN_WORDS})[ -]hours?\b
    |\b(?P<people>\d[\d,]*|{_IN_WORDS})\ (?:young\ |service\ )?(?:people|participants|persons|places|children|users|clients)\b
    """.replace("[ -](?:and )?", "[ -](?:and[ ])?"),
    re.IGNORECASE | re.VERBOSE,
)
#: What stands before a figure that the clause is compared with, and does not state.
_COMPARED = re.compile(
    r"\b(?:less|more|fewer|other|rather) than(?: \w+){0,2} $|\b(?:above|below|beyond|exceeds?|of)(?: \w+){0,2} $",
    re.IGNORECASE,
)

#: What stands before a length of time that is some part of the contract's.
_SPAN_OF_THE_CONTRACT = re.compile(r"\b(?:first|last|next|final|other|all|of the|over) $", re.IGNORECASE)


@frozen
class Figure:
    """A figure of some sort; lengths of time are in days or months. `said` is how it is written."""

    sort: Sort
    value: Fraction | date | tuple[str, int]
    said: str
    #: Whether the words compare it with what the clause states.
    compared: bool = False
    start: int = 0
    end: int = 0


def figures_in(words: str) -> tuple[Figure, ...]:
    """The figures in some words, in their order."""
    return tuple(_figures(words))


def _figures(words: str) -> Iterator[Figure]:
    for match in _FIGURE.finditer(words):
        read = _read(match)
        before = words[: match.start()]
        if read is None or (read[0] == "length" and _SPAN_OF_THE_CONTRACT.search(before)):
            continue
        yield Figure(*read, match[0], bool(_COMPARED.search(before)), *match.span())


def _read(match: re.Match[str]) -> tuple[Sort, Fraction | date | tuple[str, int]] | None:
    """The sort and the value of what was matched; None where it is no figure after all."""
    if match["day"]:
        month = _MONTHS.index(match["month"].capitalize()) + 1
        try:
            return "date", date(int(match["year"]), month, int(match["day"]))
        except ValueError:
            return None
    if match["length"]:
        number = _number(match["length"])
        return None if number is None else ("length", length(int(number), match["unit"].lower()))
    sorts: dict[str, Sort] = {
        "money": "money", "pounds": "money", "percent": "percentage", "hours": "hours", "people": "people",
    }  # fmt: skip
    name = next(name for name in sorts if match[name])
    number = _number(match[name])
    if number is None:
        return None
    if name == "money":
        number *= _TIMES.get((match["times"] or "").lower(), 1)
    return sorts[name], number / 100 if name == "percent" else number


def length(number: int, unit: str) -> tuple[str, int]:
    """A length of time in days or in months: six weeks are 42 days, a year 12 months."""
    days = {"day": 1, "week": 7}
    return (
        ("days", number * days[unit]) if unit in days else ("months", number * (12 if unit == "year" else 1))
    )


def _number(text: str) -> Fraction | None:
    """A number in digits or in words; None where the words make none."""
    if text[0].isdigit():
        digits = text.replace(",", "").rstrip(".")
        return Fraction(digits)
    total, part = 0, 0
    for word in re.split(r"[ -]+", text.lower()):
        if word in _UNITS:
            part += _UNITS.index(word)
        elif word in _TENS:
            part += _TENS.index(word) * 10
        elif word == "hundred":
            part = max(part, 1) * 100
        elif word in ("thousand", "million"):
            total += max(part, 1) * _TIMES[word]
            part = 0
    return Fraction(total + part) if total + part else None


# ------------------------------------------------------------------ figures of the lines


@frozen
class StatedFigure:
    """A figure that a clause's lines state, and its place."""

    sort: Sort
    value: Fraction | date | tuple[str, int]
    span: Span


def stated_in(node: object, place: Span) -> Iterator[StatedFigure]:
    """Every figure in a part of the contract model; `place` is where it stands, unless a part of it says so."""
    match node:
        case Value(value=value, kind=kind, span=span):
            if isinstance(value, Fraction) and kind in ("money", "percentage", "hours"):
                sort: Sort = "money" if kind == "money" else "percentage" if kind == "percentage" else "hours"
                yield StatedFigure(sort, value, span)
            elif isinstance(value, date):
                yield StatedFigure("date", value, span)
            return
        case Duration(number=number, unit=unit):
            yield StatedFigure("length", length(number, unit), place)
            return
        case date():
            yield StatedFigure("date", node, place)
            return
        case tuple():
            for part in node:
                yield from stated_in(part, place)
            return
    fields = getattr(type(node), "__attrs_attrs__", ())
    here = next((part for name in fields if isinstance(part := getattr(node, name.name), Span)), place)
    for field in fields:
        part = getattr(node, field.name)
        if not isinstance(part, str | Span):
            yield from stated_in(part, here)
