"""Contract years as they are written: `2013` where they begin on 1 January, `2013/14` otherwise.

Source of the rule: language reference, 'Years'.
"""

from __future__ import annotations

from sibdsl import dates
from sibdsl.dates import EARLIEST, LATEST
from sibdsl.diagnostics import Problems
from sibdsl.syntax import Word


def begins_in(problems: Problems, word: Word, begin: tuple[int, int], clause: str) -> int | None:
    """The calendar year in which a contract year begins, `2013` or `2013/14` as written; None after a complaint.

    `begin` is the month and day on which contract years begin.
    """
    start, _, end = word.text.replace(",", "").partition("/")
    first = int(start)
    said = dates.year_name(dates.contract_year(first, begin).start) if EARLIEST <= first < LATEST else ""
    if not said:
        what, mark = f"{word.text} is not a year that a contract can speak of.", "out of range"
        help_ = f"Write a year from {EARLIEST} to {LATEST - 1}."
    elif end and int(end) != (first + 1) % 100:
        what = f"{word.text} is not a contract year: the second part is the year after the first."
        mark = "not one year"
        help_ = f"Write `{said}`; or name the first day and the last, if more than one year is meant."
    elif word.text == said:
        return first
    elif end:
        what = f"Contract years begin on 1 January here, so that {word.text} touches two of them."
        mark = "a year that is not the calendar's"
        help_ = f"Write `{said}` or `{first + 1}`; or name the first day and the last."
    else:
        day = f"{begin[1]} {dates.MONTHS[begin[0] - 1]}"
        what = f"Contract years begin on {day} here, so that {word.text} is a part of two of them."
        mark = "a calendar year"
        help_ = (
            f"Write `{said}`, which begins on {day} {first}; or `1 January {first} to 31 December {first}`."
        )
    problems.add("SIB0410", what, word.span, clause=clause, mark=mark, help=help_)
    return None
