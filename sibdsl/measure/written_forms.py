"""Cells written in a form that the contract declares: what each stands for, and what is said of one that is not in it.

Source: language reference, 'How cells are written'. A text is brought to the language's own form, or is in no form.
"""

from __future__ import annotations

import re
from datetime import date
from typing import assert_never

from sqlglot import exp

from sibdsl.dates import MONTHS
from sibdsl.measure import sqldates, sqltree
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
from sibdsl.plainform import plain

_NAMES = (
    "(?i:"
    + "|".join(sorted((*MONTHS, *(month[:3] for month in MONTHS), "Sept"), key=len, reverse=True))
    + ")"
)
_TIME = "([T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?)?"
#: Two digits of a year: from these on they are of the nineteen hundreds.
_OLD = "50"
#: The last day of the year 9999 as a spreadsheet numbers it, and the day before its first; by the first year of its calendar.
_LAST = {1900: 2_958_465, 1904: 2_957_003}
#: The number that such a calendar has for 29 February 1900.
_NO_DAY = 60


def pattern(form: WrittenForm) -> str:
    """The regular expression of the texts that are in a form, with a group for each of its parts."""
    match form:
        case DayWritten(order=order, between=between, timed=timed):
            parts = [_part(part, form) for part in order.split(" ")]
            # `Dec 31, 2018` has a comma.
            marks = [_literal(between)] * 2
            if order == "month day year" and between == " ":
                marks[1] = ",? "
            return f"^{parts[0]}{marks[0]}{parts[1]}{marks[1]}{parts[2]}{_TIME if timed else ''}$"
        case MonthWritten(order=order, between=between):
            return f"^{_literal(between).join(_part(part, form) for part in order.split(' '))}$"
        case DayNumber():
            return "^([0-9]{1,7})([.][0-9]+)?$"
        case NumberWritten(sign=sign, sign_after=after):
            figures = _figures(form)
            if not sign:
                return f"^-?{figures}$"
            mark = f"({_literal(sign)})?"
            return f"^-?{figures} ?{mark}$" if after else f"^(-?{mark} ?|{_literal(sign)} ?-){figures}$"
        case PercentageWritten(decimal=decimal, meant=meant):
            return f"^-?[0-9]+([{decimal}][0-9]+)?{' ?%' if meant == 'signed' else ''}$"
        case YesNoWritten(yes=yes, no=no):
            return f"^({_literal(plain(yes))}|{_literal(plain(no))})$"
    assert_never(form)


def _literal(text: str) -> str:
    """A text as a pattern of itself: a space is not escaped, which the engine would take for a mistake."""
    return re.escape(text).replace("\\ ", " ")


def _figures(form: NumberWritten) -> str:
    whole = "[0-9]+"
    if form.grouping:
        whole = f"([0-9]+|[0-9]{{1,3}}([{form.grouping}][0-9]{{3}})+)"
    return f"{whole}([{form.decimal}][0-9]+)?"


def _part(part: str, form: DayWritten | MonthWritten) -> str:
    """One part of a day. Without anything between the parts, each has all its digits."""
    digits = "{2}" if form.between == "" else "{1,2}"
    if part == "year":
        return f"([0-9]{{{form.year_digits}}})"
    return f"({_NAMES})" if part == "month" and form.named else f"([0-9]{digits})"


def day(form: DayWritten | MonthWritten | DayNumber, text: Tree) -> Tree:
    """The day that a text in a form stands for; NULL where it is in no form, or there is no such day."""
    match form:
        case DayNumber(since=since):
            return sqltree.case([(sqltree.matches(text, pattern(form)), _numbered(since, text))])
        case DayWritten(order=order):
            return sqltree.case([(sqltree.matches(text, pattern(form)), _of_parts(form, order, text, "day"))])
        case MonthWritten(order=order, day=which):
            first = _of_parts(form, order, text, "")
            if which == "last":
                first = sqldates.later(sqldates.later(first, 1, "MONTH"), -1, "DAY")
            return sqltree.case([(sqltree.matches(text, pattern(form)), first)])
    assert_never(form)


def _numbered(since: int, text: Tree) -> Tree:
    number = sqltree.cast(sqltree.call("split_part", text, sqltree.text("."), sqltree.whole(1)), sqltree.INT)

    def after(start: date) -> Tree:
        return exp.Add(this=sqltree.day(start), expression=sqltree.paren(number))

    last = sqltree.compare(number, "<=", sqltree.whole(_LAST[since]))
    if since == 1904:
        return sqltree.case([(last, after(date(1904, 1, 1)))])
    early = sqltree.both(
        [
            sqltree.compare(number, ">=", sqltree.whole(1)),
            sqltree.compare(number, "<", sqltree.whole(_NO_DAY)),
        ]
    )
    late = sqltree.both([sqltree.compare(number, ">", sqltree.whole(_NO_DAY)), last])
    return sqltree.case([(early, after(date(1899, 12, 31))), (late, after(date(1899, 12, 30)))])


