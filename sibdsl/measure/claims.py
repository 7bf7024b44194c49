"""What is claimed, in which segment it lies, on which route, and what became of each row: the last of the SQL statements.

The tables that these read are those of `sql`. Tables made:

    taken_n   person, slot               for each person the route of block n that counts
    state_t   seq, status, why, first    a view: what became of each row
    claims    the results in the payment period, sorted; `amount` is what each comes to, in whole numbers of its metric's unit
"""

from __future__ import annotations

from sqlglot import exp

from sibdsl.measure import days, reaching, shares, tree
from sibdsl.measure.conditions import ROW
from sibdsl.measure.plan import Look, Plan, Table
from sibdsl.measure.sql import small, within
from sibdsl.measure.tree import Tree
from sibdsl.model.nodes import Metric
from sibdsl.records import DUPLICATE, OUTSIDE, REJECTED, USED


def claims(plan: Plan) -> exp.Create:
    """Every result in the payment period, with the numbers of its metric, band and segment, sorted.

    A result that lies in no band is kept with a band that is NULL; it is counted nowhere.
    """
    wide = any(
        days.counts_days(one) or days.adds_up(one) or days.weighed(one) or shares.of(one)
        for one in plan.metrics
    )
    parts = [_claims_of(plan, at, one, wide=wide) for at, one in enumerate(plan.metrics)]
    names = ("segment", "metric", "band", "day", "person", "tab", "seq")
    whole = tree.sub(tree.union(parts or [_no_claims()]), "u")
    order = [tree.ordered(tree.col("u", name)) for name in names]
    return tree.make("claims", tree.query([tree.everything()], whole, order=order))


def routes_taken(plan: Plan) -> list[exp.Create]:
    """For each block of routes the number of the route that counts for each person.

    That is the one earned first, of one day the first listed; or the first listed of all that they earned. Days of a window
    that come to nothing earn no route.
    """
    made: list[exp.Create] = []
    for at, block in enumerate(plan.contract.routes):
        parts = [
            tree.query(
                [tree.col("b", "person"), tree.col("b", "day"), tree.named(small(slot), "slot")],
                tree.table(f"found_{plan.look(name).at}", "b"),
                where=tree.negate(tree.eq(tree.col("b", "each"), tree.whole(0)))
                if shares.of(plan.look(name))
                else None,
            )
            for slot, route in enumerate(block.routes)
            for name in route.metrics
        ]
        keys = ("slot",) if block.choice == "first listed" else ("day", "slot")
        order = [tree.ordered(tree.col("b", name)) for name in keys]
        place = tree.named(tree.row_number([tree.col("b", "person")], order), "place")
        numbered = tree.query(
            [tree.col("b", "person"), tree.col("b", "slot"), place], tree.sub(tree.union(parts), "b")
        )
        first = tree.eq(tree.col("n", "place"), tree.whole(1))
        kept = [tree.col("n", "person"), tree.col("n", "slot")]
        made.append(tree.make(f"taken_{at}", tree.query(kept, tree.sub(numbered, "n"), where=first)))
    return made


def on_route(plan: Plan, one: Look, person: Tree) -> tuple[str, Tree, int] | None:
    """Where the metric is on a route: the table of routes taken, as `t`, its join to a person, and the route's number."""
    for at, block in enumerate(plan.contract.routes):
        for slot, route in enumerate(block.routes):
            if one.name in route.metrics:
                return f"taken_{at}", tree.eq(person, tree.col("t", "person")), slot
    return None


def _claims_of(plan: Plan, at: int, one: Look, *, wide: bool) -> exp.Select:
    """The claims of one metric. A stretch of days makes one in each segment that it has days of."""
    joins: list[exp.Join] = []
    route = on_route(plan, one, tree.col("b", "person"))
    if days.counts_days(one):
        (segment, day, amount), joins = days.parts_in_segments(plan)
    else:
        segment, day = _segment(plan, one), tree.col("b", "day")
        each = days.adds_up(one) or days.weighed(one) or reaching.reaches(one) or shares.of(one)
        amount = tree.col("b", "each") if each else _told_apart(one, segment)
    if route is not None:
        taken, same, slot = route
        mine = tree.both([same, tree.eq(tree.col("t", "slot"), tree.whole(slot))])
        joins.append(tree.inner(tree.table(taken, "t"), mine))
    made = tree.query(
        [
            tree.named(small(at), "metric"),
            tree.col("b", "band"),
            tree.named(small(int(one.bands is not None)), "banded"),
            tree.named(segment, "segment"),
            tree.col("b", "person"),
            tree.named(day, "day"),
            tree.named(small(one.table.at), "tab"),
            tree.col("b", "seq"),
            tree.named(tree.cast(amount, tree.HUGE if wide else tree.SMALL), "amount"),
        ],
        tree.table(f"found_{one.at}", "b"),
        *joins,
    )
    if not one.net_of:
        return made
    # What another metric's days leave of a row may be several stretches: together they are one result.
    keys = [tree.col("m", name) for name in ("metric", "band", "banded", "segment", "person", "tab", "seq")]
    first = tree.named(tree.least(tree.col("m", "day")), "day")
    whole = tree.named(tree.cast(tree.total(tree.col("m", "amount")), tree.HUGE), "amount")
    return tree.query([*keys[:5], first, *keys[5:], whole], tree.sub(made, "m"), group=keys)


