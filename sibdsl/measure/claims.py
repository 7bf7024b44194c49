"""What is claimed, in which segment it lies, on which route, and what became of each row: the last of the SQL statements.

The tables that these read are those of `results`. Tables made:

    taken_n   person, slot               for each person the route of block n that counts
    state_t   seq, status, why, first, other    a view: what became of each row
    claims    a view, or a table where claims hang together: the results in the payment period; `amount` is what each comes to, in whole numbers of its metric's unit
"""

from __future__ import annotations

from sqlglot import exp

from sibdsl.measure import columns_by_person, days_and_sums, first_rows, sqltree, texts_in_force, window_days
from sibdsl.measure.conditions import ROW
from sibdsl.measure.looks import Look, MetricLook, PlannedTable
from sibdsl.measure.plan import Plan
from sibdsl.measure.results import small, within
from sibdsl.measure.sqltree import Tree
from sibdsl.model.nodes import Determination, DifferentValues, PeopleReaching
from sibdsl.records import DUPLICATE, OUTSIDE, REJECTED, SUPERSEDED, USED


def claims(plan: Plan) -> exp.Create:
    """Every result in the payment period, with the numbers of its metric, band and segment.

    A result that lies in no band is kept with a band that is NULL; it is counted nowhere.
    """
    wide = any(
        look.clause.counts.by_the_day
        or look.clause.counts.of_values
        or look.clause.weight is not None
        or look.clause.counts.of_window
        for look in plan.metrics
    )
    over = of_parts(plan)
    parts = [_claims_of(plan, at, look, wide=wide, over=over) for at, look in enumerate(plan.metrics)]
    # Nothing is gained by keeping what is only read from the tables of results.
    alone = all(_alone(look) for look in plan.metrics)
    return sqltree.make("claims", sqltree.union(parts or [_no_claims()]), kind="VIEW" if alone else "TABLE")


def _alone(look: MetricLook) -> bool:
    """Whether each claim of a metric can be told from one row of its results."""
    return not (
        look.net_of
        or look.clause.latest_only
        or _found_again(look)
        or look.clause.counts.by_the_day
        or isinstance(look.clause.counts, DifferentValues)
    )


def of_parts(plan: Plan) -> bool:
    """Whether any claim is kept as one whole number over another: then `claims` has a column `over`."""
    return any(days_and_sums.of_parts(plan, look) for look in plan.metrics)


def over(plan: Plan, alias: str) -> Tree:
    """What the amount of a claim is over."""
    return sqltree.col(alias, "over") if of_parts(plan) else sqltree.whole(1)


def routes_taken(plan: Plan) -> list[exp.Create]:
    """For each block of routes the number of the route that counts for each person.

    That is the one earned first, of one day the first listed; or the first listed of all that they earned. Days of a window
    that come to nothing earn no route.
    """
    made: list[exp.Create] = []
    for at, block in enumerate(plan.contract.routes):
        parts = [
            sqltree.query(
                [sqltree.col("b", "person"), sqltree.col("b", "day"), sqltree.named(small(slot), "slot")],
                sqltree.table(f"found_{plan.metric(name).at}", "b"),
                where=sqltree.negate(sqltree.eq(sqltree.col("b", "each"), sqltree.whole(0)))
                if plan.metric(name).clause.counts.of_window
                else None,
            )
            for slot, route in enumerate(block.routes)
            for name in route.metrics
        ]
        keys = ("slot",) if block.choice == "first listed" else ("day", "slot")
        order = [sqltree.ordered(sqltree.col("b", name)) for name in keys]
        place = sqltree.named(sqltree.row_number([sqltree.col("b", "person")], order), "place")
        numbered = sqltree.query(
            [sqltree.col("b", "person"), sqltree.col("b", "slot"), place],
            sqltree.sub(sqltree.union(parts), "b"),
        )
        first = sqltree.eq(sqltree.col("n", "place"), sqltree.whole(1))
        kept = [sqltree.col("n", "person"), sqltree.col("n", "slot")]
        made.append(sqltree.make(f"taken_{at}", sqltree.query(kept, sqltree.sub(numbered, "n"), where=first)))
    return made


