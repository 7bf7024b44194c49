"""What is shown when a command cannot do its work."""

from __future__ import annotations

import os
import traceback
from collections.abc import Mapping

from sibdsl.cli.exit_status import FAULT, WRONG_INPUT
from sibdsl.cli.screen import laid_out, say
from sibdsl.diagnostics import Diagnostic, NotGiven, Refused, Unpriceable
from sibdsl.marks import one_line
from sibdsl.source import Source

_SIMPLER = "Write it in fewer levels: give a part a name of its own, or take a round of names apart."

#: Sources read so far in this process, for the lines that messages quote.
_SOURCES: dict[str, Source] = {}


def remember(sources: Mapping[str, Source]) -> None:
    """Keep sources so that messages can quote their lines."""
    _SOURCES.update(sources)


def sources() -> Mapping[str, Source]:
    """The sources kept."""
    return _SOURCES


def diagnosed(error: Exception) -> list[Diagnostic] | None:
    """What stopped a command, as findings; None for a fault of the program."""
    match error:
        case Refused():
            return error.found
        case NotGiven():
            return [_not_given(error.name, error.needed_by)]
        case Unpriceable():
            return [
                Diagnostic(
                    "SIB0706", str(error), error.span, help="Change the clause, or what is set for it."
                )
            ]
        case RecursionError():
            return [
                Diagnostic("SIB0710", "What is written here goes deeper than is followed.", help=_SIMPLER)
            ]
        case MemoryError():
            return [
                Diagnostic(
                    "SIB0707",
                    "There is not enough memory for this.",
                    help="Close other programs, or use a larger machine.",
                )
            ]
        case OSError():
            name = (
                f" {one_line(os.fsdecode(error.filename))}" if isinstance(error.filename, str | bytes) else ""
            )
            return [
                Diagnostic(
                    "SIB0707",
                    f"The file{name} cannot be used: {error.strerror or error}.",
                    help="Check its name, its folder and who may write there.",
                )
            ]
        case _:
            return None


def report(error: Exception) -> int:
    """Show why a command stopped; its exit status: 2 for input that is wrong, 70 for a fault of the program."""
    findings = diagnosed(error)
    if findings is not None:
        show(findings)
        return WRONG_INPUT
    place = traceback.extract_tb(error.__traceback__)[-1]
    say(
        f"This is a fault in sibdsl, not in your files ({type(error).__name__} at {place.name}, line {place.lineno}).\n"
        "Please report it with the command and the files that led to it.",
        err=True,
    )
    return FAULT


def _not_given(name: str, needed_by: str) -> Diagnostic:
    spared = " Or leave the variation out, and price the contract without it."
    spared = spared if needed_by.startswith("variation ") else ""
    return Diagnostic(
        "SIB0704",
        f"{name} is a particular without a default, and it has not been given."
        + (f" It dates the {needed_by}." if needed_by else ""),
        help=f'Give it with `--set "{name}=..."`, or in a file with `--parameters`.{spared}',
    )


def show(findings: list[Diagnostic]) -> None:
    """Print findings for people, on the error stream."""
    from sibdsl.diagnostics.render import plain

    if not findings:
        return
    laid_out(plain(findings, _SOURCES, width=width(), colour=coloured()), err=True)


def width() -> int:
    """How wide the screen is, within what reads well."""
    import shutil

    return max(60, min(110, shutil.get_terminal_size((100, 24)).columns))


def coloured() -> bool:
    """Whether the error stream takes colour."""
    import sys

    return sys.stderr.isatty() and "NO_COLOR" not in os.environ
