"""Contracts spoilt at random, through every command: each is read or refused, and none is a fault.

SIB_FUZZ=600 tries more.
"""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from sibdsl import marks
from sibdsl.cli.app import run
from tests.hostile import cases

NUMBER = int(os.environ.get("SIB_FUZZ", "12"))
SCRAPS = [
    "(", ")", '"', "|", "[", "]", "--", "@", "\x1b[2K", "\u202e", "\u200b", "9" * 60, "0", "-1", "£", "£0", "%", "100000%", "1/0",
    "31 February 2027", "1 January 0001", "31 December 9999", "plus", "minus", "times", "divided by", "end", "end contract", "rule A",
    'varied by "../x.sib"', 'uses "funds/cbo"', "the lower of", "not", "and", "A" * 300, "a" * 300, "\n", "\t", "\\", "'", "€", "\ufffd",
    "nothing", "in each month", "over the contract", "every quarter in full", "Council", "Provider", "Job Kept",
]  # fmt: skip


def spoilt(text: str, dice: random.Random) -> str:
    """The text with a few words lost, doubled, changed for one another or for scraps."""
    words = text.split(" ")
    for _ in range(dice.randint(1, 6)):
        at, other = dice.randrange(len(words)), dice.randrange(len(words))
        match dice.randrange(5):
            case 0:
                words[at] = dice.choice(SCRAPS)
            case 1:
                words[at] = ""
            case 2:
                words[at], words[other] = words[other], words[at]
            case 3:
                words.insert(at, dice.choice(SCRAPS))
            case _:
                lines = " ".join(words).split("\n")
                line = dice.randrange(len(lines))
                lines[line : line + 1] = dice.choice([[], [lines[line]] * 2, lines[line : line + 1][::-1]])
                words = "\n".join(lines).split(" ")
    return " ".join(words)


CALLS = [
    ["check", "c.sib"], ["check", "c.sib", "--format", "json"], ["check", "c.sib", "--format", "github"], ["fmt", "--diff", "c.sib"],
    ["test", "c.sib"], ["price", "c.sib", "--quantities", "q.csv"], ["pay", "c.sib", "--records", "records", "--as-of", "2026-12-31"],
    ["show", "c.sib", "--flows"], ["show", "c.sib", "--formulas"], ["explain", "c.sib", "--records", "records", "--line", "L1"],
    ["diff", "c.sib", "c.sib"],
]  # fmt: skip


@pytest.mark.parametrize("seed", range(NUMBER))
def test_a_spoilt_contract_is_read_or_refused(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    where = cases.folder(tmp_path / "deal")
    monkeypatch.chdir(where)
    dice = random.Random(seed)
    text = spoilt(cases.starter(), dice)
    (where / "c.sib").write_text(text, encoding="utf-8")
    if dice.random() < 0.4:
        for name in ("q.csv", "records/jobs.csv"):
            (where / name).write_text(
                spoilt((where / name).read_text(encoding="utf-8").replace(",", " , "), dice), encoding="utf-8"
            )
    for call in CALLS:
        status = run(call)
        out, err = capsys.readouterr()
        assert status in (0, 1, 2, 3), (call, out, err, text)
        assert cases.FAULT not in err, (call, err, text)
        hidden = [char for char in out + err if marks.hides(char) and char not in "\n\t"]
        assert not hidden, (call, hidden)


HOSTILE_ROWS = [
    b"", b"\n", b"\x00", b"\xff\xfe", b'"', b'Job ID,Person ID,Started On,Ended On,Hours Per Week\n"', b"\xef\xbb\xbf", b"," * 5000,
    b"Job ID,Person ID,Started On,Ended On,Hours Per Week\n=cmd|' /C calc'!A0,P1,2026-06-01,,20\n",
    b"Job ID,Person ID,Started On,Ended On,Hours Per Week\nJ1,P1,2026-06-01,," + b"9" * 5000 + b"\n",
    b"Job ID,Person ID,Started On,Ended On,Hours Per Week\nJ1,P1,9999-12-31,,20\nJ2,P1,0001-01-01,0000-00-00,1e999\n",
    b"Job ID,Person ID,Started On,Ended On,Hours Per Week\n'; DROP TABLE raw_0; --,\x1b[2K,2026-06-01,,20\n",
]  # fmt: skip


@pytest.mark.parametrize("at", range(len(HOSTILE_ROWS)))
def test_hostile_files_beside_the_contract_are_told(
    at: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    where = cases.folder(tmp_path / "deal")
    monkeypatch.chdir(where)
    (where / "bad").write_bytes(HOSTILE_ROWS[at])
    (where / "records" / "jobs.csv").write_bytes(HOSTILE_ROWS[at])
    for call in (
        ["pay", "c.sib", "--records", "records", "--as-of", "2026-12-31", "--rows", "rows.csv"],
        ["price", "c.sib", "--quantities", "bad"],
        ["price", "c.sib", "--quantities", "q.csv", "--parameters", "bad"],
        ["check", "c.sib", "--with", "bad"],
        ["check", "bad"],
        ["fmt", "bad"],
    ):
        status = run(call)
        out, err = capsys.readouterr()
        assert status in (0, 1, 2, 3), (call, out, err)
        assert cases.FAULT not in err, (call, err)
        assert "\x1b" not in out + err, call


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "31 December 9999"])
def test_days_at_the_ends_of_the_calendar_are_told(
    day: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given = 'particulars\n  | particular | holds | default | source |\n  | Key Day | date | required | "x" |\nend particulars\n\n'
    text = cases.starter().replace("-- Who counts", f"{given}-- Who counts", 1)
    where = cases.folder(tmp_path / "deal", text.replace("paid on      1 April 2026", "paid on      Key Day"))
    monkeypatch.chdir(where)
    (where / "far.csv").write_text(cases.QUANTITIES.replace("2026-10-10", day), encoding="utf-8")
    for words, code in (
        (["price", "c.sib", "--quantities", "far.csv", "--set", "key_day=2026-04-01"], "SIB0705"),
        (["price", "c.sib", "--quantities", "q.csv", "--set", f"key_day={day}"], "SIB0703"),
        (["check", "c.sib", "--set", f"key_day={day}"], "SIB0703"),
    ):
        assert run(words) == 2
        assert code in "".join(capsys.readouterr())
    for words in (["pay", "c.sib", "--records", "records"], ["price", "c.sib", "--quantities", "q.csv"]):
        assert run([*words, "--as-of", day, "--set", "key_day=2026-04-01"]) == 0
        assert cases.FAULT not in capsys.readouterr().err
