"""Source files and places in them. Lines and columns count from 1, as a person reads them."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from pathlib import Path

from attrs import field, frozen

from sibdsl.marks import one_line


@frozen(slots=False)
class Source:
    """A text as it was read: `name` is what messages call it, `text` its characters."""

    name: str
    text: str = field(repr=False)

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        for index, char in enumerate(self.text):
            if char == "\n":
                starts.append(index + 1)
        return starts

    @cached_property
    def lines(self) -> list[str]:
        """The lines without their ends; a last empty line is not one."""
        return [line.rstrip("\r") for line in self.text.removesuffix("\n").split("\n")]

    @cached_property
    def tables(self) -> list[int]:
        """For each line, the number of the first row of the table that it is a row of; 0 for a line of none."""
        found: list[int] = []
        for number, line in enumerate(self.lines, 1):
            row = line.lstrip().startswith("|")
            found.append((found[-1] if found and found[-1] else number) if row else 0)
        return found

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column (both from 1) of the character at `offset` (from 0)."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def span(self, start: int, end: int) -> Span:
        """The span of the characters from offset `start` up to, not including, `end`."""
        line, column = self.place(start)
        end_line, end_column = self.place(end)
        return Span(self.name, line, column, end_line, end_column, start, end)


@frozen(order=True)
class Span:
    """A stretch of one file: first character, and the character after the last, by line and column and by offset."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    start: int = 0
    end: int = 0

    def __str__(self) -> str:
        return f"{one_line(self.file)}:{self.line}"

    def to(self, other: Span) -> Span:
        """The span from the start of this one to the end of `other`."""
        return Span(
            self.file, self.line, self.column, other.end_line, other.end_column, self.start, other.end
        )

    def in_json(self) -> dict[str, object] | None:
        """The place as JSON holds it; a file alone where no line is known, None for no place."""
        if not self.file:
            return None
        if not self.line:
            return {"file": self.file}
        return {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "end_line": self.end_line,
            "end_column": self.end_column,
        }


NOWHERE = Span("", 0, 0, 0, 0)

#: A file by its path, or a text that was read already.
Text = str | Path | Source
