"""Which columns of each table some clause reads: only these can make a row invalid.

Source: records reference, 'Row statuses' ("columns that no clause reads never reject a row").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sibdsl.model.bands_in_force import banded_in, bands_of
from sibdsl.model.conditions_on_rows import parts_of, person_column, tests_of
from sibdsl.model.earlier_texts import texts_of
from sibdsl.model.nodes import (
    Amount,
    AnyDay,
    Cohort,
    Column,
    Condition,
    Contract,
    DaysCounted,
    JoinedColumn,
    Metric,
    MetricColumn,
    PersonColumn,
    Records,
)


def columns_read(contract: Contract) -> dict[str, tuple[str, ...]]:
    """The names of the columns that some cohort or metric reads, by table, in the order declared.

    A table that no clause reads has none. Names that the contract does not declare are left out: saying so is the
    business of the structural checks.
    """
    tables = {table.name: table for table in contract.records}
    read: set[tuple[str, str]] = set()
    for cohort in contract.cohorts:
        for joined in (*(text.cohort for text in cohort.earlier), cohort):
            read.update(_of_cohort(contract, joined, tables))
    for metric in contract.metrics:
        for counted in texts_of(metric):
            read.update(_of_metric(contract, counted, tables))
    worked_out = [
        (table.name, column)
        for table in contract.records
        for column in table.columns
        if column.formula is not None
    ]
    known = -1
    while known < len(read):  # one is worked out from others, of its table or of one read by person
        known = len(read)
        for name, column in reversed(worked_out):
            if column.formula is not None and (name, column.name) in read:
                read.update(_of_amounts(contract, parts_of(column.formula)))
    return {
        table.name: tuple(column.name for column in table.columns if (table.name, column.name) in read)
        for table in contract.records
    }


def _of_table(table: Records | None) -> Iterator[tuple[str, str]]:
    """What every clause over the table reads: who, when the row became known, which thing it tells of, and which row of it stands."""
    if table is None:
        return
    yield table.name, person_column(table)
    yield from ((table.name, name) for name in table.key)
    yield from ((table.name, version.by.column) for version in table.versions if version.by)
    yield from ((table.name, name) for name in (table.known_on, table.withdrawn_on) if name)


def _of_cohort(contract: Contract, cohort: Cohort, tables: dict[str, Records]) -> Iterator[tuple[str, str]]:
    yield from _of_table(tables.get(cohort.records))
    yield cohort.records, cohort.joins_on
    if cohort.tracked is not None:
        yield cohort.records, cohort.tracked.start
    for pick in cohort.picks:
        yield cohort.records, pick.column
    for condition in cohort.conditions:
        yield from _of_condition(contract, condition)


def _of_metric(contract: Contract, metric: Metric, tables: dict[str, Records]) -> Iterator[tuple[str, str]]:
    table = tables.get(metric.records)
    yield from _of_table(table)
    if metric.dated.by == "column":
        yield metric.records, metric.dated.column
    for amount in metric.amounts_of_lines:
        yield from _of_amounts(contract, parts_of(amount))
    if metric.held is not None:
        yield metric.records, metric.held.start
    if (
        (metric.held is not None or isinstance(metric.counts, DaysCounted) or metric.dated.each)
        and table is not None
        and table.spell is not None
    ):
        yield metric.records, table.spell.start
        yield metric.records, table.spell.end
    if metric.counts.column:
        yield metric.records, metric.counts.column
    if metric.evidence is not None:
        yield from ((metric.records, name) for name in metric.evidence.columns)
    if metric.counts.days_of:
        lasting = tables[metric.counts.days_of]
        yield from _of_table(lasting)
        if lasting.spell is not None:
            yield lasting.name, lasting.spell.start
            yield lasting.name, lasting.spell.end
    for pick in metric.counts.picks:
        yield metric.records, pick.column
    for cohort in contract.cohorts:
        if metric.window is not None and cohort.name == metric.cohort:
            yield cohort.records, metric.window.start
    if metric.weight is not None:
        yield from _of_amounts(contract, parts_of(metric.weight))
    if metric.tie is not None:
        yield metric.records, metric.tie.column
    bands = bands_of(contract, metric)
    if bands is not None:
        yield banded_in(contract, metric), bands.by
    for condition in metric.conditions:
        yield from _of_condition(contract, condition)


def _of_condition(contract: Contract, condition: Condition) -> Iterator[tuple[str, str]]:
    yield from _of_amounts(contract, parts_of(condition))
    for test in tests_of(condition):
        if isinstance(test, AnyDay):
            table = next(record for record in contract.records if record.name == test.records)
            yield from _of_table(table)
            if table.spell is not None:
                yield table.name, table.spell.start
                yield table.name, table.spell.end


def _of_amounts(contract: Contract, amounts: Iterable[Amount]) -> Iterator[tuple[str, str]]:
    for amount in amounts:
        if isinstance(amount, Column):
            yield amount.records, amount.name
        elif isinstance(amount, PersonColumn):
            yield amount.records, amount.name
            yield from _of_table(next(table for table in contract.records if table.name == amount.records))
        elif isinstance(amount, JoinedColumn):
            yield from (
                (cohort.records, amount.name) for cohort in contract.cohorts if cohort.name == amount.cohort
            )
        elif isinstance(amount, MetricColumn):
            for metric in contract.metrics:
                if metric.name == amount.metric:
                    yield metric.records, amount.name
