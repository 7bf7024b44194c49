"""PostgreSQL gives what DuckDB gives, row by row; on a real server, which is started here."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

from sibdsl.diagnostics import Refused
from sibdsl.measure import Volumes, measure, sqltree
from sibdsl.measure.engines import EngineError, engine_named
from sibdsl.measure.engines.duckdb import DuckDB
from sibdsl.measure.engines.postgresql import PostgreSQL
from sibdsl.measure.sqldates import later, whole_months, whole_years
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import Settings
from sibdsl.project import addresses
from tests.measure import forms
from tests.measure.by_hand import CONTRACT
from tests.measure.day_models import DayMaker
from tests.measure.models import AS_OF, HEADINGS, TABLES, Maker

#: A server in a wheel, which not every version of Python has.
pgserver = pytest.importorskip("pgserver")
CASE = Path(__file__).parents[1] / "cases" / "mhep1" / "tower_hamlets_2018_q2"
QUARTER_END = date(2018, 7, 31)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a server with an empty database."""
    with TemporaryDirectory(prefix="sib-pg-") as folder:
        started = pgserver.get_server(Path(folder) / "data")
        try:
            yield started.get_uri()
        finally:
            started.cleanup()


def answer(found: Volumes) -> tuple[object, ...]:
    """All that a measurement says: counts, claims, and each row's status and reason."""
    return (
        [(count.segment, count.metric, count.band, count.number) for count in found.quantities],
        sorted(
            (claim.segment.days.start, claim.metric, claim.band, claim.person, claim.day, claim.quantity)
            for claim in found.claims(stated_only=False)
        ),
        [(row.records, row.source, row.row, row.status, row.reason, row.of_row) for row in found.rows()],
        {name: account.rows for name, account in found.accounts.items()},
    )


def measured(
    contract: Contract, values: Settings, folder: Path, as_of: date, engine: object = DuckDB
) -> object:
    """The answer of an engine, or its refusal."""
    try:
        with measure(contract, values, folder, as_of, engine=engine) as found:  # type: ignore[arg-type]
            return answer(found)
    except Refused as refused:
        return [(problem.code, problem.message) for problem in refused.found]


@given(st.integers(0, 10**9), st.booleans())
def test_any_contract_on_any_records_is_measured_as_by_duckdb(server: str, seed: int, days: bool) -> None:
    make = DayMaker(seed) if days else Maker(seed)
    contract = make.day_contract() if isinstance(make, DayMaker) else make.contract()
    values = make.day_settings(contract) if isinstance(make, DayMaker) else make.settings(contract)
    as_of = make.one(AS_OF)
    with TemporaryDirectory() as name:
        folder = Path(name)
        forms.write(
            folder,
            {
                records: forms.one_part(records, headings, make.rows(TABLES[records]))
                for records, headings in HEADINGS.items()
            },
        )
        expected = measured(contract, values, folder, as_of)
        assert measured(contract, values, folder, as_of, engine_named(server)) == expected


def test_tower_hamlets_is_measured_as_by_duckdb_and_nothing_stays(server: str) -> None:
    expected = measured(CONTRACT, Settings(), CASE, QUARTER_END)
    with psycopg.connect(server, autocommit=True) as connection:
        before = connection.execute("SELECT COUNT(*) FROM pg_class").fetchone()
        assert measured(CONTRACT, Settings(), CASE, QUARTER_END, engine_named(server)) == expected
        others = "SELECT COUNT(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        while connection.execute(others).fetchone() != (0,):  # a session cleans up after it has hung up
            time.sleep(0.05)
        assert connection.execute("SELECT COUNT(*) FROM pg_class").fetchone() == before


def test_rows_are_written_out_as_by_duckdb(server: str) -> None:
    values = [("a", ""), ("é, ü", 'say "so"'), ("two\nlines", "\\."), ("1", "x")]
    rows = sqltree.union([sqltree.query([sqltree.text(value) for value in row]) for row in values])
    texts = []
    for engine in (DuckDB(), PostgreSQL(addresses.read(server))):
        with engine, io.BytesIO() as stream:
            engine.append_csv(rows, stream)
            texts.append(stream.getvalue().decode())
    assert texts[0].replace("\r\n", "\n") == texts[1]


