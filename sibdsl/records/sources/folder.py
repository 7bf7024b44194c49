"""Where the records are: the files of a folder, or the sheets of a workbook, that stand for each table of the contract.

Source of the rules: records reference, 'The folder' and 'Workbooks'.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from attrs import frozen

from sibdsl.diagnostics import Diagnostic, Problems, Refused, nearest, same
from sibdsl.english import listed
from sibdsl.model.nodes import Contract, Programme, Records
from sibdsl.project.addresses import DatabaseAddress
from sibdsl.project.tables import TableInFiles
from sibdsl.records.sources import RecordSource, mapped, workbook
from sibdsl.records.sources.csv import CsvSource
from sibdsl.records.sources.databases import DatabaseRecords, Session, finding
from sibdsl.records.sources.in_memory import InMemorySource, TablesInMemory, of_memory
from sibdsl.records.sources.mapped import MappedRecords, RecordsGiven, RecordsPlace
from sibdsl.records.sources.parquet import ParquetSource
from sibdsl.records.sources.sheets import of_sheet, of_workbook, sheets_of
from sibdsl.records.sources.workbook import WorkbookSource

#: Makes a source of a table's name, a file, and what it is called.
FromFile = Callable[[str, Path, str], RecordSource]

#: How a file is read, by the ending of its name, in the order in which messages list them.
FORMS: dict[str, FromFile] = {
    ".csv": CsvSource,
    ".parquet": ParquetSource,
    **dict.fromkeys(workbook.ENDINGS, WorkbookSource),
}

#: Endings of files that hold tables in forms that are not read -> what to do about it.
OTHER_FORMS: dict[str, str] = {
    ".xls": "save it as .xlsx or as CSV",
    ".xlsb": "save it as .xlsx or as CSV",
    ".numbers": "save it as .xlsx or as CSV",
    ".tsv": "save it as CSV",
    ".txt": "save it as CSV",
    ".csv.gz": "unpack it, so that it ends in .csv",
    ".csv.zip": "unpack it, so that it ends in .csv",
    ".zip": "unpack it, so that it ends in .csv",
}


def folders(programme: Programme, place: RecordsGiven | DatabaseRecords) -> dict[str, RecordsPlace]:
    """Where each contract's records are, by the contract's name: a folder or a workbook of its name inside the place.

    Of a contract by itself it is the place. A database is opened when it is first read: let go of it by `let_go`. Raises Refused for contracts without one (SIB0601) or with two (SIB0602), and for
    a mapping of what no contract has (SIB0752).
    """
    if isinstance(place, MappedRecords):
        mapped.check_names(programme.members, place.tables)
        return {
            name: MappedRecords(inner, place.tables)
            for name, inner in _inside(programme, place.place).items()
        }
    return dict(_inside(programme, place))


def _inside(
    programme: Programme, records: Path | DatabaseAddress | DatabaseRecords | TablesInMemory
) -> Mapping[str, Path | DatabaseRecords | TablesInMemory]:
    if isinstance(records, DatabaseAddress):
        return finding.of_each_contract(programme, records)
    if isinstance(records, TablesInMemory) and not programme.alone:
        raise Refused(
            Diagnostic(
                "SIB0794",
                "Tables in memory are those of one contract, and this is a programme of several.",
                help="Put the records of each into a folder of its name.",
            )
        )
    if programme.alone or not isinstance(records, Path):
        return {member.name: records for member in programme.members}
    inside = sorted(records.iterdir()) if records.is_dir() else []
    there = [entry for entry in inside if entry.is_dir() or _is_workbook(entry)]
    problems = Problems()
    found: dict[str, Path] = {}
    for member in programme.members:
        mine = [entry for entry in there if same(_stem(entry)) == same(member.name)]
        if len(mine) > 1:
            problems.add(
                "SIB0602",
                f"{member.name} has {len(mine)} sources in {records}: {' and '.join(map(_shown, mine))}",
                help="Leave only the one that is to be read.",
            )
        elif not mine:
            names = ", ".join(entry.name for entry in there) or "no folder"
            problems.add(
                "SIB0601",
                f"{records} has no folder for the records of {member.name}. It has: {names}.",
                help=f"Put them in {records / member.name.lower().replace(' ', '_')}.",
            )
        else:
            found[member.name] = mine[0]
    problems.stop_on_errors()
    return found


def find(contract: Contract, place: RecordsPlace) -> dict[str, tuple[RecordSource, ...]]:
    """The sources of each table of the contract, by the table's name; parts in the order of their names.

    For a table Jobs the folder holds `jobs.csv`, `jobs.parquet`, `jobs.xlsx`, or a folder `jobs` of such files; in place of a
    folder stands a workbook with a sheet for each table. Names match without
    regard to case, spaces, hyphens and underscores. Everything else in the folder is left alone. Where the contract names
    the parts of a table, they come in its order.

    Raises:
        Refused: the folder or workbook cannot be read (SIB0610, SIB0607), a table has no file (SIB0601) or more than one (SIB0602), or its files
            are not the parts that the contract names (SIB0640).
    """
    inner, tables = (place.place, place.tables) if isinstance(place, MappedRecords) else (place, {})
    called = {
        table.name: next((tables[name] for name in tables if same(name) == same(table.name)), TableInFiles())
        for table in contract.records
    }
    there = _of_place(contract, inner, called)
    return {
        name: tuple(mapped.mapped(source, called[name]) for source in sources)
        for name, sources in there.items()
    }


def _of_place(
    contract: Contract,
    place: Path | DatabaseAddress | DatabaseRecords | TablesInMemory,
    called: Mapping[str, TableInFiles],
) -> dict[str, tuple[RecordSource, ...]]:
    if isinstance(place, DatabaseAddress):
        place = DatabaseRecords(Session(place))
    if isinstance(place, DatabaseRecords):
        return finding.of_database(contract, place, called)
    problems = Problems()
    for table in contract.records:
        own = called[table.name]
        if isinstance(place, TablesInMemory) and own.is_placed:
            problems.add(
                "SIB0752",
                f"{own.said or 'The mapping'} says where {table.name} is, and the records are tables in memory",
                table.span,
                help="Give the table by the contract's name, and leave only the headings in the mapping.",
            )
        elif own.table or own.query:
            problems.add(
                "SIB0752",
                f"{own.said or 'The mapping'} says that {table.name} is a table or query of a database, and the records are {place}",
                table.span,
                help="Name the database with `--records`, or say which `file` or `sheet` it is.",
            )
    problems.stop_on_errors()
    if isinstance(place, TablesInMemory):
        return of_memory(contract, place)
    return (
        of_workbook(contract, place, called) if _is_workbook(place) else _of_folder(contract, place, called)
    )


@frozen
class Candidate:
    """What could be a table: a file of a folder, or a sheet of a workbook. It is found without a word as the table `table`.

    `stored` is its name in a database.
    """

    table: str
    file: str
    sheet: str
    source: RecordSource
    stored: str = ""

    def is_called(self, name: str) -> bool:
        """Whether it is found as the table of this name without a word."""
        return bool(self.table) and same(self.table) == same(name)


def candidates(place: Path | DatabaseAddress | DatabaseRecords | TablesInMemory) -> tuple[Candidate, ...]:
    """Everything in a folder, workbook or database that could be a table. Raises Refused for a place that cannot be read."""
    if isinstance(place, DatabaseAddress):
        place = DatabaseRecords(Session(place))
    if isinstance(place, TablesInMemory):
        return tuple(
            Candidate(name, "", "", InMemorySource("", name, table)) for name, table in place.tables.items()
        )
    if isinstance(place, DatabaseRecords):
        return tuple(
            Candidate(
                stored.name if stored.found or place.schema else "",
                "",
                "",
                finding.source("", place, stored),
                stored.shown,
            )
            for stored in finding.tables_of(place)
        )
    if _is_workbook(place):
        return tuple(
            Candidate(sheet, "", sheet, WorkbookSource("", place, f"{place.name}, sheet {sheet}", sheet))
            for sheet in sheets_of(place)
        )
    every: list[Candidate] = []
    for entry in _entries(place):
        form = _form(entry)
        if entry.is_dir() and not entry.name.startswith("."):
            parts = [part for part in _entries(entry) if _form(part) and not part.is_dir()]
            form = _form(parts[0]) if parts else None
            if form is not None:
                shown = f"{entry.name}/{parts[0].name}"
                every.append(Candidate(entry.name, entry.name, "", form("", parts[0], shown)))
        elif _is_workbook(entry):
            every += _candidates_of_workbook(entry)
        elif form is not None:
            every.append(Candidate(_stem(entry), entry.name, "", form("", entry, entry.name)))
    return tuple(every)


def _candidates_of_workbook(entry: Path) -> list[Candidate]:
    """The sheets of a workbook in a folder: the only one is found by the workbook's name, one of several by both."""
    seen = sheets_of(entry)
    if len(seen) == 1:
        return [Candidate(_stem(entry), entry.name, "", WorkbookSource("", entry, entry.name, seen[0]))]
    return [
        Candidate(
            sheet if same(sheet) == same(_stem(entry)) else "",
            entry.name,
            sheet,
            WorkbookSource("", entry, f"{entry.name}, sheet {sheet}", sheet),
        )
        for sheet in seen
    ]


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError as error:
        raise Refused(
            Diagnostic(
                "SIB0610",
                _folder_trouble(folder, error),
                help="Name the folder that holds one file for each table.",
            )
        ) from error