def on_route(plan: Plan, look: Look, person: Tree) -> tuple[str, Tree, int] | None:
    """Where the metric is on a route: the table of routes taken, as `t`, its join to a person, and the route's number."""
    for at, block in enumerate(plan.contract.routes):
        for slot, route in enumerate(block.routes):
            if look.name in route.metrics:
                return f"taken_{at}", sqltree.eq(person, sqltree.col("t", "person")), slot
    return None


def _claims_of(plan: Plan, at: int, look: MetricLook, *, wide: bool, over: bool) -> exp.Select:
    """The claims of one metric. A stretch of days makes one in each segment that it has days of."""
    joins: list[exp.Join] = []
    route = on_route(plan, look, sqltree.col("b", "person"))
    counts = look.clause.counts
    if counts.by_the_day:
        (segment, day, amount), joins = days_and_sums.parts_in_segments(plan)
    else:
        day = sqltree.col("b", "day")
        if look.clause.measured is not None and look.clause.measured.to_date:
            # A row lies in every span that has begun by its day and ended since: each is all that went before.
            segment, joins = _homes(plan, look)
        else:
            segment = _segment(plan, look)
        each = (
            counts.of_values
            or look.clause.weight is not None
            or isinstance(counts, PeopleReaching)
            or counts.of_window
        )
        amount = sqltree.col("b", "each") if each else _told_apart(plan, look, segment)
    if route is not None:
        taken, same, slot = route
        mine = sqltree.both([same, sqltree.eq(sqltree.col("t", "slot"), sqltree.whole(slot))])
        joins.append(sqltree.inner(sqltree.table(taken, "t"), mine))
    made = sqltree.query(
        [
            sqltree.named(small(at), "metric"),
            sqltree.col("b", "band"),
            sqltree.named(small(int(look.bands is not None)), "banded"),
            sqltree.named(segment, "segment"),
            sqltree.col("b", "person"),
            sqltree.named(day, "day"),
            sqltree.named(small(look.table.at), "tab"),
            sqltree.col("b", "seq"),
            sqltree.named(sqltree.cast(amount, sqltree.HUGE if wide else sqltree.SMALL), "amount"),
            *([sqltree.named(_over(plan, look), "over")] if over else []),
        ],
        sqltree.table(f"found_{look.at}", "b"),
        *joins,
    )
    if look.clause.latest_only:
        return _latest(made, over=over)
    if _found_again(look):
        return _standing(look, made, over=over)
    if not look.net_of:
        return made
    # What another metric's days leave of a row may be several stretches: together they are one result.
    names = ("metric", "band", "banded", "segment", "person", "tab", "seq", *(("over",) if over else ()))
    keys = [sqltree.col("m", name) for name in names]
    first = sqltree.named(sqltree.least(sqltree.col("m", "day")), "day")
    whole = sqltree.named(sqltree.cast(sqltree.total(sqltree.col("m", "amount")), sqltree.HUGE), "amount")
    return sqltree.query([*keys[:5], first, *keys[5:7], whole, *keys[7:]], sqltree.sub(made, "m"), group=keys)


def _latest(made: exp.Select, *, over: bool) -> exp.Select:
    """Of each person's claims in a segment the latest: there is one of a day."""
    keys = [sqltree.col("m", name) for name in ("segment", "person")]
    place = sqltree.row_number(keys, [sqltree.ordered(sqltree.col("m", "day"), descending=True)])
    return _first(made, place, over=over)


def _found_again(look: MetricLook) -> bool:
    """Whether a metric reads a determination to date: that of one year may stand in later ones."""
    measured = look.clause.measured
    return isinstance(look.clause.counts, Determination) and measured is not None and measured.to_date


def _standing(look: MetricLook, made: exp.Select, *, over: bool) -> exp.Select:
    """Of the determinations of the years up to a segment, one of each, the one that the metric's picks name."""
    place = sqltree.row_number([sqltree.col("m", "segment")], first_rows.in_order(look, "m", ROW))
    same = sqltree.eq(sqltree.col("m", "seq"), sqltree.col(ROW, "seq"))
    return _first(made, place, sqltree.inner(sqltree.table(f"sift_{look.table.at}", ROW), same), over=over)


