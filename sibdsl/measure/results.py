"""The measure plan as SQL statements. Every name is made here; every value is a literal of its own.

Tables made, for table number t and look number k:

    raw_t     part, row, seq, mark, cells, wanted, extra, c0 ...
                                   the rows as read, each cell trimmed text, a blank is ''; rows that are equal have
                                   one mark
    sift_t    seq, first, bad, v0 ...    the earlier equal row, the first fault, and what the read cells stand for
    look_k    seq, fail                  each row neither duplicate nor invalid; fail is the first check it does not pass
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
    held_for,
    instalments,
    people_reaching,
    reading_cells,
    rows_beside,
    spells,
    sqltree,
    time_held,
    versions_of_rows,
    window_days,
)
from sibdsl.measure.conditions import JOINED, ROW, exact, pick_alias, plain, test
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
    Looked,
    Metric,
    PeopleReaching,
    Scope,
    Tracked,
)
from sibdsl.model.periods import occasions
from sibdsl.model.types import NUMERIC


def checked(plan: Plan, look: Look) -> exp.Create:
    """The first check of the clause that each readable row does not pass, by its place in `look.checks`."""
    fails = ((_failed(plan, look, check), sqltree.whole(at)) for at, check in enumerate(look.checks))
    return sqltree.make(
        f"look_{look.at}",
        sqltree.query(
            [
                sqltree.col(ROW, "seq"),
                sqltree.named(sqltree.cast(sqltree.case(fails), sqltree.SMALL), "fail"),
            ],
            sqltree.table(f"sift_{look.table.at}", ROW),
            *rows_beside.beside(plan, look),
            where=sqltree.both(versions_of_rows.stands(ROW)),
        ),
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


def found(plan: Plan, look: Look, columns: int) -> exp.Create:
    """The row by which each person joins a cohort, or the results of a metric: dated, held, in bands, first only.

    Equal claims to be first are settled by the clause's own picks, then by the values read, then by the cells as text, so
    that the order of the rows never matters.
    """
    match look:
        case CohortLook():
            return sqltree.make(f"found_{look.at}", _joining(plan, look, columns))
        case MetricLook(clause=Metric(counts=PeopleReaching())):
            return people_reaching.found(plan, look, band_of(plan, look), columns)
        case MetricLook():
            return sqltree.make(f"found_{look.at}", _results(plan, look, columns))
    assert_never(look)


def _joining(plan: Plan, look: CohortLook, columns: int) -> exp.Select:
    """The row by which each person joins a cohort."""
    joined = _first(look, _candidates(plan, look, []), _groups(look), columns)
    return joined if look.clause.most is None else _first_to_join(joined, look.clause.most)


def _results(plan: Plan, look: MetricLook, columns: int) -> exp.Select:
    """The results of a metric, with what each comes to where it is not one."""
    counts = look.clause.counts
    if counts.by_the_day:
        return days_and_sums.stretches(plan, look, band_of(plan, look), columns)
    candidates, groups = _candidates(plan, look, _counts(plan, look)), _groups(look)
    if counts.of_window:
        return window_days.shares(look, candidates)
    kept = _first(look, candidates, groups, columns) if groups else candidates
    if counts.column or look.clause.weight is not None:
        return days_and_sums.each_of_row(plan, look, kept)
    return kept if groups else sqltree.query(_columns(), sqltree.sub(kept, "b"))


def any_results(plan: Plan, look: MetricLook) -> exp.Create:
    """Table `any_k`: seq, person, day, until; all that counts of a metric before it is limited for each person, by days."""
    counts = look.clause.counts
    own = [sqltree.col("b", name) for name in ("seq", "person", "day")]
    next_day = sqltree.later(sqltree.col("b", "day"), 1, "DAY")
    until = sqltree.col("b", "until") if counts.by_the_day else next_day
    found = sqltree.table(f"found_{look.at}", "b")
    each = counts.by_the_day or isinstance(counts, PeopleReaching)
    source = found if each else sqltree.sub(_candidates(plan, look, _counts(plan, look)), "b")
    return sqltree.make(f"any_{look.at}", sqltree.query([*own, sqltree.named(until, "until")], source))


def lasting(plan: Plan, look: MetricLook) -> exp.Create:
    """The days of each row that lie in the window of somebody whom a metric of shares counts."""
    return window_days.lasting(plan, look, _candidates(plan, look, _counts(plan, look)))


def _groups(look: Look) -> list[str]:
    """Of which rows only the first, or so many, count; nothing when each does."""
    match look:
        case CohortLook() | MetricLook(clause=Metric(first_only="over all bands")):
            return ["person"]
        case MetricLook(clause=Metric(counts=Determination())):
            return ["turn", "band"]
        case MetricLook(clause=Metric(latest_only=True)):
            # Of those of one day the one that stands; which day is the latest hangs on the stretch.
            return ["person", "day"]
        case MetricLook(clause=Metric(at_most=AtMost(across=across))):
            return ["person", "turn", *(["band"] if across == "in each band" else [])]
        case MetricLook():
            return ["person", "band"] if look.clause.first_only else []
    assert_never(look)


def _turn(plan: Plan, look: Look) -> list[Tree]:
    """The number of the stretch of time in which only so many results count, where there is a limit on them."""
    times = _times(plan, look)
    turns = ((within(result_day(plan, look), days), sqltree.whole(at)) for at, days in enumerate(times))
    # A result outside the days of a limit has a turn to itself, so that it counts.
    alone = sqltree.subtract(sqltree.whole(-1), each_end.number_of(look))
    return [sqltree.named(sqltree.cast(sqltree.case(turns, alone), sqltree.BIG), "turn")] if times else []


def _most_of_group(plan: Plan, look: Look) -> list[Tree]:
    """How many of the person's results count, where that differs by group."""
    by_group = _by_group(look)
    return [] if by_group is None else [sqltree.named(time_held.number(plan, look, by_group), "most")]


