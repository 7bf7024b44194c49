"""What a long run is doing, for whoever shows it: a stage, and how many rows it is about. Nobody is told unless they ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

#: Told of each stage: its words, and the rows read in it; None where they are not known.
Listener = Callable[[str, int | None], None]

_listener: ContextVar[Listener | None] = ContextVar("progress", default=None)


def stage(words: str, rows: int | None = None) -> None:
    """Say that a stage begins, such as `reading Jobs`; or, with `rows`, that it has come so far."""
    listener = _listener.get()
    if listener is not None:
        listener(words, rows)


def is_heard() -> bool:
    """Whether anybody is told."""
    return _listener.get() is not None


@contextmanager
def heard(listener: Listener) -> Iterator[None]:
    """Tell the listener of every stage within this."""
    before = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(before)
