"""Rows of records written out in an example. Source of the rules: language reference, 'Examples'."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

from sibdsl.csvfile import NoHeadings
from sibdsl.plainform import ENDS, plain
from sibdsl.records.sources import Desk, FewRows, Opened, TextRows

#: More are read as a file is: a statement that holds them all takes longer then.
_FEW = 200


@frozen
class WrittenOut:
    """A table as an example shows it: the table it belongs to, what row accounts call it, its headings and its rows.

    `spare` are headings of columns that it may leave out: they are blank in each row.
    """

    records: str
    shown: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    spare: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[Path, ...]:
        """None."""
        return ()

    def open(self, wanted: Sequence[str], desk: Desk) -> Opened:  # noqa: ARG002 -- as of every source
        """The headings and rows. Raises NoHeadings where there is none."""
        headings = [heading.strip(ENDS) for heading in (*self.headings, *self.spare)]
        named = tuple(map(plain, headings))
        if not any(named):
            raise NoHeadings
        rows = tuple((*map(_with_plain_line_ends, row), *[""] * len(self.spare)) for row in self.rows)
        respelt = sum(
            plain_heading != heading for plain_heading, heading in zip(named, headings, strict=True)
        )
        plainly = all(len(row) == len(named) and not any("\0" in cell for cell in row) for row in rows)
        few = plainly and len(rows) <= _FEW
        return Opened(named, FewRows(rows) if few else TextRows(lambda: iter(rows)), respelt)


def _with_plain_line_ends(cell: str) -> str:
    return cell.replace("\r\n", "\n").replace("\r", "\n")
