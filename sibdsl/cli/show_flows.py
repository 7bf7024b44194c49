"""`sib show --flows`: who pays whom, as text, as data, as a page or as a drawing."""

from __future__ import annotations

import os
from collections.abc import Sequence
from locale import getpreferredencoding
from pathlib import Path

from sibdsl import files, marks, pipeline
from sibdsl.cli import trouble
from sibdsl.cli.screen import as_json, machine, say
from sibdsl.pipeline import Loaded
from sibdsl.render.flows.programme import Shown


def show(ready: Loaded, payer: str | None, form: str, output: Path | None) -> None:
    """Print the flows of the contracts in force, or write them to a file; of one payer where one is named.

    Raises NotThere for a payer that is no party.
    """
    made = _made(ready, payer, form, to_file=output is not None)
    if output is None:
        machine(made)
    else:
        files.write(output, made)
        say(f"Written to {marks.one_line(str(output))}.", err=True)


def _made(ready: Loaded, payer: str | None, form: str, *, to_file: bool) -> str:
    every = pipeline.flows(ready, payer)
    width, ascii_only = 100 if to_file else min(trouble.width(), 100), not to_file and _ascii_only()
    if not ready.programme.alone:
        return _of_all(ready, every, form, width, ascii_only=ascii_only)
    ((whole, shown),) = every
    if form == "json":
        from sibdsl.render.flows.to_json import to_json

        return as_json(to_json(whole, shown))
    if form == "html":
        from sibdsl.render.flows.page import page

        return page(whole, shown)
    if form == "svg":
        from sibdsl.render.flows.svg import svg

        return svg(whole, shown)
    from sibdsl.render.flows.text import text

    return text(whole, shown, width, ascii_only=ascii_only)


def _of_all(ready: Loaded, every: Sequence[Shown], form: str, width: int, *, ascii_only: bool) -> str:
    from sibdsl.render.flows.programme import drawing_of_all, json_of_all, page_of_all, text_of_all

    programme, own = ready.programme, ready.settings.own
    match form:
        case "json":
            return as_json(json_of_all(programme, own, every))
        case "html":
            return page_of_all(programme, own, every)
        case "svg":
            return drawing_of_all(programme, own, every)
    return text_of_all(programme, own, every, width, ascii_only=ascii_only)


def _ascii_only() -> bool:
    """Whether the screen may not know the signs that arrows are drawn with."""
    named = os.environ.get("PYTHONIOENCODING", "").partition(":")[0] or getpreferredencoding(
        do_setlocale=False
    )
    return named.replace("-", "").replace("_", "").casefold() not in ("utf8", "utf8sig")
