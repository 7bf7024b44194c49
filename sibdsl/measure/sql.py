"""The measure plan as SQL statements. Every name is made here; every value is a literal of its own.

Tables made, for table number t and look number k:

    raw_t     part, row, seq, mark, cells, wanted, extra, c0 ...
                                   the rows as read, each cell trimmed text, a blank is ''; rows that are equal have
                                   one mark
    sift_t    seq, first, bad, v0 ...    the earlier equal row, the first fault, and what the read cells stand for
    look_k    seq, fail                  each row neither duplicate nor invalid; fail is the first check it does not pass
    found_k   seq, person, day, band     one row per joining person, or the results of a metric
    pick_k    person, day, v0 ...        for each person the joining row, or the first result of a metric
    state_t   seq, status, why, first    a view: what became of each row
    claims    the results in the payment period, sorted
"""

from __future__ import annotations

from typing import cast

from sqlglot import exp

from sibdsl.measure import cells, tree
from sibdsl.measure.conditions import JOINED, ROW, pick_alias, test
from sibdsl.measure.plan import Check, Look, Plan, Table
from sibdsl.measure.tree import Tree
from sibdsl.model.nodes import Cohort, Metric, Pick
from sibdsl.records import DUPLICATE, OUTSIDE, REJECTED, USED

#: Beyond these a duration ends after the last day of year 9999, whatever it starts from.
_LONGEST = {"DAY": 3_660_000, "MONTH": 120_000}


def sift(table: Table, columns: int) -> exp.Create:
    """Sets apart duplicates and invalid rows, and reads the cells that some clause reads. `columns` counts raw cells.

    A row is a duplicate when every cell of an earlier row is equal, whatever became of that one. Rows whose `mark` no
    other row has need not be compared.
    """
    every = [*(f"c{at}" for at in range(columns)), "cells", "extra"]
    several = exp.GT(this=exp.Count(this=exp.Star()), expression=tree.whole(1))
    suspects = exp.select("mark").from_(f"raw_{table.at}").group_by("mark").having(several)
    twice = (
        exp.select("mark", *every, tree.named(exp.Min(this=exp.column("seq")), "first"))
        .from_(f"raw_{table.at}")
        .where(exp.In(this=exp.column("mark"), query=suspects.subquery()))
        .group_by("mark", *every)
        .having(several)
        .subquery("d")
    )
    read = exp.select(
        *(tree.col("r", name) for name in ("seq", "mark", *every)),
        *(tree.named(cells.value(cell, "r"), f"v{cell.at}") for cell in table.read),
    ).from_(exp.to_table(f"raw_{table.at}", alias="r"))
    alike = [_alike(name) for name in ("mark", *every)]
    after = tree.compare(tree.col("r", "seq"), ">", tree.col("d", "first"))
    bad = tree.case((fault.test, tree.whole(at)) for at, fault in enumerate(cells.faults(table, "r")))
    return _make(
        f"sift_{table.at}",
        exp.select(
            tree.col("r", "seq"),
            tree.col("d", "first"),
            tree.named(tree.cast(bad, tree.SMALL), "bad"),
            *(cells.typed(cell, "r") for cell in table.read),
        )
        .from_(read.subquery("r"))
        .join(twice, on=tree.both([*alike, after]), join_type="left"),
    )


def _alike(name: str) -> Tree:
    # Only `cells` is ever NULL.
    same = exp.NullSafeEQ if name == "cells" else exp.EQ
    return same(this=exp.column(name, "r"), expression=exp.column(name, "d"))


def look(plan: Plan, one: Look) -> exp.Create:
    """The first check of the clause that each readable row does not pass, by its place in `one.checks`."""
    fails = ((_failed(plan, one, check), tree.whole(at)) for at, check in enumerate(one.checks))
    query = exp.select(
        tree.col(ROW, "seq"), tree.named(tree.cast(tree.case(fails), tree.SMALL), "fail")
    ).from_(exp.to_table(f"sift_{one.table.at}", alias=ROW))
    person = cells.typed(one.table.cell(one.table.person), ROW)
    if one.cohort:
        query = _join_person(query, f"pick_{plan.look(one.cohort).at}", JOINED, person)
    for metric in one.metrics:
        query = _join_person(query, f"pick_{plan.look(metric).at}", pick_alias(plan, metric), person)
    return _make(f"look_{one.at}", query.where(_readable(ROW)))


def _join_person(query: exp.Select, picked: str, alias: str, person: Tree) -> exp.Select:
    on = tree.eq(person, tree.col(alias, "person"))
    return query.join(exp.to_table(picked, alias=alias), on=on, join_type="left")


