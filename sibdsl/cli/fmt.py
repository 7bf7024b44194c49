"""`sib fmt`: the standard layout."""

from __future__ import annotations

import difflib
import os
import tempfile
from pathlib import Path

import click

from sibdsl.cli import trouble


@click.command("fmt", short_help="Lay a contract out in the standard form.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--check",
    is_flag=True,
    help="Change nothing; leave with status 1 when a file is not in the standard form.",
)
@click.option("--diff", is_flag=True, help="Change nothing; show what would change.")
def command(files: tuple[Path, ...], check: bool, diff: bool) -> int:
    """Lay contract FILES out in the standard form. Layout never changes what a contract means."""
    from sibdsl.names import read
    from sibdsl.syntax.printer import format_text

    changed = False
    for path in files:
        source = read(path)
        trouble.remember({source.name: source})
        text = format_text(source)
        same = text == path.read_bytes().decode("utf-8", "replace")
        changed = changed or not same
        if diff and not same:
            lines = difflib.unified_diff(
                source.text.splitlines(keepends=True),
                text.splitlines(keepends=True),
                f"{path} as it is",
                f"{path} in the standard form",
            )
            click.echo("".join(lines), nl=False)
        elif check and not same:
            click.echo(f"{path} is not in the standard form; `sib fmt {path}` puts it right.", err=True)
        elif not (check or diff):
            if not same:
                _replace(path, text)
            click.echo(f"{path}: {'already in the standard form' if same else 'laid out'}")
    return 1 if changed and (check or diff) else 0


def _replace(path: Path, text: str) -> None:
    """Write beside the file, then put it in its place, so that a stop half-way loses nothing."""
    handle, name = tempfile.mkstemp(dir=path.resolve().parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as out:
            out.write(text)
        Path(name).chmod(path.stat().st_mode & 0o7777)
        Path(name).replace(path.resolve())
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
