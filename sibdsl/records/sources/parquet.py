"""A Parquet file of records. Source of the rules: records reference, 'Files'."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

from sibdsl.csvfile import Unreadable
from sibdsl.records.sources import Desk, Opened, TypedFile


@frozen
class ParquetSource:
    """A Parquet file: the table it belongs to, where it is, and what messages and row accounts call it."""

    records: str
    path: Path
    shown: str

    @property
    def files(self) -> tuple[Path, ...]:
        """The file."""
        return (self.path,)

    def open(self, wanted: Sequence[str], desk: Desk) -> Opened:  # noqa: ARG002 - its headings need no looking for
        """Read its columns. Raises Unreadable."""
        if self.path.is_dir():
            raise Unreadable("it is a folder")
        try:
            with self.path.open("rb") as stream:
                stream.read(1)
        except PermissionError as error:
            raise Unreadable("permission is denied") from error
        except OSError as error:
            raise Unreadable((error.strerror or str(error)).lower()) from error
        try:
            columns = desk.parquet_columns(self.path)
        except Unreadable as error:
            raise Unreadable("it is not a Parquet file, or it is damaged") from error
        return Opened(
            tuple(name for name, _ in columns), TypedFile(self.path, tuple(kind for _, kind in columns))
        )
