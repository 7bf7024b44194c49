"""Markdown whose fenced `sib` blocks are the contract; all else is blanked, so places stay the Markdown's."""

from __future__ import annotations

import re

from sibdsl.source import Source

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})\s*(\S*)")


def is_literate(name: str) -> bool:
    """Whether a file of that name is Markdown."""
    return name.lower().endswith((".md", ".markdown"))


def contract_text(source: Source) -> str:
    """The text to parse: `source` itself, or for Markdown its `sib` blocks with all other characters blanked.

    A byte order mark is blanked too.
    """
    if not is_markdown(source):
        return _unmarked(source.text)
    kept: list[str] = []
    fence, inside = "", False
    for line in source.text.splitlines(keepends=True):
        match = _FENCE.match(line)
        if fence:
            closing = match and match[1].startswith(fence) and not match[2]
            kept.append(line if inside and not closing else _blank(line))
            if closing:
                fence, inside = "", False
        else:
            if match:
                fence, inside = match[1], match[2] == "sib"
            kept.append(_blank(line))
    return "".join(kept)


def is_markdown(source: Source) -> bool:
    """Whether the file's name says that it is Markdown."""
    return source.name.lower().endswith((".md", ".markdown"))


def _unmarked(text: str) -> str:
    return f" {text[1:]}" if text.startswith("\ufeff") else text


def _blank(line: str) -> str:
    return re.sub(r"[^\r\n]", " ", line)
