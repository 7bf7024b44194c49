"""`sib init`: a small contract with records, to start from."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

import click

from sibdsl import marks
from sibdsl.cli.exit_status import ALL_WELL
from sibdsl.cli.screen import say
from sibdsl.diagnostics import Diagnostic, Refused


@click.command("init", short_help="Write a small contract with records, to start from.")
@click.argument("name", default="first_contract")
def command(name: str) -> int:
    """Write a folder NAME with a small contract, NAME.sib, and records to try it on.

    The contract is checked, tested and paid by the commands printed at the end.
    """
    from sibdsl.resources import resource

    folder = Path(name)
    term = " ".join(word[:1].upper() + word[1:] for word in re.findall(r"[^\W_]+", folder.name))
    if not term[:1].isupper():
        raise click.UsageError(
            f"{name} does not begin with a letter, so it cannot name a contract. Try `sib init my_contract`."
        )
    if folder.exists():
        raise Refused(
            Diagnostic(
                "SIB0708",
                f"{folder} is there already; nothing was written.",
                help="Choose another name, or move it away.",
            )
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    templates = resource("stdlib", "templates")
    # Built aside and moved whole, so that a stop half-way leaves nothing half-written.
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".sib-init-") as aside:
        path = Path(aside) / "made"
        path.mkdir(mode=0o755)
        shutil.copytree(templates / "records", path / "records")
        text = (templates / "starter.sib").read_text(encoding="utf-8").replace("{name}", term)
        (path / f"{folder.name}.sib").write_text(text, encoding="utf-8", newline="\n")
        path.rename(folder)
    file = marks.path_word(str(folder / f"{folder.name}.sib"))
    records = marks.path_word(str(folder / "records"))
    say(f"Wrote {file} and {records}. Next:")
    for step in (
        f"sib check {file}",
        f"sib test {file}",
        f"sib pay {file} --records {records} --as-of 2026-12-31",
    ):
        say(f"  {step}")
    return ALL_WELL
