"""Streams that are closed, full or read by nobody; locales and names of every kind: told, and no fault."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.hostile import cases

PAY = ("pay", "c.sib", "--records", "records", "--as-of", "2026-12-31")
CALLS = [
    ("--help",), ("check", "c.sib"), ("check", "c.sib", "--format", "json"), ("check", "c.sib", "--format", "sarif"), ("fmt", "--diff", "c.sib"),
    ("test", "c.sib"), PAY, (*PAY, "--format", "json"), ("price", "c.sib", "--quantities", "q.csv"), ("show", "c.sib", "--flows"),
    ("show", "c.sib", "--formulas"), ("explain-code",), ("diff", "c.sib", "c.sib"),
    ("explain", *PAY[1:], "--line", "L1"),
]  # fmt: skip


@pytest.fixture(scope="module")
def where(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return cases.folder(tmp_path_factory.mktemp("streams") / "deal")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_a_full_output_is_told(where: Path, call: tuple[str, ...]) -> None:
    if call[:2] == ("fmt", "--diff"):
        pytest.skip("it shows nothing where nothing changes")
    with Path("/dev/full").open("wb") as full:
        done = cases.sib(*call, cwd=where, stdout=full)
    said = cases.quiet(done)
    assert done.returncode == 2, said
    assert "SIB0709" in said


@pytest.mark.parametrize("call", CALLS[:8], ids=" ".join)
def test_a_closed_output_is_told(where: Path, call: tuple[str, ...]) -> None:
    done = cases.sib(*call, cwd=where, closed={1})
    cases.quiet(done)
    assert done.returncode == (0 if call[0] == "fmt" else 2)


def test_all_streams_closed_are_no_fault(where: Path) -> None:
    def shut() -> None:
        for number in (0, 1, 2):
            os.close(number)

    done = cases.sib(*PAY, "--rows", "out.csv", cwd=where, stdout=None, stderr=None, preexec_fn=shut)
    assert done.returncode == 2
    assert (where / "out.csv").read_bytes().startswith(b"source,row,status")  # and nothing shown went into it
    assert b"First" not in (where / "out.csv").read_bytes()


@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_a_reader_that_goes_away_is_no_failure(where: Path, call: tuple[str, ...]) -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    done = cases.sib(*call, cwd=where, stdout=theirs)
    os.close(theirs)
    assert done.returncode == 0, done.stderr
    assert b"Broken" not in done.stderr
    cases.quiet(done)


@pytest.mark.parametrize(
    "env",
    [
        {"PYTHONIOENCODING": "ascii"}, {"PYTHONIOENCODING": "latin-1:strict"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {"LC_ALL": "nonsense", "COLUMNS": "1", "TZ": "nonsense"},
        {"HOME": "/nowhere", "XDG_CACHE_HOME": "/nowhere/cache"},
    ],
    ids=str,
)  # fmt: skip
def test_the_same_is_said_in_every_locale(where: Path, env: dict[str, str]) -> None:
    plain = cases.sib("check", "c.sib", "--format", "json", cwd=where)
    done = cases.sib("check", "c.sib", "--format", "json", cwd=where, env=env)
    cases.quiet(done)
    assert done.stdout == plain.stdout
    for call in (("check", "none-£-\u4e2d.sib"), PAY):
        cases.quiet(cases.sib(*call, cwd=where, env=env))


NAMES = [
    b"bad\xff.sib",
    b"new\nline.sib",
    b"tab\t.sib",
    b"esc\x1b[2K.sib",
    "\u202e\u200b.sib".encode(),
    b"-x.sib",
    b" .sib",
    b"a:b,c%.sib",
    b"[bold]x.sib",
]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_names_of_every_kind_are_read_and_shown_on_one_line(tmp_path: Path, name: bytes) -> None:
    where = cases.folder(tmp_path / "deal")
    (where / "c.sib").rename(os.fsdecode(os.fsencode(where) + b"/" + name))
    named = b"./" + name if name.startswith(b"-") else name
    calls: list[tuple[str | bytes, ...]] = [
        ("check", named), ("check", named, "--format", "sarif"), ("fmt", "--check", named), ("price", named, "--quantities", named),
        ("pay", named, "--records", "records", "--as-of", "2026-12-31", "--rows", named + b".csv"), ("check", b"none" + name),
    ]  # fmt: skip
    for call in calls:
        said = cases.quiet(cases.sib(*call, cwd=where))
        assert "\x1b" not in said, call
        assert "\u202e" not in said, call
        assert "\nline.sib" not in said.replace("\n  line.sib", ""), call


def test_a_deep_stack_of_stops_is_one_line(where: Path) -> None:
    done = subprocess.run(
        [cases.command()[0], "-c", "import sys; from sibdsl.cli import main\nsys.stdout = None\nmain(['check', 'c.sib'])"],
        cwd=where, env=cases.environment(), capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert "SIB0709" in cases.quiet(done)
