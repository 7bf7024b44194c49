"""Dates written otherwise than `31 March 2018`."""

from __future__ import annotations

import re

from sibdsl.syntax.stop import Advice, Stop
from sibdsl.syntax.vocabulary import alike

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip

_SPACE = r"[ \t\u00a0\u202f]*"
_BREAK = r"[ \t\u00a0\u202f.,/–—-]*"
_YEAR = r"(?P<year>\d{4}|['’]?\d{2})"
_FIGURES = re.compile(
    rf"(?P<day>\d{{1,2}}){_SPACE}(?P<sign>[/.–-]){_SPACE}(?P<month>\d{{1,2}}){_SPACE}[/.–-]{_SPACE}{_YEAR}\b"
)
_SPACED = re.compile(r"\b(?P<day>\d{1,2}) (?P<month>\d{1,2}) (?P<year>\d{4})\b")
_YEAR_FIRST = re.compile(r"\b(?P<year>\d{4})(?P<sign>[/.–-])(?P<month>\d{1,2})[/.–-](?P<day>\d{1,2})\b")
_DAY_FIRST = re.compile(
    rf"\b(?P<the>the )?(?P<day>\d{{1,2}}){_SPACE}(?P<nth>(?:st|nd|rd|th)\b)?{_SPACE}(?P<of>of{_SPACE})?{_BREAK}"
    rf"(?P<month>[A-Za-z]{{3,10}}){_BREAK}(?:{_YEAR}\b)?"
)
_MONTH_FIRST = re.compile(
    rf"\b(?P<month>[A-Za-z]{{3,10}})\.?{_SPACE}(?P<day>\d{{1,2}})(?P<nth>st|nd|rd|th)?\b{_SPACE},?{_SPACE}(?:{_YEAR}\b)?"
)


def month_named(said: str) -> str | None:
    """The month that a word stands for: its name, cut short or misspelt."""
    if len(said) >= 3:
        for month in MONTHS:
            if (
                month.casefold().startswith(said.casefold())
                or said.casefold() == "sept" == month[:4].casefold()
            ):
                return month
    return alike(said, MONTHS) if len(said) > 3 else None


def date(stop: Stop) -> Advice | None:
    """A date in another form, or one with a year too many or too few."""
    here = stop.here
    if here.kind == "DATE" and "DAYMONTH" in stop.takes and "DATE" not in stop.takes:
        return _year_too_many(stop)
    twice = _day_twice(stop)
    if twice is not None:
        return twice
    month = _no_month(stop)
    if month is not None:
        return month
    low = stop.items[stop.line_start(stop.at)].start
    high = stop.items[stop.line_end(stop.at) - 1].end
    span = _year_span(stop, low, high)
    if span is not None:
        return span
    for shape, read in (
        (_YEAR_FIRST, _year_first),
        (_FIGURES, _figures),
        (_SPACED, _figures),
        (_DAY_FIRST, _day_first),
        (_MONTH_FIRST, _month_first),
    ):
        for match in shape.finditer(stop.text, low, high):
            if match.start() <= here.start < match.end():
                advice = read(match, stop.takes)
                if advice is not None:
                    return advice
    return None


def _say(match: re.Match[str], why: str, mark: str, help_: str) -> Advice:
    said = match[0].rstrip(" \t,.-–—/")
    return Advice("SIB0205", why, match.start(), match.start() + len(said), mark, help_)


def _year(match: re.Match[str]) -> str:
    year = (match["year"] or "").strip("'’")
    return f"20{year}" if len(year) == 2 else year


def _written(day: str, month: str, year: str) -> str:
    return f"{int(day)} {month} {year}".strip()


def _year_first(match: re.Match[str], _takes: frozenset[str]) -> Advice | None:
    month, day = int(match["month"]), int(match["day"])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    said = _written(match["day"], MONTHS[month - 1], match["year"])
    return _say(match,
        f"`{match[0]}` is not how this language writes a date: the month is a word, and the day comes first.",
        "a date is written `31 March 2018`",
        f"Write `{said}`.",
    )  # fmt: skip


def _figures(match: re.Match[str], _takes: frozenset[str]) -> Advice | None:
    first, second, year = int(match["day"]), int(match["month"]), _year(match)
    if not (1 <= first <= 31 and 1 <= second <= 31) or (first > 12 and second > 12):
        return None
    day_first = _written(match["day"], MONTHS[second - 1], year) if second <= 12 else ""
    month_first = _written(match["month"], MONTHS[first - 1], year) if first <= 12 else ""
    if day_first and month_first and day_first != month_first:
        help_ = f"Write `{day_first}`; or `{month_first}`, if the month came first."
    else:
        help_ = f"Write `{day_first or month_first}`."
    return _say(match,
        f"`{match[0]}` is read differently in different countries, so a date has its month in words.",
        "a date is written `31 March 2018`",
        help_,
    )  # fmt: skip


