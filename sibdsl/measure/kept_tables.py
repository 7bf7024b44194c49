"""The tables of a run's folder, as Parquet files: written from what an engine hands on as CSV, and read by those who explain.

Whatever engine measured, DuckDB writes and reads them. The results behind quantities are sorted by period, band, date and person, so
that those of one line stand together. Source of the form: run folders reference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlglot import exp

from sibdsl.measure import sqltree
from sibdsl.measure.engines import Engine, Row, duckdb_engine
from sibdsl.measure.lineage import COLUMNS, SOMEBODY, MetricInLineage
from sibdsl.measure.sqltree import Tree
from sibdsl.records.pseudonyms import DIGITS, PREFIX, Pseudonyms

#: Rows that stand together in a file, with the least and the greatest of each column: what is not asked for is not read.
_ROW_GROUP = 16_384
#: What stands before the name of a column of the records.
CELL = "cell "
#: The columns of what became of each row.
ROW_COLUMNS = ("source", "row", "status", "reason", "of_row")
#: The columns of what limits for each person took; `limit` numbers them.
CUT_COLUMNS = ("limit", "person", "date", "records", "source", "row", "due", "taken")
_INNER, _OUTER = 0x36, 0x5C
_BLOCK = 64


class KeptTables:
    """Writes and reads the tables of a run's folder. Use it in a `with`, or close it. Raises EngineError for a file that is none."""

    def __init__(self) -> None:
        self._engine: Engine = duckdb_engine()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the engine. Safe to call again."""
        self._engine.close()

    @property
    def folder(self) -> Path:
        """A folder for what need not last."""
        return self._engine.folder

    # -------------------------------------------------------------- writing

    def write_results(
        self, csv: Path, metric: MetricInLineage, pseudonyms: Pseudonyms | None, path: Path
    ) -> None:
        """The results of a metric, of `COLUMNS` and cells in a CSV file, to a Parquet file; identifiers as pseudonyms, if any."""

        def named(column: Tree) -> Tree:
            return column if pseudonyms is None else _pseudonym(pseudonyms, column)

        col = _texts("r")
        mark = sqltree.call_named("substr", col("person"), sqltree.whole(1), sqltree.whole(len(SOMEBODY)))
        bare = sqltree.call_named("substr", col("person"), sqltree.whole(len(SOMEBODY) + 1))
        nobody = sqltree.negate(sqltree.eq(mark, sqltree.text(SOMEBODY)))
        cells = [f"c{at}" for at in range(len(metric.columns))]
        made: list[Tree] = [
            *(sqltree.named(_day(col(name)), name) for name in ("period_start", "period_end")),
            sqltree.named(col("band"), "band"),
            sqltree.named(_day(col("date")), "date"),
            sqltree.named(sqltree.case([(nobody, sqltree.null())], named(bare)), "person"),
            sqltree.named(sqltree.cast(col("at"), sqltree.BIG), "at"),
            sqltree.named(col("source"), "source"),
            sqltree.named(sqltree.cast(col("row"), sqltree.BIG), "row"),
            *(sqltree.named(col(name), name) for name in ("amount", "over")),
            *(
                sqltree.named(named(col(cell)) if name in metric.identifiers else col(cell), CELL + name)
                for cell, name in zip(cells, metric.columns, strict=True)
            ),
        ]
        source = self._engine.csv_rows(csv, [*COLUMNS, *cells], ",", 0)
        kept = [name for name in (*COLUMNS, *(CELL + name for name in metric.columns)) if name != "at"]
        order = ("period_start", "band", "date", "person", "at")
        self._copy(
            sqltree.query(
                [sqltree.col("k", name) for name in kept],
                sqltree.sub(sqltree.query(made, _as(source, "r")), "k"),
                order=[sqltree.ordered(sqltree.col("k", name)) for name in order],
            ),
            path,
        )

    def write_rows(self, csv: Path, path: Path) -> None:
        """What became of each row of a table, in the order of the CSV file."""
        self._copy(self._plain(csv, ROW_COLUMNS), path)

    def write_cuts(self, csv: Path, pseudonyms: Pseudonyms | None, path: Path) -> None:
        """What limits for each person took of results, in the order of the CSV file."""
        person = _texts("r")("person")
        hidden = None if pseudonyms is None else {"person": _pseudonym(pseudonyms, person)}
        self._copy(self._plain(csv, CUT_COLUMNS, hidden or {}), path)

    def _plain(self, csv: Path, columns: Sequence[str], other: dict[str, Tree] | None = None) -> exp.Query:
        col, kinds = _texts("r"), {"row": sqltree.BIG, "limit": sqltree.BIG, "date": sqltree.DATE}
        made = [
            sqltree.named(
                (other or {}).get(name)
                or (sqltree.cast(col(name), kinds[name]) if name in kinds else col(name)),
                name,
            )
            for name in columns
        ]
        return sqltree.query(made, _as(self._engine.csv_rows(csv, columns, ",", 0), "r"))

    def _copy(self, query: exp.Query, path: Path) -> None:
        options: list[tuple[str, exp.Expr]] = [
            ("FORMAT", exp.var("PARQUET")),
            ("COMPRESSION", exp.var("ZSTD")),
            ("ROW_GROUP_SIZE", sqltree.whole(_ROW_GROUP)),
        ]
        self._engine.run(
            exp.Copy(
                this=query.subquery(copy=False),
                kind=False,
                files=[exp.Literal.string(str(path))],
                params=[exp.CopyParameter(this=exp.var(name), expression=value) for name, value in options],
            )
        )

    # -------------------------------------------------------------- reading

    def results(self, path: Path, columns: Sequence[str], start: date, band: str) -> Iterator[Row]:
        """The results of a period and band: person, day, source, row, amount, over, and the cells of the columns named."""
        names = ("person", "date", "source", "row", "amount", "over", *(CELL + name for name in columns))
        tests = [
            sqltree.eq(sqltree.col("k", "period_start"), sqltree.day(start)),
            sqltree.eq(sqltree.col("k", "band"), sqltree.text(band)),
        ]
        return self._rows(path, names, tests)

    def cuts(self, path: Path, limit: int) -> Iterator[Row]:
        """What one limit took: person, day, records, source, row, due, taken."""
        tests = [sqltree.eq(sqltree.col("k", "limit"), sqltree.whole(limit))]
        return self._rows(path, CUT_COLUMNS[1:], tests)

    def sums(self, path: Path) -> list[Row]:
        """What results come to: start of period, band, sum of amounts over one number, that number, and how many they are."""
        keys = [sqltree.col("k", name) for name in ("period_start", "band", "over")]
        whole = sqltree.total(sqltree.cast(sqltree.col("k", "amount"), sqltree.HUGE))
        source = _as(self._engine.parquet_rows(path), "k")
        number = sqltree.cast(whole, sqltree.TEXT)
        return self._engine.fetch(sqltree.query([*keys, number, sqltree.count()], source, group=keys))

    def statuses(self, path: Path) -> dict[str, int]:
        """How many rows have each status."""
        status = sqltree.col("k", "status")
        source = _as(self._engine.parquet_rows(path), "k")
        found = self._engine.fetch(sqltree.query([status, sqltree.count()], source, group=[status]))
        return {str(name): int(number) for name, number in found}

    def _rows(self, path: Path, names: Sequence[str], tests: Sequence[Tree]) -> Iterator[Row]:
        source = _as(self._engine.parquet_rows(path), "k")
        return self._engine.stream(
            sqltree.query([sqltree.col("k", name) for name in names], source, where=sqltree.both(tests))
        )


def _as(source: exp.Table, alias: str) -> exp.Table:
    source.set("alias", exp.TableAlias(this=exp.to_identifier(alias)))
    return source


def _texts(alias: str) -> Callable[[str], Tree]:
    """Columns as text, '' for a blank."""

    def col(name: str) -> Tree:
        return exp.Coalesce(this=sqltree.col(alias, name), expressions=[sqltree.text("")])

    return col


def _day(value: Tree) -> Tree:
    return sqltree.cast(value, sqltree.DATE)


def _pseudonym(made: Pseudonyms, value: Tree) -> Tree:
    """The pseudonym of a text, as `Pseudonyms.of` has it: HMAC-SHA-256, written out."""
    inner, outer = (bytes(byte ^ pad for byte in made.key.ljust(_BLOCK, b"\0")) for pad in (_INNER, _OUTER))
    once = sqltree.call_named("sha256", _joined(inner, sqltree.call_named("encode", value)))
    twice = sqltree.call_named("sha256", _joined(outer, sqltree.call_named("unhex", once)))
    digits = sqltree.call_named("substr", twice, sqltree.whole(1), sqltree.whole(DIGITS))
    blank = sqltree.eq(value, sqltree.text(""))
    return sqltree.case([(blank, sqltree.text(""))], sqltree.join_text(PREFIX, digits))


def _joined(key: bytes, value: Tree) -> Tree:
    return exp.DPipe(this=sqltree.call_named("unhex", sqltree.text(key.hex())), expression=value)
