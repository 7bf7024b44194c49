"""What the project file says for the options that a call leaves out. What is taken from it is told, so that no amount changes unseen.

Source of the rules: project reference, 'What goes before what' and 'What it may do'.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from attrs import frozen
from click.core import ParameterSource

from sibdsl import marks
from sibdsl.project.addresses import DatabaseAddress
from sibdsl.project.find import NAME, find

if TYPE_CHECKING:
    from sibdsl.project.model import ContractEntry, Project, ProjectValues
    from sibdsl.project.statements import Place

#: Where the project file is kept for the length of a call.
_PROJECT = "sibdsl.project"
#: Commands that read files and folders; without any, those of the project file, or the current folder.
MANY = {"check": "contracts", "test": "contracts", "fmt": "paths"}
#: Commands about one contract -> the keys of a `[[contract]]` that fill their options, by parameter.
ONE = {
    "pay": {"records": "records", "as_of": "as-of", "varied": "varied-by"},
    "explain": {"records": "records", "as_of": "as-of", "varied": "varied-by"},
    "price": {"quantities": "quantities", "varied": "varied-by"},
    "show": {"varied": "varied-by"},
    "dump": {"varied": "varied-by"},
}


@frozen
class Taken:
    """One option that the project file gives: the parameter of the command, its value, and where it is written."""

    parameter: str
    said: str
    value: object
    place: Place


def project() -> Project | None:
    """The project file of this call; None where there is none, or `--no-project` was given."""
    ctx = click.get_current_context(silent=True)
    found: Project | None = ctx.meta.get(_PROJECT) if ctx else None
    return found


def keep(ctx: click.Context) -> Project | None:
    """Find and read the project file for this call, and keep it. Raises Refused for one that cannot be followed."""
    path = None if ctx.params.get("no_project") else find()
    if path is None:
        return None
    from sibdsl.cli import trouble
    from sibdsl.project.sib_toml import load, text_of

    trouble.remember({str(path): text_of(path)})
    ctx.meta[_PROJECT] = read = load(path)
    return read


def entry(path: Path) -> ContractEntry | None:
    """What the project file says of this file."""
    held = project()
    return held.entry(path) if held else None


def stated(path: Path) -> ProjectValues | None:
    """The values that the project file gives for this file, for what goes before them to be laid over."""
    held = project()
    return held.values(path) if held else None


def filled(ctx: click.Context, name: str, command: click.Command, words: Sequence[str]) -> list[Taken]:
    """What the project file gives for a call of the command with these words. Raises Refused or UsageError."""
    if name not in MANY and name not in ONE and name != "diff":
        return []
    held = keep(ctx)
    given = command.make_context(name, list(words), parent=ctx, resilient_parsing=True)
    if name in MANY:
        argument = MANY[name]
        paths = [Path(path) for path in given.params.get(argument) or ()]
        if held is None:
            return [] if paths else [Taken(argument, "", [""], ())]
        taken = [] if paths else [Taken(argument, "read", [str(path) for path in held.files], ("read",))]
        paths = paths or list(held.files)
        return [*taken, *_allowed(held, paths), *_of_single(held, name, paths)]
    if held is None:
        return []
    if name == "diff":
        return _allowed(held, [Path(given.params[one]) for one in ("old", "new") if given.params.get(one)])
    if given.get_parameter_source("contract") is None:
        return []  # `sib explain cap`, which is about no contract
    path = given.params.get("contract")
    taken = []
    if path is None:
        chosen = _only(held, name, given)
        taken = [Taken("contract", "contract", str(chosen.file), (*chosen.place, "file"))]
        path = chosen.file
    return [*taken, *_allowed(held, [Path(path)]), *_options(held, name, Path(path), given)]


def _only(held: Project, name: str, given: click.Context) -> ContractEntry:
    """The contract that is meant where none is named: the only one, or the only one with what the command needs."""
    needs = {"pay": "records", "explain": "records"}.get(name, "file")
    every = [contract for contract in held.contracts if needs == "file" or contract.records is not None]
    every = every or list(held.contracts)
    if len(every) == 1:
        held.there((*every[0].place, "file"), every[0].file)
        return every[0]
    names = ", ".join(marks.path_word(str(contract.file)) for contract in held.contracts)
    raise click.UsageError(
        f"Name the contract: {held.path} has {'several: ' + names if names else 'no `[[contract]]`'}.", given
    )


def _options(held: Project, name: str, path: Path, given: click.Context) -> Iterator[Taken]:
    of_file = held.entry(path)
    if of_file is None:
        return
    for parameter, key in ONE[name].items():
        place = (*of_file.place, key)
        if given.get_parameter_source(parameter) is ParameterSource.COMMANDLINE:
            continue
        if key == "varied-by" and of_file.varied_by:
            files = [str(held.there(place, path)) for path in of_file.varied_by]
            yield Taken(parameter, key, files, place)
        elif key == "records" and of_file.records is not None:
            yield Taken(parameter, key, _records(held, place, of_file.records), place)
        elif key == "quantities" and of_file.quantities is not None and not given.params.get("scenario"):
            yield Taken(parameter, key, str(held.there(place, of_file.quantities)), place)
        elif key == "as-of" and of_file.as_of is not None:
            yield Taken(parameter, key, of_file.as_of, place)


def _records(held: Project, place: Place, records: Path | DatabaseAddress) -> object:
    """The folder, workbook or database. Raises Refused where it is not there, or leads out."""
    if not isinstance(records, DatabaseAddress):
        return str(held.folder_there(place, records))
    if records.path is not None:
        held.there(place, records.path)
    return records


def _of_single(held: Project, name: str, paths: Sequence[Path]) -> Iterator[Taken]:
    """What is meant when `check` or `test` names one file: its variations, and for `check` its rules."""
    of_file = held.entry(paths[0]) if len(paths) == 1 and name != "fmt" else None
    if of_file is None:
        return
    if of_file.varied_by:
        place = (*of_file.place, "varied-by")
        yield Taken(
            "varied", "varied-by", [str(held.there(place, path)) for path in of_file.varied_by], place
        )
    if of_file.rules and name == "check":
        yield Taken("packs", "rules", list(of_file.rules), (*of_file.place, "rules"))


def _allowed(held: Project, paths: Sequence[Path]) -> list[Taken]:
    """Its folders whose files contracts may name; only for contracts that it speaks of, which are those in its folder."""
    root = os.path.realpath(held.folder)
    inside = all(os.path.commonpath((os.path.realpath(path), root)) == root for path in paths)
    if not held.allow or not inside:
        return []
    return [Taken("allow", "allow", [str(held.there(("allow",), path)) for path in held.allow], ("allow",))]


def defaults(
    ctx: click.Context, name: str, command: click.Command, words: Sequence[str]
) -> dict[str, object]:
    """What click takes for the options that the call leaves out. What of it a person would want to know is told."""
    from sibdsl.cli.screen import say

    parameters = {param.name for param in command.params}
    taken = [one for one in filled(ctx, name, command, words) if one.parameter in parameters]
    told = [
        *(f"{one.said} {_shown(one.value)}" for one in taken if one.said),
        *_settings_told(taken, words, command, ctx, name),
    ]
    held = ctx.meta.get(_PROJECT)
    if held is not None and told:
        say(f"From {marks.one_line(str(held.path))}: {'; '.join(told)}.", err=True)
    return {one.parameter: one.value for one in taken}


def _settings_told(
    taken: Sequence[Taken], words: Sequence[str], command: click.Command, ctx: click.Context, name: str
) -> list[str]:
    """The values that it gives for the one contract of the call, and its file of parameters."""
    held = ctx.meta.get(_PROJECT)
    if held is None or name not in (*ONE, "check", "test"):
        return []
    given = command.make_context(name, list(words), parent=ctx, resilient_parsing=True)
    path = next((one.value for one in taken if one.parameter == "contract"), given.params.get("contract"))
    paths = given.params.get("contracts") or ([path] if path else list(held.files) if name in MANY else [])
    of_file = held.entry(Path(str(paths[0]))) if len(paths) == 1 else None
    if of_file is None:
        return []
    file = (
        [f"parameters {marks.path_word(str(of_file.parameters))}"]
        if of_file.parameters and not given.params.get("parameters")
        else []
    )
    reads = "records" in ONE.get(name, {})
    names = [f"how files call {', '.join(map(_shown, of_file.tables))}"] if of_file.tables and reads else []
    return [*(f"{name} is {_shown(value)}" for name, value in of_file.settings), *file, *names]


def _shown(value: object) -> str:
    match value:
        case list():
            pairs = [f"{one[0]}: {one[1]}" if isinstance(one, tuple) else _shown(one) for one in value]
            return ", ".join(pairs)
        case _:
            return marks.one_line(str(value))


__all__ = ["MANY", "NAME", "ONE", "Taken", "defaults", "entry", "filled", "keep", "project", "stated"]
