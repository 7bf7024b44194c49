"""The measure plan as SQL statements. Every name is made here; every value is a literal of its own.

Tables made, for table number t and look number k:

    raw_t     part, row, seq, mark, cells, wanted, extra, c0 ...
                                   the rows as read, each cell trimmed text, a blank is ''; rows that are equal have
                                   one mark
    sift_t    seq, first, bad, v0 ...    the earlier equal row, the first fault, and what the read cells stand for
    look_k    seq, fail                  a view: each row neither duplicate nor invalid; fail is the first check it does not pass
    pass_k    seq, v0 ...                the rows that pass every check, for as long as results are sought
    ahead_k, first_k                     the rows that come first, see `first_rows`
    found_k   seq, person, day, band     one row per joining person, or the results of a metric; where days are counted
                                         or a column is added up, also until and each: see `days`
    lasts_k   seq, person, begin, stop   where shares of days are averaged, see `shares`
    stay_k    seq, begin, stop, reached  where a holding has gaps, see `held_for`
    reach_k   seq, person, own, so_far, reached  where an amount is reached, see `reaching`
    instalment_k  seq, turn, reached, done   where something is held in instalments, see `instalments`
    any_k     seq, person, day, until    where any result of a metric is asked for, see `any_results`
    pick_k    seq, person, day, v0 ...   for each person the joining row, or the first result of a metric
"""

from __future__ import annotations

from typing import assert_never

from sqlglot import exp

from sibdsl.dates import Period
from sibdsl.measure import (
    any_in_time,
    days_and_sums,
    each_end,
    evidence,
    first_rows,
    held_for,
    instalments,
    people_reaching,
    reading_cells,
    rows_beside,
    spells,
    sqldates,
    sqltree,
    texts_in_force,
    time_held,
    versions_of_rows,
    window_days,
)
from sibdsl.measure.conditions import JOINED, ROW, exact, pick_alias, plain, test
from sibdsl.measure.engines import Engine
from sibdsl.measure.looks import Check, CohortLook, Look, MetricLook, PlannedColumn
from sibdsl.measure.plan import Plan
from sibdsl.measure.sqltree import Tree
from sibdsl.model.conditions_on_rows import tests_of
from sibdsl.model.nodes import (
    AnyDay,
    AnyResult,
    AtMost,
    Bands,
    Condition,
    Dated,
    Determination,
    Metric,
    PeopleCounted,
    PeopleReaching,
    Scope,
    Tracked,
)
from sibdsl.model.periods import occasions
from sibdsl.model.types import NUMERIC


def checked(plan: Plan, look: Look) -> exp.Create:
    """View `look_k`: the first check of the clause that each readable row does not pass, by its place in `look.checks`."""
    fails = ((_failed(plan, look, check), sqltree.whole(at)) for at, check in enumerate(look.checks))
    fail = sqltree.named(sqltree.cast(sqltree.case(fails), sqltree.SMALL), "fail")
    return sqltree.make(
        f"look_{look.at}", _looked_at(plan, look, [sqltree.col(ROW, "seq"), fail]), kind="VIEW"
    )


def passing(plan: Plan, look: Look) -> exp.Select:
    """The rows that pass every check of a clause, with what they stand for: `pass_k`."""
    names = ["seq", *(["until"] if versions_of_rows.until_next(look.table) else [])]
    own = [sqltree.col(ROW, name) for name in (*names, *(f"v{cell.at}" for cell in look.table.read))]
    return _looked_at(plan, look, own, *(sqltree.untrue(_failed(plan, look, check)) for check in look.checks))


def _looked_at(plan: Plan, look: Look, columns: list[Tree], *tests: Tree) -> exp.Select:
    """The readable rows `s` of a clause's table, with what it may read beside them."""
    return sqltree.query(
        columns,
        sqltree.table(f"sift_{look.table.at}", ROW),
        *rows_beside.beside(plan, look),
        where=sqltree.both([*versions_of_rows.stands(ROW), *tests]),
    )


