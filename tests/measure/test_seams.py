"""What a new source and a new engine need to be: nothing of measuring knows the ones that there are."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import BinaryIO, Self

import pytest
from attrs import frozen
from sqlglot import exp

from sibdsl.csvfile import NoHeadings, Unreadable
from sibdsl.diagnostics import Refused, same
from sibdsl.measure import measure
from sibdsl.measure.engines import EngineError, NoMemory, NoRoom, NumberTooLong, Row, duckdb
from sibdsl.measure.engines.duckdb import DuckDB
from sibdsl.model.parameters.in_force import Settings
from sibdsl.records.sources import ArrowTable, Desk, Opened, TextRows, folder
from tests.measure.by_hand import CONTRACT

CASE = Path(__file__).parents[1] / "cases" / "mhep1" / "tower_hamlets_2018_q2"
AS_OF = date(2018, 7, 31)


# ------------------------------------------------------------------ a source


@frozen
class Lines:
    """Rows as lists in JSON, one to a line, the headings first: a form that only this test knows."""

    records: str
    path: Path
    shown: str

    @property
    def files(self) -> tuple[Path, ...]:
        return (self.path,)

    def open(self, wanted: Sequence[str], desk: Desk) -> Opened:
        assert desk.folder.is_dir()
        lines = self.path.read_text(encoding="utf-8").splitlines()
        if not lines:
            raise NoHeadings
        try:
            headings = json.loads(lines[0])
        except ValueError as error:
            raise Unreadable("it is not JSON") from error
        assert set(map(same, wanted)) <= set(map(same, headings))

        def each() -> Iterator[Sequence[str]]:
            return (json.loads(line) for line in lines[1:])

        return Opened(tuple(headings), TextRows(each))


@pytest.fixture
def other_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setitem(folder.FORMS, ".jsonl", Lines)
    shutil.copytree(CASE, tmp_path / "records")
    for file in (tmp_path / "records").glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.reader(stream))
        file.with_suffix(".jsonl").write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
        file.unlink()
    return tmp_path / "records"


def test_rows_of_another_source_are_measured_as_those_of_a_file(other_form: Path) -> None:
    with (
        measure(CONTRACT, Settings(), CASE, AS_OF) as expected,
        measure(CONTRACT, Settings(), other_form, AS_OF) as found,
    ):
        assert found.accounts == expected.accounts
        assert found.quantities == expected.quantities
        assert [(one.row, one.status, one.reason) for one in found.rows()] == [
            (one.row, one.status, one.reason) for one in expected.rows()
        ]
        assert {one.source for one in found.rows()} == {"referrals.jsonl", "engagements.jsonl", "jobs.jsonl"}


def test_a_row_of_another_source_with_too_many_cells_is_a_row_with_a_reason(other_form: Path) -> None:
    jobs = other_form / "jobs.jsonl"
    lines = jobs.read_text(encoding="utf-8").splitlines()
    lines[1] = json.dumps([*json.loads(lines[1]), "more"])
    lines[2] = json.dumps(json.loads(lines[2])[:2])
    jobs.write_text("\n".join(lines), encoding="utf-8")
    with measure(CONTRACT, Settings(), other_form, AS_OF) as found:
        told = [(one.row, one.status) for one in found.rows() if one.source == "jobs.jsonl"][:2]
    assert told == [(1, "rejected"), (2, "rejected")]


@pytest.mark.parametrize(("text", "code"), [("", "SIB0603"), ("nothing of the sort", "SIB0607")])
def test_what_another_source_cannot_read_is_told_by_the_file(other_form: Path, text: str, code: str) -> None:
    (other_form / "jobs.jsonl").write_text(text, encoding="utf-8")
    with pytest.raises(Refused, match=r"jobs\.jsonl") as told:
        measure(CONTRACT, Settings(), other_form, AS_OF)
    assert [one.code for one in told.value.found] == [code]


def test_another_form_is_named_where_none_is_there(other_form: Path) -> None:
    (other_form / "jobs.jsonl").unlink()
    with pytest.raises(Refused) as told:
        measure(CONTRACT, Settings(), other_form, AS_OF)
    assert "jobs.ods, jobs.jsonl or a folder jobs" in told.value.found[0].help


# ------------------------------------------------------------------ an engine


class Nothing:
    """An engine that holds no row: it answers how many there are by 0, and everything else by nothing."""

    dialect = "postgres"

    def __init__(self) -> None:
        self._temporary = TemporaryDirectory()
        self.folder = Path(self._temporary.name)
        self.said: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._temporary.cleanup()

    def run(self, statement: exp.Expr) -> None:
        self.said.append(statement.sql(dialect=self.dialect))

    def insert(self, rows: exp.Insert) -> int:
        self.run(rows)
        return 0

    def fetch(self, query: exp.Expr) -> list[Row]:
        self.run(query)
        assert isinstance(query, exp.Select)
        counts = not query.args.get("group") and all(one.find(exp.AggFunc) for one in query.expressions)
        return [(0,) * len(query.expressions)] if counts else []

    def stream(self, query: exp.Expr) -> Iterator[Row]:
        return iter(self.fetch(query))

    def append_csv(self, query: exp.Query, stream: BinaryIO) -> None:
        raise NotImplementedError

    def csv_rows(self, path: Path, columns: Sequence[str], delimiter: str, skip: int) -> exp.Table:
        assert path.is_file()
        return exp.to_table(f"csv_{len(columns)}_{ord(delimiter)}_{skip}")

    def parquet_columns(self, path: Path) -> tuple[tuple[str, str], ...]:
        raise EngineError(f"no columns of {path}")

    def parquet_rows(self, path: Path) -> exp.Table:
        raise EngineError(f"no rows of {path}")

    def arrow_columns(self, table: ArrowTable) -> tuple[tuple[str, str], ...]:
        raise EngineError(f"no columns of {table}")

    def arrow_rows(self, table: ArrowTable) -> exp.Table:
        raise EngineError(f"no rows of {table}")


def headings_only(to: Path) -> Path:
    to.mkdir()
    for file in CASE.glob("*.csv"):
        (to / file.name).write_text(file.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    return to


def test_measuring_takes_another_engine_and_says_everything_through_it(tmp_path: Path) -> None:
    engine = Nothing()
    with measure(
        CONTRACT, Settings(), headings_only(tmp_path / "empty"), AS_OF, engine=lambda: engine
    ) as found:
        assert {one.number for one in found.quantities} == {0}
        assert {account.rows for account in found.accounts.values()} == {0}
        assert list(found.rows()) == []
        assert list(found.claims()) == []
    assert any(one.startswith("CREATE TABLE files") for one in engine.said)
    assert not engine.folder.exists()


def test_an_engine_that_cannot_read_a_file_is_told_by_the_file(tmp_path: Path) -> None:
    empty = headings_only(tmp_path / "empty")
    (empty / "jobs.csv").unlink()
    (empty / "jobs.parquet").write_bytes(b"PAR1")
    with pytest.raises(Refused, match=r"jobs\.parquet cannot be read: it is not a Parquet file"):
        measure(CONTRACT, Settings(), empty, AS_OF, engine=Nothing)


class Failing(Nothing):
    """An engine that has no more room when it is asked for results."""

    def fetch(self, query: exp.Expr) -> list[Row]:
        if "sift_0" in query.sql():
            raise NoRoom("the disk is full\nand more")
        return super().fetch(query)


def test_what_an_engine_fails_at_is_told_whichever_engine_it_is(tmp_path: Path) -> None:
    with pytest.raises(
        Refused, match=r"not enough memory or temporary space for these records: the disk is full$"
    ):
        measure(CONTRACT, Settings(), headings_only(tmp_path / "empty"), AS_OF, engine=Failing)


def test_without_its_own_engine_nothing_of_measuring_loads_it(tmp_path: Path) -> None:
    made = headings_only(tmp_path / "empty")
    program = (
        "import sys; sys.modules['duckdb'] = None\n"
        "from datetime import date\nfrom pathlib import Path\n"
        "from sibdsl.measure import measure\nfrom sibdsl.model.parameters.in_force import Settings\n"
        "from tests.measure.by_hand import CONTRACT\n"
        "import sqlglot\n"
        "print('loaded')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert (done.stdout, done.returncode) == ("loaded\n", 0), done.stderr
    assert made.is_dir()


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("SELECT CAST('9' || repeat('9', 38) AS INT128) * 10", NumberTooLong),
        ("SELECT nothing_of_the_name", EngineError),
    ],
)
def test_errors_of_duckdb_are_told_as_ours(sql: str, kind: type[EngineError]) -> None:
    from sqlglot import parse_one

    statement = parse_one(sql, dialect="duckdb")
    with DuckDB() as engine:
        with pytest.raises(EngineError) as told:
            engine.fetch(statement)
        with pytest.raises(kind):
            engine.run(statement)
    assert type(told.value) is kind
    assert not isinstance(told.value, NoMemory)


def test_writing_changes_no_statement(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of trees stand in several places, and no tree is copied before it is written."""
    seen: list[str] = []
    as_it_is = duckdb.written

    def written(statement: exp.Expr) -> str:
        before = statement.sql(dialect="duckdb")
        assert [as_it_is(statement), statement.sql(dialect="duckdb")] == [before, before]
        seen.append(before)
        return before

    monkeypatch.setattr(duckdb, "written", written)
    with measure(CONTRACT, Settings(), CASE, AS_OF) as found:
        assert list(found.claims())
        assert list(found.rows())
    assert len(seen) > 20


def test_an_engine_begins_empty_and_with_a_folder_of_its_own() -> None:
    """Though the DuckDB of one that was closed serves the next."""
    made = exp.Create(this=exp.to_table("left"), kind="TABLE", expression=exp.select(exp.Literal.number(1)))
    there = exp.select("*").from_("left")
    with DuckDB() as first, DuckDB() as beside:
        first.run(made)
        assert list(first.stream(there)) == first.fetch(there) == [(1,)]
        with pytest.raises(EngineError):
            beside.fetch(there)
        folders = {first.folder, beside.folder}
    with DuckDB() as later:
        with pytest.raises(EngineError):
            later.fetch(there)
        folders.add(later.folder)
        set_to = exp.select(exp.func("current_setting", exp.Literal.string("temp_directory")))
        assert later.fetch(set_to) == [(str(later.folder / "spilled"),)]
    assert len(folders) == 3
    assert not any(folder_of_engine.exists() for folder_of_engine in folders)
    with pytest.raises(EngineError):
        list(later.stream(there))
