"""The sheets of a workbook that stand for each table of the contract. Source of the rules: records reference, 'Workbooks'."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sibdsl.csvfile import Unreadable
from sibdsl.diagnostics import Diagnostic, Problems, Refused, nearest, same
from sibdsl.english import listed
from sibdsl.model.nodes import Contract, Records
from sibdsl.project.tables import TableInFiles
from sibdsl.records.sources import RecordSource
from sibdsl.records.sources.workbook import WorkbookSource, opened, sheets

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook


def of_workbook(
    contract: Contract, path: Path, called: Mapping[str, TableInFiles]
) -> dict[str, tuple[RecordSource, ...]]:
    """The sheet of each table, by the table's name; of a table in named parts, the sheet of each part.

    Names match without regard to case, spaces, hyphens and underscores. Every other sheet is left alone.

    Raises:
        Refused: the workbook cannot be read (SIB0607), or has no sheet for a table or a part, or two (SIB0601, SIB0602, SIB0640).
    """
    book = _opened(path)
    seen = sheets(book)
    problems = Problems()
    found: dict[str, tuple[RecordSource, ...]] = {}
    for table in contract.records:
        own = called[table.name]
        if own.file:
            problems.add(
                "SIB0752",
                f"{own.said or 'The mapping'} says that {table.name} is in {own.file}, and the records are one workbook, {path.name}",
                table.span,
                help="Say which `sheet` it is, or name the folder with the files.",
            )
        wanted: list[tuple[str, tuple[str, ...]]] = [
            (part, (same(part), same(table.name + part))) for part in table.parts
        ] or [("", (same(own.sheet or table.name),))]
        mine = [
            _sheet(
                problems, table, part or own.sheet, path, [name for name in seen if same(name) in keys], book
            )
            for part, keys in wanted
        ]
        found[table.name] = tuple(_source(table, path, name) for name in mine if name)
    problems.stop_on_errors()
    return found


def of_sheet(problems: Problems, table: Records, path: Path, sheet: str) -> tuple[RecordSource, ...]:
    """The sheet of that name in a workbook of the folder. Raises Refused for a workbook that cannot be read (SIB0607)."""
    book = _opened(path)
    mine = [name for name in sheets(book) if same(name) == same(sheet)]
    name = _sheet(problems, table, sheet, path, mine, book)
    return (_source(table, path, name),) if name else ()


def sheets_of(path: Path) -> list[str]:
    """The sheets of a workbook that can be seen. Raises Refused for one that cannot be read (SIB0607, SIB0610)."""
    return sheets(_opened(path))


def _source(table: Records, path: Path, sheet: str) -> RecordSource:
    return WorkbookSource(table.name, path, f"{path.name}, sheet {sheet}", sheet)


def _opened(path: Path) -> CalamineWorkbook:
    try:
        return opened(path)
    except Unreadable as error:
        if not path.exists():
            raise Refused(
                Diagnostic(
                    "SIB0610",
                    f"There is no workbook {path}",
                    help="Name the workbook that has a sheet for each table.",
                )
            ) from error
        raise Refused(
            Diagnostic(
                "SIB0607",
                f"{path} cannot be read: {error}",
                help="Save it again as .xlsx, without a password.",
            )
        ) from error


def _sheet(
    problems: Problems, table: Records, called: str, path: Path, mine: list[str], book: CalamineWorkbook
) -> str:
    """The one sheet of a table, or of what it is called in the workbook or its part; reports that there is none, or more."""
    part = called if called in table.parts else ""
    what = (
        f'the part "{part}" of {table.name}'
        if part
        else f"{table.name}, called {called}"
        if called
        else table.name
    )
    if len(mine) > 1:
        problems.add(
            "SIB0602",
            f"{path.name} has {len(mine)} sheets that could be {what}: {' and '.join(mine)}",
            table.span,
            help="Rename all but the one that is to be read.",
        )
    if not mine:
        seen = sheets(book)
        like = nearest(called or table.name, seen)
        hint = f"Did you mean {like}? " if like else ""
        hidden = [
            name for name in book.sheet_names if name not in seen and same(name) == same(called or table.name)
        ]
        hint = f"{hidden[0]} is hidden: show it, if it is to be read. " if hidden else hint
        problems.add(
            "SIB0640" if part else "SIB0601",
            f"{path.name} has no sheet for {what}. It has: {listed(seen) or 'no sheet that can be seen'}",
            table.span,
            help=f"{hint}Name the sheet {called or table.name}, or say in sib.toml how it is called: `sib map` drafts that.",
        )
    return mine[0] if len(mine) == 1 else ""
