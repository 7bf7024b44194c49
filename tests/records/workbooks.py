"""Workbooks for tests: rows of plain values as `.xlsx`, and sheets of OpenDocument cells as `.ods`."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from zipfile import ZipFile

import xlsxwriter

#: A cell: text, a number, a day, yes or no, a formula with what it came to, or nothing.
CellValue = str | float | date | bool | tuple[str, str] | None

_NAMESPACES = " ".join(
    f'xmlns:{short}="urn:{long}"'
    for short, long in (
        ("office", "oasis:names:tc:opendocument:xmlns:office:1.0"),
        ("table", "oasis:names:tc:opendocument:xmlns:table:1.0"),
        ("text", "oasis:names:tc:opendocument:xmlns:text:1.0"),
        ("calcext", "org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"),
    )
)


def xlsx(path: Path, sheets: Mapping[str, Sequence[Sequence[CellValue]]], hidden: Sequence[str] = ()) -> Path:
    """Write a workbook with these sheets."""
    with xlsxwriter.Workbook(str(path)) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            if name in hidden:
                sheet.hide()
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    match cell:
                        case None | "":
                            pass
                        case tuple():
                            sheet.write_formula(row, column, cell[0], None, cell[1])
                        case bool():
                            sheet.write_boolean(row, column, cell)
                        case datetime() | date():
                            sheet.write_datetime(row, column, cell, day)
                        case str():
                            sheet.write_string(row, column, cell)
                        case _:
                            sheet.write_number(row, column, cell)
    return path


def worked_out(path: Path) -> Path:
    """The workbook as a spreadsheet saves it: what stands beside each formula is what comes of it."""
    with ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b' fullCalcOnLoad="1"', b"")
    with ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def typed(text: str) -> CellValue:
    """What a spreadsheet makes of a cell of a CSV file: days, numbers without noughts in front, text."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    if text.replace(".", "", 1).isdigit() and (text == "0" or not text.startswith("0")):
        return float(text)
    return text


def from_csv(folder: Path, path: Path, title: str = "") -> Path:
    """The CSV files of a folder as a workbook with a sheet for each, under a title if one is given, as a spreadsheet keeps them."""
    sheets: dict[str, list[list[CellValue]]] = {}
    for file in sorted(folder.glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as stream:
            rows = [[typed(cell) for cell in row] for row in csv.reader(stream)]
        sheets[file.stem] = [[title], [], *rows] if title else rows
    return xlsx(path, sheets)


def ods(path: Path, name: str, rows: str) -> Path:
    """Write a workbook with one sheet, whose rows are given in the form's own words."""
    table = f'<table:table table:name="{name}">{rows}</table:table>'
    body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    with ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        archive.writestr(
            "content.xml", f"<office:document-content {_NAMESPACES}>{body}</office:document-content>"
        )
    return path
