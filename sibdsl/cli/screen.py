"""The one door to the standard streams. What comes from contracts, records and calls is never acted on by who shows it.

Every command speaks through `say`, `emit`, `machine` and `console`; a test keeps it so.
"""

from __future__ import annotations

import json
import os
import re
import sys
from typing import TYPE_CHECKING, Any

from sibdsl import marks
from sibdsl.cli.streams import Gone, flush, send

if TYPE_CHECKING:
    from rich.console import Console

_COMMAND = re.compile(r"(?m)^(\s*):(?=:)")


def say(text: str = "", *, bold: bool = False, err: bool = False, nl: bool = True) -> None:
    """Show lines to a person: nothing in them is acted on by a terminal, or taken for a command by GitHub's log."""
    stream = sys.stderr if err else sys.stdout
    safe = _no_commands(marks.shown(text))
    if bold and safe and _colours(stream):
        safe = f"\033[1m{safe}\033[0m"
    send(f"{safe}\n" if nl else safe, stream)


def laid_out(text: str, *, err: bool = False) -> None:
    """Show lines whose words are safe already and may stand between our own colours, and end the last."""
    send(f"{_no_commands(text)}\n", sys.stderr if err else sys.stdout)


def machine(text: str) -> None:
    """Write what a program reads, made safe in its own form: a page, a drawing, annotations."""
    send(text, sys.stdout)


def as_json(value: object) -> str:
    """The value as JSON, the same bytes for the same value; marks that a screen would act on are escaped in it."""
    text = marks.escaped(json.dumps(value, indent=2, ensure_ascii=False))
    return text.replace("##[", "#\\u0023[") + "\n"  # a runner's log takes this for a command


def emit(value: object) -> None:
    """Write a value as JSON."""
    send(as_json(value), sys.stdout)


def _no_commands(text: str) -> str:
    """In a run on GitHub, the text without what its log takes for a command: `::` first on a line, `##[` anywhere."""
    if "GITHUB_ACTIONS" not in os.environ:
        return text
    return _COMMAND.sub(r"\1: ", text).replace("##[", "# #[")


def _colours(stream: Any) -> bool:  # noqa: ANN401 - whatever stands for the stream
    return bool(stream.isatty()) and "NO_COLOR" not in os.environ


class _Door:
    """The standard output for rich, with what can go wrong in writing told as everywhere."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - all else is the stream's
        return getattr(sys.stdout, name)

    def write(self, text: str) -> int:
        try:
            send(text, sys.stdout)
        except BrokenPipeError as error:
            raise Gone from error
        return len(text)

    def flush(self) -> None:
        try:
            flush()
        except BrokenPipeError as error:
            raise Gone from error


def console(**options: Any) -> Console:  # noqa: ANN401 - as rich's own
    """A screen of rich on which texts are words and never markup, and every character is shown and none acted on."""
    from rich.console import Console, ConsoleOptions, ConsoleRenderable, RenderHook, RenderResult
    from rich.segment import Segment

    class LaidOut:
        """What it holds, laid out, with each piece of text made safe."""

        def __init__(self, held: ConsoleRenderable) -> None:
            self.held = held

        def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
            for piece in console.render(self.held, options):
                yield piece if piece.control else Segment(_no_commands(marks.shown(piece.text)), piece.style)

    class Safe(RenderHook):
        def process_renderables(self, renderables: list[ConsoleRenderable]) -> list[ConsoleRenderable]:
            return [LaidOut(renderable) for renderable in renderables]

    options.setdefault("file", _Door())
    made = Console(highlight=False, markup=False, emoji=False, **options)
    made.push_render_hook(Safe())
    return made
