"""Columns that are worked out from others of their row, as SQL: each in a query around those that it is worked out from.

A number that may be finer than those of files, such as a third, is kept as two whole numbers without a common factor: `n` over
`d`. Source: language reference, 'Columns worked out'.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve
from sqlglot import exp

from sibdsl.measure import columns_by_person, conditions, reading_cells, sqltree
from sibdsl.measure.conditions import ROW
from sibdsl.measure.looks import PlannedColumn, PlannedTable
from sibdsl.measure.plan import Plan
from sibdsl.measure.sqltree import Tree
from sibdsl.model.columns_worked_out import RowSteps
from sibdsl.model.conditions_on_rows import amounts_in
from sibdsl.model.nodes import Amount, Column, PersonColumn, RecordColumn
from sibdsl.model.types import NUMERIC


def with_worked_out(plan: Plan, table: PlannedTable, read: exp.Select) -> exp.Select:
    """The rows of a query, which has the columns of files as `v0` and so on, with those that are worked out beside them."""
    table = _in_steps(table)
    lowest = _lowest_terms(table)
    if lowest:
        reduced = [
            sqltree.named(
                _reduced(sqltree.col(ROW, f"v{cell.at}"), sqltree.huge(reading_cells.ONE)),
                f"v{cell.at + _APART}",
            )
            for cell in lowest
        ]
        read = sqltree.query([exp.column(exp.Star(), table=ROW), *reduced], sqltree.sub(read, ROW))
    for together in _in_turn(table):
        first = [column for cell in together for column in _columns(plan, table, cell)]
        beside = columns_by_person.beside(plan, table, together)
        read = sqltree.query([exp.column(exp.Star(), table=ROW), *first], sqltree.sub(read, ROW), *beside)
        reduced = [
            sqltree.named(
                _reduced(sqltree.col(ROW, f"n{cell.at}"), sqltree.col(ROW, f"d{cell.at}")), f"v{cell.at}"
            )
            for cell in together
            if cell.in_parts
        ]
        if reduced:
            read = sqltree.query([exp.column(exp.Star(), table=ROW), *reduced], sqltree.sub(read, ROW))
    return read


#: How far the number of a column in lowest terms is from its own.
_APART = 1_000_000


def _lowest_terms(table: PlannedTable) -> list[PlannedColumn]:
    """The numbers of files from which something finer is worked out: in lowest terms, so that products stay short."""
    read = {
        amount.name
        for cell in table.read
        if cell.in_parts and cell.column.formula is not None
        for amount in amounts_in(cell.column.formula)
        if isinstance(amount, Column)
    }
    return [
        cell
        for cell in table.read
        if cell.name in read
        and cell.column.kind in NUMERIC
        and not cell.in_parts
        and cell.column.formula is None
    ]


def _in_lowest_terms(table: PlannedTable) -> PlannedTable:
    """The table as a formula of something finer reads it."""
    lowest = {cell.name for cell in _lowest_terms(table)}
    cells = (
        evolve(cell, at=cell.at + _APART, in_parts=True) if cell.name in lowest else cell
        for cell in table.cells
    )
    return evolve(table, cells=tuple(cells))


def _in_steps(table: PlannedTable) -> PlannedTable:
    """The table with the steps within its columns as columns of their own, each before those that rest on it."""
    steps = RowSteps(table.name)
    planned = {cell.name: cell for cell in table.read}
    for cell in table.read:
        if cell.column.formula is not None:
            steps.add(cell.name, cell.column.formula)
    filed = [cell for cell in table.cells if cell.column.formula is None]
    worked: list[PlannedColumn] = []
    for at, (name, formula) in enumerate(steps.formulas.items()):
        own = planned.get(name)
        if own is None:
            column = RecordColumn(name, formula.kind, blank_allowed=True, formula=formula)
            worked.append(PlannedColumn(2 * _APART + at, column, read=True, in_parts=formula.kind in NUMERIC))
        else:
            worked.append(evolve(own, column=evolve(own.column, formula=formula)))
    return evolve(table, cells=(*filed, *worked))


def _in_turn(table: PlannedTable) -> Iterator[list[PlannedColumn]]:
    """The columns to be worked out, each after those that it is worked out from."""
    depth: dict[str, int] = {}
    turns: dict[int, list[PlannedColumn]] = {}
    for cell in table.read:
        formula = cell.column.formula
        if formula is None:
            continue
        behind = (amount.name for amount in amounts_in(formula) if isinstance(amount, Column))
        depth[cell.name] = 1 + max((depth.get(name, 0) for name in behind), default=0)
        turns.setdefault(depth[cell.name], []).append(cell)
    for turn in sorted(turns):
        yield turns[turn]


def _columns(plan: Plan, table: PlannedTable, cell: PlannedColumn) -> list[Tree]:
    formula = cell.column.formula
    if formula is None:
        raise TypeError(f"{cell.name} is not worked out")
    if isinstance(formula, PersonColumn):
        return [sqltree.named(columns_by_person.value(plan, formula), f"v{cell.at}")]
    if cell.column.kind not in NUMERIC:
        return [sqltree.named(conditions.plain(plan, table, formula), f"v{cell.at}")]
    return list(_number(plan, table, cell, formula))


def _number(plan: Plan, table: PlannedTable, cell: PlannedColumn, formula: Amount) -> Iterator[Tree]:
    if cell.in_parts:
        number = conditions.exact_or_blank(plan, _in_lowest_terms(table), formula)
        top = sqltree.multiply(number.top, sqltree.huge(number.scale.numerator))
        over = number.over if number.over is not None else sqltree.huge(1)
        yield sqltree.named(top, f"n{cell.at}")
        yield sqltree.named(sqltree.multiply(over, sqltree.huge(number.scale.denominator)), f"d{cell.at}")
        return
    # Whole in billionths: nothing is lost by the division.
    number = conditions.exact_or_blank(plan, table, formula)
    scale = number.scale * reading_cells.ONE
    whole, parts = (
        sqltree.multiply(number.top, sqltree.huge(scale.numerator)),
        sqltree.huge(scale.denominator),
    )
    over = parts if number.over is None else sqltree.multiply(number.over, parts)
    yield sqltree.named(sqltree.divide(whole, over), f"v{cell.at}")


def _reduced(above: Tree, below: Tree) -> Tree:
    """One number over another without what divides both; blank where one of them is."""
    common = sqltree.common(above, below)
    given = sqltree.both([sqltree.not_null(above), sqltree.not_null(below)])
    return sqltree.case(
        [(given, sqltree.ratio(sqltree.divide(above, common), sqltree.divide(below, common)))]
    )
