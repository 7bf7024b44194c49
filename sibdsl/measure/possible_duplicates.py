"""Rows that may tell one thing twice, each a warning: amounts stay as they are. Source: records reference, 'Look again'."""

from __future__ import annotations

from functools import partial

from sqlglot import exp

from sibdsl.diagnostics import Problems, same
from sibdsl.measure import file_and_row, reading_cells, sqltree, warned_rows
from sibdsl.measure.engines import Engine
from sibdsl.measure.looks import PlannedColumn, PlannedTable
from sibdsl.measure.plan import Plan
from sibdsl.measure.sqltree import Tree
from sibdsl.model.nodes import DaysCounted, DaysOfTracking, ShareOfDays

#: What is counted by the days that a row lasts, so that an open row runs on.
#: Kinds of columns, beside identifiers, that may hold what a row is called; and how such a column is named.
_CALLED = ("text", "count", "number")
_TAILS = ("identifier", "reference", "number", "code", "ref", "id", "no")


def repeats(engine: Engine, plan: Plan, problems: Problems) -> None:
    """Warn of identifiers that repeat (SIB0619), spells that begin together (SIB0620), open rows that seem over (SIB0621)."""
    for table in plan.tables:
        if not table.read:
            continue
        repeated = bool(table.records.key) or identifiers_repeated(engine, plan, table, problems)
        spells_begun_together(engine, plan, table, problems)
        if repeated or _one_at_a_time(plan, table):
            open_rows_followed(engine, plan, table, problems)


def own_identifier(plan: Plan, table: PlannedTable) -> PlannedColumn | None:
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


def _of_a_whole(cell: PlannedColumn, table: PlannedTable) -> bool:
    """Whether an identifier is that of what a row is a part of: an `Invoice ID` where a row is an Invoice Line."""
    first, row_is = same(cell.name.split()[0]), table.records.row_is.split()
    return len(row_is) > 1 and same(row_is[0]) == first


def _called(cell: PlannedColumn) -> str:
    """What a column is the ID, number or reference of; '' where its name does not say so."""
    name = same(cell.name)
    tail = next((tail for tail in _TAILS if name.endswith(tail)), "")
    return name.removesuffix(tail) if tail else ""


def identifiers_repeated(engine: Engine, plan: Plan, table: PlannedTable, problems: Problems) -> bool:
    """Warn of rows that have one identifier and differ in other cells (SIB0619). Whether there are any."""
    cell = own_identifier(plan, table)
    if cell is None:
        return False
    value = _written(cell)
    rows = warned_rows.readable(
        plan,
        table,
        [sqltree.named(value, "value"), sqltree.col("s", "seq")],
        sqltree.compare(value, ">", sqltree.text("")),
    )
    found = warned_rows.tell(engine, table, _several(warned_rows.alike(engine, rows, ["value"])))
    if found is None:
        return False
    many = "an identifier stands" if found.values == 1 else f"{found.values:,} identifiers stand"
    problems.add(
        "SIB0619",
        f"{many} in several rows of {table.name} that differ in other cells, in {warned_rows.rows(found.rows)}: "
        f"{cell.name} {found}. Each row is counted as one of its own",
        cell.column.span,
        help="Look whether they are one and the same, told again or corrected. If so, leave one row for each, or let the records "
        f"block say which of them stands: `identified by {cell.name}`, and `if several`.",
        severity="warning",
    )
    return True


def _written(cell: PlannedColumn) -> Tree:
    """An identifier's text, '' for a blank: of `s` where that holds it, else of `r`."""
    column = cell.column
    if not cell.read or column.written or column.kind not in ("identifier", "text"):
        return reading_cells.raw(cell, "r")
    return exp.Coalesce(this=reading_cells.typed(cell, "s"), expressions=[sqltree.text("")])


def _several(rows: exp.Table) -> exp.Select:
    """Those rows whose value some other of them has."""
    several = sqltree.compare(sqltree.count(), ">", sqltree.whole(1))
    value = sqltree.col("w", "value")
    values = sqltree.query([value], rows.copy(), group=[value], having=several)
    among = exp.In(this=value, query=values.subquery(copy=False))
    return sqltree.query([value, sqltree.col("w", "seq")], rows, where=among)


def _value(cell: PlannedColumn) -> Tree | None:
    """What a cell stands for, of `s` where it is read, of `r` where it stands in a file; None elsewhere."""
    if cell.read:
        return reading_cells.typed(cell, "s")
    return None if cell.column.formula is not None else reading_cells.value(cell, "r")


