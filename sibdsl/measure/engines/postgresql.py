"""PostgreSQL 16 or later: measures inside a database server, for those whose records live in one.

Everything is made as temporary tables and views of one session, so nothing stays behind and no table of the database's
owner is touched; the role needs no right but to make temporary tables. Texts compare by code point whatever the
database's own collation. Source of the rules: the page 'Engines' of the reference.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import BinaryIO, ClassVar, LiteralString, Self

import psycopg
from psycopg import conninfo, sql
from psycopg.abc import Buffer
from psycopg.types.numeric import NumericLoader
from sqlglot import exp
from sqlglot.dialects.postgres import Postgres
from sqlglot.generators.postgres import PostgresGenerator

from sibdsl.diagnostics import Diagnostic, Refused
from sibdsl.measure import sqltree
from sibdsl.measure.engines import EngineError, NoMemory, NoRoom, NumberTooLong, Row, ServerTrouble
from sibdsl.project.addresses import DatabaseAddress
from sibdsl.records.sources import ArrowTable

_BATCH = 10_000


class _WholeNumbers(NumericLoader):
    """Numbers of any length: every one in a plan is a whole number."""

    def load(self, data: Buffer) -> int:  # type: ignore[override]
        return int(super().load(data))


class PostgreSQL:
    """The engine of that name, in a session of its own on a server. Use it in a `with`, or close it.

    What the address leaves out (user, password, host), and without one all, comes from the environment, as libpq has it.
    Raises EngineError where no session can be had; the text never holds a password.
    """

    dialect = "postgres"

    def __init__(self, address: DatabaseAddress | None = None) -> None:
        self._temporary = TemporaryDirectory(prefix="sib-")
        self.folder = Path(self._temporary.name)
        self._made = 0
        self._hidden = address.hidden if address else str
        given = dict(address.settings) if address else {}
        try:
            with self._told():
                told = conninfo.make_conninfo(**{**_USUAL, **given})
                self._connection = psycopg.connect(told, autocommit=True)
                for setting in _SETTINGS:
                    self._connection.execute(setting)
            self._connection.adapters.register_loader("numeric", _WholeNumbers)
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
        """End the session, which lets go of all that it made, and remove the temporary folder. Safe to call again."""
        self._connection.close()
        self._temporary.cleanup()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Tell the server's errors as ours."""
        try:
            yield
        except psycopg.Error as error:
            said = self._hidden(str(error).strip().partition("\n")[0])
            raise _kind(error)(said) from error

    def run(self, statement: exp.Expr) -> None:
        """Carry out a statement, wholly or not at all. Raises EngineError when it cannot be done."""
        with self._told(), self._connection.transaction():
            if isinstance(statement, exp.Create) and statement.args.get("replace"):
                # What is there may be of another kind, or have other columns.
                name = statement.this.copy()
                self._execute(exp.Drop(tables=[name], kind=statement.kind, exists=True))
            self._execute(statement)

    def _execute(self, statement: exp.Expr) -> psycopg.Cursor[Row]:
        return self._connection.execute(_as_query(written(statement)))

    def insert(self, rows: exp.Insert) -> int:
        """Add rows to a table, wholly or not at all, and give how many there were."""
        with self._told(), self._connection.transaction():
            return self._execute(rows).rowcount

    def fetch(self, query: exp.Expr) -> list[Row]:
        """All rows of a query."""
        with self._told():
            return self._execute(query).fetchall()

    def stream(self, query: exp.Expr) -> Iterator[Row]:
        """The rows of a query as they are asked for; others may run meanwhile."""
        self._made += 1
        with self._told():
            cursor = self._connection.cursor(f"stream_{self._made}", withhold=True)
            cursor.execute(_as_query(written(query)))
        try:
            while batch := self._fetched(cursor):
                yield from batch
        finally:
            with self._told():
                cursor.close()

    def _fetched(self, cursor: psycopg.ServerCursor[Row]) -> list[Row]:
        with self._told():
            return cursor.fetchmany(_BATCH)

    def append_csv(self, query: exp.Query, stream: BinaryIO) -> None:
        """Write the rows of a query to the stream as CSV in UTF-8, without headings."""
        copied = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv, ENCODING 'UTF8')").format(
            _as_query(written(query))
        )
        with self._told(), self._connection.cursor() as cursor, cursor.copy(copied) as rows:
            stream.writelines(rows)

    def csv_rows(self, path: Path, columns: Sequence[str], delimiter: str, skip: int) -> exp.Table:
        r"""The rows of a CSV file, strictly read, as a table of texts.

        Read here and sent over: the server's own reader takes a line `\.` for the end of the file.
        """
        self._made += 1
        name = f"csv_{self._made}"
        texts = sql.SQL(", ").join(
            sql.SQL('{} TEXT COLLATE "C"').format(sql.Identifier(column)) for column in columns
        )
        target = sql.Identifier(name)
        with self._told():
            self._connection.execute(sql.SQL("CREATE TEMPORARY TABLE {} ({})").format(target, texts))
        try:
            with path.open(encoding="utf-8", newline="") as lines:
                for _ in range(skip):
                    lines.readline()
                self._send(target, csv.reader(lines, delimiter=delimiter, strict=True), len(columns))
        except (csv.Error, UnicodeDecodeError) as error:
            raise EngineError(str(error)) from error
        return sqltree.table(name)

    def _send(self, target: sql.Identifier, rows: Iterator[list[str]], width: int) -> None:
        copied = sql.SQL("COPY {} FROM STDIN").format(target)
        with self._told(), self._connection.cursor() as cursor, cursor.copy(copied) as to:
            for row in rows:
                if len(row) != width:
                    raise EngineError(f"a row has {len(row)} cells and not {width}")
                to.write_row(row)

    def parquet_columns(self, path: Path) -> tuple[tuple[str, str], ...]:
        """The server reads no Parquet files: raises Refused (SIB0644)."""
        raise Refused(
            Diagnostic(
                "SIB0644",
                f"PostgreSQL reads no Parquet files, and {path.name} is one",
                help="Leave out --engine to measure with DuckDB, or save the file as CSV in UTF-8.",
            )
        )

    def parquet_rows(self, path: Path) -> exp.Table:
        """The server reads no Parquet files: raises EngineError."""
        raise EngineError(f"PostgreSQL reads no Parquet files, and {path.name} is one")

    def arrow_columns(self, table: ArrowTable) -> tuple[tuple[str, str], ...]:  # noqa: ARG002 - none is read
        """The server reads no tables in memory: raises Refused (SIB0644)."""
        raise Refused(
            Diagnostic(
                "SIB0644",
                "PostgreSQL reads no tables in the memory of a program",
                help="Measure with DuckDB, or put the tables into the server and name it as the place of the records.",
            )
        )

    def arrow_rows(self, table: ArrowTable) -> exp.Table:  # noqa: ARG002 - none is read
        """The server reads no tables in memory: raises EngineError."""
        raise EngineError("PostgreSQL reads no tables in the memory of a program")


