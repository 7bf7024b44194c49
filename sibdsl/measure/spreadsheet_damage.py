"""Identifiers that a spreadsheet has damaged, each a warning: amounts stay as they are. Source: records reference, 'Look again'.

Told by their look alone: a number in powers of ten, a number with a decimal nought, an error of a spreadsheet; and by
what the others of the column, or the persons of other tables, look like: fewer digits than those that begin with noughts,
a date or a day number among identifiers that are none.
"""

from __future__ import annotations

from attrs import frozen
from sqlglot import exp

from sibdsl.dates import MONTHS
from sibdsl.diagnostics import Problems, same
from sibdsl.measure import reading_cells, sqltree, warned_rows
from sibdsl.measure.engines import Engine
from sibdsl.measure.looks import PlannedColumn, PlannedTable
from sibdsl.measure.plan import Plan

_MONTH = "|".join(month[:3] for month in MONTHS)
#: With a decimal or a sign: `1E5` may be what somebody is called.
_POWERS = "^-?[0-9]([.,][0-9]+[eE][+-]?|[eE][+-])[0-9]{1,3}$"
_DECIMAL_NOUGHT = "^[0-9]+[.,]0+$"
_DECIMALS = "^[0-9]+[.,][0-9]*[1-9][0-9]*$"
_ERROR = "^#(N/A|REF!|VALUE!|NAME[?]|NUM!|DIV/0!|NULL!|#+)$"
_DATE = (
    f"(?i)^([0-9]{{1,2}}-({_MONTH})(-[0-9]{{2,4}})?|({_MONTH})-[0-9]{{2}}|[0-9]{{1,2}}/[0-9]{{1,2}}/[0-9]{{2,4}}"
    "|[0-9]{4}-[0-9]{2}-[0-9]{2}([T ].*)?)$"
)
#: Day numbers of the years 1982 to 2064.
_SERIAL = "^[3-5][0-9]{4}$"
_DIGITS = "^[0-9]+$"
_NOUGHT_FIRST = "^0[0-9]+$"
_NO_NOUGHT = "^[1-9][0-9]*$"


@frozen
class _Look:
    """What the identifiers of some columns look like together."""

    identifiers: int
    dates: int
    digits: int
    decimals: int
    #: How many digits the shortest has that begins with a nought; 0 where none does.
    noughts: int


def spreadsheets(engine: Engine, plan: Plan, problems: Problems) -> None:
    """Warn of damaged identifiers, once for each column of persons or identifiers (SIB0622)."""
    looks: dict[tuple[tuple[int, int], ...], _Look] = {}
    for table in plan.tables:
        for cell in table.filed:
            if cell.column.kind in ("person", "identifier") and _any_suspect(engine, table, cell):
                family = _family(plan, cell)
                key = tuple((planned_table.at, planned_column.at) for planned_table, planned_column in family)
                if key not in looks:
                    looks[key] = _look(engine, family)
                _of_column(engine, table, cell, family, looks[key], problems)


def _any_suspect(engine: Engine, table: PlannedTable, cell: PlannedColumn) -> bool:
    """Whether any text of a column begins with a digit or a mark, or is as long as `Mar-02`: all that is told of does."""
    text = reading_cells.raw(cell, "r")
    both = sqltree.both(
        [sqltree.compare(text, ">", sqltree.text("")), sqltree.compare(text, "<", sqltree.text(":"))]
    )
    month = sqltree.both(
        [sqltree.eq(exp.Length(this=text), sqltree.whole(len("Mar-02"))), sqltree.matches(text, _DATE)]
    )
    query = sqltree.query(
        [sqltree.col("r", "seq")], sqltree.table(f"raw_{table.at}", "r"), where=sqltree.either([both, month])
    )
    return bool(engine.fetch(query.limit(1, copy=False)))


