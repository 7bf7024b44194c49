"""Ctrl-C and the word to end while rules are decided: kept until the prover is between two questions, and then raised, once.

Python runs the handler of a signal only when a call of z3 is over, which may take minutes. So a thread is told of the signal
and stops the question. For Ctrl-C z3 stops its question by itself, and takes the signal for itself. An exception within z3's
own calls would leave objects half made, of which Python tells in tracebacks.
"""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

Handler = Callable[[int, FrameType | None], object]

#: Seconds between two words to the prover to stop: one that comes just before it begins is not heard.
_AGAIN = 0.2

_asked = threading.Event()
#: What is to be called once it is asked for: Ctrl-C where nothing else is here.
_handlers: dict[int, Handler] = {}
_told: list[int] = []
_lock = threading.Lock()
#: How the question that is being asked is stopped; empty between two questions.
_stops: list[Callable[[], None]] = []


@contextmanager
def kept() -> Iterator[None]:
    """While this lasts a Ctrl-C, and a word to end that has a handler, is kept for `check`.

    Where another handler of Ctrl-C is set, it is left as it is; in another thread, or within another `kept`, nothing is changed.
    """
    if threading.current_thread() is not threading.main_thread() or _handlers:
        yield
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    if before[signal.SIGINT] is signal.default_int_handler:
        _handlers[signal.SIGINT] = signal.default_int_handler
    ends = before[signal.SIGTERM]
    if callable(ends):
        _handlers[signal.SIGTERM] = ends
    _asked.clear()
    _told.clear()
    for number in _handlers:
        signal.signal(number, lambda number, _frame: _ask(number))
    try:
        with _listening():
            yield
    finally:
        for number in _handlers:
            signal.signal(number, before[signal.Signals(number)])
        handlers = dict(_handlers)
        _handlers.clear()
    _raise(handlers)


def check() -> None:
    """Raise KeyboardInterrupt, or what the handler of the word to end raises, if one was asked for meanwhile."""
    _raise(_handlers)


@contextmanager
def asking(stop: Callable[[], None]) -> Iterator[None]:
    """While this lasts the prover is asked a question, which `stop` ends. Raises what `check` does before it is asked."""
    with _lock:
        _stops.append(stop)
    try:
        check()
        yield
    finally:
        with _lock:
            _stops.remove(stop)


def _ask(number: int) -> None:
    _told.append(number)
    _asked.set()


def _raise(handlers: dict[int, Handler]) -> None:
    if not _asked.is_set():
        return
    _asked.clear()
    number = _told[0]
    _told.clear()
    handlers[number](number, None)


@contextmanager
def _listening() -> Iterator[None]:
    """A thread that hears of signals at once, and stops what is being asked."""
    hears, tells = socket.socketpair()
    tells.setblocking(False)
    over = threading.Event()
    thread = threading.Thread(target=_listen, args=(hears, over), daemon=True)
    before = signal.set_wakeup_fd(tells.fileno(), warn_on_full_buffer=False)
    thread.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        over.set()
        tells.close()
        thread.join()
        hears.close()


def _listen(hears: socket.socket, over: threading.Event) -> None:
    while numbers := hears.recv(64):
        if not any(number in _handlers for number in numbers):
            continue
        while not over.wait(_AGAIN):
            with _lock:
                for stop in _stops:
                    stop()
