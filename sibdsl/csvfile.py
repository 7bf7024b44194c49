"""CSV files, whatever they hold: their encoding, their delimiter, their heading row, and their rows one by one.

The one reader of such files: records, quantities and plans all go through it. It counts too, so that a faster reading
can be checked against it. Source of the rules: records reference, 'Files'.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

from attrs import define, field, frozen

from sibdsl.diagnostics import same
from sibdsl.files import encoding
from sibdsl.plainform import ENDS, plain

#: The delimiters looked for, the likeliest first.
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}

_CHUNK = 1 << 20
_LONGEST_LINE = 4 << 20
#: Stands after the last line: read as a row of its own unless a quotation mark is still open.
_END = "\x00end\x00"
#: Joins the cells of a row beyond its last column.
_UNIT = "\x1f"


class Unreadable(Exception):
    """A file that cannot be read; the text says why, as the end of a sentence about the file."""


class NoHeadings(Exception):
    """A file without a heading row."""


@define
class Tally:
    """How many there are of each character that gives a CSV file its shape."""

    delimiters: dict[str, int] = field(factory=lambda: dict.fromkeys(DELIMITERS, 0))
    newlines: int = 0
    returns: int = 0
    return_newlines: int = 0
    quotes: int = 0
    #: Ends of pages and the like, which are neither a space nor an end of a line.
    feeds: int = 0
    length: int = 0
    ends_line: bool = True
    ascii: bool = True

    def add(self, chunk: bytes) -> None:
        """Count a chunk, which must not part a carriage return from its newline."""
        for delimiter in self.delimiters:
            self.delimiters[delimiter] += chunk.count(delimiter.encode())
        self.newlines += chunk.count(b"\n")
        self.returns += chunk.count(b"\r")
        self.return_newlines += chunk.count(b"\r\n")
        self.quotes += chunk.count(b'"')
        self.feeds += chunk.count(b"\v") + chunk.count(b"\f")
        self.length += len(chunk)
        self.ends_line = chunk.endswith(b"\n")
        self.ascii = self.ascii and chunk.removeprefix(codecs.BOM_UTF8).isascii()


@frozen
class CsvFile:
    """A CSV file ready to be read: in UTF-8 at `path`, its headings on the last of the first `skip` lines.

    `headings` are in plain form; `respelt` are the places of those that were not. `rest` counts what comes after the
    headings. `careful` files cannot be read but by `rewrite`. `converted` ones had to be taken for Windows-1252.
    """

    path: Path
    headings: tuple[str, ...]
    respelt: tuple[int, ...]
    delimiter: str
    skip: int
    rest: Tally
    careful: bool
    converted: bool

    @property
    def ends(self) -> str:
        """What may stand around a cell that does not belong to it: one character is looked for faster than six."""
        tabs = self.delimiter != "\t" and self.rest.delimiters["\t"]
        return ENDS if self.careful or tabs or self.rest.quotes or self.rest.feeds else " "

    @property
    def lines(self) -> int:
        """Lines after the headings."""
        return self.rest.newlines + (0 if self.rest.ends_line else 1)


@frozen
class CsvRow:
    """One row under the headings: its number (the first is 1), the line of the file that it ends on, and its cells as read."""

    number: int
    line: int
    cells: list[str]


def inspect(path: Path, wanted: Iterable[str], temporary: Path) -> CsvFile:
    """Look at a CSV file without reading its rows. `wanted` are the headings by which the delimiter is found.

    Raises:
        Unreadable: it cannot be opened, is a folder, holds NUL bytes, or is text in no known encoding.
        NoHeadings: it is empty or has only blank lines.
    """
    try:
        if path.is_dir():
            raise Unreadable("it is a folder")
        readable, tally, converted = _in_utf8(path, temporary)
        if tally.length == 0:
            raise NoHeadings
        return _with_headings(readable, tally, set(map(same, wanted)), converted=converted)
    except PermissionError as error:
        raise Unreadable("permission is denied") from error
    except OSError as error:
        raise Unreadable((error.strerror or str(error)).lower()) from error


def _in_utf8(path: Path, temporary: Path) -> tuple[Path, Tally, bool]:
    """The file in UTF-8, its tally, and whether it had to be taken for Windows-1252."""
    with path.open("rb") as stream:
        start = stream.read(4)
    if encoding(start) == "utf-16":
        path = _transcoded(path, "utf-16", temporary)
    try:
        return path, _tally(path), False
    except UnicodeDecodeError:
        path = _transcoded(path, "cp1252", temporary)
    return path, _tally(path), True


def _tally(path: Path) -> Tally:
    tally = Tally()
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            if chunk.endswith(b"\r"):
                chunk += stream.read(1)
            if b"\x00" in chunk:
                raise Unreadable(
                    "it holds NUL bytes, so it is not a text file (or one in UTF-16 without its mark)"
                )
            decoder.decode(chunk)
            tally.add(chunk)
        decoder.decode(b"", final=True)
    return tally


def _transcoded(path: Path, held: str, temporary: Path) -> Path:
    made = _new(temporary)
    try:
        with (
            path.open(encoding=held, newline="") as stream,
            made.open("w", encoding="utf-8", newline="") as out,
        ):
            while chunk := stream.read(_CHUNK):
                out.write(chunk)
    except UnicodeError as error:
        name = "UTF-16" if held == "utf-16" else "UTF-8 or Windows-1252"
        raise Unreadable(f"it is not text in {name}") from error
    return made


def _new(temporary: Path) -> Path:
    return temporary / f"text-{len(list(temporary.glob('text-*')))}.csv"


def _with_headings(path: Path, tally: Tally, wanted: set[str], *, converted: bool) -> CsvFile:
    tries = [(delimiter, *_first_row(path, delimiter)) for delimiter in DELIMITERS]
    # The first of the best: a file with one column has the same heading under each delimiter.
    delimiter, headings, lines = max(tries, key=lambda attempt: len(wanted & set(map(same, attempt[1]))))
    head = Tally()
    head.add("".join(lines).encode())
    rest = Tally(
        {mark: count - head.delimiters[mark] for mark, count in tally.delimiters.items()},
        tally.newlines - head.newlines,
        tally.returns - head.returns,
        tally.return_newlines - head.return_newlines,
        tally.quotes - head.quotes,
        tally.feeds - head.feeds,
        tally.length - head.length,
        tally.ends_line or tally.newlines == head.newlines == 0,
        tally.ascii,
    )
    named = tuple(map(plain, headings))
    respelt = tuple(
        at
        for at, (plain_heading, heading) in enumerate(zip(named, headings, strict=True))
        if plain_heading != heading
    )
    careful = (
        len(headings) == 1
        or tally.returns != tally.return_newlines
        or any(line.strip() for line in lines[:-1])
        or rest.quotes % 2 == 1
    )
    return CsvFile(path, named, respelt, delimiter, len(lines), rest, careful, converted)


def _first_row(path: Path, delimiter: str) -> tuple[tuple[str, ...], list[str]]:
    """The first row that is not blank, and all lines up to its end."""
    taken: list[str] = []
    with path.open(encoding="utf-8-sig", newline="") as stream:

        def kept() -> Iterator[str]:
            for line in _lines(stream):
                taken.append(line)
                yield line

        try:
            for row in csv.reader(kept(), delimiter=delimiter, skipinitialspace=True):
                if any(plain(cell) for cell in row):
                    return tuple(cell.strip(ENDS) for cell in row), taken
        except csv.Error as error:
            raise Unreadable("its first row is not a row of a CSV file") from error
    raise NoHeadings


def rows(file: CsvFile) -> Iterator[CsvRow]:
    """The rows under the headings, one by one. Blank lines are left out and are no rows.

    Raises:
        Unreadable: a quotation mark is never closed, or a cell is impossibly long.
    """
    width = len(file.headings)
    number = 0
    with file.path.open(encoding="utf-8-sig", newline="") as stream:
        for _ in range(file.skip):
            stream.readline()
        reader = csv.reader(_ended(stream), delimiter=file.delimiter, skipinitialspace=True)
        try:
            for cells in reader:
                if cells == [_END]:
                    return
                if not cells or (len(cells) == 1 and width > 1 and not cells[0].strip()):
                    continue
                number += 1
                yield CsvRow(number, file.skip + reader.line_num, cells)
        except csv.Error as error:
            raise Unreadable(
                f"row {number + 1} has a cell too long to be one: a quotation mark may not be closed"
            ) from error
    raise Unreadable(f"a quotation mark opened in row {number} is never closed")


def odd(file: CsvFile, row: CsvRow) -> str:
    """What is wrong with the number of cells of a row, '' where it has one for each heading."""
    if len(row.cells) == len(file.headings):
        return ""
    return f"{len(row.cells)} cells in the row, {len(file.headings)} in the heading row"


def rewrite(file: CsvFile, temporary: Path) -> tuple[Path, int]:
    """The rows again, one by one, into a plain CSV file as `write_plainly` has it. Raises Unreadable as `rows` does."""
    return write_plainly((row.cells for row in rows(file)), len(file.headings), temporary)


def write_plainly(every: Iterable[Sequence[str]], width: int, temporary: Path) -> tuple[Path, int]:
    """Rows of any origin as a plain CSV file in UTF-8 without headings, and how many there are. `width` is the headings'.

    Each row has: its number of cells where that is not the number of headings, else nothing; the number of headings
    likewise; any cells beyond the last heading, joined; and a cell for each heading.
    """
    path = _new(temporary)
    count = 0

    def plainly() -> Iterator[list[str]]:
        nonlocal count
        for cells in every:
            count += 1
            more = _UNIT.join(map(plain, cells[width:]))
            shape = [str(len(cells)), str(width), more] if len(cells) != width else ["", "", ""]
            # The engine's reader takes one kind of line end; see also measure/reading_files.py.
            yield [
                *(cell.replace("\r\n", "\n").replace("\r", "\n") for cell in [*shape, *cells[:width]]),
                *[""] * (width - len(cells)),
            ]

    with path.open("w", encoding="utf-8", newline="") as out:
        write(out, plainly(), quoted=True)
    return path, count


def write(stream: TextIO, table: Iterable[Sequence[object]], *, quoted: bool = False) -> None:
    """Rows as this program writes CSV: commas, plain line ends, every cell in quotation marks if `quoted`."""
    plain_rows = csv.writer(
        stream, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL, lineterminator="\n"
    )
    plain_rows.writerows(table)


def _ended(stream: TextIO) -> Iterator[str]:
    yield from _lines(stream)
    yield _END


def _lines(stream: TextIO) -> Iterator[str]:
    """The lines of a file, none of which may be without end. Raises csv.Error for one that is."""
    while line := stream.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE and not line.endswith(("\n", "\r")):
            raise csv.Error("a line is too long")
        yield line