def _of_column(
    engine: Engine,
    table: PlannedTable,
    cell: PlannedColumn,
    family: list[tuple[PlannedTable, PlannedColumn]],
    whole: _Look,
    problems: Problems,
) -> None:
    text = reading_cells.raw(cell, "r")
    tests = [sqltree.matches(text, _POWERS), sqltree.matches(text, _ERROR)]
    if not whole.decimals:
        tests.append(sqltree.matches(text, _DECIMAL_NOUGHT))
    if whole.dates < whole.identifiers:
        tests.append(sqltree.matches(text, _DATE))
    if 2 * whole.digits < whole.identifiers:
        tests.append(sqltree.matches(text, _SERIAL))
    if whole.noughts:
        shorter = sqltree.compare(exp.Length(this=text), "<", sqltree.whole(whole.noughts))
        other = exp.In(this=text, query=_without_noughts(family).subquery(copy=False))
        tests.append(sqltree.both([sqltree.matches(text, _NO_NOUGHT), sqltree.either([shorter, other])]))
    flagged = sqltree.query(
        [sqltree.named(text, "value"), sqltree.col("r", "seq")],
        sqltree.table(f"raw_{table.at}", "r"),
        sqltree.inner(
            sqltree.table(f"sift_{table.at}", "s"),
            sqltree.eq(sqltree.col("s", "seq"), sqltree.col("r", "seq")),
        ),
        where=sqltree.both([sqltree.is_null(sqltree.col("s", "first")), sqltree.either(tests)]),
    )
    found = warned_rows.tell(engine, table, flagged)
    if found is None:
        return
    problems.add(
        "SIB0622",
        f"{warned_rows.rows(found.rows)} of {table.name} {'holds' if found.rows == 1 else 'hold'} a {cell.name} that a "
        f"spreadsheet seems to have changed: {found}. It is compared as it stands, so it may be nobody's, or that of several",
        cell.column.span,
        help=f"Write {cell.name} again as the source has it; in a spreadsheet give the column the format Text before "
        "anything is typed or opened in it.",
        severity="warning",
    )


def _family(plan: Plan, cell: PlannedColumn) -> list[tuple[PlannedTable, PlannedColumn]]:
    """The columns whose identifiers are of one kind with these: those of persons, or those of the same name."""
    if cell.column.kind == "person":
        return [
            (table, planned_column)
            for table in plan.tables
            for planned_column in table.filed
            if planned_column.column.kind == "person"
        ]
    return [
        (table, planned_column)
        for table in plan.tables
        for planned_column in table.filed
        if planned_column.column.kind == "identifier"
        and same(planned_column.column.heading) == same(cell.column.heading)
    ]


def _values(family: list[tuple[PlannedTable, PlannedColumn]]) -> exp.Query:
    parts = [
        sqltree.query(
            [sqltree.named(reading_cells.raw(cell, "r"), "value")], sqltree.table(f"raw_{table.at}", "r")
        )
        for table, cell in family
    ]
    return sqltree.union(parts)


def _without_noughts(family: list[tuple[PlannedTable, PlannedColumn]]) -> exp.Select:
    """The identifiers that begin with noughts, without them."""
    value = sqltree.col("z", "value")
    bare = exp.Anonymous(this="ltrim", expressions=[value, sqltree.text("0")])
    return sqltree.query(
        [bare], sqltree.sub(_values(family), "z"), where=sqltree.matches(value, _NOUGHT_FIRST)
    )


def _look(engine: Engine, family: list[tuple[PlannedTable, PlannedColumn]]) -> _Look:
    value = sqltree.col("u", "value")
    distinct = sqltree.query(
        [value],
        sqltree.sub(_values(family), "u"),
        where=sqltree.compare(value, ">", sqltree.text("")),
        group=[value],
    )
    v = sqltree.col("v", "value")
    of = (
        sqltree.true(),
        sqltree.either([sqltree.matches(v, _DATE), sqltree.matches(v, _SERIAL)]),
        sqltree.matches(v, _DIGITS),
        sqltree.matches(v, _DECIMALS),
    )
    counts = [sqltree.total(sqltree.case([(test, sqltree.whole(1))], sqltree.whole(0))) for test in of]
    shortest = sqltree.least(sqltree.case([(sqltree.matches(v, _NOUGHT_FIRST), exp.Length(this=v))]))
    row = engine.fetch(sqltree.query([*counts, shortest], sqltree.sub(distinct, "v")))[0]
    return _Look(*(int(number or 0) for number in row))