def _spell(table: PlannedTable) -> tuple[Tree, Tree] | None:
    """The first and the last day of a row, as its columns tell them; None where no clause reads the first."""
    spell = table.records.spell
    if spell is None or not table.person or not table.cell(spell.start).read:
        return None
    start, end = _value(table.cell(spell.start)), _value(table.cell(spell.end))
    return None if start is None or end is None else (start, end)


def spells_begun_together(engine: Engine, plan: Plan, table: PlannedTable, problems: Problems) -> None:
    """Warn of rows of one person that begin on one day (SIB0620), told apart by their identifiers or their ends.

    Of one that is open and one that has an end `open_rows_followed` tells; of one identifier `identifiers_repeated`.
    """
    ends = _spell(table)
    if ends is None:
        return
    start, end = ends
    person = reading_cells.person(table, "s")
    own = own_identifier(plan, table)
    which = _written(own) if own else sqltree.text("")
    rows = warned_rows.readable(
        plan,
        table,
        [
            sqltree.named(person, "who"),
            sqltree.named(start, "begin"),
            sqltree.col("s", "seq"),
            sqltree.named(which, "which"),
            sqltree.named(sqltree.is_null(end), "going"),
        ],
        sqltree.not_null(person),
        sqltree.not_null(start),
    )
    source = warned_rows.alike(engine, rows, ["who", "begin"])
    alike = [sqltree.col("w", name) for name in ("who", "begin")]
    least, most = (exp.Anonymous(this=way, expressions=[sqltree.col("w", "which")]) for way in ("min", "max"))
    tests = [sqltree.compare(sqltree.count(), ">", sqltree.whole(1))]
    spell = table.records.spell
    if spell and spell.open_while_blank and not spell.until_next and _one_at_a_time(plan, table):
        open_too = exp.Anonymous(this="bool_or", expressions=[sqltree.col("w", "going")])
        closed_too = exp.Anonymous(this="bool_or", expressions=[sqltree.negate(sqltree.col("w", "going"))])
        tests.append(sqltree.negate(sqltree.both([open_too, closed_too])))
    if own:
        blank = sqltree.eq(least, sqltree.text(""))
        tests.append(sqltree.either([blank, sqltree.negate(sqltree.eq(least, most))]))
    values = sqltree.query(alike, source.copy(), group=alike, having=sqltree.both(tests))
    value = sqltree.join_text(
        sqltree.col("w", "who"), " from ", sqltree.cast(sqltree.col("w", "begin"), sqltree.TEXT)
    )
    both = sqltree.both(
        [sqltree.eq(sqltree.col("w", name), sqltree.col("k", name)) for name in ("who", "begin")]
    )
    flagged = sqltree.query(
        [sqltree.named(value, "value"), sqltree.col("w", "seq")],
        source,
        sqltree.inner(sqltree.sub(values, "k"), both),
    )
    found = warned_rows.tell(engine, table, flagged)
    if found is None:
        return
    problems.add(
        "SIB0620",
        f"{warned_rows.rows(found.rows)} of {table.name} begin on the same day as another of the same person: {found}. "
        "Each is counted as a row of its own",
        table.cell(spell.start).column.span if spell else table.records.span,
        help="Look whether they are one and the same, told again or corrected. If so, leave one row for each, or let the records "
        "block say what identifies a row and which of them stands: `identified by` and `if several`.",
        severity="warning",
    )


