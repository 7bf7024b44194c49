"""The rows behind each quantity: of one place, as an explanation asks for them, and of all, as a run's folder keeps them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import BinaryIO

from attrs import frozen
from sqlglot import exp

from sibdsl.measure import claims, days_and_sums, file_and_row, reading_cells, sqltree
from sibdsl.measure.engines import Engine
from sibdsl.measure.looks import MetricLook, PlannedColumn, PlannedTable
from sibdsl.measure.plan import Plan
from sibdsl.measure.reasons_without_cells import NOT_SHOWN
from sibdsl.measure.sqltree import Tree
from sibdsl.model.types import NUMERIC
from sibdsl.price.graph import Key

#: What stands before a person's identifier in what is handed on, so that none is told from a blank one.
SOMEBODY = "="
#: The columns of what is handed on of each result, before the cells of its row.
COLUMNS = ("period_start", "period_end", "band", "date", "person", "at", "source", "row", "amount", "over")


def identifiers(table: PlannedTable) -> tuple[PlannedColumn, ...]:
    """The columns of a table that identify a person, or the row itself."""
    return tuple(
        cell
        for cell in table.filed
        if cell.column.kind in ("identifier", "person")
        or cell.name == table.person
        or cell.name in table.records.key
    )


def rows_behind(plan: Plan, at: int, segment: int, slot: int) -> exp.Query:
    """The results of a metric in a segment and a band, by their numbers (-1 for no band): person, day, file, row, amount, over, cells."""
    look = plan.metrics[at]
    tests = [
        sqltree.eq(sqltree.col("q", "metric"), sqltree.whole(at)),
        sqltree.eq(sqltree.col("q", "segment"), sqltree.whole(segment)),
    ]
    if look.bands is not None:
        tests.append(sqltree.eq(sqltree.col("q", "band"), sqltree.whole(slot)))
    columns = [
        sqltree.col("q", "person"),
        sqltree.col("q", "day"),
        sqltree.col("f", "shown"),
        sqltree.col("r", "row"),
        sqltree.col("q", "amount"),
        claims.over(plan, "q"),
        *(reading_cells.in_own_form(cell, "r") for cell in look.table.filed),
    ]
    order = [sqltree.ordered(sqltree.col("q", name)) for name in ("day", "person", "seq")]
    return _claims_with_rows(look, columns, tests, order)


def _if_it_is_of_its_kind(cell: PlannedColumn) -> Tree:
    """A cell that was not read, where it is blank, a date or a number as its column says; else that it is not shown."""
    raw = reading_cells.raw(cell, "r")
    shown = [(sqltree.eq(raw, sqltree.text("")), raw)]
    if cell.column.kind == "date" or cell.column.kind in NUMERIC:
        own = reading_cells.in_own_form(cell, "r")
        shown.append((sqltree.not_null(reading_cells.value(cell, "r")), own))
    return sqltree.case(shown, sqltree.text(NOT_SHOWN))


def _claims_with_rows(
    look: MetricLook, columns: list[Tree], tests: list[Tree], order: Sequence[Tree] = ()
) -> exp.Query:
    """The claims `q` of a metric that meet the tests, with their rows `r` and files `f`."""
    same = sqltree.eq(sqltree.col("q", "seq"), sqltree.col("r", "seq"))
    return sqltree.query(
        columns,
        sqltree.table("claims", "q"),
        sqltree.inner(sqltree.table(f"raw_{look.table.at}", "r"), same),
        sqltree.inner(sqltree.table("files", "f"), file_and_row.file_of(look.table, "f", "r")),
        where=sqltree.both(tests),
        order=order,
    )


@frozen
class MetricInLineage:
    """What the lineage of one metric holds: its table, the columns of its rows, and which of them identify somebody or something.

    `unit` is what an amount of one is.
    """

    at: int
    metric: str
    records: str
    columns: tuple[str, ...]
    identifiers: tuple[str, ...]
    unit: Fraction


@frozen
class LineageOfMetrics:
    """The rows behind every quantity that volumes state, while they are open."""

    _plan: Plan
    _engine: Engine

    def metrics(self) -> tuple[MetricInLineage, ...]:
        """Every metric, in the order of the contract."""
        return tuple(
            MetricInLineage(
                at,
                look.name,
                look.table.name,
                tuple(cell.name for cell in look.table.filed),
                tuple(cell.name for cell in identifiers(look.table)),
                days_and_sums.unit(self._plan, look),
            )
            for at, look in enumerate(self._plan.metrics)
        )

    def append(self, metric: MetricInLineage, stream: BinaryIO, *, names: bool) -> None:
        """Write the results of a metric as CSV without headings, in no order: `COLUMNS`, then the cells of each row.

        `at` is the number of the row among all of its table. Without `names` a cell that no clause has read, and that could hold
        anything, is not shown.
        """
        plan, look = self._plan, self._plan.metrics[metric.at]
        stated = [(at, one) for at, one in enumerate(plan.segments) if one in plan.stated]
        if not stated:
            return
        identifying = identifiers(look.table)
        segment, band, person = (sqltree.col("q", name) for name in ("segment", "band", "person"))
        bands = [] if look.bands is None else [other.name for other in look.bands.bands]
        in_bands = [
            (sqltree.eq(band, sqltree.whole(slot)), sqltree.text(name)) for slot, name in enumerate(bands)
        ]
        columns = [
            sqltree.case(
                (sqltree.eq(segment, sqltree.whole(at)), sqltree.day(one.days.start)) for at, one in stated
            ),
            sqltree.case(
                (sqltree.eq(segment, sqltree.whole(at)), sqltree.day(one.days.last)) for at, one in stated
            ),
            sqltree.case(in_bands, sqltree.text("")) if in_bands else sqltree.text(""),
            sqltree.col("q", "day"),
            sqltree.case([(sqltree.is_null(person), sqltree.text(""))], sqltree.join_text(SOMEBODY, person)),
            sqltree.col("q", "seq"),
            sqltree.col("f", "shown"),
            sqltree.col("r", "row"),
            sqltree.col("q", "amount"),
            claims.over(plan, "q"),
            *(
                reading_cells.in_own_form(cell, "r")
                if names or cell.read or cell in identifying
                else _if_it_is_of_its_kind(cell)
                for cell in look.table.filed
            ),
        ]
        tests = [
            sqltree.eq(sqltree.col("q", "metric"), sqltree.whole(metric.at)),
            sqltree.either(sqltree.eq(segment, sqltree.whole(at)) for at, _ in stated),
        ]
        if look.bands is not None:
            tests.append(sqltree.not_null(band))
        self._engine.append_csv(_claims_with_rows(look, columns, tests), stream)

    def people(self) -> Iterator[tuple[Key, int]]:
        """How many people stand behind each quantity of a metric of a cohort, where somebody does."""
        plan = self._plan
        keys = [sqltree.col("q", name) for name in ("segment", "metric", "band")]
        people = exp.Count(this=exp.Distinct(expressions=[sqltree.col("q", "person")]))
        query = sqltree.query([*keys, people], sqltree.table("claims", "q"), group=keys)
        for segment, metric, slot, number in self._engine.fetch(query):
            look = plan.metrics[metric]
            if plan.segments[segment] not in plan.stated or not look.clause.cohort:
                continue
            if look.bands is not None and slot is None:
                continue
            band = "" if look.bands is None else look.bands.bands[slot].name
            yield Key(plan.segments[segment], look.name, band), int(number)
