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
    pick_k    seq, person, day, v0 ...   for each person the joining row, or the first result of a metric
"""

from __future__ import annotations

from sqlglot import exp

from sibdsl.dates import Period
from sibdsl.measure import (
    days_and_sums,
    evidence,
    held_for,
    people_reaching,
    reading_cells,
    spells,
    sqltree,
    window_days,
)
from sibdsl.measure.conditions import JOINED, ROW, pick_alias, test
from sibdsl.measure.plan import Check, Look, Plan
from sibdsl.measure.sqltree import Tree
from sibdsl.model.nodes import Bands, Cohort, Determination, Metric, Scope
from sibdsl.model.periods import occasions


def look(plan: Plan, one: Look) -> exp.Create:
    """The first check of the clause that each readable row does not pass, by its place in `one.checks`."""
    fails = ((_failed(plan, one, check), sqltree.whole(at)) for at, check in enumerate(one.checks))
    return sqltree.make(
        f"look_{one.at}",
        sqltree.query(
            [
                sqltree.col(ROW, "seq"),
                sqltree.named(sqltree.cast(sqltree.case(fails), sqltree.SMALL), "fail"),
            ],
            sqltree.table(f"sift_{one.table.at}", ROW),
            *beside(plan, one),
            where=sqltree.both(
                [sqltree.is_null(sqltree.col(ROW, "first")), sqltree.is_null(sqltree.col(ROW, "bad"))]
            ),
        ),
    )


def beside(plan: Plan, one: Look) -> list[exp.Join]:
    """What a look may read beside its row `s`: the row that joined the person, and those that metrics picked for them."""
    person = reading_cells.person(one.table, ROW)
    picked = [(one.cohort, JOINED)] if one.cohort else []
    picked += [(metric, pick_alias(plan, metric)) for metric in one.metrics]
    return [
        sqltree.left(
            sqltree.table(f"pick_{plan.look(name).at}", alias),
            sqltree.eq(person, sqltree.col(alias, "person")),
        )
        for name, alias in picked
    ]


def _failed(plan: Plan, one: Look, check: Check) -> Tree:
    as_of = sqltree.day(plan.as_of)
    own = reading_cells.typed(one.table.cell(check.column), ROW) if check.column else sqltree.null()
    match check.kind:
        case "person":
            return sqltree.is_null(sqltree.col(JOINED, "person"))
        case "no date" | "no figure" | "no start" | "no end":
            return sqltree.is_null(own)
        case "outside period":
            return sqltree.negate(sqltree.surely(sqltree.both(in_period(plan, one, own))))
        case "after as of" | "known later":
            return sqltree.compare(own, ">", as_of)
        case "new entrant":
            return sqltree.compare(own, ">", sqltree.day(plan.contract.new_entrants_last))
        case "joining row":
            return sqltree.negate(
                sqltree.surely(sqltree.eq(sqltree.col(JOINED, "seq"), sqltree.col(ROW, "seq")))
            )
        case "outside tracking":
            first, end = days_and_sums.tracking(plan, one)
            inside = sqltree.both([sqltree.compare(own, ">=", first), sqltree.compare(own, "<", end)])
            return sqltree.negate(sqltree.surely(inside))
        case "late evidence" | "no evidence" | "claim rejected" | "not accepted":
            return evidence.failed(plan, one, check.kind, _result_day(one))
        case "no result":
            missing = [
                sqltree.is_null(sqltree.col(pick_alias(plan, name), "person")) for name in check.metrics
            ]
            return sqltree.both([sqltree.either(missing), _unmet(plan, one, check)])
        case "condition":
            return _unmet(plan, one, check)


def _unmet(plan: Plan, one: Look, check: Check) -> Tree:
    assert check.condition is not None  # noqa: S101 - checks of these kinds are made with one
    return sqltree.negate(sqltree.surely(test(plan, one, check.condition)))


# ------------------------------------------------------------------ results


def found(plan: Plan, one: Look, columns: int) -> exp.Create:
    """The row by which each person joins a cohort, or the results of a metric: dated, held, in bands, first only.

    Equal claims to be first are settled by the clause's own picks, then by the values read, then by the cells as text, so
    that the order of the rows never matters.
    """
    if days_and_sums.counts_days(one):
        return sqltree.make(
            f"found_{one.at}", days_and_sums.stretches(plan, one, band_of(plan, one), columns)
        )
    if people_reaching.reaches(one):
        return people_reaching.found(plan, one, band_of(plan, one), columns)
    candidates, groups = _candidates(plan, one, _counts(plan, one)), _groups(one)
    if window_days.in_windows(one):
        return sqltree.make(f"found_{one.at}", window_days.shares(one, candidates))
    kept = _first(one, candidates, groups, columns) if groups else candidates
    if isinstance(one.clause, Cohort) and one.clause.most is not None:
        kept = _first_to_join(kept, one.clause.most)
    each = one.clause.counts.column if isinstance(one.clause, Metric) else ""
    if not each and not days_and_sums.weighed(one):
        return sqltree.make(
            f"found_{one.at}", kept if groups else sqltree.query(_columns(), sqltree.sub(kept, "b"))
        )
    return sqltree.make(f"found_{one.at}", days_and_sums.each_of_row(plan, one, kept))


def lasting(plan: Plan, one: Look) -> exp.Create:
    """The days of each row that lie in the window of somebody whom a metric of shares counts."""
    return window_days.lasting(plan, one, _candidates(plan, one, _counts(plan, one)))


def _groups(one: Look) -> list[str]:
    """Of which rows only the first, or so many, count; nothing when each does."""
    if isinstance(one.clause, Cohort) or one.clause.first_only == "over all bands":
        return ["person"]
    if isinstance(one.clause.counts, Determination):
        return ["turn", "band"]
    most = one.clause.at_most
    if most is not None:
        return ["person", "turn", *(["band"] if most.across == "in each band" else [])]
    return ["person", "band"] if one.clause.first_only else []


def _turn(plan: Plan, one: Look) -> list[Tree]:
    """The number of the stretch of time in which only so many results count, where there is a limit on them."""
    times = _times(plan, one)
    turns = ((within(_result_day(one), days), sqltree.whole(at)) for at, days in enumerate(times))
    # A result outside the days of a limit has a turn to itself, so that it counts.
    alone = sqltree.subtract(sqltree.whole(-1), sqltree.col(ROW, "seq"))
    return [sqltree.named(sqltree.cast(sqltree.case(turns, alone), sqltree.BIG), "turn")] if times else []


def _times(plan: Plan, one: Look) -> tuple[Period, ...]:
    """The stretches of time of which each has so many results of a person, or one determination."""
    if isinstance(one.clause, Cohort):
        return ()
    if one.clause.at_most is not None:
        return occasions(plan.contract, Scope(one.clause.at_most.over, one.clause.at_most.days))
    return one.spans if isinstance(one.clause.counts, Determination) else ()


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


def _candidates(plan: Plan, one: Look, tests: list[Tree]) -> exp.Select:
    """The rows that a clause considers and that meet the tests, with person, day and band."""
    table = one.table
    return sqltree.query(
        [
            sqltree.named(reading_cells.person(table, ROW), "person"),
            sqltree.named(_result_day(one), "day"),
            sqltree.named(band_of(plan, one), "band"),
            *_turn(plan, one),
            exp.column(exp.Star(), table=ROW),
        ],
        sqltree.table(f"sift_{table.at}", ROW),
        sqltree.inner(
            sqltree.table(f"look_{one.at}", "k"), sqltree.eq(sqltree.col(ROW, "seq"), sqltree.col("k", "seq"))
        ),
        *([held_for.joined(one)] if held_for.has_gaps(one) else []),
        where=sqltree.both([sqltree.is_null(sqltree.col("k", "fail")), *tests]),
    )


def _result_day(one: Look) -> Tree:
    """The date of a result: a column, the day after the last day held, or that last day."""
    metric = one.clause
    if isinstance(metric, Metric) and metric.dated.by in ("day after", "last day held"):
        reached = held_for.reached(one)
        return reached if metric.dated.by == "day after" else sqltree.later(reached, -1, "DAY")
    if isinstance(metric, Metric) and metric.dated.by == "end of window" and metric.window is not None:
        # Only rows by which people joined come here, so the window begins in the row itself.
        return sqltree.later(
            spells.after(reading_cells.typed(one.table.cell(one.day), ROW), metric.window.duration), -1, "DAY"
        )
    return reading_cells.typed(one.table.cell(one.day), ROW)


def _counts(plan: Plan, one: Look) -> list[Tree]:
    """What makes a result of a row: dated in the payment period, reached by the as-of date, held so long."""
    if isinstance(one.clause, Cohort):
        return []
    day = _result_day(one)
    tests = [sqltree.compare(day, "<=", sqltree.day(plan.as_of)), *in_period(plan, one, day)]
    if one.clause.held is not None:
        tests += [sqltree.compare(held_for.reached(one), "<=", sqltree.day(plan.as_of)), held_for.lasted(one)]
    return tests


def in_period(plan: Plan, one: Look, day: Tree) -> list[Tree]:
    """That a date lies in the payment period, and in one of the stretches over which the metric is measured."""
    tests = [within(day, plan.contract.payment_period)]
    if isinstance(one.clause, Metric) and one.clause.measured is not None:
        tests.append(sqltree.either(within(day, days) for days in one.spans))
    return tests


def band_of(plan: Plan, one: Look) -> Tree:
    """The number of the band that the row's value falls in; NULL where there are no bands, or none holds it."""
    if one.bands is None:
        return sqltree.cast(sqltree.null(), sqltree.SMALL)
    if isinstance(one.clause, Metric) and one.clause.banded_at == "joining":
        joining = plan.look(one.cohort)
        slot = sqltree.cast(
            _slot(one.bands, reading_cells.typed(joining.table.cell(one.bands.by), "y")), sqltree.SMALL
        )
        same = sqltree.eq(sqltree.col("y", "person"), reading_cells.person(one.table, ROW))
        return exp.Subquery(this=sqltree.query([slot], sqltree.table(f"pick_{joining.at}", "y"), where=same))
    return sqltree.cast(
        _slot(one.bands, reading_cells.typed(one.table.cell(one.bands.by), ROW)), sqltree.SMALL
    )


