"""Texts larger than any contract: refused before they are parsed, so that none holds up the machine that reads it."""

from __future__ import annotations

import re
from typing import Any

from lark import Tree

from sibdsl import size_limits
from sibdsl.diagnostics import Diagnostic, Refused
from sibdsl.source import Source

_QUOTED = re.compile(r'"[^"\n]*"|--[^\n]*')
_NUMBER = re.compile(rf"[0-9](?:[,.]?[0-9]){{{size_limits.DIGITS},}}")
_BRACKETS = re.compile(r"[()]")


def within(source: Source, text: str) -> None:
    """Raise Refused (SIB0107) for a line, a number or brackets beyond what is read. `text` is what is to be parsed."""
    longest = max(source.lines, key=len)
    if len(longest) > size_limits.LINE:
        line = source.lines.index(longest)
        start = sum(len(line_text) + 1 for line_text in source.lines[:line])
        raise _refused(
            source,
            start,
            start + 1,
            f"This line has {len(longest):,} characters; at most {size_limits.LINE:,} are read.",
            "Break the line: line ends mean nothing, except that a table's row is one line.",
        )
    if _NUMBER.search(text) is None and text.count("(") <= size_limits.LEVELS:
        return
    bare = _QUOTED.sub(lambda found: " " * len(found[0]), text)
    number = _NUMBER.search(bare)
    if number is not None:
        raise _refused(
            source,
            number.start(),
            number.end(),
            f"This number has more than {size_limits.DIGITS} digits, the most that are read.",
            "Write a number that the contract can mean.",
        )
    depth = 0
    for bracket in _BRACKETS.finditer(bare):
        depth += 1 if bracket[0] == "(" else -1
        if depth > size_limits.LEVELS:
            raise _too_deep(source, bracket.start())


def not_too_deep(source: Source, tree: Tree[Any]) -> None:
    """Raise Refused (SIB0107) for sums or conditions in more levels than are followed."""
    waiting: list[tuple[Tree[Any], int]] = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        if depth > size_limits.LEVELS:
            raise _too_deep(source, node.meta.start_pos if not node.meta.empty else 0)
        waiting += [(child, depth + 1) for child in node.children if isinstance(child, Tree)]


def _too_deep(source: Source, at: int) -> Refused:
    return _refused(
        source,
        at,
        at + 1,
        f"What is written here has more than {size_limits.LEVELS} levels, the most that are followed.",
        "Give a part of it a name of its own, in a block of workings.",
    )


def _refused(source: Source, start: int, end: int, message: str, way: str) -> Refused:
    return Refused(Diagnostic("SIB0107", message, source.span(start, end), mark="beyond the most", help=way))
