"""Cells that are lines: under a heading with which a line begins, a cell goes on with that line.

A row of a table of metrics is a metric, so any line of a metric may head a column. The heading `held` and the cell
`for 8 weeks from Started On` are read as the line `held for 8 weeks from Started On` is, by the same rule of the grammar:
the words of the heading are put before those of the cell, where they take no room. A new line of a metric needs nothing here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from attrs import define, field
from lark import Token

if TYPE_CHECKING:
    from sibdsl.syntax.line_headings import LineHeadings

#: The kind of block that each row of another kind's table is, by the word that begins the other; and what marks its lines.
ROWS = {"METRICS": ("metric", "_METRIC_LINE")}
#: The kind of block whose line a cell is, by what marks it.
MARKS = {mark: block for block, mark in ROWS.values()}
#: Cells that leave the line out.
LEFT_OUT = ("NONE", "ANY")
#: Before a word that begins a block, where it begins none: it ends or removes one, or heads a column.
_NO_BLOCK = ("END", "REMOVE", "_ROW", "_BAR")
#: What separates words, and is none.
_BETWEEN = ("WS", "COMMENT")


@define
class LinesInCells:
    """The words of one text, with those of a heading before each cell below it that is a line."""

    tokens: Iterator[Token]
    #: Asked for when the first table comes that may have such headings: most texts have none.
    headings: Callable[[], LineHeadings]
    #: A word that was looked at too early.
    ahead: deque[Token] = field(factory=deque)

    def read(self) -> Iterator[Token]:
        before = rows = ""
        columns: list[tuple[Token, ...]] | None = None
        ended = (rows, columns)
        while (token := self._next()) is not None:
            yield token
            sort = token.type
            if sort in _BETWEEN:
                continue
            if sort in ROWS and before not in _NO_BLOCK:
                rows, columns = sort, None
            elif sort == "END":
                ended = (rows, columns)
                rows, columns = "", None
            elif sort == "OF" and before == "END":  # of a window
                rows, columns = ended
            elif sort == "_ROW" and rows:
                cells = self._cells(token)
                if columns is None:
                    columns = [self._heading(rows, cell) for cell in cells]
                    cells = [
                        self._labelled(cell, column) for cell, column in zip(cells, columns, strict=True)
                    ]
                else:
                    marks = [*columns, *([()] * len(cells))]
                    cells = [
                        self._line(rows, cell, column) for cell, column in zip(cells, marks, strict=False)
                    ]
                for cell in cells:
                    yield from cell
            before = sort

    def _next(self) -> Token | None:
        return self.ahead.popleft() if self.ahead else next(self.tokens, None)

    def _cells(self, bar: Token) -> list[list[Token]]:
        """The words of the row that a bar opens, by cell; each cell but the last with the bar that closes it."""
        cells: list[list[Token]] = [[]]
        while (token := self._next()) is not None:
            if token.line != bar.line and token.type != "WS":  # the row has no closing bar
                self.ahead.append(token)
                break
            token.type = self.headings().sort(token)
            cells[-1].append(token)
            if token.type == "_ROW_END":
                break
            if token.type == "_BAR":
                cells.append([])
        return cells

    def _heading(self, rows: str, cell: list[Token]) -> tuple[Token, ...]:
        """The words of a heading that begins a line; none of any other."""
        said = _said(cell)
        return tuple(said) if said and self.headings().line(ROWS[rows][0], said) else ()

    def _labelled(self, cell: list[Token], heading: tuple[Token, ...]) -> list[Token]:
        if not heading:
            return cell
        first, last = heading[0], heading[-1]
        label = Token(
            "LABEL", " ".join(heading), first.start_pos, first.line, first.column,
            last.end_line, last.end_column, last.end_pos,
        )  # fmt: skip
        return [label, *(token for token in cell if token not in heading or token.type in _CLOSING)]

    def _line(self, rows: str, cell: list[Token], heading: tuple[Token, ...]) -> list[Token]:
        said = _said(cell)
        if not heading or not said or (len(said) == 1 and said[0].type in LEFT_OUT):
            return cell
        at = said[0]
        put = [(ROWS[rows][1], ""), *((word.type, str(word)) for word in heading)]
        unwritten = [
            Token(sort, letters, at.start_pos, at.line, at.column, at.line, at.column, at.start_pos)
            for sort, letters in put
        ]
        return [*unwritten, *cell]


_CLOSING = ("_BAR", "_ROW_END")


def _said(cell: list[Token]) -> list[Token]:
    return [token for token in cell if token.type not in (*_BETWEEN, *_CLOSING)]
