"""Metrics of records."""

from __future__ import annotations

from typing import Literal, cast

from attrs import evolve, frozen

from sibdsl.diagnostics import Label
from sibdsl.model.conditions_on_rows import person_column
from sibdsl.model.from_syntax.metrics import bands as banded
from sibdsl.model.from_syntax.metrics import dated as dating
from sibdsl.model.from_syntax.metrics import evidence as evidencing
from sibdsl.model.from_syntax.metrics import held as holding
from sibdsl.model.from_syntax.metrics import results_per_person, times_measured, what_counts
from sibdsl.model.from_syntax.metrics.lines_of_rows import of_rows_alone
from sibdsl.model.from_syntax.metrics.results_per_person import LimitPerPerson
from sibdsl.model.from_syntax.metrics.what_counts import Counts
from sibdsl.model.from_syntax.people.cohorts import conditions_of, one_person, picks_of
from sibdsl.model.from_syntax.reader import Reader, label
from sibdsl.model.from_syntax.value_kinds import Here
from sibdsl.model.nodes import (
    Bands,
    Cohort,
    ColumnAverage,
    DaysCounted,
    DaysOfTracking,
    Determination,
    DifferentValues,
    Metric,
    PeopleReaching,
    Pick,
    Records,
    RowsCounted,
)
from sibdsl.syntax import Block, Node


@frozen
class MetricBlock:
    """A metric block and what it counts, before its conditions are read."""

    block: Block
    counts: Counts


def metrics(
    reader: Reader,
    blocks: list[Block],
    tables: dict[str, Records],
    sets: dict[str, Bands],
    cohorts: dict[str, Cohort],
) -> tuple[Metric, ...]:
    """Read the `metric` blocks. A metric may speak of a column of the row that another one picked."""
    ready: list[MetricBlock] = []
    for block in blocks:
        said = what_counts.counts(reader, block, tables, cohorts)
        if said is not None and block.name is not None:
            ready.append(MetricBlock(block, said))
    behind = {
        metric_block.block.name.text: metric_block.counts.table
        for metric_block in ready
        if metric_block.block.name
    }
    # A table that speaks of nobody has no row of a person that others could read, and an average is of many rows.
    reader.rowless.update(
        metric_block.block.name.text
        for metric_block in ready
        if metric_block.block.name
        and (
            not person_column(metric_block.counts.table)
            or metric_block.counts.what.of_window
            or not metric_block.counts.what.adds_up
        )
    )
    days = {
        metric_block.block.name.text: metric_block.counts.what.by_the_day
        for metric_block in ready
        if metric_block.block.name
    }
    read = (_metric(reader, metric_block, behind, sets, cohorts, days, tables) for metric_block in ready)
    return tuple(metric for metric in read if metric is not None)


def _metric(
    reader: Reader,
    metric_block: MetricBlock,
    behind: dict[str, Records],
    sets: dict[str, Bands],
    cohorts: dict[str, Cohort],
    counted: dict[str, bool],
    tables: dict[str, Records],
) -> Metric | None:
    block, said, table = metric_block.block, metric_block.counts, metric_block.counts.table
    clause = reader.clause(block)
    if of_rows_alone(reader, block, said, clause):
        return None
    reader.only(block, *what_counts.lines(said.what), *times_measured.LINES)
    measured = None
    if not said.what.adds_up:
        measured = times_measured.measured(reader, block)
        if measured is None:
            return None
        if measured.to_date and not isinstance(said.what, ColumnAverage | DifferentValues | Determination):
            reader.not_yet(measured.span, "`to date` of a share of days", clause=clause)
            return None
    else:
        times_measured.adds_up(reader, block)
    several = reader.one(
        block,
        "if_several",
        needed="if several latest Certified On" if isinstance(said.what, Determination) else "",
    )
    picks = tuple(picks_of(reader, table, several, reader.clause(block))) if several else ()
    kind = reader.one(block, "kind", needed="kind outcome")
    nobody = (
        not isinstance(said.what, PeopleReaching)
        and not block.lines("among")
        and all(column.kind != "person" for column in table.columns)
    )
    if nobody:
        _of_nobody(reader, block, said, clause)
    else:
        one_person(reader, table, block, clause)
    among = None if nobody else reader.one(block, "among", needed="among Service Users")
    cohort = reader.name(among.words()[0], "cohort", clause=clause) if among else ""
    also = results_per_person.others(reader, block, among, cohorts, clause)
    window = None if nobody else results_per_person.window(reader, block, cohorts.get(cohort), tables, clause)
    here = Here(
        clause=clause,
        row=table,
        metrics=behind,
        cohorts={name: reader.tables[one.records] for name, one in cohorts.items()},
        values=reader.values,
        joins=not nobody,
        window=bool(block.lines("window")) and not nobody,
    )
    tests = list(conditions_of(reader, block, here))
    held = (
        holding.held(reader, block, table, here, days=isinstance(said.what, DaysCounted))
        if isinstance(said.what, RowsCounted | DaysCounted)
        else None
    )
    dated = dating.dated(reader, block, said, held, here)
    inside = reader.one(block, "within")
    tracking = _within_tracking(reader, inside, cohorts.get(cohort), clause) if inside else ""
    if inside is not None and dated is not None and not tracking:
        test = dating.within(inside, table, held, dated)
        tests.extend([test] if test else [])
    if window is not None and isinstance(said.what, DaysOfTracking):
        reader.problems.add(
            "SIB0317",
            f"Days of tracking are the days for which {cohort} follows its members, and a window is another stretch of time.",
            window.span,
            clause=clause,
            mark="days of the tracking, or of the window?",
            help="If those of the window are meant, let a cohort be `tracked` for that time, and take the window out.",
        )
    banding = reader.one(block, "banded_by")
    joining = reader.tables.get(cohorts[cohort].records) if cohort in cohorts else None
    several_rows = isinstance(said.what, PeopleReaching)
    bands = (
        banded.banding(reader, banding, table, joining, sets, clause, several=several_rows)
        if banding
        else banded.Banding()
    )
    if banding is not None and measured is not None:
        reader.not_yet(banding.span, "bands of a metric that does not add up", clause=clause)
    averaged = isinstance(said.what, ColumnAverage)
    limit = results_per_person.limit(reader, block, clause, banded=banding is not None, averaged=averaged)
    if held is not None and held.then is not None and dated is not None:
        limit = holding.instalments(reader, block, dated, limit, here)
    tie = _tie(reader, block, table, limit, clause)
    weight, weighed = what_counts.weight(reader, block, said, None if nobody else joining, clause)
    net = results_per_person.net_of(reader, block, clause, counted)
    evidence = evidencing.evidence(reader, block, table, held, dated, clause)
    kind_of_count = said.what
    if isinstance(kind_of_count, Determination):
        if not picks:
            return None
        kind_of_count = evolve(kind_of_count, picks=picks)
    if kind_of_count.of_window and window is None:
        return None
    if kind is None or not (cohort or nobody) or dated is None or block.name is None:
        return None
    sort = next(iter(kind.nodes("metric_kind"))).said
    return Metric(
        block.name.text,
        block.clause,
        block.gloss,
        cast("Literal['output']", sort),
        table.name,
        cohort,
        tuple(tests),
        dated,
        held,
        limit.first_only,
        tie,
        bands.name,
        kind_of_count,
        weight,
        tracking,
        what_counts.measures(said, weight),
        measured=measured,
        at_most=limit.at_most,
        net_of=net,
        window=window,
        evidence=evidence,
        banded_at=bands.at,
        weight_at=weighed,
        also=also,
        days_in=dating.days_in(inside, dated),
        latest_only=limit.latest_only,
        span=block.head,
    )