#: Settings of a connection unless the address says otherwise: a server that is gone is noticed within a minute.
_USUAL = {
    "connect_timeout": "10",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "application_name": "sib",
}
_SETTINGS: tuple[LiteralString, ...] = (
    "SET TimeZone = 'UTC'",
    "SET DateStyle = 'ISO, YMD'",
    "SET IntervalStyle = 'postgres'",
    "SET client_encoding = 'UTF8'",
    "SET standard_conforming_strings = on",
    # Rows are numbered as they come.
    "SET synchronize_seqscans = off",
    "SET max_parallel_workers_per_gather = 0",
    # Temporary tables have no statistics: a nested loop over all rows is the worst guess.
    "SET enable_nestloop = off",
    "SET jit = off",
    "SET client_min_messages = warning",
)


def _kind(error: psycopg.Error) -> type[EngineError]:
    match error:
        case psycopg.errors.NumericValueOutOfRange():
            return NumberTooLong
        case psycopg.errors.OutOfMemory():
            return NoMemory
        case psycopg.errors.DiskFull() | psycopg.errors.InsufficientResources():
            return NoRoom
        case psycopg.OperationalError() | psycopg.errors.InsufficientPrivilege():
            return ServerTrouble
        case _:
            return EngineError


def _as_query(text: str) -> sql.SQL:
    # Written by sqlglot from a tree in which every value is a literal; no parameter is bound, so no % is read.
    return sql.SQL(text)


