"""Cells of a worksheet that hold an error, or a formula that was never worked out: the readers of workbooks give a blank for both.

A blank may be worth money: a job without a last day goes on. So these cells are looked for in the workbook itself. Source of the
rules: records reference, 'Workbooks'.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO
from xml.etree.ElementTree import Element, ParseError
from zipfile import BadZipFile, ZipFile

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring, iterparse

from sibdsl.csvfile import Unreadable

#: Row number, from 1 -> column, from 0 -> what stands there.
CellTexts = dict[int, dict[int, str]]

#: What stands for a formula that was never worked out.
NOT_WORKED_OUT = "a formula that was never worked out"

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_PLACE = re.compile("([A-Z]+)([0-9]+)")


def cells_without_value(path: Path, sheet: str) -> CellTexts:
    """The cells of a sheet that have no value of their own, and the text that stands for each. Raises Unreadable."""
    try:
        with ZipFile(path) as archive:
            ods = path.suffix.lower() == ".ods"
            part, unworked = ("content.xml", False) if ods else _part(archive, sheet)
            with archive.open(part) as stream:
                if not _any(stream, (b":formula",) if ods else (b't="e"', b"t='e'", b"<f", b":f")):
                    return {}
            with archive.open(part) as stream:
                return _of_ods(stream, sheet) if ods else _of_xlsx(stream, unworked=unworked)
    except (BadZipFile, KeyError, ParseError, DefusedXmlException, EOFError, OSError, ValueError) as error:
        raise Unreadable("it is not a workbook, or it is damaged") from error


def _any(stream: IO[bytes], marks: tuple[bytes, ...]) -> bool:
    """Whether any of the marks stands in a stream: most sheets have neither formulas nor errors, and need no second reading."""
    before = b""
    while chunk := stream.read(1 << 20):
        before += chunk
        if any(mark in before for mark in marks):
            return True
        before = before[-16:]
    return False


# ------------------------------------------------------------------ .xlsx


def _part(archive: ZipFile, sheet: str) -> tuple[str, bool]:
    """The name of a sheet's part in the archive, and whether its formulas are still to be worked out when it is opened."""
    relations = fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    book = fromstring(archive.read("xl/workbook.xml"))
    # Programs that write workbooks say so, and leave a nought for what comes of each formula. A spreadsheet takes it out.
    unworked = any(
        entry.tag.endswith("}calcPr") and entry.get("fullCalcOnLoad") in ("1", "true")
        for entry in book.iter()
    )
    for entry in book.iter():
        if entry.tag in (f"{_MAIN}sheet", f"{_STRICT}sheet") and entry.get("name") == sheet:
            target = targets[entry.get(_RELATION) or entry.get(_STRICT_RELATION)]
            part = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
            return part, unworked
    raise KeyError(sheet)


def _of_xlsx(stream: IO[bytes], *, unworked: bool) -> CellTexts:
    texts: CellTexts = {}
    row = column = 0
    for event, element in iterparse(stream, ("start", "end")):
        kind = element.tag.rpartition("}")[2]
        if event == "start":
            if kind == "row":
                row, column = int(element.get("r") or row + 1), 0
            continue
        if kind == "c":
            place = _PLACE.fullmatch(element.get("r", ""))
            if place is not None:
                column = _column(place[1])
            text = _without_value(element, unworked=unworked)
            if text:
                texts.setdefault(row, {})[column] = text
            column += 1
        if kind == "row":
            element.clear()
    return texts


def _without_value(cell: Element, *, unworked: bool) -> str:
    parts = {part.tag.rpartition("}")[2]: part.text or "" for part in cell}
    if cell.get("t") == "e":
        return parts.get("v") or "#VALUE!"
    empty = not parts.get("v") and cell.get("t") not in ("str", "inlineStr", "s")
    if "f" in parts and (unworked or empty):
        return NOT_WORKED_OUT
    return ""


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


# ------------------------------------------------------------------ .ods


def _of_ods(stream: IO[bytes], sheet: str) -> CellTexts:
    texts: CellTexts = {}
    row = 0
    inside = False
    for event, element in iterparse(stream, ("start", "end")):
        if element.tag == f"{_TABLE}table":
            if event == "start":
                row, inside = 0, element.get(f"{_TABLE}name") == sheet
            elif inside:
                return texts
        if event == "end" and element.tag == f"{_TABLE}table-row":
            times = int(element.get(f"{_TABLE}number-rows-repeated") or 1)
            own = dict(_of_ods_row(element)) if inside else {}
            if own:
                texts.update({row + at: own for at in range(1, times + 1)})
            row += times
            element.clear()
    return texts


def _of_ods_row(row: Element) -> Iterator[tuple[int, str]]:
    column = 0
    for cell in row:
        times = int(cell.get(f"{_TABLE}number-columns-repeated") or 1)
        if cell.tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            text = _without_ods_value(cell)
            if text:
                yield from ((column + at, text) for at in range(times))
            column += times


def _without_ods_value(cell: Element) -> str:
    if cell.get(f"{_CALC}value-type") == "error":
        return "".join(cell.itertext()).strip() or "#VALUE!"
    kind = cell.get(f"{_OFFICE}value-type")
    if cell.get(f"{_TABLE}formula") and kind is None:
        return NOT_WORKED_OUT
    return ""