def _of_nobody(reader: Reader, block: Block, said: Counts, clause: str) -> None:
    """Report lines that ask for people where the table names none."""
    for line in block.lines("per_person", "if_tied", "within", "window"):
        if line.kind == "within" and next(iter(line.nodes("span"))).said not in ("tracking", "window"):
            continue
        reader.problems.add(
            "SIB0490",
            f"The rows of {said.table.name} are nobody's, so `{label(line.kind)}` has no meaning here.",
            line.span,
            clause=clause,
            mark="of which person?",
            help=f"Take the line out, or give {said.table.name} a column that holds `person` and say `among` whom.",
            labels=(Label(said.table.span, f"{said.table.name} is declared here"),),
        )
    if isinstance(said.what, DaysCounted):
        reader.problems.add(
            "SIB0316",
            f"A day counts once for each person, and the rows of {said.table.name} are nobody's: whether a day that two rows hold "
            "is one day or two is not said.",
            block.lines("counts_days")[0].span,
            clause=clause,
            mark="days of whom?",
            help="Write `person` under `holds` for the column that says whose days they are. It need not be a human being: a "
            "house or a bed can be counted `among` a cohort too.",
            labels=(Label(said.table.span, f"{said.table.name} is declared here"),),
        )


def _within_tracking(
    reader: Reader, line: Node, cohort: Cohort | None, clause: str
) -> Literal["", "tracking", "window"]:
    """Whether the line keeps to each person's tracking, or to a window of their own."""
    said = next(iter(line.nodes("span"))).said
    if said != "tracking":
        return "window" if said == "window" else ""
    if cohort is not None:
        what_counts.tracked(reader, cohort, line, clause)
    return "tracking"


def _told_apart_by(table: Records) -> str:
    """A column by which rows of one person can be told apart: one that identifies, or any other but the person's."""
    kinds = [column.kind for column in table.columns]
    at = next((kinds.index(kind) for kind in ("identifier", "number", "money", "date") if kind in kinds), -1)
    return table.columns[at].name


def _tie(reader: Reader, block: Block, table: Records, limit: LimitPerPerson, clause: str) -> Pick | None:
    line = reader.one(block, "if_tied")
    if line is None:
        if limit.latest_only or (limit and block.lines("banded_by")):
            reader.problems.add(
                "SIB0430",
                "Two rows of one person may be the latest, of one day, and nothing says which counts."
                if limit.latest_only
                else "Two rows of one person may tie for first in different bands, and nothing says which counts.",
                # A line `held every` may say how many of a person count, where no line `per person` does.
                (block.lines("per_person") or block.lines("held"))[0].span,
                clause=clause,
                mark="which, if tied?",
                help=f"Add a line such as `if tied lowest {_told_apart_by(table)}`.",
            )
        return None
    picks = picks_of(reader, table, line, clause)
    return picks[0] if picks else None
