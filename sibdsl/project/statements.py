"""On which line each key of a TOML text stands, which Python's own reader does not tell.

The text is cut into its statements, and each is read by that reader by itself: nothing of TOML is read here but where
quotes and brackets end.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

#: A key within tables and lists of tables: names, and numbers of tables in a list, from 0.
Place = tuple[str | int, ...]

_TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|#[^\n]*|[\[\]{}]|\n',
    re.DOTALL,
)


def lines_of(text: str) -> dict[Place, int]:
    """Place -> the line (from 1) on which it is first written, for a text that is TOML."""
    found: dict[Place, int] = {}
    inside: Place = ()
    lists: dict[Place, int] = {}
    for line, statement in _statements(text):
        read = tomllib.loads(statement)
        if statement.lstrip().startswith("["):
            inside = _header(read, lists)
            found.setdefault(inside, line)
        else:
            for place in _leaves(read):
                for length in range(1, len(place) + 1):
                    found.setdefault((*inside, *place[:length]), line)
    return found


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Each statement with the line on which it begins; comments and empty lines are none."""
    depth = start = 0
    line = 1
    for match in _TOKEN.finditer(text):
        sign = match[0]
        if sign in "[{":
            depth += 1
        elif sign in "]}":
            depth -= 1
        elif sign == "\n" and depth == 0:
            yield from _one(text[start : match.start()], line)
            line += text.count("\n", start, match.end())
            start = match.end()
    yield from _one(text[start:], line)


def _one(statement: str, line: int) -> Iterator[tuple[int, str]]:
    if statement.strip() and not statement.lstrip().startswith("#"):
        yield line, statement


def _header(read: dict[str, Any], lists: dict[Place, int]) -> Place:
    """The place that `[a.b]` or `[[a.b]]` opens. `lists` counts the tables of each list so far."""
    place: Place = ()
    while read:
        name, value = next(iter(read.items()))
        place = (*place, name)
        if isinstance(value, list):
            lists[place] = lists.get(place, -1) + 1
            return (*place, lists[place])
        if value and place in lists:
            place = (*place, lists[place])
        read = value
    return place


def _leaves(read: dict[str, Any], trail: Place = ()) -> Iterator[Place]:
    for name, value in read.items():
        place = (*trail, name)
        if isinstance(value, dict) and value:
            yield from _leaves(value, place)
        else:
            yield place
