"""The standard layout. Words are printed as they stand, so any block of the grammar can be laid out.

Source of the form: language reference, 'Layout'.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from attrs import define, field, frozen
from lark import Token

from sibdsl.diagnostics import Refused
from sibdsl.source import Source
from sibdsl.syntax.literate import contract_text, is_literate
from sibdsl.syntax.parser import parse, words
from sibdsl.syntax.tree import Block, Node
from sibdsl.syntax.vocabulary import label_of, vocabulary

#: A value that an author broke over lines is joined when it fits into this many columns.
WIDTH = 110
_FENCED = re.compile(
    r"(?ms)^(?P<open> {0,3}(?:`{3,}|~{3,})\s*sib[ \t]*\n)(?P<body>.*?)(?P<close>^ {0,3}(?:`{3,}|~{3,})[ \t]*$)"
)


#: A blank line just before a word.
_GAP = re.compile(r"\n[ \t]*\r?\n[ \t]*$")


@frozen
class Start:
    """A place where a line of the standard layout begins."""

    kind: str  # head, item, bare (a label that is not aligned), row, end
    depth: int
    label: int = 1


@define
class Line:
    """One line of the standard layout, in words. `breaks` are the words before which the author began a new line."""

    kind: str
    depth: int
    label: int = 1
    words: list[Token] = field(factory=list)
    breaks: list[int] = field(factory=list)
    remark: str = ""
    gap: bool = False
    group: int = 0


def format_text(source: Source) -> str:
    """The text in the standard layout: same words, same meaning. Raises Refused when it cannot be read."""
    if not is_literate(source.name):
        return _laid_out(source)
    parse(source)

    def fenced(match: re.Match[str]) -> str:
        try:
            body = _laid_out(Source(f"{source.name}.sib", match["body"]))
        except Refused:  # a block may run on in the next fence; it reads well only as a whole
            return match[0]
        return f"{match['open']}{body}{match['close']}"

    return _FENCED.sub(fenced, source.text)


def _laid_out(source: Source) -> str:
    text = contract_text(source)
    starts: dict[int, Start] = {}
    tokens = words(text, comments=True)
    plain = [token for token in tokens if token.type != "COMMENT"]
    for block in parse(source).blocks:
        _mark(block, 0, plain, starts)
    lines = _lines(text, tokens, starts)
    shown = "\n".join(_shown(lines)).strip("\n")
    return f"{shown}\n" if shown else ""


# ------------------------------------------------------------------ where lines begin


def _mark(block: Block, depth: int, tokens: list[Token], starts: dict[int, Start]) -> None:
    starts[block.span.start] = Start("head", depth)
    for item in block.items:
        if item.kind == "table":
            _mark_rows(item, depth + 1, starts)
            continue
        inner = [part for part in item.children if isinstance(part, Block)]
        table = item.node("table")
        bare = bool(inner) or table is not None
        starts[item.span.start] = Start("bare" if bare else "item", depth + 1, _label(item))
        if table is not None:
            _mark_rows(table, depth + 1, starts)
        for one in inner:
            _mark(one, depth + 1, tokens, starts)
    inside = [token for token in tokens if block.span.start <= (token.start_pos or 0) < block.span.end]
    close = len(block.kind.split()) + 1
    starts[inside[-close].start_pos or 0] = Start("end", depth)


def _mark_rows(table: Node, depth: int, starts: dict[int, Start]) -> None:
    for row in table.nodes():
        starts[row.span.start] = Start("row", depth)


#: Lines whose label goes on past the fixed words that the grammar begins them with.
_LONGER = {"per_person": 2, "one_route": 3}


def _label(item: Node) -> int:
    """How many words of a line are its label."""
    if item.kind in _LONGER:
        return _LONGER[item.kind]
    for kind in vocabulary().kinds.values():
        labels = kind.lines.get(item.kind)
        if labels:
            return len(label_of(labels[0]))
    return 1


# ------------------------------------------------------------------ words to lines


def _lines(text: str, tokens: list[Token], starts: dict[int, Start]) -> list[Line]:
    found: list[Line] = []
    last_row = 0
    group = 0
    for place, token in enumerate(tokens):
        offset = token.start_pos or 0
        start = starts.get(offset)
        gap = bool(_GAP.search(text[max(0, offset - 400) : offset]))
        if token.type == "COMMENT":
            _comment(found, tokens, place, starts, gap=gap)
            continue
        if start is not None:
            group += start.kind in ("head", "end", "bare")
            found.append(Line(start.kind, start.depth, start.label, gap=gap, group=group))
        line = next(one for one in reversed(found) if one.kind != "comment")
        if start is None and (token.line or 0) > last_row:
            line.breaks.append(len(line.words))
        last_row = (token.end_line or 0) - (1 if token.type == "_ROW_END" and token.endswith("\n") else 0)
        if token.type == "_ROW_END" and "--" in token:
            line.remark = token[token.index("--") :].strip()
        line.words.append(token)
    return found


def _comment(
    found: list[Line], tokens: list[Token], place: int, starts: dict[int, Start], *, gap: bool
) -> None:
    """Keep a comment at the end of the line it stands behind, or on a line of its own before what follows."""
    token = tokens[place]
    said = token.strip()
    before = tokens[place - 1] if place else None
    behind = before is not None and before.type != "COMMENT" and before.end_line == token.line
    line = next((one for one in reversed(found) if one.kind != "comment"), None)
    if behind and line is not None and not line.remark:
        line.remark = said
        return
    following = next((one for one in tokens[place:] if one.type != "COMMENT"), None)
    start = starts.get(following.start_pos or 0) if following is not None else None
    depth = start.depth + (start.kind == "end") if start is not None else 0
    own = Line("comment", depth, words=[token], gap=gap)
    if following is not None and start is None and line is not None:  # in the midst of a line: put before it
        own.depth = line.depth
        found.insert(found.index(line), own)
    else:
        found.append(own)


# ------------------------------------------------------------------ lines to text


def _shown(lines: list[Line]) -> Iterator[str]:
    columns = _columns(lines)
    widths = _widths(lines)
    last: Line | None = None
    for line in lines:
        if last is not None and _blank_between(last, line):
            yield ""
        yield from _one(line, columns, widths)
        last = line


def _blank_between(last: Line, line: Line) -> bool:
    if line.kind == "comment":
        return line.gap or (last.kind == "end" and line.depth == last.depth)
    if last.kind == "comment":
        return line.gap and line.kind in ("head", "bare")
    if line.kind == "head":
        return last.kind == "end"
    return line.kind == "bare" and last.kind == "end"


def _columns(lines: list[Line]) -> dict[int, int]:
    """For each line by its place, the column at which its block's values stand."""
    owner: dict[int, list[Line]] = {}
    stack: list[list[Line]] = []
    for line in lines:
        if line.kind == "head":
            stack.append([])
        elif line.kind == "end" and stack:
            stack.pop()
        elif line.kind == "item" and stack:
            stack[-1].append(line)
            owner[id(line)] = stack[-1]
    return {
        key: 2 * block[0].depth + max(len(_said(one.words[: one.label])) for one in block) + 2
        for key, block in owner.items()
    }


