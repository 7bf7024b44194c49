"""PostgreSQL: a server that holds databases. Source of the rules: records reference, 'Databases'.

Rows come as the texts that the server itself writes (`COPY ... TO STDOUT`), so that no number goes through another form of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING, Self, TypeAlias

from attrs import define

from sibdsl.diagnostics import Diagnostic, Refused
from sibdsl.project.addresses import DatabaseAddress
from sibdsl.records.sources.databases import Row, Stored, StoredQuery, StoredTable, binary_number, trouble

if TYPE_CHECKING:
    import psycopg

#: Settings of a connection unless the address says otherwise: a server that is gone is noticed within a minute.
_USUAL = {
    "connect_timeout": "10",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "application_name": "sib",
    "client_encoding": "UTF8",
}
#: How the server writes what it gives, whatever it usually does.
_WRITTEN = (
    "SET SESSION TIME ZONE 'UTC'",
    "SET SESSION datestyle TO ISO, YMD",
    "SET SESSION intervalstyle TO iso_8601",
    "SET SESSION extra_float_digits TO 1",
    "SET SESSION bytea_output TO hex",
    "SET SESSION lock_timeout TO '10s'",
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MIDNIGHT = " 00:00:00"

#: What a cell that is no blank is as text, and its type.
_Read: TypeAlias = Callable[[str], tuple[str, str]]


def _as(kind: str) -> _Read:
    return lambda text: (text, kind)


def _yes_or_no(text: str) -> tuple[str, str]:
    return ("yes" if text == "t" else "no"), "BOOLEAN"


def _number(text: str) -> tuple[str, str]:
    """A decimal without the noughts at its end; NaN and infinity are no numbers."""
    if text[-1:].isalpha():
        return text, "VARCHAR"
    return (text.rstrip("0").rstrip(".") if "." in text else text), "DECIMAL"


def _binary(text: str) -> tuple[str, str]:
    return (text, "VARCHAR") if text[-1:].isalpha() else (binary_number(text), "DOUBLE")


def _day(text: str) -> tuple[str, str]:
    """A day of the four-digit years; what is none, as `infinity`, stays as it is."""
    return text, "DATE" if _DAY.fullmatch(text) else "VARCHAR"


def _time_of_day(text: str) -> tuple[str, str]:
    """A timestamp without a zone: at midnight it is a day."""
    day = text.removesuffix(_MIDNIGHT)
    return (day, "TIMESTAMP") if _DAY.fullmatch(day) else (text, "VARCHAR")


_TEXT = _as("VARCHAR")
#: The numbers by which the server knows types (pg_type.dat) -> how their texts are read. All others are texts.
_TYPES: Mapping[int, _Read] = MappingProxyType(
    {
        16: _yes_or_no,
        20: _as("BIGINT"),
        21: _as("SMALLINT"),
        23: _as("INTEGER"),
        700: _binary,
        701: _binary,
        1082: _day,
        1114: _time_of_day,
        1700: _number,
    }
)
#: Types of texts, which are put in order by code point, and of numbers and days, which have an order of their own.
_TEXTS = (18, 19, 25, 1042, 1043)
_ORDERED = (16, 20, 21, 23, 26, 700, 701, 1082, 1083, 1114, 1184, 1186, 1266, 1700, 2950)


@define(eq=False)
class PostgresqlDatabase:
    """A connection to a server, within one transaction that reads only and sees one state of the database."""

    address: DatabaseAddress
    _connection: psycopg.Connection

    @classmethod
    def opened(cls, address: DatabaseAddress) -> Self:
        """Connect. Raises Refused (SIB0787), and (SIB0792) where the library is not there."""
        try:
            import psycopg
        except ImportError as error:
            raise Refused(
                Diagnostic(
                    "SIB0792",
                    f"To read from {address}, the library psycopg is needed, and it is not installed.",
                    help="Install it with `pip install 'sibdsl[postgresql]'`.",
                )
            ) from error
        settings = _USUAL | dict(address.settings)
        if address.of_project:
            # A server that a project file names gets no password as it stands.
            settings["require_auth"] = "!password"
        connection = None
        try:
            connection = psycopg.connect(**settings)  # type: ignore[arg-type]
            connection.autocommit = True
            for statement in _WRITTEN:
                connection.execute(statement)
            connection.autocommit = False
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            connection.execute("SELECT 1")
        except (psycopg.Error, UnicodeError) as error:
            if connection is not None:
                connection.close()
            raise trouble.not_opened(
                address,
                _words(error),
                "Check host, port, user and database. A password comes from PGPASSWORD or ~/.pgpass.",
            ) from error
        return cls(address, connection)

    def tables(self) -> tuple[StoredTable, ...]:
        """All tables and views but the server's own; without their schema are found those of the search path."""
        query = (
            "SELECT c.relname, n.nspname, pg_catalog.pg_table_is_visible(c.oid) FROM pg_catalog.pg_class AS c "
            "JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f') "
            "AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' ORDER BY 2, 1"
        )
        with self._told("The list of tables"):
            return tuple(StoredTable(*row) for row in self._connection.execute(query))

    def columns(self, stored: Stored) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(name for name, _ in self._described(stored))

    def key(self, stored: Stored) -> tuple[str, ...]:
        """The columns of the primary key."""
        if isinstance(stored, StoredQuery):
            return ()
        query = (
            "SELECT a.attname FROM pg_catalog.pg_index AS i "
            "CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(attnum, at) "
            "JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum "
            "WHERE i.indisprimary AND i.indrelid = %s::regclass ORDER BY k.at"
        )
        with self._told(stored.shown):
            return tuple(str(name) for (name,) in self._connection.execute(query, (_from(stored),)))

    def rows(self, stored: Stored, order: Sequence[str]) -> Iterator[Row]:
        """All rows, in the order of these columns."""
        described = self._described(stored)
        kinds = dict(described)
        reads = [_TYPES.get(kind, _TEXT) for _, kind in described]
        by = f" ORDER BY {', '.join(_in_order(column, kinds[column]) for column in order)}" if order else ""
        rows = 0
        with self._told(stored.shown, lambda: rows):
            query = f"COPY (SELECT * FROM {_from(stored)}{by}) TO STDOUT"
            with self._connection.cursor() as cursor, cursor.copy(query.encode()) as copied:
                for values in copied.rows():
                    told = [
                        ("", "VARCHAR") if value is None else read(value)
                        for read, value in zip(reads, values, strict=True)
                    ]
                    yield [text for text, _ in told], [kind for _, kind in told]
                    rows += 1

    def close(self) -> None:
        """End the transaction and the connection."""
        self._connection.close()

    def _described(self, stored: Stored) -> list[tuple[str, int]]:
        """The columns with the numbers of their types."""
        with self._told(stored.shown), self._connection.cursor() as cursor:
            # Prepared, because of several statements in one text a server refuses to prepare any.
            cursor.execute(f"SELECT * FROM {_from(stored)} LIMIT 0".encode(), prepare=True)
            return [(column.name, column.type_code) for column in cursor.description or ()]

    @contextmanager
    def _told(self, shown: str, rows: Callable[[], int] | None = None) -> Iterator[None]:
        """Tell the server's errors as ours; `rows` says how many had been read."""
        import psycopg
        from psycopg import errors

        try:
            yield
        except errors.InsufficientPrivilege as error:
            raise trouble.not_permitted(self.address, shown, self._connection.info.user) from error
        except errors.LockNotAvailable as error:
            raise trouble.busy(self.address, shown) from error
        except (psycopg.Error, UnicodeError) as error:
            if rows is not None or self._connection.broken:
                raise trouble.stopped(self.address, shown, _words(error), rows() if rows else 0) from error
            raise trouble.query_refused(self.address, shown, _words(error)) from error


def _words(error: Exception) -> str:
    """The first line of what the server says, without the statement."""
    if isinstance(error, UnicodeError):
        return "it holds text that is not in UTF-8"
    said = str(error).strip().partition("\n")[0]
    return said.rstrip(".") or type(error).__name__


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _from(stored: Stored) -> str:
    match stored:
        case StoredTable():
            return f"{_name(stored.schema)}.{_name(stored.name)}"
        case StoredQuery():
            # On a line of its own ends what could be a remark at the end of the query.
            return f"(\n{stored.text}\n) AS sib_query"


def _in_order(column: str, kind: int) -> str:
    if kind in _TEXTS:
        return f'{_name(column)} COLLATE "C"'
    return _name(column) if kind in _ORDERED else f'{_name(column)}::text COLLATE "C"'
