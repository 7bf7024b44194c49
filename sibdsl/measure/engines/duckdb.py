"""DuckDB, in process: one database in memory and one temporary folder, both gone when the work is done.

Larger than memory is not larger than possible: what does not fit goes to the temporary folder.
"""

from __future__ import annotations

import atexit
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import BinaryIO, Self

import duckdb
from attrs import define, field, frozen
from sqlglot import exp
from sqlglot.dialects.dialect import Dialect

from sibdsl.measure import sqltree
from sibdsl.measure.engines import EngineError, NoMemory, NoRoom, NumberTooLong, Row
from sibdsl.records.sources import ArrowTable

#: Memory that the engine may use before it turns to the temporary folder, in bytes.
MEMORY = 2 * 1024**3
_BATCH = 10_000
#: What the library says of work that a signal has stopped.
_STOPPED = "Query interrupted"
_DIALECT = Dialect.get_or_raise("duckdb")
#: Marks by which the engine takes a path for a pattern of several files.
_GLOB = set("*?[")


@define(eq=False)
class _Running:
    """A DuckDB that runs, for one engine at a time. Starting it takes longer than measuring a small contract."""

    connection: duckdb.DuckDBPyConnection
    memory: int
    threads: int | None
    process: int
    #: How many databases it has held.
    held: int = 0


@define(eq=False)
class _Kept:
    """Statements as they were parsed: what is asked of one example's records is asked of the next one's."""

    #: How many characters of text are kept at most.
    most: int = 500_000
    statements: dict[str, duckdb.Statement] = field(factory=dict)
    characters: int = 0

    def parsed(self, text: str, connection: duckdb.DuckDBPyConnection) -> duckdb.Statement:
        """The statement that a text is, parsed by any connection; executing it changes nothing about it."""
        found = self.statements.get(text)
        if found is None:
            (found,) = connection.extract_statements(text)
            if self.characters + len(text) > self.most:
                self.statements.clear()
                self.characters = 0
            self.statements[text] = found
            self.characters += len(text)
        return found


_kept = _Kept()
#: One that was let go and may be used again by whoever asks for the same.
_spare: list[_Running] = []


def _start(memory: int, threads: int | None) -> _Running:
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": f"{min(memory, _half_of_memory()) // 1024**2}MiB",
        "preserve_insertion_order": True,
        # Nothing may be fetched from elsewhere, and no variable of ours may be taken for a table.
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "python_enable_replacements": False,
    }
    if threads:
        config["threads"] = threads
    made = _Running(duckdb.connect(":memory:", config=config), memory, threads, os.getpid())
    # Instants are shown in one zone wherever this runs.
    made.connection.execute("SET GLOBAL TimeZone = 'UTC'")
    return made


def _running(memory: int, threads: int | None) -> _Running:
    try:
        spare = _spare.pop()
    except IndexError:
        return _start(memory, threads)
    if (spare.memory, spare.threads, spare.process) == (memory, threads, os.getpid()):
        return spare
    return _start(memory, threads)


@atexit.register
def _stop() -> None:
    while _spare:
        _spare.pop().connection.close()


@frozen
class _Stream:
    """A table in memory by that one protocol alone: DuckDB has ways of its own for some kinds, which read types otherwise."""

    table: ArrowTable = field(eq=False)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self.table.__arrow_c_stream__(requested_schema)


