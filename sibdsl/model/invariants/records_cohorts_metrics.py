"""Records, printed tables, who counts and what is counted."""

from __future__ import annotations

from attrs import evolve

from sibdsl.model import nodes
from sibdsl.model.conditions_on_rows import parts_of
from sibdsl.model.invariants.amounts import amount_holds, condition_holds
from sibdsl.model.invariants.names import Names, column_is, kind_holds, known, once, true
from sibdsl.model.nodes import (
    ColumnAverage,
    ColumnSum,
    DayRange,
    DaysCounted,
    DaysOfTracking,
    Determination,
    DifferentValues,
    FewerDays,
    PeopleCounted,
    PeopleReaching,
    RowsCounted,
)
from sibdsl.model.types import NUMERIC, Interval


def records_hold(names: Names, table: nodes.Records) -> None:
    """Records whose columns, spell and worked-out columns hold."""
    where = f"records {table.name}"
    once((column.name for column in table.columns), where)
    once((column.heading for column in table.columns), f"the headings of {where}")
    true(table.columns, f"{where} have no columns")
    for column in table.columns:
        true(
            (column.kind == "category") == bool(column.categories),
            f"{column.name} of {where} has categories amiss",
        )
        once(column.categories, f"{column.name} of {where}")
        if column.formula is not None:
            _worked_out(names, table, column, where)
    if table.spell:
        for name in (table.spell.start, table.spell.end):
            column_is(table, name, where, "date")
    for told in filter(None, (table.known_on, table.withdrawn_on)):
        column_is(table, told, where, "date")
    once(table.key, f"what identifies a row of {where}")
    for name in table.key:
        column_is(table, name, where)
        key = table.column(name)
        true(
            key and not key.blank_allowed and key.formula is None,
            f"{name} cannot identify a row of {where}",
        )
    true(table.key or not table.versions, f"{where} have versions and no key")
    once(table.parts, f"the parts of {where}")
    for version in table.versions:
        true(version.by or table.parts, f"{where} have no parts, and the latest stands")
        if version.by:
            column_is(table, version.by.column, where)
    if table.spell:
        true(
            table.spell.open_while_blank or not table.spell.until_next,
            f"rows of {where} last until the next, and are never open",
        )
    if table.invalid:
        most = table.invalid.most
        true(
            0 <= most <= 1 if table.invalid.share else most >= 0 and most.denominator == 1,
            f"{where} allow so many invalid rows as there cannot be",
        )


def _worked_out(names: Names, table: nodes.Records, column: nodes.RecordColumn, where: str) -> None:
    """A column that is worked out from what else the row holds: columns of files, and those worked out before it."""
    formula = column.formula
    true(column.blank_allowed, f"{where} works out {column.name}, which may not be blank")
    true(formula and formula.kind == column.kind, f"{where} takes {column.name} for {column.kind}")
    carried = isinstance(formula, nodes.PersonColumn)
    true(carried or column.kind in NUMERIC or column.kind == "date", f"{where} works out {column.kind}")
    before = table.columns[: table.columns.index(column)]
    there = [one for one in table.columns if one.formula is None or one in before]
    if formula is not None:
        amount_holds(names, formula, f"{where}, {column.name},", row=evolve(table, columns=tuple(there)))


def lookup_holds(table: nodes.Lookup) -> None:
    """A printed table of at least one row, each with a cell for every column and a key of its own."""
    where = f"table {table.name}"
    true(table.columns and table.rows, f"{where} is empty")
    once((lookup_column.name for lookup_column in table.columns), where)
    for row in table.rows:
        true(len(row.cells) == len(table.columns), f"{where} has a row of another length")
        true(row.cells[0], f"{where} has a row without a key")
        for cell, column in zip(row.cells, table.columns, strict=True):
            if cell is None:
                continue
            true(cell.kind == column.kind, f"{where} holds {cell.kind} under {column.name}")
            kind_holds(cell.kind, cell.value, where)
    once((str(cell.value) for row in table.rows for cell in row.cells[:1] if cell), f"the keys of {where}")


