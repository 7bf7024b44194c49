"""Options and steps that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sibdsl import dates, files, marks
from sibdsl.cli import trouble
from sibdsl.cli.completion import ContractFile
from sibdsl.cli.exit_status import ALL_WELL, ANSWER_IS_NO
from sibdsl.cli.project_file import stated
from sibdsl.diagnostics import Diagnostic, Refused

if TYPE_CHECKING:
    from sibdsl.pipeline import Loaded
    from sibdsl.pipeline.types import FileKind, ProgrammePayments

#: Where the folders of `--allow` are kept for the length of a call.
_ALLOWED = "sibdsl.allowed"

Command = TypeVar("Command", bound=Callable[..., Any])


class Day(click.ParamType[date]):
    """A date as `2018-07-31` or `31 July 2018`."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return dates.parse(str(value).strip())
        except ValueError:
            return self.fail(f"{value} is not a date. Write such as 2018-07-31.", param, ctx)


def contract_argument(command: Command) -> Command:
    """The contract file."""
    return click.argument("contract", type=ContractFile())(command)


def engine_option(command: Command) -> Command:
    """What measures the records."""
    return click.option(
        "--engine",
        default="duckdb",
        show_default=True,
        metavar="NAME|URL",
        help="What measures: duckdb; or postgresql, or an address such as postgresql://host/database, to measure in that server.",
    )(command)


def with_option(command: Command) -> Command:
    """Files that vary the contract."""
    return click.option(
        "--with",
        "varied",
        multiple=True,
        type=ContractFile(),
        metavar="FILE.sib",
        help="A file with a variation of the contract; may be given again.",
    )(command)


def _keep_allowed(ctx: click.Context, _param: click.Parameter, folders: tuple[Path, ...]) -> None:
    ctx.meta[_ALLOWED] = folders


def allowed() -> tuple[Path, ...]:
    """The folders of `--allow` in this call."""
    ctx = click.get_current_context(silent=True)
    paths: tuple[Path, ...] = ctx.meta.get(_ALLOWED, ()) if ctx else ()
    return paths


def setting_options(command: Command) -> Command:
    """Values for particulars and assumptions, and the folders whose files a contract may name."""
    command = click.option(
        "--allow",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="DIR",
        expose_value=False,
        callback=_keep_allowed,
        help="A folder outside the contract's own whose files it may name; may be given again.",
    )(command)
    command = click.option(
        "--parameters",
        type=click.Path(path_type=Path),
        metavar="FILE.json",
        help="Values for particulars and assumptions.",
    )(command)
    return click.option(
        "--set",
        "pairs",
        multiple=True,
        metavar="NAME=VALUE",
        help="One value; may be given again. Goes before the file's.",
    )(command)


def format_option(*choices: str) -> Callable[[Command], Command]:
    """The form of the output."""

    def add(command: Command) -> Command:
        return click.option(
            "--format",
            "form",
            type=click.Choice(choices, case_sensitive=False),
            default=choices[0],
            show_default=True,
            help="For people, or for machines.",
        )(command)

    return add


def as_of_option(command: Command) -> Command:
    """The day of the run."""
    return click.option(
        "--as-of",
        type=Day(),
        metavar="DATE",
        help="State what was known, and had ended, by this day (2018-07-31).",
    )(command)


#: Said where `--with` is given of a programme.
WITH_PROGRAMME = "A programme names the variations of its contracts in its table: leave out --with."


def loaded(path: Path, varied: tuple[Path, ...], pairs: tuple[str, ...], parameters: Path | None) -> Loaded:
    """The contract or programme of the file, with the values of the call, keeping all texts for messages.

    Raises Refused, and UsageError for a variation given with a programme, which names those of its contracts itself.
    """
    from sibdsl import pipeline

    _keep(path, varied)
    if varied and pipeline.kind(path) == "programme":
        raise click.UsageError(WITH_PROGRAMME)
    return pipeline.load(
        path, varied, values=pairs, parameters=parameters, allow=allowed(), stated=stated(path)
    )


def loaded_two(
    old: Path, new: Path, varied: tuple[Path, ...], pairs: tuple[str, ...], parameters: Path | None
) -> tuple[Loaded, Loaded]:
    """Two contracts, or two programmes, that are compared; raises as `loaded` does."""
    from sibdsl import pipeline

    _keep(old, ())
    _keep(new, varied)
    if varied and pipeline.kind(new) == "programme":
        raise click.UsageError(WITH_PROGRAMME)
    return pipeline.load_two(old, new, varied, values=pairs, parameters=parameters, allow=allowed())


def loaded_editions(
    path: Path, edition: int, varied: tuple[Path, ...], pairs: tuple[str, ...], parameters: Path | None
) -> tuple[Loaded, Loaded]:
    """A contract or programme as it is read, and as it would be under another edition; raises as `loaded` does."""
    from sibdsl import pipeline

    _keep(path, varied)
    if varied and pipeline.kind(path) == "programme":
        raise click.UsageError(WITH_PROGRAMME)
    return pipeline.load_editions(path, edition, varied, values=pairs, parameters=parameters, allow=allowed())


def _keep(path: Path, varied: tuple[Path, ...]) -> None:
    """Keep the texts of the call, and of the standard library, for messages."""
    from sibdsl import pipeline
    from sibdsl.resources import resource

    for one in (path, *varied):
        if one.is_file():
            source = pipeline.read(one)
            trouble.remember({source.name: source})
    for module in resource("stdlib").rglob("*.sib"):
        name = f"stdlib/{module.relative_to(resource('stdlib'))}"
        trouble.remember({name: _source(name, module)})


def _source(name: str, path: Path) -> Any:  # noqa: ANN401 - a Source; named so to keep the import late
    from sibdsl.source import Source

    return Source(name, path.read_text(encoding="utf-8"))


def kind(path: Path) -> FileKind:
    """What the file holds, from its syntax tree, keeping its text for messages. Raises Refused for one that cannot be read."""
    from sibdsl import pipeline

    source = pipeline.read(path)
    trouble.remember({source.name: source})
    return pipeline.kind(source)


#: Said on leaving with status 1, of a contract and of a programme alike.
STRICT = "Left with status 1: --strict was asked for and there are invalid records."


def left(run: ProgrammePayments, form: str, *, strict: bool) -> int:
    """The status to leave with: 1, and why, where `--strict` was asked for and a row is an invalid record."""
    if not strict or not run.has_rejected:
        return ALL_WELL
    if form == "text":
        from sibdsl.cli.screen import say

        say(STRICT, err=True)
    return ANSWER_IS_NO


def warn(found: list[Diagnostic] | tuple[Diagnostic, ...]) -> None:
    """Show warnings on the error stream."""
    trouble.show(list(found))


def may_write(path: Path, *inputs: Path | None) -> None:
    """Refuse, before any work, to write over what the run will read, or over anything that is not a plain file.

    What is written is looked at once more when it is, against all that was read by then.
    """
    files.may_write(path)
    if not path.exists():
        return
    target = path.resolve()
    for operand in inputs:
        if operand is None or not operand.exists():
            continue
        if path.samefile(operand) or (operand.is_dir() and operand.resolve() in target.parents):
            raise Refused(
                Diagnostic(
                    "SIB0708",
                    f"{marks.one_line(str(path))} is read by this run, or stands among its records; it would be lost. Nothing was written.",
                    help="Name another file.",
                )
            )
