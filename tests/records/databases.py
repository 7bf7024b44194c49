"""Databases for tests: an SQLite file, and a real PostgreSQL server that is started when it is first asked for."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import gettempdir

import pytest

from sibdsl.project.addresses import DatabaseAddress, read

#: Rows of tables: headings with their types in SQL, and cells, None for a blank.
Columns = Sequence[tuple[str, str]]
Cells = Sequence[Sequence[object]]
Tables = Mapping[str, tuple[Columns, Cells]]


def sqlite(path: Path, tables: Tables) -> DatabaseAddress:
    """Write the tables into a new SQLite file."""
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        for name, (columns, rows) in tables.items():
            connection.execute(f"CREATE TABLE {_defined(name, columns)}")
            marks = ", ".join("?" for _ in columns)
            connection.executemany(f'INSERT INTO "{name}" VALUES ({marks})', rows)
        connection.commit()
    return read(f"sqlite:///{path}")


def start() -> str:
    """Start a server, or find the one that another worker of the same tests has started, and give the address of its first database.

    The last of them to end stops it and takes its folder away. That may be no folder of pytest's, which the server's user may not enter.
    """
    runtime = Path(gettempdir(), f"sib-runtime-{os.getuid()}")
    runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    # A server in a wheel, which not every version of Python has.
    get_server = pytest.importorskip("pgserver").get_server

    mine = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    folder = Path(gettempdir(), f"sib-server-{mine}")
    address = get_server(folder, cleanup_mode="delete").get_uri()
    return str(address).replace(":@", "@")


def postgresql(address: str, tables: Tables, schema: str = "public") -> DatabaseAddress:
    """Write the tables into a schema of a database, in place of those of their names."""
    import psycopg

    with psycopg.connect(address) as connection:
        connection.execute(f'CREATE SCHEMA IF NOT EXISTS "{schema}"'.encode())
        for name, (columns, rows) in tables.items():
            connection.execute(f'DROP TABLE IF EXISTS "{schema}"."{name}"'.encode())
            connection.execute(f'CREATE TABLE "{schema}".{_defined(name, columns)}'.encode())
            into = f'COPY "{schema}"."{name}" FROM STDIN'.encode()
            with connection.cursor() as cursor, cursor.copy(into) as copied:
                for row in rows:
                    copied.write_row(row)
    return read(address)


def _defined(name: str, columns: Columns) -> str:
    defined = ", ".join(f'"{heading}" {kind}' for heading, kind in columns)
    return f'"{name}" ({defined})'


@pytest.fixture(scope="session")
def server() -> str:
    """The address of the tests' own server."""
    return start()


@pytest.fixture(scope="module")
def database(server: str, request: pytest.FixtureRequest) -> str:
    """The address of an empty database of a module's own."""
    import psycopg

    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    name = f"{Path(request.node.name).stem}_{worker}".lower()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    before, _, behind = server.rpartition("/postgres?")
    return f"{before}/{name}?{behind}"
