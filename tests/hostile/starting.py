"""Starts commands, each in a process of its own, from one that has loaded what they need.

A process of its own shows what a user meets: streams that are closed, what is said on the way out, the status. Most of
the time of a short command goes into loading, so that is done once. Run as a program, it is the process that starts them.
"""

from __future__ import annotations

import atexit
import gc
import io
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_STREAMS = 3


class Starter:
    """The process that starts commands, for as long as the tests run."""

    def __init__(self) -> None:
        self.ours, theirs = socket.socketpair()
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from tests.hostile.starting import serve; serve()", str(theirs.fileno())],
            pass_fds=[theirs.fileno()], cwd=Path(__file__).parents[2], stdin=subprocess.DEVNULL,
        )  # fmt: skip
        theirs.close()
        self.ours.settimeout(120)
        atexit.register(self.close)

    def run(
        self,
        words: list[str],
        cwd: Path,
        streams: dict[int, int],
        env: Mapping[str, str] | None = None,
        first: str = "",
    ) -> int:
        """The status of a command with these streams, as `subprocess` gives it; a stream that is not named is closed.

        `env` is added to the environment. Of what Python itself reads there only PYTHONUNBUFFERED does anything. `first` is
        Python that is run before the command.
        """
        asked = json.dumps([words, str(cwd), list(streams), dict(env or {}), first]).encode()
        self.ours.sendall(len(asked).to_bytes(4))
        socket.send_fds(self.ours, [b"!"], list(streams.values()))
        self.ours.sendall(asked)
        return int.from_bytes(_whole(self.ours, 4), signed=True)

    def close(self) -> None:
        self.ours.close()
        self.process.wait(timeout=10)


def _whole(link: socket.socket, length: int) -> bytes:
    found = b""
    while len(found) < length:
        more = link.recv(length - len(found))
        if not more:
            raise EOFError
        found += more
    return found


def serve() -> None:
    """Start what is asked for until nobody asks any more. In the process of a command it returns when that has ended."""
    _load_all()
    # What is loaded stays in all that are started: looking through it for what is unused would only copy it.
    gc.collect()
    gc.freeze()
    link = socket.socket(fileno=int(sys.argv[1]))
    while True:
        try:
            length = int.from_bytes(_whole(link, 4))
        except EOFError:
            os._exit(0)
        _, handles, _, _ = socket.recv_fds(link, 1, _STREAMS)
        words, cwd, numbers, env, first = json.loads(_whole(link, length))
        child = os.fork()
        if not child:
            link.close()
            os.environ.update(env)
            _command(words, cwd, dict(zip(numbers, handles, strict=True)), first)
            return
        for handle in handles:
            os.close(handle)
        _, status = os.waitpid(child, 0)
        link.sendall(os.waitstatus_to_exitcode(status).to_bytes(4, signed=True))


def _load_all() -> None:
    """Load every part of sibdsl with the libraries that it uses, and the tables of the grammar. Nothing is left running."""
    import importlib
    import pkgutil

    import sibdsl

    parts = (part.name for part in pkgutil.walk_packages(sibdsl.__path__, "sibdsl."))
    for name in ("duckdb", "sqlglot", *parts):
        importlib.import_module(name)
    from sibdsl.compile import compile_source
    from sibdsl.source import Source
    from tests.frame import BASE

    compile_source(Source("base.sib", BASE))


def _command(words: list[str], cwd: str, streams: dict[int, int], first: str) -> None:
    for number in range(_STREAMS):
        if number not in streams:
            os.close(number)
    for number, handle in streams.items():
        os.dup2(handle, number)
        os.close(handle)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(cwd)
    sys.argv = ["-c", *words]
    sys.stdin = _stream(0, streams)
    sys.stdout = _stream(1, streams)
    sys.stderr = _stream(2, streams, errors="backslashreplace")
    from sibdsl.cli import main

    exec(first, {})  # noqa: S102 - the test's own
    try:
        main()
    except SystemExit as leaves:
        if isinstance(leaves.code, int):
            _end(leaves.code)
        raise
    finally:
        gc.unfreeze()  # libraries clear up after themselves on the way out


def _end(status: int) -> None:
    """What Python does on the way out, without taking apart all that is loaded: that takes longer than the command.

    Returns where a stream does not take what is held back, so that Python says so itself.
    """
    atexit._run_exitfuncs()  # noqa: SLF001 - as Python itself calls it
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except (OSError, ValueError):
        return
    os._exit(status)


def _stream(number: int, streams: dict[int, int], **more: Any) -> Any:  # noqa: ANN401 - as io has it
    """A standard stream as Python itself sets it up."""
    if number not in streams:
        return None
    raw = io.FileIO(number, "w" if number else "r", closefd=False)
    more["line_buffering"] = number == 2 or raw.isatty()
    if os.environ.get("PYTHONUNBUFFERED"):
        return io.TextIOWrapper(raw, encoding="utf-8", write_through=True, **more)
    buffered = io.BufferedWriter(raw) if number else io.BufferedReader(raw)
    return io.TextIOWrapper(buffered, encoding="utf-8", **more)
