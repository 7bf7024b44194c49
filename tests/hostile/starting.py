"""Starts commands, each in a process of its own, from one that has loaded what they need.

A process of its own shows what a user meets: streams that are closed, what is said on the way out, the status. Most of
the time of a short command goes into loading, so that is done once. Run as a program, it is the process that starts them.
"""

from __future__ import annotations

import array
import atexit
import io
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

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

    def run(self, words: list[str], cwd: Path, streams: tuple[int, int, int]) -> int:
        """The status of a command with these streams, as `subprocess` gives it."""
        asked = json.dumps([words, str(cwd)]).encode()
        self.ours.sendall(len(asked).to_bytes(4))
        socket.send_fds(self.ours, [b"!"], list(streams))
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
    link = socket.socket(fileno=int(sys.argv[1]))
    while True:
        try:
            length = int.from_bytes(_whole(link, 4))
        except EOFError:
            os._exit(0)
        _, handles, _, _ = socket.recv_fds(link, 1, _STREAMS)
        words, cwd = json.loads(_whole(link, length))
        child = os.fork()
        if not child:
            link.close()
            _command(words, cwd, handles)
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


def _command(words: list[str], cwd: str, handles: array.array[int] | list[int]) -> None:
    for number, handle in enumerate(handles):
        os.dup2(handle, number)
        os.close(handle)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(cwd)
    sys.argv = ["-c", *words]
    sys.stdin = io.TextIOWrapper(io.FileIO(0, closefd=False), encoding="utf-8")
    # As Python itself sets them up.
    sys.stdout = io.TextIOWrapper(
        io.BufferedWriter(io.FileIO(1, "w", closefd=False)), encoding="utf-8", write_through=False
    )
    sys.stderr = io.TextIOWrapper(
        io.BufferedWriter(io.FileIO(2, "w", closefd=False)),
        encoding="utf-8",
        errors="backslashreplace",
        line_buffering=True,
    )
    from sibdsl.cli import main

    main()
