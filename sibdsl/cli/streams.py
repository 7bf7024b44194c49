"""The standard streams and the signals of a run: whatever becomes of them is told in a line, or is no failure.

This module stays light: it is loaded before help is shown.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from types import FrameType
from typing import Any, TextIO

from sibdsl.cli.exit_status import ALL_WELL, ENDED, STOPPED, WRONG_INPUT


class Ended(BaseException):
    """The run was told to end."""


#: Holds something once the run was told to end.
_asked_to_end: list[bool] = []


class Unwritable(Exception):
    """A standard stream takes nothing more; the text says why."""


class Gone(Exception):
    """The reader of the output went away. For rich, which leaves with a status of its own on Python's own word for it."""


class _Closed:
    """Stands for a stream that was closed before the run began."""

    encoding = "utf-8"

    def write(self, _text: str) -> int:
        raise Unwritable("it is closed")

    def flush(self) -> None:
        """Nothing is held back."""

    def isatty(self) -> bool:
        return False


@contextmanager
def ready() -> Iterator[None]:
    """Streams that take every character, and a run that ends in order when it is told to."""
    _reserve()
    for name in ("stdout", "stderr"):
        stream: Any = getattr(sys, name)
        if stream is None:
            stream = _Closed()
            setattr(sys, name, stream)
        if isinstance(stream, TextIOWrapper):
            # The same bytes for every program that reads them; a screen has its own signs, with escapes for the others.
            screen = stream.isatty() and "utf" not in str(stream.encoding).casefold()
            stream.reconfigure(encoding=None if screen else "utf-8", errors="backslashreplace")
    _asked_to_end.clear()
    before = None
    with suppress(ValueError, AttributeError):  # not the main thread, or no such signal here
        if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            before = signal.signal(signal.SIGTERM, _end)
    try:
        yield
    finally:
        if before is not None:
            signal.signal(signal.SIGTERM, before)


def _end(_number: int, _frame: FrameType | None) -> None:
    _asked_to_end.append(True)
    raise Ended


def asked_to_end() -> bool:
    """Whether the run was told to end by the system; a library may have told of it as of any stop."""
    return bool(_asked_to_end)


def _reserve() -> None:
    """Nothing opened later may be taken for a standard stream that was closed."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            with suppress(OSError):
                os.open(os.devnull, os.O_RDWR)


def _why(error: OSError | ValueError) -> str:
    """Why a stream takes nothing: what the system says, or that it is closed."""
    return (error.strerror if isinstance(error, OSError) else None) or "it is closed"


def send(text: str, stream: TextIO) -> None:
    """Write a text that is safe already; a stream that lacks some of its characters has them as escapes.

    Raises Unwritable or BrokenPipeError.
    """
    try:
        stream.write(text)
    except UnicodeEncodeError:
        encoding = stream.encoding or "ascii"
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:
        raise Unwritable(_why(error)) from error


def flush() -> None:
    """Send on what is held back. Raises Unwritable or BrokenPipeError."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:
        raise Unwritable(_why(error)) from error


def last(status: int) -> int:
    """The status of a run that has said all it had to say, once that has been sent."""
    try:
        flush()
    except BrokenPipeError:
        return gone()
    except Unwritable as error:
        return unwritable(error)
    return status


def stopped() -> int:
    """A person stopped the run."""
    _tell("Stopped before the end. A file that was being written is as it was before.")
    return STOPPED


def ended() -> int:
    """The run was told to end by the system."""
    _tell("Ended before its end. A file that was being written is as it was before.")
    return ENDED


def gone() -> int:
    """The reader went away, having seen enough."""
    _let_go()
    return ALL_WELL


def unwritable(error: Unwritable) -> int:
    """The output took no more: what was shown is not whole."""
    from sibdsl.cli.trouble import show
    from sibdsl.diagnostics import Diagnostic

    _let_go()
    with suppress(Unwritable, BrokenPipeError):  # the other stream may be gone too
        show(
            [
                Diagnostic(
                    "SIB0709",
                    f"The output cannot be written: {str(error).lower()}. What was shown is not whole.",
                    help="Make room, or send the output elsewhere, and run this again.",
                )
            ]
        )
    return WRONG_INPUT


def _tell(text: str) -> None:
    with suppress(OSError, ValueError, Unwritable):
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


def _let_go() -> None:
    """Nothing more is sent, also not what is still held back when the interpreter leaves."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
