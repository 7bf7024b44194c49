"""Days and sums as SQL: the days of rows, each once for a person; the days of tracking; and what each result comes to.

A row of `found_k` of a metric that counts days is a stretch of days, from `day` up to, not including, `until`. Of several
rows of a person that hold a day, the one that begins first has it; of those that begin together, the first by what is read
of them, then by their cells as text. `each` is what one day comes to, or what a row adds, as a whole number of the parts
that `unit` gives.
"""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

from attrs import evolve
from sqlglot import exp

from sibdsl.measure import cells, shares, spans, tree
from sibdsl.measure.conditions import JOINED, ROW, Exact, exact
from sibdsl.measure.plan import Look, Plan
from sibdsl.measure.tree import Tree
from sibdsl.model.nodes import Cohort, Metric, Tracked


def counts_days(one: Look) -> bool:
    """Whether the look is a metric that counts days."""
    return isinstance(one.clause, Metric) and one.clause.counts in ("days", "days of tracking")


def adds_up(one: Look) -> bool:
    """Whether what each result of the look comes to is a number of its row: of a sum, an average or a determination."""
    return isinstance(one.clause, Metric) and one.clause.counts in ("sum", "average", "determination")


def followed(plan: Plan, one: Look) -> Tracked:
    """For how long each person is followed, from which date of the row that joined them: their tracking, or a window."""
    cohort = plan.look(one.cohort).clause
    if isinstance(one.clause, Metric) and one.clause.within == "window" and one.clause.window is not None:
        return one.clause.window
    if not isinstance(cohort, Cohort) or cohort.tracked is None:
        raise TypeError(f"{one.cohort} is not tracked")
    return cohort.tracked


def tracking(plan: Plan, one: Look) -> tuple[Tree, Tree]:
    """The first day of the person's tracking or window and the day after its last."""
    lasts = followed(plan, one)
    start = cells.typed(plan.look(one.cohort).table.cell(lasts.start), JOINED)
    return start, spans.after(start, lasts.duration)


def unit(plan: Plan, one: Look) -> Fraction:
    """What one whole number of the engine stands for in the metric's quantities."""
    if adds_up(one):
        return Fraction(1, cells.ONE) * _weight(plan, one).scale
    if shares.of(one):
        return shares.unit(one)
    return _weight(plan, one).scale


def weighed(one: Look) -> bool:
    """Whether what each result of the look comes to is multiplied by a number of its row, or of the person's."""
    return isinstance(one.clause, Metric) and one.clause.weight is not None


def weighing(plan: Plan, one: Look) -> tuple[Look, exp.Join]:
    """The look as its weight reads it, and the join, as `s`, of the row in which it does to a result `b`."""
    if isinstance(one.clause, Metric) and one.clause.weight_at == "joining":
        joining = plan.look(one.cohort)
        same = tree.eq(tree.col("b", "person"), tree.col(ROW, "person"))
        return evolve(one, table=joining.table), tree.inner(tree.table(f"pick_{joining.at}", ROW), same)
    same = tree.eq(tree.col("b", "seq"), tree.col(ROW, "seq"))
    return one, tree.inner(tree.table(f"sift_{one.table.at}", ROW), same)


def each_of_row(plan: Plan, one: Look, results: exp.Query) -> exp.Select:
    """What each of the results comes to, as `each`, in whole numbers of the metric's unit: of its column, by its weight."""
    metric = one.clause
    column = metric.column if isinstance(metric, Metric) else ""
    names = [tree.col("b", name) for name in ("seq", "person", "day", "band")]
    joins: list[exp.Join] = []
    each: list[Tree] = []
    if column:
        same = tree.eq(tree.col("b", "seq"), tree.col("o", "seq"))
        joins.append(tree.inner(tree.table(f"sift_{one.table.at}", "o"), same))
        each.append(cells.typed(one.table.cell(column), "o"))
    if weighed(one):
        joins.append(weighing(plan, one)[1])
        each.append(_weight(plan, one).top)
    amount = each[0] if len(each) == 1 else tree.multiply(*(tree.cast(part, tree.HUGE) for part in each))
    return tree.query([*names, tree.named(amount, "each")], tree.sub(results, "b"), *joins)