def _widths(lines: list[Line]) -> dict[int, list[int]]:
    """For each row by its place, the widths of its table's columns."""
    found: dict[int, list[int]] = {}
    table: list[Line] = []
    for line in [*lines, Line("end", 0)]:
        if line.kind == "row":
            table.append(line)
        elif line.kind != "comment":
            cells = [_cells(row) for row in table]
            wide = max((len(row) for row in cells), default=0)
            widths = [max((len(row[n]) for row in cells if n < len(row)), default=0) for n in range(wide)]
            found |= {id(row): widths for row in table}
            table = []
    return found


def _one(line: Line, columns: dict[int, int], widths: dict[int, list[int]]) -> Iterator[str]:
    indent = "  " * line.depth
    remark = f"  {line.remark}" if line.remark else ""
    if line.kind == "comment":
        yield indent + str(line.words[0]).rstrip()
    elif line.kind == "row":
        cells = _cells(line)
        padded = [cell.ljust(width) for cell, width in zip(cells, widths[id(line)], strict=False)]
        yield f"{indent}| {' | '.join(padded)} |{remark}"
    elif line.kind == "item" and len(line.words) > line.label:
        label = f"{indent}{_said(line.words[: line.label])}"
        column = columns[id(line)]
        whole = _said(line.words[line.label :])
        parts = [whole]
        if column + len(whole) > WIDTH:
            cuts = [0, *(cut for cut in line.breaks if cut > line.label), len(line.words)]
            cuts[0] = line.label
            parts = [_said(line.words[a:b]) for a, b in pairwise(cuts) if b > a]
        yield label.ljust(column) + parts[0] + (remark if len(parts) == 1 else "")
        for number, part in enumerate(parts[1:], start=2):
            yield " " * column + part + (remark if number == len(parts) else "")
    else:
        yield indent + _said(line.words) + remark


def _cells(row: Line) -> list[str]:
    cells: list[list[Token]] = []
    for token in row.words:
        if token.type in ("_ROW", "_BAR"):
            cells.append([])
        elif token.type != "_ROW_END":
            cells[-1].append(token)
    return [_said(cell) for cell in cells]


def _said(tokens: list[Token]) -> str:
    """Words with one space between, none before a comma or inside brackets, and thousands grouped."""
    text = ""
    for token in tokens:
        word = _grouped(token)
        if text and word not in (",", ")") and not text.endswith("("):
            text += " "
        text += word
    return text


def _grouped(token: Token) -> str:
    if token.type not in ("MONEY", "INT"):
        return " ".join(token.split()) if token.type == "OUTPUTS_AND_OUTCOMES" else str(token)
    sign = token[0] if token.type == "MONEY" else ""
    whole, point, rest = token[len(sign) :].partition(".")
    return f"{sign}{int(whole.replace(',', '')):,}{point}{rest}"