def _slot(bands: Bands, measured: Tree) -> Tree:
    """The number of the band that holds a value. What holds the rest comes last, and holds no blank."""
    rows = sorted(enumerate(bands.bands), key=lambda row: row[1].rest)
    return sqltree.case((reading_cells.held(measured, band), sqltree.whole(at)) for at, band in rows)


def _first(one: Look, candidates: exp.Select, groups: list[str], columns: int) -> exp.Select:
    """The first candidates of each group, in two steps: by what is read, then, for the few that tie, by the cells as text."""
    most = None if isinstance(one.clause, Cohort) else one.clause.at_most
    number = sqltree.whole(most.number if most else 1)
    keys = [sqltree.col("b", name) for name in groups]
    first = sqltree.compare(sqltree.col("b", "place"), "<=", number)
    own = [*_columns(), *([sqltree.col("b", "turn")] if "turn" in groups else [])]
    place = sqltree.named(sqltree.rank(keys, _in_order(one, "b", "b")), "place")
    ahead = sqltree.query([*own, place], sqltree.sub(candidates, "b"))
    as_text = [sqltree.ordered(sqltree.col("b", "place"))]
    as_text += [sqltree.ordered(sqltree.col("r", f"c{at}")) for at in range(columns)]
    as_text += [sqltree.ordered(sqltree.col("r", "extra")), sqltree.ordered(sqltree.col("b", "seq"))]
    settled = sqltree.query(
        [*_columns(), sqltree.named(sqltree.row_number(keys, as_text), "place")],
        sqltree.sub(
            sqltree.query([*own, sqltree.col("b", "place")], sqltree.sub(ahead, "b"), where=first), "b"
        ),
        sqltree.inner(
            sqltree.table(f"raw_{one.table.at}", "r"),
            sqltree.eq(sqltree.col("b", "seq"), sqltree.col("r", "seq")),
        ),
    )
    return sqltree.query(_columns(), sqltree.sub(settled, "b"), where=first)