def _readable(alias: str) -> Tree:
    return tree.both([tree.is_null(tree.col(alias, "first")), tree.is_null(tree.col(alias, "bad"))])


def _failed(plan: Plan, one: Look, check: Check) -> Tree:
    as_of = tree.day(plan.as_of)
    own = cells.typed(one.table.cell(check.column), ROW) if check.column else tree.null()
    match check.kind:
        case "person":
            return tree.is_null(tree.col(JOINED, "person"))
        case "no date":
            return tree.is_null(own)
        case "after as of" | "known later":
            return tree.compare(own, ">", as_of)
        case "new entrant":
            return tree.compare(own, ">", tree.day(plan.contract.new_entrants_last))
        case "no result":
            missing = [tree.is_null(tree.col(pick_alias(plan, name), "person")) for name in check.metrics]
            return tree.both([tree.either(missing), _unmet(plan, one, check)])
        case "condition":
            return _unmet(plan, one, check)


def _unmet(plan: Plan, one: Look, check: Check) -> Tree:
    assert check.condition is not None  # noqa: S101 - checks of these kinds are made with one
    return tree.negate(tree.surely(test(plan, one, check.condition)))


# ------------------------------------------------------------------ results


def found(plan: Plan, one: Look, columns: int) -> exp.Create:
    """The row by which each person joins a cohort, or the results of a metric: dated, held, in bands, first only.

    Equal claims to be first are settled by the clause's own picks, then by the values read, then by the cells as text, so
    that the order of the rows never matters.
    """
    if isinstance(one.clause, Cohort):
        candidates, groups, day_first = _candidates(one), ["person"], False
    else:
        candidates, groups, day_first = _results(plan, one), _groups(one.clause), True
    if not groups:
        return _make(f"found_{one.at}", _columns_found(candidates.subquery("b")))
    return _make(f"found_{one.at}", _first(one, candidates, groups, columns, day_first=day_first))


def _groups(metric: Metric) -> list[str]:
    if not metric.first_only:
        return []
    return ["person", "band"] if metric.first_only == "in each band" else ["person"]


def _columns_found(source: exp.Subquery | exp.Table) -> exp.Select:
    return exp.select(*(exp.column(name, "b") for name in ("seq", "person", "day", "band"))).from_(source)


def _candidates(one: Look) -> exp.Select:
    """The rows that a clause considers, with person, day and band."""
    table = one.table
    return (
        exp.select(
            tree.named(cells.typed(table.cell(table.person), ROW), "person"),
            tree.named(_result_day(one), "day"),
            tree.named(_band(one), "band"),
            exp.column(exp.Star(), table=ROW),
        )
        .from_(exp.to_table(f"sift_{table.at}", alias=ROW))
        .join(
            exp.to_table(f"look_{one.at}", alias="k"), on=tree.eq(tree.col(ROW, "seq"), tree.col("k", "seq"))
        )
        .where(tree.is_null(tree.col("k", "fail")))
    )


def _result_day(one: Look) -> Tree:
    """The date of a result: a column, the day after the last day held, or that last day."""
    metric = one.clause
    if isinstance(metric, Metric) and metric.dated.by != "column":
        reached = _reached(one)
        return reached if metric.dated.by == "day after" else tree.later(reached, -1, "DAY")
    return cells.typed(one.table.cell(one.day), ROW)


def _reached(one: Look) -> Tree:
    """The day after the last day of the holding: the day on which it is complete."""
    held = cast("Metric", one.clause).held
    assert held is not None  # noqa: S101 - asked only where something is held
    start = cells.typed(one.table.cell(held.start), ROW)
    number, unit = held.duration.number, held.duration.unit
    if unit in ("day", "week"):
        days = number * (7 if unit == "week" else 1)
        return tree.later(start, min(days, _LONGEST["DAY"]), "DAY")
    months = number * (12 if unit == "year" else 1)
    return tree.later(start, min(months, _LONGEST["MONTH"]), "MONTH")


def _results(plan: Plan, one: Look) -> exp.Select:
    """The candidates that count: reached by the as-of date, held so long, dated in the payment period."""
    days = plan.contract.payment_period
    day = _result_day(one)
    tests = [
        tree.compare(day, "<=", tree.day(plan.as_of)),
        tree.compare(day, ">=", tree.day(days.start)),
        tree.compare(day, "<", tree.day(days.end)),
    ]
    if isinstance(one.clause, Metric) and one.clause.held is not None:
        tests += [tree.compare(_reached(one), "<=", tree.day(plan.as_of)), _lasted(one)]
    return _candidates(one).where(tree.both(tests))


