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
    format_option,
    may_write,
    setting_options,
    sound,
    warn,
    with_option,
)
from sibdsl.cli.explain_word import Explain
from sibdsl.cli.screen import as_json, machine, say

if TYPE_CHECKING:
    from sibdsl.settle.explain.page import Sheet
    from sibdsl.settle.run import Paid


@click.command("explain", cls=Explain, short_help="Say why an amount is paid, or why not for this person.")
@contract_argument
@click.option(
    "--records",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder with NAME.csv or NAME.parquet, or a folder NAME of parts, for each records name.",
)
@click.option("--line", metavar="ID", help="A line of `sib pay` with the same records and date, such as L14.")
@click.option("--person", metavar="ID", help="A person's identifier, exactly as the records have it.")
@as_of_option
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
    records: Path,
    line: str | None,
    person: str | None,
    as_of: date | None,
    varied: tuple[Path, ...],
    pairs: tuple[str, ...],
    parameters: Path | None,
    form: str,
    output: Path | None,
) -> int:
    """Explain one line of a run, or one person's records, under CONTRACT.

    Give the options that were given to `sib pay`: line ids are those of that run. Without --as-of, the run is as of today
    or of the last day of the payment period, whichever is earlier.

    With words of the language in place of a contract, as in `sib explain cap`, the page that tells of them is shown;
    `sib explain` alone lists the pages.
    """
    from sibdsl.model.nodes import Programme
    from sibdsl.model.parameters.in_force import ProgrammeSettings
    from sibdsl.settle.explain import Unexplained
    from sibdsl.settle.run import default_as_of, pay

    if (line is None) == (person is None):
        raise click.UsageError("Give either --line ID or --person ID.")
    if output is not None:
        may_write(output, contract, records, parameters)
    terms, settings = sound(contract, varied, pairs, parameters)
    whole, given = Programme.of_one(terms), ProgrammeSettings.of_one(terms, settings)
    day = as_of or default_as_of(whole, given, date.today())[0]  # noqa: DTZ011 - the user's own day
    paid = pay(terms, settings, records, day)
    with paid.volumes:
        warn(paid.volumes.warnings)
        try:
            made = _made(paid, line, person, form)
        except Unexplained as fault:
            say(
                f"This is a fault in sibdsl, not in your files: the explanation does not agree with the payment ({fault}).\n"
                "Nothing is explained. Please report it with the command and the files that led to it.",
                err=True,
            )
            return 70
    if output is not None:
        files.write(output, _as_text(made, form))
        say(f"Written to {marks.one_line(str(output))}.", err=True)
    elif isinstance(made, str):
        machine(made)
    else:
        _print(made, form)
    return 0


def _made(paid: Paid, line: str | None, person: str | None, form: str) -> str | Sheet:
    """The explanation: JSON for machines, or a page for people."""
    from sibdsl.settle.explain import explain_line, explain_person

    if line is not None:
        of_line = explain_line(paid, line)
        if form == "json":
            from sibdsl.settle.explain.to_json import line_json

            return _json(line_json(of_line))
        from sibdsl.settle.explain.line_page import line_sheet

        return line_sheet(of_line)
    of_person = explain_person(paid, person or "")
    if form == "json":
        from sibdsl.settle.explain.to_json import person_json

        return _json(person_json(of_person))
    from sibdsl.settle.explain.person_page import person_sheet

    return person_sheet(of_person)


def _json(value: dict[str, object]) -> str:
    return as_json(value)


def _as_text(made: str | Sheet, form: str) -> str:
    """What a file of the form holds."""
    if isinstance(made, str):
        return made
    if form == "html":
        from sibdsl.render.html import page

        return page(made)
    from sibdsl.cli.show_explain import text

    return text(made)


def _print(sheet: Sheet, form: str) -> None:
    if form == "html":
        machine(_as_text(sheet, form))
        return
    from sibdsl.cli.show_explain import show

    show(sheet)
