"""The standard layout. Words are printed as they stand, so any block of the grammar can be laid out.

The first and last line of a block stand at the margin, its lines two spaces in, with their values in one column; a
block that a variation adds or puts in place stands two spaces further in. Cells are padded. Lines, rows and comments
keep their order and their company.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise, zip_longest

from attrs import define, field, frozen

from sibdsl.currencies import parted
from sibdsl.diagnostics import Refused
from sibdsl.source import Source
from sibdsl.syntax.grammar_tables import LAST, LexedWord, items, machine
from sibdsl.syntax.literate import fences, is_literate
from sibdsl.syntax.parser import parse
from sibdsl.syntax.vocabulary import label_of, vocabulary

#: A value that its author broke over lines is joined when it fits into this many columns.
WIDTH = 110


def format_text(source: Source) -> str:
    """The text in the standard layout: the same words in the same order, so the same meaning; lines end with LF.

    Of Markdown only the `sib` blocks are laid out, each on its own: one that holds a part of a contract's block is left
    as it is. Raises Refused, with places in `source`, when the text cannot be read.
    """
    parse(source)
    text = source.text.removeprefix("\ufeff").replace("\r\n", "\n")
    if not is_literate(source.name):
        return _laid_out(text)
    kept: list[str] = []
    last = 0
    for fence in fences(text):
        body = text[fence.start : fence.end]
        kept += [text[last : fence.start], _alone(body, fence.indent)]
        last = fence.end
    return "".join([*kept, text[last:]])


def _alone(body: str, indent: str) -> str:
    """One `sib` block of a Markdown text, where it can be read without the others."""
    try:
        parse(Source("", body))
    except Refused:
        return body
    lines = _laid_out(body).splitlines(keepends=True)
    return "".join(f"{indent}{line}" if line.strip() else line for line in lines)


def _laid_out(text: str) -> str:
    said = items(text, comments=True)[:-1]
    lines = _lines(text, said, _starts([item for item in said if item.kind != "COMMENT"]))
    shown = "\n".join(_shown(lines)).strip("\n")
    return f"{shown}\n" if shown else ""


# ------------------------------------------------------------------ where lines begin


@frozen
class _Start:
    """What begins at a word: a block's head or end, a line with a label of so many words, a bare line, a row."""

    kind: str
    depth: int
    label: int = 0


def _starts(words: Sequence[LexedWord]) -> dict[int, _Start]:
    """What begins where, by offset."""
    phrases: list[tuple[str, int, int]] = []
    stack = machine().start
    for index, kind in enumerate([*(item.kind for item in words), LAST]):
        stack = machine().step(stack, kind, index, lambda *phrase: phrases.append(phrase)) or stack
    kinds = vocabulary().kinds
    blocks = [(first, end, kinds[rule]) for rule, first, end in phrases if rule in kinds]
    lines = {rule for kind in kinds.values() for rule in kind.lines}
    found: dict[int, _Start] = {}
    for rule, first, end in phrases:
        depth = sum(start <= first and end <= stop for start, stop, _ in blocks)
        if first < len(words) and not words[first].written:  # a cell that is a line stays in its row
            continue
        if rule in ("heading_row", "row"):
            found[words[first].start] = _Start("row", depth)
        elif rule in ("adds", "replaces"):
            found[words[first].start] = _Start("adds", depth)
        elif rule in ("given", "expect"):
            found[words[first].start] = _Start("bare", depth)
        elif rule in lines:
            found[words[first].start] = _Start("line", depth, _label(rule, words[first:end]))
    for first, end, block in blocks:
        depth = sum(start <= first and end <= stop for start, stop, _ in blocks) - 1
        if not first or words[first - 1].kind not in (
            "ADD",
            "REPLACE",
        ):  # they stand on one line with the head
            found[words[first].start] = _Start("head", depth)
        found[words[end - 1 - len(block.words)].start] = _Start("end", depth)
    return found


def _label(rule: str, words: Sequence[LexedWord]) -> int:
    """How many words of a line are its label."""
    if rule in ("per_person", "per_route"):
        return 2
    said = tuple(word.text for word in words)
    labels = {label_of(label) for kind in vocabulary().kinds.values() for label in kind.lines.get(rule, ())}
    return max(len(label) for label in labels if said[: len(label)] == label)


# ------------------------------------------------------------------ words and comments to lines


@define
class _Line:
    """One line of the standard layout. `parts` are its words as the author broke them, each with its comment."""

    start: _Start
    gap: bool
    parts: list[tuple[list[LexedWord], str]] = field(factory=list)

    @property
    def kind(self) -> str:
        return self.start.kind

    @property
    def words(self) -> list[LexedWord]:
        return [word for words, _ in self.parts for word in words]

    @property
    def label(self) -> str:
        return _said(self.words[: self.start.label])


def _lines(text: str, said: Sequence[LexedWord], starts: dict[int, _Start]) -> list[_Line]:
    lines: list[_Line] = []
    at = 0  # where in `found` a comment between the words of a line goes: before that line
    for index, item in enumerate(said):
        gap = text[said[index - 1].end if index else 0 : item.start].count("\n") > 1
        start = starts.get(item.start)
        if item.kind == "COMMENT":
            following = next(
                (lexed_word for lexed_word in said[index:] if lexed_word.kind != "COMMENT"), None
            )
            begins = starts.get(following.start) if following else _Start("end", -1)
            if not item.first and lines and lines[-1].parts:
                words, remark = lines[-1].parts[-1]
                lines[-1].parts[-1] = (words, f"{remark} {item.text}".strip())
            elif begins is None:
                depth = lines[at].start.depth + (lines[at].kind == "end")
                lines.insert(at, _Line(_Start("comment", depth), gap, [([], item.text)]))
                at += 1
            else:
                lines.append(
                    _Line(_Start("comment", begins.depth + (begins.kind == "end")), gap, [([], item.text)])
                )
            continue
        if start is not None:
            at = len(lines)
            lines.append(_Line(start, gap, [([], "")]))
        elif item.first:
            lines[-1].parts.append(([], ""))
        lines[-1].parts[-1][0].append(item)
    return lines


