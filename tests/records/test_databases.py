"""Records in SQLite and PostgreSQL: what is read of each type, which rows in which order, and what is said where it cannot be read."""

from __future__ import annotations

import csv
import json
import sqlite3
from contextlib import closing
from datetime import date
from fractions import Fraction
from pathlib import Path

import psycopg
import pytest

from sibdsl import pipeline, records
from sibdsl.cli.app import run
from sibdsl.diagnostics import Refused
from sibdsl.project.addresses import DatabaseAddress, read
from sibdsl.project.sib_toml import load
from sibdsl.project.tables import TableInFiles
from sibdsl.records import MappedRecords
from sibdsl.records.sources.databases import DatabaseSource, Session, Stored, StoredTable
from tests.records import databases
from tests.records.databases import database, server

__all__ = ["database", "server"]

ROOT = Path(__file__).parents[2]
CONTRACT = ROOT / "contracts" / "mhep1" / "tower_hamlets.sib"
RECORDS = ROOT / "contracts" / "mhep1" / "data" / "2018-q2"
AS_OF = date(2018, 7, 31)
#: The lines of a run, and the numbers of its rows by table.
Answer = tuple[list[tuple[str, Fraction]], dict[str, tuple[int, int, int]]]
#: What a council's warehouse would store in columns of their own types.
TYPED = {
    "referred_on": "date",
    "engaged_on": "timestamp",
    "ended_on": "date",
    "severe_condition": "boolean",
    "hours_per_week": "numeric(6, 2)",
}


