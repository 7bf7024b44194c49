"""In which forms the cells are written that could not be read: what to put under `written`, where that would read them.

Nothing is read by it. Where cells could be read in two ways that mean different things, both are named.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import assert_never

from attrs import evolve, frozen

from sibdsl.currencies import CURRENCIES
from sibdsl.measure import reading_cells, sqltree, written_forms
from sibdsl.measure.engines import Engine
from sibdsl.measure.looks import PlannedColumn, PlannedTable
from sibdsl.measure.sqltree import Tree
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
from sibdsl.model.types import MONEY, NUMERIC

#: So many different cells are looked at, the first by their text.
_MOST = 1_000
_SHOWN = 3
_ORDERS: tuple[DateOrder, ...] = ("day month year", "month day year", "year month day")
_MONTH_ORDERS: tuple[MonthOrder, ...] = ("month year", "year month")
_BETWEEN: tuple[Between, ...] = ("/", ".", "-", " ", "")
_GROUPINGS: tuple[Grouping, ...] = ("", ",", ".", " ", "'")
#: Words that are likely to be those for yes.
_YES = ("y", "yes", "true", "1", "j", "ja", "o", "oui", "s", "si", "t")


def advice(engine: Engine, table: PlannedTable, cell: PlannedColumn, currency: str) -> str:
    """A sentence that says what to write under `written` for a column; '' where no form reads all that could not be read."""
    found = suggested(engine, table, cell, currency)
    if not found:
        return ""
    which = ", whichever is meant," if len(found) > 1 else ""
    return (
        f"Or, if the file is to stay as it is, write `{'` or `'.join(found)}`{which} under `written` for "
        f"{cell.name} in the records block."
    )


def suggested(engine: Engine, table: PlannedTable, cell: PlannedColumn, currency: str) -> tuple[str, ...]:
    """Cells for the heading `written`, each of which would read every cell of the column that cannot be read now."""
    texts = _unread(engine, table, cell)
    if not texts:
        return ()
    if cell.column.kind == "yes or no":
        return _two_words(texts)
    forms = [made for made in candidates(cell, currency) if might_read(made.form, texts[0])]
    if not forms:
        return ()
    kept = {text: form for form, text in _reading_all(engine, texts, forms)}
    first: dict[str, str] = {}
    for text, form in kept.items():
        first.setdefault(_meaning(form), text)
    found = list(first.values())
    return tuple(found) if len(found) <= _SHOWN else ()


def _unread(engine: Engine, table: PlannedTable, cell: PlannedColumn) -> list[str]:
    text = reading_cells.raw(cell, "r")
    unread = sqltree.both(
        [sqltree.compare(text, ">", sqltree.text("")), sqltree.is_null(reading_cells.value(cell, "r"))]
    )
    if cell.column.kind == "yes or no":
        words = [sqltree.eq(text, sqltree.text(word)) for word in ("", "yes", "no")]
        unread = sqltree.negate(sqltree.either(words))
    query = sqltree.query(
        [text],
        sqltree.table(f"raw_{table.at}", "r"),
        where=unread,
        group=[text],
        order=[sqltree.ordered(text)],
    )
    return [str(row[0]) for row in engine.fetch(query.limit(_MOST, copy=False))]


def _two_words(texts: list[str]) -> tuple[str, ...]:
    if len(texts) != 2:
        return ()
    likely = sorted(texts, key=lambda text: text.casefold() not in _YES)
    told = f'"{likely[0]}", "{likely[1]}"'
    if likely[0].casefold() in _YES and likely[1].casefold() not in _YES:
        return (told,)
    return (told, f'"{likely[1]}", "{likely[0]}"')


@frozen
class _Candidate:
    """A form, and what would declare it."""

    form: WrittenForm
    text: str


def candidates(cell: PlannedColumn, currency: str) -> Iterator[_Candidate]:
    """The forms of a kind of value, the simplest first."""
    kind = cell.column.kind
    if kind == "date":
        for order, between, named, digits in product(_ORDERS, _BETWEEN, (False, True), (4, 2)):
            day = DayWritten(order, between, named, 4 if digits == 4 else 2)
            yield _Candidate(day, f'"{day.example}"')
            yield _Candidate(evolve(day, timed=True), f'"{evolve(day, timed=True).example}"')
        yield _Candidate(DayNumber(), f'"{DayNumber().example}"')
        for month_order, between, named, digits in product(_MONTH_ORDERS, _BETWEEN, (False, True), (4, 2)):
            month = MonthWritten(month_order, between, "first", named, 4 if digits == 4 else 2)
            yield _Candidate(month, f'"{month.example}", the first day')
            yield _Candidate(evolve(month, day="last"), f'"{month.example}", the last day')
    elif kind == "percentage":
        for decimal, meant in product((".", ","), ("signed", "of a hundred", "of one")):
            share = PercentageWritten(
                "." if decimal == "." else ",",
                "signed" if meant == "signed" else "of one" if meant == "of one" else "of a hundred",
            )
            yield _Candidate(share, f'"{share.example}"')
    elif kind in NUMERIC:
        listed = CURRENCIES.get(currency)
        signs = [sign for sign in (listed.sign, listed.code) if sign] if listed and kind in MONEY else []
        for decimal, grouping, sign in product((".", ","), _GROUPINGS, ("", *signs)):
            if grouping != decimal:
                for after in (False, True) if sign else (False,):
                    number = NumberWritten("." if decimal == "." else ",", grouping, sign, after)
                    yield _Candidate(number, f'"{number.example}"')


def might_read(form: WrittenForm, text: str) -> bool:
    """Whether the marks in a text are those of a date's form: of many forms few are then put to the engine, which decides."""
    match form:
        case DayWritten(timed=timed):
            letters = any(mark.isalpha() for mark in text)
            return form.between in text and timed == (":" in text) and (timed or form.named == letters)
        case MonthWritten():
            return form.between in text and form.named == any(mark.isalpha() for mark in text)
        case DayNumber() | NumberWritten() | PercentageWritten() | YesNoWritten():
            return True
    assert_never(form)


def _reading_all(
    engine: Engine, texts: list[str], candidates: list[_Candidate]
) -> Iterator[tuple[WrittenForm, str]]:
    """The candidates under which every text stands for a value."""
    text = sqltree.col("t", "text")
    counted = [
        sqltree.total(
            sqltree.case(
                [(sqltree.not_null(_read(candidate.form, text)), sqltree.whole(1))], sqltree.whole(0)
            )
        )
        for candidate in candidates
    ]
    row = engine.fetch(sqltree.query(counted, sqltree.listed(texts, "t", "text")))[0]
    for candidate, number in zip(candidates, row, strict=True):
        if int(number) == len(texts):
            yield candidate.form, candidate.text


def _read(form: WrittenForm, text: Tree) -> Tree:
    match form:
        case DayWritten() | DayNumber() | MonthWritten():
            return written_forms.day(form, text)
        case NumberWritten() | PercentageWritten():
            return written_forms.number(form, text)
        case YesNoWritten():
            return written_forms.answer(form, text)
    assert_never(form)


def _meaning(form: WrittenForm) -> str:
    """What tells forms apart that read one text as two things."""
    match form:
        case DayWritten(order=order):
            return order
        case DayNumber():
            return "day number"
        case MonthWritten(order=order, day=day):
            return f"{order} {day}"
        case NumberWritten(decimal=decimal):
            return decimal
        case PercentageWritten(decimal=decimal, meant=meant):
            return f"{decimal} {meant}"
        case YesNoWritten():
            return ""
    assert_never(form)
