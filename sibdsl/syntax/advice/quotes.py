"""Quotes: without their other half, closed twice, or of another kind."""

from __future__ import annotations

import re

from sibdsl.syntax.stop import Advice, Stop

#: The quotes that word processors put, by their names, since many look alike.
_OPENING = "\u201c\u201e\u201f\u00ab\u2039\u2018\u201a"
_CLOSING = "\u201d\u00bb\u203a\u2019"
_QUOTED = re.compile(
    rf"""[{_OPENING}{_CLOSING}'`]([^\u201c\u201e\u201f\u00ab\u00bb\u2039\u203a\u201d"|]*?)[{_OPENING}{_CLOSING}"'`](?!\w)"""
)


def quote(stop: Stop) -> Advice | None:
    """A text in quotes that is not closed or not opened, or stands in other quotes."""
    here = stop.here
    if here.kind == "OTHER" and here.text == '"':
        return _unclosed(stop)
    if here.kind == "OTHER" and here.text in _OPENING + _CLOSING + "'`":
        return _other_quotes(stop)
    before = stop.before
    if before is not None and before.text == '""' and before.end == here.start:
        return stop.advice(
            "SIB0207",
            "Two quotes stand together here, and so close before anything is quoted.",
            stop.at - 1,
            stop.at,
            mark="one quote too many",
            help='Write `"`.',
        )
    if here.kind != "TEXT" and not here.first:
        advice = _closed_twice(stop) or (_unopened(stop) if "TEXT" in stop.takes else None)
        if advice is not None:
            return advice
    if (
        before
        and before.kind == "TEXT"
        and not here.first
        and "|" in before.text
        and stop.place in ("row", "rows")
    ):
        cut = before.start + len(before.text.split("|")[0].rstrip())
        return Advice(
            "SIB0207",
            "The words in quotes run on past the bar: the closing quote of this cell is missing.",
            before.start,
            cut,
            "not closed",
            'Add `"`.',
        )
    return None


def _unclosed(stop: Stop) -> Advice:
    """A quote with no other on its line. In a row it ends with its cell."""
    end = stop.line_end(stop.at)
    if stop.items[stop.line_start(stop.at)].kind == "_ROW":
        bars = (at for at in range(stop.at, end) if stop.items[at].kind in ("_BAR", "_ROW_END"))
        end = next(bars, end)
    end = max(end, stop.at + 1)
    if end == stop.at + 1 and stop.before and not _opens_here(stop):
        return stop.advice(
            "SIB0207",
            "A quote stands alone here: there is no other on its line for it to belong to.",
            stop.at,
            end,
            mark="alone",
            help="Take it out, or put the quote that it belongs to before the words.",
        )
    return stop.advice(
        "SIB0207",
        "The quote that opens here is not closed on its line. Words in quotes may not run over a line's end.",
        stop.at,
        end,
        mark="no closing quote",
        help='Add `"`.' if end > stop.at + 1 else 'Write the words and a closing `"`.',
    )


def _opens_here(stop: Stop) -> bool:
    """Whether words in quotes could begin here."""
    return "TEXT" in stop.takes


def _closed_twice(stop: Stop) -> Advice | None:
    """Words in quotes, more words, and another quote."""
    before, end = stop.before, stop.line_end(stop.at)
    if before is None or before.kind != "TEXT" or before.line != stop.here.line:
        return None
    for at in range(stop.at, end):
        if stop.items[at].kind in ("_BAR", "_ROW_END", "TEXT"):
            return None
        if stop.items[at].text == '"':
            said = stop.slice(stop.at - 1, at + 1)
            return stop.advice(
                "SIB0207",
                "The quote closes before the words end: there are three quotes here.",
                stop.at - 1,
                at + 1,
                mark="three quotes",
                help=f"""Write `"{said.replace('"', "")}"`.""",
            )
    return None


def _unopened(stop: Stop) -> Advice | None:
    end = stop.line_end(stop.at)
    closing = [
        at for at in range(stop.at, end) if stop.items[at].kind == "OTHER" and stop.items[at].text == '"'
    ]
    if (
        len(closing) != 1
        or "NAME" in stop.takes
        or any(item.kind == "_BAR" for item in stop.items[stop.at : closing[0]])
    ):
        return None
    said = stop.slice(stop.at, closing[0] + 1)
    return stop.advice(
        "SIB0207",
        "These words end with a quote but do not begin with one.",
        stop.at,
        closing[0] + 1,
        mark="no opening quote",
        help=f'Write `"{said}`.',
    )


def _other_quotes(stop: Stop) -> Advice | None:
    here, text = stop.here, stop.text
    end_of_line = text.find("\n", here.start)
    rest = text[here.start : end_of_line if end_of_line >= 0 else len(text)].rstrip()
    before = stop.before
    joined = before is not None and before.end == here.start and before.kind in ("NAME", "WORD")
    if joined and here.text in "’'‘`" and re.match(r".\w", rest):
        return stop.advice(
            "SIB0215",
            "This apostrophe is a curly one; inside a Name it is written `'`.",
            stop.at,
            stop.at + 1,
            mark="curly apostrophe",
            help="Write `'`.",
        )
    match = _QUOTED.match(rest)
    if here.text in _OPENING + "\u201d'`" and match and match[1]:
        kind = "single" if here.text in "'`" else "curly"
        return Advice(
            "SIB0215",
            f'Words are quoted with plain double quotes, `"`; these are {kind} ones.',
            here.start,
            here.start + len(match[0]),
            f"{kind} quotes",
            f'Write `"{match[1]}"`.',
        )
    return stop.advice(
        "SIB0215",
        f'`{here.text}` is not a quote of this language: words are quoted with plain double quotes, `"`.',
        stop.at,
        stop.at + 1,
        mark="not a plain quote",
        help='Write `"`.',
    )
