"""Rows that may tell one thing twice, each a warning: amounts stay as they are. Source: records reference, 'Look again'."""

from __future__ import annotations

from functools import partial

from sqlglot import exp

from sibdsl.diagnostics import Problems, same
from sibdsl.measure import cells, places, told, tree
from sibdsl.measure.engine import Engine
from sibdsl.measure.plan import Cell, Plan, Table
from sibdsl.measure.tree import Tree
from sibdsl.model.nodes import Metric

#: What is counted by the days that a row lasts, so that an open row runs on.
_BY_THE_DAY = ("days", "share of days", "days of tracking")
#: Kinds of columns, beside identifiers, that may hold what a row is called; and how such a column is named.
_CALLED = ("text", "count", "number")
_TAILS = ("identifier", "reference", "number", "code", "ref", "id", "no")


def repeats(engine: Engine, plan: Plan, problems: Problems) -> None:
    """Warn of identifiers that repeat (SIB0619), spells that begin together (SIB0620), open rows that seem over (SIB0621)."""
    for table in plan.tables:
        if not table.read:
            continue
        identifiers_repeated(engine, plan, table, problems)
        spells_begun_together(engine, plan, table, problems)
        open_rows_followed(engine, plan, table, problems)


def own_identifier(plan: Plan, table: Table) -> Cell | None:
    """The column that identifies the row, None where there is none.

    It is the identifier named after what a row is; or a text or a number that is called its ID, number or reference; or else
    the first identifier, unless that is named after the rows of another table or after what the row is only a part of.
    """
    noun = same(table.records.row_is)
    those = [cell for cell in table.filed if cell.column.kind == "identifier"]
    for cell in those:
        if noun and same(cell.name).startswith(noun):
            return cell
    for cell in table.filed:
        if cell.column.kind in _CALLED and noun and _called(cell) == noun:
            return cell
    others = {same(other.records.row_is) for other in plan.tables if other is not table} - {""}
    if not those or _called(those[0]) in others or _of_a_whole(those[0], table):
        return None
    return those[0]


def _of_a_whole(cell: Cell, table: Table) -> bool:
    """Whether an identifier is that of what a row is a part of: an `Invoice ID` where a row is an Invoice Line."""
    first, row_is = same(cell.name.split()[0]), table.records.row_is.split()
    return len(row_is) > 1 and same(row_is[0]) == first


def _called(cell: Cell) -> str:
    """What a column is the ID, number or reference of; '' where its name does not say so."""
    name = same(cell.name)
    tail = next((tail for tail in _TAILS if name.endswith(tail)), "")
    return name.removesuffix(tail) if tail else ""


def identifiers_repeated(engine: Engine, plan: Plan, table: Table, problems: Problems) -> None:
    """Warn of rows that have one identifier and differ in other cells (SIB0619)."""
    cell = own_identifier(plan, table)
    if cell is None:
        return
    value = cells.raw(cell, "r")
    rows = told.readable(
        plan,
        table,
        [tree.named(value, "value"), tree.col("r", "seq")],
        tree.compare(value, ">", tree.text("")),
    )
    found = told.tell(engine, table, _several(rows))
    if found is None:
        return
    many = "an identifier stands" if found.values == 1 else f"{found.values:,} identifiers stand"
    problems.add(
        "SIB0619",
        f"{many} in several rows of {table.name} that differ in other cells, in {told.rows(found.rows)}: "
        f"{cell.name} {found}. Each row is counted as one of its own",
        cell.column.span,
        help="Look whether they are one and the same, told again or corrected, and leave one row for each.",
        severity="warning",
    )


def _several(rows: exp.Query) -> exp.Select:
    """Those rows whose value some other of them has."""
    several = tree.compare(tree.count(), ">", tree.whole(1))
    values = tree.query(
        [tree.col("v", "value")], tree.sub(rows.copy(), "v"), group=[tree.col("v", "value")], having=several
    )
    among = exp.In(this=tree.col("w", "value"), query=values.subquery(copy=False))
    return tree.query([tree.col("w", "value"), tree.col("w", "seq")], tree.sub(rows, "w"), where=among)