def one_person(table: nodes.Records, where: str) -> None:
    """Rows that say whose they are, once."""
    people = [column.name for column in table.columns if column.kind == "person"]
    true(len(people) == 1, f"{where} counts {table.name}, where {len(people)} columns say whose a row is")


def cohort_holds(names: Names, cohort: nodes.Cohort) -> None:
    """A cohort of rows that there are."""
    where = f"cohort {cohort.name}"
    known(cohort.records, names.records, where, "records")
    table = names.records[cohort.records]
    one_person(table, where)
    column_is(table, cohort.joins_on, where, "date")
    if cohort.tracked:
        column_is(table, cohort.tracked.start, where, "date")
        true(cohort.tracked.duration.number > 0, f"{where} is tracked for no time")
    true(cohort.most is None or cohort.most > 0, f"{where} has room for nobody")
    for pick in cohort.picks:
        pick_holds(table, pick, where)
    for test in cohort.conditions:
        condition_holds(names, test, where, table)


def pick_holds(table: nodes.Records, pick: nodes.Pick, where: str) -> None:
    """A pick by a column that can be put in order so."""
    column_is(table, pick.column, where, *(("date",) if pick.way in ("earliest", "latest") else ()))


def bands_hold(names: Names, bands: nodes.Bands) -> None:
    """Bands of a column that there is."""
    where = f"bands {bands.name}"
    true(bands.bands, f"{where} have no band")
    once((band.name for band in bands.bands), where)
    for band in bands.bands:
        true(not (band.words and band.rest), f"{where}: {band.name} holds some words, and the rest")
        once(band.words, f"{where}, {band.name}")
        whole = bool(band.words or band.rest)
        true(whole == bands.worded, f"{where}: {band.name} holds a range among groups of words")
        true(not whole or band.holds == Interval(), f"{where}: {band.name} holds words and a range")
        true(
            (band.days is not None) == bands.dated,
            f"{where}: {band.name} holds no days among stretches of days",
        )
        days = band.days or DayRange()
        true(
            band.days is None or (not whole and band.holds == Interval()),
            f"{where}: {band.name} holds days and more",
        )
        true(
            not days.first or not days.last or days.first <= days.last,
            f"{where}: {band.name} ends before it begins",
        )
    columns = {column.name for table in names.records.values() for column in table.columns}
    known(bands.by, columns, where, "column")


