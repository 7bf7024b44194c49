"""An engine that keeps what it was told to carry out, as SQL, for whoever wants to see it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from sqlglot import exp

from sibdsl.measure.engines import Engine, Row
from sibdsl.records.sources import ArrowTable


class Recorded:
    """The engine given; each statement and query is added to `statements` in its dialect, before it is carried out."""

    def __init__(self, engine: Engine, statements: list[str]) -> None:
        self._engine = engine
        self._statements = statements
        self.dialect = engine.dialect
        self.folder = engine.folder

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of everything. Safe to call again."""
        self._engine.close()

    def _noted(self, statement: exp.Expr) -> None:
        text = statement.sql(dialect=self.dialect)
        self._statements.append(text.replace(str(self.folder), "TEMPORARY"))

    def run(self, statement: exp.Expr) -> None:
        """Carry out a statement."""
        self._noted(statement)
        self._engine.run(statement)

    def insert(self, rows: exp.Insert) -> int:
        """Add rows to a table, and give how many there were."""
        self._noted(rows)
        return self._engine.insert(rows)

    def fetch(self, query: exp.Expr) -> list[Row]:
        """All rows of a query."""
        self._noted(query)
        return self._engine.fetch(query)

    def stream(self, query: exp.Expr) -> Iterator[Row]:
        """The rows of a query as they are asked for; others may run meanwhile."""
        return self._engine.stream(query)

    def append_csv(self, query: exp.Query, stream: BinaryIO) -> None:
        """Write the rows of a query to the stream as CSV in UTF-8, without headings."""
        self._engine.append_csv(query, stream)

    def csv_rows(self, path: Path, columns: Sequence[str], delimiter: str, skip: int) -> exp.Table:
        """The rows of a CSV file as a table of texts."""
        return self._engine.csv_rows(path, columns, delimiter, skip)

    def parquet_columns(self, path: Path) -> tuple[tuple[str, str], ...]:
        """The columns of a Parquet file, each with its type."""
        return self._engine.parquet_columns(path)

    def parquet_rows(self, path: Path) -> exp.Table:
        """The rows of a Parquet file as a table."""
        return self._engine.parquet_rows(path)

    def arrow_columns(self, table: ArrowTable) -> tuple[tuple[str, str], ...]:
        """The columns of a table in memory, each with its type."""
        return self._engine.arrow_columns(table)

    def arrow_rows(self, table: ArrowTable) -> exp.Table:
        """The rows of a table in memory as a table."""
        return self._engine.arrow_rows(table)
