"""Days and sums as SQL: the days of rows, each once for a person; the days of tracking; and what each result comes to.

A row of `found_k` of a metric that counts days is a stretch of days, from `day` up to, not including, `until`. Of several
rows of a person that hold a day, the one that begins first has it; of those that begin together, the first by what is read
of them, then by their cells as text. `each` is what one day comes to, or what a row adds, as a whole number of the parts
that `unit` gives.
"""

from __future__ import annotations

from fractions import Fraction

from attrs import evolve
from sqlglot import exp

from sibdsl import dates
from sibdsl.measure import reading_cells, rows_beside, spells, sqltree, time_held, window_days
from sibdsl.measure.conditions import JOINED, ROW, Exact, exact, of_cell
from sibdsl.measure.looks import Look, MetricLook
from sibdsl.measure.plan import Plan
from sibdsl.measure.sqltree import Tree
from sibdsl.model.nodes import DaysCounted, DaysOfTracking, PeopleReaching, Tracked


def followed(plan: Plan, look: MetricLook) -> Tracked:
    """For how long each person is followed, from which date of the row that joined them: their tracking, or a window."""
    if look.clause.within == "window" and look.clause.window is not None:
        return look.clause.window
    tracked = plan.cohort(look.cohort).clause.tracked
    if tracked is None:
        raise TypeError(f"{look.cohort} is not tracked")
    return tracked


def tracking(plan: Plan, look: MetricLook) -> tuple[Tree, Tree]:
    """The first day of the person's tracking or window and the day after its last."""
    lasts = followed(plan, look)
    start = reading_cells.typed(plan.cohort(look.cohort).table.cell(lasts.start), JOINED)
    return start, spells.after(start, lasts.duration)


def unit(plan: Plan, look: MetricLook) -> Fraction:
    """What one whole number of the engine stands for in the metric's quantities."""
    if look.clause.counts.of_values:
        column = of_cell(look.table.cell(look.clause.counts.column), "o")
        return column.scale * _weight(plan, look).scale
    if look.clause.counts.of_window:
        return window_days.unit(look)
    return _weight(plan, look).scale


def weighing(plan: Plan, look: MetricLook) -> tuple[MetricLook, exp.Join]:
    """The look as its weight reads it, and the join, as `s`, of the row in which it does to a result `b`."""
    if look.clause.weight_at == "joining":
        joining = plan.cohort(look.cohort)
        same = sqltree.eq(sqltree.col("b", "person"), sqltree.col(ROW, "person"))
        return evolve(look, table=joining.table), sqltree.inner(
            sqltree.table(f"pick_{joining.at}", ROW), same
        )
    same = sqltree.eq(sqltree.col("b", "seq"), sqltree.col(ROW, "seq"))
    return look, sqltree.inner(sqltree.table(f"sift_{look.table.at}", ROW), same)


def each_of_row(plan: Plan, look: MetricLook, results: exp.Query) -> exp.Select:
    """What each of the results comes to, as `each`, in whole numbers of the metric's unit: of its column, by its weight.

    Of a metric of parts it is `each` over `over`, two whole numbers without a common factor.
    """
    names = [sqltree.col("b", name) for name in ("seq", "person", "day", "band")]
    joins: list[exp.Join] = []
    each: list[Exact] = []
    if look.clause.counts.column:
        same = sqltree.eq(sqltree.col("b", "seq"), sqltree.col("o", "seq"))
        joins.append(sqltree.inner(sqltree.table(f"sift_{look.table.at}", "o"), same))
        each.append(of_cell(look.table.cell(look.clause.counts.column), "o"))
    if look.clause.weight is not None:
        joins.append(weighing(plan, look)[1])
        each.append(_weight(plan, look))
    tops = [part.top for part in each]
    amount = (
        tops[0] if len(tops) == 1 else sqltree.multiply(*(sqltree.cast(part, sqltree.HUGE) for part in tops))
    )
    overs = [part.over for part in each if part.over is not None]
    if not overs:
        return sqltree.query([*names, sqltree.named(amount, "each")], sqltree.sub(results, "b"), *joins)
    over = overs[0] if len(overs) == 1 else sqltree.multiply(*overs)
    whole = sqltree.query(
        [*names, sqltree.named(amount, "each"), sqltree.named(over, "over")],
        sqltree.sub(results, "b"),
        *joins,
    )
    common = sqltree.common(sqltree.col("b", "each"), sqltree.col("b", "over"))
    return sqltree.query(
        [
            *names,
            *(
                sqltree.named(sqltree.divide(sqltree.col("b", name), common), name)
                for name in ("each", "over")
            ),
        ],
        sqltree.sub(whole, "b"),
    )


