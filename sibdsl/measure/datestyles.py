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
_DAY_MONTH_YEAR = "^([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})$"
_YEAR_MONTH_DAY = "^([0-9]{4})[-/. ]?([0-9]{1,2})[-/. ]?([0-9]{1,2})$"
_WITH_TIME = "^([0-9]{4}-[0-9]{2}-[0-9]{2})[T ][0-9]{2}:[0-9]{2}"
_MIDNIGHT = "^([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]00:00(:00([.]0+)?)?$"
_NAMED_MONTH = f"(?i)^([0-9]{{1,2}})[ -]({_MONTH})[ -]([0-9]{{4}})$"
_SERIAL = "^[0-9]{5}([.][0-9]+)?$"


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
    Style("43251", _SERIAL),
    Style("20180531", "^[0-9]{8}$"),
    Style("2018/05/31", _YEAR_MONTH_DAY),
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
    suggested = _suggested(cell)
    return tree.case(
        [
            (tree.matches(cell, ISO), tree.text("there is no such day")),
            (tree.not_null(suggested), tree.join_text("write the date as ", suggested)),
            (tree.matches(cell, _WITH_TIME), tree.text(f"{_FORM}, without a time")),
            (tree.matches(cell, _SERIAL), tree.text(f"this is a spreadsheet's day number; {_FORM}")),
        ],
        tree.text(_FORM),
    )


def _suggested(cell: Tree) -> Tree:
    """The cell's day as YYYY-MM-DD where only one can be meant; NULL otherwise."""
    first, second = _piece(cell, _DAY_MONTH_YEAR, 1), _piece(cell, _DAY_MONTH_YEAR, 2)
    year = _piece(cell, _DAY_MONTH_YEAR, 3)
    month_by_name = tree.case(
        (tree.matches(_piece(cell, _NAMED_MONTH, 2), f"(?i)^{name[:3]}"), tree.text(str(number)))
        for number, name in enumerate(MONTHS, start=1)
    )
    dashed = tree.matches(cell, _DAY_MONTH_YEAR)
    twelfth = tree.text("12")
    return tree.case(
        [
            (tree.matches(cell, _MIDNIGHT), _real(_piece(cell, _MIDNIGHT, 1))),
            (
                tree.both([dashed, tree.compare(_two(first), ">", twelfth)]),
                _date(year, second, first),
            ),
            (
                tree.both([dashed, tree.compare(_two(second), ">", twelfth)]),
                _date(year, first, second),
            ),
            (tree.both([dashed, tree.eq(_two(first), _two(second))]), _date(year, first, second)),
            (
                tree.matches(cell, _YEAR_MONTH_DAY),
                _date(*(_piece(cell, _YEAR_MONTH_DAY, at) for at in (1, 2, 3))),
            ),
            (
                tree.matches(cell, _NAMED_MONTH),
                _date(_piece(cell, _NAMED_MONTH, 3), month_by_name, _piece(cell, _NAMED_MONTH, 1)),
            ),
        ]
    )


def _piece(cell: Tree, pattern: str, group: int) -> Tree:
    return tree.piece(cell, pattern, group)


def _two(digits: Tree) -> Tree:
    return tree.call("lpad", digits, tree.whole(2), tree.text("0"))


def _date(year: Tree, month: Tree, day: Tree) -> Tree:
    return _real(tree.join_text(year, "-", _two(month), "-", _two(day)))


def _real(written: Tree) -> Tree:
    return tree.case([(tree.not_null(value(written)), written)])