class DuckDB:
    """The engine of that name. Use it in a `with`, or close it."""

    dialect = "duckdb"

    def __init__(self, memory: int = MEMORY, threads: int | None = None) -> None:
        self._temporary = TemporaryDirectory(prefix="sib-")
        self.folder = Path(self._temporary.name)
        self._spilled = self.folder / "spilled"
        self._running: _Running | None = None
        #: The names of tables in memory.
        self._registered: list[str] = []
        try:
            self._running = _running(memory, threads)
            self._running.held += 1
            self._name = f"work_{self._running.held}"
            root = self._running.connection
            root.execute(f"SET GLOBAL temp_directory = {sqltree.text(str(self._spilled)).sql('duckdb')}")
            root.execute(f"ATTACH ':memory:' AS {self._name}")
            self._connection = self._cursor()
        except BaseException:
            self._temporary.cleanup()
            raise

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection of its own to the engine's database."""
        if self._running is None:
            raise EngineError("the engine is closed")
        made = self._running.connection.cursor()
        made.execute(f"USE {self._name}")
        return made

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connection and remove the temporary folder. Safe to call again."""
        running, self._running = self._running, None
        if running is not None:
            for name in self._registered:
                self._connection.unregister(name)
            self._connection.close()
            self._let_go(running)
        self._temporary.cleanup()

    def _let_go(self, running: _Running) -> None:
        """Drop the database; keep the DuckDB if it is as it was."""
        try:
            running.connection.execute(f"DETACH {self._name}")
        except duckdb.Error:
            running.connection.close()
            return
        # One that has written to a temporary folder takes no other.
        if _spare or self._spilled.exists():
            running.connection.close()
        else:
            _spare.append(running)

    def run(self, statement: exp.Expr) -> None:
        """Carry out a statement, wholly or not at all. Raises EngineError when it cannot be done."""
        with _told():
            self._connection.execute(self._parsed(statement))

    def insert(self, rows: exp.Insert) -> int:
        """Add rows to a table, wholly or not at all, and give how many there were."""
        return int(self.fetch(rows)[0][0])

    def fetch(self, query: exp.Expr) -> list[Row]:
        """All rows of a query."""
        with _told():
            return self._connection.execute(self._parsed(query)).fetchall()

    def stream(self, query: exp.Expr) -> Iterator[Row]:
        """The rows of a query as they are asked for; others may run meanwhile."""
        with _told():
            cursor = self._cursor()
        try:
            with _told():
                cursor.execute(self._parsed(query))
            while batch := _fetched(cursor):
                yield from batch
        finally:
            cursor.close()

    def _parsed(self, statement: exp.Expr) -> duckdb.Statement:
        return _kept.parsed(written(statement), self._connection)

    def append_csv(self, query: exp.Query, stream: BinaryIO) -> None:
        """Write the rows of a query to the stream as CSV in UTF-8, without headings."""
        path = self.folder / "rows.csv"
        self.run(
            exp.Copy(
                this=query.subquery(copy=False),
                kind=False,
                files=[exp.Literal.string(str(path))],
                params=[
                    exp.CopyParameter(this=exp.var("FORMAT"), expression=exp.var("CSV")),
                    exp.CopyParameter(this=exp.var("HEADER"), expression=exp.false()),
                ],
            )
        )
        with path.open("rb") as written_rows:
            shutil.copyfileobj(written_rows, stream)
        path.unlink()

    def csv_rows(self, path: Path, columns: Sequence[str], delimiter: str, skip: int) -> exp.Table:
        """The rows of a CSV file, strictly read, as a table of texts."""
        texts = [
            exp.PropertyEQ(this=exp.to_identifier(name), expression=sqltree.text("VARCHAR"))
            for name in columns
        ]
        return sqltree.table_function(
            "read_csv",
            sqltree.text(str(self._plain_path(path))),
            auto_detect=sqltree.false(),
            columns=exp.Struct(expressions=texts),
            delim=sqltree.text(delimiter),
            quote=sqltree.text('"'),
            escape=sqltree.text('"'),
            header=sqltree.false(),
            skip=sqltree.whole(skip),
            strict_mode=sqltree.true(),
            null_padding=sqltree.false(),
            ignore_errors=sqltree.false(),
            compression=sqltree.text("none"),
            # Rows are numbered as they come.
            parallel=sqltree.false(),
        )

    def parquet_columns(self, path: Path) -> tuple[tuple[str, str], ...]:
        """The columns of a Parquet file, each with its type. Raises EngineError for what is none."""
        whole = sqltree.query([sqltree.everything()], self.parquet_rows(path))
        return tuple((str(row[0]), str(row[1])) for row in self.fetch(exp.Describe(this=whole)))

    def parquet_rows(self, path: Path) -> exp.Table:
        """The rows of a Parquet file as a table."""
        return sqltree.table_function("read_parquet", sqltree.text(str(self._plain_path(path))))

    def arrow_columns(self, table: ArrowTable) -> tuple[tuple[str, str], ...]:
        """The columns of a table in memory, each with its type."""
        whole = sqltree.query([sqltree.everything()], self.arrow_rows(table))
        return tuple((str(row[0]), str(row[1])) for row in self.fetch(exp.Describe(this=whole)))

    def arrow_rows(self, table: ArrowTable) -> exp.Table:
        """The rows of a table in memory as a table. Raises EngineError for one that holds what is no Arrow."""
        name = f"memory_{len(self._registered)}"
        try:
            self._connection.register(name, _Stream(table))
        except Exception as error:  # the table is of others, and fails in its own way
            raise EngineError(str(error)) from error
        self._registered.append(name)
        return sqltree.table(name)

    def _plain_path(self, path: Path) -> Path:
        """A path that the engine does not take for a pattern of several files."""
        whole = path.absolute()
        if not _GLOB & set(str(whole)):
            return whole
        made = self.folder / f"input-{len(list(self.folder.glob('input-*')))}{path.suffix}"
        try:
            made.symlink_to(whole)
        except OSError:
            shutil.copyfile(whole, made)
        return made


@contextmanager
def _told() -> Iterator[None]:
    """Tell the engine's errors as ours."""
    try:
        yield
    except (duckdb.OutOfRangeException, duckdb.ConversionException) as error:
        raise NumberTooLong(str(error)) from error
    except duckdb.OutOfMemoryException as error:
        raise NoMemory(str(error)) from error
    except duckdb.IOException as error:
        raise NoRoom(str(error)) from error
    except duckdb.Error as error:
        raise EngineError(str(error)) from error
    except RuntimeError as error:
        if str(error) != _STOPPED:
            raise
        # A signal came while the engine worked. What its handler raised is lost: the command line knows which it was.
        raise KeyboardInterrupt from error


def _fetched(cursor: duckdb.DuckDBPyConnection) -> list[Row]:
    with _told():
        return cursor.fetchmany(_BATCH)


def written(statement: exp.Expr) -> str:
    """The statement as DuckDB reads it."""
    return _DIALECT.generate(statement, copy=False)


def _half_of_memory() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    except (AttributeError, OSError, ValueError):
        return MEMORY
