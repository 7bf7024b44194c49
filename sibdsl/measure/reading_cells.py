"""Reading cells: the value that a text stands for, and every way in which it can be invalid.

Source: records reference, 'Row statuses' and 'Impossible values'. Numbers are kept as whole billionths, so that they
are integers on every engine.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import floor
from typing import assert_never

from attrs import frozen
from sqlglot import exp

from sibdsl import money
from sibdsl.measure import date_styles, sqltree, written_forms
from sibdsl.measure.looks import PlannedColumn, PlannedTable
from sibdsl.measure.sqltree import Tree
from sibdsl.model.nodes import (
    Band,
    DayNumber,
    DayRange,
    DayWritten,
    MonthWritten,
    NumberWritten,
    PercentageWritten,
    RecordColumn,
    WrittenForm,
    YesNoWritten,
)
from sibdsl.model.types import DOMAINS, NUMERIC, Interval
from sibdsl.plainform import plain

#: How many of the units that numbers are kept in make one.
ONE = 10**9
#: Digits before and after the point that a number may have.
WHOLE_DIGITS, DECIMALS = 18, 9

_NUMBER = f"^-?0*[0-9]{{1,{WHOLE_DIGITS}}}([.][0-9]{{1,{DECIMALS}}})?$"
_LONG_NUMBER = "^-?[0-9]+([.][0-9]+)?$"
_PERCENTAGE = f"^-?0*[0-9]{{1,{WHOLE_DIGITS - 2}}}([.][0-9]{{1,{DECIMALS - 2}}})?%$"
_TOO_LONG = f"a number has at most {WHOLE_DIGITS} digits before the point and {DECIMALS} after it; a spreadsheet's ROUND gives fewer"
_BARE_PERCENTAGE = "^-?[0-9]+([.][0-9]+)?$"


@frozen
class CellFault:
    """One way in which a row is invalid: the test on the row, and the reason that the row is given.

    `cell` is the column that is at fault, None where it is the row. `unread` faults are those of a row that cannot be
    read, and `form` says in which form its cell is read; others are impossible, and were read.
    """

    test: Tree
    reason: Tree
    cell: PlannedColumn | None = None
    unread: bool = False
    form: str = ""


def raw(cell: PlannedColumn, alias: str) -> Tree:
    """The cell's text in the table as it was read."""
    return sqltree.col(alias, f"c{cell.at}")


def person(table: PlannedTable, alias: str) -> Tree:
    """Whose a row is, '' in a table that speaks of nobody."""
    return typed(table.cell(table.person), alias) if table.person else sqltree.text("")


def typed(cell: PlannedColumn, alias: str) -> Tree:
    """The cell's value in the table of sifted rows."""
    return sqltree.col(alias, f"v{cell.at}")


def value(cell: PlannedColumn, alias: str) -> Tree:
    """The value that a cell's text stands for: a date, a number of billionths, or the text; NULL if blank or unreadable."""
    column, text = cell.column, raw(cell, alias)
    plainly = _own_form(column, text)
    if not column.written:
        return plainly
    forms = [_declared(form, text) for form in column.written]
    first = exp.Coalesce(this=forms[0], expressions=forms[1:]) if len(forms) > 1 else forms[0]
    # A cell that has a type was never written.
    typed_cell = sqltree.contains(sqltree.col(alias, "typed"), sqltree.text(f" {cell.at} "))
    return sqltree.case([(typed_cell, plainly)], first)


def in_own_form(cell: PlannedColumn, alias: str) -> Tree:
    """A cell's text as the language writes what it stands for, whatever its form in the file; as it stands where it is nothing."""
    column, text = cell.column, raw(cell, alias)
    if not column.written:
        return text
    held = value(cell, alias)
    if column.kind in NUMERIC:
        share = column.kind == "percentage"
        digits = _digits(sqltree.multiply(held, sqltree.huge(100)) if share else held)
        shown = sqltree.join_text(digits, "%") if share else digits
    else:
        shown = sqltree.cast(held, sqltree.TEXT)
    return exp.Coalesce(this=shown, expressions=[text])


