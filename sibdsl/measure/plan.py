"""The relational plan of a contract: which tables to read, which rows each clause looks at, and what it picks.

It is derived from the model alone and names no engine. A *look* is one cohort or metric over one table: its checks, in
the order in which a row is told why it is outside, and the order in which rows of one person are taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from attrs import evolve, field, frozen

from sibdsl.dates import Period, long
from sibdsl.diagnostics import Diagnostic, Refused
from sibdsl.measure import texts_in_force
from sibdsl.measure.looks import Check, CohortLook, Look, MetricLook, PlannedColumn, PlannedTable
from sibdsl.model.bands_in_force import bands_in_force
from sibdsl.model.columns_worked_out import in_parts
from sibdsl.model.conditions_on_rows import parts_of, person_column, tests_of
from sibdsl.model.earlier_texts import name_of, with_bands
from sibdsl.model.nodes import (
    Amount,
    AnyDay,
    AnyResult,
    Bands,
    Cohort,
    Condition,
    Contract,
    DaysCounted,
    DaysOfTracking,
    Evidence,
    JoinedColumn,
    Metric,
    MetricColumn,
    PeopleCounted,
    PeopleReaching,
    Pick,
    ResultDate,
    Tracked,
)
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.periods import Segment, holder, segments, spans, stated
from sibdsl.records import columns_read


@frozen
class Plan:
    """All of it. `looks` are in the order of the contract, cohorts first; `running` has each after those it needs."""

    contract: Contract
    settings: Settings = field(repr=False)
    as_of: date
    tables: tuple[PlannedTable, ...]
    looks: tuple[Look, ...]
    running: tuple[Look, ...] = field(repr=False)
    segments: tuple[Segment, ...]
    stated: tuple[Segment, ...]
    #: Whether what is held, since it is disputed, is taken for accepted: to see what it would pay.
    disputes_accepted: bool = False
    #: Several cohorts taken together, each with its `parts`: no look at rows, but a table of who joined them and when.
    unions: tuple[CohortLook, ...] = field(default=(), repr=False)

    def homes(self, look: Look) -> tuple[int, ...]:
        """For each span of a look, the number of the segment in which its quantity lies."""
        held = (holder(self.segments, days) for days in look.spans)
        return tuple(self.segments.index(segment) for segment in held if segment is not None)

    def looks_at(self, table: PlannedTable) -> tuple[Look, ...]:
        """The clauses that look at a table, in the order of the contract, cohorts first."""
        return tuple(look for look in self.looks if look.table.name == table.name)

    def table(self, name: str) -> PlannedTable:
        """The table of that name. Raises KeyError when there is none."""
        for table in self.tables:
            if table.name == name:
                return table
        raise KeyError(name)

    def look(self, name: str) -> Look:
        """The look of a cohort, a union of some, or a metric. Raises KeyError when there is none."""
        for look in (*self.looks, *self.unions):
            if look.name == name:
                return look
        raise KeyError(name)

    def cohort(self, name: str) -> CohortLook:
        """The look of a cohort or a union of some. Raises KeyError when there is none."""
        for look in (*self.cohorts, *self.unions):
            if look.name == name:
                return look
        raise KeyError(name)

    def metric(self, name: str) -> MetricLook:
        """The look of a metric. Raises KeyError when there is none."""
        for look in self.looks:
            if isinstance(look, MetricLook) and look.name == name:
                return look
        raise KeyError(name)

    @property
    def cohorts(self) -> tuple[CohortLook, ...]:
        """The cohorts, in the order of the contract, each with the results of its earlier texts."""
        return tuple(look for look in self.looks if isinstance(look, CohortLook) and not look.of)

    @property
    def metrics(self) -> tuple[MetricLook, ...]:
        """The metrics, in the order of the contract, each with the results of its earlier texts."""
        return tuple(look for look in self.looks if isinstance(look, MetricLook) and not look.of)

    def texts_of(self, look: Look) -> tuple[Look, ...]:
        """The look, and those of the texts that counted before it."""
        return (look, *(self.look(name) for name in look.earlier))

    @property
    def picked(self) -> frozenset[str]:
        """Metrics of which some condition reads a column."""
        return frozenset(name for look in self.looks for name in look.metrics)

    @property
    def asked_for(self) -> frozenset[str]:
        """Metrics of which some condition asks for any result."""
        return frozenset(name for look in self.looks for name in look.results_of)


def plan(
    contract: Contract,
    settings: Settings,
    as_of: date,
    cuts: frozenset[date] = frozenset(),
    *,
    disputes_accepted: bool = False,
) -> Plan:
    """What is to be read and done to measure the contract.

    Raises:
        Refused: a table that is counted names no person (SIB0613), or metrics wait for each other (SIB0612).
    """
    tables = {table.name: table for table in _tables(contract)}
    bands = bands_in_force(contract, settings)
    cohorts: list[CohortLook] = []
    for cohort in contract.cohorts:
        table = _of_people(contract, tables[cohort.records])
        joined = tuple((text.cohort, text.last) for text in cohort.earlier)
        for text, held in texts_in_force.texts(cohort, joined):
            cohorts.append(texts_in_force.under(_cohort(len(cohorts), text, table), held))
    looks: list[Look] = [*cohorts]
    for metric in contract.metrics:
        table = tables[metric.records]
        if metric.cohort:
            table = _of_people(contract, table)
        counted = tuple((text.metric, text.last) for text in metric.earlier)
        for one, held in texts_in_force.texts(metric, counted):
            tracked = next((cohort.tracked for cohort in contract.cohorts if cohort.name == one.cohort), None)
            stood = {name_of(metric.name, text.last): text.bands for text in metric.earlier}.get(one.name)
            mine = bands.get(one.bands) if stood is None else _as_stood(contract, settings, stood)
            look = _metric(len(looks), one, table, mine, tracked)
            looks.append(texts_in_force.under(evolve(look, spans=_spans(contract, one)), held))
    unions = _unions(contract, cohorts, len(looks))
    return Plan(
        contract,
        settings,
        as_of,
        tuple(tables.values()),
        tuple(looks),
        _in_turn(looks),
        segments(contract, cuts),
        stated(contract, as_of, cuts),
        disputes_accepted=disputes_accepted,
        unions=unions,
    )


def _as_stood(contract: Contract, settings: Settings, bands: Bands) -> Bands:
    """Bands that a variation replaced, with every boundary in the band that its assumption takes."""
    return bands_in_force(with_bands(contract, bands), settings)[bands.name]


def _unions(contract: Contract, looks: list[CohortLook], start: int) -> tuple[CohortLook, ...]:
    """What stands for several cohorts together: as the first of them, with their names. `start` is the number of the first."""
    every = dict.fromkeys(metric.among for metric in contract.metrics if metric.also)
    cohorts = {look.name: look for look in looks}
    unions: list[CohortLook] = []
    for at, names in enumerate(every, start):
        first = cohorts[names[0]]
        clause = evolve(first.clause, name=" or ".join(names))
        unions.append(evolve(first, at=at, clause=clause, checks=(), parts=names))
    return tuple(unions)


def _tables(contract: Contract) -> list[PlannedTable]:
    needed = columns_read(contract)
    found: list[PlannedTable] = []
    for records in contract.records:
        read = set(needed[records.name])
        columns = sorted(records.columns, key=lambda column: column.formula is not None)
        cells = tuple(
            PlannedColumn(at, column, column.name in read, in_parts(records, column))
            for at, column in enumerate(columns)
        )
        spell = records.spell if records.spell and {records.spell.start, records.spell.end} <= read else None
        found.append(PlannedTable(len(found), records, cells, person_column(records), spell))
    return found


def _of_people(contract: Contract, table: PlannedTable) -> PlannedTable:
    if not table.person:
        raise Refused(
            Diagnostic(
                "SIB0613",
                f"{table.name} has no column that holds a person, so its rows cannot be counted for anyone",
                table.records.span,
                help="Write `person` under `holds` for the column that identifies the person.",
                clause=contract.reference,
            )
        )
    return table


def _cohort(at: int, cohort: Cohort, table: PlannedTable) -> CohortLook:
    order = (*cohort.picks, Pick("earliest", cohort.joins_on))
    checks = (
        *_dated(table, Check("no date", cohort.joins_on)),
        Check("new entrant", cohort.joins_on),
        *_conditions(cohort.conditions),
    )
    return CohortLook(
        at=at, clause=cohort, table=table, day=cohort.joins_on, checks=checks, order=order,
        metrics=_picked(*cohort.conditions),
    )  # fmt: skip


def _metric(
    at: int, metric: Metric, table: PlannedTable, bands: Bands | None, tracked: Tracked | None
) -> MetricLook:
    day = _own_day(metric, table, tracked)
    own = Check("no date", day, day=metric.dated.day)
    # Beyond the contract's own tie-break: the earlier start, then the lower band, so that no result hangs on row order.
    order = [*metric.counts.picks, *((metric.tie,) if metric.tie else ())]
    if day:
        order.append(Pick("earliest", day))
    if bands and metric.banded_at == "result":
        order.append(Pick("lowest", bands.by))
    if isinstance(metric.counts, DaysOfTracking):
        checks = (Check("joining row"), *_conditions(metric.conditions))
    elif metric.dated.by == "end of window":
        checks = (Check("joining row"), Check("no date", day), *_conditions(metric.conditions))
    elif isinstance(metric.counts, PeopleCounted):
        dated = (evolve(own, kind="no date"), evolve(own, kind="after as of"))
        checks = (Check("joining row"), *dated, *_countable(metric, own), *_conditions(metric.conditions))
    else:
        checks = (
            *((Check("person", table.person),) if metric.cohort else ()),
            *_dated(table, own, ripens=bool(metric.held and metric.held.gaps and metric.dated.day)),
            *_countable(metric, own),
            *_lasting(metric, table, day),
            *_conditions(metric.conditions),
        )
    if (
        metric.dated.by in ("column", "worked out")
        and metric.held is None
        and not isinstance(metric.counts, PeopleReaching | DaysCounted)
    ):
        # Nothing will ever be counted of such a row. What is held, or reached, may be complete within the period.
        checks = (*checks, evolve(own, kind="outside period"))
    if metric.evidence is not None:
        checks = (*checks, *_evidenced(metric.evidence))
    return MetricLook(
        at=at, clause=metric, table=table, day=day, checks=checks, order=tuple(order), cohort=" or ".join(metric.among),
        metrics=_picked(*metric.conditions, *metric.amounts_of_lines), results_of=_results_of(metric.conditions), bands=bands, parts=metric.among if metric.also else (),
    )  # fmt: skip


def _spans(contract: Contract, metric: Metric) -> tuple[Period, ...]:
    """The stretches of days that a metric is measured over; none for one that adds up.

    Raises:
        Refused: the payment period, as variations leave it, holds none of them (SIB0631).
    """
    days = spans(contract, metric.measured)
    if metric.measured is not None and not days:
        when = f"on {long(metric.measured.on)}" if metric.measured.on else f"in {metric.measured.days}"
        raise Refused(
            Diagnostic(
                "SIB0631",
                f"{metric.name} is measured {when}, and results are earned from {contract.payment_period}",
                metric.span,
                clause=metric.clause,
                help="Look at the variation that ends the payment period, and say when the metric is measured now.",
            )
        )
    return days


def _own_day(metric: Metric, table: PlannedTable, tracked: Tracked | None) -> str:
    """The column of a row's own date; '' where that date is worked out."""
    if metric.dated.by in ("column", "worked out"):
        return metric.dated.column
    if metric.held is not None:
        return metric.held.start
    if metric.dated.by == "end of window" and metric.window is not None:
        return metric.window.start
    if isinstance(metric.counts, DaysOfTracking):
        return tracked.start if tracked else ""
    return table.records.spell.start if table.records.spell else ""


