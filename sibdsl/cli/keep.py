"""What commands share that keep runs in folders, or hide who people are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from attrs import frozen

from sibdsl import files, marks
from sibdsl.cli.project_file import stated
from sibdsl.cli.screen import machine, say
from sibdsl.project.addresses import RecordsGiven

if TYPE_CHECKING:
    from sibdsl.pipeline import Loaded
    from sibdsl.pipeline.kept import Keeping, Written
    from sibdsl.pipeline.types import ProgrammePaid, Pseudonyms

Command = TypeVar("Command", bound=Callable[..., Any])


@frozen
class NamesShown:
    """How people are called in what a command shows: as the records have it, or otherwise, by pseudonyms where there is a key."""

    names: bool
    pseudonyms: Pseudonyms | None

    def identifier(self, paid: ProgrammePaid, person: str) -> str:
        """Whom the call means: who has the pseudonym that it gives, or the identifier."""
        from sibdsl import pipeline

        if self.pseudonyms is None or not is_pseudonym(person):
            return person
        return pipeline.person_called(paid, person.strip(), self.pseudonyms)


def is_pseudonym(person: str) -> bool:
    """Whether a call names somebody as a run's folder does."""
    return person.strip().startswith("p-")


def pseudonyms(key: Path | None) -> Pseudonyms | None:
    """The pseudonyms under the key in a file. Raises Refused (SIB0722) and OSError."""
    from sibdsl.pipeline import kept

    return None if key is None else kept.read_key(key)


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


def show_page(page: str, output: Path | None) -> None:
    """Write a page to a file that its owner alone may read, or to the standard output."""
    if output is None:
        machine(page)
        return
    files.write(output, page, private=True)
    say(f"Written to {marks.one_line(str(output))}.", err=True)