def _of_parts(form: DayWritten | MonthWritten, order: str, text: Tree, of: str) -> Tree:
    """The day of the parts that stand in a text in their order; the first of the month where no part is the day."""
    places = {part: at for at, part in enumerate(order.split(" "), start=1)}

    def group(part: str) -> Tree:
        return exp.Anonymous(
            this="regexp_extract",
            expressions=[text, sqltree.text(pattern(form)), sqltree.whole(places[part])],
        )

    year, month = group("year"), group("month")
    if form.year_digits == 2:
        old = sqltree.compare(year, ">=", sqltree.text(_OLD))
        year = sqltree.join_text(sqltree.case([(old, sqltree.text("19"))], sqltree.text("20")), year)
    if form.named:
        short = sqltree.call("lower", sqltree.call("left", month, sqltree.whole(3)))
        month = sqltree.case(
            (sqltree.eq(short, sqltree.text(name[:3].lower())), sqltree.text(f"{at:02}"))
            for at, name in enumerate(MONTHS, start=1)
        )
    date_text = sqltree.join_text(year, "-", month, "-", group(of) if of else sqltree.text("01"))
    there = sqltree.compare(year, ">=", sqltree.text("0001"))
    return sqltree.case([(there, sqltree.try_cast(date_text, sqltree.DATE))])


def number(form: NumberWritten | PercentageWritten, text: Tree) -> Tree:
    """A text in a form as the language writes the number, without the sign of a percentage; NULL where it is in no form."""
    match form:
        case NumberWritten(decimal=decimal, grouping=grouping, sign=sign):
            taken = [mark for mark in (sign, grouping, " ") if mark]
        case PercentageWritten(decimal=decimal):
            taken = ["%", " "]
        case _:
            assert_never(form)
    digits = text
    for mark in taken:
        digits = sqltree.call("replace", digits, sqltree.text(mark), sqltree.text(""))
    if decimal == ",":
        digits = sqltree.call("replace", digits, sqltree.text(","), sqltree.text("."))
    return sqltree.case([(sqltree.matches(text, pattern(form)), digits)])


def answer(form: YesNoWritten, text: Tree) -> Tree:
    """`yes` or `no` for a text that is one of the two words; NULL for others."""
    words = ((form.yes, "yes"), (form.no, "no"))
    return sqltree.case(
        (sqltree.eq(text, sqltree.text(plain(word))), sqltree.text(meant)) for word, meant in words
    )


# ------------------------------------------------------------------ what is said


def said(forms: tuple[WrittenForm, ...]) -> str:
    """In which form the cells of a column are read, in words."""
    one = forms[0]
    listed = " or ".join(form.example for form in forms)
    match one:
        case DayNumber() if len(forms) == 1:
            return f"a spreadsheet's day number such as {listed}"
        case MonthWritten():
            return f"a month written like {listed}"
        case DayWritten() | DayNumber():
            return f"a date written like {listed}"
        case NumberWritten():
            return f"a number written like {listed}"
        case PercentageWritten():
            return f"a percentage written like {listed}"
        case YesNoWritten():
            return listed
    assert_never(one)


def reason(forms: tuple[WrittenForm, ...], text: Tree, most_digits: str) -> Tree:
    """What is wrong with a cell that is in none of the forms, or in one and stands for nothing: the end of a sentence."""
    branches: list[tuple[Tree, Tree]] = []
    for form in forms:
        there = sqltree.matches(text, pattern(form))
        match form:
            case DayNumber(since=1900):
                sixty = sqltree.matches(text, f"^0*{_NO_DAY}([.][0-9]+)?$")
                never = "a spreadsheet has this number for 29 February 1900, a day that there never was"
                branches.append((sixty, sqltree.text(never)))
                branches.append((there, sqltree.text("there is no such day")))
            case DayWritten() | MonthWritten() | DayNumber():
                branches.append((there, sqltree.text("there is no such day")))
            case NumberWritten() | PercentageWritten():
                branches.append((there, sqltree.text(most_digits)))
            case YesNoWritten():
                pass
            case _:
                assert_never(form)
    return sqltree.case(branches, sqltree.text(f"it must be {said(forms)}, as the contract says"))
