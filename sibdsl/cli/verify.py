"""`sib verify`: whether a run's folder is as it was written, and gives its payments again."""

from __future__ import annotations

from pathlib import Path

import click

from sibdsl import marks
from sibdsl.cli.common import format_option
from sibdsl.cli.exit_status import ALL_WELL, ANSWER_IS_NO
from sibdsl.cli.screen import emit, say


@click.command("verify", short_help="Say whether a kept run is as it was written.")
@click.argument("folder", type=click.Path(path_type=Path), metavar="RUN")
@format_option("text", "json")
def command(folder: Path, form: str) -> int:
    """Look at every file of RUN, a folder of `sib pay --keep`, and work its payments out again from its quantities.

    Every file that was changed, is missing or was added is named. The records are not needed.
    """
    from sibdsl.pipeline import kept

    found = kept.verified(folder)
    if form == "json":
        emit(
            {
                "format": "sibdsl.verified/1",
                "run": str(folder),
                "seal": found.seal,
                "files": found.files,
                "as_it_was": not found.changes,
                "changes": list(found.changes),
            }
        )
        return ANSWER_IS_NO if found.changes else ALL_WELL
    shown = marks.one_line(str(folder))
    if found.changes:
        many = len(found.changes)
        say(f"{shown} is not as it was written: {many} {'thing is' if many == 1 else 'things are'} wrong.")
        for change in found.changes:
            say(f"  {change}")
        return ANSWER_IS_NO
    say(f"{shown} is as it was written: {found.files} files, seal {found.seal[:16]}.")
    say("Its quantities give its payments again, and its rows and results add up to them.")
    say(
        "The seal says that nothing was changed since. Who wrote the folder it does not say: compare it with the seal that `sib pay` told them."
    )
    return ALL_WELL
