"""Marks: pasted typography, signs that the language has words for, and any other that it has no use for."""

from __future__ import annotations

from sibdsl import marks
from sibdsl.syntax.name_pattern import LOOK_ALIKE
from sibdsl.syntax.stop import Advice, Mend, Stop

_ODD_SPACES = {
    "\u00a0": "non-breaking space",
    "\u2007": "figure space",
    "\u202f": "narrow non-breaking space",
    "\u2002": "wide space",
    "\u2003": "wide space",
    "\u2009": "thin space",
    "\u200b": "space of no width",
    "\u2060": "space of no width",
    "\ufeff": "byte order mark",
    "\x0b": "vertical tab",
    "\x0c": "page break",
    "\u2028": "line separator",
    "\u2029": "paragraph separator",
    "\u00ad": "soft hyphen",
}
#: The dashes that word processors put, by their names, since many look alike.
_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_COMPARED = {
    "<": ("less than", "at most"),
    ">": ("more than", "at least"),
    "<=": ("at most", "less than"),
    "=<": ("at most", "less than"),
    "≤": ("at most", "less than"),
    ">=": ("at least", "more than"),
    "=>": ("at least", "more than"),
    "≥": ("at least", "more than"),
}
_EQUAL = {"=": "is", "==": "is", "!=": "is not", "<>": "is not", "≠": "is not"}
_ARITHMETIC = {"+": "plus", "*": "times", "×": "times", "·": "times", "/": "divided by", "÷": "divided by"}
_COMMENTS = ("#", "//", "/*", "*/")


def mark(stop: Stop) -> Advice | None:
    """Any other sign that the language has no use for."""
    here = stop.here
    if here.kind != "OTHER":
        return None
    if here.text in _ODD_SPACES:
        return _odd_space(stop)
    run = _run(stop)
    text = stop.said(stop.at, run).replace(" ", "")
    if text in _COMPARED or text in _EQUAL:
        return _compared(stop, run, text)
    if text.startswith(_COMMENTS) and here.first:
        return stop.advice(
            "SIB0215",
            "A remark that is not part of the contract begins with two hyphens.",
            stop.at,
            stop.line_end(stop.at),
            mark="not how a remark begins",
            help=f"Write `-- {stop.slice(stop.at, stop.line_end(stop.at)).lstrip('#/* ')}`.",
        )
    if here.text in _DASHES:
        return _dash(stop)
    if (
        here.text == "+"
        and stop.before
        and stop.before.end == here.start
        and stop.before.kind in ("INT", "DECIMAL", "MONEY", "PERCENT")
    ):
        return stop.advice(
            "SIB0215",
            f"`{stop.before.text}+` can be read as more than {stop.before.text} or as {stop.before.text} and more.",
            stop.at - 1,
            stop.at + 1,
            mark="is the number itself included?",
            help=f"Write `at least {stop.before.text}`; or `more than {stop.before.text}`, if exactly {stop.before.text} is not in it.",
        )
    if here.first and here.text in "•◦▪‣*·":
        return _bullet(stop)
    if here.text in _ARITHMETIC:
        word = _ARITHMETIC[here.text]
        return stop.advice(
            "SIB0215",
            f"Arithmetic is written in words: `{word}`, not `{here.text}`.",
            stop.at,
            stop.at + 1,
            mark="in words",
            help=f"Write `{word}`.",
        )
    return _generic(stop)


def _run(stop: Stop) -> int:
    """The index after the marks that stand together with this one."""
    end = stop.at + 1
    while end < len(stop.items) and stop.items[end].kind == "OTHER" and stop.items[end].text in "<>=!≠≤≥/*#":
        if stop.items[end].start != stop.items[end - 1].end:
            break
        end += 1
    return end


def _odd_space(stop: Stop) -> Advice:
    what = _ODD_SPACES[stop.here.text]
    nothing = stop.here.text in "\u200b\u2060\ufeff\u00ad"
    return stop.advice(
        "SIB0215",
        f"There is a {what} here, invisible in most programs; such characters come with text pasted from elsewhere.",
        stop.at,
        stop.at + 1,
        mark=what,
        help="Take it out." if nothing else "Write ` `, an ordinary space.",
    )


def _compared(stop: Stop, run: int, text: str) -> Advice:
    number = stop.item(run)
    about = number.text if number.kind in ("INT", "DECIMAL", "MONEY", "PERCENT", "DATE") else "the limit"
    verb = "is " if {"IS", "ARE"} & stop.takes else ""
    if text in _EQUAL:
        word = _EQUAL[text]
        doubled = stop.before is not None and stop.before.text in ("is", "are")
        return stop.advice(
            "SIB0215",
            f"`{text}` is not a word of this language: conditions are read aloud, with `{word}`.",
            stop.at,
            run,
            mark="in words",
            help="Take it out."
            if word == "is" and doubled
            else f"Write `{word.removeprefix('is ') if doubled else word}`.",
        )
    said, other = _COMPARED[text]
    moved = stop.item(run + 1).text.rstrip("s") in ("day", "week", "month", "year") and stop.item(
        run + 2
    ).text in ("after", "before")
    if number.kind == "DATE" or moved or number.text == "joining":
        about = number.text if number.kind == "DATE" else "that day"
        days = {
            "less than": "before",
            "at most": "on or before",
            "more than": "after",
            "at least": "on or after",
        }
        said, other = days[said], days[other]
    return stop.advice(
        "SIB0215",
        f"`{text}` is not a word of this language: in words it cannot be misread at exactly {about}.",
        stop.at,
        run,
        mark="in words",
        help=f"Write `{verb}{said}`; or `{verb}{other}`, if exactly {about} belongs on the other side.",
    )


