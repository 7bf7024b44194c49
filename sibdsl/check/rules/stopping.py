"""Ctrl-C while rules are decided: kept until the prover is between two questions, and then raised, once.

z3 stops its question for it, and takes the signal for itself; an exception within its own calls would leave objects half made,
of which Python tells in tracebacks.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_asked = threading.Event()


@contextmanager
def kept() -> Iterator[None]:
    """While this lasts a Ctrl-C is kept for `check`. Where another handler is set, or in another thread, nothing is changed."""
    mine = (
        threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    )
    if not mine:
        yield
        return
    _asked.clear()
    signal.signal(signal.SIGINT, lambda _number, _frame: _asked.set())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    check()


def check() -> None:
    """Raise KeyboardInterrupt if one was asked for meanwhile."""
    if _asked.is_set():
        _asked.clear()
        raise KeyboardInterrupt
