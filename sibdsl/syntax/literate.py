"""Markdown whose fenced `sib` blocks are the contract; all else is blanked, so places stay the Markdown's."""

from __future__ import annotations

import re

from attrs import frozen

from sibdsl.source import Source

_FENCE = re.compile(r"^( {0,3})(`{3,}|~{3,})\s*(\S*)")


@frozen
class Fence:
    """What stands between the two marks of a `sib` block: its offsets, and the spaces before the opening mark."""

    start: int
    end: int
    indent: str


def is_literate(name: str) -> bool:
    """Whether a file of that name is Markdown."""
    return name.lower().endswith((".md", ".markdown"))


def fences(text: str) -> list[Fence]:
    """The `sib` blocks of a Markdown text, in order; one that is not closed runs to the end."""
    found: list[Fence] = []
    mark, indent, start, at = "", "", -1, 0
    for line in text.splitlines(keepends=True):
        match = _FENCE.match(line)
        after = at + len(line)
        if not mark and match:
            mark, indent, start = match[2], match[1], after if match[3] == "sib" else -1
        elif mark and match and match[2].startswith(mark) and not match[3]:
            if start >= 0:
                found.append(Fence(start, at, indent))
            mark = ""
        at = after
    if mark and start >= 0:
        found.append(Fence(start, at, indent))
    return found


def contract_text(source: Source) -> str:
    """The text to parse: `source` itself, or for Markdown its `sib` blocks with all other characters blanked.

    A byte order mark is blanked too. Offsets stay those of `source`.
    """
    text = f" {source.text[1:]}" if source.text.startswith("\ufeff") else source.text
    if not is_literate(source.name):
        return text
    kept: list[str] = []
    last = 0
    for fence in fences(text):
        kept += [_blank(text[last : fence.start]), text[fence.start : fence.end]]
        last = fence.end
    return "".join([*kept, _blank(text[last:])])


def _blank(text: str) -> str:
    return re.sub(r"[^\r\n]", " ", text)