def metric_holds(names: Names, metric: nodes.Metric) -> None:
    """A metric that counts what there is."""
    where = f"metric {metric.name}"
    known(metric.records, names.records, where, "records")
    table = names.records[metric.records]
    if metric.cohort:
        for name in metric.among:
            known(name, names.cohorts, where, "cohort")
        once(metric.among, where)
        _several_hold(names, metric, where)
        one_person(table, where)
    else:
        true(not metric.also, f"{where} counts among other cohorts, and none")
        _nobodys(metric, table, where)
    for test in metric.conditions:
        condition_holds(names, test, where, table, joins=bool(metric.cohort))
        ends = any(isinstance(amount, nodes.WindowEnd) for amount in parts_of(test))
        true(not ends or metric.window, f"{where} reads the end of no window")
    if metric.held:
        true(table.spell, f"{where} holds rows of {table.name}, which do not say how long they last")
        true(table.spell and metric.held.start == table.spell.start, f"{where} is held from amid a spell")
        _time_held_holds(names, metric.held, table, where)
        gaps = metric.held.gaps
        true(gaps is None or gaps.duration.unit in ("day", "week"), f"{where} has gaps of months")
    _counts_hold(names, metric, table, where)
    true((metric.dated.by == "each end") == bool(metric.dated.each), f"{where} is half dated at ends")
    if metric.dated.by == "column":
        column_is(table, metric.dated.column, where, "date")
    elif metric.dated.by == "worked out":
        true(metric.dated.day, f"{where} is dated by nothing")
        if metric.dated.day is not None:
            amount_holds(names, metric.dated.day, where, "date", row=table, joins=bool(metric.cohort))
        reads = (DaysOfTracking, DaysCounted, PeopleReaching)
        true(not isinstance(metric.counts, reads), f"{where} dates what has days of its own")
    elif metric.dated.by == "end of window":
        true(metric.counts.of_window, f"{where} is dated by the end of a window")
    elif metric.dated.by == "each end":
        counted = isinstance(metric.counts, RowsCounted | ColumnSum)
        true(table.spell and counted, f"{where} is dated at ends of what does not last, or is not counted so")
        apart = metric.held or metric.within or metric.evidence or metric.dated.column
        true(not apart, f"{where} is dated at ends, and otherwise")
    elif metric.dated.by != "each day":
        true(metric.held and not metric.dated.column, f"{where} is dated by a holding that it has not")
    true((metric.dated.by == "worked out") == (metric.dated.day is not None), f"{where} is half dated")
    if metric.bands:
        known(metric.bands, names.bands, where, "bands")
        joining = metric.banded_at == "joining"
        true(not joining or metric.cohort, f"{where} is banded by rows by which nobody joined")
        read = names.records[names.cohorts[metric.cohort].records] if joining else table
        kinds = names.bands[metric.bands].kinds
        column_is(read, names.bands[metric.bands].by, where, *kinds)
    else:
        true(metric.banded_at == "result", f"{where} has no bands to be read at joining")
    if metric.tie:
        pick_holds(table, metric.tie, where)
    if metric.at_most:
        true(metric.at_most.number > 0, f"{where} counts nobody")
        true(not metric.first_only, f"{where} counts the first of each person, and others")
        named = metric.at_most.days is not None
        true((metric.at_most.over == "days") == named, f"{where} half counts so many in named days")
    _measured_holds(metric, where)
    averaged = isinstance(metric.counts, ColumnAverage) and metric.cohort and metric.tie
    true(not metric.latest_only or averaged, f"{where} takes the latest of what is nobody's, or not averaged")


def _several_hold(names: Names, metric: nodes.Metric, where: str) -> None:
    """That of members of several cohorts nothing is read that only one of them says."""
    if not metric.also:
        return
    true(
        metric.within != "tracking" and not isinstance(metric.counts, DaysOfTracking),
        f"{where} tracks several cohorts",
    )
    reads = metric.window or "joining" in (metric.banded_at, metric.weight_at)
    if reads or isinstance(metric.counts, PeopleCounted | PeopleReaching) or metric.counts.of_window:
        ways = {(names.cohorts[one].records, names.cohorts[one].joins_on) for one in metric.among}
        true(len(ways) == 1, f"{where} reads rows by which people joined, of several records")


def _measured_holds(metric: nodes.Metric, where: str) -> None:
    """A measure over days that it names when it is over such, and at no other time."""
    said = metric.measured
    if said is not None:
        true((said.over == "once") == (said.on is not None), f"{where} is half measured once")
        true((said.over == "days") == (said.days is not None), f"{where} is half measured over named days")


def _nobodys(metric: nodes.Metric, table: nodes.Records, where: str) -> None:
    """Rows that are nobody's, of which nothing is asked that people have."""
    true(
        all(column.kind != "person" for column in table.columns), f"{where} counts people's rows among nobody"
    )
    asked = (metric.first_only, metric.at_most, metric.tie, metric.within)
    true(not any(asked), f"{where} keeps to each person, and there is none")
    true(
        not (metric.counts.of_joining or metric.counts.by_the_day),
        f"{where} counts people, and there is none",
    )


