"""Dates and lengths of time that stand in the text by name: the periods of the heading, turns of payers, tracking.

The text is read with the value that the name has: the one given from outside, or else what the contract says. A run
with another value reads the whole text again, so that statements, years and limits follow. What stands by name is
noted in the model, so that a text with a name and one with the date itself have two meanings.
"""

from __future__ import annotations

from datetime import date

from attrs import frozen

from sibdsl import dates
from sibdsl.dates import Duration, Period
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.value_kinds import SAID
from sibdsl.model.nodes import Assumption, ByName, Given
from sibdsl.model.parameters.in_force import Keyed, Plain
from sibdsl.source import Span
from sibdsl.syntax import Node, Word

#: Stands for a day or a length of time that nobody has given, until somebody does. Nothing is paid by it.
UNKNOWN = date(2000, 1, 1)
SOME_TIME = Duration(1, "year")


@frozen
class Said:
    """What stands by name: the clause that says it, '' for the heading, and what of it, such as `first day`."""

    clause: str
    what: str

    def by(self, name: str, value: str, span: Span) -> ByName:
        """It, as the model keeps it: with the name, and the value that it was read with."""
        of = f"{self.clause}: {self.what}" if self.clause else self.what
        return ByName(of, name, value, clause=self.clause, span=span)


def value_of(reader: Reader, name: str) -> Plain | Keyed | None:
    """What a particular or an assumption is worth for this reading; None where nobody has given it."""
    if name in reader.given:
        return reader.given[name]
    found = reader.values[name]
    return found.takes if isinstance(found, Assumption) else found.default


def day(reader: Reader, word: Word, said: Said, clause: str = "") -> date | None:
    """A date, or what the name of one holds. None after a complaint, and for one that nobody has given.

    `said` is what the day is of, such as `service period, last day`: with the name it is part of the meaning.
    """
    if word.kind == "DATE":
        return reader.day(word, clause)
    if not _holds(reader, word, "date", clause):
        return None
    value = value_of(reader, word.text)
    found = value if isinstance(value, date) else None
    reader.named.append(said.by(word.text, found.isoformat() if found else "", word.span))
    return found


def days_in(reader: Reader, node: Node, said: Said, clause: str = "") -> Period | None:
    """The days of a scope: a period as it is written, or from one named day to another. None after a complaint."""
    if node.kind != "named_days":
        return reader.period(node, clause)
    return between(reader, node.words(), node.span, said, clause)


def between(reader: Reader, words: list[Word], span: Span, said: Said, clause: str) -> Period | None:
    """From one day to another, each written or by name; None after a complaint."""
    first, last = (
        day(reader, word, Said(said.clause, f"{said.what}, {end} day"), clause)
        for word, end in zip(words, ("first", "last"), strict=True)
    )
    if first and last:
        return reader.between(first, last, span, clause)
    known = zip((first, last), words, strict=True)
    wrong = any(one is None and not missing(reader, word) for one, word in known)
    return None if wrong else stretch(first, last)


def following(reader: Reader, clause: str) -> int:
    """The number of the next of several things that one clause says by name."""
    return 1 + sum(named_date.clause == clause for named_date in reader.named)


def note(reader: Reader, given: Given, said: Said) -> None:
    """Note that the text is read with the date of a name which the model keeps."""
    value = value_of(reader, given.name)
    found = value.isoformat() if isinstance(value, date) else ""
    reader.named.append(said.by(given.name, found, given.span))


def missing(reader: Reader, word: Word) -> bool:
    """Whether the word names a date that nobody has given."""
    name = word.text
    return any(named_date.name == name and not named_date.value for named_date in reader.named)


def lasting(reader: Reader, line: Node, said: Said, clause: str = "") -> Duration | None:
    """The length of time that a line says, by figures or by name. None after a complaint."""
    written = line.node("duration")
    if written is not None:
        return reader.duration(written, clause)
    word = line.words()[0]
    if not _holds(reader, word, "duration", clause):
        return None
    value = value_of(reader, word.text)
    found = dates.parse_duration(value) if isinstance(value, str) else None
    reader.named.append(said.by(word.text, str(found or ""), word.span))
    return found or SOME_TIME


def _holds(reader: Reader, word: Word, kind: str, clause: str) -> bool:
    given = reader.values.get(word.text) if word.kind == "NAME" else None
    if given is None:
        if word.kind == "NAME":
            reader.name(word, "particular", "assumption", clause=clause)
        else:
            _wrong(reader, word, f"{word.text} stands here", kind, clause)
        return False
    if given.kind != kind:
        _wrong(reader, word, f"{word.text} is {SAID[given.kind]}", kind, clause)
    return given.kind == kind


def _wrong(reader: Reader, word: Word, what: str, kind: str, clause: str) -> None:
    reader.problems.add(
        "SIB0413",
        f"{what}; {SAID[kind]} is needed here.",
        word.span,
        clause=clause,
        mark=f"not {SAID[kind]}",
        help="Name a particular or assumption that holds a date."
        if kind == "date"
        else "Name an assumption that takes a length of time, such as `takes 30 months`.",
    )


def stretch(first: date | None, last: date | None) -> Period:
    """Stands for a stretch of days of which an end has not been given: a year, where the other end is known."""
    if first is not None:
        return dates.period(first, dates.add_months(first, 12))
    return dates.period(dates.add_months(last, -12), last) if last else dates.period(UNKNOWN, UNKNOWN)
