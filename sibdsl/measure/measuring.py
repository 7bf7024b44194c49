"""Measuring: from records to verified volumes, with every row accounted for.

    files --reading--> raw rows --sift--> readable rows --look, found--> results --> claims, volumes, accounts

Only counts and results come back from the engine; no row of records is handled here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import assert_never

from attrs import evolve

from sibdsl import files, progress
from sibdsl.dates import Duration
from sibdsl.diagnostics import Problems, same
from sibdsl.measure import (
    business_days,
    claims,
    codes_without_entry,
    columns_by_person,
    days_and_sums,
    duplicates_and_invalid,
    evidence,
    held_for,
    instalments,
    invalid_rows_allowed,
    limits_for_each_person,
    notices,
    people_reaching,
    people_without_a_row,
    picked_rows,
    possible_duplicates,
    results,
    spreadsheet_damage,
    sqltree,
    unreadable_tables,
    unsettled_versions,
    versions_of_rows,
    window_days,
)
from sibdsl.measure.engines import Engine, EngineError, Made, default_engine, refusal
from sibdsl.measure.engines.watched import Watched
from sibdsl.measure.looks import CohortLook, Look, MetricLook, PlannedTable
from sibdsl.measure.passing_rows import PassingRows
from sibdsl.measure.plan import Plan, plan
from sibdsl.measure.reading_files import load
from sibdsl.measure.volumes import Volume, Volumes
from sibdsl.model.nodes import (
    Contract,
    EarlierDays,
    ExampleRecords,
    FewerDays,
    Gaps,
    Held,
    PeopleReaching,
    Records,
    ShareOfDays,
)
from sibdsl.model.parameters.in_force import Settings
from sibdsl.records import (
    RecordSource,
    RecordsPlace,
    columns_read,
    find,
)
from sibdsl.records.sources.written_out import WrittenOut

Sources = Mapping[str, Sequence[RecordSource]]


def measure(
    contract: Contract,
    settings: Settings,
    folder: RecordsPlace,
    as_of: date,
    *,
    cuts: frozenset[date] = frozenset(),
    engine: Made = default_engine,
    disputes_accepted: bool = False,
) -> Volumes:
    """The verified volumes of the statement periods that had ended by `as_of`, from the records in a folder.

    Periods are cut at `cuts` too, for the limits that contracts of a programme share. `disputes_accepted` counts what is held
    since it is disputed, as if it were accepted.

    Use the result in a `with`, or close it: it keeps the records at hand to answer what lies behind a volume.

    Raises:
        Refused: the records are missing or cannot be read (SIB06xx), with every problem found.
        NotGiven: a condition needs a particular that has not been given.
    """
    made = plan(contract, settings, as_of, cuts, disputes_accepted=disputes_accepted)
    return _measured(made, find(contract, folder), engine)


def measure_rows(
    contract: Contract,
    settings: Settings,
    tables: Sequence[ExampleRecords],
    as_of: date,
    *,
    cuts: frozenset[date] = frozenset(),
    engine: Made = default_engine,
) -> Volumes:
    """The same from rows written out in an example: each cell as text, '' for a blank. A table not given has no rows.

    Periods are cut at `cuts` too.

    Declared columns that no clause reads may be left out. Row accounts name a table's own name as the source.

    Raises:
        Refused: a heading is missing or stands twice (SIB0604, SIB0605).
        NotGiven: a condition needs a particular that has not been given.
    """
    sources: dict[str, list[RecordSource]] = {}
    for given in _in_parts(contract, tables):
        shown = f"{given.records}/{given.part}" if given.part else given.records
        written = WrittenOut(given.records, shown, given.headings, given.rows, _spare(contract, given))
        sources.setdefault(given.records, []).append(written)
    # An example holds values as the language writes them, whatever the form of a file.
    contract = evolve(contract, records=tuple(map(_in_own_form, contract.records)))
    return _measured(plan(contract, settings, as_of, cuts), sources, engine, shown=True)


def _in_own_form(table: Records) -> Records:
    return evolve(table, columns=tuple(evolve(column, written=()) for column in table.columns))


def _in_parts(contract: Contract, tables: Sequence[ExampleRecords]) -> list[ExampleRecords]:
    """The tables as they are given, but the parts of each in the order in which the contract names them."""
    order = {(table.name, part): at for table in contract.records for at, part in enumerate(table.parts)}
    return sorted(tables, key=lambda given: order.get((given.records, given.part), 0))


def _spare(contract: Contract, given: ExampleRecords) -> tuple[str, ...]:
    """The headings of declared columns that no clause reads, where the example leaves them out."""
    read = columns_read(contract).get(given.records, ())
    there = {same(heading) for heading in given.headings}
    return tuple(
        column.heading
        for table in contract.records
        if table.name == given.records
        for column in table.filed
        if column.name not in read and same(column.heading) not in there
    )


def _measured(made: Plan, sources: Sources, engine: Made, *, shown: bool = False) -> Volumes:
    """The volumes of a run, or of rows that an example shows: those may all be invalid, and of them nothing is told."""
    opened = engine()
    read = [file for parts in sources.values() for source in parts for file in source.files]
    try:
        with files.unchanged(read):
            return _run(opened, made, sources, shown=shown)
    except (EngineError, OSError) as error:
        opened.close()
        refused = refusal(error)
        if refused is None:
            raise
        raise refused from error
    except BaseException:
        opened.close()
        raise


def _run(engine: Engine, made: Plan, sources: Sources, *, shown: bool) -> Volumes:
    problems = Problems()
    progress.stage("reading the records")
    raw = load(engine, made, sources, problems)
    engine = Watched(engine, [path for table in raw.values() for path in table.stays])
    for table in columns_by_person.in_turn(made):
        _tell_rows(engine, table)
        engine.run(duplicates_and_invalid.sift(made, table, raw[table.name]))
        if table.read and table.records.key:
            engine.run(versions_of_rows.versions(made, table))
        if versions_of_rows.settled(table):
            engine.run(versions_of_rows.sift(made, table))
    if not shown:
        unreadable_tables.tables_without_rows(engine, made, problems)
        invalid_rows_allowed.too_many(engine, made, problems)
        problems.stop_on_errors()
        unsettled_versions.unsettled(engine, made, problems)
        possible_duplicates.repeats(engine, made, problems)
        spreadsheet_damage.spreadsheets(engine, made, problems)
        codes_without_entry.codes_not_listed(engine, made, problems)
        people_without_a_row.people_without_a_row(engine, made, problems)
    joined: set[str] = set()
    passing = PassingRows()
    for turn, look in enumerate(made.running):
        if look.parts and look.cohort not in joined:
            joined.add(look.cohort)
            engine.run(picked_rows.union(made, made.cohort(look.cohort)))
        progress.stage(f"finding {look.name}")
        engine.run(results.checked(made, look))
        passing.make(engine, made, look)
        if isinstance(look, MetricLook):
            business_days.stop_where_not_known(engine, made, look, problems)
        match look:
            case CohortLook():
                results.find(engine, made, look, raw[look.table.name].columns)
                engine.run(picked_rows.pick(made, look))
            case MetricLook():
                _run_metric(engine, made, look, raw[look.table.name].columns, problems)
            case _:
                assert_never(look)
        later = made.running[turn + 1 :]
        for table in made.tables:
            if _reads(look, table) and not any(_reads(other, table) for other in later):
                passing.finish(engine, made, table)
    for table in made.tables:
        if table.name not in passing.accounts:
            passing.finish(engine, made, table)
    accounts = {table.name: passing.accounts[table.name] for table in made.tables}
    for taken in claims.routes_taken(made):
        engine.run(taken)
    progress.stage("counting")
    engine.run(claims.claims(made))
    limited = limits_for_each_person.personal(made)
    withheld = limits_for_each_person.take(engine, made, limited)
    for table in made.tables:
        if accounts[table.name].rejected:
            notices.dates_in_another_style(engine, made, table, raw[table.name], problems)
    for look in made.metrics:
        notices.results_in_no_band(engine, made, look, problems)
    quantities = _quantities(engine, made)
    for look in made.metrics:
        if look.clause.counts.blank_without_rows:
            there = {quantity.segment for quantity in quantities if quantity.metric == look.name}
            notices.nothing_to_measure(made, look, there, problems)
    disputed = evidence.held_while_disputed(engine, made)
    return Volumes(quantities, accounts, tuple(problems.found), made, engine, withheld, limited, disputed)


def _tell_rows(engine: Engine, table: PlannedTable) -> None:
    """Say, where somebody listens, how many rows a table has that is looked at now."""
    if progress.is_heard():
        counted = sqltree.query([sqltree.count()], sqltree.table(f"raw_{table.at}"))
        progress.stage(f"looking at the rows of {table.name}", int(engine.fetch(counted)[0][0]))


def _reads(look: Look, table: PlannedTable) -> bool:
    """Whether what becomes of the rows of a table hangs on a look."""
    own = look.table.at == table.at
    return own or (isinstance(look, MetricLook) and window_days.read_by(look, table))


def _run_metric(engine: Engine, made: Plan, look: MetricLook, columns: int, problems: Problems) -> None:
    """The results of a metric, from the rows that pass its checks. `columns` counts raw cells."""
    match look.clause.held:
        case Held(gaps=Gaps() as gaps) as held:
            engine.run(held_for.stays(made, look, held, gaps, columns))
    match look.clause.held:
        case Held(then=Duration() as then) as held:
            engine.run(instalments.instalments(made, look, held, then))
    match look.clause.counts:
        case PeopleReaching() as counts:
            engine.run(people_reaching.reach(made, look, counts))
        case ShareOfDays() | FewerDays() | EarlierDays():
            engine.run(results.lasting(made, look))
    results.find(engine, made, look, columns)
    if not look.of:
        notices.days_without_a_weight(engine, made, look, problems)
    if look.name in made.asked_for:
        engine.run(results.any_results(made, look))
    if look.name in made.picked:
        engine.run(picked_rows.pick(made, look))


def _quantities(engine: Engine, made: Plan) -> tuple[Volume, ...]:
    units = [days_and_sums.unit(made, look) for look in made.metrics]
    counted: dict[tuple[int, int, int], Fraction] = {}
    made_of: dict[tuple[int, int, int], int] = {}
    for segment, metric, slot, _, number, rows, over in engine.fetch(claims.volumes(made)):
        place = (segment, metric, slot)
        counted[place] = counted.get(place, Fraction(0)) + Fraction(int(number), int(over)) * units[metric]
        made_of[place] = made_of.get(place, 0) + int(rows)
    for place, rows in made_of.items():
        if made.metrics[place[1]].clause.counts.averaged:
            counted[place] /= rows
    found: list[Volume] = []
    for at, segment in enumerate(made.segments):
        if segment not in made.stated:
            continue
        for measured, look in enumerate(made.metrics):
            slots = (
                [(-1, "")]
                if look.bands is None
                else [(n, band.name) for n, band in enumerate(look.bands.bands)]
            )
            if look.spans and at not in made.homes(look):
                continue
            found.extend(
                Volume(segment, look.name, band, Fraction(counted.get((at, measured, slot), 0)))
                for slot, band in slots
                if (at, measured, slot) in counted or not look.clause.counts.blank_without_rows
            )
    return tuple(found)
