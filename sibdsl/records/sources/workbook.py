"""A worksheet of a workbook, `.xlsx` or `.ods`, as records. Source of the rules: records reference, 'Workbooks'.

A cell is what the workbook stores, not how it is formatted. What the workbook could not work out, or has not yet, is the text
that it shows there, never a blank.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from attrs import frozen

from sibdsl import size_limits
from sibdsl.csvfile import NoHeadings, Unreadable
from sibdsl.diagnostics import same
from sibdsl.english import listed
from sibdsl.plainform import plain
from sibdsl.records.sources import Desk, NumberedRow, NumberedRows, Opened

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

#: Endings of workbooks that are read.
ENDINGS = (".xlsx", ".xlsm", ".ods")
#: Rows from the top among which the headings are looked for.
_HEADINGS_WITHIN = 100
#: Digits that a spreadsheet keeps of a number.
_DIGITS = 15

CellValue: TypeAlias = float | str | bool | date | datetime | time | timedelta


@frozen
class WorkbookSource:
    """A worksheet: the table it belongs to, the workbook, what messages call it, and the sheet's name.

    Without a name the sheet is the one called as the table, or else the only one that can be seen.
    """

    records: str
    path: Path
    shown: str
    sheet: str = ""

    @property
    def files(self) -> tuple[Path, ...]:
        """The workbook."""
        return (self.path,)

    def open(self, wanted: Sequence[str], desk: Desk) -> Opened:  # noqa: ARG002 - the engine takes no part in it
        """Read the sheet and find its headings: the row that has most of those wanted. Raises Unreadable and NoHeadings."""
        from sibdsl.records.sources.worksheet_errors import cells_without_value

        workbook = opened(self.path)
        name = self.sheet or self._own_sheet(workbook)
        sheet = workbook.get_sheet_by_name(name)
        at, headings = _headings(sheet, wanted)
        first_column = sheet.start[1] if sheet.start else 0
        without_value = cells_without_value(self.path, name)

        def rows() -> Iterator[NumberedRow]:
            for number, values in enumerate(sheet.iter_rows(), 1):
                if number <= at:
                    continue
                texts = [_text(value) for value in values]
                types = [_type(value) for value in values]
                for place, text in without_value.get(number, {}).items():
                    if 0 <= place - first_column < len(texts):
                        texts[place - first_column] = text
                        types[place - first_column] = "VARCHAR"
                if any(plain(text) for text in texts):
                    yield NumberedRow(number, texts, types)

        above = [
            number for number, values in enumerate(_top(sheet), 1) if number < at and _may_be_a_record(values)
        ]
        named = tuple(map(plain, headings))
        respelt = sum(
            plain_heading != heading for plain_heading, heading in zip(named, headings, strict=True)
        )
        return Opened(named, NumberedRows(rows), respelt, above=tuple(above))

    def _own_sheet(self, workbook: CalamineWorkbook) -> str:
        seen = sheets(workbook)
        mine = [name for name in seen if same(name) == same(self.records)] or seen
        if len(mine) == 1:
            return mine[0]
        raise Unreadable(
            f"none of its sheets is called {self.records}: it has {listed(seen)}"
            if seen
            else "it has no worksheet"
        )


def opened(path: Path) -> CalamineWorkbook:
    """A workbook. Raises Unreadable for what is none, is protected, or unpacks to more than is read."""
    from zipfile import BadZipFile, ZipFile

    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        if path.is_dir():
            raise Unreadable("it is a folder")
        with ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except PermissionError as error:
        raise Unreadable("permission is denied") from error
    except BadZipFile as error:
        raise Unreadable("it is not a workbook, is damaged, or is protected by a password") from error
    except OSError as error:
        raise Unreadable((error.strerror or str(error)).lower()) from error
    if size > size_limits.WORKBOOK:
        raise Unreadable(f"it unpacks to more than {size_limits.WORKBOOK:,} bytes, the most that is read")
    try:
        return CalamineWorkbook.from_path(path)
    except PasswordError as error:
        raise Unreadable("it is protected by a password") from error
    except (CalamineError, OSError) as error:
        raise Unreadable("it is not a workbook, or it is damaged") from error


def sheets(workbook: CalamineWorkbook) -> list[str]:
    """The names of the worksheets that can be seen, in their order."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    return [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
    ]


def _top(sheet: CalamineSheet) -> Iterator[list[CellValue]]:
    for number, values in enumerate(sheet.iter_rows(), 1):
        if number > _HEADINGS_WITHIN:
            return
        yield list(values)


def _may_be_a_record(values: Sequence[CellValue]) -> bool:
    """Whether a row above the headings is more than a title, which is one cell."""
    return sum(bool(plain(_text(value))) for value in values) > 1


def _headings(sheet: CalamineSheet, wanted: Sequence[str]) -> tuple[int, tuple[str, ...]]:
    """The number of the row of headings, and its cells. Raises NoHeadings for a sheet that is blank."""
    keys = set(map(same, wanted))
    # Where none is there, a row of several cells rather than a title.
    best: tuple[tuple[int, bool], int, tuple[str, ...]] = ((-1, False), 0, ())
    for number, values in enumerate(_top(sheet), 1):
        # A heading may be broken over lines.
        texts = tuple(" ".join(_text(value).split()) for value in values)
        fitting = len(keys & set(map(same, texts)))
        filled = sum(bool(plain(text)) for text in texts)
        score = (fitting, not fitting and filled > 1)
        if filled and score > best[0]:
            if best[0][0] > 1:
                raise Unreadable(
                    f"rows {best[1]} and {number} could both be its headings: a sheet holds one table"
                )
            best = (score, number, texts)
    if not best[1]:
        raise NoHeadings
    return best[1], best[2]


def _text(value: CellValue) -> str:
    """A cell as it would stand in a CSV file: days as YYYY-MM-DD, numbers in plain digits, yes and no."""
    match value:
        case str():
            return value
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
        case date() | time():
            return value.isoformat()
        case timedelta():
            minutes, seconds = divmod(int(value.total_seconds()), 60)
            return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
        case _:
            return _digits(value)


def _digits(value: float) -> str:
    """A number in the digits that a spreadsheet keeps; in powers of ten where it has lost some before the point."""
    if abs(value) >= 10**_DIGITS:
        return f"{value:.{_DIGITS}g}".upper()
    digits = format(Decimal(f"{value:.{_DIGITS}g}"), "f")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def _type(value: CellValue) -> str:
    """The type of a cell, by the names that engines have for types."""
    match value:
        case str():
            return "VARCHAR"
        case bool():
            return "BOOLEAN"
        case datetime():
            return "TIMESTAMP"
        case date():
            return "DATE"
        case time() | timedelta():
            return "TIME"
        case _:
            return "DOUBLE"