def _digits(billionths: Tree) -> Tree:
    """A number of billionths in plain digits with a point."""
    size = sqltree.call("abs", billionths)
    whole = sqltree.cast(sqltree.divide(size, sqltree.huge(ONE)), sqltree.TEXT)
    rest = sqltree.cast(sqltree.remainder(size, sqltree.huge(ONE)), sqltree.TEXT)
    padded = sqltree.call("lpad", rest, sqltree.whole(DECIMALS), sqltree.text("0"))
    sign = sqltree.case(
        [(sqltree.compare(billionths, "<", sqltree.huge(0)), sqltree.text("-"))], sqltree.text("")
    )
    return sqltree.swapped(sqltree.join_text(sign, whole, ".", padded), "[.]?0*$", "")


def _own_form(column: RecordColumn, text: Tree) -> Tree:
    """The value of a text that is written as the language writes it; NULL if blank or unreadable."""
    if column.kind == "date":
        return date_styles.value(text)
    if column.kind == "percentage":
        digits = sqltree.call("replace", text, sqltree.text("%"), sqltree.text(""))
        return _scaled(text, digits, _PERCENTAGE, DECIMALS - 2)
    if column.kind in NUMERIC:
        return _scaled(text, text, _NUMBER, DECIMALS)
    return sqltree.case([(sqltree.compare(text, ">", sqltree.text("")), text)])


def number(value: object) -> Fraction:
    """The number that a value of the engine stands for: billionths, or one whole number over another."""
    if isinstance(value, dict):
        return Fraction(value["n"], value["d"])
    return Fraction(int(str(value)), ONE)


def _declared(form: WrittenForm, text: Tree) -> Tree:
    """The value of a text that is written in a form that the contract declares; NULL if blank or unreadable."""
    match form:
        case DayWritten() | DayNumber() | MonthWritten():
            return written_forms.day(form, text)
        case NumberWritten() | PercentageWritten(meant="of one"):
            digits = written_forms.number(form, text)
            return _scaled(digits, digits, _NUMBER, DECIMALS)
        case PercentageWritten():
            digits = written_forms.number(form, text)
            return _scaled(sqltree.join_text(digits, "%"), digits, _PERCENTAGE, DECIMALS - 2)
        case YesNoWritten():
            return written_forms.answer(form, text)
    assert_never(form)


def _scaled(text: Tree, digits: Tree, pattern: str, places: int) -> Tree:
    """Digits as a whole number of units, so many places after the point making one; NULL where the text has not the pattern."""
    before = sqltree.call("split_part", digits, sqltree.text("."), sqltree.whole(1))
    after = sqltree.call("split_part", digits, sqltree.text("."), sqltree.whole(2))
    scaled = sqltree.join_text(before, sqltree.call("rpad", after, sqltree.whole(places), sqltree.text("0")))
    return sqltree.case([(sqltree.matches(text, pattern), sqltree.try_cast(scaled, sqltree.HUGE))])


def faults(table: PlannedTable, alias: str) -> list[CellFault]:
    """Every way in which a row of the table can be invalid, first found first told: cells, columns in order, spell.

    The tests and reasons read `alias`, which has both the raw cells and, for the tests, what they stand for.
    """
    found = [
        CellFault(
            sqltree.not_null(sqltree.col(alias, "cells")),
            sqltree.join_text(
                sqltree.cast(sqltree.col(alias, "cells"), sqltree.TEXT),
                " cells in the row, ",
                sqltree.cast(sqltree.col(alias, "wanted"), sqltree.TEXT),
                " in the heading row",
            ),
            unread=True,
            form="one cell for each heading",
        )
    ]
    for cell in table.read:
        if cell.column.formula is not None:
            continue
        found.extend(_column_faults(cell, alias))
    if table.spell is not None:
        start, end = table.cell(table.spell.start), table.cell(table.spell.end)
        own = [raw(end, alias), ", before "] if end.column.formula is None else ["worked out to lie before "]
        found.append(
            CellFault(
                sqltree.compare(typed(end, alias), "<", typed(start, alias)),
                sqltree.join_text(f"{end.name} is ", *own, f"{start.name}, which is ", raw(start, alias)),
            )
        )
    return found