def open_rows_followed(engine: Engine, plan: Plan, table: PlannedTable, problems: Problems) -> None:
    """Warn of rows without an end, where another row gives the same thing an end, or begins later (SIB0621).

    The same thing is the row's own identifier. Where rows have none, and where days of the rows are counted, it is the
    person: a row of the same first day that has an end closes an open one, and one that begins later follows it.
    """
    ends = _spell(table)
    spell = table.spell
    if ends is None or spell is None or not spell.open_while_blank or spell.until_next:
        return
    start, end = ends
    own = own_identifier(plan, table)
    which = _written(own) if own else sqltree.text("")
    rows = warned_rows.readable(
        plan,
        table,
        [
            sqltree.named(reading_cells.person(table, "s"), "person"),
            sqltree.named(start, "begin"),
            sqltree.named(end, "stop"),
            sqltree.named(which, "which"),
            sqltree.col("s", "seq"),
        ],
        sqltree.not_null(reading_cells.person(table, "s")),
    )
    o, c = partial(sqltree.col, "o"), partial(sqltree.col, "c")
    same_day = sqltree.eq(o("begin"), c("begin"))
    same_own = sqltree.both(
        [sqltree.compare(o("which"), ">", sqltree.text("")), sqltree.eq(o("which"), c("which"))]
    )
    single = _one_at_a_time(plan, table)
    alike = sqltree.either([same_day, same_own]) if single else same_own
    closes = sqltree.both([sqltree.not_null(c("stop")), alike])
    after: list[Tree] = [closes]
    if single:
        after.append(sqltree.compare(c("begin"), ">", o("begin")))
    apart = sqltree.negate(sqltree.eq(o("seq"), c("seq")))
    order = [
        sqltree.ordered(closes, descending=True),
        *(sqltree.ordered(c(name)) for name in ("begin", "stop", "seq")),
    ]
    pairs = sqltree.query(
        [
            sqltree.named(o("person"), "value"),
            o("seq"),
            sqltree.named(c("seq"), "other"),
            sqltree.named(closes, "closes"),
            sqltree.named(c("begin"), "begin"),
            sqltree.named(c("stop"), "stop"),
            sqltree.named(sqltree.row_number([o("seq")], order), "place"),
        ],
        sqltree.sub(rows.copy(), "o"),
        sqltree.inner(sqltree.sub(rows, "c"), sqltree.both([sqltree.eq(o("person"), c("person")), apart])),
        where=sqltree.both([sqltree.is_null(o("stop")), sqltree.either(after)]),
    )
    paired = sqltree.query(
        [sqltree.everything()],
        sqltree.sub(pairs, "p"),
        where=sqltree.eq(sqltree.col("p", "place"), sqltree.whole(1)),
    )
    _tell_open(engine, table, paired, problems)


def _one_at_a_time(plan: Plan, table: PlannedTable) -> bool:
    """Whether a person has one of these rows at a time: they have no identifiers, or are counted by the day."""
    if own_identifier(plan, table) is None:
        return True
    metrics = (look.clause for look in plan.metrics)
    return any(
        isinstance(metric.counts, DaysCounted | ShareOfDays | DaysOfTracking)
        and table.name in (metric.records, metric.counts.days_of)
        for metric in metrics
    )


def _tell_open(engine: Engine, table: PlannedTable, paired: exp.Query, problems: Problems) -> None:
    value, seq = sqltree.col("q", "value"), sqltree.col("q", "seq")
    number = engine.fetch(sqltree.query([sqltree.count()], sqltree.sub(paired.copy(), "q")))[0][0]
    if not number:
        return
    query = sqltree.query(
        [
            value,
            sqltree.col("f", "shown"),
            sqltree.col("r", "row"),
            sqltree.col("g", "shown"),
            sqltree.col("e", "row"),
            sqltree.surely(sqltree.col("q", "closes")),
            sqltree.cast(sqltree.col("q", "begin"), sqltree.TEXT),
            sqltree.cast(sqltree.col("q", "stop"), sqltree.TEXT),
        ],
        sqltree.sub(paired, "q"),
        sqltree.inner(sqltree.table(f"raw_{table.at}", "r"), sqltree.eq(seq, sqltree.col("r", "seq"))),
        sqltree.inner(sqltree.table("files", "f"), file_and_row.file_of(table, "f", "r")),
        sqltree.inner(
            sqltree.table(f"raw_{table.at}", "e"),
            sqltree.eq(sqltree.col("q", "other"), sqltree.col("e", "seq")),
        ),
        sqltree.inner(sqltree.table("files", "g"), file_and_row.file_of(table, "g", "e")),
        order=[sqltree.ordered(value), sqltree.ordered(sqltree.col("q", "begin")), sqltree.ordered(seq)],
    )
    said: list[str] = []
    for person, file, row, other, number_there, closes, begin, stop in engine.fetch(_limited(query)):
        then = f"ends on {stop}" if closes else f"begins on {begin}"
        said.append(
            f"{warned_rows.shown(person)} ({file} row {row} is open, {other} row {number_there} {then})"
        )
    more = f"; and {number - len(said):,} more" if number > len(said) else ""
    spell = table.records.spell
    problems.add(
        "SIB0621",
        f"{warned_rows.rows(number)} of {table.name} {'is' if number == 1 else 'are'} open, and another row of the same person "
        f"tells of an end or begins later: {'; '.join(said)}{more}. Each open row is taken to last still",
        table.cell(spell.end).column.span if spell else table.records.span,
        help="Fill in the end of each row that is over, or take out the row that another replaces.",
        severity="warning",
    )


def _limited(query: exp.Select) -> exp.Select:
    return query.limit(warned_rows.SHOWN, copy=False)