def _first(made: exp.Select, place: Tree, *beside: exp.Join, over: bool) -> exp.Select:
    """The claims `m` of which the place, among those that it is told apart from, is the first."""
    names = (
        "metric",
        "band",
        "banded",
        "segment",
        "person",
        "day",
        "tab",
        "seq",
        "amount",
        *(("over",) if over else ()),
    )
    own = [sqltree.col("m", name) for name in names]
    ranked = sqltree.query([*own, sqltree.named(place, "place")], sqltree.sub(made, "m"), *beside)
    last = sqltree.eq(sqltree.col("m", "place"), sqltree.whole(1))
    return sqltree.query([column.copy() for column in own], sqltree.sub(ranked, "m"), where=last)


def _over(plan: Plan, look: MetricLook) -> Tree:
    """What the amounts of a metric's claims are over: one, where they are whole numbers of its unit."""
    if isinstance(look.clause.counts, DifferentValues) or not days_and_sums.of_parts(plan, look):
        return sqltree.huge(1)
    return sqltree.col("b", "over")


def _told_apart(plan: Plan, look: MetricLook, segment: Tree) -> Tree:
    """What a row adds to a count: one, or nothing where an earlier row of the span has the same value."""
    if not isinstance(look.clause.counts, DifferentValues):
        return sqltree.whole(1)
    place = sqltree.row_number(
        [
            segment,
            *(sqltree.col("b", name) for name in ("band", "each")),
            *([sqltree.col("b", "over")] if days_and_sums.of_parts(plan, look) else []),
        ],
        [sqltree.ordered(sqltree.col("b", "day")), sqltree.ordered(sqltree.col("b", "seq"))],
    )
    return sqltree.case([(sqltree.eq(place, sqltree.whole(1)), sqltree.whole(1))], sqltree.whole(0))


def _segment(plan: Plan, look: MetricLook) -> Tree:
    """The number of the segment in which a result lies: that of its day, or the one that holds the last day of its span."""
    day = sqltree.col("b", "day")
    if look.spans:
        homes = zip(look.spans, plan.homes(look), strict=True)
        return sqltree.cast(
            sqltree.case((within(day, days), sqltree.whole(at)) for days, at in homes), sqltree.SMALL
        )
    branches = (
        (sqltree.compare(day, "<", sqltree.day(segment.days.end)), sqltree.whole(at))
        for at, segment in enumerate(plan.segments)
    )
    return sqltree.cast(sqltree.case(branches), sqltree.SMALL)


def _homes(plan: Plan, look: MetricLook) -> tuple[Tree, list[exp.Join]]:
    """The number of the segment that holds the last day of a span, and the join that gives a result every span it lies in."""
    rows = [
        exp.Tuple(expressions=[sqltree.whole(at), sqltree.day(days.start), sqltree.day(days.end)])
        for days, at in zip(look.spans, plan.homes(look), strict=True)
    ]
    names = [exp.to_identifier(name) for name in ("at", "start", "stop")]
    spans = exp.Values(expressions=rows, alias=exp.TableAlias(this=exp.to_identifier("g"), columns=names))
    day = sqltree.col("b", "day")
    lies = sqltree.both(
        [
            sqltree.compare(day, ">=", sqltree.col("g", "start")),
            sqltree.compare(day, "<", sqltree.col("g", "stop")),
        ]
    )
    return sqltree.cast(sqltree.col("g", "at"), sqltree.SMALL), [sqltree.inner(spans, lies)]


def _no_claims() -> exp.Select:
    nothing = [
        sqltree.named(sqltree.cast(sqltree.null(), kind), name)
        for name, kind in (
            ("metric", sqltree.SMALL),
            ("band", sqltree.SMALL),
            ("banded", sqltree.SMALL),
            ("segment", sqltree.SMALL),
            ("person", sqltree.TEXT),
            ("day", sqltree.DATE),
            ("tab", sqltree.SMALL),
            ("seq", sqltree.BIG),
            ("amount", sqltree.SMALL),
        )
    ]
    return sqltree.query(nothing, where=sqltree.false())


def volumes(plan: Plan) -> exp.Select:
    """What the claims of each metric and band come to in each segment, by their numbers, and how many they are.

    -1 stands for no band. Where claims are one whole number over another, each such number they are over has a row of its own.
    """
    over = of_parts(plan)
    keys = [
        exp.column("segment"),
        exp.column("metric"),
        exp.Coalesce(this=exp.column("band"), expressions=[sqltree.whole(-1)]),
        exp.column("banded"),
    ]
    return sqltree.query(
        [
            *keys[:2],
            sqltree.named(keys[2], "slot"),
            keys[3],
            sqltree.total(exp.column("amount")),
            sqltree.count(),
            exp.column("over") if over else sqltree.whole(1),
        ],
        sqltree.table("claims"),
        group=[*keys, *([exp.column("over")] if over else [])],
    )


