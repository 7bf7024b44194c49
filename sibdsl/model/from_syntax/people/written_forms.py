"""How the cells of a column are written: the form that an example in quotes stands for, and forms that cannot stand together.

An example is always that of one value, so that it can mean one form only: 31 December 2018, 1234.5, 12.5%.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import assert_never

from attrs import frozen

from sibdsl.currencies import CURRENCIES
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.table_cells import Cell
from sibdsl.model.from_syntax.value_kinds import SAID
from sibdsl.model.nodes import (
    DayNumber,
    DayWritten,
    MonthWritten,
    NumberWritten,
    PercentageWritten,
    WrittenForm,
    YesNoWritten,
)
from sibdsl.model.nodes.written_forms import Between, DateOrder, Grouping, MonthOrder
from sibdsl.model.types import MONEY, NUMERIC, Kind
from sibdsl.plainform import plain
from sibdsl.source import Span
from sibdsl.syntax import Node

_ORDERS: tuple[DateOrder, ...] = ("day month year", "month day year", "year month day")
_MONTH_ORDERS: tuple[MonthOrder, ...] = ("month year", "year month")
_BETWEEN: tuple[Between, ...] = ("/", ".", "-", " ", "")
_GROUPINGS: tuple[Grouping, ...] = ("", ",", ".", " ", "'")
_TIMES = (" 00:00", " 0:00", " 00:00:00", " 0:00:00", "T00:00", "T00:00:00", " 00:00:00.000", "T00:00:00.000")
#: Letters that stand for the parts of a date, by what the example has in their place.
_LETTERS = (
    ("yyyy", "2018"),
    ("mmmm", "December"),
    ("mmm", "Dec"),
    ("dd", "31"),
    ("mm", "12"),
    ("yy", "18"),
    ("d", "31"),
    ("m", "12"),
)


@frozen
class _Written:
    """One form as the cell has it: its texts, which day of a month, and where it stands."""

    texts: tuple[str, ...]
    day: str
    span: Span


def written(
    reader: Reader, cell: Cell | None, kind: Kind, column: str, clause: str
) -> tuple[WrittenForm, ...]:
    """The forms that the cell under `written` declares; none for `none`, and after a complaint (SIB0460)."""
    if cell is None or cell.word == "none":
        return ()
    parts = _parts(cell)
    if not parts:
        _refuse(
            reader,
            cell.span,
            "This does not say how the cells are written.",
            "no example in quotes",
            f"{_asked(reader, kind)} Write `none` where they are written as the language writes them.",
            clause,
        )
        return ()
    if kind not in NUMERIC and kind not in ("date", "yes or no"):
        _refuse(
            reader,
            cell.span,
            f"{column} holds {SAID[kind]}, which is read as it stands.",
            "needs no form",
            "Write `none`. Dates, numbers, and yes or no have forms.",
            clause,
        )
        return ()
    forms: list[WrittenForm] = []
    for part in parts:
        form = _form(reader, part, kind, clause)
        if form is None:
            return ()
        other = next((before for before in forms if readable_as_both(before, form)), None)
        if other is not None:
            same = other == form
            _refuse(
                reader,
                part.span,
                f"The form {form.example} stands twice."
                if same
                else f"A cell could be read both as {other.example} and as {form.example}, and mean two things.",
                "again" if same else "not told apart",
                "Keep one of the two."
                if same
                else "Keep the one in which the file is written, or have two columns, one for each.",
                clause,
            )
            return ()
        forms.append(form)
    return tuple(forms)


def _parts(cell: Cell) -> list[_Written]:
    """The forms of a cell: one, or several with `or` between them."""
    nodes = cell.node.nodes("written_so") or [cell.node]
    found: list[_Written] = []
    for node in nodes:
        texts = tuple(plain(word.text[1:-1]) for word in node.words("TEXT"))
        day = next((part.said.split(" ")[1] for part in node.nodes("day_of_month")), "")
        if not texts or any(isinstance(part, Node) and part.kind not in _LEAVES for part in node.children):
            return []
        found.append(_Written(texts, day, node.span if node.span.line else cell.span))
    return found


_LEAVES = ("written_so", "day_of_month")


def _form(reader: Reader, part: _Written, kind: Kind, clause: str) -> WrittenForm | None:
    """The form that an example stands for; None after a complaint."""
    form = (
        _yes_or_no(part)
        if kind == "yes or no"
        else None
        if len(part.texts) != 1
        else _dated(part)
        if kind == "date"
        else None
        if part.day
        else known_forms(kind, reader.currency).get(part.texts[0])
    )
    if form is None:
        said, mark, help_ = _unknown(reader, part, kind)
        _refuse(reader, part.span, said, mark, help_, clause)
    return form


def _yes_or_no(part: _Written) -> WrittenForm | None:
    if len(part.texts) != 2 or part.day or not all(part.texts) or part.texts[0] == part.texts[1]:
        return None
    return YesNoWritten(*part.texts)


def _dated(part: _Written) -> WrittenForm | None:
    text = part.texts[0]
    if part.day:
        return known_months(part.day).get(text)
    return known_forms("date").get(text)


def _unknown(reader: Reader, part: _Written, kind: Kind) -> tuple[str, str, str]:
    """What is said of an example that stands for no form, the mark, and the way out."""
    text = part.texts[0]
    if kind == "date" and len(part.texts) == 1:
        if not part.day and text in known_months("first"):
            return (
                "A month has many days, and this does not say which is meant.",
                "which day of the month?",
                f'Write `"{text}", the first day` or `"{text}", the last day`.',
            )
        if part.day and text in known_forms("date"):
            return (
                "This is the form of a day, so there is no other day to choose.",
                "a day already",
                f'Write `"{text}"`.',
            )
        meant = _from_letters(text)
        if meant in known_forms("date"):
            return "The form is shown by an example.", "letters, not an example", f'Write `"{meant}"`.'
    return "This is no example of a form that can be read.", "not a form", _asked(reader, kind)


def _from_letters(text: str) -> str:
    """`DD/MM/YYYY` as the example that it means."""
    found = text.casefold()
    for letters, example in _LETTERS:
        found = re.sub(rf"(?<![a-z]){letters}(?![a-z])", example, found)
    return found


def _asked(reader: Reader, kind: Kind) -> str:
    """What to write for a column of that kind."""
    if kind == "date":
        return (
            'Write how 31 December 2018 is written in the file, such as "31/12/2018", "31-Dec-2018", or "43465" for a '
            'spreadsheet\'s day number; or December 2018 and which day of it, such as `"12/2018", the last day`.'
        )
    if kind == "yes or no":
        return 'Write the word for yes, then another for no, such as "Y", "N".'
    if kind == "percentage":
        return 'Write how 12.5% is written in the file, such as "12,5%", "12.5" or "0.125".'
    if kind in NUMERIC:
        sign = CURRENCIES[reader.currency].prefix if reader.currency in CURRENCIES else ""
        example = f'"{sign}1,234.50"' if kind in MONEY else '"1,234.5"'
        whole = ', or 1234, such as "1,234"' if kind == "count" else ""
        return f'Write how 1234.5 is written in the file, such as "1.234,5" or {example}{whole}.'
    return "Only dates, numbers, and yes or no have forms."


def _refuse(reader: Reader, span: Span, said: str, mark: str, help_: str, clause: str) -> None:
    reader.problems.add("SIB0460", said, span, clause=clause, mark=mark, help=help_)


# ------------------------------------------------------------------ every form, by its examples


@cache
def known_forms(kind: Kind, currency: str = "GBP") -> dict[str, WrittenForm]:
    """Every form of a kind of value, by each text that is an example of it. Months stand apart, in `known_months`."""
    if kind == "date":
        return dict(_days())
    return dict(_percentages() if kind == "percentage" else _numbers(kind, currency))


@cache
def known_months(day: str) -> dict[str, WrittenForm]:
    """Every form of a month of which the `first` or the `last` day is meant, by its examples."""
    found: dict[str, WrittenForm] = {}
    for order, between, named, digits in product(_MONTH_ORDERS, _BETWEEN, (False, True), (4, 2)):
        form = MonthWritten(
            order, between, "last" if day == "last" else "first", named, 4 if digits == 4 else 2
        )
        for example in _with_names(form.example, named=named):
            found.setdefault(example, form)
    return found


def _days() -> Iterator[tuple[str, WrittenForm]]:
    for since in (DayNumber(), DayNumber(1904)):
        yield since.example, since
    for order, between, named, digits in product(_ORDERS, _BETWEEN, (False, True), (4, 2)):
        bare = DayWritten(order, between, named, 4 if digits == 4 else 2)
        timed = DayWritten(order, between, named, 4 if digits == 4 else 2, timed=True)
        for example in _with_names(bare.example, named=named):
            for spelt in (example, _with_comma(example) if order == "month day year" else example):
                yield spelt, bare
                yield from ((f"{spelt}{time}", timed) for time in _TIMES)


def _with_names(example: str, *, named: bool) -> tuple[str, ...]:
    return (example, example.replace("Dec", "December")) if named else (example,)


def _with_comma(example: str) -> str:
    """`Dec 31, 2018`."""
    return re.sub(" 31 ", " 31, ", example)


def _numbers(kind: Kind, currency: str) -> Iterator[tuple[str, WrittenForm]]:
    signs = [""]
    if kind in MONEY and currency in CURRENCIES:
        listed = CURRENCIES[currency]
        signs += [sign for sign in (listed.sign, listed.code) if sign]
    for decimal, grouping, sign in product((".", ","), _GROUPINGS, signs):
        if grouping == decimal:
            continue
        mark: Grouping = grouping
        point = "." if decimal == "." else ","
        for after in (False, True) if sign else (False,):
            form = NumberWritten("." if point == "." else ",", mark, sign, after)
            yield from ((text, form) for text in _signed(f"1{mark}234{point}5", sign, after=after))
            yield from ((text, form) for text in _signed(f"1{mark}234{point}50", sign, after=after))
    if kind == "count":
        yield "1234", NumberWritten(".", whole=True)
        yield "1,234", NumberWritten(".", ",", whole=True)
        yield "1.234", NumberWritten(",", ".", whole=True)
        yield "1 234", NumberWritten(".", " ", whole=True)
        yield "1'234", NumberWritten(".", "'", whole=True)


def _signed(figures: str, sign: str, *, after: bool) -> tuple[str, ...]:
    if not sign:
        return (figures,)
    return tuple(f"{figures}{gap}{sign}" if after else f"{sign}{gap}{figures}" for gap in ("", " "))


def _percentages() -> Iterator[tuple[str, WrittenForm]]:
    for mark in (".", ","):
        decimal = "." if mark == "." else ","
        yield f"12{mark}5%", PercentageWritten("." if decimal == "." else ",", "signed")
        yield f"12{mark}5 %", PercentageWritten("." if decimal == "." else ",", "signed")
        yield f"12{mark}5", PercentageWritten("." if decimal == "." else ",", "of a hundred")
        yield f"0{mark}125", PercentageWritten("." if decimal == "." else ",", "of one")


# ------------------------------------------------------------------ forms that cannot stand together


def readable_as_both(one: WrittenForm, other: WrittenForm) -> bool:
    """Whether some text can be read under both forms and mean two things; two forms that are one are taken for that too."""
    if one == other:
        return True
    match one, other:
        case DayWritten(), DayWritten():
            return _two_days(one, other)
        case MonthWritten(), MonthWritten():
            return _two_months(one, other)
        case DayNumber(), DayNumber():
            return True
        case (DayNumber(), DayWritten() | MonthWritten()) | (DayWritten() | MonthWritten(), DayNumber()):
            by_parts = other if isinstance(one, DayNumber) else one
            assert isinstance(by_parts, DayWritten | MonthWritten)  # noqa: S101 - one of the two is a number
            return _like_a_number(by_parts)
        case (DayWritten(), MonthWritten()) | (MonthWritten(), DayWritten()):
            return _day_and_month(one, other)
        case NumberWritten(), NumberWritten():
            return one.grouping == other.decimal or other.grouping == one.decimal
        case PercentageWritten(), PercentageWritten():
            return "signed" not in (one.meant, other.meant) and one.meant != other.meant
        case YesNoWritten(), YesNoWritten():
            return one.yes == other.no or one.no == other.yes
    return False


def _digits(form: WrittenForm) -> int:
    """How many digits a form has that is digits and nothing else; 0 where it is not."""
    match form:
        case DayWritten(between="", named=False, year_digits=year):
            return year + 4
        case MonthWritten(between="", named=False, year_digits=year):
            return year + 2
        case (
            DayWritten()
            | MonthWritten()
            | DayNumber()
            | NumberWritten()
            | PercentageWritten()
            | YesNoWritten()
        ):
            return 0
    assert_never(form)


def _like_a_number(form: DayWritten | MonthWritten) -> bool:
    """Whether its texts could be day numbers: digits alone, at most seven, or two lots of them with a point between."""
    pointed = isinstance(form, MonthWritten) and form.between == "." and not form.named
    return pointed or 0 < _digits(form) <= 7


def _day_and_month(one: WrittenForm, other: WrittenForm) -> bool:
    """Without anything between the parts: as many digits, or as many of them after a month's name, `Dec3118`."""
    lengths = [_digits(form) for form in (one, other)]
    return (0 not in lengths and lengths[0] == lengths[1]) or {
        _four_after_name(one),
        _four_after_name(other),
    } == {
        "day",
        "month",
    }


def _four_after_name(form: WrittenForm) -> str:
    match form:
        case DayWritten("month day year", "", True, 2):
            return "day"
        case MonthWritten(order="month year", between="", named=True, year_digits=4):
            return "month"
    return ""


def _two_days(one: DayWritten, other: DayWritten) -> bool:
    if _digits(one) and _digits(other):
        return _digits(one) == _digits(other) and one.order != other.order
    alike = (one.between, one.named, one.year_digits) == (other.between, other.named, other.year_digits)
    if not alike or one.order == other.order:
        return False
    orders = {one.order, other.order}
    if one.named:
        # A name stands first, or in the middle: then the days and the years of two digits are like each other.
        return one.year_digits == 2 and "month day year" not in orders
    return one.year_digits == 2 or "year month day" not in orders


def _two_months(one: MonthWritten, other: MonthWritten) -> bool:
    if _digits(one) and _digits(other):
        return _digits(one) == _digits(other)
    alike = (one.between, one.named, one.year_digits) == (other.between, other.named, other.year_digits)
    if not alike:
        return False
    return one.order == other.order or (not one.named and one.year_digits == 2)