def _day_first(match: re.Match[str], takes: frozenset[str]) -> Advice | None:
    month = month_named(match["month"])
    if month is None or not 1 <= int(match["day"]) <= 31:
        return None
    year, with_year = _year(match), "DAYMONTH" not in takes
    said = _written(match["day"], month, year if with_year else "")
    if match[0].strip() == said and (year or not with_year):
        return None
    return _say(match, *_why(match, month, year, said, with_year=with_year))


def _month_first(match: re.Match[str], takes: frozenset[str]) -> Advice | None:
    month = month_named(match["month"])
    if month is None or not 1 <= int(match["day"]) <= 31:
        return None
    year, with_year = _year(match), "DAYMONTH" not in takes
    said = _written(match["day"], month, year if with_year else "")
    if not year and with_year:
        return _say(match, *_why(match, month, year, said, with_year=with_year))
    return _say(match,
        f"`{match[0].strip()}` puts the month first; here the day comes first, then the month, then the year.",
        "a date is written `31 March 2018`",
        f"Write `{said}`.",
    )  # fmt: skip


def _why(match: re.Match[str], month: str, year: str, said: str, *, with_year: bool) -> tuple[str, str, str]:
    written = match["month"]
    if with_year and not year:
        return (
            f"`{match[0].strip()}` is a day of every year; a date here needs its year.",
            "of which year?",
            f"Write the year as well, as in `{said} 2018`.",
        )
    mark = "a date is written `31 March 2018`"
    if written.casefold() != month.casefold():
        short = month.casefold().startswith(written.casefold()) or written.casefold() == "sept"
        if short:
            return (
                f"`{written}` is cut short: the month of a date is written in full.",
                mark,
                f"Write `{said}`.",
            )
        return f"`{written}` is not the name of a month. Did you mean `{month}`?", mark, f"Write `{said}`."
    if match["nth"]:
        why = (
            f"The day of a date is a plain number: `{int(match['day'])}`, not `{match['day']}{match['nth']}`."
        )
        return why, mark, f"Write `{said}`."
    if written != month:
        return f"`{written}` is a month, and months begin with a capital.", mark, f"Write `{said}`."
    why = "A date is day, month and year with one plain space between them, and nothing else."
    return why, mark, f"Write `{said}`."


def _year_span(stop: Stop, low: int, high: int) -> Advice | None:
    """A contract year written otherwise than `2018/19`."""
    for match in re.finditer(
        r"\b((?:19|20)\d\d)(?:[/–—-](\d{2}|\d{4})| to (?:19|20)(\d{2}))\b(?![/–—-]|\s*[A-Z])",
        stop.text[:high],
    ):
        said = f"{match[1]}/{(match[2] or match[3])[-2:]}"
        if match.start() >= low and match.start() <= stop.here.start < match.end() and match[0] != said:
            return Advice(
                "SIB0205",
                f"`{match[0]}` is not how a contract year is written.",
                match.start(),
                match.end(),
                "a year is written `2016/17`",
                f"Write `{said}`.",
            )
    return None


def _no_month(stop: Stop) -> Advice | None:
    """A day and a year, as in `31 2018`."""
    for at in (stop.at, stop.at - 1):
        day, year = stop.item(at), stop.item(at + 1)
        if at < 0 or day.kind != "INT" or year.kind != "INT" or year.first or "," in day.text:
            continue
        if int(day.text) <= 31 and len(year.text) == 4 and year.text[:2] in ("19", "20"):
            return stop.advice(
                "SIB0205",
                f"`{day.text} {year.text}` is a date without its month.",
                at,
                at + 2,
                mark="which month?",
                help=f"Write the month between them, as in `{day.text} March {year.text}`.",
            )
    return None


def _day_twice(stop: Stop) -> Advice | None:
    """A number and then a date, as in `31 31 March 2018`."""
    for at in (stop.at, stop.at - 1):
        number, day = stop.item(at), stop.item(at + 1)
        if at >= 0 and number.kind == "INT" and day.kind in ("DATE", "DAYMONTH") and not day.first:
            return stop.advice(
                "SIB0205",
                f"`{number.text} {day.text}` has a number too many to be a date.",
                at,
                at + 2,
                mark="one day, or two?",
                help=f"Write `{day.text}`.",
            )
    return None


def _year_too_many(stop: Stop) -> Advice:
    said = stop.here.text.rsplit(" ", 1)[0]
    return stop.advice(
        "SIB0205",
        f"`{stop.here.text}` is one day of one year; this line takes a day that comes round every year.",
        stop.at,
        stop.at + 1,
        mark="without its year",
        help=f"Write `{said}`.",
    )