# ------------------------------------------------------------------ lines to text


def _shown(lines: Sequence[_Line]) -> Iterator[str]:
    columns, widths = _columns(lines), _widths(lines)
    for index, line in enumerate(lines):
        if index and _parted(lines, index):
            yield ""
        indent = "  " * line.start.depth
        if line.kind == "comment":
            yield indent + line.parts[0][1]
        elif line.kind == "row":
            cells = zip(_cells(line), widths[id(line)], strict=False)
            yield _with(
                f"{indent}| {' | '.join(cell.ljust(width) for cell, width in cells)} |", line.parts[-1][1]
            )
        elif line.kind == "line":
            yield from _labelled(line, indent, columns[id(line)])
        else:
            yield _with(indent + _said(line.words), " ".join(remark for _, remark in line.parts if remark))


def _parted(lines: Sequence[_Line], index: int) -> bool:
    """Whether an empty line stands before a line: between blocks, and where an author parted comments."""
    before, line = lines[index - 1], lines[index]
    if before.kind == "comment":
        return line.gap and line.kind in ("comment", "head", "adds")
    leads = next((line for line in lines[index:] if line.kind != "comment"), None)
    if before.kind == "end":
        return leads is None or leads.kind != "end" or (line.kind == "comment" and line.gap)
    if leads is not None and leads.kind == "adds":
        return before.kind != "head"
    return line.kind == "comment" and line.gap


def _columns(lines: Sequence[_Line]) -> dict[int, int]:
    """Where the values of each labelled line stand: one column for each block."""
    found: dict[int, int] = {}
    opened: list[list[_Line]] = []
    for line in lines:
        if line.kind in ("head", "adds"):
            opened.append([])
        elif line.kind == "line":
            opened[-1].append(line)
        elif line.kind == "end":
            block = opened.pop()
            column = max((2 * line.start.depth + len(line.label) + 2 for line in block), default=0)
            found |= {id(line): column for line in block}
    return found


def _widths(lines: Sequence[_Line]) -> dict[int, list[int]]:
    """How wide the columns are of the table that each row is in."""
    tables: list[list[_Line]] = [[]]
    for line in lines:
        if line.kind == "row":
            tables[-1].append(line)
        elif line.kind != "comment" and tables[-1]:
            tables.append([])
    found: dict[int, list[int]] = {}
    for table in tables:
        columns = zip_longest(*(_cells(row) for row in table), fillvalue="")
        widths = [max(map(len, column)) for column in columns]
        found |= {id(row): widths for row in table}
    return found


def _labelled(line: _Line, indent: str, column: int) -> Iterator[str]:
    """A line with its label; its value on one line where that fits and no comment parts it."""
    size = line.start.label
    values = [(words[max(0, size - before) :], remark) for before, words, remark in _counted(line)]
    whole = _said([word for words, _ in values for word in words])
    if not any(remark for _, remark in values[:-1]) and column + len(whole) <= WIDTH:
        values = [([word for words, _ in values for word in words], values[-1][1])]
    margin = f"{indent}{line.label}".ljust(column)
    for at in range(len(values) - 1, 0, -1):  # what is left of a label that was broken over lines
        if not values[at][0]:
            values[at - 1 : at + 1] = [(values[at - 1][0], f"{values[at - 1][1]} {values[at][1]}".strip())]
    if len(values) > 1 and values[0] == ([], ""):
        values.pop(0)
    for words, remark in values:
        yield _with((margin + _said(words)).rstrip(), remark)
        margin = " " * column


def _counted(line: _Line) -> Iterator[tuple[int, list[LexedWord], str]]:
    before = 0
    for words, remark in line.parts:
        yield before, words, remark
        before += len(words)


def _cells(row: _Line) -> list[str]:
    cuts = [at for at, word in enumerate(row.words) if word.kind in ("_ROW", "_BAR", "_ROW_END")]
    return [_said(row.words[first + 1 : end]) for first, end in pairwise(cuts)]


def _with(said: str, remark: str) -> str:
    return f"{said}  {remark}" if remark else said


def _said(words: Sequence[LexedWord]) -> str:
    """Words with one space between, none before a comma or inside brackets."""
    text = ""
    for item in words:
        if not item.written:
            continue
        word = _grouped(item.text) if item.kind == "MONEY" else item.text
        if item.kind == "OUTPUTS_AND_OUTCOMES":
            word = " ".join(word.split())
        text += word if not text or word in (",", ")") or text.endswith("(") else f" {word}"
    return text


def _grouped(money: str) -> str:
    """An amount with its thousands grouped: `£1350.50` as `£1,350.50`, `CHF 7000` as `CHF 7,000`."""
    figures = parted(money)[1]
    whole, point, rest = figures.replace(",", "").partition(".")
    head = len(whole) % 3 or 3
    parts = [whole[:head], *(whole[at : at + 3] for at in range(head, len(whole), 3))]
    return f"{money.removesuffix(figures)}{','.join(parts)}{point}{rest}"
