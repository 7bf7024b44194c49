"""A tree of a text that does not parse, for editors: the blocks that can be read, and every finding."""

from __future__ import annotations

from collections.abc import Sequence

from sibdsl.diagnostics import Diagnostic, Refused
from sibdsl.source import Source
from sibdsl.syntax.advice import advise
from sibdsl.syntax.literate import contract_text
from sibdsl.syntax.parser import parse, parse_part
from sibdsl.syntax.recover import whole_blocks
from sibdsl.syntax.tree import File

#: How many blocks that were taken for whole are left out, one after another, before no tree is given.
_MOST = 20


def parse_all(source: Source) -> tuple[File, tuple[Diagnostic, ...]]:
    """The tree of a text, with every finding that keeps it from being read; none where it reads.

    Of a broken text the tree has the blocks that can be read by themselves, at their own places; none where the text is too
    large to be read, or is none of a contract.
    """
    try:
        return parse(source), ()
    except Refused as refused:
        findings = tuple(refused.found)
    try:
        text = contract_text(source)
        return _readable(source, text, whole_blocks(source, text, advise)), findings
    except Refused:
        return File(source, ()), findings


def _readable(source: Source, text: str, spans: Sequence[tuple[int, int]]) -> File:
    """The tree of the stretches of text that read as whole blocks."""
    left = list(spans)
    for _ in range(_MOST):
        made = parse_part(source, _only(text, left))
        if isinstance(made, File):
            return made
        # The block in which reading stops, or the last one before that place.
        before = [span for span in left if span[0] <= made]
        if not before:
            break
        left.remove(before[-1])
    return File(source, ())


def _only(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with blanks for all but these stretches, so that every place in it stays."""
    parts: list[str] = []
    at = 0
    for start, end in (*spans, (len(text), len(text))):
        parts.append("".join(char if char == "\n" else " " for char in text[at:start]))
        parts.append(text[start:end])
        at = end
    return "".join(parts)
