"""What limits for each person take, in whole numbers on the engine.

Each result under such a limit earns what one unit of its metric earns under a payment. In the order of results (their
dates; on one day, the clauses) what a person earns is added up, limit by limit, the narrowest first: of what exceeds a
limit nothing is paid. Source: language reference, 'A limit for each person'.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from math import lcm

from attrs import frozen
from sqlglot import exp

from sibdsl.measure import days_and_sums, file_and_row, sqltree
from sibdsl.measure.engines import Engine
from sibdsl.measure.plan import Plan
from sibdsl.measure.sqltree import Tree
from sibdsl.price.graph import Key, Line
from sibdsl.price.limits_for_each_person import Covered, Earning, PersonalLimit, to_measure

_KEPT = ("tab", "seq", "person", "day", "earning")


@frozen
class Personal:
    """What is limited for each person: the earnings, and each limit with those that it covers.

    `parts` are how many make one unit of the currency, so that all is whole.
    """

    earnings: tuple[Earning, ...]
    limits: tuple[tuple[PersonalLimit, tuple[Covered, ...]], ...]
    parts: int


@frozen
class ResultCut:
    """One result of a person that a limit cut: what came to the limit, and what the limit took of it."""

    person: str
    day: date
    records: str
    source: str
    row: int
    due: Fraction
    taken: Fraction


@frozen
class TakenOfResult:
    """One result of a person under a limit: what it earns on a payment's line, and what the limit took of it.

    `due` is what came to this limit: narrower ones take first. `key` is the unknown that it is part of.
    """

    key: Key
    limit: PersonalLimit
    line: Line
    person: str
    day: date
    records: str
    source: str
    row: int
    due: Fraction
    taken: Fraction

    @property
    def cut(self) -> ResultCut:
        """The result and what was taken of it, alone."""
        return ResultCut(self.person, self.day, self.records, self.source, self.row, self.due, self.taken)


def personal(plan: Plan) -> Personal:
    """The limits for each person of a contract, with a common part of the currency in which all is whole."""
    earnings, limits = to_measure(plan.contract, plan.settings, plan.segments)
    units = {metric.name: days_and_sums.unit(plan, metric) for metric in plan.metrics} if limits else {}
    parts = 1
    for earning in earnings:
        parts = lcm(parts, (earning.each * units[earning.line.metric]).denominator)
    for limit, _ in limits:
        parts = lcm(parts, limit.amount.denominator)
    return Personal(earnings, limits, parts)


def take(engine: Engine, plan: Plan, made: Personal) -> dict[Key, Fraction]:
    """What each limit takes of each line, where it takes something. Makes a table of results for each limit."""
    if not made.earnings:
        return {}
    engine.run(sqltree.make("due", _due(plan, made)))
    found: dict[Key, Fraction] = {}
    for at, (limit, covered) in enumerate(made.limits):
        engine.run(sqltree.make(f"limit_{at}", _limited(at, limit, covered, made.parts)))
        earning, taken = sqltree.col("t", "earning"), sqltree.col("t", "taken")
        some = sqltree.compare(taken, ">", sqltree.whole(0))
        summed = sqltree.query(
            [earning, sqltree.named(sqltree.total(taken), "taken")],
            sqltree.table(f"limit_{at}", "t"),
            where=some,
            group=[earning],
        )
        for number, amount in engine.fetch(summed):
            one = made.earnings[number]
            found[limit.key(one.segment, one.place)] = Fraction(int(amount), made.parts)
    return found


def _values(name: str, columns: tuple[str, ...], rows: list[list[Tree]]) -> exp.Values:
    return exp.Values(
        expressions=[exp.Tuple(expressions=row) for row in rows],
        alias=exp.TableAlias(
            this=exp.to_identifier(name), columns=[exp.to_identifier(column) for column in columns]
        ),
    )


def _due(plan: Plan, made: Personal) -> exp.Select:
    """Every result under some limit, once for each line that it earns, with what it earns there."""
    segments = {segment: at for at, segment in enumerate(plan.segments)}
    metrics = {metric.name: at for at, metric in enumerate(plan.metrics)}
    rows: list[list[Tree]] = []
    for at, one in enumerate(made.earnings):
        look = plan.metrics[metrics[one.line.metric]]
        band = -1
        if one.line.band and look.bands is not None:
            band = next(n for n, each in enumerate(look.bands.bands) if each.name == one.line.band)
        each = one.each * days_and_sums.unit(plan, look) * made.parts
        cells = (at, segments[one.segment], metrics[one.line.metric], band)
        rows.append([*map(sqltree.whole, cells), sqltree.huge(each.numerator)])
    names = ("earning", "segment", "metric", "band", "each")
    claim, earning = sqltree.col("q", "band"), sqltree.col("e", "band")
    counted = sqltree.either(
        [sqltree.not_null(claim), sqltree.eq(sqltree.col("q", "banded"), sqltree.whole(0))]
    )
    mine = sqltree.either(
        [sqltree.eq(earning, sqltree.whole(-1)), sqltree.surely(sqltree.eq(claim, earning))]
    )
    alike = [sqltree.eq(sqltree.col("q", name), sqltree.col("e", name)) for name in ("segment", "metric")]
    amount = sqltree.multiply(
        sqltree.cast(sqltree.col("q", "amount"), sqltree.HUGE), sqltree.col("e", "each")
    )
    return sqltree.query(
        [
            *(sqltree.col("q", name) for name in ("tab", "seq", "person", "day")),
            sqltree.col("e", "earning"),
            sqltree.named(amount, "due"),
        ],
        sqltree.table("claims", "q"),
        sqltree.inner(_values("e", names, rows), sqltree.both([*alike, mine])),
        where=counted,
    )


def _limited(at: int, limit: PersonalLimit, covered: tuple[Covered, ...], parts: int) -> exp.Select:
    """What is due after the limits before this one, what this one takes of it, and what it leaves."""
    rows = [[*map(sqltree.whole, (one.earning, one.occasion, int(one.cuts)))] for one in covered]
    rows = rows or [[sqltree.whole(-1), sqltree.whole(-1), sqltree.whole(0)]]
    earning, due = sqltree.col("d", "earning"), sqltree.col("d", "due")
    order = [sqltree.ordered(sqltree.col("d", name)) for name in ("day", "earning", "tab", "seq")]
    so_far = exp.Window(
        this=exp.Sum(this=due),
        partition_by=[sqltree.col("d", "person"), sqltree.col("c", "occasion")],
        order=exp.Order(expressions=order),
        spec=exp.WindowSpec(kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end="CURRENT ROW"),
    )
    beyond = sqltree.subtract(so_far, sqltree.huge((limit.amount * parts).numerator))
    taken = sqltree.greatest(sqltree.huge(0), sqltree.smallest(due, beyond))
    cuts = sqltree.surely(sqltree.eq(sqltree.col("c", "cuts"), sqltree.whole(1)))
    before: Tree = sqltree.table("due", "d")
    if at:
        kept = [
            *(sqltree.col("p", name) for name in _KEPT),
            sqltree.named(sqltree.col("p", "left_over"), "due"),
        ]
        before = sqltree.sub(sqltree.query(kept, sqltree.table(f"limit_{at - 1}", "p")), "d")
    worked = sqltree.query(
        [
            *(sqltree.col("d", name) for name in _KEPT),
            due,
            sqltree.col("c", "occasion"),
            sqltree.named(sqltree.case([(cuts, taken)], sqltree.huge(0)), "taken"),
        ],
        before,
        sqltree.left(
            _values("c", ("earning", "occasion", "cuts"), rows),
            sqltree.eq(earning, sqltree.col("c", "earning")),
        ),
    )
    names = (*_KEPT, "due", "occasion", "taken")
    left = sqltree.subtract(sqltree.col("w", "due"), sqltree.col("w", "taken"))
    return sqltree.query(
        [*(sqltree.col("w", name) for name in names), sqltree.named(left, "left_over")],
        sqltree.sub(worked, "w"),
    )


# ------------------------------------------------------------------ for whom


def results(
    engine: Engine, plan: Plan, made: Personal, *, key: Key | None = None, person: str | None = None
) -> Iterator[TakenOfResult]:
    """What limits took of results, in the order in which results fill them; of one line's limit, or of one person."""
    if not made.earnings:
        return
    for at, (limit, _) in enumerate(made.limits):
        wanted = [
            number
            for number, earning in enumerate(made.earnings)
            if key is None or limit.key(earning.segment, earning.place) == key
        ]
        if not wanted:
            continue
        tests = [sqltree.not_null(sqltree.col("t", "occasion"))]
        if key is not None:
            tests.append(
                sqltree.either(sqltree.eq(sqltree.col("t", "earning"), sqltree.whole(one)) for one in wanted)
            )
        if person is not None:
            tests.append(sqltree.eq(sqltree.col("t", "person"), sqltree.text(person)))
        for number, who, day, table, due, taken, source, row in engine.stream(_rows(plan, at, tests)):
            earning = made.earnings[number]
            due_, taken_ = Fraction(int(due), made.parts), Fraction(int(taken), made.parts)
            mine = limit.key(earning.segment, earning.place)
            yield TakenOfResult(
                mine, limit, earning.line, who, day, plan.tables[table].name, source, row, due_, taken_
            )


def _rows(plan: Plan, at: int, tests: list[Tree]) -> exp.Query:
    on = sqltree.both([sqltree.eq(sqltree.col("t", name), sqltree.col("p", name)) for name in ("tab", "seq")])
    names = ("earning", "person", "day", "tab", "due", "taken")
    order = [sqltree.ordered(sqltree.col("t", name)) for name in ("person", "day", "earning", "tab", "seq")]
    return sqltree.query(
        [*(sqltree.col("t", name) for name in names), sqltree.col("p", "shown"), sqltree.col("p", "row")],
        sqltree.table(f"limit_{at}", "t"),
        sqltree.inner(sqltree.sub(file_and_row.every(plan), "p"), on),
        where=sqltree.both(tests),
        order=order,
    )
