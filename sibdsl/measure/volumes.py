"""What a measuring gives: verified volumes, the account of every row, and, for as long as it is open, the records behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from attrs import define, field, frozen
from sqlglot import exp

from sibdsl import files
from sibdsl.diagnostics import Diagnostic
from sibdsl.measure import (
    claims,
    days_and_sums,
    file_and_row,
    limits_for_each_person,
    lineage,
    row_status_and_reason,
    sqltree,
)
from sibdsl.measure.engines import Engine, Row
from sibdsl.measure.limits_for_each_person import Personal, ResultCut, TakenOfResult
from sibdsl.measure.plan import Plan
from sibdsl.model.nodes import Contract
from sibdsl.model.periods import Segment
from sibdsl.price.graph import Key
from sibdsl.records import Account, Status

#: Rows told of at once, so that telling of any number takes little memory.
_STRETCH = 500_000


@frozen
class Volume:
    """A verified volume: so many of a metric (in a band; '' where it has none) in a stated segment."""

    segment: Segment
    metric: str
    band: str
    number: Fraction


@frozen
class Claim:
    """One result: whose, when, and the row that earned it, by table, file (as shown) and row (the first is 1).

    `quantity` is the part of the metric's quantity that it is: 1 for a row that is counted; for days those of the row in
    the segment, with their weight, `day` being the first of them; for a sum what the row adds; for an average or a
    determination what the row holds; for different values 1 for the first row that has its value, else 0. What does not add
    up lies in the segment that holds the last day of its span.
    """

    segment: Segment
    metric: str
    band: str
    person: str
    day: date
    records: str
    source: str
    row: int
    quantity: Fraction = Fraction(1)


@frozen
class Earned:
    """One result with the declared cells of the row that earned it."""

    claim: Claim
    cells: dict[str, str] = field(repr=False)


@frozen
class RowStatus:
    """What became of one row. `of_row` is the earlier row that a duplicate repeats, as `12` or `jobs/part-1.csv:12`."""

    records: str
    source: str
    row: int
    status: Status
    reason: str
    of_row: str


@define
class Volumes:
    """The verified volumes of a contract and what they rest on.

    `quantities` holds every metric and band of every stated segment, noughts too, in the order of segments, then of the
    contract; of a metric that does not add up, those of its spans, without those that are blank. `withheld` is what limits
    for each person take, in money. `accounts` has an account for each table. `claims`, `rows`, `write_rows` and `cells` ask the engine, so they
    work until the volumes are closed (at the end of a `with`); the rest stays.
    """

    quantities: tuple[Volume, ...]
    accounts: dict[str, Account]
    warnings: tuple[Diagnostic, ...]
    _plan: Plan = field(repr=False)
    _engine: Engine = field(repr=False)
    withheld: dict[Key, Fraction] = field(factory=dict)
    _personal: Personal = field(factory=lambda: Personal((), (), 1), repr=False)
    #: How many rows are outside only because they are disputed.
    disputed: int = 0

    @property
    def contract(self) -> Contract:
        """The contract that was measured, as varied."""
        return self._plan.contract

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the records and remove temporary files. Safe to call again."""
        self._engine.close()

    def claims(
        self,
        *,
        segment: Segment | None = None,
        metric: str | None = None,
        band: str | None = None,
        person: str | None = None,
        stated_only: bool = True,
    ) -> Iterator[Claim]:
        """The results, sorted by segment, metric, band, date and person; narrowed to those that are named.

        With `stated_only` they add up to `quantities` (an average is their sum by their number); without it results of periods not stated yet follow. Results in no
        band are left out of both. Source: language reference, 'Metrics'.
        """
        plan = self._plan
        tests = [
            sqltree.either(
                [
                    sqltree.not_null(sqltree.col("q", "band")),
                    sqltree.eq(sqltree.col("q", "banded"), sqltree.whole(0)),
                ]
            )
        ]
        wanted = set(plan.stated) if stated_only else set(plan.segments)
        if segment is not None:
            wanted &= {segment}
        chosen = [at for at, segment in enumerate(plan.segments) if segment in wanted]
        tests.append(
            sqltree.either(sqltree.eq(sqltree.col("q", "segment"), sqltree.whole(at)) for at in chosen)
        )
        if metric is not None:
            named = [at for at, look in enumerate(plan.metrics) if look.name == metric]
            tests.append(
                sqltree.either(sqltree.eq(sqltree.col("q", "metric"), sqltree.whole(at)) for at in named)
            )
        if person is not None:
            tests.append(sqltree.eq(sqltree.col("q", "person"), sqltree.text(person)))
        units = [days_and_sums.unit(plan, look) for look in plan.metrics]
        for row in self._engine.stream(_claims(plan, tests)):
            claim = self._claim(row, units)
            if band is None or claim.band == band:
                yield claim

    def _claim(self, row: Row, units: Sequence[Fraction]) -> Claim:
        at, measured, slot, person, day, table, amount, over, source, number = row
        plan = self._plan
        look = plan.metrics[measured]
        band = "" if look.bands is None else look.bands.bands[slot].name
        quantity = Fraction(int(amount), int(over)) * units[measured]
        return Claim(
            plan.segments[at], look.name, band, person, day, plan.tables[table].name, source, number, quantity
        )  # fmt: skip

    def earned(self, segment: Segment, metric: str, band: str) -> Iterator[Earned]:
        """The results of a metric (in a band; '' where it has none) in a segment, by date, person and row, with their cells."""
        plan = self._plan
        at, look = next((at, look) for at, look in enumerate(plan.metrics) if look.name == metric)
        slot = -1
        if look.bands is not None:
            slot = next(slot for slot, other in enumerate(look.bands.bands) if other.name == band)
        unit = days_and_sums.unit(plan, look)
        query = lineage.rows_behind(plan, at, plan.segments.index(segment), slot)
        for person, day, source, row, amount, over, *texts in self._engine.stream(query):
            quantity = Fraction(int(amount), int(over)) * unit
            claim = Claim(segment, metric, band, person, day, look.table.name, source, row, quantity)
            yield Earned(claim, {cell.name: text for cell, text in zip(look.table.filed, texts, strict=True)})

    def lineage(self) -> lineage.LineageOfMetrics:
        """The same of every stated segment, metric by metric, as queries to write it all with."""
        return lineage.LineageOfMetrics(self._plan, self._engine)

    def cuts_of(self, key: Key) -> Iterator[ResultCut]:
        """What the limit of a line for each person took, result by result, in the order in which they fill it."""
        for result in self.limited(key=key):
            if result.taken:
                yield result.cut

    def limited(self, *, key: Key | None = None, person: str | None = None) -> Iterator[TakenOfResult]:
        """Results under limits for each person, with what was taken of each, in the order in which they fill them.

        `key` narrows them to one line's limit, `person` to one person.
        """
        yield from limits_for_each_person.results(
            self._engine, self._plan, self._personal, key=key, person=person
        )

    def rows(self, *, person: str | None = None, names: bool = True) -> Iterator[RowStatus]:
        """What became of each row of each table, in the order of tables, files and rows; or of one person's rows.

        Without `names` no reason quotes a cell.
        """
        for table, query in self._told(person, names=names):
            for source, row, status, reason, of_row in self._engine.stream(query):
                yield RowStatus(table, source, row, status, reason or "", of_row or "")

    def write_rows(self, path: Path) -> None:
        """Write what became of each row as CSV: source, row, status, reason, of_row; one line for each row read.

        The file is written wholly or not at all.

        Raises:
            OSError: the file cannot be written.
            Refused: it is one that the run has read (SIB0708).
        """
        with files.written(path) as stream:
            stream.write(f"{','.join(row_status_and_reason.COLUMNS)}\n".encode())
            self.append_rows(stream)

    def append_rows(self, stream: BinaryIO, contract: str = "") -> None:
        """Write those lines without headings, the name of the contract before each where one is given."""
        for _, query in self._told(for_sheet=True, contract=contract):
            self._engine.append_csv(query, stream)

    def append_rows_of(self, table: str, stream: BinaryIO, *, names: bool) -> None:
        """Write those lines of one table, without headings, as they are; without `names` no reason quotes a cell."""
        for told, query in self._told(names=names):
            if told == table:
                self._engine.append_csv(query, stream)

    def _told(
        self, person: str | None = None, *, for_sheet: bool = False, contract: str = "", names: bool = True
    ) -> Iterator[tuple[str, exp.Query]]:
        """The queries that tell of all rows, a stretch at a time, with the name of the table of each."""
        for table in self._plan.tables:
            if person is not None:
                yield table.name, row_status_and_reason.rows(self._plan, table, person=person, names=names)
                continue
            for low in range(0, self.accounts[table.name].rows, _STRETCH):
                yield (
                    table.name,
                    row_status_and_reason.rows(
                        self._plan,
                        table,
                        between=(low, low + _STRETCH),
                        for_sheet=for_sheet,
                        contract=contract,
                        names=names,
                    ),
                )

    def cells(self, source: str, row: int) -> dict[str, str]:
        """The cells of one row by the names of the declared columns, as text. Raises KeyError when there is no such row."""
        for table in self._plan.tables:
            query = sqltree.query(
                [sqltree.col("r", f"c{cell.at}") for cell in table.filed],
                sqltree.table(f"raw_{table.at}", "r"),
                sqltree.inner(sqltree.table("files", "f"), file_and_row.file_of(table, "f", "r")),
                where=sqltree.both(
                    [
                        sqltree.eq(sqltree.col("f", "shown"), sqltree.text(source)),
                        sqltree.eq(sqltree.col("r", "row"), sqltree.whole(row)),
                    ]
                ),
            )
            for found in self._engine.fetch(query):
                return {cell.name: value for cell, value in zip(table.filed, found, strict=True)}
        raise KeyError(f"{source}:{row}")


