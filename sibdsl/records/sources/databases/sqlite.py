"""SQLite: a file that holds a database. Source of the rules: records reference, 'Databases'.

A cell of SQLite has the type that was stored, whatever its column was declared as. What a column was declared as is asked only where
SQLite has no type of its own: for days and for yes and no.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import Self, TypeAlias
from urllib.parse import quote

from attrs import define, field

from sibdsl import files
from sibdsl.project.addresses import DatabaseAddress
from sibdsl.records.sources.databases import Row, Stored, StoredQuery, StoredTable, binary_number, trouble

#: Seconds to wait for a database that another program has locked.
_WAIT = 10
_BATCH = 5_000
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T]00:00(?::00(?:\.0+)?)?)?", re.ASCII)

Value: TypeAlias = int | float | str | bytes | None
#: What a cell is as text, and its type.
_Read: TypeAlias = Callable[[Value], tuple[str, str]]


@define(eq=False)
class SqliteDatabase:
    """An open SQLite file, within one transaction."""

    address: DatabaseAddress
    _connection: sqlite3.Connection
    #: Queries -> the views that stand for them.
    _views: dict[str, str] = field(factory=dict)

    @classmethod
    def opened(cls, address: DatabaseAddress) -> Self:
        """Open the file for reading. Raises Refused (SIB0787, SIB0790)."""
        path = address.path
        if path is None or not path.exists():
            rooted = path is not None and not path.is_absolute() and ("/" / path).exists()
            raise trouble.not_opened(
                address,
                "there is no such file",
                f"Did you mean `sqlite:///{'/' / path}`? A path from the root has four strokes."
                if path is not None and rooted
                else "Check the name. A path with three strokes begins in the folder of the call, one with four at the root.",
            )
        if not path.is_file():
            raise trouble.not_opened(address, "it is not a plain file", "Name the file of the database.")
        # What is written goes over no file that was read.
        files.Watch((path,))
        try:
            # Read only, so that nothing can be changed by a query either.
            uri = f"file:{quote(str(path.absolute()))}?mode=ro"
            connection = sqlite3.connect(uri, uri=True, timeout=_WAIT, isolation_level=None)
            connection.execute("BEGIN")
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        except sqlite3.Error as error:
            if _is_busy(error):
                raise trouble.busy(address, "The file") from error
            raise trouble.not_opened(
                address, _words(error), "Check that it is an SQLite database that you may read."
            ) from error
        return cls(address, connection)

    def tables(self) -> tuple[StoredTable, ...]:
        """All tables and views."""
        query = "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
        return tuple(StoredTable(str(name)) for (name,) in self._all(query, "The list of tables"))

    def columns(self, stored: Stored) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(name for name, _ in self._declared(stored))

    def key(self, stored: Stored) -> tuple[str, ...]:
        """The columns of the primary key."""
        if isinstance(stored, StoredQuery):
            return ()
        query = f"SELECT name FROM pragma_table_xinfo({_text(stored.name)}) WHERE pk > 0 ORDER BY pk"
        return tuple(str(name) for (name,) in self._all(query, stored.shown))

    def rows(self, stored: Stored, order: Sequence[str]) -> Iterator[Row]:
        """All rows, in the order of these columns."""
        reads = [_reader(declared) for _, declared in self._declared(stored)]
        by = f" ORDER BY {', '.join(f'{_name(column)} COLLATE BINARY' for column in order)}" if order else ""
        rows = 0
        try:
            cursor = self._connection.execute(f"SELECT * FROM {self._from(stored)}{by}")
            while batch := cursor.fetchmany(_BATCH):
                for values in batch:
                    told = [read(value) for read, value in zip(reads, values, strict=True)]
                    yield [text for text, _ in told], [kind for _, kind in told]
                    rows += 1
        except sqlite3.Error as error:
            if _is_busy(error):
                raise trouble.busy(self.address, stored.shown) from error
            raise trouble.stopped(self.address, stored.shown, _words(error), rows) from error

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _declared(self, stored: Stored) -> list[tuple[str, str]]:
        """The columns, each with what it was declared as."""
        # Hidden columns of virtual tables are 1; what `SELECT *` gives is 0, and 2 and 3 where it is worked out.
        query = f"SELECT name, type FROM pragma_table_xinfo({_text(self._called(stored))}) WHERE hidden <> 1 ORDER BY cid"
        return [(str(name), str(declared)) for name, declared in self._all(query, stored.shown)]

    def _from(self, stored: Stored) -> str:
        schema = "temp" if isinstance(stored, StoredQuery) else "main"
        return f"{schema}.{_name(self._called(stored))}"

    def _called(self, stored: Stored) -> str:
        if isinstance(stored, StoredTable):
            return stored.name
        if stored.text not in self._views:
            taken = {table.name for table in self.tables()}
            name = next(name for at in count() if (name := f"sib_query_{len(self._views) + at}") not in taken)
            self._all(f"CREATE TEMP VIEW {_name(name)} AS {stored.text}", stored.shown)
            # What it reads is looked for only when it is read.
            self._all(f"SELECT * FROM temp.{_name(name)} LIMIT 0", stored.shown)
            self._views[stored.text] = name
        return self._views[stored.text]

    def _all(self, query: str, shown: str) -> list[tuple[Value, ...]]:
        try:
            return self._connection.execute(query).fetchall()
        except (sqlite3.Error, sqlite3.Warning) as error:
            if _is_busy(error):
                raise trouble.busy(self.address, shown) from error
            raise trouble.query_refused(self.address, shown, _words(error)) from error


def _is_busy(error: Exception) -> bool:
    return isinstance(error, sqlite3.OperationalError) and getattr(error, "sqlite_errorcode", 0) & 0xFF in (
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
    )


def _words(error: Exception) -> str:
    said = str(error)
    # What follows is the text of a cell.
    return "it holds text that is not in UTF-8" if said.startswith("Could not decode") else said


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _reader(declared: str) -> _Read:
    words = declared.upper()
    if words.startswith("BOOL"):
        return _yes_or_no
    if words.startswith(("DATE", "TIMESTAMP")):
        return _day
    return _plainly


def _plainly(value: Value) -> tuple[str, str]:
    match value:
        case None:
            return "", "VARCHAR"
        case str():
            return value, "VARCHAR"
        case int():
            return str(value), "BIGINT"
        case float():
            return binary_number(repr(value)), "DOUBLE"
        case bytes():
            return f"x'{value.hex()}'", "BLOB"


def _yes_or_no(value: Value) -> tuple[str, str]:
    if isinstance(value, int) and value in (0, 1):
        return ("yes" if value else "no"), "BOOLEAN"
    return _plainly(value)


def _day(value: Value) -> tuple[str, str]:
    day = _DAY.fullmatch(value) if isinstance(value, str) else None
    return (day[1], "DATE") if day else _plainly(value)