def _of_folder(
    contract: Contract, folder: Path, called: Mapping[str, TableInFiles]
) -> dict[str, tuple[RecordSource, ...]]:
    problems = Problems()
    entries = _entries(folder)
    found: dict[str, tuple[RecordSource, ...]] = {}
    for table in contract.records:
        own = called[table.name]
        mine = [
            entry
            for entry in entries
            if _is_called(entry, own.file) or (not own.file and _belongs(entry, table))
        ]
        if table.parts:
            found[table.name] = _parts(problems, contract, table, folder, entries)
        elif not mine and own.file:
            problems.add(
                "SIB0601",
                f"There are no records for {table.name} in {folder}: {own.said or 'the mapping'} says that they are in "
                f"{own.file}, and that is not there",
                table.span,
                help=f"The folder has: {listed([_shown(entry) for entry in entries][:12]) or 'nothing'}.",
            )
        elif not mine:
            _missing(problems, table, folder, entries)
        elif len(mine) > 1:
            names = " and ".join(_shown(entry) for entry in mine)
            problems.add(
                "SIB0602",
                f"{table.name} has {len(mine)} sources in {folder}: {names}",
                table.span,
                help="Leave only the one that is to be read; several files of one table go into one folder of its name.",
            )
        else:
            found[table.name] = _files(problems, table, mine[0], own.sheet)
    problems.stop_on_errors()
    return found