def of_parts(plan: Plan, look: MetricLook) -> bool:
    """Whether what each result comes to is kept as one whole number over another: finer than numbers of files may be."""
    column = look.clause.counts.column
    if look.clause.counts.by_the_day or isinstance(look.clause.counts, PeopleReaching):
        return False
    return bool(column and look.table.cell(column).in_parts) or _weight(plan, look).over is not None


def _weight(plan: Plan, look: MetricLook) -> Exact:
    if look.clause.weight is None:
        return Exact(sqltree.whole(1), None, Fraction(1))
    return exact(plan, weighing(plan, look)[0], look.clause.weight)


def _weight_of_day(plan: Plan, look: MetricLook) -> Tree:
    """What one day of the row `s` is multiplied by; one read at joining stands in the row `joined` beside it."""
    each = _weight(plan, look).top
    if look.clause.weight_at == "joining":
        for read in [column for column in each.find_all(exp.Column) if column.table == ROW]:
            read.set("table", exp.to_identifier(JOINED))
    return each


# ------------------------------------------------------------------ stretches


def stretches(plan: Plan, look: MetricLook, band: Tree, columns: int) -> exp.Select:
    """The days that each row has to itself, within the payment period and up to the as-of date. `columns` counts raw cells."""
    owned = _spans(plan, look, band)
    if isinstance(look.clause.counts, DaysCounted):
        owned = apart(look, owned, columns, ("seq", "person", "band", "stop", "low", "high", "each"))
    days = plan.contract.payment_period
    start, end = look.in_force.first or days.start, min(days.end, dates.day_after(plan.as_of))
    if look.in_force.last is not None:
        end = min(end, dates.day_after(look.in_force.last))
    start = max(start, days.start)
    if look.clause.days_in == "service period":
        start, end = max(start, plan.contract.service.start), min(end, plan.contract.service.end)
    first = sqltree.greatest(sqltree.col("b", "begin"), sqltree.col("b", "low"), sqltree.day(start))
    last = sqltree.smallest(sqltree.col("b", "stop"), sqltree.col("b", "high"), sqltree.day(end))
    cut = sqltree.query(
        [
            *(sqltree.col("b", name) for name in ("seq", "person", "band", "each")),
            sqltree.named(first, "day"),
            sqltree.named(last, "until"),
        ],
        sqltree.sub(owned, "b"),
    )
    some = sqltree.compare(sqltree.col("c", "day"), "<", sqltree.col("c", "until"))
    kept = sqltree.query([sqltree.col("c", name) for name in _STRETCH], sqltree.sub(cut, "c"), where=some)
    return _net(plan, look, kept) if look.net_of else kept


_STRETCH = ("seq", "person", "day", "band", "until", "each")


def _net(plan: Plan, look: MetricLook, kept: exp.Select) -> exp.Select:
    """The stretches without the days that another metric counts for the same person: what lies before, between and after.

    The other's stretches of one person have no day in common.
    """
    overlap = sqltree.both(
        [
            sqltree.eq(sqltree.col("c", "person"), sqltree.col("o", "person")),
            sqltree.compare(sqltree.col("o", "day"), "<", sqltree.col("c", "until")),
            sqltree.compare(sqltree.col("o", "until"), ">", sqltree.col("c", "day")),
        ]
    )
    other = sqltree.table(f"found_{plan.look(look.net_of).at}", "o")
    own = ("seq", "person", "band", "each")
    same = [sqltree.col("c", name) for name in (*own, "day", "until")]
    before = sqltree.query(
        [
            *(sqltree.col("c", name) for name in (*own, "day")),
            sqltree.named(
                sqltree.smallest(sqltree.col("c", "until"), sqltree.least(sqltree.col("o", "day"))), "until"
            ),
        ],
        sqltree.sub(kept, "c"),
        sqltree.left(other, overlap),
        group=same,
    )
    next_one = sqltree.ranked(
        exp.Anonymous(this="lead", expressions=[sqltree.col("o", "day")]),
        same,
        [sqltree.ordered(sqltree.col("o", "day"))],
    )
    after = sqltree.query(
        [
            *(sqltree.col("c", name) for name in own),
            sqltree.named(sqltree.col("o", "until"), "day"),
            sqltree.named(sqltree.smallest(sqltree.col("c", "until"), next_one), "until"),
        ],
        sqltree.sub(kept.copy(), "c"),
        sqltree.inner(other.copy(), overlap.copy()),
    )
    some = sqltree.compare(sqltree.col("n", "day"), "<", sqltree.col("n", "until"))
    parts = [
        sqltree.query([sqltree.col("p", name) for name in _STRETCH], sqltree.sub(each, "p"))
        for each in (before, after)
    ]
    return sqltree.query(
        [sqltree.col("n", name) for name in _STRETCH], sqltree.sub(sqltree.union(parts), "n"), where=some
    )