def _lasted(one: Look) -> Tree:
    """Whether the row's spell lasts from the start of the holding until it is complete."""
    spell = one.table.spell
    metric = cast("Metric", one.clause)
    if spell is None or metric.held is None:
        return tree.false()
    end = cells.typed(one.table.cell(spell.end), ROW)
    # The last day held is the day before it is complete: the least that an end which is itself held can be.
    least = tree.later(_reached(one), -1, "DAY") if spell.last_included else _reached(one)
    lasts = tree.compare(end, ">=", least)
    if spell.open_while_blank:
        lasts = tree.either([tree.is_null(end), lasts])
    if metric.held.start == spell.start:
        return lasts
    begun = tree.compare(
        cells.typed(one.table.cell(spell.start), ROW),
        "<=",
        cells.typed(one.table.cell(metric.held.start), ROW),
    )
    return tree.both([begun, lasts])


def _band(one: Look) -> Tree:
    """The number of the band that the row's value falls in; NULL where there are no bands, or none holds it."""
    if one.bands is None:
        return tree.cast(tree.null(), tree.SMALL)
    measured = cells.typed(one.table.cell(one.bands.by), ROW)
    branches = (
        (cells.inside(measured, band.holds), tree.whole(at)) for at, band in enumerate(one.bands.bands)
    )
    return tree.cast(tree.case(branches), tree.SMALL)


def _first(
    one: Look, candidates: exp.Select, groups: list[str], columns: int, *, day_first: bool
) -> exp.Select:
    """The first candidate of each group, in two steps: by what is read, then, for the few that tie, by the cells as text."""
    order = [tree.ordered(tree.col("b", "day"))] if day_first else []
    order += [_by(one, pick, "b") for pick in one.order]
    order += [tree.ordered(cells.typed(cell, "b")) for cell in one.table.read]
    place = tree.rank([tree.col("b", name) for name in groups], order)
    ranked = exp.select(
        *(tree.col("b", name) for name in ("seq", "person", "day", "band")), tree.named(place, "place")
    ).from_(candidates.subquery("b"))
    ahead = (
        exp.select(*(tree.col("b", name) for name in ("seq", "person", "day", "band")))
        .from_(ranked.subquery("b"))
        .where(tree.eq(tree.col("b", "place"), tree.whole(1)))
    )
    as_text = [tree.ordered(tree.col("r", f"c{at}")) for at in range(columns)]
    as_text += [tree.ordered(tree.col("r", "extra")), tree.ordered(tree.col("b", "seq"))]
    settled = tree.row_number([tree.col("b", name) for name in groups], as_text)
    last = (
        exp.select(
            *(tree.col("b", name) for name in ("seq", "person", "day", "band")), tree.named(settled, "place")
        )
        .from_(ahead.subquery("b"))
        .join(
            exp.to_table(f"raw_{one.table.at}", alias="r"),
            on=tree.eq(tree.col("b", "seq"), tree.col("r", "seq")),
        )
    )
    return _columns_found(last.subquery("b")).where(tree.eq(tree.col("b", "place"), tree.whole(1)))


def _by(one: Look, pick: Pick, alias: str) -> Tree:
    return tree.ordered(
        cells.typed(one.table.cell(pick.column), alias), descending=pick.way in ("latest", "highest")
    )


def pick(one: Look) -> exp.Create:
    """For each person the row that joined them, or their first result: what other clauses may read of it."""
    single = exp.to_table(f"found_{one.at}", alias="b")
    if isinstance(one.clause, Metric) and one.clause.first_only != "over all bands":
        table = exp.to_table(f"sift_{one.table.at}", alias=ROW)
        order = [tree.ordered(tree.col("f", "day")), *(_by(one, by, ROW) for by in one.order)]
        order += [tree.ordered(cells.typed(cell, ROW)) for cell in one.table.read]
        place = tree.row_number([tree.col("f", "person")], [*order, tree.ordered(tree.col("f", "seq"))])
        numbered = (
            exp.select(
                *(tree.col("f", name) for name in ("seq", "person", "day")), tree.named(place, "place")
            )
            .from_(exp.to_table(f"found_{one.at}", alias="f"))
            .join(table, on=tree.eq(tree.col("f", "seq"), tree.col(ROW, "seq")))
        )
        source: exp.Table | exp.Subquery = numbered.subquery("b")
    else:
        source = single
    query = (
        exp.select(
            tree.col("b", "person"),
            tree.col("b", "day"),
            *(cells.typed(cell, ROW) for cell in one.table.read),
        )
        .from_(source)
        .join(
            exp.to_table(f"sift_{one.table.at}", alias=ROW),
            on=tree.eq(tree.col("b", "seq"), tree.col(ROW, "seq")),
        )
    )
    if isinstance(source, exp.Subquery):
        query = query.where(tree.eq(tree.col("b", "place"), tree.whole(1)))
    return _make(f"pick_{one.at}", query)