def _first_to_join(joined: exp.Select, most: int) -> exp.Select:
    """So many of the people who joined: by their joining dates, and of one day by person, as text."""
    order = [sqltree.ordered(sqltree.col("b", name)) for name in ("day", "person")]
    numbered = sqltree.query(
        [*_columns(), sqltree.named(sqltree.row_number([], order), "turn")], sqltree.sub(joined, "b")
    )
    within = sqltree.compare(sqltree.col("b", "turn"), "<=", sqltree.whole(most))
    return sqltree.query(_columns(), sqltree.sub(numbered, "b"), where=within)


def _in_order(one: Look, found: str, row: str) -> list[Tree]:
    """The sort keys of a clause: a metric's results by their date, then the clause's picks, then all that is read."""
    by_day = isinstance(one.clause, Metric) and not one.clause.counts.picks
    order = [sqltree.ordered(sqltree.col(found, "day"))] if by_day else []
    for pick in one.order:
        last_first = pick.way in ("latest", "highest")
        order.append(
            sqltree.ordered(reading_cells.typed(one.table.cell(pick.column), row), descending=last_first)
        )
    return [*order, *(sqltree.ordered(reading_cells.typed(cell, row)) for cell in one.table.read)]


def pick(one: Look) -> exp.Create:
    """For each person the row that joined them, or their first result: what other clauses may read of it."""
    row = sqltree.table(f"sift_{one.table.at}", ROW)
    of_row = sqltree.eq(sqltree.col("b", "seq"), sqltree.col(ROW, "seq"))
    names = [
        sqltree.col("b", "seq"),
        sqltree.col("b", "person"),
        sqltree.col("b", "day"),
        *(reading_cells.typed(cell, ROW) for cell in one.table.read),
    ]
    single = sqltree.table(f"found_{one.at}", "b")
    if _groups(one) == ["person"]:
        return sqltree.make(f"pick_{one.at}", sqltree.query(names, single, sqltree.inner(row, of_row)))
    order = [*_in_order(one, "b", ROW), sqltree.ordered(sqltree.col("b", "seq"))]
    place = sqltree.named(sqltree.row_number([sqltree.col("b", "person")], order), "place")
    results = people_reaching.result(one)
    numbered = sqltree.query(
        [*names, place], single, sqltree.inner(row, of_row), where=sqltree.both(results) if results else None
    )
    kept = [
        sqltree.col("n", name)
        for name in ("seq", "person", "day", *(f"v{cell.at}" for cell in one.table.read))
    ]
    first = sqltree.eq(sqltree.col("n", "place"), sqltree.whole(1))
    return sqltree.make(f"pick_{one.at}", sqltree.query(kept, sqltree.sub(numbered, "n"), where=first))


