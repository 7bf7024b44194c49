"""How dates are written that are not dates here, and what to say about each. Source: records reference, 'Dates'.

A date is YYYY-MM-DD and nothing else. Other styles are named in the reason, with the date as it should stand only where
no other day could be meant.
"""

from __future__ import annotations

from attrs import frozen

from sibdsl.dates import MONTHS
from sibdsl.measure import sqltree
from sibdsl.measure.sqltree import Tree

ISO = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"

_MONTH = "|".join((*MONTHS, *(month[:3] for month in MONTHS)))
_WITH_TIME = "^([0-9]{4}-[0-9]{2}-[0-9]{2})[T ][0-9]{2}:[0-9]{2}"
_YEAR_FIRST = "^([1-9][0-9]{3})[-/. ]([0-9]{1,2})[-/. ]([0-9]{1,2})$"
_EIGHT_DIGITS = "^([1-9][0-9]{3})([0-9]{2})([0-9]{2})$"
_NAMED_MONTH = f"(?i)^[0-9]{{1,2}}[ -]({_MONTH})[ -][0-9]{{4}}$"
_LATE_DAY, _MONTH_NUMBER, _YEAR = "(1[3-9]|2[0-9]|3[01])", "(0?[1-9]|1[0-2])", "([1-9][0-9]{3})"
#: Ways to write a day that can mean no other, and where its year, month and day stand.
_CLEAR = (
    ("^([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]00:00(:00([.]0+)?)?$", r"\1"),
    (f"^{_LATE_DAY}[/.-]{_MONTH_NUMBER}[/.-]{_YEAR}$", r"\3-\2-\1"),
    (f"^{_MONTH_NUMBER}[/.-]{_LATE_DAY}[/.-]{_YEAR}$", r"\3-\1-\2"),
    (_YEAR_FIRST, r"\1-\2-\3"),
    (_EIGHT_DIGITS, r"\1-\2-\3"),
)
#: Months that say no day.
MONTHS_ALONE = (
    "^[0-9]{4}[-/.](0?[1-9]|1[0-2])$",
    "^(0?[1-9]|1[0-2])[-/.][0-9]{4}$",
    f"(?i)^({_MONTH})[ -][0-9]{{4}}$",
)
#: Years that say no day.
YEAR_ALONE = "^(19|20)[0-9]{2}([-/][0-9]{2})?$"
#: The number that a spreadsheet has for a day.
SERIAL = "^[0-9]{5}([.][0-9]+)?$"


#: The example of a spreadsheet's day number.
DAY_NUMBER = "43251"


@frozen
class DateStyle:
    """A way to write dates, by an example, and the pattern that tells it."""

    example: str
    pattern: str


#: In the order in which they are tried.
STYLES: tuple[DateStyle, ...] = (
    DateStyle("2018-05-31 00:00:00", _WITH_TIME),
    DateStyle("31/05/2018", "^[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{4}$"),
    DateStyle("05/31/18", "^[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2}$"),
    DateStyle("31-May-18", f"(?i)^[0-9]{{1,2}}[ -]({_MONTH})[ -]([0-9]{{2}}|[0-9]{{4}})$"),
    DateStyle(DAY_NUMBER, SERIAL),
    DateStyle("20180531", _EIGHT_DIGITS),
    DateStyle("2018/05/31", _YEAR_FIRST),
    DateStyle("2018-05", MONTHS_ALONE[0]),
    DateStyle("05/2018", MONTHS_ALONE[1]),
    DateStyle("May 2018", MONTHS_ALONE[2]),
    DateStyle("2018", YEAR_ALONE),
)

_FORM = "write the date in the form YYYY-MM-DD"


def value(cell: Tree) -> Tree:
    """The day that a cell holds; NULL for anything but YYYY-MM-DD, for no such day, and for the year nought."""
    good = sqltree.both([sqltree.matches(cell, ISO), sqltree.compare(cell, ">=", sqltree.text("0001"))])
    return sqltree.case([(good, sqltree.try_cast(cell, sqltree.DATE))])


def style(cell: Tree) -> Tree:
    """The example of the style that a cell is written in; NULL when it is in none of them."""
    return sqltree.case(
        (sqltree.matches(cell, date_style.pattern), sqltree.text(date_style.example)) for date_style in STYLES
    )


def reason(cell: Tree) -> Tree:
    """What is wrong with a cell that is no date: the end of a sentence after `: `."""
    return sqltree.case(
        [
            (sqltree.matches(cell, ISO), sqltree.text("there is no such day")),
            (sqltree.not_null(_suggested(cell)), sqltree.join_text("write the date as ", _suggested(cell))),
            (sqltree.matches(cell, _WITH_TIME), sqltree.text(f"{_FORM}, without a time")),
            (
                sqltree.either(sqltree.matches(cell, pattern) for pattern in MONTHS_ALONE),
                sqltree.text(f"a month alone is no day; {_FORM}"),
            ),
            (sqltree.matches(cell, YEAR_ALONE), sqltree.text(f"a year alone is no day; {_FORM}")),
            (sqltree.matches(cell, SERIAL), sqltree.text(f"this is a spreadsheet's day number; {_FORM}")),
        ],
        sqltree.text(_FORM),
    )


def _suggested(cell: Tree) -> Tree:
    """The cell's day as YYYY-MM-DD where only one can be meant; NULL otherwise."""
    branches = [
        (sqltree.matches(cell, pattern), sqltree.swapped(cell, pattern, order)) for pattern, order in _CLEAR
    ]
    dashed = sqltree.call("replace", cell, sqltree.text(" "), sqltree.text("-"))
    branches.append((sqltree.matches(cell, _NAMED_MONTH), sqltree.try_day(dashed, ("%d-%b-%Y", "%d-%B-%Y"))))
    return sqltree.cast(sqltree.try_cast(sqltree.case(branches), sqltree.DATE), sqltree.TEXT)
