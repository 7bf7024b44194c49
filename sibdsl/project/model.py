"""What a project file says, once it has been read. Paths are as a call from the working folder would write them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from sibdsl import marks
from sibdsl.diagnostics import Diagnostic, Refused, nearest
from sibdsl.files import Reach
from sibdsl.project.addresses import DatabaseAddress
from sibdsl.project.find import NAME
from sibdsl.project.folders import Pattern
from sibdsl.project.tables import TableInFiles
from sibdsl.source import Source, Span

if TYPE_CHECKING:
    from sibdsl.project.statements import Place

#: The keys at the head of the file, each with what it says.
TOP = {
    "read": "files and folders that `check`, `test` and `fmt` read when none is given",
    "exclude": "what is left out when folders are read",
    "allow": "folders whose files contracts may name, besides their own",
    "contract": "a table for each contract or programme",
    "suppress": "a table for each finding that is not shown, with the reason",
}
#: The keys of a `[[contract]]`.
CONTRACT = {
    "file": "the contract or programme",
    "varied-by": "files with its variations",
    "parameters": "a JSON file with values for particulars and assumptions",
    "settings": "values for particulars and assumptions",
    "records": "the folder, workbook or database of its records",
    "tables": "how its records are called there",
    "quantities": "its file of quantities",
    "as-of": "the day of the run",
    "rules": "the rules that `check` decides",
}
#: The keys of a table under `[contract.tables]`.
TABLE = {
    "file": "the file or folder of the table, in the folder of the records",
    "sheet": "its sheet, where that is a workbook",
    "table": "its table or view, where the records are a database",
    "query": "a query that gives its rows, where the records are a database",
    "headings": "how the file heads columns that it heads in other words than the contract",
}
#: The keys of a `[[suppress]]`.
SUPPRESS = {
    "code": "the code of the finding, or the name beside it",
    "file": "the file in which it is found",
    "clause": "the clause in which it is found",
    "reason": "why it is not shown",
}


@frozen
class ContractEntry:
    """One `[[contract]]`: what is meant when a command names this file, and nothing else is said."""

    place: Place
    file: Path
    varied_by: tuple[Path, ...] = ()
    parameters: Path | None = None
    #: Names with what is written for each: text, exact numbers, days, or pairs of key and value.
    settings: tuple[tuple[str, object], ...] = ()
    records: Path | DatabaseAddress | None = None
    quantities: Path | None = None
    as_of: date | None = None
    rules: tuple[str, ...] = ()
    #: How its tables are called in the records, by their names in the contract.
    tables: Mapping[str, TableInFiles] = field(factory=dict)


@frozen
class ProjectValues:
    """What a project file says when a call does not.

    Values, the name of a parameters file whose values go before them, and how the tables of the records are called.

    `folder` is that of the project file: plans are looked for there, and none outside it. `places` has for each name where
    it is written, as `sib.toml line 4`.
    """

    values: tuple[tuple[str, object], ...]
    origin: str
    folder: Path
    parameters: Path | None = None
    places: Mapping[str, str] = field(factory=dict)
    tables: Mapping[str, TableInFiles] = field(factory=dict)


@frozen
class Suppression:
    """One `[[suppress]]`: a finding that is counted and not shown. `file` and `clause` are None where it is so everywhere."""

    place: Place
    code: str
    reason: str
    file: Path | None = None
    clause: str | None = None


@frozen
class Project:
    """A project file: where it is, what it says, and on which line it says it."""

    source: Source = field(repr=False)
    path: Path
    read: tuple[Path, ...] = ()
    leave_out: tuple[Pattern, ...] = ()
    allow: tuple[Path, ...] = ()
    contracts: tuple[ContractEntry, ...] = ()
    suppressions: tuple[Suppression, ...] = ()
    lines: Mapping[Place, int] = field(factory=dict, repr=False)

    @property
    def folder(self) -> Path:
        """The folder that it speaks of."""
        return self.path.parent

    @property
    def files(self) -> tuple[Path, ...]:
        """What is read when a call names nothing. Raises Refused (SIB0745) for what is not there."""
        if self.read:
            return tuple(self.there(("read",), path) for path in self.read)
        every = [self.there((*entry.place, "file"), entry.file) for entry in self.contracts]
        every += [
            self.there((*entry.place, "varied-by"), path)
            for entry in self.contracts
            for path in entry.varied_by
        ]
        return tuple(dict.fromkeys(every)) or (self.folder,)

    def entry(self, path: Path) -> ContractEntry | None:
        """What it says of this file."""
        wanted = os.path.realpath(path)
        return next(
            (contract for contract in self.contracts if os.path.realpath(contract.file) == wanted), None
        )

    def values(self, path: Path) -> ProjectValues | None:
        """The values that it gives for this file. Raises Refused for a parameters file that leads out or is not there."""
        contract = self.entry(path)
        if contract is None:
            return None
        if contract.parameters is not None:
            self.there((*contract.place, "parameters"), contract.parameters)
        return ProjectValues(
            contract.settings,
            str(self.path),
            self.folder,
            contract.parameters,
            {name: self.said((*contract.place, "settings", name)) for name, _ in contract.settings},
            {
                name: evolve(table, said=self.said(self._first_of((*contract.place, "tables", name))))
                for name, table in contract.tables.items()
            },
        )

    def _first_of(self, place: Place) -> Place:
        """The place, or the first that is written within it: a table may be there by a table of its own alone."""
        within = [other for other in self.lines if other[: len(place)] == place]
        return place if place in self.lines or not within else min(within, key=self.lines.__getitem__)

    def line(self, place: Place) -> int:
        """The line of a key, or of what it stands in."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def span(self, place: Place) -> Span:
        """The line of a key, for a message to underline."""
        return line_span(self.source, self.line(place))

    def there(self, place: Place, path: Path) -> Path:
        """The path, where there is something. Raises Refused (SIB0745) where there is nothing."""
        if path.exists():
            return path
        near = nearest(path.name, _names(path.parent))
        raise Refused(
            Diagnostic(
                "SIB0745",
                f"`{place[-1] if isinstance(place[-1], str) else place[-2]}` names {marks.one_line(str(path))}, and there is no such file or folder.",
                self.span(place),
                mark="not there",
                help=f"Did you mean {near}?"
                if near
                else f"Paths are written from the folder of {NAME}. Check the name.",
            )
        )

    def folder_there(self, place: Place, folder: Path) -> Path:
        """As `there`, of a folder whose files are read: no link in it leads out of the folder of the project file."""
        within = Reach((self.folder,))
        for inner, folders, files in os.walk(self.there(place, folder)):
            for name in (*folders, *files):
                path = Path(inner, name)
                if path.is_symlink() and not within.holds(path):
                    raise Refused(
                        Diagnostic(
                            "SIB0744",
                            f"{marks.one_line(str(path))} is a link that leads out of the folder of {NAME}. It was not looked at.",
                            self.span(place),
                            mark="holds a link that leads out",
                            help=f"If it is meant, give the folder on the command: `--records {marks.path_word(str(folder))}`.",
                        )
                    )
        return folder

    def said(self, place: Place) -> str:
        """Where a key stands: `sib.toml line 4`."""
        return f"{self.path} line {self.line(place)}"


def _names(folder: Path) -> list[str]:
    try:
        return [path.name for path in folder.iterdir()]
    except OSError:
        return []


def line_span(source: Source, line: int) -> Span:
    """All words of one line of a text."""
    lines = source.lines
    line = max(1, min(line, len(lines)))
    start = sum(len(line_text) + 1 for line_text in lines[: line - 1])
    text = lines[line - 1]
    first = start + len(text) - len(text.lstrip())
    return source.span(first, max(first, start + len(text.rstrip())))
