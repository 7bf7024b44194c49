"""What commands share that keep runs in folders, or hide who people are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sibdsl import marks
from sibdsl.cli.project_file import stated
from sibdsl.cli.screen import say
from sibdsl.project.addresses import RecordsGiven

if TYPE_CHECKING:
    from sibdsl.pipeline import Loaded
    from sibdsl.pipeline.kept import Keeping, Written

Command = TypeVar("Command", bound=Callable[..., Any])


def names_options(command: Command) -> Command:
    """Whether identifiers of people are shown, and the key of their pseudonyms."""
    command = click.option(
        "--names",
        is_flag=True,
        help="Let identifiers of people stand as they are in what is kept or sent round.",
    )(command)
    return click.option(
        "--key",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="The key of the pseudonyms that stand for identifiers; without --keep, of a run that was kept.",
    )(command)


def keep_option(command: Command) -> Command:
    """The folder in which a run is kept."""
    return click.option(
        "--keep",
        "kept_in",
        type=click.Path(path_type=Path, file_okay=False),
        metavar="DIR",
        help="Keep the run in a new folder: texts, values, quantities, payments, rows, and what is behind each line.",
    )(command)


def keeping(
    ready: Loaded,
    records: RecordsGiven,
    folder: Path,
    why: str,
    values: tuple[tuple[str, ...], Path | None],
    path: Path,
    *,
    names: bool,
    key: Path | None,
) -> Keeping:
    """Look whether the run may be kept there. Raises Refused as `pipeline.kept.keeping` does."""
    from sibdsl import pipeline
    from sibdsl.pipeline import kept

    pairs, parameters = values
    told = pipeline.values_told(ready, pairs, parameters, stated(path))
    return kept.keeping(ready, records, folder, as_of_why=why, names=names, key=key, told=told)


def told(folder: Path, written: Written) -> None:
    """Say on the error stream what was kept, under which seal."""
    shown = marks.one_line(str(folder))
    if written.already:
        say(f"This run is kept in {shown} already (seal {written.seal[:16]}). It stays as it is.", err=True)
        return
    say(f"Kept in {shown}, seal {written.seal[:16]}.", err=True)
    if written.key is not None:
        say(
            f"People are pseudonyms in it. The key that finds them again is {marks.one_line(str(written.key))}: keep it apart from the folder.",
            err=True,
        )
