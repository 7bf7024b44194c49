"""Where the records are: the files of a folder that stand for each table of the contract.

Source of the rules: records reference, 'The folder'.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from sibdsl.diagnostics import Problems, Refused, nearest, same
from sibdsl.english import listed
from sibdsl.model.nodes import Contract, Programme, Records
from sibdsl.records.sources import RecordSource
from sibdsl.records.sources.csv import CsvSource
from sibdsl.records.sources.parquet import ParquetSource

#: Makes a source of a table's name, a file, and what it is called.
FromFile = Callable[[str, Path, str], RecordSource]

#: How a file is read, by the ending of its name, in the order in which messages list them.
FORMS: dict[str, FromFile] = {".csv": CsvSource, ".parquet": ParquetSource}

#: Endings of files that hold tables in forms that are not read -> what to do about it.
OTHER_FORMS: dict[str, str] = {
    ".xlsx": "save it as CSV",
    ".xlsm": "save it as CSV",
    ".xls": "save it as CSV",
    ".ods": "save it as CSV",
    ".tsv": "save it as CSV",
    ".txt": "save it as CSV",
    ".csv.gz": "unpack it, so that it ends in .csv",
    ".csv.zip": "unpack it, so that it ends in .csv",
    ".zip": "unpack it, so that it ends in .csv",
}


def folders(programme: Programme, records: Path) -> dict[str, Path]:
    """The folder of each contract's records, by the contract's name: one of its name inside `records`.

    Of a contract by itself it is `records`. Raises Refused for contracts without a folder (SIB0601).
    """
    if programme.alone:
        return {member.name: records for member in programme.members}
    there = [entry for entry in sorted(records.iterdir()) if entry.is_dir()] if records.is_dir() else []
    problems = Problems()
    found: dict[str, Path] = {}
    for member in programme.members:
        folder = next((entry for entry in there if same(entry.name) == same(member.name)), None)
        if folder is None:
            names = ", ".join(entry.name for entry in there) or "no folder"
            problems.add(
                "SIB0601",
                f"{records} has no folder for the records of {member.name}. It has: {names}.",
                help=f"Put them in {records / member.name.lower().replace(' ', '_')}.",
            )
        else:
            found[member.name] = folder
    problems.stop_on_errors()
    return found


def find(contract: Contract, folder: Path) -> dict[str, tuple[RecordSource, ...]]:
    """The files of each table of the contract, by the table's name; parts in the order of their names.

    For a table Jobs the folder holds `jobs.csv`, `jobs.parquet`, or a folder `jobs` of such files. Names match without
    regard to case, spaces, hyphens and underscores. Everything else in the folder is left alone.

    Raises:
        Refused: the folder cannot be read (SIB0610), a table has no file (SIB0601) or more than one (SIB0602).
    """
    problems = Problems()
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError as error:
        problems.add(
            "SIB0610",
            _folder_trouble(folder, error),
            help="Name the folder that holds one file for each table.",
        )
        raise Refused(problems.found) from error
    found: dict[str, tuple[RecordSource, ...]] = {}
    for table in contract.records:
        mine = [entry for entry in entries if _belongs(entry, table)]
        if not mine:
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
            found[table.name] = _files(problems, table, mine[0])
    problems.stop_on_errors()
    return found


def _belongs(entry: Path, table: Records) -> bool:
    if _form(entry):
        return same(entry.name[: -len(entry.suffix)]) == same(table.name)
    return same(entry.name) == same(table.name) and entry.is_dir()


def _form(entry: Path) -> FromFile | None:
    return None if entry.name.startswith(".") else FORMS.get(entry.suffix.lower())


def _shown(entry: Path) -> str:
    return f"{entry.name}/" if entry.is_dir() else entry.name


def _files(problems: Problems, table: Records, entry: Path) -> tuple[RecordSource, ...]:
    form = _form(entry)
    if form:
        return (form(table.name, entry, entry.name),)
    try:
        parts = [(part, form) for part in entry.iterdir() if (form := _form(part)) is not None]
    except OSError as error:
        problems.add("SIB0607", f"the folder {entry.name} cannot be read: {_why(error)}", table.span)
        return ()
    if not parts:
        problems.add(
            "SIB0601",
            f"there are no records for {table.name}: the folder {entry.name} holds no {_endings()} file",
            table.span,
            help=f"Put the files of {table.name} there, each ending in {_endings()}.",
        )
    parts.sort(key=lambda one: one[0].name)
    return tuple(form(table.name, part, f"{entry.name}/{part.name}") for part, form in parts)


def _endings(joint: str = "or") -> str:
    """`.csv or .parquet`, as many as there are."""
    return listed(list(FORMS), joint)


def _missing(problems: Problems, table: Records, folder: Path, entries: Iterable[Path]) -> None:
    wanted = table.name.lower().replace(" ", "_")
    message = f"there are no records for {table.name} in {folder}"
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
        return f"{folder} is a file; records are read from a folder"
    return f"the folder {folder} cannot be read: {_why(error)}"


def _why(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return "permission is denied"
    return (error.strerror or str(error)).lower()