def _weight(plan: Plan, one: Look) -> Exact:
    metric = one.clause
    if not isinstance(metric, Metric) or metric.weight is None:
        return Exact(tree.whole(1), None, Fraction(1))
    found = exact(plan, weighing(plan, one)[0], metric.weight)
    if found.over is not None:
        raise TypeError(f"the weight of {metric.name} divides by a value of the row")
    return found


# ------------------------------------------------------------------ stretches


def stretches(plan: Plan, one: Look, band: Tree, columns: int) -> exp.Select:
    """The days that each row has to itself, within the payment period and up to the as-of date. `columns` counts raw cells."""
    owned = _spans(plan, one, band)
    if one.clause.counts == "days":  # type: ignore[union-attr] # only metrics come here
        owned = apart(one, owned, columns, ("seq", "person", "band", "stop", "low", "high", "each"))
    days = plan.contract.payment_period
    end = min(days.end, plan.as_of + timedelta(days=1))
    first = tree.greatest(tree.col("b", "begin"), tree.col("b", "low"), tree.day(days.start))
    last = tree.smallest(tree.col("b", "stop"), tree.col("b", "high"), tree.day(end))
    cut = tree.query(
        [
            *(tree.col("b", name) for name in ("seq", "person", "band", "each")),
            tree.named(first, "day"),
            tree.named(last, "until"),
        ],
        tree.sub(owned, "b"),
    )
    some = tree.compare(tree.col("c", "day"), "<", tree.col("c", "until"))
    kept = tree.query([tree.col("c", name) for name in _STRETCH], tree.sub(cut, "c"), where=some)
    return _net(plan, one, kept) if one.net_of else kept


_STRETCH = ("seq", "person", "day", "band", "until", "each")


def _net(plan: Plan, one: Look, kept: exp.Select) -> exp.Select:
    """The stretches without the days that another metric counts for the same person: what lies before, between and after.

    The other's stretches of one person have no day in common.
    """
    overlap = tree.both(
        [
            tree.eq(tree.col("c", "person"), tree.col("o", "person")),
            tree.compare(tree.col("o", "day"), "<", tree.col("c", "until")),
            tree.compare(tree.col("o", "until"), ">", tree.col("c", "day")),
        ]
    )
    other = tree.table(f"found_{plan.look(one.net_of).at}", "o")
    own = ("seq", "person", "band", "each")
    same = [tree.col("c", name) for name in (*own, "day", "until")]
    before = tree.query(
        [
            *(tree.col("c", name) for name in (*own, "day")),
            tree.named(tree.smallest(tree.col("c", "until"), tree.least(tree.col("o", "day"))), "until"),
        ],
        tree.sub(kept, "c"),
        tree.left(other, overlap),
        group=same,
    )
    next_one = tree.ranked(
        exp.Anonymous(this="lead", expressions=[tree.col("o", "day")]),
        same,
        [tree.ordered(tree.col("o", "day"))],
    )
    after = tree.query(
        [
            *(tree.col("c", name) for name in own),
            tree.named(tree.col("o", "until"), "day"),
            tree.named(tree.smallest(tree.col("c", "until"), next_one), "until"),
        ],
        tree.sub(kept.copy(), "c"),
        tree.inner(other.copy(), overlap.copy()),
    )
    some = tree.compare(tree.col("n", "day"), "<", tree.col("n", "until"))
    parts = [
        tree.query([tree.col("p", name) for name in _STRETCH], tree.sub(each, "p"))
        for each in (before, after)
    ]
    return tree.query(
        [tree.col("n", name) for name in _STRETCH], tree.sub(tree.union(parts), "n"), where=some
    )