def _counts_hold(names: Names, metric: nodes.Metric, table: nodes.Records, where: str) -> None:
    """That what is counted, added up, weighted and kept to tracking is there, and lines of other measures are not."""
    days = metric.counts.by_the_day
    tracked = names.cohorts[metric.cohort].tracked if metric.cohort else None
    true(
        days == (metric.dated.by == "each day"),
        f"{where} dates each of what are no days, or days by other means",
    )
    true(days or not metric.days_in, f"{where} keeps to a period days that it does not count")
    share = metric.counts.of_window
    true(
        metric.counts.adds_up == (metric.measured is None),
        f"{where} is measured over no time, or adds up and is",
    )
    takes_one = isinstance(metric.counts, Determination)
    true(takes_one == bool(metric.counts.picks), f"{where} takes one row of which nothing is read")
    for pick in metric.counts.picks:
        pick_holds(table, pick, where)
    follows = metric.within == "tracking" or isinstance(metric.counts, DaysOfTracking)
    true(not follows or tracked, f"{where} needs tracking")
    true(
        (metric.within == "window" or share) == (metric.window is not None), f"{where} half keeps to a window"
    )
    true(not (share and metric.within), f"{where} keeps a share of a window to something else")
    true(share == (metric.dated.by == "end of window"), f"{where} dates a share of a window otherwise")
    true(not (isinstance(metric.counts, FewerDays) and metric.bands), f"{where} has bands of fewer days")
    if share:
        known(metric.counts.days_of, names.records, where, "records")
        true(
            names.records[metric.counts.days_of].spell,
            f"{where} has a share of the days of what does not last",
        )
        one_person(names.records[metric.counts.days_of], where)
    true(not (metric.window and isinstance(metric.counts, DaysOfTracking)), f"{where} tracks in a window")
    if metric.window is not None and metric.cohort:
        column_is(names.records[names.cohorts[metric.cohort].records], metric.window.start, where, "date")
        true(metric.window.duration.number > 0, f"{where} has a window of no time")
    if isinstance(metric.counts, DaysCounted):
        true(table.spell, f"{where} counts days of {table.name}, which do not say how long they last")
    if metric.counts.of_joining:
        true(table.name == names.cohorts[metric.cohort].records, f"{where} takes people from {table.name}")
    if not isinstance(metric.counts, RowsCounted):
        lines = (
            metric.held and not isinstance(metric.counts, DaysCounted),
            metric.first_only,
            metric.at_most,
            metric.tie and not metric.latest_only,
        )
        true(not any(lines), f"{where} keeps to first rows, or holds them, and counts no rows")
    if metric.held:
        true(
            isinstance(metric.counts, DaysCounted) == bool(metric.held.counting),
            f"{where} is held, and half says which days count",
        )
        true(not (metric.held.counting and metric.held.gaps), f"{where} counts days of stays with gaps")
        _instalments_hold(metric, metric.held, where)
    if isinstance(metric.counts, PeopleReaching):
        amount_holds(names, metric.counts.amount, where, *NUMERIC)
        true(metric.cohort and metric.dated.column, f"{where} reaches an amount on no day, or nobody does")
    _evidence_holds(metric, table, where)
    if metric.net_of:
        other = names.metrics.get(metric.net_of)
        counted = isinstance(other, nodes.Metric) and other.counts.by_the_day
        true(days and counted and other is not metric, f"{where} is net of no days of another metric")
    match metric.counts:
        case DifferentValues(column=column):
            column_is(table, column, where)
        case (
            PeopleReaching(column=column)
            | ColumnSum(column=column)
            | ColumnAverage(column=column)
            | Determination(column=column)
        ):
            column_is(table, column, where, *NUMERIC)
    _weight_holds(names, metric, table, where)
    true(metric.measures in NUMERIC, f"{where} measures {metric.measures}")


def _time_held_holds(names: Names, held: nodes.Held, table: nodes.Records, where: str) -> None:
    """Held for some time, or for one that a table prints at a column of the row."""
    true((held.duration is None) == (held.by_group is not None), f"{where} is held for two times, or none")
    true(held.duration is None or held.duration.number > 0, f"{where} is held for no time")
    for looked, kind in ((held.by_group, "duration"), (held.most_by_group, "number")):
        if looked is not None:
            amount_holds(names, looked, where, kind, row=table, joins=True)
            of_person = isinstance(looked.key, nodes.JoinedColumn | nodes.MetricColumn)
            own = isinstance(looked.key, nodes.Column)
            true(of_person or (own and held.gaps is None), f"{where} is held for what differs in one stay")
    if held.day is not None:
        amount_holds(names, held.day, where, "date", joins=True)
        true(not held.counting, f"{where} counts days from a date that is no row's")


