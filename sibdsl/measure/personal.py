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

from sibdsl.measure import days, places, tree
from sibdsl.measure.engine import Engine
from sibdsl.measure.plan import Plan
from sibdsl.measure.tree import Tree
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
class Taken:
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


def personal(plan: Plan) -> Personal:
    """The limits for each person of a contract, with a common part of the currency in which all is whole."""
    earnings, limits = to_measure(plan.contract, plan.settings, plan.segments)
    units = {one.name: days.unit(plan, one) for one in plan.metrics} if limits else {}
    parts = 1
    for one in earnings:
        parts = lcm(parts, (one.each * units[one.line.metric]).denominator)
    for limit, _ in limits:
        parts = lcm(parts, limit.amount.denominator)
    return Personal(earnings, limits, parts)


def take(engine: Engine, plan: Plan, made: Personal) -> dict[Key, Fraction]:
    """What each limit takes of each line, where it takes something. Makes a table of results for each limit."""
    if not made.earnings:
        return {}
    engine.run(tree.make("due", _due(plan, made)))
    found: dict[Key, Fraction] = {}
    for at, (limit, covered) in enumerate(made.limits):
        engine.run(tree.make(f"limit_{at}", _limited(at, limit, covered, made.parts)))
        earning, taken = tree.col("t", "earning"), tree.col("t", "taken")
        some = tree.compare(taken, ">", tree.whole(0))
        summed = tree.query(
            [earning, tree.named(tree.total(taken), "taken")],
            tree.table(f"limit_{at}", "t"),
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
    segments = {one: at for at, one in enumerate(plan.segments)}
    metrics = {one.name: at for at, one in enumerate(plan.metrics)}
    rows: list[list[Tree]] = []
    for at, one in enumerate(made.earnings):
        look = plan.metrics[metrics[one.line.metric]]
        band = -1
        if one.line.band and look.bands is not None:
            band = next(n for n, each in enumerate(look.bands.bands) if each.name == one.line.band)
        each = one.each * days.unit(plan, look) * made.parts
        cells = (at, segments[one.segment], metrics[one.line.metric], band)
        rows.append([*map(tree.whole, cells), tree.huge(each.numerator)])
    names = ("earning", "segment", "metric", "band", "each")
    claim, earning = tree.col("q", "band"), tree.col("e", "band")
    counted = tree.either([tree.not_null(claim), tree.eq(tree.col("q", "banded"), tree.whole(0))])
    mine = tree.either([tree.eq(earning, tree.whole(-1)), tree.surely(tree.eq(claim, earning))])
    alike = [tree.eq(tree.col("q", name), tree.col("e", name)) for name in ("segment", "metric")]
    amount = tree.multiply(tree.cast(tree.col("q", "amount"), tree.HUGE), tree.col("e", "each"))
    return tree.query(
        [
            *(tree.col("q", name) for name in ("tab", "seq", "person", "day")),
            tree.col("e", "earning"),
            tree.named(amount, "due"),
        ],
        tree.table("claims", "q"),
        tree.inner(_values("e", names, rows), tree.both([*alike, mine])),
        where=counted,
    )


def _limited(at: int, limit: PersonalLimit, covered: tuple[Covered, ...], parts: int) -> exp.Select:
    """What is due after the limits before this one, what this one takes of it, and what it leaves."""
    rows = [[*map(tree.whole, (one.earning, one.occasion, int(one.cuts)))] for one in covered]
    rows = rows or [[tree.whole(-1), tree.whole(-1), tree.whole(0)]]
    earning, due = tree.col("d", "earning"), tree.col("d", "due")
    order = [tree.ordered(tree.col("d", name)) for name in ("day", "earning", "tab", "seq")]
    so_far = exp.Window(
        this=exp.Sum(this=due),
        partition_by=[tree.col("d", "person"), tree.col("c", "occasion")],
        order=exp.Order(expressions=order),
        spec=exp.WindowSpec(kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end="CURRENT ROW"),
    )
    beyond = tree.subtract(so_far, tree.huge((limit.amount * parts).numerator))
    taken = tree.greatest(tree.huge(0), tree.smallest(due, beyond))
    cuts = tree.surely(tree.eq(tree.col("c", "cuts"), tree.whole(1)))
    before: Tree = tree.table("due", "d")
    if at:
        kept = [*(tree.col("p", name) for name in _KEPT), tree.named(tree.col("p", "left_over"), "due")]
        before = tree.sub(tree.query(kept, tree.table(f"limit_{at - 1}", "p")), "d")
    worked = tree.query(
        [
            *(tree.col("d", name) for name in _KEPT),
            due,
            tree.col("c", "occasion"),
            tree.named(tree.case([(cuts, taken)], tree.huge(0)), "taken"),
        ],
        before,
        tree.left(
            _values("c", ("earning", "occasion", "cuts"), rows), tree.eq(earning, tree.col("c", "earning"))
        ),
    )
    names = (*_KEPT, "due", "occasion", "taken")
    left = tree.subtract(tree.col("w", "due"), tree.col("w", "taken"))
    return tree.query(
        [*(tree.col("w", name) for name in names), tree.named(left, "left_over")], tree.sub(worked, "w")
    )


# ------------------------------------------------------------------ for whom


def results(
    engine: Engine, plan: Plan, made: Personal, *, key: Key | None = None, person: str | None = None
) -> Iterator[Taken]:
    """What limits took of results, in the order in which results fill them; of one line's limit, or of one person."""
    if not made.earnings:
        return
    for at, (limit, _) in enumerate(made.limits):
        wanted = [
            number
            for number, one in enumerate(made.earnings)
            if key is None or limit.key(one.segment, one.place) == key
        ]
        if not wanted:
            continue
        tests = [tree.not_null(tree.col("t", "occasion"))]
        if key is not None:
            tests.append(tree.either(tree.eq(tree.col("t", "earning"), tree.whole(one)) for one in wanted))
        if person is not None:
            tests.append(tree.eq(tree.col("t", "person"), tree.text(person)))
        for number, who, day, table, due, taken, source, row in engine.stream(_rows(plan, at, tests)):
            one = made.earnings[number]
            due_, taken_ = Fraction(int(due), made.parts), Fraction(int(taken), made.parts)
            mine = limit.key(one.segment, one.place)
            yield Taken(mine, limit, one.line, who, day, plan.tables[table].name, source, row, due_, taken_)


def _rows(plan: Plan, at: int, tests: list[Tree]) -> exp.Query:
    on = tree.both([tree.eq(tree.col("t", name), tree.col("p", name)) for name in ("tab", "seq")])
    names = ("earning", "person", "day", "tab", "due", "taken")
    order = [tree.ordered(tree.col("t", name)) for name in ("person", "day", "earning", "tab", "seq")]
    return tree.query(
        [*(tree.col("t", name) for name in names), tree.col("p", "shown"), tree.col("p", "row")],
        tree.table(f"limit_{at}", "t"),
        tree.inner(tree.sub(places.every(plan), "p"), on),
        where=tree.both(tests),
        order=order,
    )