def small(value: int) -> Tree:
    """The number of a metric, a band, a table or a turn."""
    return sqltree.cast(sqltree.whole(value), sqltree.SMALL)


def union(plan: Plan, one: Look) -> exp.Create:
    """Table `pick_k` of several cohorts: for each member of any the row by which they joined the one they joined first.

    Of two joined on one day it is the one that the metric names first. The columns of the row are there only if all of the
    cohorts are made of the same records; nothing else reads them.
    """
    alike = all(plan.look(name).table.at == one.table.at for name in one.parts)
    names = ["seq", "person", "day", *((f"v{cell.at}" for cell in one.table.read) if alike else ())]
    parts = [
        sqltree.query(
            [*(sqltree.col("p", name) for name in names), sqltree.named(small(at), "turn")],
            sqltree.table(f"pick_{plan.look(name).at}", "p"),
        )
        for at, name in enumerate(one.parts)
    ]
    order = [sqltree.ordered(sqltree.col("u", "day")), sqltree.ordered(sqltree.col("u", "turn"))]
    place = sqltree.named(sqltree.row_number([sqltree.col("u", "person")], order), "place")
    numbered = sqltree.query(
        [*(sqltree.col("u", name) for name in names), place], sqltree.sub(sqltree.union(parts), "u")
    )
    first = sqltree.eq(sqltree.col("n", "place"), sqltree.whole(1))
    kept = [sqltree.col("n", name) for name in names]
    return sqltree.make(f"pick_{one.at}", sqltree.query(kept, sqltree.sub(numbered, "n"), where=first))