def _value(cell: Cell) -> Tree | None:
    """What a cell stands for, of `s` where it is read, of `r` where it stands in a file; None elsewhere."""
    if cell.read:
        return cells.typed(cell, "s")
    return None if cell.column.formula is not None else cells.value(cell, "r")


def _spell(table: Table) -> tuple[Tree, Tree] | None:
    """The first and the last day of a row, as its columns tell them; None where no clause reads the first."""
    spell = table.records.spell
    if spell is None or not table.person or not table.cell(spell.start).read:
        return None
    start, end = _value(table.cell(spell.start)), _value(table.cell(spell.end))
    return None if start is None or end is None else (start, end)


def spells_begun_together(engine: Engine, plan: Plan, table: Table, problems: Problems) -> None:
    """Warn of rows of one person that begin on one day (SIB0620), told apart by their identifiers or their ends.

    Of one that is open and one that has an end `open_rows_followed` tells; of one identifier `identifiers_repeated`.
    """
    ends = _spell(table)
    if ends is None:
        return
    start, end = ends
    person = cells.person(table, "s")
    own = own_identifier(plan, table)
    which = cells.raw(own, "r") if own else tree.text("")
    rows = told.readable(
        plan,
        table,
        [
            tree.named(person, "who"),
            tree.named(start, "begin"),
            tree.col("r", "seq"),
            tree.named(which, "which"),
            tree.named(tree.is_null(end), "going"),
        ],
        tree.not_null(person),
        tree.not_null(start),
    )
    alike = [tree.col("v", name) for name in ("who", "begin")]
    least, most = (exp.Anonymous(this=way, expressions=[tree.col("v", "which")]) for way in ("min", "max"))
    tests = [tree.compare(tree.count(), ">", tree.whole(1))]
    if table.records.spell and table.records.spell.open_while_blank and _one_at_a_time(plan, table):
        open_too = exp.Anonymous(this="bool_or", expressions=[tree.col("v", "going")])
        closed_too = exp.Anonymous(this="bool_or", expressions=[tree.negate(tree.col("v", "going"))])
        tests.append(tree.negate(tree.both([open_too, closed_too])))
    if own:
        blank = tree.eq(least, tree.text(""))
        tests.append(tree.either([blank, tree.negate(tree.eq(least, most))]))
    values = tree.query(alike, tree.sub(rows.copy(), "v"), group=alike, having=tree.both(tests))
    value = tree.join_text(tree.col("w", "who"), " from ", tree.cast(tree.col("w", "begin"), tree.TEXT))
    both = tree.both([tree.eq(tree.col("w", name), tree.col("k", name)) for name in ("who", "begin")])
    flagged = tree.query(
        [tree.named(value, "value"), tree.col("w", "seq")],
        tree.sub(rows, "w"),
        tree.inner(tree.sub(values, "k"), both),
    )
    found = told.tell(engine, table, flagged)
    if found is None:
        return
    spell = table.cell(table.records.spell.start) if table.records.spell else None
    problems.add(
        "SIB0620",
        f"{told.rows(found.rows)} of {table.name} begin on the same day as another of the same person: {found}. "
        "Each is counted as a row of its own",
        spell.column.span if spell else table.records.span,
        help="Look whether they are one and the same, told again or corrected, and leave one row for each.",
        severity="warning",
    )


