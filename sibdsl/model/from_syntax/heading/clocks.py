"""The clocks of a contract: when results may be earned, when they may be paid, and in which periods they are stated."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, cast

from attrs import evolve

from sibdsl import dates
from sibdsl.dates import Calendar, Period
from sibdsl.model.from_syntax import values_by_name
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.syntax import Block, Node, Word

if TYPE_CHECKING:
    from sibdsl.model.from_syntax.heading.header import Header


def clocks(reader: Reader, block: Block, found: Header) -> Reader:
    """Read the service period, the payment period, the last day for new entrants and the statements.

    Gives the reader that knows both periods; of the payment period nothing, while a day waits to be given.
    """
    clause = reader.clause(block)
    line = reader.one(block, "service", needed="service period 1 April 2016 to 31 March 2019")
    found.service = _two_days(reader, line, "service period", clause)
    reader = evolve(reader, service=found.service, payment_period=found.service)
    line = reader.one(block, "pay_period")
    found.payment_period = _two_days(reader, line, "payment period", clause) if line else found.service
    line = reader.one(block, "new_entrants")
    if line:
        found.new_entrants_last = values_by_name.day(
            reader, line.words()[0], values_by_name.Said("", "new entrants, last day"), clause
        )
    elif found.service:
        found.new_entrants_last = found.service.last
    if any(not named_date.value for named_date in reader.named):
        _until_given(found)
        reader = evolve(reader, service=found.service, payment_period=None)
    else:
        reader = evolve(reader, payment_period=found.payment_period)
        _order(reader, block, found, clause)
    line = reader.one(block, "statements", needed="statements quarterly")
    if line:
        said = line.node("calendar")
        if said is None:
            _own_dates(reader, line, found, clause)
        else:
            found.calendar = cast("Calendar", said.said)
    return reader


def _until_given(found: Header) -> None:
    """Make what stands for days that nobody has given hold together."""
    service, paid, last = found.service, found.payment_period, found.new_entrants_last
    if service is None or paid is None:
        return
    found.payment_period = evolve(paid, start=min(paid.start, service.start), end=max(paid.end, service.end))
    if last is None or last not in service:
        found.new_entrants_last = service.last


def _two_days(reader: Reader, line: Node | None, what: str, clause: str) -> Period | None:
    if line is None:
        return None
    return values_by_name.between(reader, line.words()[:2], line.span, values_by_name.Said("", what), clause)


def _order(reader: Reader, block: Block, found: Header, clause: str) -> None:
    service, paid, last = found.service, found.payment_period, found.new_entrants_last
    if service and paid and (paid.start > service.start or paid.end < service.end):
        line = block.lines("pay_period")[0]
        reader.problems.add(
            "SIB0417",
            "The payment period does not hold the whole service period.",
            line.span,
            clause=clause,
            mark=f"service runs {service}",
            help=f"Write `payment period {dates.long(min(paid.start, service.start))} to "
            f"{dates.long(max(paid.last, service.last))}`: payments begin no later than the service and end no earlier.",
        )
    if service and last and last not in service:
        line = block.lines("new_entrants")[0]
        reader.problems.add(
            "SIB0417",
            f"The last day for new entrants, {dates.long(last)}, is outside the service period.",
            line.span,
            clause=clause,
            mark=f"service runs {service}",
            help=f"Write a day from {dates.long(service.start)} to {dates.long(service.last)}.",
        )


# ------------------------------------------------------------------ statements on dates of one's own


def _own_dates(reader: Reader, line: Node, found: Header, clause: str) -> None:
    """The days on which statement periods end, one after another, the last of them the last day of the payment period."""
    words = line.words("DATE", "NAME")
    days = [
        values_by_name.day(
            reader, word, values_by_name.Said("", f"statement period {number}, last day"), clause
        )
        for number, word in enumerate(words, start=1)
    ]
    paid = reader.payment_period
    if paid is None or any(day is None for day in days):  # reported, or waiting for a day to be given
        return
    found.statements_on = tuple(day for day in days if day)
    before: date | None = None
    for day, word in zip(found.statements_on, words, strict=True):
        if before is not None and day <= before:
            _wrong(
                reader,
                word,
                f"{_said(word, day)} comes after {dates.long(before)} in this line, and is not a later day.",
                "not later than the one before",
                "Put the days in the order in which statement periods end.",
                clause,
            )
            return
        if day not in paid:
            _wrong(
                reader,
                word,
                f"{_said(word, day)} is outside the payment period, {paid}.",
                "no day of the payment period",
                "Write days of the payment period only.",
                clause,
            )
            return
        before = day
    if before != paid.last:
        _wrong(
            reader,
            words[-1],
            f"The last statement period ends on {_said(words[-1], found.statements_on[-1])}; payments run to "
            f"{dates.long(paid.last)}, and what is earned in between would never be stated.",
            f"payments run to {dates.long(paid.last)}",
            "Let the last of these days be the last day of the payment period.",
            clause,
        )


def _said(word: Word, day: date) -> str:
    return dates.long(day) if word.kind == "DATE" else f"{word.text} ({dates.long(day)})"


def _wrong(reader: Reader, word: Word, message: str, mark: str, help_: str, clause: str) -> None:
    reader.problems.add("SIB0495", message, word.span, clause=clause, mark=mark, help=help_)
