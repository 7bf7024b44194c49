"""Records whose files have other names than the contract: which file or sheet a table is, and how its columns are headed.

Source of the rules: projects reference, 'Names that differ'.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from attrs import evolve, field, frozen

from sibdsl.diagnostics import Diagnostic, Problems, Refused, nearest, same
from sibdsl.english import listed
from sibdsl.model.nodes import Contract
from sibdsl.plainform import plain
from sibdsl.project.addresses import DatabaseAddress
from sibdsl.project.tables import TableInFiles
from sibdsl.records.sources import Desk, Opened, RecordSource
from sibdsl.records.sources.databases import DatabaseRecords, TableRead
from sibdsl.records.sources.in_memory import TablesInMemory


@frozen
class MappedRecords:
    """A folder, a workbook, a database or tables in memory, and how each table is called in it, by the table's name as the contract has it."""

    place: Path | DatabaseAddress | DatabaseRecords | TablesInMemory
    tables: Mapping[str, TableInFiles] = field(factory=dict)


#: Where a call says that records are: a folder, a workbook or a database.
RecordsGiven: TypeAlias = Path | DatabaseAddress | TablesInMemory | MappedRecords
#: Where the records of a contract are.
RecordsPlace: TypeAlias = Path | DatabaseRecords | TablesInMemory | MappedRecords


def let_go(place: RecordsPlace) -> None:
    """Close the database of a place, if it is one."""
    match place:
        case MappedRecords(place=DatabaseRecords() as database) | (DatabaseRecords() as database):
            database.close()
        case Path() | TablesInMemory() | MappedRecords():
            pass


def tables_read(place: RecordsPlace) -> Mapping[str, TableRead]:
    """What was read of each table of a database, by what messages call it; nothing of files, which have hashes of their own."""
    match place:
        case MappedRecords(place=DatabaseRecords() as database) | (DatabaseRecords() as database):
            return database.session.reads
        case Path() | TablesInMemory() | MappedRecords():
            return {}


@frozen
class MappedSource:
    """A source some of whose headings are other than the contract's."""

    inner: RecordSource
    table: TableInFiles

    @property
    def records(self) -> str:
        """The table that it belongs to."""
        return self.inner.records

    @property
    def shown(self) -> str:
        """What messages call it."""
        return self.inner.shown

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that it reads."""
        return self.inner.files

    def open(self, wanted: Sequence[str], desk: Desk) -> Opened:
        """Read the headings, and give those that are mapped as the contract has them. Raises as the source itself."""
        theirs = {same(own): other for own, other in self.table.headings}
        ours = {same(other): own for own, other in self.table.headings}
        opened = self.inner.open([theirs.get(same(heading), heading) for heading in wanted], desk)
        headings = tuple(plain(ours.get(same(heading), heading)) for heading in opened.headings)
        return evolve(opened, headings=headings)

    def said_of(self, heading: str) -> str:
        """What the mapping says of a heading of the contract, as a clause; '' where it says nothing."""
        other = next((other for own, other in self.table.headings if same(own) == same(heading)), "")
        return f"{self.table.said or 'the mapping'} says that it is headed {other} there" if other else ""


def mapped(source: RecordSource, table: TableInFiles | None) -> RecordSource:
    """The source as the contract calls its columns."""
    return MappedSource(source, table) if table is not None and table.headings else source


def check_names(contracts: Iterable[Contract], tables: Mapping[str, TableInFiles]) -> None:
    """Stop where a mapping speaks of a table or a column that no contract has.

    Raises:
        Refused: a table is not declared, or none of those that are has a column headed so (SIB0752).
    """
    problems = Problems()
    declared = [
        table
        for contract in contracts
        for records in (contract.records, *(variation.records for variation in contract.variations))
        for table in records
    ]
    for name, table in tables.items():
        mine = [records for records in declared if same(records.name) == same(name)]
        if not mine:
            problems.found.append(
                _unknown(table, f"no records {name}", name, [records.name for records in declared])
            )
            continue
        if any(records.parts for records in mine) and table.is_placed:
            problems.found.append(
                Diagnostic(
                    "SIB0752",
                    f"{table.said or 'The mapping'} says where {name} is, and the contract names its parts, each with a file "
                    "of its own.",
                    help="Name the files as the parts are called.",
                )
            )
        headings = [column.heading for records in mine for column in records.filed]
        for own, _ in table.headings:
            if same(own) not in set(map(same, headings)):
                problems.found.append(_unknown(table, f"no column {own} in {name}", own, headings))
    if problems.found:
        raise Refused(problems.found)


def _unknown(table: TableInFiles, what: str, name: str, choices: Sequence[str]) -> Diagnostic:
    near = nearest(name, choices)
    return Diagnostic(
        "SIB0752",
        f"{table.said or 'The mapping'} speaks of {name}, and the contract has {what}.",
        help=f"Did you mean {near}?" if near else f"It has: {listed(list(dict.fromkeys(choices)))}.",
    )