def _failed(plan: Plan, look: Look, check: Check) -> Tree:
    as_of = sqltree.day(plan.as_of)
    own = own_value(plan, look, check)
    match check.kind:
        case "person":
            return sqltree.is_null(sqltree.col(JOINED, "person"))
        case "no date" | "no figure" | "no start" | "no time" | "no number" | "no end":
            return sqltree.is_null(own)
        case "outside period":
            return sqltree.negate(sqltree.surely(sqltree.both(in_period(plan, look, own))))
        case "after as of" | "known later":
            return sqltree.compare(own, ">", as_of)
        case "withdrawn":
            return sqltree.compare(own, "<=", as_of)
        case "new entrant":
            return sqltree.compare(own, ">", sqltree.day(plan.contract.new_entrants_last))
        case "other text":
            in_force = sqltree.both(texts_in_force.of_its_days(look, result_day(plan, look)))
            return sqltree.surely(sqltree.negate(in_force))
        case "joining row":
            return sqltree.negate(
                sqltree.surely(sqltree.eq(sqltree.col(JOINED, "seq"), sqltree.col(ROW, "seq")))
            )
        case "outside tracking":
            first, end = days_and_sums.tracking(plan, plan.metric(look.name))
            inside = sqltree.both([sqltree.compare(own, ">=", first), sqltree.compare(own, "<", end)])
            return sqltree.negate(sqltree.surely(inside))
        case (
            "time not known"
            | "late evidence"
            | "no evidence"
            | "claim rejected"
            | "disputed"
            | "not accepted"
        ):
            return evidence.failed(plan, plan.metric(look.name), check.kind, result_day(plan, look))
        case "no result":
            missing = [
                sqltree.is_null(sqltree.col(pick_alias(plan, name), "person")) for name in check.metrics
            ]
            return sqltree.both([sqltree.either(missing), _unmet(plan, look, check)])
        case "not over":
            return _not_over(plan, look, check)
        case "condition":
            return _unmet(plan, look, check)


def own_value(plan: Plan, look: Look, check: Check) -> Tree:
    """What a check looks at: the cell of its column, or a date that is worked out."""
    if check.day is not None:
        return exact(plan, look, check.day).top if check.day.kind in NUMERIC else plain(plan, look, check.day)
    return reading_cells.typed(look.table.cell(check.column), ROW) if check.column else sqltree.null()


def _unmet(plan: Plan, look: Look, check: Check) -> Tree:
    assert check.condition is not None  # noqa: S101 - checks of these kinds are made with one
    return sqltree.negate(sqltree.surely(test(plan, look, check.condition)))


def _not_over(plan: Plan, look: Look, check: Check) -> Tree:
    """Whether a condition is not decided, and asks about a time that is not over."""
    assert check.condition is not None  # noqa: S101 - as above
    undecided = sqltree.is_null(sqltree.paren(test(plan, look, check.condition)))
    return sqltree.both([undecided, sqltree.either(_still_to_come(plan, look, check.condition))])


def _still_to_come(plan: Plan, look: Look, condition: Condition) -> list[Tree]:
    """Of each time that a condition asks about: whether it is surely not over."""
    asked = [one for one in tests_of(condition) if isinstance(one, AnyDay | AnyResult)]
    return [sqltree.surely(any_in_time.not_over(plan, one, asked_day(plan, look, one))) for one in asked]


def asked_day(plan: Plan, look: Look, asked: AnyDay | AnyResult) -> Tree:
    """The date before or after which a test asks for something."""
    return plain(plan, look, asked.end if isinstance(asked, AnyDay) else asked.day)


# ------------------------------------------------------------------ results


def find(engine: Engine, plan: Plan, look: Look, columns: int) -> None:
    """Table or view `found_k`: the row by which each person joins, or the results of a metric: dated, held, in bands, first only.

    `columns` counts raw cells.
    """
    if first_rows.told_by_rows(look):
        candidates, held = _candidates(plan, look, _counted(plan, look)), held_columns(plan, look)
        engine.run(first_rows.ahead(plan, look, candidates, held))
        if engine.fetch(first_rows.tied(look))[0][0]:
            engine.run(first_rows.settled(plan, look, held, columns))
            engine.run(sqltree.drop(f"ahead_{look.at}"))
        else:
            engine.run(first_rows.untied(plan, look, held))
    engine.run(_found(plan, look, columns))