# ------------------------------------------------------------------ what PostgreSQL writes in another way


def _bare(generator: PostgresGenerator, name: str, *arguments: exp.Expr) -> str:
    return f"{name}({', '.join(generator.sql(argument) for argument in arguments)})"


def _pattern(value: exp.Expr) -> exp.Expr:
    r"""A pattern as PostgreSQL reads it: `\x{200B}` is `\U0000200B`, `(?i:May)` is `(?:[Mm][Aa][Yy])`.

    A point is no end of a line.
    """
    if not (isinstance(value, exp.Literal) and value.is_string):
        return value
    text = re.sub(r"\\x\{([0-9A-F]+)\}", lambda mark: f"\\U{int(mark[1], 16):08X}", value.this)
    text = re.sub(r"\(\?i:([^()]*)\)", lambda words: f"(?:{_in_either_case(words[1])})", text)
    return exp.Literal.string(text.replace(".*", "[^\n]*"))


def _in_either_case(words: str) -> str:
    return re.sub("[A-Za-z]", lambda letter: f"[{letter[0].upper()}{letter[0].lower()}]", words)


def _try_cast(generator: PostgresGenerator, tree: exp.TryCast) -> str:
    value, kind = generator.sql(tree.this), generator.sql(tree.to)
    return f"CASE WHEN PG_INPUT_IS_VALID({value}, '{kind}') THEN CAST({value} AS {kind}) END"


def _struct_pack(generator: PostgresGenerator, tree: exp.Anonymous) -> str:
    parts = [generator.sql(field.expression) for field in tree.expressions]
    return f"ARRAY[{', '.join(f'CAST({part} AS DECIMAL)' for part in parts)}]"


def _struct_extract(generator: PostgresGenerator, tree: exp.Anonymous) -> str:
    value, name = tree.expressions
    return f"({generator.sql(value)})[{1 if name.this == 'n' else 2}]"


def _regexp_extract(generator: PostgresGenerator, tree: exp.Anonymous) -> str:
    value, pattern, group = tree.expressions
    found = f"REGEXP_MATCH({generator.sql(value)}, {generator.sql(_pattern(pattern))})"
    return f"COALESCE(({found})[{generator.sql(group)}], '')"


def _regexp_replace(generator: PostgresGenerator, tree: exp.Anonymous) -> str:
    value, pattern, *others = tree.expressions
    return _bare(generator, "REGEXP_REPLACE", value, _pattern(pattern), *others)


def _try_strptime(generator: PostgresGenerator, tree: exp.Anonymous) -> str:
    """Days with the month's name, which is all that is asked so."""
    value = generator.sql(tree.expressions[0])
    return f"CASE WHEN PG_INPUT_IS_VALID({value}, 'date') THEN CAST({value} AS DATE) END"


def _last_day(generator: PostgresGenerator, tree: exp.Anonymous) -> str:
    value = generator.sql(tree.expressions[0])
    return f"CAST(DATE_TRUNC('month', {value}) + INTERVAL '1 month' - INTERVAL '1 day' AS DATE)"


def _hash(generator: PostgresGenerator, tree: exp.Anonymous) -> str:
    values = ", ".join(generator.sql(value) for value in tree.expressions)
    return f"HASH_RECORD_EXTENDED(ROW({values}), 0)"


