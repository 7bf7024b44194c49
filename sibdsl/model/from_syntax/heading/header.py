"""The contract block, and the heading of a programme."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Literal, cast

from attrs import define, evolve

from sibdsl.currencies import CURRENCIES
from sibdsl.dates import MONTHS, Calendar, Duration, Period
from sibdsl.english import listed
from sibdsl.model.editions import EDITIONS, NEWEST
from sibdsl.model.from_syntax.currency import unusable
from sibdsl.model.from_syntax.heading.clocks import clocks
from sibdsl.model.from_syntax.reader import Reader, all_texts
from sibdsl.model.from_syntax.rounded_amounts import rounding_of
from sibdsl.model.nodes import DueAfter, Extension, Rounding
from sibdsl.source import NOWHERE, Span
from sibdsl.syntax import Block, Node

_BUSINESS_DAYS_OF_FIVE_YEARS = 1300


@define
class Header:
    """What the heading says, as far as it could be read."""

    name: str = ""
    gloss: str = ""
    reference: str = ""
    currency: str = "GBP"
    service: Period | None = None
    new_entrants_last: date | None = None
    payment_period: Period | None = None
    years_begin: tuple[int, int] = (4, 1)
    calendar: Calendar = "quarterly"
    statements_on: tuple[date, ...] = ()
    rounding: Rounding = Rounding("line", "half up", Fraction(1, 100))
    part_of: str = ""
    leap_day: Literal["28 February", "1 March"] = "28 February"
    edition: int = 0
    due: DueAfter | None = None
    stated_as_known: bool = False
    span: Span = NOWHERE


def header(reader: Reader, block: Block) -> tuple[Header, Reader]:
    """Read the `contract` block; the reader knows its clocks."""
    reader.only(
        block,
        "reference",
        "service",
        "new_entrants",
        "pay_period",
        "currency",
        "years",
        "statements",
        "due",
        "business_days",
        "stated_as_known",
        "prepared",
        "accepted_by",
        "net_negative",
        "accounts_close",
        "rounding",
        "part_of",
        "leap_day",
        "varied_by",
        "extension",
        "precedence",
        "edition",
        "uses",
        "source",
        "says",
        "note",
    )
    clause = reader.clause(block)
    found = Header(span=block.head, name=block.name.text if block.name else "", gloss=block.gloss)
    found.leap_day = _leap_day(reader, block)
    found.edition = _edition(reader, block)
    found.stated_as_known = reader.one(block, "stated_as_known") is not None
    line = reader.one(block, "part_of")
    found.part_of = line.words("NAME")[0].text if line else ""
    found.reference = all_texts(block, "reference")
    reader.one(block, "reference")
    line = reader.one(block, "due")
    length = reader.duration(line.nodes("duration")[0], clause, business=True) if line else None
    if line and length and _longer_than_five_years(length):
        reader.problems.add(
            "SIB0539",
            f"What is stated would fall due {length} after its statement.",
            line.span,
            clause=clause,
            mark="years later",
            help="Write a time of at most five years, such as `due 30 days after each statement`.",
        )
    elif line and length:
        moved = line.node("weekday")
        said = moved.said if moved else ""
        way: Literal["", "next", "before"] = ""
        if "business" in said:
            way = "before" if said.endswith("before") else "next"
        found.due = DueAfter(length, said.endswith("weekday"), way, span=line.span)
    reader = _currency(reader, block, found)
    _years(reader, block, found)
    reader = clocks(evolve(reader, begin=found.years_begin), block, found)
    line = reader.one(block, "rounding", needed="rounding each line, half up, to the penny")
    if line:
        _rounding(reader, line, found, clause)
    return found, evolve(reader, grain=found.rounding.grain or CURRENCIES[found.currency].minor_unit)


def _longer_than_five_years(length: Duration) -> bool:
    if length.unit == "business day":
        return length.number > _BUSINESS_DAYS_OF_FIVE_YEARS
    try:
        return length.after(date(2000, 1, 1)) > date(2005, 1, 1)
    except OverflowError:
        return True


def _leap_day(reader: Reader, block: Block) -> Literal["28 February", "1 March"]:
    """The day on which somebody born on 29 February is a year older, in years without it."""
    line = reader.one(block, "leap_day")
    if line is None:
        return "28 February"
    word = line.words("DAYMONTH")[0]
    if word.text == "1 March":
        return "1 March"
    if word.text != "28 February":
        reader.problems.add(
            "SIB0422",
            f"A leap-day birthday falls on 28 February or on 1 March of other years, not on {word.text}.",
            word.span,
            clause=reader.clause(block),
            mark="neither",
            help="Write `on 28 February` or `on 1 March`.",
        )
    return "28 February"


def _edition(reader: Reader, block: Block) -> int:
    """The edition of the language that the contract names; 0 where it names none, and after a complaint."""
    line = reader.one(block, "edition")
    if line is None:
        return 0
    word = line.words("INT")[0]
    if word.text in map(str, EDITIONS):
        return int(word.text)
    known = listed(list(map(str, EDITIONS)))
    newer = NEWEST < int(word.text.replace(",", "")) < 100  # any other number is a slip
    reader.problems.add(
        "SIB0319",
        f"This program knows editions {known} of the language, not {word.text}.",
        word.span,
        clause=reader.clause(block),
        mark="not known",
        help="Use a newer version of the program: the contract was signed under what this one does not know. "
        "Do not change the number, which is a part of what was signed."
        if newer
        else f"Write the edition under which the contract is signed, such as `language edition {NEWEST}`.",
    )
    return 0


def precedence(reader: Reader, block: Block) -> Literal["", "text over code", "code over text"]:
    """What prevails where the parties' own words and this text differ: `precedence text over code`."""
    line = reader.one(block, "precedence")
    return cast('Literal["text over code"]', line.nodes("precedence_of")[0].said) if line else ""


