"""A page of explanation, the same for every screen: headings with what stands under them, tables, and a summary.

Texts come from contracts and records. Here they are put on one line each; whoever shows them escapes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from attrs import field, frozen

#: Control characters, and marks that turn the direction of text: none of them may reach a screen.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")

#: How an item is meant: money that is paid, something that did not count, or neither.
Tone = Literal["", "paid", "unpaid", "note"]


def one_line(text: str) -> str:
    """The text with every run of control characters as one space."""
    return _UNSEEN.sub(" ", text)


def _one_line_each(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(one_line(text) for text in texts)


def _lines(rows: Iterable[Iterable[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(_one_line_each(row) for row in rows)


@frozen
class Grid:
    """A table. `right` are the columns of numbers; a screen shows the first `shown` rows and says how many more."""

    heads: tuple[str, ...] = field(converter=_one_line_each)
    rows: tuple[tuple[str, ...], ...] = field(converter=_lines)
    right: frozenset[int] = frozenset()
    shown: int = 20


@frozen
class Item:
    """One statement. `lead` is its short label or its amount, `place` the clause and line that it stands on."""

    text: str = field(converter=one_line)
    lead: str = field(default="", converter=one_line)
    place: str = field(default="", converter=one_line)
    items: tuple[Item, ...] = ()
    grid: Grid | None = None
    tone: Tone = ""


@frozen
class Sheet:
    """The page: what it explains, of which run, the statements under their heading, and the sum that comes last."""

    title: str = field(converter=one_line)
    run: str = field(converter=one_line)
    heading: str = field(converter=one_line)
    items: tuple[Item, ...] = ()
    summary: tuple[Item, ...] = ()
