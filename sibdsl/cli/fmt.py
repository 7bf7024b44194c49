"""`sib fmt`: the standard layout."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Literal

import click

from sibdsl import files, marks
from sibdsl.cli import trouble
from sibdsl.cli.completion import ContractFile
from sibdsl.cli.exit_status import ALL_WELL, ANSWER_IS_NO, WRONG_INPUT
from sibdsl.cli.screen import say
from sibdsl.diagnostics import Refused

Outcome = Literal["as it was", "laid out", "to be laid out", "not read"]


@click.command("fmt", short_help="Lay contracts out in the standard form.")
@click.argument("paths", metavar="[FILES AND FOLDERS]...", nargs=-1, type=ContractFile())
@click.option(
    "--check",
    is_flag=True,
    help="Change nothing; leave with status 1 when a file is not in the standard form.",
)
@click.option("--diff", is_flag=True, help="Change nothing; show what would change.")
def command(paths: tuple[Path, ...], check: bool, diff: bool) -> int:
    """Lay contracts out in the standard form. Layout never changes what a contract means.

    Of a folder, every contract, variation, programme and module in it is laid out; without any, what sib.toml names, or
    the current folder.
    """
    from sibdsl.cli.project_file import project
    from sibdsl.project.folders import is_file_alone, listed

    held = project()
    found = listed(paths, held.leave_out if held else ())
    outcomes = [_one(path, check=check, diff=diff) for path in found.files]
    trouble.show(list(found.problems))
    if not is_file_alone(paths):
        say(_summary(outcomes), err=check or diff)
    if "not read" in outcomes or any(problem.severity == "error" for problem in found.problems):
        return WRONG_INPUT
    return ANSWER_IS_NO if "to be laid out" in outcomes else ALL_WELL


def _one(path: Path, *, check: bool, diff: bool) -> Outcome:
    """Lay one file out, or say what would change in it. It is written whole or not at all."""
    from sibdsl import pipeline

    shown = marks.one_line(str(path))
    try:
        source = pipeline.read(path)
        trouble.remember({source.name: source})
        text = pipeline.laid_out(source)
        same = text == files.read(path).decode("utf-8", "replace")
        if not same and not (check or diff):
            files.write(path, text, over_input=True)
    except (Refused, OSError) as stop:
        trouble.report(stop)
        return "not read"
    if diff and not same:
        lines = difflib.unified_diff(
            source.text.splitlines(keepends=True),
            text.splitlines(keepends=True),
            f"{shown} as it is",
            f"{shown} in the standard form",
        )
        say("".join(lines), nl=False)
    elif check and not same:
        say(
            f"{shown} is not in the standard form; `sib fmt {marks.path_word(str(path))}` puts it right.",
            err=True,
        )
    elif not (check or diff):
        say(f"{shown}: {'already in the standard form' if same else 'laid out'}")
    if same:
        return "as it was"
    return "to be laid out" if check or diff else "laid out"


#: What is said of how many files, in this order.
_SAID: dict[Outcome, str] = {
    "not read": "could not be read",
    "to be laid out": "not in the standard form",
    "laid out": "laid out",
    "as it was": "in the standard form",
}


def _summary(outcomes: list[Outcome]) -> str:
    counts = [f"{count} {said}" for outcome, said in _SAID.items() if (count := outcomes.count(outcome))]
    return f"{len(outcomes)} file{'' if len(outcomes) == 1 else 's'}: {', '.join(counts) or 'nothing to lay out'}"