def _spans(plan: Plan, look: MetricLook, band: Tree) -> exp.Select:
    """Each row that the clause considers, with the days that it lasts and those to which they are kept."""
    table, metric = look.table, look.clause
    person = reading_cells.typed(table.cell(table.person), ROW)
    low, high = sqltree.cast(sqltree.null(), sqltree.DATE), sqltree.cast(sqltree.null(), sqltree.DATE)
    tests: list[Tree] = []
    if metric.within or isinstance(metric.counts, DaysOfTracking):
        low, high = tracking(plan, look)
        tests.append(sqltree.not_null(low))
    begin, stop = (
        spells.lasting(plan, look.table, ROW) if isinstance(metric.counts, DaysCounted) else (low, high)
    )
    tests.append(sqltree.not_null(stop))
    if metric.held is not None:
        reached = time_held.complete(plan, look, metric.held, begin)
        tests += [
            sqltree.compare(reached, "<=", stop),
            sqltree.compare(reached, "<=", sqltree.day(plan.as_of)),
        ]
        begin = reached if metric.held.counting == "later days" else begin
    return sqltree.query(
        [
            sqltree.col(ROW, "seq"),
            sqltree.named(person, "person"),
            sqltree.named(band, "band"),
            sqltree.named(begin, "begin"),
            sqltree.named(stop, "stop"),
            sqltree.named(low, "low"),
            sqltree.named(high, "high"),
            sqltree.named(_weight_of_day(plan, look), "each"),
            *(reading_cells.typed(cell, ROW) for cell in table.read),
        ],
        sqltree.table(f"pass_{look.at}", ROW),
        sqltree.inner(
            sqltree.table(f"pick_{plan.cohort(look.cohort).at}", JOINED),
            sqltree.eq(person, sqltree.col(JOINED, "person")),
        ),
        *(rows_beside.picked(plan, look) if rows_beside.read_for_results(look) else []),
        where=sqltree.both(tests),
    )


def apart(look: Look, stretched: exp.Select, columns: int, names: tuple[str, ...]) -> exp.Select:
    """The spans with each day left to the first row of the person that holds it: the columns named, and `begin`."""
    keys = [sqltree.ordered(sqltree.col("c", "begin"))]
    keys += [sqltree.ordered(reading_cells.typed(cell, "c")) for cell in look.table.read]
    keys += [sqltree.ordered(sqltree.col("r", f"c{at}")) for at in range(columns)]
    keys += [sqltree.ordered(sqltree.col("r", "extra")), sqltree.ordered(sqltree.col("c", "seq"))]
    before = exp.Window(
        this=exp.Max(this=sqltree.col("c", "stop")),
        partition_by=[sqltree.col("c", "person")],
        order=exp.Order(expressions=keys),
        spec=exp.WindowSpec(
            kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end=sqltree.whole(1), end_side="PRECEDING"
        ),
    )
    return sqltree.query(
        [
            *(sqltree.col("c", name) for name in names),
            sqltree.named(sqltree.greatest(sqltree.col("c", "begin"), before), "begin"),
        ],
        sqltree.sub(stretched, "c"),
        sqltree.inner(
            sqltree.table(f"raw_{look.table.at}", "r"),
            sqltree.eq(sqltree.col("c", "seq"), sqltree.col("r", "seq")),
        ),
    )


# ------------------------------------------------------------------ claims


def parts_in_segments(plan: Plan) -> tuple[list[Tree], list[exp.Join]]:
    """Segment, day and amount of the part of a stretch `b` in each segment, and the join that makes the parts."""
    rows = [
        exp.Tuple(
            expressions=[sqltree.whole(at), sqltree.day(segment.days.start), sqltree.day(segment.days.end)]
        )
        for at, segment in enumerate(plan.segments)
    ]
    names = [exp.to_identifier(name) for name in ("at", "start", "stop")]
    segments = exp.Values(
        expressions=rows, alias=exp.TableAlias(this=exp.to_identifier("g"), columns=names)
    )  # fmt: skip
    first = sqltree.greatest(sqltree.col("b", "day"), sqltree.col("g", "start"))
    last = sqltree.smallest(sqltree.col("b", "until"), sqltree.col("g", "stop"))
    share = sqltree.both(
        [
            sqltree.compare(sqltree.col("b", "day"), "<", sqltree.col("g", "stop")),
            sqltree.compare(sqltree.col("b", "until"), ">", sqltree.col("g", "start")),
        ]
    )
    amount = sqltree.multiply(
        sqltree.cast(sqltree.subtract(last, first), sqltree.HUGE), sqltree.col("b", "each")
    )
    return [sqltree.cast(sqltree.col("g", "at"), sqltree.SMALL), first, amount], [
        sqltree.inner(segments, share)
    ]