def _countable(metric: Metric, own: Check) -> list[Check]:
    """What a row needs besides its date: days are kept to the tracking by themselves, other rows by their date."""
    found = [Check("no figure", metric.counts.column)] if metric.counts.column else []
    if metric.within and not isinstance(metric.counts, DaysCounted):
        held = metric.held.day if metric.held is not None else None
        found.append(evolve(own, kind="outside tracking", day=held if held is not None else own.day))
    return found


def _lasting(metric: Metric, table: PlannedTable, day: str) -> Iterator[Check]:
    """What a row needs for it to be known how long it lasts, where that is asked."""
    spell = table.records.spell
    if metric.held is not None:
        starts = dict.fromkeys((metric.held.start, *((spell.start,) if spell else ())))
        yield from (Check("no start", start) for start in starts if start != day)
        if metric.held.day is not None:
            yield Check("no start", day=metric.held.day)
        if metric.held.by_group is not None:
            yield Check("no time", day=metric.held.by_group)
        if metric.held.most_by_group is not None:
            yield Check("no number", day=metric.held.most_by_group)
    if metric.at_most is not None and metric.at_most.by_group is not None:
        yield Check("no number", day=metric.at_most.by_group)
    if (
        spell is not None
        and not spell.open_while_blank
        and (metric.held is not None or isinstance(metric.counts, DaysCounted) or metric.dated.each)
    ):
        yield Check("no end", spell.end)


