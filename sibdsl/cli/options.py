"""`sib options`: each option of a command, what it is in this call, and where that is from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
from attrs import frozen
from click.core import ParameterSource

from sibdsl import marks
from sibdsl.cli import COMMANDS
from sibdsl.cli.common import allowed
from sibdsl.cli.exit_status import ALL_WELL
from sibdsl.cli.project_file import Taken, filled, project, stated
from sibdsl.cli.screen import emit, say

if TYPE_CHECKING:
    from sibdsl.project.model import Project


@frozen
class Origin:
    """One option or value: its name, what it is in words, and where that is from. `of` is the contract of a value."""

    name: str
    value: str
    origin: str
    of: str = ""


@click.command(
    "options",
    short_help="Show what each option of a command is, and where that is from.",
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    add_help_option=True,
)
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json"), case_sensitive=False),
    default="text",
    show_default=True,
    help="For people, or for machines.",
)
@click.argument("call", metavar="COMMAND [OPTIONS]...", nargs=-1, required=True, type=click.UNPROCESSED)
@click.pass_context
def command(ctx: click.Context, form: str, call: tuple[str, ...]) -> int:
    """Show every option that `sib COMMAND ...` would take, and every value of its contract, without running it.

    Each comes from the command line, from a line of sib.toml, from a parameters file, from the contract, or is the default.
    """
    name, *words = call
    group = ctx.find_root()
    found = group.command.get_command(group, name) if isinstance(group.command, click.Group) else None
    if found is None or found is command:
        raise click.UsageError(f"{name} is no command. There are: {', '.join(COMMANDS)}.", ctx)
    with ctx.scope(cleanup=False):
        taken = {one.parameter: one for one in filled(ctx, found.name or name, found, words)}
        ctx.default_map = {name: {one.parameter: one.value for one in taken.values()}}
        asked = found.make_context(name, words, parent=ctx)
    with asked:
        told = list(_options(asked, found, taken))
        values = _values(asked)
    if form == "json":
        emit(
            {
                "format": "sibdsl.options/1",
                "command": found.name,
                "options": [
                    {"option": origin.name, "value": origin.value, "origin": origin.origin} for origin in told
                ],
                "values": [
                    {"of": value.of, "name": value.name, "value": value.value, "origin": value.origin}
                    for value in values
                ],
            }
        )
        return ALL_WELL
    say(f"sib {found.name}", bold=True)
    _table(told)
    for contract in dict.fromkeys(value.of for value in values):
        say()
        say(f"Particulars and assumptions of {contract}", bold=True)
        _table([value for value in values if value.of == contract])
    return ALL_WELL


def _options(asked: click.Context, found: click.Command, taken: dict[str, Taken]) -> Iterator[Origin]:
    held = project()
    for param in found.params:
        # What `--set` gives stands among the values.
        if param.name in (None, "help", "pairs") or (isinstance(param, click.Option) and param.hidden):
            continue
        name = str(param.name)
        value = asked.params.get(name, taken[name].value if name in taken else None)
        if name == "allow":
            value = allowed()
        if (
            name == "parameters"
            and value is None
            and held is not None
            and (path := _single(asked)) is not None
        ):
            of_file = held.entry(path)
            if of_file is not None and of_file.parameters is not None:
                place = marks.one_line(held.said((*of_file.place, "parameters")))
                yield Origin("--parameters", _shown(of_file.parameters), place)
                continue
        yield Origin(_called(param), _shown(value), _source(asked, name, taken, held))


def _called(parameter: click.Parameter) -> str:
    if isinstance(parameter, click.Option):
        return max(parameter.opts, key=len)
    return str(parameter.name)


def _shown(value: object) -> str:
    match value:
        case None | "" | () | []:
            return "-"
        case bool():
            return "yes" if value else "no"
        case tuple() | list():
            return ", ".join(_shown(one) for one in value)
        case _:
            return marks.one_line(str(value))


def _source(asked: click.Context, name: str, taken: dict[str, Taken], held: Project | None) -> str:
    match asked.get_parameter_source(name):
        case ParameterSource.COMMANDLINE:
            return "command line"
        case ParameterSource.DEFAULT_MAP if held is not None and taken[name].place:
            place = taken[name].place
            return marks.one_line(held.said(place) if place in held.lines else str(held.path))
        case _:
            return "default"


def _single(asked: click.Context) -> Path | None:
    """The one contract that the call names, if it does."""
    several: tuple[Path, ...] = asked.params.get("contracts") or ()
    path: Path | None = asked.params.get("contract") or (several[0] if len(several) == 1 else None)
    return None if path is None or path.is_dir() else path


def _values(asked: click.Context) -> list[Origin]:
    """Each particular and assumption of the contract or programme that the call names, where it names one. Raises Refused."""
    from sibdsl import pipeline
    from sibdsl.cli.common import kind, loaded

    path = _single(asked)
    if path is None or kind(path) not in ("contract", "programme"):
        return []
    pairs, parameters = asked.params.get("pairs") or (), asked.params.get("parameters")
    made = loaded(path, asked.params.get("varied") or (), pairs, parameters)
    return [
        Origin(told.name, "not given" if told.value is None else told.value, told.origin or "-", told.of)
        for told in pipeline.values_told(made, pairs, parameters, stated(path))
    ]


def _table(told: list[Origin]) -> None:
    wide = max((len(origin.name) for origin in told), default=0)
    broad = min(40, max((len(origin.value) for origin in told), default=0))
    for origin in told:
        say(f"  {origin.name:<{wide}}  {origin.value:<{broad}}  {origin.origin}")
