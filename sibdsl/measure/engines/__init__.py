"""Engines: what carries out the plan of a measurement. A new one is a file beside `duckdb.py` and a name in `ENGINES`.

A plan is made of expression trees of sqlglot, so that no engine's dialect stands in it; an engine writes them as it reads
them. Whatever goes wrong inside an engine is told by the exceptions here, never by its own.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, BinaryIO, Protocol, Self

from sqlglot import exp

from sibdsl import marks
from sibdsl.diagnostics import Diagnostic, Refused
from sibdsl.project import addresses
from sibdsl.project.addresses import DatabaseAddress
from sibdsl.records.sources import ArrowTable

#: A row of a query: whole numbers, texts, dates and None.
Row = tuple[Any, ...]


class EngineError(Exception):
    """A statement that an engine could not carry out; the text says why, in the engine's words."""


class NumberTooLong(EngineError):
    """A number has more digits than the engine holds."""


class NoRoom(EngineError):
    """There is not enough temporary space for the work."""


class NoMemory(NoRoom):
    """There is not enough memory for the work."""


class ServerTrouble(EngineError):
    """The server that should do the work refuses it, or is gone."""


#: What is never the fault of a file that is being read.
NOT_THE_FILE = (NoMemory, ServerTrouble)


class Engine(Protocol):
    """Carries out statements given as expression trees. Use it in a `with`, or close it.

    `dialect` is what sqlglot calls its SQL. `folder` is its own temporary folder, gone when it is closed. Every method raises
    EngineError for what cannot be done, wholly or not at all.
    """

    @property
    def dialect(self) -> str: ...

    @property
    def folder(self) -> Path: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def close(self) -> None:
        """Let go of everything. Safe to call again."""

    def run(self, statement: exp.Expr) -> None:
        """Carry out a statement."""

    def insert(self, rows: exp.Insert) -> int:
        """Add rows to a table, and give how many there were."""

    def fetch(self, query: exp.Expr) -> list[Row]:
        """All rows of a query."""

    def stream(self, query: exp.Expr) -> Iterator[Row]:
        """The rows of a query as they are asked for; others may run meanwhile."""

    def append_csv(self, query: exp.Query, stream: BinaryIO) -> None:
        """Write the rows of a query to the stream as CSV in UTF-8, without headings."""

    def csv_rows(self, path: Path, columns: Sequence[str], delimiter: str, skip: int) -> exp.Table:
        """The rows of a CSV file in UTF-8 under its first `skip` lines, in order, as a table of texts to select from.

        Read strictly: a row with more or fewer cells than there are columns is an error of whatever selects from it.
        """

    def parquet_columns(self, path: Path) -> tuple[tuple[str, str], ...]:
        """The columns of a Parquet file, each with its SQL type."""

    def parquet_rows(self, path: Path) -> exp.Table:
        """The rows of a Parquet file, in order, as a table to select from; it has the number of each, from 0, as `file_row_number`."""

    def arrow_columns(self, table: ArrowTable) -> tuple[tuple[str, str], ...]:
        """The columns of a table in memory, each with its SQL type."""

    def arrow_rows(self, table: ArrowTable) -> exp.Table:
        """The rows of a table in memory, in order, as a table to select from; nothing of it is copied before it is read."""


Made = Callable[[], Engine]


def duckdb_engine() -> Engine:
    """DuckDB, in process."""
    from sibdsl.measure.engines.duckdb import DuckDB

    return DuckDB()


def postgresql_engine(address: DatabaseAddress | None = None) -> Engine:
    """PostgreSQL, in a session on the server at an address; what it leaves out, and without one all, is the environment's.

    Raises Refused where its library is not installed (SIB0792) or no session can be had (SIB0646).
    """
    try:
        from sibdsl.measure.engines.postgresql import PostgreSQL
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "psycopg":
            raise
        raise Refused(
            Diagnostic(
                "SIB0792",
                "To measure in PostgreSQL, psycopg must be installed.",
                help='Install it: pip install "sibdsl[postgresql]"',
            )
        ) from error
    try:
        return PostgreSQL(address)
    except EngineError as error:
        raise _unusable(error) from error


def _unusable(error: EngineError) -> Refused:
    return Refused(
        Diagnostic(
            "SIB0646",
            f"PostgreSQL cannot be used to measure: {error}",
            help="Look at the address after --engine, and at PGHOST, PGDATABASE, PGUSER and PGPASSWORD. The role must be "
            "allowed to make temporary tables. Nothing was left on the server; run this again when it answers.",
        )
    )


#: Engines by name; the first is used unless a call names another.
ENGINES: Mapping[str, Made] = MappingProxyType({"duckdb": duckdb_engine, "postgresql": postgresql_engine})


def engine_named(name: str) -> Made:
    """The engine of a name, or at an address of PostgreSQL, such as `postgresql://host/database`.

    Raises Refused for a name that no engine has (SIB0647), and as `addresses.read` does for an address.
    """
    if name in ENGINES:
        return ENGINES[name]
    if addresses.is_address(name):
        address = addresses.read(name)
        if address.kind is addresses.DatabaseKind.POSTGRESQL:
            return partial(postgresql_engine, address)
    raise Refused(
        Diagnostic(
            "SIB0647",
            f"There is no engine called '{marks.one_line(name)}'",
            help=f"Write one of {', '.join(ENGINES)}, or an address such as postgresql://host/database.",
        )
    )


def default_engine() -> Engine:
    """The engine that is used unless a call gives another."""
    return next(iter(ENGINES.values()))()


def refusal(error: EngineError | OSError) -> Refused | None:
    """What a failure of an engine means to the user; None when it is a fault of ours."""
    if isinstance(error, NumberTooLong):
        return Refused(
            Diagnostic(
                "SIB0611",
                "A condition or a column worked out comes to a number of more than 38 digits on these records, too long to be "
                "worked out exactly",
                help="Look for a wrong figure in the records, or state the condition in larger units.",
            )
        )
    if isinstance(error, ServerTrouble):
        return _unusable(error)
    said = str(error).partition("\n")[0]
    no_room = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    if no_room or isinstance(error, NoRoom):
        return Refused(
            Diagnostic(
                "SIB0614",
                f"There is not enough memory or temporary space for these records: {said}",
                help="Free some space in the temporary folder, or name a larger one in TMPDIR.",
            )
        )
    if isinstance(error, OSError):
        return Refused(
            Diagnostic(
                "SIB0607",
                f"The records cannot be read: {said}",
                help="Run this again when nothing else changes the files.",
            )
        )
    return None
