"""The lines of a file that a finding speaks of, with what it means underlined."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from attrs import frozen

from sibdsl.diagnostics.diagnostic import Diagnostic, Label
from sibdsl.diagnostics.screen import cells, cut, safe, width, wrap
from sibdsl.source import Source, Span

Paint = Callable[[str, str], str]
"""Puts a text into the style of that name; gives it back unchanged where there is no colour."""

#: What a row of a table leaves at its ends: no part of what is meant.
_EDGES = " \t\r\n|"
#: A span of more lines than this is shown by its first and last ones.
_LONG = 4


def tight(span: Span, source: Source) -> Span:
    """The span without blanks, line ends and the bars of a table at its ends; itself where nothing else is left."""
    text = source.text
    start, end = min(span.start, len(text)), min(span.end, len(text))
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    return source.span(start, end) if start < end else span


def _within(span: Span, source: Source) -> Span:
    """The span, or the end of the last line for one that begins after it."""
    last = len(source.lines)
    if span.line <= last:
        return span
    column = len(source.lines[-1]) + 1
    return Span(span.file, last, column, last, column, span.start, span.end)


@frozen
class Mark:
    """One underlined place: which lines, from which column to which, and what stands beside it."""

    span: Span
    text: str
    sign: str

    @property
    def lines(self) -> range:
        """Numbers of the lines underlined."""
        last = self.span.end_line - (self.span.end_column == 1 and self.span.end_line > self.span.line)
        return range(self.span.line, last + 1)


def place(finding: Diagnostic, sources: Mapping[str, Source], room: int, paint: Paint) -> list[str]:
    """The finding's own place and its labels, file by file."""
    by_file: dict[str, list[Mark]] = {}
    labels = [label for label in finding.labels if label.span.file]
    for placed_label, sign in ((Label(finding.span, finding.mark), "^"), *((label, "-") for label in labels)):
        if placed_label.span.file:
            source = sources.get(placed_label.span.file)
            span = (
                _within(tight(placed_label.span, source), source)
                if source and placed_label.span.line
                else placed_label.span
            )
            by_file.setdefault(span.file, []).append(Mark(span, safe(placed_label.text), sign))
    lines: list[str] = []
    for file, marks in by_file.items():
        line = f":{marks[0].span.line}" if marks[0].span.line else ""
        lines.append("  " + paint("place", f"{safe(file)}{line}"))
        source = sources.get(file)
        if source is None:
            lines.extend(f"    {mark.text}" for mark in marks if mark.text)
        elif marks[0].span.line:
            lines.extend(_shown(source, marks, room, paint))
    return lines


def _shown(source: Source, marks: list[Mark], room: int, paint: Paint) -> list[str]:
    wanted = _wanted(source, marks)
    digits = len(str(max(wanted)))
    lines: list[str] = []
    before = 0
    for number in sorted(wanted):
        if before and number > before + 1:
            lines.append("    " + paint("gutter", "." * min(3, max(2, digits))))
        before = number
        here = [mark for mark in marks if number in mark.lines]
        lines.extend(_line(source, number, digits, here, room, paint))
    return lines


def _wanted(source: Source, marks: list[Mark]) -> set[int]:
    """The lines to show: those underlined, and the line that makes a row readable: its headings, or the row above."""
    wanted: set[int] = set()
    total = max(1, len(source.lines))
    for mark in marks:
        numbers = [min(line, total) for line in mark.lines]
        if len(numbers) > _LONG:
            numbers = [*numbers[: _LONG - 2], numbers[-1]]
        wanted.update(numbers)
        first = numbers[0]
        if 1 <= first <= total and source.tables[first - 1]:
            wanted.add(source.tables[first - 1])
    return wanted


def _line(source: Source, number: int, digits: int, marks: list[Mark], room: int, paint: Paint) -> list[str]:
    text = source.lines[number - 1] if number <= len(source.lines) else ""
    shown, places = cells(text)
    space = max(20, room - digits - 6)
    begins = [_columns(mark, number, text, places) for mark in marks]
    start = _window(shown, begins, space)
    gutter = " " * (digits + 6)
    lines = [f"    {paint('gutter', f'{number:>{digits}}')}  {cut(shown, start, space)}".rstrip()]
    for mark, (first, last) in sorted(zip(marks, begins, strict=True), key=lambda pair: pair[1]):
        style = "mark" if mark.sign == "^" else "label"
        left, right = max(0, first - start), min(space, last - start)
        line = mark.sign * max(1, right - left)
        words = mark.text if number == mark.lines[-1] else ""
        lines.extend(_underlined(gutter, left, line, words, room, paint, style))
    return lines


def _underlined(
    gutter: str, left: int, line: str, words: str, room: int, paint: Paint, style: str
) -> list[str]:
    lead = gutter + " " * left
    if not words:
        return [lead + paint(style, line)]
    beside = len(lead) + len(line) + 1
    if beside + width(words) <= room:
        return [lead + paint(style, f"{line} {words}")]
    under = min(len(lead), max(len(gutter), room - min(width(words), 60)))
    return [
        lead + paint(style, line),
        *(paint(style, wrapped_line) for wrapped_line in wrap(words, room, " " * under)),
    ]


def _columns(mark: Mark, number: int, text: str, places: list[int]) -> tuple[int, int]:
    """First column underlined on this line, and the one after the last."""
    span = mark.span
    first = span.column - 1 if number == span.line else len(text) - len(text.lstrip())
    last = span.end_column - 1 if number == span.end_line else len(text.rstrip())
    first, last = min(first, len(text)), min(max(last, first), len(text))
    return places[first], max(places[last], places[first] + 1)


def _window(shown: str, marks: list[tuple[int, int]], space: int) -> int:
    """The first column to show of a line too long for the screen, so that what is underlined is seen."""
    if width(shown) <= space or not marks:
        return 0
    first, last = min(column for column, _ in marks), max(column for _, column in marks)
    if last <= space:
        return 0
    return max(0, min(first - 4, width(shown) - space))