def _is_called(entry: Path, name: str) -> bool:
    """Whether a file or folder has this name, with its ending or without; only what holds records has one."""
    holds = _form(entry) is not None or (entry.is_dir() and not entry.name.startswith("."))
    return bool(name) and holds and same(name) in (same(entry.name), same(_stem(entry)))


def _belongs(entry: Path, table: Records) -> bool:
    if _form(entry):
        return same(entry.name[: -len(entry.suffix)]) == same(table.name)
    return same(entry.name) == same(table.name) and entry.is_dir()


def _form(entry: Path) -> FromFile | None:
    # A workbook that is open has a file of its owner's name beside it, which begins so.
    return None if entry.name.startswith((".", "~$")) else FORMS.get(entry.suffix.lower())


def _is_workbook(entry: Path) -> bool:
    return entry.suffix.lower() in workbook.ENDINGS and _form(entry) is not None and not entry.is_dir()


def _stem(entry: Path) -> str:
    return entry.name if entry.is_dir() else entry.name[: -len(entry.suffix)]


def _shown(entry: Path) -> str:
    return f"{entry.name}/" if entry.is_dir() else entry.name


def _files(problems: Problems, table: Records, entry: Path, sheet: str = "") -> tuple[RecordSource, ...]:
    form = _form(entry)
    if form and sheet and _is_workbook(entry):
        return of_sheet(problems, table, entry, sheet)
    if form:
        return (form(table.name, entry, entry.name),)
    try:
        parts = [(part, form) for part in entry.iterdir() if (form := _form(part)) is not None]
    except OSError as error:
        problems.add("SIB0607", f"The folder {entry.name} cannot be read: {_why(error)}", table.span)
        return ()
    if not parts:
        problems.add(
            "SIB0601",
            f"There are no records for {table.name}: the folder {entry.name} holds no {_endings()} file",
            table.span,
            help=f"Put the files of {table.name} there, each ending in {_endings()}.",
        )
    parts.sort(key=lambda part_and_form: part_and_form[0].name)
    return tuple(form(table.name, part, f"{entry.name}/{part.name}") for part, form in parts)