def test_a_line_of_a_backslash_and_a_point_is_a_row_like_any_other(server: str, tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("name\nbefore\n\\.\n\\N\nafter\n", encoding="utf-8")
    with PostgreSQL(addresses.read(server)) as engine:
        table = engine.csv_rows(path, ["h0"], ",", 1)
        assert engine.fetch(sqltree.query([sqltree.col(table.name, "h0")], table)) == [
            ("before",),
            ("\\.",),
            ("\\N",),
            ("after",),
        ]


def test_texts_stand_in_the_order_of_their_code_points(server: str, tmp_path: Path) -> None:
    names = ["J9", "J10", "a", "Z", "é", "-1", "A"]
    path = tmp_path / "rows.csv"
    path.write_text("\n".join(names) + "\n", encoding="utf-8")
    with PostgreSQL(addresses.read(server)) as engine:
        table = engine.csv_rows(path, ["h0"], ",", 0)
        name = sqltree.col(table.name, "h0")
        found = engine.fetch(sqltree.query([name], table, order=[sqltree.ordered(name)]))
    assert [row[0] for row in found] == sorted(names)


def test_every_text_of_a_file_compares_by_code_point_whatever_the_database_would_do(server: str) -> None:
    """Held in columns whose collation is C; the server here knows no other, so what it would do cannot be seen in an order."""
    kind = exp.ColumnDef(this=exp.to_identifier("cell"), kind=sqltree.TEXT)
    with PostgreSQL(addresses.read(server)) as engine:
        engine.run(exp.Create(this=exp.Schema(this=sqltree.table("raw"), expressions=[kind]), kind="TABLE"))
        engine.run(
            sqltree.make(
                "made", sqltree.query([sqltree.named(sqltree.cast(sqltree.whole(1), sqltree.TEXT), "cell")])
            )
        )
        for table in ("raw", "made"):
            collation = exp.column("collation_name")
            where = sqltree.both(
                [
                    sqltree.eq(exp.column("table_name"), sqltree.text(table)),
                    sqltree.eq(exp.column("column_name"), sqltree.text("cell")),
                ]
            )
            columns = exp.table_("columns", db="information_schema")
            assert engine.fetch(sqltree.query([collation], columns, where=where)) == [("C",)]


@pytest.mark.parametrize("engine", ["duckdb", "postgresql"])
@pytest.mark.parametrize(
    ("start", "number", "unit", "expected"),
    [
        (date(2018, 3, 31), -1, "MONTH", date(2018, 2, 28)),
        (date(2020, 3, 31), -1, "MONTH", date(2020, 2, 29)),
        (date(2018, 8, 31), 6, "MONTH", date(2019, 2, 28)),
        (date(2018, 3, 1), -3, "DAY", date(2018, 2, 26)),
        (date(2020, 2, 28), 2, "DAY", date(2020, 3, 1)),
    ],
)
def test_a_date_is_moved_to_the_day_of_the_calendar(
    server: str, engine: str, start: date, number: int, unit: str, expected: date
) -> None:
    with closing(DuckDB() if engine == "duckdb" else PostgreSQL(addresses.read(server))) as opened:
        assert opened.fetch(sqltree.query([later(sqltree.day(start), number, unit)])) == [(expected,)]


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_whole_years_and_months_are_those_of_duckdb(server: str, start: date, end: date) -> None:
    query = sqltree.query(
        [made(sqltree.day(start), sqltree.day(end)) for made in (whole_years, whole_months)]
    )
    with DuckDB() as first, PostgreSQL(addresses.read(server)) as second:
        assert second.fetch(query) == first.fetch(query)


def test_a_parquet_file_is_refused(server: str, tmp_path: Path) -> None:
    for file in CASE.glob("*.csv"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "jobs.csv").unlink()
    (tmp_path / "jobs.parquet").write_bytes(b"PAR1")
    assert measured(CONTRACT, Settings(), tmp_path, QUARTER_END, engine_named(server)) == [
        ("SIB0644", "PostgreSQL reads no Parquet files, and jobs.parquet is one")
    ]


def test_a_role_that_may_make_no_temporary_table_is_told(server: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE ROLE reader LOGIN")
        connection.execute("REVOKE TEMPORARY ON DATABASE postgres FROM PUBLIC")
        try:
            found = cast(
                "list[tuple[str, str]]",
                measured(
                    CONTRACT,
                    Settings(),
                    CASE,
                    QUARTER_END,
                    engine_named(server.replace("postgres:@", "reader:@")),
                ),
            )
        finally:
            connection.execute("GRANT TEMPORARY ON DATABASE postgres TO PUBLIC")
    assert [code for code, _ in found] == ["SIB0646"]
    assert "temporary" in found[0][1]


def test_a_server_that_is_not_there_is_told_without_a_traceback() -> None:
    with pytest.raises(Refused, match="PostgreSQL cannot be used to measure") as told:
        engine_named("postgresql://127.0.0.1:1/nowhere")()
    assert told.value.found[0].code == "SIB0646"


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("spark", "There is no engine called 'spark'"),
        ("sqlite:///records.db", "There is no engine called 'sqlite:///records.db'"),
        ("postgresql://me:secret@127.0.0.1/records", "password"),
        ("postgresql://127.0.0.1/records?password=secret", "password"),
    ],
)
def test_a_wrong_name_of_an_engine_is_refused_and_no_password_is_repeated(name: str, what: str) -> None:
    with pytest.raises(Refused, match=what) as told:
        engine_named(name)
    assert "secret" not in str(told.value.found[0])


def test_a_statement_that_fails_leaves_the_session_to_go_on(server: str) -> None:
    with PostgreSQL(addresses.read(server)) as engine:
        with pytest.raises(EngineError, match="nowhere"):
            engine.fetch(sqltree.query([sqltree.count()], sqltree.table("nowhere")))
        assert engine.fetch(sqltree.query([sqltree.whole(1)])) == [(1,)]


def test_a_server_that_goes_away_while_it_measures_is_told(server: str) -> None:
    engine = PostgreSQL(addresses.read(server))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        )
    assert [
        code
        for code, _ in cast(
            "list[tuple[str, str]]", measured(CONTRACT, Settings(), CASE, QUARTER_END, lambda: engine)
        )
    ] == ["SIB0646"]
    assert not engine.folder.exists()


def test_what_the_environment_holds_is_not_repeated_by_a_server(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIB_WHO", "nobody_of_that_name")
    made = engine_named(server.replace("postgres:@", "$SIB_WHO:@"))
    with pytest.raises(Refused) as told:
        made()
    assert "nobody_of_that_name" not in str(told.value.found[0])
    assert "$SIB_WHO" in told.value.found[0].message