def tower_hamlets(*, typed: bool) -> dict[str, tuple[list[tuple[str, str]], list[list[str | None]]]]:
    tables: dict[str, tuple[list[tuple[str, str]], list[list[str | None]]]] = {}
    for path in sorted(RECORDS.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            headings, *rows = csv.reader(stream)
        # One cell of `engaged_on` and one of `hours_per_week` cannot stand in a column of their types.
        kinds = [TYPED.get(heading, "text") if typed else "text" for heading in headings]
        cells = [[_stored(cell, kind) for cell, kind in zip(row, kinds, strict=True)] for row in rows]
        tables[path.stem] = (list(zip(headings, kinds, strict=True)), cells)
    return tables


def _stored(cell: str, kind: str) -> str | None:
    if kind.startswith("numeric"):
        return cell.strip() if cell.replace(".", "").strip().isdigit() else None
    if kind in ("date", "timestamp"):
        return cell.strip() if len(cell.strip()) == 10 and cell.strip()[4] == "-" else None
    return cell or None


def paid(place: Path | DatabaseAddress | MappedRecords) -> Answer:
    """The lines of a run and the numbers of its rows by table and status."""
    with pipeline.pay(pipeline.load(CONTRACT), place, AS_OF) as whole:
        run = whole.payments.runs[0]
        accounts = {
            name: (account.rows, account.rejected, account.used) for name, account in run.accounts.items()
        }
        return [(line.id, line.amount) for line in whole.payments.lines], accounts


def refused(place: Path | DatabaseAddress | MappedRecords) -> tuple[str, str]:
    with pytest.raises(Refused) as told:
        paid(place)
    return told.value.found[0].code, f"{told.value.found[0].message} {told.value.found[0].help}"


@pytest.fixture(scope="module")
def expected() -> Answer:
    return paid(RECORDS)


@pytest.fixture
def lite(tmp_path: Path) -> DatabaseAddress:
    return databases.sqlite(tmp_path / "records.db", tower_hamlets(typed=False))


def test_the_same_is_paid_from_either_as_from_files(
    expected: object, lite: DatabaseAddress, database: str
) -> None:
    assert paid(lite) == expected
    assert paid(databases.postgresql(database, tower_hamlets(typed=False))) == expected
    assert paid(databases.postgresql(database, tower_hamlets(typed=True))) == expected


def test_a_programme_finds_each_contract_in_a_schema_of_its_name(
    database: str, lite: DatabaseAddress
) -> None:
    programme = pipeline.load(ROOT / "contracts" / "mhep1" / "mhep1.programme.sib")
    names = [member.name for member in programme.programme.members]
    with pytest.raises(Refused) as told:
        pipeline.pay(programme, read(database), AS_OF)
    assert {finding.code for finding in told.value.found} == {"SIB0601"}
    assert len(told.value.found) == len(names)
    with pytest.raises(Refused) as told:
        pipeline.pay(programme, lite, AS_OF)
    assert "An SQLite file has none" in told.value.found[0].help
    for name in names:
        databases.postgresql(database, tower_hamlets(typed=False), name.lower().replace(" ", "_"))
    where = records.folders(programme.programme, read(database))
    try:
        for member in programme.programme.members:
            (source,) = records.find(member, where[member.name])["Jobs"]
            assert isinstance(source, DatabaseSource)
            schema = member.name.lower().replace(" ", "_")
            assert source.stored == StoredTable("jobs", schema, found=False)
    finally:
        for place in where.values():
            records.let_go(place)
        with psycopg.connect(database) as connection:
            for name in names:
                connection.execute(f'DROP SCHEMA "{name.lower().replace(" ", "_")}" CASCADE'.encode())


# ------------------------------------------------------------------ types

#: A type of a column, what is stored, and the text and type that are read.
STORED = [
    ("date", "2018-05-31", "2018-05-31", "DATE"),
    ("date", "infinity", "infinity", "VARCHAR"),
    ("date", "0044-03-15 BC", "0044-03-15 BC", "VARCHAR"),
    ("timestamp", "2018-05-31 00:00:00", "2018-05-31", "TIMESTAMP"),
    ("timestamp", "2018-05-31 10:30:00", "2018-05-31 10:30:00", "VARCHAR"),
    # An instant is a day only in some zone: 31 May in London had begun an hour before it did in UTC.
    ("timestamptz", "2018-05-31 00:00:00+01", "2018-05-30 23:00:00+00", "VARCHAR"),
    ("timestamptz", "2018-05-31 00:00:00+00", "2018-05-31 00:00:00+00", "VARCHAR"),
    ("boolean", "t", "yes", "BOOLEAN"),
    ("boolean", "f", "no", "BOOLEAN"),
    ("numeric(10,2)", "1234.50", "1234.5", "DECIMAL"),
    ("numeric", "0.00", "0", "DECIMAL"),
    ("numeric", "100", "100", "DECIMAL"),
    ("numeric", "NaN", "NaN", "VARCHAR"),
    ("numeric", "12345678901234567890.123456789", "12345678901234567890.123456789", "DECIMAL"),
    ("integer", "-7", "-7", "INTEGER"),
    ("bigint", "9223372036854775807", "9223372036854775807", "BIGINT"),
    ("double precision", "0.1", "0.1", "DOUBLE"),
    ("double precision", "1e20", "100000000000000000000", "DOUBLE"),
    ("double precision", "37.0", "37", "DOUBLE"),
    # What came of a tenth and two tenths in binary is no amount that anybody wrote.
    ("double precision", "0.30000000000000004", "3.0000000000000004E-1", "DOUBLE"),
    ("text", " P\u00a01 ", " P\u00a01 ", "VARCHAR"),
    ("text", "", "", "VARCHAR"),
    ("char(4)", "P1", "P1  ", "VARCHAR"),
    ("uuid", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "VARCHAR"),
    ("text", None, "", "VARCHAR"),
    ("date", None, "", "VARCHAR"),
]


def cells(
    address: DatabaseAddress, stored: Stored, order: tuple[str, ...] = ()
) -> list[list[tuple[str, str]]]:
    session = Session(address)
    try:
        rows = list(session.database().rows(stored, order))
    finally:
        session.close()
    return [list(zip(texts, kinds, strict=True)) for texts, kinds in rows]


def test_types_of_postgresql(database: str) -> None:
    columns = [(f"c{at}", kind) for at, (kind, *_) in enumerate(STORED)]
    address = databases.postgresql(database, {"types": (columns, [[value for _, value, *_ in STORED]])})
    (row,) = cells(address, StoredTable("types", "public"))
    assert row == [(text, kind) for *_, text, kind in STORED]


def test_types_of_sqlite(tmp_path: Path) -> None:
    stored: list[tuple[str, object, str, str]] = [
        ("DATE", "2018-05-31", "2018-05-31", "DATE"),
        ("DATE", "31/05/2018", "31/05/2018", "VARCHAR"),
        ("TEXT", "2018-05-31", "2018-05-31", "VARCHAR"),
        ("DATETIME", "2018-05-31 00:00:00", "2018-05-31", "DATE"),
        ("DATETIME", "2018-05-31 10:00:00", "2018-05-31 10:00:00", "VARCHAR"),
        ("DATETIME", "2018-05-31T00:00:00Z", "2018-05-31T00:00:00Z", "VARCHAR"),
        ("DATE", 43251, "43251", "BIGINT"),
        ("BOOLEAN", 1, "yes", "BOOLEAN"),
        ("BOOLEAN", 0, "no", "BOOLEAN"),
        ("BOOLEAN", 2, "2", "BIGINT"),
        ("INTEGER", 1, "1", "BIGINT"),
        ("DECIMAL(10,2)", "1234.50", "1234.5", "DOUBLE"),
        ("REAL", 1e20, "100000000000000000000", "DOUBLE"),
        ("REAL", 0.1 + 0.2, "3.0000000000000004E-1", "DOUBLE"),
        ("REAL", float("inf"), "inf", "DOUBLE"),
        ("TEXT", "1,5", "1,5", "VARCHAR"),
        ("INTEGER", "n/a", "n/a", "VARCHAR"),
        ("BLOB", b"\x00\xff", "x'00ff'", "BLOB"),
        ("TEXT", None, "", "VARCHAR"),
    ]
    columns = [(f"c{at}", kind) for at, (kind, *_) in enumerate(stored)]
    address = databases.sqlite(tmp_path / "t.db", {"types": (columns, [[value for _, value, *_ in stored]])})
    (row,) = cells(address, StoredTable("types"))
    assert row == [(text, kind) for *_, text, kind in stored]


# ------------------------------------------------------------------ which rows, in which order


def test_rows_are_numbered_in_the_order_of_their_key_and_can_be_found_again(
    tmp_path: Path, database: str
) -> None:
    columns = [("id", "integer primary key"), ("Note", "text")]
    rows: list[list[object]] = [[10, "b"], [9, "a"], [100, None]]
    for address in (
        databases.sqlite(tmp_path / "k.db", {"jobs": (columns, rows)}),
        databases.postgresql(database, {"jobs": (columns, rows)}),
    ):
        session = Session(address)
        (table,) = [one for one in session.database().tables() if one.name == "jobs"]
        assert session.database().key(table) == ("id",)
        assert session.database().columns(table) == ("id", "Note")
        read_rows = [texts for texts, _ in session.database().rows(table, ("id",))]
        assert read_rows == [["9", "a"], ["10", "b"], ["100", ""]]
        session.close()


def test_texts_are_put_in_order_by_code_point(tmp_path: Path, database: str) -> None:
    texts = ["b", "B", "a", "é", "Z", "_"]
    tables = {"letters": ([("name", "text")], [[text] for text in texts])}
    for address in (
        databases.sqlite(tmp_path / "o.db", tables),
        databases.postgresql(database, tables),
    ):
        stored = StoredTable("letters", "public")
        assert [row[0][0] for row in cells(address, stored, ("name",))] == sorted(texts)


def test_the_run_sees_one_state_of_the_database(
    lite: DatabaseAddress, database: str, expected: object
) -> None:
    """What another writes after the first table was read is not there for the second."""
    postgres = databases.postgresql(database, tower_hamlets(typed=False))

    def taken_away() -> None:
        with psycopg.connect(database) as connection:
            connection.execute("DELETE FROM jobs")

    session = Session(postgres)
    assert len(cells_of(session, "referrals")) == 60
    taken_away()
    assert len(cells_of(session, "jobs")) == 19
    session.close()
    with pytest.raises(AssertionError):
        assert paid(postgres) == expected
    assert lite.path is not None
    with closing(sqlite3.connect(lite.path)) as connection:
        connection.execute("PRAGMA journal_mode = wal")
        session = Session(lite)
        assert len(cells_of(session, "referrals")) == 60
        connection.execute("DELETE FROM jobs")
        connection.commit()
        assert len(cells_of(session, "jobs")) == 19
        session.close()


def cells_of(session: Session, name: str) -> list[object]:
    return list(session.database().rows(StoredTable(name, "public"), ()))


def test_what_was_read_is_counted_and_has_a_fingerprint(lite: DatabaseAddress) -> None:
    def reads() -> dict[str, tuple[int, str]]:
        with pipeline.pay(pipeline.load(CONTRACT), lite, AS_OF) as whole:
            (place,) = whole.places.values()
            assert not isinstance(place, Path)
            session = place.session  # type: ignore[union-attr]
            return {shown: (one.rows, one.sha256) for shown, one in session.reads.items()}

    before = reads()
    assert {shown: rows for shown, (rows, _) in before.items()} == {
        "referrals by all columns": 60,
        "engagements by all columns": 69,
        "jobs by all columns": 19,
    }
    assert reads() == before
    assert lite.path is not None
    with closing(sqlite3.connect(lite.path)) as connection:
        connection.execute("UPDATE jobs SET hours_per_week = '17' WHERE hours_per_week = '16'")
        connection.execute("UPDATE jobs SET hours_per_week = hours_per_week || ' ' WHERE rowid = 1")
        connection.commit()
    after = reads()
    assert after["referrals by all columns"] == before["referrals by all columns"]
    assert after["jobs by all columns"][1] != before["jobs by all columns"][1]


# ------------------------------------------------------------------ names that differ


def test_a_table_or_a_query_by_the_project_file(
    lite: DatabaseAddress, database: str, expected: object
) -> None:
    places: list[tuple[DatabaseAddress, str]] = [
        (lite, "jobs"),
        (databases.postgresql(database, tower_hamlets(typed=False)), "public.jobs"),
    ]
    for address, jobs in places:
        tables = {
            "Jobs": TableInFiles(table=jobs),
            "Referrals": TableInFiles(query="select * from referrals -- all of them"),
            "Engagements": TableInFiles(query="select * from engagements order by engagement_id;"),
        }
        assert paid(MappedRecords(address, tables)) == expected


@pytest.mark.parametrize(
    ("query", "code", "words"),
    [
        ("delete from jobs", "SIB0789", "does not begin with `select`"),
        ("select 1 as a; drop table jobs", "SIB0789", "cannot be read"),
        ("select nothing_there from jobs", "SIB0789", "nothing_there"),
        ("select 1) to stdout; drop table jobs; copy (select 1", "SIB0789", "cannot be read"),
        ("with gone as (delete from jobs returning *) select * from gone", "SIB0789", "cannot be read"),
        ("select job_id from jobs", "SIB0604", "no column"),
    ],
)
def test_a_query_changes_nothing(
    lite: DatabaseAddress, database: str, expected: object, query: str, code: str, words: str
) -> None:
    postgres = databases.postgresql(database, tower_hamlets(typed=False))
    for address in (lite, postgres):
        found = refused(MappedRecords(address, {"Jobs": TableInFiles(query=query)}))
        assert found[0] == code, (address, found)
        assert words in found[1]
        assert paid(address) == expected


def test_a_mapping_of_the_wrong_kind_of_place(lite: DatabaseAddress) -> None:
    assert refused(MappedRecords(RECORDS, {"Jobs": TableInFiles(table="jobs")}))[0] == "SIB0752"
    assert refused(MappedRecords(lite, {"Jobs": TableInFiles(file="jobs.csv")}))[0] == "SIB0752"
    code, words = refused(MappedRecords(lite, {"Jobs": TableInFiles(table="job")}))
    assert code == "SIB0601"
    assert "called job" in words
    assert "Did you mean jobs?" in words


def test_a_draft_of_the_mapping(tmp_path: Path, database: str, capsys: pytest.CaptureFixture[str]) -> None:
    tables = tower_hamlets(typed=False)
    columns, rows = tables.pop("jobs")
    columns = [("Start date" if heading == "started_on" else heading, kind) for heading, kind in columns]
    tables["placements"] = (columns, rows)
    lite = databases.sqlite(tmp_path / "council.db", tables)
    with psycopg.connect(database) as connection:
        connection.execute("DROP TABLE IF EXISTS jobs")
    for address in (lite, databases.postgresql(database, tables)):
        assert run(["map", str(CONTRACT), address.shown]) == 0
        said = capsys.readouterr().out
        assert 'table = "placements"' in said
        assert '"Started On" = "Start date"' in said
        # What it drafts pays the same, once the contract's own folder holds it.
        folder = tmp_path / address.kind.value
        folder.mkdir()
        (folder / "tower_hamlets.sib").write_bytes(CONTRACT.read_bytes())
        (folder / "council.db").write_bytes((tmp_path / "council.db").read_bytes())
        said = said.replace(str(CONTRACT), "tower_hamlets.sib").replace(
            f"sqlite:///{lite.path}", "sqlite:///council.db"
        )
        (folder / "sib.toml").write_text(said, encoding="utf-8")
        path = folder / "tower_hamlets.sib"
        project = load(folder / "sib.toml")
        stated, entry = project.values(path), project.entry(path)
        assert entry is not None
        assert entry.records is not None
        with pipeline.pay(pipeline.load(path, stated=stated), entry.records, AS_OF) as whole:
            assert [(line.id, line.amount) for line in whole.payments.lines] == paid(RECORDS)[0]
    with psycopg.connect(database) as connection:
        connection.execute("DROP TABLE IF EXISTS placements")


# ------------------------------------------------------------------ what goes wrong


def test_what_is_not_there(tmp_path: Path, lite: DatabaseAddress) -> None:
    assert refused(read(f"sqlite:///{tmp_path}/gone.db"))[0] == "SIB0787"
    assert "four strokes" in refused(read(f"sqlite:///{str(lite.path)[1:]}"))[1]
    (tmp_path / "words.db").write_text("these are words and no database", encoding="utf-8")
    assert refused(read(f"sqlite:///{tmp_path}/words.db"))[0] == "SIB0787"
    assert refused(read(f"sqlite:///{tmp_path}"))[0] == "SIB0787"
    assert lite.path is not None
    with closing(sqlite3.connect(lite.path)) as connection:
        connection.execute("ALTER TABLE jobs RENAME TO job_records")
        connection.commit()
    code, words = refused(lite)
    assert code == "SIB0601"
    assert "no table or view for Jobs" in words
    code, words = refused(read("postgresql://reader@127.0.0.1:1/outcomes"))
    assert code == "SIB0787"
    assert "refused" in words


def test_a_damaged_file_stops_the_run(lite: DatabaseAddress) -> None:
    assert lite.path is not None
    held = bytearray(lite.path.read_bytes())
    held[4096 + 100 :] = b"\xff" * (len(held) - 4096 - 100)
    lite.path.write_bytes(bytes(held))
    assert refused(lite)[0] in ("SIB0789", "SIB0791")


def test_text_that_is_none(lite: DatabaseAddress) -> None:
    assert lite.path is not None
    with closing(sqlite3.connect(lite.path)) as connection:
        connection.execute("UPDATE jobs SET job_id = CAST(x'ff41' AS TEXT)")
        connection.commit()
    code, words = refused(lite)
    assert code == "SIB0791"
    assert "not in UTF-8" in words


def test_a_locked_database_is_waited_for_and_then_told(
    lite: DatabaseAddress, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sibdsl.records.sources.databases.sqlite._WAIT", 0.1)
    assert lite.path is not None
    with closing(sqlite3.connect(lite.path, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        assert refused(lite)[0] == "SIB0790"
        connection.execute("ROLLBACK")
    postgres = databases.postgresql(database, tower_hamlets(typed=False))
    written = ("SET SESSION lock_timeout TO '100ms'",)
    monkeypatch.setattr("sibdsl.records.sources.databases.postgresql._WRITTEN", written)
    with psycopg.connect(database) as connection:
        connection.execute("LOCK TABLE jobs")
        code, words = refused(postgres)
        assert code == "SIB0790"
        assert "jobs" in words


def test_a_dropped_connection_pays_nothing(database: str) -> None:
    rows: list[list[object]] = [[at, "x" * 500] for at in range(40_000)]
    address = databases.postgresql(database, {"long": ([("id", "integer"), ("note", "text")], rows)})
    session = Session(address)
    given = session.database().rows(StoredTable("long", "public"), ("id",))
    next(given)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'sib' AND datname = current_database()"
        )
    with pytest.raises(Refused) as told:
        list(given)
    (finding,) = told.value.found
    assert finding.code == "SIB0791"
    assert "Nothing was paid" in finding.message
    session.close()


def test_a_table_that_may_not_be_read(database: str) -> None:
    databases.postgresql(database, tower_hamlets(typed=False))
    with psycopg.connect(database) as connection:
        connection.execute("DROP ROLE IF EXISTS outsider")
        connection.execute("CREATE ROLE outsider LOGIN")
        connection.execute("GRANT SELECT ON referrals, engagements TO outsider")
    try:
        code, words = refused(read(database.replace("postgres@", "outsider@")))
        assert code == "SIB0788"
        assert "jobs" in words
        assert "outsider" in words
    finally:
        with psycopg.connect(database) as connection:
            connection.execute("DROP OWNED BY outsider")
            connection.execute("DROP ROLE outsider")


def test_the_library_is_named_where_it_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "psycopg", None)
    code, words = refused(read("postgresql://reader@127.0.0.1:1/outcomes"))
    assert code == "SIB0792"
    assert "pip install 'sibdsl[postgresql]'" in words


def test_rows_are_not_written_over_the_database(
    lite: DatabaseAddress, capsys: pytest.CaptureFixture[str]
) -> None:
    assert lite.path is not None
    before = lite.path.read_bytes()
    words = ["pay", str(CONTRACT), "--records", lite.shown, "--as-of", "2018-07-31", "--rows", str(lite.path)]
    assert run(words) == 2
    assert "SIB0708" in capsys.readouterr().err
    assert lite.path.read_bytes() == before


def test_json_names_tables_and_no_password(
    database: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    databases.postgresql(database, tower_hamlets(typed=False))
    monkeypatch.setenv("SIB_PASSWORD", "hunter-two")
    address = database.replace("postgres@", "postgres:$SIB_PASSWORD@")
    out = tmp_path / "rows.csv"
    words = [
        "pay",
        str(CONTRACT),
        "--records",
        address,
        "--as-of",
        "2018-07-31",
        "--format",
        "json",
        "--rows",
        str(out),
    ]
    assert run(words) == 0
    told = capsys.readouterr()
    json.loads(told.out)
    assert "hunter-two" not in told.out + told.err + out.read_text(encoding="utf-8")
    assert run(["options", *words]) == 0
    told = capsys.readouterr()
    assert "$SIB_PASSWORD" in told.out
    assert "hunter-two" not in told.out + told.err
