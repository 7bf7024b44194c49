"""Databases of records: what is read of one, and a source that gives its rows. Source of the rules: records reference, 'Databases'.

A new kind of database is a file here with a class of the form of `Database`, and a name in `DatabaseKind`. Whatever goes wrong in one is
told by a Refused of our own, whose words hold no password.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Protocol, TypeAlias, assert_never

from attrs import define, field, frozen

from sibdsl.plainform import plain
from sibdsl.project.addresses import DatabaseAddress, DatabaseKind
from sibdsl.records.sources import Desk, NumberedRow, NumberedRows, Opened


@frozen
class StoredTable:
    """A table or view of a database. `found` says whether its name alone finds it, without that of its schema."""

    name: str
    schema: str = ""
    found: bool = True

    @property
    def shown(self) -> str:
        """What messages call it."""
        return self.name if self.found or not self.schema else f"{self.schema}.{self.name}"


@frozen
class StoredQuery:
    """A query whose rows stand for the table of this name."""

    text: str
    records: str

    @property
    def shown(self) -> str:
        """What messages call it."""
        return f"query of {self.records}"


Stored: TypeAlias = StoredTable | StoredQuery


#: Cells as they would stand in a CSV file, and the type of each as engines name it.
Row: TypeAlias = tuple[Sequence[str], Sequence[str]]


class Database(Protocol):
    """An open database: everything is read in one transaction that writes nothing and sees nothing that others write meanwhile.

    Every method raises Refused: not opened (SIB0787), not permitted (SIB0788), a query that it cannot carry out (SIB0789), locked
    (SIB0790), and reading that stopped midway (SIB0791).
    """

    def tables(self) -> tuple[StoredTable, ...]:
        """All tables and views that can be named."""

    def columns(self, stored: Stored) -> tuple[str, ...]:
        """The names of the columns, in their order."""

    def key(self, stored: Stored) -> tuple[str, ...]:
        """The columns of its primary key; () for what has none."""

    def rows(self, stored: Stored, order: Sequence[str]) -> Iterator[Row]:
        """All rows in the order of these columns, texts by code point; without any, in their own order."""

    def close(self) -> None:
        """Let go of it. Safe to call again."""


#: Digits of a binary number that stand for one decimal alone: more are left over from a sum, and nobody wrote them.
_DIGITS = 15


def binary_number(shortest: str) -> str:
    """A binary number as text, from the fewest digits that stand for it alone: 0.1 for what was stored as 0.1.

    What takes more than 15 digits is given in powers of ten, which no column reads: it came of arithmetic that is not exact.
    """
    number = Decimal(shortest)
    if not number.is_finite():
        return shortest
    number = number.normalize()
    return f"{number:E}" if len(number.as_tuple().digits) > _DIGITS else f"{number:f}"


@frozen
class TableRead:
    """What was read of a table: how many rows, and the SHA-256 of their cells, in hexadecimal digits."""

    shown: str
    rows: int
    sha256: str


@define(eq=False)
class Session:
    """A database that is opened when it is first asked, and stays so for all that a run reads of it. Close it."""

    address: DatabaseAddress
    #: What was read of each table, once it was read to its end.
    reads: dict[str, TableRead] = field(factory=dict)
    _open: Database | None = None

    def database(self) -> Database:
        """The open database. Raises Refused where it cannot be opened (SIB0787), or what reads it is not there (SIB0792)."""
        if self._open is None:
            match self.address.kind:
                case DatabaseKind.SQLITE:
                    from sibdsl.records.sources.databases.sqlite import SqliteDatabase

                    self._open = SqliteDatabase.opened(self.address)
                case DatabaseKind.POSTGRESQL:
                    from sibdsl.records.sources.databases.postgresql import PostgresqlDatabase

                    self._open = PostgresqlDatabase.opened(self.address)
                case _ as never:
                    assert_never(never)
        return self._open

    def close(self) -> None:
        """Let go of the database. Safe to call again."""
        opened, self._open = self._open, None
        if opened is not None:
            opened.close()


@frozen
class DatabaseRecords:
    """The records of a contract in a database: in the schema of this name, or where names find them without one."""

    session: Session = field(eq=False)
    schema: str = ""

    @property
    def shown(self) -> str:
        """What messages call it."""
        return f"{self.session.address}, schema {self.schema}" if self.schema else str(self.session.address)

    def close(self) -> None:
        """Let go of the database."""
        self.session.close()


@frozen
class DatabaseSource:
    """A table, view or query of a database, as records."""

    records: str
    session: Session = field(eq=False)
    stored: Stored
    order: tuple[str, ...]
    #: Whether the rows of a query come in its own order.
    own_order: bool = False

    @property
    def shown(self) -> str:
        """What messages and row accounts call it: with the order in which its rows are numbered, so that one can be found again."""
        if self.own_order:
            return f"{self.stored.shown}, in its order,"
        return f"{self.stored.shown} by {', '.join(self.order) if self.order else 'all columns'}"

    @property
    def files(self) -> tuple[Path, ...]:
        """None: what is read is what the database held when the run began."""
        return ()

    def open(self, wanted: Sequence[str], desk: Desk) -> Opened:  # noqa: ARG002 - it has one set of headings
        """Read the columns. Raises Refused, see `Database`."""
        names = self.session.database().columns(self.stored)
        headings = tuple(map(plain, names))
        order = () if self.own_order else self.order or names
        respelt = sum(heading != name for heading, name in zip(headings, names, strict=True))
        return Opened(headings, NumberedRows(lambda: self._rows(names, order)), respelt)

    def _rows(self, names: Sequence[str], order: Sequence[str]) -> Iterator[NumberedRow]:
        digest = sha256("\0".join(names).encode("utf-8", "surrogatepass"))
        number = 0
        for cells, types in self.session.database().rows(self.stored, order):
            number += 1
            digest.update(f"\n{number}\0".encode())
            digest.update("\0".join(cells).encode("utf-8", "surrogatepass"))
            yield NumberedRow(number, cells, types)
        self.session.reads[self.shown] = TableRead(self.shown, number, digest.hexdigest())
