"""DuckDB, in process: one connection and one temporary folder, both gone when the work is done.

Larger than memory is not larger than possible: what does not fit goes to the temporary folder.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, BinaryIO, Self

import duckdb
from sqlglot import exp

from sibdsl.diagnostics import Diagnostic, Refused

#: Memory that the engine may use before it turns to the temporary folder, in bytes.
MEMORY = 2 * 1024**3
_BATCH = 10_000

Row = tuple[Any, ...]


class Engine:
    """Runs statements given as expression trees. Use it in a `with`, or close it."""

    def __init__(self, memory: int = MEMORY, threads: int | None = None) -> None:
        self._temporary = TemporaryDirectory(prefix="sib-")
        self.folder = Path(self._temporary.name)
        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": f"{min(memory, _half_of_memory()) // 1024**2}MiB",
            "temp_directory": str(self.folder / "spilled"),
            "preserve_insertion_order": True,
            # Nothing may be fetched from elsewhere, and no variable of ours may be taken for a table.
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "python_enable_replacements": False,
        }
        if threads:
            config["threads"] = threads
        try:
            self._connection = duckdb.connect(":memory:", config=config)
            # Instants are shown in one zone wherever this runs.
            self._connection.execute("SET TimeZone = 'UTC'")
        except BaseException:
            self._temporary.cleanup()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connection and remove the temporary folder. Safe to call again."""
        self._connection.close()
        self._temporary.cleanup()

    def run(self, statement: exp.Expr) -> None:
        """Carry out a statement, wholly or not at all. Raises duckdb.Error when it cannot be done."""
        self._connection.execute(written(statement))

    def fetch(self, query: exp.Expr) -> list[Row]:
        """All rows of a query."""
        return list(self.stream(query))

    def stream(self, query: exp.Expr) -> Iterator[Row]:
        """The rows of a query as they are asked for; others may run meanwhile."""
        cursor = self._connection.cursor()
        try:
            cursor.execute(written(query))
            while batch := cursor.fetchmany(_BATCH):
                yield from batch
        finally:
            cursor.close()

    def append_csv(self, query: exp.Query, stream: BinaryIO) -> None:
        """Write the rows of a query to the stream as CSV in UTF-8, without headings."""
        made = self.folder / "rows.csv"
        self.run(
            exp.Copy(
                this=query.subquery(copy=False),
                kind=False,
                files=[exp.Literal.string(str(made))],
                params=[
                    exp.CopyParameter(this=exp.var("FORMAT"), expression=exp.var("CSV")),
                    exp.CopyParameter(this=exp.var("HEADER"), expression=exp.false()),
                ],
            )
        )
        with made.open("rb") as written_rows:
            shutil.copyfileobj(written_rows, stream)
        made.unlink()


def written(statement: exp.Expr) -> str:
    """The statement as DuckDB reads it."""
    return statement.sql(dialect="duckdb")


def _half_of_memory() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    except (AttributeError, OSError, ValueError):
        return MEMORY


def refusal(error: duckdb.Error | OSError) -> Refused | None:
    """What a failure of the engine means to the user; None when it is a fault of ours."""
    if isinstance(error, duckdb.OutOfRangeException | duckdb.ConversionException):
        return Refused(
            Diagnostic(
                "SIB0611",
                "a condition comes to a number of more than 38 digits on these records, too long to be worked out exactly",
                help="Look for a wrong figure in the records, or state the condition in larger units.",
            )
        )
    said = str(error).partition("\n")[0]
    no_room = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    if no_room or isinstance(error, duckdb.OutOfMemoryException | duckdb.IOException):
        return Refused(
            Diagnostic(
                "SIB0614",
                f"there is not enough memory or temporary space for these records: {said}",
                help="Free some space in the temporary folder, or name a larger one in TMPDIR.",
            )
        )
    if isinstance(error, OSError):
        return Refused(
            Diagnostic(
                "SIB0607",
                f"the records cannot be read: {said}",
                help="Run this again when nothing else changes the files.",
            )
        )
    return None
