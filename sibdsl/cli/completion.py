"""Completion in shells: commands, options, and the files that hold contracts.

A shell starts `sib` with a variable that says what it asks. Source: commands reference, 'Completion'.
"""

from __future__ import annotations

import os
from pathlib import Path

import click
from click.shell_completion import CompletionItem, get_completion_class

from sibdsl.cli.exit_status import ALL_WELL, WRONG_INPUT
from sibdsl.cli.screen import machine, say

#: What the names of contract files end in.
_ENDINGS = (".sib", ".md", ".markdown")


class ContractFile(click.Path):
    """A file of the language. A shell is offered those, and folders, and no other file."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The files of the folder that has been typed so far; where there is none that fits, its folders."""
        del ctx, param
        typed, name = os.path.split(incomplete)
        try:
            entries = sorted(os.scandir(typed or "."), key=lambda entry: entry.name)
        except OSError:
            return []
        fitting = [
            entry
            for entry in entries
            if entry.name.startswith(name) and (name or not entry.name.startswith("."))
        ]
        # A README is no contract, so Markdown is offered once its name has been begun.
        endings = _ENDINGS if name else _ENDINGS[:1]
        files = [entry.name for entry in fitting if entry.name.lower().endswith(endings) and entry.is_file()]
        if not files:
            return [CompletionItem(incomplete, type="dir")]  # the shell goes on from one folder to the next
        folders = [f"{entry.name}{os.sep}" for entry in fitting if entry.is_dir()]
        before = incomplete.removesuffix(name)
        return [CompletionItem(f"{before}{one}") for one in (*files, *folders)]


def answer(sib: click.Command) -> int:
    """Answer the shell that asks: with the script that it reads once, or with what can stand where the cursor is."""
    for program in ("sib", "sibdsl"):
        variable = f"_{program.upper()}_COMPLETE"
        asked = os.environ.get(variable)
        if asked is not None:
            break
    shell, _, wanted = (asked or "").partition("_")
    found = get_completion_class(shell)
    if found is None or wanted not in ("source", "complete"):
        say(f"{variable} is {asked}; it is one of bash_source, zsh_source and fish_source.", err=True)
        return WRONG_INPUT
    answers = found(sib, {}, program, variable)
    said = answers.source() if wanted == "source" else answers.complete()
    machine(f"{said}\n" if said else "")
    return ALL_WELL
