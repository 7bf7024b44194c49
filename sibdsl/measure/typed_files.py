"""Tables whose files all have types, such as Parquet: read where they stand. `raw_t` is then a view of the files.

Beside the cells as text the view has what they are without a trip through text:

    k0 ...   for each raw column what rows are compared by: the value itself, or the text
    w0 ...   for each column whose type is that of the declared one, the value itself; see `typed_cells.own_value`

Nothing is worked out of a column that a query does not ask for. Source of the rules: records reference, 'Files'.
"""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve, frozen
from sqlglot import exp

from sibdsl.diagnostics import Problems, same
from sibdsl.measure import duplicates_and_invalid, opened_sources, sqltree, typed_cells
from sibdsl.measure.engines import NOT_THE_FILE, Engine, EngineError
from sibdsl.measure.looks import PlannedTable
from sibdsl.measure.opened_sources import OpenedSource
from sibdsl.measure.raw_tables import RawTable
from sibdsl.measure.sqltree import Tree
from sibdsl.records.sources import TypedFile

#: What the engine calls the number of a row in its file, from 0.
ROW_NUMBER = "file_row_number"


@frozen
class TypedPart:
    """One file of a table: where it comes from, its number, and the place in it of each raw column (-1 for none)."""

    opened: OpenedSource
    file: TypedFile
    at: int
    places: Sequence[int]
    #: The raw columns whose cells have the type of their column, by their numbers: ` 0 3 `.
    typed: str
    #: The rows of the files before it.
    before: int = 0

    @property
    def headings(self) -> tuple[str, ...]:
        """Its headings."""
        return self.opened.headings

    def kind(self, column: int) -> str:
        """The type of a raw column, '' where the file has none."""
        place = self.places[column]
        return "" if place < 0 else self.file.types[place]


def part(opened: OpenedSource, at: int, places: Sequence[int], typed: str) -> TypedPart | None:
    """A file that the engine can read where it stands; None for any other, or where a column has the name of a row's number."""
    rows = opened.opened.rows
    if not isinstance(rows, TypedFile) or same(ROW_NUMBER) in map(same, opened.headings):
        return None
    return TypedPart(opened, rows, at, places, typed)


def stay(engine: Engine, table: PlannedTable, parts: Sequence[TypedPart], problems: Problems) -> RawTable:
    """Make `raw_t` and `equal_t` of files that are read where they stand. Notes those that are damaged (SIB0607)."""
    width = len(parts[0].places)
    own = _own_values(table, parts)
    raw = RawTable(
        width, tuple(f"k{at}" for at in range(width)), own, tuple(part.file.path for part in parts)
    )
    try:
        placed: list[TypedPart] = []
        before = 0
        for part in parts:
            placed.append(evolve(part, before=before))
            before += _rows_of(engine, part)
        rows = [_rows(engine, part, placed, own) for part in placed]
        engine.run(sqltree.make(f"raw_{table.at}", sqltree.union(rows), kind="VIEW"))
        engine.run(duplicates_and_invalid.equal_rows(table, raw))
    except NOT_THE_FILE:
        raise
    except EngineError:
        faulty = [part for part in parts if _damaged(engine, part)]
        if not faulty:
            raise
        for part in faulty:
            opened_sources.unreadable(problems, table, part.opened.source, opened_sources.DAMAGED)
    return raw


def _rows_of(engine: Engine, part: TypedPart) -> int:
    counted = sqltree.query([sqltree.count()], engine.parquet_rows(part.file.path))
    return int(engine.fetch(counted)[0][0])


def _own_values(table: PlannedTable, parts: Sequence[TypedPart]) -> frozenset[int]:
    """The declared columns whose values are had without text, in every file, by their numbers."""
    return frozenset(
        cell.at
        for cell in table.filed
        if parts and all(typed_cells.has_own_value(cell, part.kind(cell.at)) for part in parts)
    )