def _found(plan: Plan, look: Look, columns: int) -> exp.Create:
    kind = "TABLE"
    match look:
        case CohortLook():
            joined, kind = first_rows.found(look), "VIEW"
            if look.clause.most is not None:
                joined, kind = _first_to_join(joined, look.clause.most), "TABLE"
            made = texts_in_force.all_of(_before(plan, look), joined)
        case MetricLook(clause=Metric(counts=PeopleReaching())):
            return people_reaching.found(plan, look, band_of(plan, look), columns)
        case MetricLook():
            made = texts_in_force.all_of(_before(plan, look), _results(plan, look, columns))
            if first_rows.told_by_rows(look) and not _comes_to(look):
                kind = "VIEW"
        case _ as never:
            assert_never(never)
    return sqltree.make(f"found_{look.at}", made, kind=kind)


def _before(plan: Plan, look: Look) -> tuple[Look, ...]:
    """The texts whose results stand in the table of this one: those before it, where it is the one in force."""
    return () if look.of else plan.texts_of(look)[1:]


def _results(plan: Plan, look: MetricLook, columns: int) -> exp.Select:
    """The results of a metric, with what each comes to where it is not one."""
    counts = look.clause.counts
    if counts.by_the_day:
        return days_and_sums.stretches(plan, look, band_of(plan, look), columns)
    if first_rows.told_by_rows(look):
        kept = first_rows.found(look)
    else:
        kept = _candidates(plan, look, _counts(plan, look))
        if counts.of_window:
            return window_days.shares(look, kept)
        kept = sqltree.query(_columns(), sqltree.sub(kept, "b"))
    return days_and_sums.each_of_row(plan, look, kept) if _comes_to(look) else kept


def _comes_to(look: MetricLook) -> bool:
    """Whether a result comes to something else than one."""
    return bool(look.clause.counts.column) or look.clause.weight is not None


def _counted(plan: Plan, look: Look) -> list[Tree]:
    """What makes a result of a row that passes the checks of a clause: nothing more for a cohort."""
    return _counts(plan, look) if isinstance(look, MetricLook) else []


def held_columns(plan: Plan, look: Look) -> dict[str, str]:
    """The columns of what is read that a result's person or day are."""
    table = look.table
    held = {f"v{table.cell(table.person).at}": "person"} if table.person else {}
    day = result_day(plan, look)
    if isinstance(day, exp.Column) and day.table == ROW:
        held[day.name] = "day"
    return held


def any_results(plan: Plan, look: MetricLook) -> exp.Create:
    """Table `any_k`: seq, person, day, until; all that counts of a metric before it is limited for each person, by days."""
    counts = look.clause.counts
    own = [sqltree.col("b", name) for name in ("seq", "person", "day")]
    next_day = sqldates.later(sqltree.col("b", "day"), 1, "DAY")
    until = sqltree.col("b", "until") if counts.by_the_day else next_day
    own.append(sqltree.named(until, "until"))
    if counts.by_the_day or isinstance(counts, PeopleReaching):
        return sqltree.make(f"any_{look.at}", sqltree.query(own, sqltree.table(f"found_{look.at}", "b")))
    every = [
        sqltree.query(
            [column.copy() for column in own], sqltree.sub(_candidates(plan, text, _counts(plan, text)), "b")
        )
        for text in plan.texts_of(look)
        if isinstance(text, MetricLook)
    ]
    return sqltree.make(f"any_{look.at}", sqltree.union(every))


def lasting(plan: Plan, look: MetricLook) -> exp.Create:
    """The days of each row that lie in the window of somebody whom a metric of shares counts."""
    return window_days.lasting(plan, look, _candidates(plan, look, _counts(plan, look)))


