"""The engine's reader of CSV against Python's: any file is read cell for cell, or row by row."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import pytest
from attrs import evolve
from hypothesis import example, given
from hypothesis import strategies as st

from sibdsl import csvfile
from sibdsl.diagnostics import Problems, Refused
from sibdsl.measure import reading_files
from sibdsl.measure.engines.duckdb import DuckDB
from sibdsl.measure.plan import plan
from sibdsl.model.nodes import RecordColumn, Records
from sibdsl.model.parameters.in_force import Settings
from sibdsl.plainform import ENDS
from sibdsl.records import CsvSource
from sibdsl.records.sources import csv as csv_source
from tests.measure import forms
from tests.measure.by_hand import CONTRACT

AS_OF = date(2017, 3, 31)
TEXTS = Records(
    "Texts",
    "Text",
    (RecordColumn("Person ID", "person", blank_allowed=True), RecordColumn("B", "text", blank_allowed=True)),
)
ONLY_TEXTS = evolve(CONTRACT, records=(TEXTS,), cohorts=(), metrics=(), bands=())


def raw(data: bytes, *, careful: bool) -> list[tuple[object, ...]] | str:
    """The raw rows of a file, read by the engine where it can be, or row by row throughout; or why it is refused."""
    with TemporaryDirectory() as name, DuckDB() as engine, pytest.MonkeyPatch.context() as patch:
        path = Path(name) / "texts.csv"
        path.write_bytes(data)
        if careful:
            inspect = csvfile.inspect
            patch.setattr(csv_source, "inspect", lambda *given: evolve(inspect(*given), careful=True))
        problems = Problems()
        made = plan(ONLY_TEXTS, Settings(), AS_OF)
        try:
            reading_files.load(engine, made, {"Texts": [CsvSource("Texts", path, "texts.csv")]}, problems)
        except Refused as error:
            return error.found[0].message
        names = ("row", "seq", "cells", "wanted", "extra", "c0", "c1")
        found = engine._connection.execute(f"SELECT {', '.join(names)} FROM raw_0 ORDER BY seq").fetchall()  # noqa: SLF001
        return list(found)


CELL = st.text(st.sampled_from('ab"\n\r,; é\t|'), max_size=6)


def one_line_end(cell: str) -> str:
    return cell.replace("\r\n", "\n").replace("\r", "\n")


@forms.hypothesis()
@given(
    st.lists(st.tuples(CELL, CELL), max_size=30),
    st.sampled_from((",", ";", "\t", "|")),
    st.booleans(),
    st.booleans(),
)
def test_well_formed_files_are_read_cell_for_cell(
    rows: list[tuple[str, str]], delimiter: str, every: bool, crlf: bool
) -> None:
    stream = io.StringIO(newline="")
    quoting: Literal[0, 1] = csv.QUOTE_ALL if every else csv.QUOTE_MINIMAL
    # Python leaves a lone carriage return bare, which would end a line.
    rows = rows if every else [(a.replace("\r", ""), b.replace("\r", "")) for a, b in rows]
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\r\n" if crlf else "\n", quoting=quoting)
    writer.writerow(("person id", "b"))
    writer.writerows(rows)
    found = raw(stream.getvalue().encode(), careful=False)
    expected = [
        (at, at, None, None, "", *(one_line_end(cell).strip(ENDS) for cell in row))
        for at, row in enumerate(rows, start=1)
    ]
    assert found == expected


@forms.hypothesis()
@given(st.text(st.sampled_from('ab,,,""\n\n\r ;'), max_size=60))
@example('a,"b\n')
@example('"a,b\n1,"2\n')
@example('1"x,2\n"3,4\n')
@example("1,2,\n")
@example('"1"x,2\n')
@example(' "1,2",3\n')
@example('"1" ,2\n')
def test_any_file_is_read_as_row_by_row(text: str) -> None:
    data = b"person id,b\n" + text.encode()
    assert raw(data, careful=False) == raw(data, careful=True)
