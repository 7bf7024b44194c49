"""Ctrl-C and the word to end while a rule is decided: one line and the status of each, wherever the prover is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from types import FrameType

import pytest

from sibdsl.check.rules import stopping
from tests.check.rules.test_by_hand import HEAD, PLAIN, fee, rule

#: Whether eight rounded lines come to less than what was saved takes z3 some seconds, and is not found out.
LONG = (
    fee("Extra", "Saved", "£0.50", more="  taken back never\n"),
    rule("payments under Extra are at least £0.50 times Saved"),
)
#: The program, which says so once the first question is put to z3.
PROGRAM = """\
import sys
from sibdsl.check.rules import solver
true = solver.Solver.possible
def possible(self, *conditions):
    print("ASKED", file=sys.stderr, flush=True)
    return true(self, *conditions)
solver.Solver.possible = possible
from sibdsl.cli import main
sys.argv = ["sib", "check", sys.argv[1], "--rules", "all"]
sys.exit(main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be sent SIGINT there")
@pytest.mark.parametrize(
    ("number", "asked", "status", "begins"),
    [
        (signal.SIGINT, 1, 130, "Stopped before the end"),
        (signal.SIGINT, 3, 130, "Stopped before the end"),
        (signal.SIGTERM, 3, 143, "Ended before its end"),
    ],
)
def test_a_stop_within_a_question_is_one_line(
    tmp_path: Path, number: signal.Signals, asked: int, status: int, begins: str
) -> None:
    path = tmp_path / "long.sib"
    path.write_text("\n".join((HEAD.format(**PLAIN), *LONG)), encoding="utf-8")
    command = [sys.executable, "-c", PROGRAM, str(path)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    ) as run:
        assert run.stderr is not None
        for line in run.stderr:
            asked -= line == "ASKED\n"
            if not asked:
                break
        run.send_signal(number)
        _, said = run.communicate(timeout=120)
    lines = [line for line in said.splitlines() if line != "ASKED"]
    assert run.returncode == status
    assert len(lines) == 1
    assert lines[0].startswith(begins)


def test_a_stop_is_kept_until_it_is_asked_for_and_raised_once() -> None:
    reached = []

    def interrupted() -> None:
        with stopping.kept():
            signal.raise_signal(signal.SIGINT)
            reached.append("the end")

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert reached
    stopping.check()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be sent SIGTERM there")
def test_the_word_to_end_stops_the_question_that_is_asked() -> None:
    class EndedError(Exception):
        pass

    def end(_number: int, _frame: FrameType | None) -> None:
        raise EndedError

    heard = threading.Event()
    answers = []

    def ended() -> None:
        with stopping.kept():
            with stopping.asking(heard.set):
                os.kill(os.getpid(), signal.SIGTERM)
                answers.append(heard.wait(20))
            with stopping.asking(heard.set):
                answers.append(False)

    before = signal.signal(signal.SIGTERM, end)
    try:
        with pytest.raises(EndedError):
            ended()
        assert signal.getsignal(signal.SIGTERM) is end
    finally:
        signal.signal(signal.SIGTERM, before)
    assert answers == [True]


def test_another_handler_is_left_as_it_is() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with stopping.kept():
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