def _turn(plan: Plan, look: Look) -> list[Tree]:
    """The number of the stretch of time in which only so many results count, where there is a limit on them."""
    times = _times(plan, look)
    turns = ((within(result_day(plan, look), days), sqltree.whole(at)) for at, days in enumerate(times))
    # A result outside the days of a limit has a turn to itself, so that it counts.
    alone = sqltree.subtract(sqltree.whole(-1), each_end.number_of(look))
    return [sqltree.named(sqltree.cast(sqltree.case(turns, alone), sqltree.BIG), "turn")] if times else []


def _most_of_group(plan: Plan, look: Look) -> list[Tree]:
    """How many of the person's results count, where that differs by group, or by how many counted under earlier texts."""
    by_group = first_rows.by_group(look)
    most = (
        sqltree.whole(first_rows.so_many(look))
        if by_group is None
        else time_held.number(plan, look, by_group)
    )
    if first_rows.counts_on(look):
        groups = first_rows.groups(look)
        own = {"person": reading_cells.person(look.table, ROW), "band": band_of(plan, look)}
        same = [(sqltree.col("p", name), own[name]) for name in groups if name in own]
        if "turn" in groups:
            times = _times(plan, look)
            same.append(
                (_number_of(sqltree.col("p", "day"), times), _number_of(result_day(plan, look), times))
            )
        before = texts_in_force.number_before(plan.texts_of(look)[1:], same)
        most = sqltree.subtract(most, sqltree.paren(before))
    elif by_group is None:
        return []
    return [sqltree.named(most, "most")]


def _number_of(day: Tree, times: tuple[Period, ...]) -> Tree:
    """The number of the stretch of time that holds a day; NULL for none, where each result counts."""
    return sqltree.case((within(day, days), sqltree.whole(at)) for at, days in enumerate(times))


def _times(plan: Plan, look: Look) -> tuple[Period, ...]:
    """The stretches of time of which each has so many results of a person, or one determination."""
    match look:
        case MetricLook(clause=Metric(at_most=AtMost(over=over, days=days))):
            return occasions(plan.contract, Scope(over, days))
        case MetricLook(clause=Metric(counts=Determination())):
            return look.spans
        case CohortLook() | MetricLook():
            return ()
    assert_never(look)


def within(day: Tree, days: Period) -> Tree:
    """Whether a date is one of the days."""
    return sqltree.both(
        [
            sqltree.compare(day, ">=", sqltree.day(days.start)),
            sqltree.compare(day, "<", sqltree.day(days.end)),
        ]
    )


def _columns() -> list[Tree]:
    return [sqltree.col("b", name) for name in first_rows.COLUMNS]


def _candidates(plan: Plan, look: Look, tests: list[Tree]) -> exp.Select:
    """The rows that a clause considers and that meet the tests, with person, day and band."""
    table = look.table
    return sqltree.query(
        [
            sqltree.named(reading_cells.person(table, ROW), "person"),
            sqltree.named(result_day(plan, look), "day"),
            sqltree.named(band_of(plan, look), "band"),
            *_turn(plan, look),
            *_most_of_group(plan, look),
            exp.column(exp.Star(), table=ROW),
        ],
        sqltree.table(f"pass_{look.at}", ROW),
        *([held_for.joined(look)] if held_for.has_gaps(look) or instalments.paid_in(look) else []),
        *(rows_beside.beside(plan, look) if rows_beside.read_for_results(look) else []),
        *([each_end.joined(plan, look)] if each_end.dates(look) else []),
        where=sqltree.both(tests) if (tests := [*tests, *_found_by_no_other(plan, look)]) else None,
    )


def _found_by_no_other(plan: Plan, look: Look) -> list[Tree]:
    """That no earlier text counted the row, nor, where each person counts once, the person."""
    before = plan.texts_of(look)[1:]
    if not before:
        return []
    seq = sqltree.col(ROW, "seq")
    tests = [] if isinstance(look, CohortLook) else texts_in_force.not_found_before(before, "seq", seq)
    once = isinstance(look, CohortLook) or isinstance(look.clause.counts, PeopleCounted)
    who = reading_cells.person(look.table, ROW)
    return [*tests, *(texts_in_force.not_found_before(before, "person", who) if once else [])]


