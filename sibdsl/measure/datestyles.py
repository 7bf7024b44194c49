"""How dates are written that are not dates here, and what to say about each. Source: records reference, 'Dates'.

A date is YYYY-MM-DD and nothing else. Other styles are named in the reason, with the date as it should stand only where
no other day could be meant.
"""

from __future__ import annotations

from attrs import frozen

from sibdsl.dates import MONTHS
from sibdsl.measure import tree
from sibdsl.measure.tree import Tree

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
class Style:
    """A way to write dates, by an example, and the pattern that tells it."""

    example: str
    pattern: str


#: In the order in which they are tried.
STYLES: tuple[Style, ...] = (
    Style("2018-05-31 00:00:00", _WITH_TIME),
    Style("31/05/2018", "^[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{4}$"),
    Style("05/31/18", "^[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2}$"),
    Style("31-May-18", f"(?i)^[0-9]{{1,2}}[ -]({_MONTH})[ -]([0-9]{{2}}|[0-9]{{4}})$"),
    Style(DAY_NUMBER, SERIAL),
    Style("20180531", _EIGHT_DIGITS),
    Style("2018/05/31", _YEAR_FIRST),
    Style("2018-05", MONTHS_ALONE[0]),
    Style("05/2018", MONTHS_ALONE[1]),
    Style("May 2018", MONTHS_ALONE[2]),
    Style("2018", YEAR_ALONE),
)

_FORM = "write the date in the form YYYY-MM-DD"


def value(cell: Tree) -> Tree:
    """The day that a cell holds; NULL for anything but YYYY-MM-DD, for no such day, and for the year nought."""
    good = tree.both([tree.matches(cell, ISO), tree.compare(cell, ">=", tree.text("0001"))])
    return tree.case([(good, tree.try_cast(cell, tree.DATE))])


def style(cell: Tree) -> Tree:
    """The example of the style that a cell is written in; NULL when it is in none of them."""
    return tree.case((tree.matches(cell, one.pattern), tree.text(one.example)) for one in STYLES)


def reason(cell: Tree) -> Tree:
    """What is wrong with a cell that is no date: the end of a sentence after `: `."""
    return tree.case(
        [
            (tree.matches(cell, ISO), tree.text("there is no such day")),
            (tree.not_null(_suggested(cell)), tree.join_text("write the date as ", _suggested(cell))),
            (tree.matches(cell, _WITH_TIME), tree.text(f"{_FORM}, without a time")),
            (
                tree.either(tree.matches(cell, pattern) for pattern in MONTHS_ALONE),
                tree.text(f"a month alone is no day; {_FORM}"),
            ),
            (tree.matches(cell, YEAR_ALONE), tree.text(f"a year alone is no day; {_FORM}")),
            (tree.matches(cell, SERIAL), tree.text(f"this is a spreadsheet's day number; {_FORM}")),
        ],
        tree.text(_FORM),
    )


def _suggested(cell: Tree) -> Tree:
    """The cell's day as YYYY-MM-DD where only one can be meant; NULL otherwise."""
    branches = [
        (tree.matches(cell, pattern), tree.swapped(cell, pattern, order)) for pattern, order in _CLEAR
    ]
    dashed = tree.call("replace", cell, tree.text(" "), tree.text("-"))
    branches.append((tree.matches(cell, _NAMED_MONTH), tree.try_day(dashed, ("%d-%b-%Y", "%d-%B-%Y"))))
    return tree.cast(tree.try_cast(tree.case(branches), tree.DATE), tree.TEXT)