def _instalments_hold(metric: nodes.Metric, held: nodes.Held, where: str) -> None:
    """Instalments after some time each, of rows, and each with a date of its own."""
    true(held.most is None or held.most_by_group is None, f"{where} has two numbers of instalments")
    if held.then is None:
        true(held.most is None and held.most_by_group is None, f"{where} is held so many times, and once")
        return
    true(held.then.number > 0 and held.most != 0, f"{where} is held again after no time, or never")
    true(isinstance(metric.counts, RowsCounted), f"{where} counts days in instalments")
    true(
        not metric.first_only and metric.evidence is None,
        f"{where} has instalments of which one alone counts",
    )
    true(metric.dated.by in ("day after", "last day held"), f"{where} has instalments of one date")


def _evidence_holds(metric: nodes.Metric, table: nodes.Records, where: str) -> None:
    """Evidence of what a row earns, each day of it in a column of its own."""
    if metric.evidence is not None:
        for name in metric.evidence.columns:
            column_is(table, name, where, "date")
        once(metric.evidence.columns, f"{where}, evidence")
        true(
            not (metric.counts.by_the_day or metric.counts.of_window),
            f"{where} asks for evidence of what no one row earns",
        )
        true(metric.evidence.within.number > 0, f"{where} must be evidenced within no time")
        deemed = metric.evidence.deemed
        true(deemed is None or deemed.number > 0, f"{where} is deemed accepted after no time")
        true(
            deemed is None or metric.evidence.rejected, f"{where} is deemed accepted, and nothing rejects it"
        )
        true(
            metric.evidence.accepted or not metric.evidence.disputed,
            f"{where} is held while disputed, and nobody accepts it",
        )
        true(not (metric.held and metric.held.gaps), f"{where} asks for evidence of stays with gaps")


def _weight_holds(names: Names, metric: nodes.Metric, table: nodes.Records, where: str) -> None:
    """A weight of what has parts, of a row that there is."""
    if metric.weight is None:
        true(metric.weight_at == "result", f"{where} reads no weight at joining")
        return
    true(metric.counts.weighable, f"{where} weighs what has no parts")
    at_joining = metric.weight_at == "joining"
    true(not at_joining or metric.cohort, f"{where} is weighed by no row")
    joined = names.cohorts[metric.cohort].records if at_joining else table.name
    amount_holds(names, metric.weight, where, *NUMERIC, row=names.records[joined])


def routes_hold(names: Names, contract: nodes.Contract) -> None:
    """Routes of metrics that there are, each in one route only, with results of persons that have a day."""
    for block in contract.routes:
        where = f"routes {block.name}"
        true(len(block.routes) > 1, f"{where} are fewer than two")
        once((route.name for route in block.routes), where)
        for route in block.routes:
            true(route.metrics, f"{where} have one without a metric")
            for name in route.metrics:
                known(name, names.metrics, where, "metric")
                true(names.metrics[name].by_person, f"{where} speak of {name}, which nobody earns")
    once((name for block in contract.routes for route in block.routes for name in route.metrics), "routes")


def derived_holds(names: Names, derived_metric: nodes.Derived) -> None:
    """A metric worked out from metrics that there are."""
    where = f"metric {derived_metric.name}"
    kinds = {derived_metric.measures, *(("number",) if derived_metric.measures == "percentage" else ())}
    for formula in derived_metric.formulas:
        amount_holds(names, formula, where, *kinds)
    true(derived_metric.measures in NUMERIC, f"{where} measures {derived_metric.measures}")
    true(
        (derived_metric.measured.over == "once") == (derived_metric.measured.on is not None),
        f"{where} is half measured once",
    )
    for area in derived_metric.areas:
        amount_holds(names, area.weight, where, *NUMERIC)
        amount_holds(names, area.amount, where, *NUMERIC)
