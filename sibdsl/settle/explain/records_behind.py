"""The records behind a line, as they were counted."""

from __future__ import annotations

from fractions import Fraction

from sibdsl import dates, wording
from sibdsl.english import COUNTED, grouped, many, with_unit
from sibdsl.measure.volumes import Earned
from sibdsl.model.bands_in_force import banded_in
from sibdsl.model.conditions_on_rows import parts_of
from sibdsl.model.nodes import (
    Column,
    ColumnAverage,
    Contract,
    DaysCounted,
    DaysOfTracking,
    EarlierDays,
    FewerDays,
    Metric,
    PeopleReaching,
    Records,
)
from sibdsl.price.step_words import tier_said
from sibdsl.settle.explain.line_facts import Counted, LineFacts
from sibdsl.settle.explain.line_words import gloss
from sibdsl.settle.explain.page import Grid, Item


def records_behind(facts: LineFacts, counted: Counted) -> list[Item]:
    """How many a line counts, by which rule, with their records in a table."""
    line, metric = facts.priced.line, counted.metric
    contract, settings = facts.contract, facts.run.settings
    said = wording.counted(contract, settings, metric, line.band, counted.days)
    parts = [
        Item(text, label, place)
        for label, text, place in wording.definition(contract, settings, metric, line.band)
    ]
    if len(counted.numbers) > 1:
        parts += [
            Item(grouped(number), f"of which {band}" if band else "") for band, number in counted.numbers
        ]
    total = sum((number for _, number in counted.numbers), Fraction(0))
    if line.tier:
        parts.append(
            Item(
                f"of which in the tier `{tier_said(line.tier)}`: {grouped(facts.priced.quantity or Fraction(0))}"
            )
        )
    return [
        Item(
            said,
            f"{grouped(total)} =",
            wording.cite(metric.clause, metric.span),
            items=(*gloss(metric.gloss), *parts),
        ),
        Item(
            f"earned it, {'averaged' if isinstance(metric.counts, ColumnAverage) else 'counted'} again: {grouped(total)}",
            many(len(counted.records), "record"),
            grid=_records(contract, metric, counted.records),
        ),
    ]


def _records(contract: Contract, metric: Metric, records: tuple[Earned, ...]) -> Grid:
    table = contract.table(metric.records)
    columns = columns_of(contract, metric, table)
    holding = metric.held is not None or bool(metric.dated.each)
    days = {"day after": "Reached", "last day held": "Last day held", "each end": "In progress on"}
    whose = ["Person"] if metric.cohort else []
    if isinstance(metric.counts, PeopleReaching):
        days, holding = {"column": "Reached"}, True
    heads = [*whose, *columns, *([days[metric.dated.by]] if holding and metric.dated.by in days else [])]
    apart = (
        isinstance(metric.counts, DaysCounted | DaysOfTracking | FewerDays | EarlierDays)
        or metric.weight is not None
        or _worked_out(table, metric)
    )
    if apart:
        heads.append("Days" if metric.measures == "days" else "Comes to")
    rows = [
        [
            *([record.claim.person] if metric.cohort else []),
            *(cell(table, name, record.cells[name]) for name in columns),
            *([dates.short(record.claim.day)] if holding and metric.dated.by in days else []),
            *([_comes_to(contract, metric, record)] if apart else []),
            f"{record.claim.source} row {record.claim.row}",
        ]
        for record in records
    ]
    right = frozenset(
        at
        for at, name in enumerate(heads)
        if (apart and at == len(heads) - 1)
        or (table and (column := table.column(name)) and _numeric(column.kind))
    )
    return Grid((*heads, "File and row"), rows, right)


def _comes_to(contract: Contract, metric: Metric, earned: Earned) -> str:
    """What a row comes to in the period of its claim."""
    if metric.measures == "days":
        return grouped(earned.claim.quantity)
    return with_unit(earned.claim.quantity, metric.measures, contract.currency, COUNTED)


def _numeric(kind: str) -> bool:
    return kind in ("hours", "money", "count", "number", "days", "points", "percentage")


def _worked_out(table: Records | None, metric: Metric) -> bool:
    column = table.column(metric.counts.column) if table else None
    return column is not None and column.formula is not None


def columns_of(contract: Contract, metric: Metric, table: Records | None) -> list[str]:
    """The columns that tell why a row counts: what identifies it, its dates, the spell's ends, the banded value."""
    if table is None:
        return []
    evidence = metric.evidence.columns if metric.evidence else ()
    wanted = {*evidence, metric.dated.column, metric.held.start if metric.held else "", metric.counts.column}
    if isinstance(metric.counts, DaysOfTracking):
        wanted |= {
            cohort.tracked.start
            for cohort in contract.cohorts
            if cohort.name == metric.cohort and cohort.tracked
        }
    if (metric.held or metric.dated.each or isinstance(metric.counts, DaysCounted)) and table.spell:
        wanted |= {table.spell.start, table.spell.end}
    if banded_in(contract, metric) == metric.records:
        wanted |= {band.by for band in contract.bands if band.name == metric.bands}
    wanted |= {name for worked in wanted for name in behind(table, worked)}
    return [column.name for column in table.filed if column.kind == "identifier" or column.name in wanted]


def behind(table: Records, name: str) -> frozenset[str]:
    """The columns of the file from which a column is worked out, through others; none of one that stands in it."""
    found: set[str] = set()
    waiting, seen = [name], {name}
    while waiting:
        column = table.column(waiting.pop())
        if column is None or column.formula is None:
            continue
        read = {part.name for part in parts_of(column.formula) if isinstance(part, Column)} - seen
        found |= read
        seen |= read
        waiting += read
    return frozenset(found)


def cell(table: Records | None, name: str, text: str) -> str:
    """A cell for people: dates as they are said, a blank end as still open."""
    column = table.column(name) if table else None
    if table and table.spell and name == table.spell.end and not text and table.spell.open_while_blank:
        return "still open"
    if column is not None and column.kind == "date":
        try:
            return dates.short(dates.parse(text))
        except ValueError:
            return text
    return text