def _by_group(look: Look) -> Looked | None:
    """What is read for how many of a person's results count; None where it is one number for all."""
    match look:
        case MetricLook(clause=Metric(at_most=AtMost(by_group=by_group))):
            return by_group
        case CohortLook() | MetricLook():
            return None
    assert_never(look)


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
    return [sqltree.col("b", name) for name in ("seq", "person", "day", "band")]


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
        sqltree.table(f"sift_{table.at}", ROW),
        sqltree.inner(
            sqltree.table(f"look_{look.at}", "k"),
            sqltree.eq(sqltree.col(ROW, "seq"), sqltree.col("k", "seq")),
        ),
        *([held_for.joined(look)] if held_for.has_gaps(look) or instalments.paid_in(look) else []),
        *(rows_beside.beside(plan, look) if rows_beside.read_for_results(look) else []),
        *([each_end.joined(plan, look)] if each_end.dates(look) else []),
        where=sqltree.both([sqltree.is_null(sqltree.col("k", "fail")), *tests]),
    )


def result_day(plan: Plan, look: Look) -> Tree:
    """The date of a result: a column, the day after the last day held, that last day, or a date that is worked out."""
    match look:
        case MetricLook(clause=Metric(dated=Dated(day=day))) if day is not None:
            return plain(plan, look, day)
        case MetricLook(clause=Metric(dated=Dated(by="day after"))):
            return held_for.reached(plan, look)
        case MetricLook(clause=Metric(dated=Dated(by="last day held"))):
            return sqltree.later(held_for.reached(plan, look), -1, "DAY")
        case MetricLook(clause=Metric(dated=Dated(by="end of window"), window=Tracked(duration=duration))):
            # Only rows by which people joined come here, so the window begins in the row itself.
            start = reading_cells.typed(look.table.cell(look.day), ROW)
            return sqltree.later(spells.after(start, duration), -1, "DAY")
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


def _first(look: Look, candidates: exp.Select, groups: list[str], columns: int) -> exp.Select:
    """The first candidates of each group, in two steps: by what is read, then, for the few that tie, by the cells as text."""
    by_group = _by_group(look) is not None
    number = sqltree.col("b", "most") if by_group else sqltree.whole(_so_many(look))
    keys = [sqltree.col("b", name) for name in groups]
    first = sqltree.compare(sqltree.col("b", "place"), "<=", number)
    most = [sqltree.col("b", "most")] if by_group else []
    own = [*_columns(), *([sqltree.col("b", "turn")] if "turn" in groups else []), *most]
    place = sqltree.named(sqltree.rank(keys, _in_order(look, "b", "b")), "place")
    ahead = sqltree.query([*own, place], sqltree.sub(candidates, "b"))
    as_text = [sqltree.ordered(sqltree.col("b", "place"))]
    as_text += [sqltree.ordered(sqltree.col("r", f"c{at}")) for at in range(columns)]
    as_text += [sqltree.ordered(sqltree.col("r", "extra")), sqltree.ordered(sqltree.col("b", "seq"))]
    settled = sqltree.query(
        [*_columns(), *most, sqltree.named(sqltree.row_number(keys, as_text), "place")],
        sqltree.sub(
            sqltree.query([*own, sqltree.col("b", "place")], sqltree.sub(ahead, "b"), where=first), "b"
        ),
        sqltree.inner(
            sqltree.table(f"raw_{look.table.at}", "r"),
            sqltree.eq(sqltree.col("b", "seq"), sqltree.col("r", "seq")),
        ),
    )
    return sqltree.query(_columns(), sqltree.sub(settled, "b"), where=first)


