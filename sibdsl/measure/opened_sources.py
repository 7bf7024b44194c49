"""Sources of records opened: their headings found and checked against the columns that the contract declares.

Source of the rules: records reference, 'Files'.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

from sibdsl.csvfile import NoHeadings, Unreadable
from sibdsl.diagnostics import Problems, nearest, same
from sibdsl.english import listed
from sibdsl.measure.engines import Engine, EngineError
from sibdsl.measure.looks import PlannedColumn, PlannedTable
from sibdsl.records.sources import ArrowTable, Opened, RecordSource
from sibdsl.records.sources.mapped import MappedSource
from sibdsl.records.sources.workbook import WorkbookSource

_NAMES_SHOWN = 12
_ROWS_SHOWN = 3

#: Why a file cannot be read of which the engine says no more.
DAMAGED = "it is damaged, or its lines are too long to be rows"


@frozen
class OpenedSource:
    """A source of records whose headings have been read."""

    source: RecordSource
    opened: Opened

    @property
    def headings(self) -> tuple[str, ...]:
        """Its headings, in plain form."""
        return self.opened.headings


@frozen
class EngineDesk:
    """What sources ask of the engine, with its errors as theirs."""

    engine: Engine

    @property
    def folder(self) -> Path:
        return self.engine.folder

    def parquet_columns(self, path: Path) -> tuple[tuple[str, str], ...]:
        try:
            return self.engine.parquet_columns(path)
        except EngineError as error:
            raise Unreadable("it is damaged") from error

    def arrow_columns(self, table: ArrowTable) -> tuple[tuple[str, str], ...]:
        try:
            return self.engine.arrow_columns(table)
        except EngineError as error:
            raise Unreadable("it is damaged") from error


#: A heading that no column declares, and which of those alike it is in its file.
Extra = tuple[str, int]


def open_source(
    engine: Engine, table: PlannedTable, source: RecordSource, problems: Problems
) -> OpenedSource | None:
    """Open a source of a table; reports what stands in the way, all of it, and what is odd."""
    wanted = [cell.column.heading for cell in table.filed]
    try:
        part = OpenedSource(source, source.open(wanted, EngineDesk(engine)))
    except NoHeadings:
        problems.add(
            "SIB0603",
            f"{source.shown} has no heading row",
            table.records.span,
            help=f"Its first row must name the columns: {', '.join(wanted)}.",
        )
        return None
    except Unreadable as error:
        unreadable(problems, table, source, str(error))
        return None
    if part.opened.above:
        _tell_above(problems, table, part)
    if part.opened.converted:
        problems.add(
            "SIB0608",
            f"{source.shown} is not in UTF-8; it was read as Windows-1252",
            table.records.span,
            help="Save it as CSV UTF-8, or look whether names and words in it are spelt as they should be.",
            severity="warning",
        )
    _check_headings(table, part, problems)
    return part


def _tell_above(problems: Problems, table: PlannedTable, part: OpenedSource) -> None:
    above = part.opened.above
    problems.add(
        "SIB0624",
        f"{part.source.shown}: {'row' if len(above) == 1 else 'rows'} {listed([str(row) for row in above[:_ROWS_SHOWN]])}"
        f"{f' and {len(above) - _ROWS_SHOWN:,} more' if len(above) > _ROWS_SHOWN else ''} "
        f"{'stands' if len(above) == 1 else 'stand'} above the headings, and {'is' if len(above) == 1 else 'are'} not read",
        table.records.span,
        help="Nothing need be done where this is a title. Put the headings first where it is a record.",
        severity="warning",
    )


def unreadable(problems: Problems, table: PlannedTable, source: RecordSource, why: str) -> None:
    """Report a source that cannot be read (SIB0607); `why` is the end of a sentence."""
    problems.add(
        "SIB0607",
        f"{source.shown} cannot be read: {why}",
        table.records.span,
        help=f"Save it again as {_form_again(source)}, where this program may read it.",
    )


def _form_again(source: RecordSource) -> str:
    inner = source.inner if isinstance(source, MappedSource) else source
    return (
        ".xlsx with one table on the sheet"
        if isinstance(inner, WorkbookSource)
        else "CSV UTF-8 or as Parquet"
    )


def places(cell: PlannedColumn, headings: Sequence[str]) -> list[int]:
    """The places of the headings that could be a column."""
    return [at for at, heading in enumerate(headings) if same(heading) == same(cell.column.heading)]


def _check_headings(table: PlannedTable, part: OpenedSource, problems: Problems) -> None:
    shown = part.source.shown
    for cell in table.filed:
        mine = places(cell, part.headings)
        wanted = cell.column.heading
        if len(mine) > 1:
            twice = " and ".join(part.headings[at] for at in mine)
            problems.add(
                "SIB0605",
                f"{shown} has {len(mine)} columns that could be {wanted}: {twice}",
                cell.column.span,
                help="Rename or remove all but one.",
            )
        if mine:
            continue
        like = nearest(wanted, part.headings)
        named = [heading or "(blank)" for heading in part.headings[:_NAMES_SHOWN]]
        more = ", ..." if len(part.headings) > _NAMES_SHOWN else ""
        hint = f"Did you mean {like}? " if like else ""
        said = part.source.said_of(wanted) if isinstance(part.source, MappedSource) else ""
        if said:
            problems.add(
                "SIB0604",
                f"{shown} has no column {wanted}: {said}",
                cell.column.span,
                help=f"Its headings are: {', '.join(named)}{more}. Write there how the file heads it.",
            )
            continue
        problems.add(
            "SIB0604",
            f"{shown} has no column {wanted}",
            cell.column.span,
            help=f"{hint}Its headings are: {', '.join(named)}{more}. Write `{wanted}` in the row of headings, "
            "name its heading under `headed` in the records block, or say in sib.toml how the file heads it: `sib map` drafts that.",
        )


def extras(table: PlannedTable, part: OpenedSource) -> dict[Extra, int]:
    """The headings that no column declares, and the place of each."""
    declared = {same(cell.column.heading) for cell in table.filed}
    seen: Counter[str] = Counter()
    found: dict[Extra, int] = {}
    for at, heading in enumerate(part.headings):
        key = same(heading)
        if key not in declared:
            found[key, seen[key]] = at
            seen[key] += 1
    return found
