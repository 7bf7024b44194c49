"""Markdown whose fenced `sib` blocks are the contract; all else is blanked, so places stay the Markdown's.

Fences are those of CommonMark: three or more backquotes or tildes, at most three spaces in, closed by as many of the same.
What a reader could take for a block of the contract and is none is refused, since nothing of it would be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from attrs import define, frozen

from sibdsl.diagnostics import Diagnostic, Label
from sibdsl.source import Source, Span

#: A fence of backquotes has none in what follows it: those are words in a line.
_FENCE = re.compile(r"^( {0,3})(`{3,}(?=[^`]*$)|~{3,})[ \t]*(\S*)")
#: A mark that opens a `sib` block to the eye: further in, quoted, in a list, or with the word written otherwise.
_ALIKE = re.compile(
    r"^[\s>*+-]*(?:\d+[.)]\s+)?(?P<mark>`{3,}(?=[^`]*$)|~{3,})\s*[{.]*sib(?![\w-])", re.IGNORECASE
)
_COMMENT = re.compile(r"^ {0,3}<!--")


@frozen
class Fence:
    """What stands between the two marks of a `sib` block: its offsets, and the spaces before the opening mark."""

    start: int
    end: int
    indent: str


@frozen
class _Opened:
    """A fence that was opened: its marks, the spaces before them, the word after them, and where its line lies."""

    mark: str
    indent: str
    said: str
    start: int
    after: int


@define
class _Found:
    """What one pass over the lines finds."""

    fences: list[Fence]
    #: Lines that look like the beginning of a block and are none: from, to, why, and the fence that they stand in.
    missed: list[tuple[int, int, str, _Opened | None]]
    unclosed: _Opened | None = None


def is_literate(name: str) -> bool:
    """Whether a file of that name is Markdown."""
    return name.lower().endswith((".md", ".markdown"))


def fences(text: str) -> list[Fence]:
    """The `sib` blocks of a Markdown text, in order; one that is not closed runs to the end."""
    return _look(text).fences


def _look(text: str) -> _Found:
    found = _Found([], [])
    open_: _Opened | None = None
    hidden, at = False, 0
    for line in text.splitlines(keepends=True):
        match, after = _FENCE.match(line.rstrip("\r\n")), at + len(line)
        bare = line.rstrip()
        if open_ is not None:
            closes = match and match[2].startswith(open_.mark) and bare == match[1] + match[2]
            alike = _ALIKE.match(bare)
            if closes:
                if open_.said == "sib":
                    found.fences.append(Fence(open_.after, at, open_.indent))
                open_ = None
            elif alike and open_.said != "sib" and alike["mark"].startswith(open_.mark):
                found.missed.append((at, at + len(bare), "inside", open_))
        elif hidden or _COMMENT.match(line):
            if _ALIKE.match(bare):
                found.missed.append((at, at + len(bare), "hidden", None))
            hidden = "-->" not in line
        elif match:
            open_ = _Opened(match[2], match[1], match[3], at, after)
            if match[3] != "sib" and _ALIKE.match(bare):
                found.missed.append((at, at + len(bare), "written", None))
        elif _ALIKE.match(bare):
            found.missed.append((at, at + len(bare), "further in", None))
        at = after
    if open_ is not None:
        found.unclosed = open_
        if open_.said == "sib":
            found.fences.append(Fence(open_.after, at, open_.indent))
    return found


def not_read(source: Source) -> list[Diagnostic]:
    """What a Markdown file has instead of `sib` blocks, or beside them, that would not be read; none for other files."""
    if not is_literate(source.name):
        return []
    found = _look(source.text)
    told = list(_missed(source, found))
    if found.unclosed is not None and found.unclosed.said != "sib":
        told.append(_unclosed(source, found.unclosed))
    if not found.fences and not told:
        told.append(
            Diagnostic(
                "SIB0222",
                f"{source.name} holds no block fenced as `sib`, so there is no contract in it to read.",
                source.span(0, min(1, len(source.text))),
                mark="no `sib` block in this file",
                help="Put a line of three backquotes and the word `sib` above the blocks of the contract, and a line of three backquotes "
                "below them.",
            )
        )
    return told


#: Why a line that looks like the beginning of a `sib` block is none, and the way out.
_WHY = {
    "inside": (
        "This block stands inside another, which was opened above and not closed before it, so it would not be read.",
        "Close the block above with a line of its own marks; or give it more marks, if this one is only quoted in it.",
    ),
    "hidden": (
        "This block stands inside a comment of the Markdown, which no reader sees.",
        "Move it out of the comment, or leave out the word after the marks if it is no part of the contract.",
    ),
    "written": (
        "This block is not marked `sib`, in small letters and by itself, so it would not be read.",
        "Put the word `sib` by itself after the marks; or another word, if the block is no part of the contract.",
    ),
    "further in": (
        "This block begins too far in, or within a list or a quotation, so it would not be read.",
        "Begin the line with the marks, at most three spaces in.",
    ),
}


def _missed(source: Source, found: _Found) -> Iterator[Diagnostic]:
    for start, end, why, around in found.missed:
        message, way_out = _WHY[why]
        labels = () if around is None else (Label(_line(source, around), "opened here"),)
        yield Diagnostic(
            "SIB0223", message, source.span(start, end), mark="not read", help=way_out, labels=labels
        )


def _unclosed(source: Source, opened: _Opened) -> Diagnostic:
    return Diagnostic(
        "SIB0224",
        "This block of the Markdown is not closed, so all that follows belongs to it, and nothing of it is contract.",
        _line(source, opened),
        mark="not closed",
        help=f"Close it where it ends, with a line of {len(opened.mark)} {'tildes' if opened.mark[0] == '~' else 'backquotes'}.",
    )


def _line(source: Source, opened: _Opened) -> Span:
    text = source.text[opened.start : opened.after].rstrip()
    return source.span(opened.start, opened.start + len(text))


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
