"""`sib fmt`: the standard layout."""

from __future__ import annotations

import difflib
from pathlib import Path

import click

from sibdsl import files, marks
from sibdsl.cli import trouble
from sibdsl.cli.screen import say


@click.command("fmt", short_help="Lay a contract out in the standard form.")
@click.argument("paths", metavar="FILES...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--check",
    is_flag=True,
    help="Change nothing; leave with status 1 when a file is not in the standard form.",
)
@click.option("--diff", is_flag=True, help="Change nothing; show what would change.")
def command(paths: tuple[Path, ...], check: bool, diff: bool) -> int:
    """Lay contract FILES out in the standard form. Layout never changes what a contract means."""
    from sibdsl.names import read
    from sibdsl.syntax.printer import format_text

    changed = False
    for path in paths:
        shown = marks.one_line(str(path))
        source = read(path)
        trouble.remember({source.name: source})
        text = format_text(source)
        same = text == files.read(path).decode("utf-8", "replace")
        changed = changed or not same
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
            if not same:
                files.write(path, text, over_input=True)
            say(f"{shown}: {'already in the standard form' if same else 'laid out'}")
    return 1 if changed and (check or diff) else 0