def _told_apart(one: Look, segment: Tree) -> Tree:
    """What a row adds to a count: one, or nothing where an earlier row of the span has the same value."""
    if not isinstance(one.clause, Metric) or one.clause.counts != "different":
        return tree.whole(1)
    place = tree.row_number(
        [segment, tree.col("b", "band"), tree.col("b", "each")],
        [tree.ordered(tree.col("b", "day")), tree.ordered(tree.col("b", "seq"))],
    )
    return tree.case([(tree.eq(place, tree.whole(1)), tree.whole(1))], tree.whole(0))


def _segment(plan: Plan, one: Look) -> Tree:
    """The number of the segment in which a result lies: that of its day, or the one that holds the last day of its span."""
    day = tree.col("b", "day")
    if one.spans:
        homes = zip(one.spans, plan.homes(one), strict=True)
        return tree.cast(tree.case((within(day, days), tree.whole(at)) for days, at in homes), tree.SMALL)
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
            ("amount", tree.SMALL),
        )
    ]
    return tree.query(nothing, where=tree.false())


def volumes() -> exp.Select:
    """What the claims of each metric and band come to in each segment, by their numbers, and how many they are.

    -1 stands for no band.
    """
    keys = [
        exp.column("segment"),
        exp.column("metric"),
        exp.Coalesce(this=exp.column("band"), expressions=[tree.whole(-1)]),
        exp.column("banded"),
    ]
    return tree.query(
        [*keys[:2], tree.named(keys[2], "slot"), keys[3], tree.total(exp.column("amount")), tree.count()],
        tree.table("claims"),
        group=keys,
    )


def state(plan: Plan, table: Table) -> exp.Create:
    """What became of each row: the first status that fits, and the number of its fault or of the check it did not pass."""
    looks = plan.looks_at(table)
    joins = [
        tree.left(
            tree.table(f"look_{one.at}", f"k{one.at}"),
            tree.eq(tree.col(ROW, "seq"), tree.col(f"k{one.at}", "seq")),
        )
        for one in looks
    ]
    shared = [one for one in plan.metrics if shares.read_by(one, table)]
    joins += [
        tree.left(
            tree.sub(shares.rows(one), f"d{one.at}"),
            tree.eq(tree.col(ROW, "seq"), tree.col(f"d{one.at}", "seq")),
        )
        for one in shared
    ]
    counted = [tree.not_null(tree.col(f"d{one.at}", "seq")) for one in shared]
    made = tree.query(
        [
            tree.col(ROW, "seq"),
            tree.named(_status(looks, counted), "status"),
            tree.named(exp.Coalesce(this=tree.col(ROW, "bad"), expressions=_first_fail(looks)), "why"),
            tree.col(ROW, "first"),
        ],
        tree.table(f"sift_{table.at}", ROW),
        *joins,
    )
    return tree.make(f"state_{table.at}", made, kind="VIEW")


def _status(looks: tuple[Look, ...], counted: list[Tree]) -> Tree:
    passed = [tree.is_null(tree.col(f"k{one.at}", "fail")) for one in looks]
    return tree.case(
        [
            (tree.not_null(tree.col(ROW, "first")), tree.text(DUPLICATE)),
            (tree.not_null(tree.col(ROW, "bad")), tree.text(REJECTED)),
            (tree.either([*passed, *counted]), tree.text(USED)),
        ],
        tree.text(OUTSIDE),
    )


def _first_fail(looks: tuple[Look, ...]) -> list[Tree]:
    return [tree.col(f"k{looks[0].at}", "fail")] if looks else [tree.cast(tree.null(), tree.SMALL)]