def open_rows_followed(engine: Engine, plan: Plan, table: Table, problems: Problems) -> None:
    """Warn of rows without an end, where another row gives the same thing an end, or begins later (SIB0621).

    The same thing is the row's own identifier. Where rows have none, and where days of the rows are counted, it is the
    person: a row of the same first day that has an end closes an open one, and one that begins later follows it.
    """
    ends = _spell(table)
    spell = table.spell
    if ends is None or spell is None or not spell.open_while_blank:
        return
    start, end = ends
    own = own_identifier(plan, table)
    which = cells.raw(own, "r") if own else tree.text("")
    rows = told.readable(
        plan,
        table,
        [
            tree.named(cells.person(table, "s"), "person"),
            tree.named(start, "begin"),
            tree.named(end, "stop"),
            tree.named(which, "which"),
            tree.col("r", "seq"),
            tree.col("r", "part"),
            tree.col("r", "row"),
        ],
        tree.not_null(cells.person(table, "s")),
    )
    o, c = partial(tree.col, "o"), partial(tree.col, "c")
    same_day = tree.eq(o("begin"), c("begin"))
    same_own = tree.both([tree.compare(o("which"), ">", tree.text("")), tree.eq(o("which"), c("which"))])
    single = _one_at_a_time(plan, table)
    alike = tree.either([same_day, same_own]) if single else same_own
    closes = tree.both([tree.not_null(c("stop")), alike])
    after: list[Tree] = [closes]
    if single:
        after.append(tree.compare(c("begin"), ">", o("begin")))
    apart = tree.negate(tree.eq(o("seq"), c("seq")))
    order = [
        tree.ordered(closes, descending=True),
        *(tree.ordered(c(name)) for name in ("begin", "stop", "seq")),
    ]
    pairs = tree.query(
        [
            tree.named(o("person"), "value"),
            o("seq"),
            tree.named(c("part"), "part"),
            tree.named(c("row"), "row"),
            tree.named(closes, "closes"),
            tree.named(c("begin"), "begin"),
            tree.named(c("stop"), "stop"),
            tree.named(tree.row_number([o("seq")], order), "place"),
        ],
        tree.sub(rows.copy(), "o"),
        tree.inner(tree.sub(rows, "c"), tree.both([tree.eq(o("person"), c("person")), apart])),
        where=tree.both([tree.is_null(o("stop")), tree.either(after)]),
    )
    paired = tree.query(
        [tree.everything()],
        tree.sub(pairs, "p"),
        where=tree.eq(tree.col("p", "place"), tree.whole(1)),
    )
    _tell_open(engine, table, paired, problems)


def _one_at_a_time(plan: Plan, table: Table) -> bool:
    """Whether a person has one of these rows at a time: they have no identifiers, or are counted by the day."""
    if own_identifier(plan, table) is None:
        return True
    metrics = (look.clause for look in plan.metrics)
    return any(
        isinstance(metric, Metric)
        and metric.counts in _BY_THE_DAY
        and table.name in (metric.records, metric.days_of)
        for metric in metrics
    )


def _tell_open(engine: Engine, table: Table, paired: exp.Query, problems: Problems) -> None:
    value, seq = tree.col("q", "value"), tree.col("q", "seq")
    number = engine.fetch(tree.query([tree.count()], tree.sub(paired.copy(), "q")))[0][0]
    if not number:
        return
    query = tree.query(
        [
            value,
            tree.col("f", "shown"),
            tree.col("r", "row"),
            tree.col("g", "shown"),
            tree.col("q", "row"),
            tree.surely(tree.col("q", "closes")),
            tree.cast(tree.col("q", "begin"), tree.TEXT),
            tree.cast(tree.col("q", "stop"), tree.TEXT),
        ],
        tree.sub(paired, "q"),
        tree.inner(tree.table(f"raw_{table.at}", "r"), tree.eq(seq, tree.col("r", "seq"))),
        tree.inner(tree.table("files", "f"), places.file_of(table, "f", "r")),
        tree.inner(tree.table("files", "g"), places.file_of(table, "g", "q")),
        order=[tree.ordered(value), tree.ordered(tree.col("q", "begin")), tree.ordered(seq)],
    )
    said: list[str] = []
    for person, file, row, other, number_there, closes, begin, stop in engine.fetch(_limited(query)):
        then = f"ends on {stop}" if closes else f"begins on {begin}"
        said.append(f"{told.shown(person)} ({file} row {row} is open, {other} row {number_there} {then})")
    more = f"; and {number - len(said):,} more" if number > len(said) else ""
    spell = table.records.spell
    problems.add(
        "SIB0621",
        f"{told.rows(number)} of {table.name} {'is' if number == 1 else 'are'} open, and another row of the same person "
        f"tells of an end or begins later: {'; '.join(said)}{more}. Each open row is taken to last still",
        table.cell(spell.end).column.span if spell else table.records.span,
        help="Fill in the end of each row that is over, or take out the row that another replaces.",
        severity="warning",
    )


def _limited(query: exp.Select) -> exp.Select:
    return query.limit(told.SHOWN, copy=False)
