"""`sib explain`: why an amount is what it is, or what became of one person's records."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sibdsl import files, marks
from sibdsl.cli.common import (
    as_of_option,
    contract_argument,
    engine_option,
    format_option,
    loaded,
    may_write,
    setting_options,
    warn,
    with_option,
)
from sibdsl.cli.exit_status import ALL_WELL, FAULT
from sibdsl.cli.explain_kept import answer, is_run
from sibdsl.cli.explain_word import Explain
from sibdsl.cli.keep import NamesShown, names_options, pseudonyms
from sibdsl.cli.records_option import RecordsPlaceGiven, path_of
from sibdsl.cli.screen import as_json, machine, say
from sibdsl.project.addresses import RecordsGiven

if TYPE_CHECKING:
    from sibdsl.pipeline import Explained
    from sibdsl.pipeline.types import Sheet


@click.command("explain", cls=Explain, short_help="Say why an amount is paid, or not, or what a word means.")
@contract_argument
@click.option(
    "--records",
    type=RecordsPlaceGiven(),
    metavar="DIR",
    help="Folder with NAME.csv, .parquet or .xlsx, or a folder NAME of parts, for each records name; or a workbook with a sheet for each; or a database, such as sqlite:///FILE or postgresql://HOST/NAME.",
)
@click.option(
    "--contract",
    "named",
    default="",
    metavar="NAME",
    help="Of a programme: the contract that the line is of, or that the person is told of.",
)
@click.option("--line", metavar="ID", help="A line of `sib pay` with the same records and date, such as L14.")
@click.option("--person", metavar="ID", help="A person's identifier, exactly as the records have it.")
@names_options
@as_of_option
@engine_option
@with_option
@setting_options
@format_option("text", "json", "html")
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the explanation to a file, wholly or not at all.",
)
def command(
    contract: Path,
    records: RecordsGiven | None,
    named: str,
    line: str | None,
    person: str | None,
    names: bool,
    key: Path | None,
    as_of: date | None,
    engine: str,
    varied: tuple[Path, ...],
    pairs: tuple[str, ...],
    parameters: Path | None,
    form: str,
    output: Path | None,
) -> int:
    """Explain one line of a run, or one person's records, under CONTRACT: a contract or a programme.

    In place of a contract may stand the folder of a run that `sib pay --keep` wrote: then no records are needed, and without
    --line the statement of that run is shown.

    Give the options that were given to `sib pay`: line ids are those of that run. Without --as-of, the run is as of today
    or of the last day of the payment period, whichever is earlier. In a programme each contract numbers its own lines: name
    the contract with --contract, or before the id.

    With words of the language in place of a contract, as in `sib explain cap`, the page that tells of them is shown;
    `sib explain` alone lists the pages.
    """
    from sibdsl import pipeline

    if output is not None:
        may_write(output, contract, path_of(records), parameters)
    shown_as = NamesShown(names=names or (form != "html" and key is None), pseudonyms=pseudonyms(key))
    try:
        if is_run(contract, records):
            given = {
                "--person": person,
                "--records": records,
                "--as-of": as_of,
                "--with": varied,
                "--set": pairs,
                "--parameters": parameters,
            }
            return answer(
                contract, line, named, form, given, lambda facts: _show(facts, form, output, shown_as)
            )
        if records is None:
            raise click.UsageError("Missing option '--records'.")
        if (line is None) == (person is None):
            raise click.UsageError("Give either --line ID or --person ID.")
        measured_by = pipeline.engine_named(engine)
        ready = pipeline.sound(loaded(contract, varied, pairs, parameters))
        day = as_of or pipeline.as_of(ready, date.today())[0]  # noqa: DTZ011 - the user's own day
        if line is not None:
            day = pipeline.day_of_line(ready, records, day, line, engine=measured_by)
        with pipeline.pay(ready, records, day, engine=measured_by) as paid:
            warn(paid.payments.warnings)
            facts: Explained = (
                pipeline.explain_line(paid, line, named)
                if line is not None
                else pipeline.explain_person(paid, shown_as.identifier(paid, person or ""), named)
            )
            _show(facts, form, output, shown_as)
    except pipeline.Unexplained as fault:
        say(
            f"This is a fault in sibdsl, not in your files: the explanation does not agree with the payment ({fault}).\n"
            "Nothing is explained. Please report it with the command and the files that led to it.",
            err=True,
        )
        return FAULT
    return ALL_WELL


def _show(facts: Explained, form: str, output: Path | None, shown_as: NamesShown) -> None:
    """Show an explanation, or write it to a file that its owner alone may read."""
    made = _made(facts, form, shown_as)
    if output is not None:
        files.write(output, _as_text(made, form), private=True)
        say(f"Written to {marks.one_line(str(output))}.", err=True)
    elif isinstance(made, str):
        machine(made)
    else:
        _print(made, form)


def _made(facts: Explained, form: str, shown_as: NamesShown) -> str | tuple[Sheet, ...]:
    """The explanation: JSON for machines, or pages for people."""
    from sibdsl import pipeline

    instead = None if shown_as.names else shown_as.pseudonyms
    if form == "json":
        return as_json(pipeline.explanation_json(facts, pseudonyms=instead))
    return pipeline.explanation_pages(facts, names=shown_as.names, pseudonyms=instead)


def _as_text(made: str | tuple[Sheet, ...], form: str) -> str:
    """What a file of the form holds."""
    if isinstance(made, str):
        return made
    if form == "html":
        from sibdsl.render.html import pages

        return pages(made)
    from sibdsl.cli.show_explain import text

    return "\n".join(text(sheet) for sheet in made)


def _print(made: tuple[Sheet, ...], form: str) -> None:
    if form == "html":
        machine(_as_text(made, form))
        return
    from sibdsl.cli.show_explain import show

    for at, sheet in enumerate(made):
        if at:
            say()
        show(sheet)