def _evidenced(evidence: Evidence) -> Iterator[Check]:
    """That a row is evidenced in time, and accepted where it must be."""
    if any(length.unit == "business day" for length in evidence.lengths):
        yield Check("time not known", evidence.column)
    yield Check("late evidence", evidence.column)
    yield Check("no evidence", evidence.column)
    if evidence.rejected:
        yield Check("claim rejected", evidence.rejected)
    if evidence.disputed:
        yield Check("disputed", evidence.disputed)
    if evidence.accepted or evidence.deemed is not None:
        yield Check("not accepted", evidence.accepted)


def _dated(table: PlannedTable, own: Check, *, ripens: bool = False) -> tuple[Check, ...]:
    """That a row has a date, which has come, and is known. What `ripens` may be part of a stay before its date has come."""
    known = (Check("known later", table.records.known_on),) if table.records.known_on else ()
    if table.records.withdrawn_on:
        known = (*known, Check("withdrawn", table.records.withdrawn_on))
    come = () if ripens else (evolve(own, kind="after as of"),)
    return (evolve(own, kind="no date"), *come, *known)


def _conditions(conditions: tuple[Condition, ...]) -> list[Check]:
    found: list[Check] = []
    for condition in conditions:
        metrics = _metrics(condition)
        if metrics:
            found.append(Check("no result", condition=condition, metrics=metrics))
        if any(isinstance(test, AnyDay | AnyResult) for test in tests_of(condition)):
            found.append(Check("not over", condition=condition))
        found.append(Check("condition", condition=condition))
    return found


