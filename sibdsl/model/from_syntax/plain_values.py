"""Values that a text writes out: days, lengths of time, amounts, stretches of days, with their complaints."""

from __future__ import annotations

import calendar
import re
from datetime import date
from fractions import Fraction
from typing import cast

from attrs import field, frozen

from sibdsl import dates, money
from sibdsl.currencies import PREFIX
from sibdsl.dates import EARLIEST, LATEST, Duration, Period
from sibdsl.diagnostics import Problems
from sibdsl.model.from_syntax import contract_years
from sibdsl.model.nodes import Value
from sibdsl.model.types import Kind
from sibdsl.source import Span
from sibdsl.syntax import Node, Part, Word

#: Thousands as the continent groups them, `1.350`: three decimals, of which the last is nought.
_THOUSANDS = re.compile(rf"{PREFIX}?[1-9]\d{{0,2}}\.\d\d0")


def _next_day(day: str, month: str, year: str) -> str:
    """The day after the month's last, for a day that the month does not have."""
    at = dates.MONTHS.index(month)
    if int(day) < 1 or int(year) < 1 or int(year) > 9998:
        return ""
    return f", such as `1 {dates.MONTHS[(at + 1) % 12]} {int(year) + (at == 11)}`"


@frozen
class PlainValues:
    """Reads what is written out: no name, and nothing that is worked out.

    `begin` is the month and day on which contract years begin; numbered years count from the `service` period.
    """

    problems: Problems
    begin: tuple[int, int] = field(default=(4, 1), kw_only=True)
    service: Period | None = field(default=None, kw_only=True)

    def day(self, word: Word, clause: str = "") -> date | None:
        """A written date, or None after a complaint that there is no such day."""
        try:
            other_day = dates.parse(word.text)
        except ValueError:
            day, month, year = word.text.split(" ")
            last = calendar.monthrange(min(max(int(year), 1), 9999), dates.MONTHS.index(month) + 1)[1]
            self.problems.add(
                "SIB0408",
                f"There is no {word.text}: the month has {last} days.",
                word.span,
                clause=clause,
                mark="no such day",
                help=f"Write `{1 if int(day) < 1 else last} {month} {year}`, or another day that there is{_next_day(day, month, year)}.",
            )
            return None
        if not EARLIEST <= other_day.year <= LATEST:
            self.problems.add(
                "SIB0408",
                f"{word.text} is not a day that a contract can speak of.",
                word.span,
                clause=clause,
                mark="out of range",
                help=f"Write a year from {EARLIEST} to {LATEST}.",
            )
            return None
        return other_day

    def duration(
        self, node: Node, clause: str = "", *, nought: bool = False, business: bool = False
    ) -> Duration | None:
        """A length of time such as `6 weeks`; of no time, and in business days, only where these may stand."""
        number = node.word("INT")
        unit = node.node("duration_unit")
        if number is None or unit is None:
            return None
        count = int(number.text.replace(",", ""))
        if unit.said.startswith("business") and not business:
            self.problems.add(
                "SIB0574",
                "Business days are counted to a due day and to the end of a time for evidence or for an answer, and nowhere else.",
                node.span,
                clause=clause,
                mark="not here",
                help=f"Write a time in days, weeks, months or years, such as `{number.text} days`.",
            )
            return None
        if count == 0 and not nought:
            self.problems.add(
                "SIB0409",
                f"{number.text} {unit.said} is no length of time.",
                node.span,
                clause=clause,
                mark="nought",
                help="Write at least 1, or take out the line.",
            )
            return None
        if count > 9999:
            self.problems.add(
                "SIB0409",
                f"{number.text} {unit.said} is longer than any contract.",
                node.span,
                clause=clause,
                mark="too long",
                help="Write at most 9,999.",
            )
            return None
        return Duration(count, unit.said.removesuffix("s"))  # type: ignore[arg-type] # the units of the grammar

    def plain(self, word: Word) -> Value | None:
        """A written number, amount, share, date or text as a value with its type."""
        if word.kind in ("MONEY", "DECIMAL") and _THOUSANDS.fullmatch(word.text):
            fewer = word.text.rstrip("0").rstrip(".")
            self.problems.add(
                "SIB0409",
                f"{word.text} is {fewer}, with three decimals: thousands are grouped by commas.",
                word.span,
                mark="thousands, or decimals?",
                help=f"Write `{word.text.replace('.', ',')}`; or `{fewer}`, if that is meant.",
            )
            return None
        if word.kind == "MONEY":
            return Value(money.parse(word.text), "money", span=word.span)
        if word.kind in ("INT", "DECIMAL"):
            return Value(money.parse(word.text), "number", span=word.span)
        if word.kind == "PERCENT":
            return Value(money.parse(word.text[:-1]) / 100, "percentage", span=word.span)
        if word.kind == "FRACTION":
            above, below = word.text.split("/")
            if int(below) == 0:
                self.problems.add(
                    "SIB0409",
                    f"{word.text} divides by nought.",
                    word.span,
                    mark="divides by 0",
                    help="Write a fraction such as 5/6.",
                )
                return None
            return Value(Fraction(int(above), int(below)), "number", span=word.span)
        if word.kind == "DATE":
            day = self.day(word)
            return Value(day, "date", span=word.span) if day else None
        if word.kind == "TEXT":
            return Value(word.text[1:-1], "text", span=word.span)
        return None

    def signed(self, part: Part | None) -> Value | None:
        """A plain value in a cell, or one below nought: `minus £50`, which may have a unit. None for anything else."""
        if isinstance(part, Word):
            return self.plain(part)
        if not isinstance(part, Node) or part.kind != "below_nought":
            return None
        value = self.plain(part.words()[0])
        if value is None or not isinstance(value.value, Fraction):
            return None
        unit = part.node("unit")
        kind = value.kind if unit is None or unit.said == "units" else cast("Kind", unit.said)
        return Value(-value.value, kind, span=part.span)

    def period(self, node: Node, clause: str = "") -> Period | None:
        """A named stretch of days: `2016/17`, `2018/19 quarter 1`, `year 2`, `1 April 2016 to 30 June 2016`."""
        ints = [int(word.text.replace(",", "")) for word in node.words("INT")]
        if node.kind == "days_between":
            first, last = (self.day(word, clause) for word in node.words("DATE"))
            if first is None or last is None:
                return None
            if last < first:
                self._ends_first(node.span, first, last, clause)
                return None
            return dates.period(first, last)
        if node.kind in ("contract_year", "quarter_of_year"):
            word = node.words()[0]
            ints = ints[1:] if word.kind == "INT" else ints
            begins_in = contract_years.begins_in(self.problems, word, self.begin, clause)
            if begins_in is None:
                return None
            year = dates.contract_year(begins_in, self.begin)
        elif self.service is not None:
            origin = dates.year_start(self.service.start, self.begin)
            number = ints.pop(0) if node.kind != "quarter_number" else 1
            if not 1 <= number <= LATEST - EARLIEST:
                self.problems.add(
                    "SIB0410",
                    f"Years are counted from 1: there is no year {number} of a contract.",
                    node.span,
                    clause=clause,
                    mark="no such year",
                    help="Write `year 1` for the first contract year.",
                )
                return None
            year = Period(dates.add_months(origin, 12 * (number - 1)), dates.add_months(origin, 12 * number))
        else:
            return None
        if not ints:
            return year
        quarter = ints[0]
        if not 1 <= quarter <= 4:
            self.problems.add(
                "SIB0410",
                f"A year has quarters 1 to 4, not {quarter}.",
                node.span,
                clause=clause,
                mark="no such quarter",
                help="Write a quarter from 1 to 4.",
            )
            return None
        return Period(
            dates.add_months(year.start, 3 * (quarter - 1)), dates.add_months(year.start, 3 * quarter)
        )

    def _ends_first(self, span: Span, first: date, last: date, clause: str) -> None:
        self.problems.add(
            "SIB0411",
            f"This ends on {dates.long(last)}, before it begins on {dates.long(first)}.",
            span,
            clause=clause,
            mark="ends before it begins",
            help="Put the earlier day first.",
        )

    def between(self, first: date | None, last: date | None, span: Span, clause: str = "") -> Period | None:
        """Both days and all between, or None after a complaint."""
        if first is None or last is None:
            return None
        if last < first:
            self._ends_first(span, first, last, clause)
            return None
        return dates.period(first, last)