def _column_faults(cell: PlannedColumn, alias: str) -> Iterator[CellFault]:
    column = cell.column
    text = raw(cell, alias)
    blank = sqltree.eq(text, sqltree.text(""))
    unread = sqltree.both([sqltree.compare(text, ">", sqltree.text("")), sqltree.is_null(typed(cell, alias))])
    if not column.blank_allowed:
        yield CellFault(blank, sqltree.text(f"{column.name} is blank"), cell, unread=True, form=form(column))
    if column.written:
        why = written_forms.reason(column.written, text, _TOO_LONG)
        yield CellFault(unread, _says(cell, alias, why), cell, unread=True, form=form(column))
        yield from _range_faults(cell, alias) if column.kind in NUMERIC else ()
    elif column.kind == "date":
        reason = _says(cell, alias, date_styles.reason(text))
        yield CellFault(unread, reason, cell, unread=True, form=form(column))
    elif column.kind in NUMERIC:
        reason = _says(cell, alias, _number_reason(column, text))
        yield CellFault(unread, reason, cell, unread=True, form=form(column))
        yield from _range_faults(cell, alias)
    elif column.kind == "yes or no":
        reason = _says(cell, alias, sqltree.text("write yes or no"))
        yield CellFault(_not_one_of(text, ("yes", "no")), reason, cell, unread=True, form=form(column))
    elif column.kind == "category" and column.categories:
        listed = _listed(column.categories)
        reason = _says(cell, alias, sqltree.text(f"it must be {listed}"))
        yield CellFault(_not_one_of(text, column.categories), reason, cell, unread=True, form=form(column))


def form(column: RecordColumn) -> str:
    """In which form the cells of a column are read, in words."""
    if column.written:
        return written_forms.said(column.written)
    if column.kind == "date":
        return "a date such as 2018-05-31"
    if column.kind == "percentage":
        return "a percentage with its sign, such as 12.5%"
    if column.kind in NUMERIC:
        return "a number in plain digits, such as 12.5"
    if column.kind == "yes or no":
        return "yes or no"
    if column.kind == "category" and column.categories:
        return _listed(column.categories)
    return "a text that is not blank"


def _says(cell: PlannedColumn, alias: str, what: Tree) -> Tree:
    return sqltree.join_text(f"{cell.name} is ", sqltree.words(raw(cell, alias)), ": ", what)


def _listed(options: tuple[str, ...]) -> str:
    return options[0] if len(options) == 1 else f"one of {', '.join(options)}"


def _not_one_of(text: Tree, options: tuple[str, ...]) -> Tree:
    allowed = [sqltree.eq(text, sqltree.text(plain(option))) for option in ("", *options)]
    return sqltree.negate(sqltree.either(allowed))


def _number_reason(column: RecordColumn, text: Tree) -> Tree:
    if column.kind == "percentage":
        return sqltree.case(
            [
                (
                    sqltree.matches(text, _BARE_PERCENTAGE),
                    sqltree.text(
                        "write a percentage with its sign, such as 50%, or say under `written` what it is"
                    ),
                )
            ],
            sqltree.text("write a percentage in plain digits with its sign, such as 12.5%"),
        )
    return sqltree.case(
        [
            (
                sqltree.matches(text, _LONG_NUMBER),
                sqltree.text(_TOO_LONG),
            )
        ],
        sqltree.text("write a number in plain digits, such as 12.5"),
    )