def _results_of(conditions: tuple[Condition, ...]) -> tuple[str, ...]:
    """The metrics of which a condition asks for any result."""
    tests = (test for condition in conditions for test in tests_of(condition))
    return tuple(dict.fromkeys(test.metric for test in tests if isinstance(test, AnyResult)))


def _metrics(*parts: Condition | Amount) -> tuple[str, ...]:
    """The metrics of which a picked row, or its date, is read."""
    named = (
        amount.metric
        for part in parts
        for amount in parts_of(part)
        if isinstance(amount, MetricColumn | ResultDate)
    )
    return tuple(dict.fromkeys(named))


def _picked(*parts: Condition | Amount) -> tuple[str, ...]:
    """The metrics of which a picked row is read, and the cohorts of which that by which the person joined is."""
    cohorts = (
        amount.cohort for part in parts for amount in parts_of(part) if isinstance(amount, JoinedColumn)
    )
    return (*_metrics(*parts), *dict.fromkeys(cohorts))


def _in_turn(looks: list[Look]) -> tuple[Look, ...]:
    """Each look after those it needs."""
    waiting = list(looks)
    done: list[Look] = []
    while waiting:
        names = {look.name for look in waiting}
        ready = [
            look
            for look in waiting
            if not names
            & {look.cohort, *look.parts, look.net_of, *look.metrics, *look.results_of, *look.earlier}
        ]
        if not ready:
            raise Refused(
                Diagnostic(
                    "SIB0612",
                    f"{' and '.join(look.name for look in waiting)} wait for each other's results, so none can be counted",
                    waiting[0].clause.span,
                    clause=waiting[0].clause.clause,
                    help="Let one of them speak of a column of its own row instead.",
                )
            )
        done.extend(ready)
        waiting = [look for look in waiting if look not in ready]
    return tuple(done)