def _dash(stop: Stop) -> Advice | None:
    here, before, after = stop.here, stop.before, stop.item(stop.at + 1)
    if here.first:
        return _bullet(stop)
    kinds = (before.kind if before else "", after.kind)
    if kinds == ("INT", "INT") and before is not None:
        low, high = before.text, after.text
        if len(low) == 4 and len(high) in (2, 4):
            return stop.advice(
                "SIB0205",
                f"`{stop.slice(stop.at - 1, stop.at + 2)}` may be a contract year: one is written with a stroke.",
                stop.at - 1,
                stop.at + 2,
                mark="a year is written `2016/17`",
                help=f"Write `{low}/{high[-2:]}`.",
            )
        return stop.advice(
            "SIB0215",
            f"A dash does not say whether {low} and {high} themselves are included.",
            stop.at - 1,
            stop.at + 2,
            mark="are both ends included?",
            help=f"Write `{low} to {high}`, which includes both; or `at least {low} but less than {high}`.",
        )
    if kinds[0] in ("DATE", "NAME") and kinds[1] == "DATE":
        word, why = "to", "A dash does not say whether the last day is included; `to` includes it."
    elif kinds[0] in ("MONEY", "PERCENT", "DECIMAL", "INT", "NAME") and kinds[1] in (
        "MONEY",
        "PERCENT",
        "DECIMAL",
    ):
        word, why = "minus", "Arithmetic is written in words: a dash might be a range or a subtraction."
    elif before is not None and before.end == here.start and here.end == after.start:
        word, why = "-", "This is a long dash; inside a word there is a plain hyphen."
    else:
        return stop.advice(
            "SIB0215",
            f"A dash, `{here.text}`, says nothing in this language.",
            stop.at,
            stop.at + 1,
            mark="not a word of the language",
            help="Write what it stands for: `none`, `nothing`, `to`, `minus`; or take it out.",
        )
    return stop.advice("SIB0215", why, stop.at, stop.at + 1, mark="in words", help=f"Write `{word}`.")


def _bullet(stop: Stop) -> Advice:
    return stop.advice(
        "SIB0215",
        "Lines have no bullets: each begins with its label.",
        stop.at,
        stop.at + 1,
        mark="a bullet",
        help="Take it out.",
        mend=Mend((), stop.at + 1),
    )


def _generic(stop: Stop) -> Advice:
    here = stop.here
    said = {
        ";": (
            "A semicolon says nothing here: lists take commas, and lines end by themselves.",
            "Take it out.",
        ),
        ":": ("A colon says nothing here: a label is followed by its words.", "Take it out."),
        ".": ("Lines end by themselves, without a full stop.", "Take it out."),
        "…": ("Three dots leave something unsaid.", "Take it out, and write what it stands for."),
        "?": ("A question mark stands for nothing: what is not known yet is a particular.", "Take it out."),
        "&": (
            "`&` between words has two readings: conditions are joined by `and`, lists by commas.",
            "Write `,` in a list, or `and` between conditions.",
        ),
        "%": (
            "A percentage is a number with its sign, such as `25%`; here the number is missing.",
            "Write the figures before it, as in `25%`.",
        ),
        "£": (
            "An amount is a sign with its figures, such as `£700`; here the figures are missing.",
            "Write the figures after it, as in `£700`.",
        ),
        "¥": (
            "`¥` is the sign of two currencies, so that amounts of both are written with the code.",
            "Write `JPY` or `CNY` and a space in its place, as in `JPY 7,000`.",
        ),
    }.get(here.text)
    if said:
        message, help_ = said
        mend = Mend((), stop.at + 1) if here.text in ";:." else None
        return stop.advice(
            "SIB0215", message, stop.at, stop.at + 1, mark="not wanted here", help=help_, mend=mend
        )
    if here.text.isalpha():
        plain = LOOK_ALIKE.get(here.text, "")
        return stop.advice(
            "SIB0215",
            f"`{here.text}` ({marks.said(here.text)}) is no letter of the Latin alphabet, in which Names and words are written.",
            stop.at,
            stop.at + 1,
            mark="of another alphabet",
            help=(
                f"Write `{plain}`, which looks like it; another spelling can stand"
                if plain
                else "It can stand"
            )
            + " in quotes, as under `full name`.",
        )
    shown = here.text if here.text.isprintable() else f"of code {ord(here.text)}"
    return stop.advice(
        "SIB0215",
        f"The mark `{shown}` is not used in this language.",
        stop.at,
        stop.at + 1,
        mark="not used",
        help="Take it out.",
    )
