"""What a long run is doing, on one line of the error stream of a terminal; nothing anywhere else."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sibdsl import progress


@contextmanager
def shown() -> Iterator[None]:
    """Show the stage of what is done within this, with the rows that it is about and how many were read a second."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield
        return
    from sibdsl.cli import screen

    began, rows = time.monotonic(), 0
    with screen.console(file=sys.stderr).status("starting") as status:

        def told(words: str, more: int | None) -> None:
            nonlocal rows
            rows += more or 0
            took = time.monotonic() - began
            rate = f", {rows:,} rows, {int(rows / took):,} a second" if rows and took > 0 else ""
            status.update(f"{words}{rate}")

        with progress.heard(told):
            yield