def extension(reader: Reader, block: Block) -> Extension | None:
    """The option to extend, and whose it is: `extension of 1 year at the option of CCG`."""
    line = reader.one(block, "extension")
    if line is None:
        return None
    clause = reader.clause(block)
    duration = reader.duration(line.nodes("duration")[0], clause)
    party = reader.name(line.words("NAME")[0], "party", clause=clause)
    return Extension(duration, party, span=line.span) if duration and party else None


def shared(reader: Reader, block: Block) -> tuple[Header, Reader]:
    """What the heading of a programme says: reference, currency, years, rounding; the reader knows its years and currency."""
    found = Header(span=block.head, name=block.name.text if block.name else "", gloss=block.gloss)
    found.reference = all_texts(block, "reference")
    reader = _currency(reader, block, found)
    _years(reader, block, found)
    reader = evolve(reader, begin=found.years_begin)
    line = reader.one(block, "rounding", needed="rounding each line, half up, to the penny")
    if line:
        _rounding(reader, line, found, reader.clause(block))
    return found, reader


def _currency(reader: Reader, block: Block, found: Header) -> Reader:
    line = reader.one(block, "currency", needed="currency GBP")
    if line is None:
        return reader
    word = line.words("NAME")[0]
    if word.text not in CURRENCIES:
        message, what_to_do = unusable(word.text)
        reader.problems.add(
            "SIB0418", message, word.span, clause=reader.clause(block), mark="not known", help=what_to_do
        )
        return reader
    found.currency = word.text
    return evolve(reader, currency=word.text)


def _years(reader: Reader, block: Block, found: Header) -> None:
    line = reader.one(block, "years", needed="years begin 1 April")
    if line is None:
        return
    word = line.words("DAYMONTH")[0]
    day, month = word.text.split(" ")
    try:
        date(2000, MONTHS.index(month) + 1, int(day))
        date(2001, MONTHS.index(month) + 1, int(day))
    except ValueError:
        reader.problems.add(
            "SIB0408",
            f"Not every year has a {word.text}.",
            word.span,
            clause=reader.clause(block),
            mark="no such day",
            help="Write a day that every year has, such as 1 April.",
        )
        return
    found.years_begin = (MONTHS.index(month) + 1, int(day))


def _rounding(reader: Reader, line: Node, found: Header, clause: str) -> None:
    read = rounding_of(reader, line, found.currency, clause)
    if read is not None:
        found.rounding = read


# ------------------------------------------------------------------ parties, particulars, assumptions
