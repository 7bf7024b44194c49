"""What a user should be told of records that were read: dates in another style, results that lie in no band."""

from __future__ import annotations

from fractions import Fraction

from sqlglot import exp

from sibdsl import money
from sibdsl.diagnostics import Problems
from sibdsl.measure import cells, datestyles, tree
from sibdsl.measure.engine import Engine
from sibdsl.measure.plan import Cell, Look, Table


def dates_in_another_style(engine: Engine, table: Table, problems: Problems) -> None:
    """Warn of each column of dates most of whose values are written alike, and not as YYYY-MM-DD (SIB0609)."""
    for cell in table.read:
        if cell.column.kind == "date":
            _style_of(engine, table, cell, problems)


def _style_of(engine: Engine, table: Table, cell: Cell, problems: Problems) -> None:
    raw = cells.raw(cell, "r")
    style = tree.case([(tree.matches(raw, datestyles.ISO), tree.null())], datestyles.style(raw))
    query = tree.query(
        [tree.named(style, "style"), tree.named(tree.count(), "number")],
        tree.table(f"raw_{table.at}", "r"),
        where=tree.compare(raw, ">", tree.text("")),
        group=[exp.column("style")],
    )
    found = {row[0]: int(row[1]) for row in engine.fetch(query)}
    whole = sum(found.values())
    for example, number in sorted((key, value) for key, value in found.items() if key):
        if 2 * number > whole:
            problems.add(
                "SIB0609",
                f"{number} of {whole} values of {cell.name} in the records of {table.name} are written like {example}, "
                "so those rows are invalid",
                cell.column.span,
                help="Write dates as YYYY-MM-DD, such as 2018-05-31. In a spreadsheet, give the column that date format "
                "and save it as CSV again.",
                severity="warning",
            )


def results_in_no_band(engine: Engine, look: Look, problems: Problems) -> None:
    """Warn of results of a metric whose value lies in none of its bands, so that they are counted nowhere (SIB0615)."""
    if look.bands is None:
        return
    value = cells.typed(look.table.cell(look.bands.by), "s")
    query = tree.query(
        [tree.count(), tree.least(value)],
        tree.table(f"found_{look.at}", "b"),
        tree.inner(
            tree.table(f"sift_{look.table.at}", "s"), tree.eq(tree.col("b", "seq"), tree.col("s", "seq"))
        ),
        where=tree.is_null(tree.col("b", "band")),
    )
    number, least = engine.fetch(query)[0]
    if not number:
        return
    such = "blank" if least is None else money.number(Fraction(int(least), cells.ONE))
    one, many = ("result", "lies", "it is", "its"), ("results", "lie", "they are", "in one")
    results, lie, they, where = one if number == 1 else many
    problems.add(
        "SIB0615",
        f"{number} {results} of {look.name} {lie} in no band of {look.bands.name}, so {they} counted nowhere; "
        f"{where} {look.bands.by} is {such}",
        look.bands.span,
        clause=look.bands.clause,
        help=f"Say in {look.bands.name} which band holds it.",
        severity="warning",
    )