_Writer = Callable[[PostgresGenerator, exp.Anonymous], str]
_FUNCTIONS: Mapping[str, _Writer] = {
    "struct_pack": _struct_pack,
    "struct_extract": _struct_extract,
    "regexp_extract": _regexp_extract,
    "regexp_replace": _regexp_replace,
    "try_strptime": _try_strptime,
    "last_day": _last_day,
    "hash": _hash,
    "to_months": lambda generator, tree: f"MAKE_INTERVAL(MONTHS => {generator.sql(tree.expressions[0])})",
    "strlen": lambda generator, tree: _bare(generator, "OCTET_LENGTH", *tree.expressions),
    "nfc_normalize": lambda generator, tree: f"NORMALIZE({generator.sql(tree.expressions[0])}, NFC)",
}


def _interval(generator: PostgresGenerator, tree: exp.Interval) -> str:
    """A length of time. The library's own writing of it loses the sign of a number below nought."""
    unit = {"DAY": "DAYS", "MONTH": "MONTHS"}[str(tree.unit).upper()]
    return f"MAKE_INTERVAL({unit} => {generator.sql(tree.this)})"


def _subquery(generator: PostgresGenerator, tree: exp.Subquery) -> str:
    """A query inside another. Steps that stand on one another are kept apart, or the planner writes each into the next."""
    inside = tree.this
    if (
        isinstance(inside, exp.Select)
        and len(inside.expressions) > 1
        and any(map(_all_columns, inside.expressions))
    ):
        inside.set("offset", exp.Offset(expression=exp.Literal.number(0)))  # of the copy that is written
    return generator.subquery_sql(tree)


def _all_columns(column: exp.Expr) -> bool:
    return isinstance(column, exp.Column) and isinstance(column.this, exp.Star)


def _anonymous(generator: PostgresGenerator, tree: exp.Anonymous) -> str:
    own = _FUNCTIONS.get(str(tree.this).lower())
    return own(generator, tree) if own else str(generator.anonymous_sql(tree))


def _cast(generator: PostgresGenerator, tree: exp.Cast) -> str:
    made = generator.cast_sql(tree)
    return f'({made} COLLATE "C")' if tree.to.is_type("text", "varchar") else made


def _column(generator: PostgresGenerator, tree: exp.ColumnDef) -> str:
    made = generator.columndef_sql(tree)
    return f'{made} COLLATE "C"' if tree.kind and tree.kind.is_type("text", "varchar") else made


def _create(generator: PostgresGenerator, tree: exp.Create) -> str:
    made = generator.create_sql(tree)
    head = f"CREATE {tree.kind}"
    return made.replace("CREATE OR REPLACE ", "CREATE ", 1).replace(head, f"CREATE TEMPORARY {tree.kind}", 1)


class _Generator(PostgresGenerator):
    """SQL of PostgreSQL for the trees of a plan."""

    TRANSFORMS: ClassVar = {
        **PostgresGenerator.TRANSFORMS,
        exp.Anonymous: _anonymous,
        exp.Cast: _cast,
        exp.ColumnDef: _column,
        exp.Create: _create,
        exp.Interval: _interval,
        exp.Subquery: _subquery,
        exp.TryCast: _try_cast,
        exp.RegexpLike: lambda self, tree: f"{self.sql(tree.this)} ~ {self.sql(_pattern(tree.expression))}",
        exp.RegexpReplace: lambda self, tree: _bare(
            self, "REGEXP_REPLACE", tree.this, _pattern(tree.expression), tree.args["replacement"]
        ),
        exp.Contains: lambda self, tree: f"STRPOS({self.sql(tree.this)}, {self.sql(tree.expression)}) > 0",
    }
    TYPE_MAPPING: ClassVar = {
        **PostgresGenerator.TYPE_MAPPING,
        exp.DataType.Type.INT128: "DECIMAL",
        exp.DataType.Type.UBIGINT: "BIGINT",
        exp.DataType.Type.VARCHAR: "TEXT",
    }


def written(statement: exp.Expr) -> str:
    """The statement as PostgreSQL reads it."""
    return _Generator(dialect=Postgres(), identify=True).generate(statement)
