"""Finding and reading a project file. Every key has its form; what is not as it should be is told with its line.

Source of the rules: project reference, 'sib.toml' and 'What it may do'.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from attrs import field, frozen

from sibdsl import dates, files, marks
from sibdsl.diagnostics import Diagnostic, Problems, Refused, nearest, same
from sibdsl.diagnostics.codes import REGISTRY
from sibdsl.files import Reach
from sibdsl.names.files import is_path
from sibdsl.project import addresses
from sibdsl.project.addresses import RecordsGiven
from sibdsl.project.find import NAME
from sibdsl.project.folders import Pattern
from sibdsl.project.model import (
    CONTRACT,
    SUPPRESS,
    TABLE,
    TOP,
    ContractEntry,
    Project,
    Suppression,
    line_span,
)
from sibdsl.project.statements import Place, lines_of
from sibdsl.project.tables import TableInFiles
from sibdsl.source import NOWHERE, Source, Span

#: Bytes of a project file: far more than any needs.
MOST = 200_000
Form = TypeVar("Form")

_EXAMPLE = 'Write such as `file = "north.sib"`: a key, `=`, and text in double quotes, a list in `[ ]`, or a date such as 2026-12-31.'


def load(path: Path) -> Project:
    """Read a project file. Raises Refused with every error found in it."""
    source = text_of(path)
    said = _parsed(source)
    reader = _Reader(source, path, lines_of(source.text))
    project = reader.project(said)
    reader.problems.stop_on_errors()
    return project


def _belongs(path: Path) -> None:
    """Refuse a file of a folder above the working one that belongs to neither the user nor whoever owns the working folder."""
    if path.parent == Path() or not hasattr(os, "getuid"):
        return
    try:
        owner = path.lstat().st_uid
        trusted = {os.getuid(), Path().stat().st_uid, 0}
    except OSError:
        return  # told by whoever reads it
    if owner not in trusted:
        raise Refused(
            Diagnostic(
                "SIB0746",
                f"{marks.one_line(str(path))} stands in a folder above this one and belongs to somebody else, so it is not followed.",
                help="If you trust it, change into its folder and run this there. Or leave it out: `sib --no-project` and the command.",
            )
        )


def text_of(path: Path) -> Source:
    """The text of a project file. Raises Refused where it is none (SIB0740), or somebody else's (SIB0746)."""
    _belongs(path)
    return Source(str(path), _text(path))


def _text(path: Path) -> str:
    shown = marks.one_line(str(path))

    def refused(why: str, way_out: str) -> Refused:
        return Refused(Diagnostic("SIB0740", f"{shown} {why}", help=way_out))

    try:
        data = files.read(path)
    except IsADirectoryError:
        raise refused(
            "is a folder; a project file is a file of text.", "Give the folder another name."
        ) from None
    except OSError as error:
        raise refused(
            f"cannot be read: {error.strerror or error}.",
            "Check who may read it, or leave it out: `sib --no-project`.",
        ) from None
    if len(data) > MOST:
        raise refused(
            f"holds more than {MOST:,} bytes, the most that is read of one.",
            "Check that it is the file you mean.",
        )
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise refused(
            f"is not text in UTF-8: line {line} holds a character that cannot be read.",
            "Save it as plain text with encoding UTF-8.",
        ) from None
    hidden = next(marks.hidden(text), None)
    if hidden is not None:
        at, char = hidden
        raise refused(
            f"holds a mark that is not seen or turns text round: {marks.said(char)} on line {text.count(chr(10), 0, at) + 1}.",
            "Take it out, or write the line again.",
        )
    return text


#: How Python's reader begins what it says -> what is wrong, for people.
_WORDS = (
    (
        ("Cannot overwrite", "Cannot declare", "Cannot mutate", "Duplicate"),
        "this key or table is there already",
    ),
    (("Invalid value", "Invalid initial"), "what stands after `=` is no value; text stands in double quotes"),
    (("Expected '='", "Invalid statement", "Unbare key"), "a key, `=` and a value are expected"),
    (
        ("Unterminated", "Illegal character", 'Expected "\'"', "Expected '\"'"),
        "a text in quotes is not closed on its line",
    ),
    (("Unclosed",), "a list is not closed, or two things in it have no comma between them"),
)