def state(plan: Plan, table: PlannedTable) -> exp.Create:
    """What became of each row: the first status that fits, and the number of its fault or of the check it did not pass."""
    looks = plan.looks_at(table)
    joins = [
        sqltree.left(
            sqltree.table(f"look_{look.at}", f"k{look.at}"),
            sqltree.eq(sqltree.col(ROW, "seq"), sqltree.col(f"k{look.at}", "seq")),
        )
        for look in looks
    ]
    shared = [metric for metric in plan.metrics if window_days.read_by(metric, table)]
    joins += [
        sqltree.left(
            sqltree.sub(window_days.rows(look), f"d{look.at}"),
            sqltree.eq(sqltree.col(ROW, "seq"), sqltree.col(f"d{look.at}", "seq")),
        )
        for look in shared
    ]
    used = [sqltree.is_null(sqltree.col(f"k{look.at}", "fail")) for look in looks]
    used += [sqltree.not_null(sqltree.col(f"d{look.at}", "seq")) for look in shared]
    read = columns_by_person.read_rows(plan, table)
    if read is not None:
        used.append(exp.In(this=sqltree.col(ROW, "seq"), query=read.subquery(copy=False)))
    status = sqltree.case(
        [*_gone(), (sqltree.either(used), sqltree.text(USED))],
        sqltree.text(OUTSIDE),
    )
    made = sqltree.query(
        [
            sqltree.col(ROW, "seq"),
            sqltree.named(status, "status"),
            sqltree.named(
                exp.Coalesce(this=sqltree.col(ROW, "bad"), expressions=_first_fail(plan, looks)), "why"
            ),
            sqltree.col(ROW, "first"),
            sqltree.col(ROW, "other"),
        ],
        sqltree.table(f"sift_{table.at}", ROW),
        *joins,
    )
    return sqltree.make(f"state_{table.at}", made, kind="VIEW")


def counted_beside(plan: Plan, table: PlannedTable) -> bool:
    """Whether rows of a table may be used though they pass the checks of no clause that looks at it."""
    shared = any(window_days.read_by(metric, table) for metric in plan.metrics)
    return shared or columns_by_person.read_rows(plan, table) is not None


def statuses(table: PlannedTable) -> exp.Select:
    """Of each status how many rows of a table have it."""
    status = exp.column("status")
    return sqltree.query([status, sqltree.count()], sqltree.table(f"state_{table.at}"), group=[status])


def set_aside(table: PlannedTable) -> exp.Select:
    """Of each status that a row has before any clause looks at it, how many have it; NULL for those that stand."""
    status = sqltree.case(_gone())
    return sqltree.query([status, sqltree.count()], sqltree.table(f"sift_{table.at}", ROW), group=[status])


def _gone() -> list[tuple[Tree, Tree]]:
    """The statuses of rows at which no clause looks, the first that fits."""
    return [
        (sqltree.not_null(sqltree.col(ROW, column)), sqltree.text(status))
        for column, status in (("first", DUPLICATE), ("bad", REJECTED), ("other", SUPERSEDED))
    ]


def _first_fail(plan: Plan, looks: tuple[Look, ...]) -> list[Tree]:
    """The number of the check that a row does not pass: of the first look, among those of its texts as `numbered` has them."""
    if not looks:
        return [sqltree.cast(sqltree.null(), sqltree.SMALL)]
    if not looks[0].earlier:
        return [sqltree.col(f"k{looks[0].at}", "fail")]
    branches = [
        (
            sqltree.negate(sqltree.surely(sqltree.eq(fail, sqltree.whole(other)))),
            sqltree.add(fail.copy(), sqltree.whole(start)),
        )
        for start, text in texts_in_force.numbered(plan, looks[0])
        for fail in [sqltree.col(f"k{text.at}", "fail")]
        for other in [texts_in_force.place_of_other(text)]
    ]
    return [sqltree.cast(sqltree.case(branches), sqltree.SMALL)]
