"""`sib explain RUN`: a run out of its folder, or one line of it, without the records."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sibdsl import marks
from sibdsl.cli.exit_status import ALL_WELL
from sibdsl.cli.screen import emit, say
from sibdsl.project.addresses import RecordsGiven

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sibdsl.pipeline import Explained


def is_run(path: Path, records: RecordsGiven | None) -> bool:
    """Whether a call means the folder of a run, and no contract."""
    return path.is_dir() and (records is None or (path / "manifest.json").exists())


def answer(
    folder: Path,
    line: str | None,
    contract: str,
    form: str,
    asked: Mapping[str, object],
    shown: Callable[[Explained], None],
) -> int:
    """Explain a line of the run that a folder keeps; without one, show its statement. `asked` are options that go with records only.

    Raises Refused (SIB0701, SIB0720, SIB0721), UsageError and Unexplained.
    """
    from sibdsl import pipeline
    from sibdsl.pipeline import kept

    spare = [name for name, value in asked.items() if value]
    if spare:
        raise click.UsageError(
            f"{marks.one_line(str(folder))} is the folder of a run, which says itself what goes with {' and '.join(spare)}: leave that out."
            + (
                " Of a person ask with the contract and the records; with `--key` the pseudonym may be named."
                if "--person" in spare
                else ""
            )
        )
    with kept.opened(folder) as run:
        if line is not None:
            kept.stop_where_stated_earlier(run, line)
            shown(pipeline.explain_line(run.run, line, contract))
            return ALL_WELL
        if form == "json":
            emit(pipeline.to_json(run.run.payments))
            return ALL_WELL
        if form == "html":
            raise click.UsageError("Give --line ID with --format html.")
        from sibdsl.cli.show_statement import run as show

        say(f"Kept in {marks.one_line(str(folder))}, seal {run.manifest.seal[:16]}.", err=True)
        show(run.run.payments, run.about.as_of_why, every_line=True)
    return ALL_WELL