def _parsed(source: Source) -> dict[str, Any]:
    try:
        return tomllib.loads(source.text, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        told = str(error)
        at = re.search(r"at line (\d+)", told)
        line = int(at[1]) if at else len(source.lines)
        why = next(
            (words for begins, words in _WORDS if told.startswith(begins)), "this is not written as TOML is"
        )
        secret = addresses.may_hold_password(source.lines[min(line, len(source.lines)) - 1])
        raise Refused(
            Diagnostic(
                "SIB0741",
                f"Line {line} of {marks.one_line(source.name)} cannot be read: {why}.",
                NOWHERE if secret else line_span(source, line),
                help=_EXAMPLE,
            )
        ) from None


@frozen
class _Reader:
    """Reads the tables of one project file, noting what is wrong in them."""

    source: Source
    path: Path
    lines: dict[Place, int]
    problems: Problems = field(factory=Problems)

    def project(self, said: dict[str, Any]) -> Project:
        self._known(said, TOP, ())
        return Project(
            self.source,
            self.path,
            self._list(said, "read", (), self._path),
            tuple(Pattern(text, self.path.parent) for text in self._list(said, "exclude", (), self._pattern)),
            self._list(said, "allow", (), self._path),
            self._contracts(said),
            tuple(
                suppression
                for place, table in self._tables(said, "suppress")
                if (suppression := self._suppression(place, table))
            ),
            self.lines,
        )

    # -------------------------------------------------------------- tables

    def _contracts(self, said: dict[str, Any]) -> tuple[ContractEntry, ...]:
        found: dict[str, ContractEntry] = {}
        for place, table in self._tables(said, "contract"):
            entry = self._contract(place, table)
            if entry is None:
                continue
            real = os.path.realpath(entry.file)
            if real in found:
                self._wrong(
                    (*place, "file"),
                    f"`{marks.one_line(str(entry.file))}` has a `[[contract]]` already, on line {self._line(found[real].place)}.",
                    "Put what is said of one file into one `[[contract]]`.",
                )
            found.setdefault(real, entry)
        return tuple(found.values())

    def _contract(self, place: Place, table: dict[str, Any]) -> ContractEntry | None:
        self._known(table, CONTRACT, place)
        if "file" not in table:
            self._wrong(
                place,
                "This `[[contract]]` does not say of which file it speaks.",
                'Add `file = "north.sib"`.',
            )
            return None
        file = self._one(table, "file", place, self._path)
        records = self._records((*place, "records"), table["records"]) if "records" in table else None
        entry = ContractEntry(
            place,
            file or self.path,
            self._list(table, "varied-by", place, self._path),
            self._one(table, "parameters", place, self._path),
            self._settings(table, place),
            records,
            self._one(table, "quantities", place, self._path),
            self._one(table, "as-of", place, self._day),
            self._list(table, "rules", place, self._pack),
            self._tables_in_files(table, place),
        )
        return entry if file is not None else None

    def _tables_in_files(self, said: dict[str, Any], place: Place) -> dict[str, TableInFiles]:
        place = (*place, "tables")
        found: dict[str, TableInFiles] = {}
        for name, table in self._named(
            said.get("tables", {}), place, '[contract.tables.Jobs]\nsheet = "Data"'
        ):
            mine = (*place, name)
            if not isinstance(table, dict):
                self._form(mine, table, f"a table, under a line `[contract.tables.{name}]`", 'sheet = "Data"')
                continue
            self._known(table, TABLE, mine)
            headings = self._named(
                table.get("headings", {}), (*mine, "headings"), '"Started On" = "Start date"'
            )
            pairs = [(own, self._words((*mine, "headings", own), other)) for own, other in headings]
            found[name] = TableInFiles(
                self._one(table, "file", mine, self._words) or "",
                self._one(table, "sheet", mine, self._words) or "",
                tuple((own, other) for own, other in pairs if other is not None),
                table=self._one(table, "table", mine, self._words) or "",
                query=self._one(table, "query", mine, self._words) or "",
            )
            if found[name].table and found[name].query:
                self._wrong(
                    (*mine, "query"),
                    f"`{marks.one_line(name)}` has both a `table` and a `query`.",
                    "Leave the one that gives its rows.",
                )
        return found

    def _named(self, given: object, place: Place, example: str) -> Iterator[tuple[str, Any]]:
        if isinstance(given, dict):
            yield from given.items()
        else:
            self._form(place, given, "names, each with what is said of it", example)

    def _suppression(self, place: Place, table: dict[str, Any]) -> Suppression | None:
        self._known(table, SUPPRESS, place)
        for key, example in (
            ("code", 'code = "band-gap"'),
            ("reason", 'reason = "Agreed with the council on 3 May."'),
        ):
            if key not in table:
                self._refuse_suppression(place, f"This `[[suppress]]` has no `{key}`.", f"Add `{example}`.")
        code = self._one(table, "code", place, self._code)
        reason = self._one(table, "reason", place, self._reason)
        file = self._one(table, "file", place, self._path)
        clause = self._one(table, "clause", place, self._words)
        if code is None or reason is None or (file is None and "file" in table):
            return None
        return Suppression(place, code, reason, file, clause)

    def _settings(self, table: dict[str, Any], place: Place) -> tuple[tuple[str, object], ...]:
        place = (*place, "settings")
        given = table.get("settings", {})
        if not isinstance(given, dict):
            self._form(
                place,
                given,
                "names with values, under a line `[contract.settings]`",
                '"Start Rate" = "250.00"',
            )
            return ()
        return tuple((name, self._value((*place, name), value)) for name, value in given.items())

    def _value(self, place: Place, value: object) -> object:
        """A value as a parameters file would give it."""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, dict):
            return [(name, self._value((*place, name), inner)) for name, inner in value.items()]
        if isinstance(value, str | int | Decimal) or (
            isinstance(value, date) and not isinstance(value, datetime)
        ):
            return str(value)
        self._form(place, value, "a text, a number, a date, or true or false", '"Start Rate" = "250.00"')
        return ""

    def _tables(self, said: dict[str, Any], key: str) -> Iterator[tuple[Place, dict[str, Any]]]:
        given = said.get(key, [])
        if isinstance(given, dict):
            self._form((key,), given, f"a table in double brackets, `[[{key}]]`", f"[[{key}]]")
            return
        if not isinstance(given, list) or not all(isinstance(table, dict) for table in given):
            self._form((key,), given, f"a table in double brackets, `[[{key}]]`", f"[[{key}]]")
            return
        yield from (((key, number), table) for number, table in enumerate(given))

    # -------------------------------------------------------------- forms

    def _known(self, table: dict[str, Any], keys: dict[str, str], place: Place) -> None:
        for key in table:
            if key not in keys:
                near = nearest(key, keys) or next(
                    (other_key for other_key in keys if same(other_key) == same(key)), None
                )
                where = f"a `[[{place[0]}]]`" if place else "the head of the file"
                where = f"`[contract.tables.{place[-1]}]`" if keys is TABLE else where
                other = next(
                    (
                        name
                        for name, those in (("contract", CONTRACT), ("suppress", SUPPRESS))
                        if key in those and keys is TOP
                    ),
                    None,
                )
                self.problems.add(
                    "SIB0742",
                    f"`{marks.one_line(key)}` is no key of {where}.",
                    self._span((*place, key)),
                    mark="not known",
                    help=f"Did you mean `{near}`?"
                    if near
                    else f"It belongs under a line `[[{other}]]`."
                    if other
                    else f"The keys are: {', '.join(f'`{known_key}`' for known_key in keys)}.",
                )

    def _one(
        self, table: dict[str, Any], key: str, place: Place, read: Callable[[Place, object], Form | None]
    ) -> Form | None:
        return read((*place, key), table[key]) if key in table else None

    def _list(
        self, table: dict[str, Any], key: str, place: Place, read: Callable[[Place, object], Form | None]
    ) -> tuple[Form, ...]:
        if key not in table:
            return ()
        place, given = (*place, key), table[key]
        if not isinstance(given, list):
            self._form(place, given, "a list", f'{key} = ["..."]')
            return ()
        return tuple(found for item in given if (found := read(place, item)) is not None)

    def _words(self, place: Place, value: object) -> str | None:
        if isinstance(value, str) and value.strip():
            return value.strip()
        self._form(place, value, "a text in quotes", f'{place[-1]} = "..."')
        return None

    def _pack(self, place: Place, value: object) -> str | None:
        """A rule pack: of the library by its name, or a file by its path, as the working folder calls it."""
        text = self._words(place, value)
        if text is None or not is_path(text):
            return text
        path = self._path(place, text)
        return None if path is None else os.path.join(".", path)  # noqa: PTH118 - a path is told by how it begins

    def _reason(self, place: Place, value: object) -> str | None:
        if isinstance(value, str) and re.search(r"\w{2}", value):
            return value.strip()
        self._refuse_suppression(
            place,
            "The reason says nothing.",
            'Write why it is not shown, as in `reason = "Agreed with the council on 3 May."`.',
        )
        return None

    def _code(self, place: Place, value: object) -> str | None:
        text = self._words(place, value)
        if text is None:
            return None
        found = next(
            (code for code in REGISTRY.values() if text.upper() == code.code or text.lower() == code.name),
            None,
        )
        if found is not None:
            return found.code
        near = nearest(text, [*REGISTRY, *(code.name for code in REGISTRY.values())])
        self._refuse_suppression(
            place,
            f"There is no code `{marks.one_line(text)}`.",
            f"Did you mean `{near}`?" if near else "`sib explain-code` lists them all.",
        )
        return None

    def _day(self, place: Place, value: object) -> date | None:
        if isinstance(value, date) and not isinstance(value, datetime) and dates.speakable(value):
            return value
        if isinstance(value, str):
            try:
                day = dates.parse(value.strip())
            except ValueError:
                day = None
            if day is not None and dates.speakable(day):
                return day
        self._form(place, value, "a date from 1900 to 2199", f"{place[-1]} = 2026-12-31")
        return None

    def _pattern(self, place: Place, value: object) -> str | None:
        text = self._words(place, value)
        if text is not None and (text.startswith("!") or text.count("*") > 8):
            self._form(
                place,
                value,
                "names and paths, with `*` for a part of a name",
                'exclude = ["drafts", "old/*.sib"]',
            )
            return None
        return text

    def _records(self, place: Place, value: object) -> RecordsGiven | None:
        """A folder or workbook within the folder of the file, or the address of a database; a file of one lies within it too."""
        if not isinstance(value, str) or not addresses.is_address(value.strip()):
            return self._path(place, value)
        try:
            where = f"{marks.one_line(str(self.path))} line {self._line(place)}"
            found = addresses.read(value.strip(), folder=self.path.parent, where=where)
        except Refused as refused:
            # The line itself is not shown: a password may stand on it.
            self.problems.found.extend(refused.found)
            return None
        if found.path is not None:
            own = found.path.is_relative_to(self.path.parent)
            inside = found.path.relative_to(self.path.parent) if own else found.path
            if self._path(place, str(inside)) is None:
                return None
        return found

    def _path(self, place: Place, value: object) -> Path | None:
        """A path within the folder of the file, as the working folder calls it."""
        text = self._words(place, value)
        if text is None:
            return None
        path = Path(text.replace("\\", "/") if os.sep == "\\" else text)
        whole = self.path.parent / path
        if path.is_absolute() or not Reach((self.path.parent,)).holds(whole):
            self.problems.add(
                "SIB0744",
                f"`{marks.one_line(text)}` leads out of the folder of {NAME}. It was not looked at.",
                self._span(place),
                mark="leads out of the folder",
                help=_GIVEN_BY.get(str(place[-1]), "Copy it into that folder.").format(
                    word=marks.path_word(text)
                ),
            )
            return None
        return whole

    # -------------------------------------------------------------- telling

    def _line(self, place: Place) -> int:
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def _span(self, place: Place) -> Span:
        return line_span(self.source, self._line(place))

    def _form(self, place: Place, value: object, expected: str, example: str) -> None:
        self._wrong(
            place,
            f"`{marks.one_line(str(place[-1]))}` is {_kind(value)}; {expected} is expected.",
            f"Write such as `{example}`.",
        )

    def _wrong(self, place: Place, message: str, way_out: str) -> None:
        self.problems.add("SIB0743", message, self._span(place), mark="here", help=way_out)

    def _refuse_suppression(self, place: Place, message: str, way_out: str) -> None:
        self.problems.add("SIB0750", message, self._span(place), mark="here", help=way_out)


#: How the user, whose say it is, would name on a call what a project file may not.
_GIVEN_BY = {
    "records": "Copy it into that folder, or give it on the command: `--records {word}`.",
    "quantities": "Copy it into that folder, or give it on the command: `--quantities {word}`.",
    "parameters": "Copy it into that folder, or give it on the command: `--parameters {word}`.",
    "varied-by": "Copy it into that folder, or give it on the command: `--with {word}`.",
    "allow": "Copy what is needed into that folder, or give it on the command: `--allow {word}`.",
    "read": "Copy it into that folder, or name it on the command: `sib check {word}`.",
    "file": "Copy it into that folder, or name it on the command: `sib check {word}`.",
}


def _kind(value: object) -> str:
    match value:
        case bool():
            return "true or false"
        case str():
            return f"the text `{marks.one_line(value)}`" if value.strip() else "an empty text"
        case int() | Decimal():
            return f"the number {value}"
        case list():
            return "a list"
        case dict():
            return "a table"
        case _:
            return f"`{value}`"