def _so_many(look: Look) -> int:
    """How many of each group count."""
    match look:
        case MetricLook(clause=Metric(at_most=AtMost(number=number))):
            return number
        case CohortLook() | MetricLook():
            return 1
    assert_never(look)


def _first_to_join(joined: exp.Select, most: int) -> exp.Select:
    """So many of the people who joined: by their joining dates, and of one day by person, as text."""
    order = [sqltree.ordered(sqltree.col("b", name)) for name in ("day", "person")]
    numbered = sqltree.query(
        [*_columns(), sqltree.named(sqltree.row_number([], order), "turn")], sqltree.sub(joined, "b")
    )
    within = sqltree.compare(sqltree.col("b", "turn"), "<=", sqltree.whole(most))
    return sqltree.query(_columns(), sqltree.sub(numbered, "b"), where=within)


def _in_order(look: Look, found: str, row: str) -> list[Tree]:
    """The sort keys of a clause: a metric's results by their date, then the clause's picks, then all that is read."""
    order = [sqltree.ordered(sqltree.col(found, "day"))] if look.by_day else []
    for pick in look.order:
        last_first = pick.way in ("latest", "highest")
        order.append(
            sqltree.ordered(reading_cells.typed(look.table.cell(pick.column), row), descending=last_first)
        )
    return [*order, *(sqltree.ordered(reading_cells.typed(cell, row)) for cell in look.table.read)]


def pick(look: Look) -> exp.Create:
    """For each person the row that joined them, or their first result: what other clauses may read of it."""
    row = sqltree.table(f"sift_{look.table.at}", ROW)
    of_row = sqltree.eq(sqltree.col("b", "seq"), sqltree.col(ROW, "seq"))
    names = [
        sqltree.col("b", "seq"),
        sqltree.col("b", "person"),
        sqltree.col("b", "day"),
        *(reading_cells.typed(cell, ROW) for cell in look.table.read),
    ]
    single = sqltree.table(f"found_{look.at}", "b")
    if _groups(look) == ["person"]:
        return sqltree.make(f"pick_{look.at}", sqltree.query(names, single, sqltree.inner(row, of_row)))
    order = [*_in_order(look, "b", ROW), sqltree.ordered(sqltree.col("b", "seq"))]
    place = sqltree.named(sqltree.row_number([sqltree.col("b", "person")], order), "place")
    results = people_reaching.result(look)
    numbered = sqltree.query(
        [*names, place], single, sqltree.inner(row, of_row), where=sqltree.both(results) if results else None
    )
    kept = [
        sqltree.col("n", name)
        for name in ("seq", "person", "day", *(f"v{cell.at}" for cell in look.table.read))
    ]
    first = sqltree.eq(sqltree.col("n", "place"), sqltree.whole(1))
    return sqltree.make(f"pick_{look.at}", sqltree.query(kept, sqltree.sub(numbered, "n"), where=first))


def small(value: int) -> Tree:
    """The number of a metric, a band, a table or a turn."""
    return sqltree.cast(sqltree.whole(value), sqltree.SMALL)


def union(plan: Plan, look: CohortLook) -> exp.Create:
    """Table `pick_k` of several cohorts: for each member of any the row by which they joined the one they joined first.

    Of two joined on one day it is the one that the metric names first. The columns of the row are there only if all of the
    cohorts are made of the same records; nothing else reads them.
    """
    alike = all(plan.look(name).table.at == look.table.at for name in look.parts)
    names = ["seq", "person", "day", *((f"v{cell.at}" for cell in look.table.read) if alike else ())]
    parts = [
        sqltree.query(
            [*(sqltree.col("p", name) for name in names), sqltree.named(small(at), "turn")],
            sqltree.table(f"pick_{plan.look(name).at}", "p"),
        )
        for at, name in enumerate(look.parts)
    ]
    order = [sqltree.ordered(sqltree.col("u", "day")), sqltree.ordered(sqltree.col("u", "turn"))]
    place = sqltree.named(sqltree.row_number([sqltree.col("u", "person")], order), "place")
    numbered = sqltree.query(
        [*(sqltree.col("u", name) for name in names), place], sqltree.sub(sqltree.union(parts), "u")
    )
    first = sqltree.eq(sqltree.col("n", "place"), sqltree.whole(1))
    kept = [sqltree.col("n", name) for name in names]
    return sqltree.make(f"pick_{look.at}", sqltree.query(kept, sqltree.sub(numbered, "n"), where=first))