def result_day(plan: Plan, look: Look) -> Tree:
    """The date of a result: a column, the day after the last day held, that last day, or a date that is worked out."""
    match look:
        case MetricLook(clause=Metric(dated=Dated(day=day))) if day is not None:
            return plain(plan, look, day)
        case MetricLook(clause=Metric(dated=Dated(by="day after"))):
            return held_for.reached(plan, look)
        case MetricLook(clause=Metric(dated=Dated(by="last day held"))):
            return sqldates.later(held_for.reached(plan, look), -1, "DAY")
        case MetricLook(clause=Metric(dated=Dated(by="end of window"), window=Tracked(duration=duration))):
            # Only rows by which people joined come here, so the window begins in the row itself.
            start = reading_cells.typed(look.table.cell(look.day), ROW)
            return sqldates.later(spells.after(start, duration), -1, "DAY")
        case MetricLook(clause=Metric(dated=Dated(by="each end"))):
            return each_end.day()
        case CohortLook() | MetricLook():
            return reading_cells.typed(look.table.cell(look.day), ROW)
    assert_never(look)


def _counts(plan: Plan, look: MetricLook) -> list[Tree]:
    """What makes a result of a row: dated in the payment period, reached by the as-of date, held so long."""
    day = result_day(plan, look)
    tests = [sqltree.compare(day, "<=", sqltree.day(plan.as_of)), *in_period(plan, look, day)]
    if look.clause.held is not None:
        tests += [
            sqltree.compare(held_for.reached(plan, look), "<=", sqltree.day(plan.as_of)),
            held_for.lasted(plan, look),
        ]
    return tests


def in_period(plan: Plan, look: Look, day: Tree) -> list[Tree]:
    """That a date lies in the payment period, and in one of the stretches over which the metric is measured."""
    tests = [within(day, plan.contract.payment_period)]
    if look.spans:
        tests.append(sqltree.either(within(day, days) for days in look.spans))
    return tests


def band_of(plan: Plan, look: Look) -> Tree:
    """The number of the band that the row's value falls in; NULL where there are no bands, or none holds it."""
    if look.bands is None:
        return sqltree.cast(sqltree.null(), sqltree.SMALL)
    if look.banded_by_joining:
        joining = plan.cohort(look.cohort)
        slot = sqltree.cast(_slot(look.bands, joining.table.cell(look.bands.by), "y"), sqltree.SMALL)
        same = sqltree.eq(sqltree.col("y", "person"), reading_cells.person(look.table, ROW))
        return exp.Subquery(this=sqltree.query([slot], sqltree.table(f"pick_{joining.at}", "y"), where=same))
    return sqltree.cast(_slot(look.bands, look.table.cell(look.bands.by), ROW), sqltree.SMALL)


def _slot(bands: Bands, cell: PlannedColumn, alias: str) -> Tree:
    """The number of the band that holds a value. What holds the rest comes last, and holds no blank."""
    rows = sorted(enumerate(bands.bands), key=lambda row: row[1].rest)
    return sqltree.case((reading_cells.held(cell, alias, band), sqltree.whole(at)) for at, band in rows)


def _first_to_join(joined: exp.Select, most: int) -> exp.Select:
    """So many of the people who joined: by their joining dates, and of one day by person, as text."""
    order = [sqltree.ordered(sqltree.col("b", name)) for name in ("day", "person")]
    numbered = sqltree.query(
        [*_columns(), sqltree.named(sqltree.row_number([], order), "turn")], sqltree.sub(joined, "b")
    )
    within = sqltree.compare(sqltree.col("b", "turn"), "<=", sqltree.whole(most))
    return sqltree.query(_columns(), sqltree.sub(numbered, "b"), where=within)


def small(value: int) -> Tree:
    """The number of a metric, a band, a table or a turn."""
    return sqltree.cast(sqltree.whole(value), sqltree.SMALL)
