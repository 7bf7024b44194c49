"""Stretches of days in conditions, said in one breath: `within 28 days of joining date`, `from this day to that`.

The language says each end by itself, so that nobody can doubt on which side a day may lie, nor whether an end is in it.
"""

from __future__ import annotations

import re

from sibdsl.dates import MONTHS
from sibdsl.syntax.advice.at_hand import at_hand
from sibdsl.syntax.stop import Advice, Stop

_NAME = r"[A-Z][\w'&-]*(?: [A-Z0-9][\w'&-]*)*"
_DATE = rf"\d{{1,2}} (?:{'|'.join(MONTHS)}) \d{{4}}"
_TIME = r"\d+ (?:days?|weeks?|months?|years?)"
_POINT = rf"(?:joining date|end of window|{_DATE}|the date of {_NAME}|{_NAME}(?: of {_NAME})?)"
_DAY = rf"(?:{_TIME} (?:after|before) )?{_POINT}"
_NEAR = re.compile(
    rf"(?P<no>not )?(?:within|inside|in|up to|no more than|not more than|a maximum of)(?: the| a period of)? (?P<time>{_TIME})"
    rf" (?P<way>of|after|from|following|since|before|prior to|starting on|beginning with) (?P<day>{_POINT})"
)
_BETWEEN = re.compile(
    rf"(?P<no>not )?(?P<said>from|between|on or after|in) (?P<low>{_DAY}) (?:to|and|until|till|up to) (?P<high>{_DAY})"
)
_SUBJECT = re.compile(rf"(?P<any>any day of\s+)?(?P<subject>{_POINT})\s+(?:is|are)\s+$")
_FROM = ("from", "since", "starting on", "beginning with")
_BACKWARDS = ("before", "prior to")


def stretch(stop: Stop) -> Advice | None:
    """The advice on such a stretch that holds the word."""
    if stop.rule not in ("only_if", "not_if") or stop.here.first:
        return None
    low, high = stop.items[stop.line_start(stop.at)].start, stop.items[stop.line_end(stop.at) - 1].end
    for shape, say in ((_NEAR, _near), (_BETWEEN, _between)):
        for match in shape.finditer(stop.text, low, high):
            subject = _SUBJECT.search(stop.text[low : match.start()])
            if subject is None or not match.start() <= stop.here.start < match.end():
                continue
            if say is _near and (rows := _any_day(match, subject, low, stop)) is not None:
                return rows
            mark, why, help_ = say(match, subject["subject"])
            return Advice("SIB0204", why, match.start(), match.end(), mark, help_)
    return None


def _any_day(match: re.Match[str], subject: re.Match[str], low: int, stop: Stop) -> Advice | None:
    """Where other rows of the person are asked about, or must be: a row neither begins after its own end nor ends before its start."""
    way = match["way"]
    side = "before" if way in _BACKWARDS else "from" if way in _FROM else "after"
    stretch_of_days = f"in the {match['time']} {side} {match['day']}"
    if match["no"]:
        return _none_of(match, stretch_of_days, stop) if subject["any"] else None
    if subject["any"]:
        help_ = f"Write `{stretch_of_days}`"
        if match["way"] == "of":
            why = f"`{match[0]}` leaves open on which side of {match['day']} the days lie."
            help_ += f"; or `in the {match['time']} before {match['day']}`, if they lie on the other side"
        else:
            why = f"Days in which other rows are looked for are a time {side} a day."
        return Advice("SIB0204", why, match.start(), match.end(), f"the time {side} it?", f"{help_}.")
    name, day = subject["subject"], match["day"]
    ends = (day, name) if side == "before" else (name, day)
    records = next((table for table, start, end in at_hand(stop.text).spells if (start, end) == ends), "")
    if not records:
        return None
    begun = low + subject.start()
    own = (
        f"on or before {match['time']} after {day}"
        if side != "before"
        else f"on or after {match['time']} before {day}"
    )
    return Advice(
        "SIB0204",
        f"{name} and {day} are of one row of {records}, and a row begins before it ends: other rows of the person are asked about by "
        "`any day of`.",
        begun,
        match.end(),
        "this row, or another?",
        f"Write `any day of {records} is {stretch_of_days}`, of other rows; or `{name} is {own}`, of this row alone.",
    )


def _none_of(match: re.Match[str], stretch_of_days: str, stop: Stop) -> Advice:
    """`any day of Care is not in ...`: that none is in it, or that one lies outside?"""
    line, meant = (
        ("not if", "none may be in it") if stop.rule == "only_if" else ("only if", "one must be in it")
    )
    return Advice(
        "SIB0204",
        f"`{match[0]}` can be read two ways: that no day is in it, or that a day is outside it.",
        match.start(),
        match.end(),
        "none, or not all?",
        f"Write `{stretch_of_days}`, in a line `{line}` where {meant}.",
    )


def _both(first: str, last: str, subject: str, no: str) -> str:
    """Two ends of a stretch as the language has them, after `is`: `on or after A and Started On is on or before B`."""
    return (
        f"before {first} or {subject} is after {last}"
        if no
        else f"on or after {first} and {subject} is on or before {last}"
    )


def _near(match: re.Match[str], subject: str) -> tuple[str, str, str]:
    time, day, no = match["time"], match["day"], match["no"]
    after = _both(day, f"{time} after {day}", subject, no)
    before = _both(f"{time} before {day}", day, subject, no)
    if match["way"] in _BACKWARDS:
        return "from which day to which?", f"`{match[0]}` is said by its two ends.", f"Write `{before}`."
    if match["way"] != "of":
        return "from which day to which?", f"`{match[0]}` is said by its two ends.", f"Write `{after}`."
    around = _both(f"{time} before {day}", f"{time} after {day}", subject, no)
    return (
        "from which day to which?",
        f"`{match[0]}` leaves open whether days before {day} are in it too.",
        f"Write `{after}`; or `{around}`, if days before {day} are in it too.",
    )


def _between(match: re.Match[str], subject: str) -> tuple[str, str, str]:
    low, high, no = match["low"], match["high"], match["no"]
    if not no and re.fullmatch(_DATE, low) and re.fullmatch(_DATE, high):
        return (
            "both days included?",
            f"`{match['said']}` leaves open whether the days themselves are included.",
            f"Write `{low} to {high}`, which includes both days.",
        )
    return (
        "from which day to which?",
        f"`{match[0]}` is said by its two ends.",
        f"Write `{_both(low, high, subject, no)}`, which {'leaves out' if no else 'includes'} both days.",
    )