def _parts(
    problems: Problems, contract: Contract, table: Records, folder: Path, entries: Iterable[Path]
) -> tuple[RecordSource, ...]:
    """The files of a table whose parts are named, in their order: each has one, and no file is of another part."""
    files: dict[str, list[tuple[Path, str]]] = {part: [] for part in table.parts}
    for entry, shown, stem in _part_files(problems, contract, table, entries):
        part = next((part for part in table.parts if same(stem) in _called(table, part)), None)
        if part is None:
            problems.add(
                "SIB0640",
                f"{shown} is none of the parts of {table.name} that the contract names: {listed(table.parts)}",
                table.span,
                help=f"Name it under `in parts` of records {table.name}, where it belongs among the others, or take it away.",
            )
        else:
            files[part].append((entry, shown))
    for part, mine in files.items():
        if len(mine) > 1:
            problems.add(
                "SIB0602",
                f'The part "{part}" of {table.name} has {len(mine)} files in {folder}: '
                f"{' and '.join(shown for _, shown in mine)}",
                table.span,
                help="Leave only the one that is to be read.",
            )
        if not mine:
            wanted = table.name.lower().replace(" ", "_")
            problems.add(
                "SIB0640",
                f'There is no file for the part "{part}" of {table.name} in {folder}',
                table.span,
                help=f"It is looked for as {wanted}/{part}.csv or {wanted}_{part}.csv. A part that is not there yet is not "
                "named yet.",
            )
    return tuple(
        form(table.name, entry, shown)
        for mine in files.values()
        for entry, shown in mine
        if (form := _form(entry)) is not None
    )


def _called(table: Records, part: str) -> tuple[str, str]:
    """What the file of a part may be called, its ending apart."""
    return same(part), same(table.name + part)


def _part_files(
    problems: Problems, contract: Contract, table: Records, entries: Iterable[Path]
) -> Iterator[tuple[Path, str, str]]:
    """What may be a part of a table: each file of its folder, or beside that one whose name begins with the table's."""
    others = [other for other in contract.records if other is not table]
    for entry in entries:
        if entry.is_dir() and _belongs(entry, table):
            for source in _files(problems, table, entry):
                for file in source.files:
                    yield file, source.shown, file.name[: -len(file.suffix)]
        elif _form(entry) and not entry.is_dir():
            stem = entry.name[: -len(entry.suffix)]
            of_other = any(
                _belongs(entry, other) or same(stem) in [_called(other, part)[1] for part in other.parts]
                for other in others
            )
            if same(stem).startswith(same(table.name)) and not of_other:
                # Without the table's name in front, `2021-22.csv` beside the folder could be of any table.
                yield entry, entry.name, stem


def _endings(joint: str = "or") -> str:
    """`.csv or .parquet`, as many as there are."""
    return listed(list(FORMS), joint)


def _missing(problems: Problems, table: Records, folder: Path, entries: Iterable[Path]) -> None:
    wanted = table.name.lower().replace(" ", "_")
    message = f"There are no records for {table.name} in {folder}"
    here = list(entries)
    for entry in here:
        ending = next((end for end in OTHER_FORMS if entry.name.lower().endswith(end)), "")
        if ending and same(entry.name[: -len(ending)]) == same(table.name):
            problems.add(
                "SIB0601",
                f"{message}: {entry.name} is there, but only {_endings('and')} files are read",
                table.span,
                help=f"For {entry.name}: {OTHER_FORMS[ending]}.",
            )
            return
    books = [entry for entry in here if _is_workbook(entry)]
    if len(books) == 1 and len(here) == 1:
        problems.add(
            "SIB0601",
            message,
            table.span,
            help=f"{books[0].name} is there: to read its sheets, name it itself, as in `--records {books[0]}`.",
        )
        return
    stems = {entry.name[: -len(entry.suffix)]: entry for entry in here if _form(entry)}
    stems.update({entry.name: entry for entry in here if entry.is_dir() and not entry.name.startswith(".")})
    longer = (stem for stem in sorted(stems) if same(table.name) in same(stem))
    like = nearest(table.name, stems) or next(longer, None)
    hint = f"Did you mean {_shown(stems[like])}? " if like else ""
    files = ", ".join(f"{wanted}{ending}" for ending in FORMS)
    problems.add(
        "SIB0601",
        message,
        table.span,
        help=f"{hint}It is looked for as {files} or a folder {wanted} of such files.",
    )


def _folder_trouble(folder: Path, error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return f"there is no folder {folder}"
    if isinstance(error, NotADirectoryError):
        return f"{folder} is a file; records are read from a folder, or from a workbook that ends in {listed(workbook.ENDINGS, 'or')}"
    return f"the folder {folder} cannot be read: {_why(error)}"


def _why(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return "permission is denied"
    return (error.strerror or str(error)).lower()
