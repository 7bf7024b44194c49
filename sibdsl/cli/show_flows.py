"""`sib show --flows`: who pays whom, as text, as data, as a page or as a drawing."""

from __future__ import annotations

import os
from locale import getpreferredencoding
from pathlib import Path

from sibdsl import files, marks
from sibdsl.cli import trouble
from sibdsl.cli.screen import as_json, machine, say
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import Settings


def show(contract: Contract, settings: Settings, payer: str, form: str, output: Path | None) -> None:
    """Print the flows of a contract in force, or write them to a file; of one payer where one is named."""
    made = _made(contract, settings, payer, form, to_file=output is not None)
    if output is None:
        machine(made)
    else:
        files.write(output, made)
        say(f"Written to {marks.one_line(str(output))}.", err=True)


def _made(contract: Contract, settings: Settings, payer: str, form: str, *, to_file: bool) -> str:
    from sibdsl.check.flows import flows

    every = flows(contract, settings)
    shown = [one for one in every.flows if payer in ("", one.payer)]
    if form == "json":
        from sibdsl.render.flows.to_json import to_json

        return as_json(to_json(every, shown))
    if form == "html":
        from sibdsl.render.flows.page import page

        return page(every, shown)
    if form == "svg":
        from sibdsl.render.flows.svg import svg

        return svg(every, shown)
    from sibdsl.render.flows.text import text

    return text(
        every, shown, 100 if to_file else min(trouble.width(), 100), ascii_only=not to_file and _ascii_only()
    )


def _ascii_only() -> bool:
    """Whether the screen may not know the signs that arrows are drawn with."""
    named = os.environ.get("PYTHONIOENCODING", "").partition(":")[0] or getpreferredencoding(
        do_setlocale=False
    )
    return named.replace("-", "").replace("_", "").casefold() not in ("utf8", "utf8sig")
