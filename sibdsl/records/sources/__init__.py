"""Sources of records: where the rows of a table come from, and how they are had.

A new source is a file here with a class of the form of `Source`; a file of a folder is found by the ending of its name,
which stands in `FORMS` of `folder.py`. How rows are had is one of five: a CSV file and a typed file are read by the
engine itself, a few rows at hand stand in the statement that reads them, and anything else gives its rows one by one, as
texts, or numbered and with the types of their cells. What is measured, told and counted is the same whichever it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol, TypeAlias, runtime_checkable

from attrs import field, frozen

from sibdsl.csvfile import CsvFile


@frozen
class TypedFile:
    """A file whose columns have types, which the engine reads by itself: `types` are the engine's names of them."""

    path: Path
    types: tuple[str, ...]


@frozen
class TextRows:
    """Rows given one by one, each cell as text, '' for a blank: `each()` begins again at the first whenever it is called.

    A row may have more or fewer cells than there are headings; it is an invalid row then, with its reason.
    """

    each: Callable[[], Iterator[Sequence[str]]]


@frozen
class NumberedRow:
    """A row with the number that it has in its source: a cell for each heading as text, and the type of each, as engines name it.

    A cell of type VARCHAR was written as text; of any other it is the value as it would stand in a CSV file.
    """

    number: int
    cells: Sequence[str]
    types: Sequence[str]


@frozen
class NumberedRows:
    """Rows given one by one with their numbers, which rise: `each()` begins again at the first whenever it is called."""

    each: Callable[[], Iterator[NumberedRow]]


@frozen
class FewRows:
    """A few rows at hand, each with a cell for each heading, as text without NUL characters and with plain line ends, '' for a blank."""

    rows: tuple[tuple[str, ...], ...]

    @property
    def ascii(self) -> bool:
        """Whether no cell has a character beyond ASCII."""
        return all(cell.isascii() for row in self.rows for cell in row)


@runtime_checkable
class ArrowTable(Protocol):
    """A table that gives its rows by the Arrow C stream protocol, from the first whenever it is asked."""

    def __len__(self) -> int: ...

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


@frozen
class ArrowRows:
    """A table whose columns have types, which the engine reads where it lies: names as it has them, and the engine's names of types."""

    table: ArrowTable = field(eq=False, repr=False)
    names: tuple[str, ...]
    types: tuple[str, ...]


Rows: TypeAlias = CsvFile | TypedFile | TextRows | NumberedRows | FewRows | ArrowRows


@frozen
class Opened:
    """A source whose headings have been read: `headings` in plain form, `respelt` how many were not.

    `converted` says that its text was in no known encoding and had to be taken for Windows-1252. `above` are the numbers of
    rows with something in them that stand above the headings and are not read.
    """

    headings: tuple[str, ...]
    rows: Rows
    respelt: int = 0
    converted: bool = False
    above: tuple[int, ...] = ()


class Desk(Protocol):
    """What a source can ask of the engine that will read it."""

    @property
    def folder(self) -> Path:
        """A folder for what need not last."""

    def parquet_columns(self, path: Path) -> tuple[tuple[str, str], ...]:
        """The columns of a Parquet file, each with its type. Raises Unreadable for what is none."""

    def arrow_columns(self, table: ArrowTable) -> tuple[tuple[str, str], ...]:
        """The columns of a table in memory, each with its type. Raises Unreadable."""


class RecordSource(Protocol):
    """A part of a table's records. Parts of one table are read in their order, as if they were one.

    `records` is the table that it belongs to. `shown` is what messages and row accounts call it: a row is cited as
    `jobs.csv row 3`, counted from 1 under the headings unless its rows are numbered. `files` may not change while they are read.
    """

    @property
    def records(self) -> str: ...

    @property
    def shown(self) -> str: ...

    @property
    def files(self) -> tuple[Path, ...]: ...

    def open(self, wanted: Sequence[str], desk: Desk) -> Opened:
        """Read the headings; `wanted` are those that the contract declares.

        Raises Unreadable with the reason as the end of a sentence, and NoHeadings.
        """
