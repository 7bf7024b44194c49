"""Text on a screen: how wide characters are, what is safe to print, and where lines break."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from sibdsl import marks

_TAB = 4
_PIECES = re.compile(r"`[^`]*`[^\s`]*|\S+")


def width(text: str) -> int:
    """How many columns the text takes."""
    if text.isascii() and text.isprintable():
        return len(text)
    return sum(_wide(char) for char in text)


def _wide(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def safe(text: str) -> str:
    """The text on one line, with every character that a screen would act on, or not show, put as a sign."""
    return marks.one_line(text)


def cells(line: str) -> tuple[str, list[int]]:
    """A line of a file as it is shown, and the column (from 0) at which each of its characters begins; one more for its end.

    Tabs go to the next multiple of four, as a person sees them; nothing is left that a screen would act on.
    """
    shown: list[str] = []
    places: list[int] = []
    at = heaped = 0
    for char in line:
        places.append(at)
        heaped = heaped + 1 if unicodedata.combining(char) else 0
        shown_char = " " * (_TAB - at % _TAB) if char == "\t" else marks.SIGN if marks.hides(char) else char
        shown_char = "" if heaped > marks.MOST_COMBINING else shown_char
        shown.append(shown_char)
        at += width(shown_char)
    return "".join(shown), [*places, at]


def cut(text: str, start: int, room: int) -> str:
    """`room` columns of the text from column `start` on, with dots where something is left out."""
    if start <= 0 and width(text) <= room:
        return text
    kept: list[str] = []
    at = 0
    end = start + room
    for char in text:
        wide = _wide(char)
        if at >= start and at + wide <= end:
            kept.append(char)
        at += wide
    if start > 0 and kept:
        kept[0] = "…"
    if at > end and kept:
        kept[-1] = "…"
    return "".join(kept)


def wrap(text: str, room: int, indent: str = "", hang: str | None = None) -> list[str]:
    """The text in lines of at most `room` columns. What stands between backticks, to be copied, is kept whole if it fits."""
    later = indent if hang is None else hang
    lines: list[str] = []
    line, empty = indent, True
    for piece in _pieces(safe(text), max(10, room - max(width(indent), width(later)))):
        if not empty and width(line) + 1 + width(piece) > room:
            lines.append(line)
            line, empty = later, True
        line += piece if empty else f" {piece}"
        empty = False
    return [*lines, line] if not empty else lines


def _pieces(text: str, room: int) -> Iterable[str]:
    for piece in _PIECES.findall(text):
        if width(piece) > room and " " in piece:
            yield from piece.split(" ")
        else:
            yield piece