# ------------------------------------------------------------------ claims and states


def claims(plan: Plan) -> exp.Create:
    """Every result in the payment period, with the numbers of its metric, band and segment, sorted.

    A result that lies in no band is kept with a band that is NULL; it is counted nowhere.
    """
    parts: list[exp.Query] = []
    for at, one in enumerate(plan.metrics):
        parts.append(
            exp.select(
                tree.named(_small(at), "metric"),
                tree.col("b", "band"),
                tree.named(_small(int(one.bands is not None)), "banded"),
                tree.named(_segment(plan), "segment"),
                tree.col("b", "person"),
                tree.col("b", "day"),
                tree.named(_small(one.table.at), "tab"),
                tree.col("b", "seq"),
            ).from_(exp.to_table(f"found_{one.at}", alias="b"))
        )
    if not parts:
        parts.append(_no_claims())
    whole = parts[0] if len(parts) == 1 else exp.union(*parts, distinct=False)
    names = ("segment", "metric", "band", "day", "person", "tab", "seq")
    return _make(
        "claims",
        exp.select("*").from_(whole.subquery("u")).order_by(*(exp.column(one, "u") for one in names)),
    )


def _small(value: int) -> Tree:
    return tree.cast(tree.whole(value), tree.SMALL)


def _segment(plan: Plan) -> Tree:
    day = tree.col("b", "day")
    branches = (
        (tree.compare(day, "<", tree.day(one.days.end)), tree.whole(at))
        for at, one in enumerate(plan.segments)
    )
    return tree.cast(tree.case(branches), tree.SMALL)


def _no_claims() -> exp.Select:
    nothing = [
        tree.named(tree.cast(tree.null(), kind), name)
        for name, kind in (
            ("metric", tree.SMALL),
            ("band", tree.SMALL),
            ("banded", tree.SMALL),
            ("segment", tree.SMALL),
            ("person", tree.TEXT),
            ("day", tree.DATE),
            ("tab", tree.SMALL),
            ("seq", tree.BIG),
        )
    ]
    return exp.select(*nothing).where(tree.false())


def volumes() -> exp.Select:
    """How many claims there are of each metric and band in each segment, by their numbers; -1 stands for no band."""
    keys = [
        exp.column("segment"),
        exp.column("metric"),
        exp.Coalesce(this=exp.column("band"), expressions=[tree.whole(-1)]),
        exp.column("banded"),
    ]
    return (
        exp.select(*keys[:2], tree.named(keys[2], "slot"), keys[3], exp.Count(this=exp.Star()))
        .from_("claims")
        .group_by(*keys)
    )


def state(plan: Plan, table: Table) -> exp.Create:
    """What became of each row: the first status that fits, and the number of its fault or of the check it did not pass."""
    looks = plan.looks_at(table)
    query = exp.select(
        tree.col(ROW, "seq"),
        tree.named(_status(looks), "status"),
        tree.named(exp.Coalesce(this=tree.col(ROW, "bad"), expressions=_first_fail(looks)), "why"),
        tree.col(ROW, "first"),
    ).from_(exp.to_table(f"sift_{table.at}", alias=ROW))
    for one in looks:
        query = query.join(
            exp.to_table(f"look_{one.at}", alias=f"k{one.at}"),
            on=tree.eq(tree.col(ROW, "seq"), tree.col(f"k{one.at}", "seq")),
            join_type="left",
        )
    return exp.Create(this=exp.to_table(f"state_{table.at}"), kind="VIEW", expression=query)


def _status(looks: tuple[Look, ...]) -> Tree:
    passed = [tree.is_null(tree.col(f"k{one.at}", "fail")) for one in looks]
    return tree.case(
        [
            (tree.not_null(tree.col(ROW, "first")), tree.text(DUPLICATE)),
            (tree.not_null(tree.col(ROW, "bad")), tree.text(REJECTED)),
            (tree.either(passed), tree.text(USED)),
        ],
        tree.text(OUTSIDE),
    )


def _first_fail(looks: tuple[Look, ...]) -> list[Tree]:
    return [tree.col(f"k{looks[0].at}", "fail")] if looks else [tree.cast(tree.null(), tree.SMALL)]


def _make(name: str, query: exp.Select) -> exp.Create:
    return query.ctas(name)