def _range_faults(cell: PlannedColumn, alias: str) -> Iterator[CellFault]:
    column = cell.column
    if column.kind == "count":
        fraction = sqltree.negate(
            sqltree.eq(sqltree.remainder(typed(cell, alias), sqltree.huge(ONE)), sqltree.huge(0))
        )
        yield CellFault(fraction, _says(cell, alias, sqltree.text("it must be a whole number")))
    allowed = DOMAINS.get(column.kind, Interval()).meet(column.allowed)
    if allowed.low is not None:
        bound = "at least" if allowed.low_in else "more than"
        yield CellFault(
            below(typed(cell, alias), allowed.low, itself=not allowed.low_in),
            _says(cell, alias, sqltree.text(f"it must be {bound} {_shown(column, allowed.low)}")),
        )
    if allowed.high is not None:
        bound = "at most" if allowed.high_in else "less than"
        yield CellFault(
            above(typed(cell, alias), allowed.high, itself=not allowed.high_in),
            _says(cell, alias, sqltree.text(f"it must be {bound} {_shown(column, allowed.high)}")),
        )


def _shown(column: RecordColumn, bound: Fraction) -> str:
    return f"{money.number(bound * 100)}%" if column.kind == "percentage" else money.number(bound)


def below(billionths: Tree, bound: Fraction, *, itself: bool) -> Tree:
    """Whether a number of billionths lies below a bound, or at it if `itself`."""
    scaled = bound * ONE
    if scaled.denominator == 1:
        return sqltree.compare(billionths, "<=" if itself else "<", sqltree.huge(int(scaled)))
    return sqltree.compare(billionths, "<=", sqltree.huge(floor(scaled)))


def above(billionths: Tree, bound: Fraction, *, itself: bool) -> Tree:
    """Whether a number of billionths lies above a bound, or at it if `itself`."""
    return sqltree.negate(below(billionths, bound, itself=not itself))


def held(cell: PlannedColumn, alias: str, band: Band) -> Tree:
    """Whether a band holds the value of a column: a number, a day, or a word. One with the rest holds any that is there."""
    measured = typed(cell, alias)
    if band.days is not None:
        return _on_days(measured, band.days)
    if band.rest:
        return sqltree.not_null(measured)
    if band.words:
        return sqltree.either(sqltree.eq(measured, sqltree.text(plain(word))) for word in band.words)
    if cell.in_parts:
        return _ratio_inside(measured, band.holds)
    return inside(measured, band.holds)


def _on_days(day: Tree, days: DayRange) -> Tree:
    """Whether a date lies in a stretch of days."""
    ends = ((days.first, ">="), (days.last, "<="))
    tests = [sqltree.compare(day, op, sqltree.day(end)) for end, op in ends if end is not None]
    return sqltree.both(tests or [sqltree.not_null(day)])


def _ratio_inside(ratio: Tree, interval: Interval) -> Tree:
    """Whether one whole number over another lies in the interval."""
    top, over = sqltree.top_of(ratio), sqltree.over_of(ratio)
    tests: list[Tree] = []
    for bound, itself, op in ((interval.low, interval.low_in, ">"), (interval.high, interval.high_in, "<")):
        if bound is not None:
            mine = sqltree.multiply(top, sqltree.huge(bound.denominator))
            other = sqltree.multiply(over, sqltree.huge(bound.numerator))
            tests.append(sqltree.compare(mine, f"{op}=" if itself else op, other))
    return sqltree.both(tests or [sqltree.not_null(ratio)])


def inside(billionths: Tree, interval: Interval) -> Tree:
    """Whether a number of billionths lies in the interval."""
    tests: list[Tree] = []
    if interval.low is not None:
        tests.append(above(billionths, interval.low, itself=interval.low_in))
    if interval.high is not None:
        tests.append(below(billionths, interval.high, itself=interval.high_in))
    return sqltree.both(tests or [sqltree.not_null(billionths)])
