"""The same rows from every kind of source: identical quantities, statuses, reasons and places of rows.

Rows are invalid, padded, repeated, and hold characters that cannot be seen. Each source gives them as texts, and once more in types.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
from hypothesis import assume, given
from hypothesis import strategies as st

from sibdsl.diagnostics import Refused
from sibdsl.measure import measure
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import Settings
from sibdsl.project.tables import TableInFiles
from sibdsl.records import MappedRecords, RecordsPlace, TablesInMemory, let_go
from sibdsl.records.sources.databases import DatabaseRecords, Session
from tests.measure import forms
from tests.measure.models import AS_OF, HEADINGS, TABLES, Maker
from tests.measure.reference import Part
from tests.records import databases, workbooks
from tests.records.databases import database, server

__all__ = ["database", "server"]

Tables = Mapping[str, Part]
#: What a cell may be padded with, seen or not, and still read as it does without.
PADDING = (" ", "\u00a0", "\u200b", "\u2003", "\t")
#: The numbers of rows of a sheet begin with the headings.
HEADING_ROWS = {"workbook": 1}
TYPES = {"JOINED ON": "DATE", "started_on": "DATE", "ended_on": "DATE", "cost": "NUMERIC(18, 9)"}


def _dirty(make: Maker, cell: str) -> str:
    if make.likely(8):
        cell = unicodedata.normalize("NFD", cell)
    if make.likely(8):
        cell = make.one(PADDING) + cell + make.one(PADDING)
    return cell


def _rows(make: Maker, records: str) -> list[tuple[str, ...]]:
    rows = [tuple(_dirty(make, cell) for cell in row) for row in make.rows(TABLES[records])]
    # A row with nothing in it is no row of a sheet.
    return [row for row in rows if any(cell.strip("".join(PADDING)) for cell in row)]


# ------------------------------------------------------------------ the kinds of sources


def _csv(folder: Path, tables: Tables, _address: str, _types: Mapping[str, str]) -> RecordsPlace:
    forms.write(folder, {name: [part] for name, part in tables.items()}, quoting=1)
    return folder


def _parquet(folder: Path, tables: Tables, _address: str, types: Mapping[str, str]) -> RecordsPlace:
    for name, part in tables.items():
        forms.write_parquet(folder / f"{forms.file_name(name)}.parquet", part, types)
    return folder


def _workbook(folder: Path, tables: Tables, _address: str, types: Mapping[str, str]) -> RecordsPlace:
    sheets: dict[str, list[list[workbooks.CellValue]]] = {
        name: [
            list(part.headings),
            *(
                [_typed(cell, types.get(head, "")) for head, cell in zip(part.headings, row, strict=True)]
                for row in part.rows
            ),
        ]
        for name, part in tables.items()
    }
    return workbooks.xlsx(folder / "records.xlsx", sheets)


def _typed(cell: str, kind: str) -> workbooks.CellValue:
    if kind == "DATE" and cell and date.fromisoformat(cell).year >= 1900:
        return date.fromisoformat(cell)
    return float(cell) if kind.startswith("NUMERIC") and cell else cell


def _stored(tables: Tables, types: Mapping[str, str]) -> databases.Tables:
    """The tables as a database holds them, with a number by which a query puts the rows in their order."""
    return {
        forms.file_name(name): (
            [("at", "integer"), *((head, types.get(head, "text")) for head in part.headings)],
            [
                [at, *(cell if cell or head not in types else None for head, cell in zip(part.headings, row, strict=True))]
                for at, row in enumerate(part.rows)
            ],
        )
        for name, part in tables.items()
    }  # fmt: skip


def _queries(tables: Tables) -> dict[str, TableInFiles]:
    return {
        name: TableInFiles(
            query="select {} from {} order by at".format(
                ", ".join(f'"{head}"' for head in part.headings), forms.file_name(name)
            )
        )
        for name, part in tables.items()
    }


def _sqlite(folder: Path, tables: Tables, _address: str, types: Mapping[str, str]) -> RecordsPlace:
    held = databases.sqlite(folder / "records.db", _stored(tables, types))
    return MappedRecords(DatabaseRecords(Session(held)), _queries(tables))


def _postgresql(_folder: Path, tables: Tables, address: str, types: Mapping[str, str]) -> RecordsPlace:
    held = databases.postgresql(address, _stored(tables, types))
    return MappedRecords(DatabaseRecords(Session(held)), _queries(tables))


def _in_memory(folder: Path, tables: Tables, _address: str, types: Mapping[str, str]) -> RecordsPlace:
    _parquet(folder, tables, _address, types)
    connection = duckdb.connect()
    # A relation of DuckDB knows its length and speaks the Arrow protocol, as a frame of pandas or Polars does.
    return TablesInMemory(
        {name: connection.read_parquet(str(folder / f"{forms.file_name(name)}.parquet")) for name in tables}
    )


Given = Callable[[Path, Tables, str, Mapping[str, str]], RecordsPlace]
SOURCES: dict[str, Given] = {
    "parquet": _parquet,
    "workbook": _workbook,
    "sqlite": _sqlite,
    "postgresql": _postgresql,
    "in memory": _in_memory,
}


def _answer(
    contract: Contract, values: Settings, place: RecordsPlace, as_of: date, headings: int
) -> dict[str, object]:
    """All that is said of rows but for the names of files; or the codes of a refusal."""
    try:
        with measure(contract, values, place, as_of) as found:
            shown = sorted({row.source for row in found.rows()}, key=len, reverse=True)

            def plainly(text: str) -> str:
                for source in shown:
                    text = text.replace(source, "it")
                return re.sub(r"\brow (\d+)", lambda number: f"row {int(number[1]) - headings}", text)

            return {
                "quantities": [(one.segment, one.metric, one.band, one.number) for one in found.quantities],
                "claims": sorted(
                    (one.segment.days.start, one.metric, one.band, one.person, one.day, one.row - headings)
                    for one in found.claims(stated_only=False)
                ),
                "rows": [
                    (
                        row.records,
                        row.row - headings,
                        row.status,
                        plainly(row.reason),
                        _less(row.of_row, headings),
                    )
                    for row in found.rows()
                ],
                "warnings": sorted(one.code for one in found.warnings),
            }
    except Refused as refused:
        return {"refused": sorted(one.code for one in refused.found)}
    finally:
        let_go(place)


def _less(of_row: str, headings: int) -> str:
    return re.sub(r"(\d+)$", lambda number: str(int(number[1]) - headings), of_row)


def _agree(make: Maker, tables: Tables, address: str, types: Mapping[str, str]) -> None:
    contract, as_of = make.contract(), make.one(AS_OF)
    values = make.settings(contract)
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "csv").mkdir()
        expected = _answer(contract, values, _csv(folder / "csv", tables, "", {}), as_of, 0)
        assume("rows" in expected)
        for kind, given_by in SOURCES.items():
            (folder / kind).mkdir()
            place = given_by(folder / kind, tables, address, types)
            found = _answer(contract, values, place, as_of, HEADING_ROWS.get(kind, 0))
            assert found == expected, kind


@forms.hypothesis(Fraction(6, 25))
@given(st.integers(0, 10**9))
def test_texts_read_the_same_from_every_source(database: str, seed: int) -> None:
    make = Maker(seed)
    tables = {
        name: Part(f"{forms.file_name(name)}.csv", tuple(headings), tuple(_rows(make, name)))
        for name, headings in HEADINGS.items()
    }
    _agree(make, tables, database, {})


@forms.hypothesis(Fraction(3, 25))
@given(st.integers(0, 10**9))
def test_days_and_numbers_read_the_same_from_every_source(database: str, seed: int) -> None:
    make = Maker(seed)
    tables = {
        name: _held(Part(f"{forms.file_name(name)}.csv", tuple(headings), tuple(_rows(make, name))))
        for name, headings in HEADINGS.items()
    }
    _agree(make, tables, database, TYPES)


def _held(part: Part) -> Part:
    """The rows that columns of those types can hold, as a spreadsheet can too: no day before 1900."""
    kinds = {head: "DOUBLE" if kind.startswith("NUMERIC") else kind for head, kind in TYPES.items()}
    kept = forms.typed(part, {head: kind for head, kind in kinds.items() if head in part.headings})
    days = [at for at, head in enumerate(kept.headings) if TYPES.get(head) == "DATE"]
    rows = [row for row in kept.rows if all(not row[at].strip() or "1900" < row[at] < "9000" for at in days)]
    return Part(kept.shown, kept.headings, tuple(rows))
