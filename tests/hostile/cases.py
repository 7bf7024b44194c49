"""A small contract with records, and commands run on it as a user runs them: in a process of their own."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import Any

from sibdsl.resources import resource
from tests.hostile.starting import Starter

ROOT = Path(__file__).parents[2]
FAULT = "fault in sibdsl"
UNBUFFERED = {"PYTHONUNBUFFERED": "1"}
QUANTITIES = "period,metric,band,quantity\n2026-10-10,Job Kept,Full Time,2\n"


def starter() -> str:
    """The contract that `sib init` writes."""
    return (
        resource("stdlib", "templates", "starter.sib").read_text(encoding="utf-8").replace("{name}", "First")
    )


def folder(path: Path, text: str = "", *, name: str = "c.sib") -> Path:
    """A folder with the contract, its records and a file of quantities."""
    (path / "records").mkdir(parents=True)
    (path / name).write_text(text or starter(), encoding="utf-8")
    for file in resource("stdlib", "templates", "records").iterdir():
        (path / "records" / file.name).write_bytes(file.read_bytes())
    (path / "q.csv").write_text(QUANTITIES, encoding="utf-8")
    return path


def variation(name: str = "Later") -> str:
    """A variation of the contract, complete."""
    return (
        f"variation {name}\n  varies First\n  agreed 1 May 2026\n  effective 1 July 2026\n"
        "  stated periods left as stated\n  remove cap Ceiling\nend variation\n"
    )


def varied_by(path: str) -> str:
    """The contract with a line that names a file of variations."""
    return starter().replace("  currency ", f'  varied by       "{path}"\n  currency ', 1)


def sib(
    *words: str | bytes,
    cwd: Path,
    env: dict[str, str] | None = None,
    closed: Collection[int] = (),
    together: bool = False,
    first: str = "",
    **more: Any,  # noqa: ANN401 - as subprocess has it
) -> subprocess.CompletedProcess[bytes]:
    """One command, to its end, with what it showed as bytes. It has a process of its own.

    `env` is an environment that Python reads as it starts. `closed` are standard streams that it begins without. Shown
    `together`, errors are on the standard output, in the order in which they came. `first` is Python that is run before it.
    """
    if env is not None or not set(more) <= {"stdout"}:
        more.setdefault("stdin", subprocess.DEVNULL)
        more.setdefault("stdout", subprocess.PIPE)
        more.setdefault("stderr", subprocess.PIPE)
        return subprocess.run(
            command(*words), cwd=cwd, env=environment(env), timeout=120, check=False, **more
        )
    with (
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
        Path(os.devnull).open("rb") as none,
    ):
        to: Any = more.get("stdout", out)
        shown = to if isinstance(to, int) else to.fileno()
        streams = {0: none.fileno(), 1: shown, 2: shown if together else err.fileno()}
        left = {number: handle for number, handle in streams.items() if number not in closed}
        named = [os.fsdecode(word) for word in words]
        status = starter_of_commands().run(named, cwd, left, UNBUFFERED if together else {}, first)
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(words, status, out.read(), err.read())


@functools.cache
def starter_of_commands() -> Starter:
    """The process that starts commands, of this run of the tests."""
    return Starter()


def command(*words: str | bytes) -> list[str | bytes]:
    """The command as a process is given it."""
    return [sys.executable, "-c", "from sibdsl.cli import main; main()", *words]


def environment(more: dict[str, str] | None = None) -> dict[str, str]:
    """The environment of a command: this one's, with the project to be found."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **(more or {})}


def quiet(done: subprocess.CompletedProcess[bytes]) -> str:
    """What was shown on both streams, once it is certain that nothing in it is a traceback or told as a fault."""
    said = ((done.stdout or b"") + (done.stderr or b"")).decode("utf-8", "replace")
    assert "Traceback" not in said, said
    assert FAULT not in said, said
    assert done.returncode in (0, 1, 2, 3), (done.returncode, said)
    return said