def _claims(plan: Plan, tests: list[sqltree.Tree]) -> exp.Query:
    """The claims that meet the tests, with file and row."""
    names = ("segment", "metric", "band", "person", "day", "tab", "amount")
    ordered = ("segment", "metric", "band", "day", "person", "tab", "seq")
    on = sqltree.both([sqltree.eq(sqltree.col("q", name), sqltree.col("p", name)) for name in ("tab", "seq")])
    return sqltree.query(
        [
            *(sqltree.col("q", name) for name in names),
            claims.over(plan, "q"),
            sqltree.col("p", "shown"),
            sqltree.col("p", "row"),
        ],
        sqltree.table("claims", "q"),
        sqltree.inner(sqltree.sub(file_and_row.every(plan), "p"), on),
        where=sqltree.both(tests),
        order=[sqltree.ordered(sqltree.col("q", name)) for name in ordered],
    )


def write_rows(path: Path, every: Mapping[str, Volumes]) -> None:
    """Write what became of each row of several contracts, given by name: contract, and then as of one contract.

    Written, and refused, as `Volumes.write_rows`.
    """
    with files.written(path) as stream:
        stream.write(f"{','.join(('contract', *row_status_and_reason.COLUMNS))}\n".encode())
        for name, volumes in every.items():
            volumes.append_rows(stream, name)
