"""A CSV file of records. Source of the rules: records reference, 'Files'."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

from sibdsl.csvfile import inspect
from sibdsl.records.sources import Desk, Opened


@frozen
class CsvSource:
    """A CSV file: the table it belongs to, where it is, and what messages and row accounts call it."""

    records: str
    path: Path
    shown: str

    @property
    def files(self) -> tuple[Path, ...]:
        """The file."""
        return (self.path,)

    def open(self, wanted: Sequence[str], desk: Desk) -> Opened:
        """Look at the file without reading its rows. Raises Unreadable and NoHeadings."""
        file = inspect(self.path, wanted, desk.folder)
        return Opened(file.headings, file, len(file.respelt), file.converted)