def _rows(engine: Engine, part: TypedPart, parts: Sequence[TypedPart], own: frozenset[int]) -> exp.Select:
    odd = _odd_columns(engine, part)
    row = sqltree.add(exp.column(ROW_NUMBER), sqltree.whole(1))
    cells = [_cell(part, column, odd) for column in range(len(part.places))]
    keys = [
        exp.column(_heading(part, column)) if _alike(parts, column) else cell
        for column, cell in enumerate(cells)
    ]
    respelt = sqltree.text("")
    for column in sorted(odd):
        mark = sqltree.case(
            [(sqltree.respelt(_as_text(part, column)), sqltree.text(f"{column} "))], sqltree.text("")
        )
        respelt = sqltree.join_text(respelt, mark)
    return sqltree.query(
        [
            sqltree.named(sqltree.cast(sqltree.whole(part.at), sqltree.BIG), "part"),
            sqltree.named(row, "row"),
            sqltree.named(sqltree.add(row, sqltree.whole(part.before)), "seq"),
            sqltree.named(sqltree.call_named("hash", *keys), "mark"),
            sqltree.named(sqltree.cast(sqltree.null(), sqltree.BIG), "cells"),
            sqltree.named(sqltree.cast(sqltree.null(), sqltree.BIG), "wanted"),
            sqltree.named(sqltree.text(""), "extra"),
            sqltree.named(respelt, "respelt"),
            sqltree.named(sqltree.text(part.typed), "typed"),
            *(sqltree.named(cell, f"c{column}") for column, cell in enumerate(cells)),
            *(sqltree.named(key, f"k{column}") for column, key in enumerate(keys)),
            *(
                sqltree.named(
                    typed_cells.own_value(exp.column(_heading(part, column)), part.kind(column)), f"w{column}"
                )
                for column in sorted(own)
            ),
        ],
        engine.parquet_rows(part.file.path),
    )


def _heading(part: TypedPart, column: int) -> exp.Identifier:
    return exp.to_identifier(part.headings[part.places[column]], quoted=True)


def _as_text(part: TypedPart, column: int) -> Tree:
    return typed_cells.as_text(part.headings[part.places[column]], part.kind(column))


def _cell(part: TypedPart, column: int, odd: frozenset[int]) -> Tree:
    """The trimmed text of a cell, '' for a blank."""
    if part.places[column] < 0:
        return sqltree.text("")
    value = _as_text(part, column)
    if column in odd:
        return sqltree.trimmed(sqltree.plain_form(value))
    return exp.Coalesce(this=value, expressions=[sqltree.text("")])


def _alike(parts: Sequence[TypedPart], column: int) -> bool:
    """Whether equal cells of a column are equal values in whatever file they stand."""
    kinds = {part.kind(column) for part in parts}
    return len(kinds) == 1 and all(map(typed_cells.told_apart_by_value, kinds))


def _odd_columns(engine: Engine, part: TypedPart) -> frozenset[int]:
    """The raw columns in which some cell has spaces around it, or a character beyond ASCII: others are had as they stand."""
    texts = [
        column
        for column, place in enumerate(part.places)
        if place >= 0 and not typed_cells.plainly_written(part.kind(column))
    ]
    if not texts:
        return frozenset()
    tests = [sqltree.call_named("bool_or", sqltree.untidy(_as_text(part, column))) for column in texts]
    row = engine.fetch(sqltree.query(tests, engine.parquet_rows(part.file.path)))[0]
    return frozenset(column for column, untidy in zip(texts, row, strict=True) if untidy)


def _damaged(engine: Engine, part: TypedPart) -> bool:
    """Whether the file cannot be read to its end."""
    every = [exp.column(_heading(part, at)) for at, place in enumerate(part.places) if place >= 0]
    # The number of rows alone would be had from what the file says of itself.
    read = exp.Count(this=sqltree.call_named("hash", *every))
    try:
        engine.fetch(sqltree.query([read], engine.parquet_rows(part.file.path)))
    except EngineError:
        return True
    return False
