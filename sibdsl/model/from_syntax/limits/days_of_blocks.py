"""The days on which a block advance is paid: one, several, or regular ones. Source: language reference, 'Regular block advances'."""

from __future__ import annotations

from datetime import date, timedelta

from sibdsl.dates import STEP, Calendar, add_months, long, year_start
from sibdsl.diagnostics import Label
from sibdsl.model.from_syntax import values_by_name
from sibdsl.model.from_syntax.limits.moments import moment
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.nodes import Amount, Value
from sibdsl.syntax import Block, Node

_CALENDARS: dict[str, Calendar] = {"year": "yearly", "quarter": "quarterly", "month": "monthly"}


def days_paid(reader: Reader, block: Block, paid_on: Node | None, clause: str) -> tuple[Amount, ...]:
    """The days that the lines of a block name, in the order written or of time; () after a complaint, or where none does."""
    every = reader.one(block, "every")
    if every is None:
        for kind in ("from_date", "to_date_line"):
            for line in block.lines(kind):
                reader.problems.add(
                    "SIB0548", "Nothing is paid regularly here, so nothing starts or ends.", line.span, clause=clause,
                    mark="of what?", help="Take the line out, or write `every quarter at the start` in place of `paid on`.",
                )  # fmt: skip
        return _listed(reader, paid_on, clause)
    if paid_on is not None:
        reader.problems.add(
            "SIB0548", "This block says twice when it is paid.", every.span, clause=clause, mark="and here",
            help="Keep `paid on` with its days, or `every` with `starts` and `ends`.", labels=(Label(paid_on.span, "here"),),
        )  # fmt: skip
        return ()
    return _regular(reader, block, every, clause)


def _listed(reader: Reader, line: Node | None, clause: str) -> tuple[Amount, ...]:
    found: list[Amount] = []
    for part in line.children if line else ():
        day = moment(reader, part, clause)
        if day is None:
            return ()
        twice = next((one for one in found if one == day), None)
        if twice is not None:
            reader.problems.add(
                "SIB0548", "This block is paid twice on one day.", day.span, clause=clause, mark="again",
                help="Take one of them out, or pay the double amount.", labels=(Label(twice.span, "the first is here"),),
            )  # fmt: skip
            return ()
        found.append(day)
    return tuple(found)


def _regular(reader: Reader, block: Block, every: Node, clause: str) -> tuple[Amount, ...]:
    """The first or last days of whole years, quarters or months from `starts` to `ends`, both included."""
    unit, due = (every.nodes(kind)[0].said for kind in ("period_unit", "every_due"))
    calendar = _CALENDARS.get(unit)
    parts = every.nodes("every_parts")
    if calendar is None or parts:
        reader.problems.add(
            "SIB0548",
            f"A block is paid whole on days of the calendar, so it has no parts of {unit}s."
            if parts
            else "A block is paid on days of the calendar, whatever the statements are.",
            (parts[0] if parts else every).span,
            clause=clause,
            mark="not of a block",
            help=f"Write such as `every {unit if calendar else 'quarter'} at the start`.",
        )
        return ()
    ends: list[date] = []
    for kind, needed in (("from_date", "starts 1 April 2016"), ("to_date_line", "ends 31 March 2017")):
        line = reader.one(block, kind, needed=needed)
        if line is None:
            return ()
        said = values_by_name.Said(clause, "first day" if kind == "from_date" else "last day")
        day = values_by_name.day(reader, line.words()[0], said, clause)
        if day is None:
            return ()
        paid = reader.payment_period
        if paid is not None and day not in paid:
            reader.problems.add(
                "SIB0513", f"{long(day)} lies outside the payment period ({paid}), and no block is paid there.", line.span,
                clause=clause, mark="outside the payment period", help="Choose a day of the payment period.",
            )  # fmt: skip
            return ()
        ends.append(day)
    first, last = ends
    days: list[date] = []
    boundary = year_start(first, reader.begin)
    while boundary <= last + timedelta(days=1):
        day = boundary if due == "at the start" else boundary - timedelta(days=1)
        if first <= day <= last:
            days.append(day)
        boundary = add_months(boundary, STEP[calendar])
    if not days:
        reader.problems.add(
            "SIB0548", f"No {unit} {'begins' if due == 'at the start' else 'ends'} from {long(first)} to {long(last)}.", every.span,
            clause=clause, mark="never", help="Let it start earlier or end later, or name its day: `paid on 1 April 2016`.",
        )  # fmt: skip
    return tuple(Value(day, "date", span=every.span) for day in days)