def _spans(plan: Plan, one: Look, band: Tree) -> exp.Select:
    """Each row that the clause considers, with the days that it lasts and those to which they are kept."""
    table, metric = one.table, one.clause
    person = cells.typed(table.cell(table.person), ROW)
    low, high = tree.cast(tree.null(), tree.DATE), tree.cast(tree.null(), tree.DATE)
    tests = [tree.is_null(tree.col("k", "fail"))]
    if isinstance(metric, Metric) and (metric.within or metric.counts == "days of tracking"):
        low, high = tracking(plan, one)
        tests.append(tree.not_null(low))
    begin, stop = spans.lasting(plan, one.table, ROW) if _of_rows(one) else (low, high)
    tests.append(tree.not_null(stop))
    if isinstance(metric, Metric) and metric.held is not None:
        reached = spans.after(begin, metric.held.duration)
        tests += [
            tree.compare(reached, "<=", stop),
            tree.compare(reached, "<=", tree.day(plan.as_of)),
        ]
        begin = reached if metric.held.counting == "later days" else begin
    return tree.query(
        [
            tree.col(ROW, "seq"),
            tree.named(person, "person"),
            tree.named(band, "band"),
            tree.named(begin, "begin"),
            tree.named(stop, "stop"),
            tree.named(low, "low"),
            tree.named(high, "high"),
            tree.named(_weight(plan, one).top, "each"),
            *(cells.typed(cell, ROW) for cell in table.read),
        ],
        tree.table(f"sift_{table.at}", ROW),
        tree.inner(tree.table(f"look_{one.at}", "k"), tree.eq(tree.col(ROW, "seq"), tree.col("k", "seq"))),
        tree.inner(
            tree.table(f"pick_{plan.look(one.cohort).at}", JOINED),
            tree.eq(person, tree.col(JOINED, "person")),
        ),
        where=tree.both(tests),
    )


def _of_rows(one: Look) -> bool:
    return isinstance(one.clause, Metric) and one.clause.counts == "days"


def apart(one: Look, stretched: exp.Select, columns: int, names: tuple[str, ...]) -> exp.Select:
    """The spans with each day left to the first row of the person that holds it: the columns named, and `begin`."""
    keys = [tree.ordered(tree.col("c", "begin"))]
    keys += [tree.ordered(cells.typed(cell, "c")) for cell in one.table.read]
    keys += [tree.ordered(tree.col("r", f"c{at}")) for at in range(columns)]
    keys += [tree.ordered(tree.col("r", "extra")), tree.ordered(tree.col("c", "seq"))]
    before = exp.Window(
        this=exp.Max(this=tree.col("c", "stop")),
        partition_by=[tree.col("c", "person")],
        order=exp.Order(expressions=keys),
        spec=exp.WindowSpec(
            kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end=tree.whole(1), end_side="PRECEDING"
        ),
    )
    return tree.query(
        [
            *(tree.col("c", name) for name in names),
            tree.named(tree.greatest(tree.col("c", "begin"), before), "begin"),
        ],
        tree.sub(stretched, "c"),
        tree.inner(
            tree.table(f"raw_{one.table.at}", "r"), tree.eq(tree.col("c", "seq"), tree.col("r", "seq"))
        ),
    )


# ------------------------------------------------------------------ claims


def parts_in_segments(plan: Plan) -> tuple[list[Tree], list[exp.Join]]:
    """Segment, day and amount of the part of a stretch `b` in each segment, and the join that makes the parts."""
    rows = [
        exp.Tuple(expressions=[tree.whole(at), tree.day(each.days.start), tree.day(each.days.end)])
        for at, each in enumerate(plan.segments)
    ]
    names = [exp.to_identifier(name) for name in ("at", "start", "stop")]
    segments = exp.Values(
        expressions=rows, alias=exp.TableAlias(this=exp.to_identifier("g"), columns=names)
    )  # fmt: skip
    first = tree.greatest(tree.col("b", "day"), tree.col("g", "start"))
    last = tree.smallest(tree.col("b", "until"), tree.col("g", "stop"))
    share = tree.both(
        [
            tree.compare(tree.col("b", "day"), "<", tree.col("g", "stop")),
            tree.compare(tree.col("b", "until"), ">", tree.col("g", "start")),
        ]
    )
    amount = tree.multiply(tree.cast(tree.subtract(last, first), tree.HUGE), tree.col("b", "each"))
    return [tree.cast(tree.col("g", "at"), tree.SMALL), first, amount], [tree.inner(segments, share)]
