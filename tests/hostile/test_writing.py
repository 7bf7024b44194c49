"""Output is whole or not at all, and never over an input; a file that changes while it is read is refused."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sibdsl import files
from sibdsl.diagnostics import Refused
from tests.hostile import cases

DAY = ("--as-of", "2026-12-31")
PAY = ("pay", "c.sib", "--records", "records", *DAY)
RULE = "\nrule Cheap [6]\n  requires  payments from Council are less than £0\n  tested    at final account\n  against   every quantity\nend rule\n"


@pytest.fixture
def where(tmp_path: Path) -> Path:
    return cases.folder(tmp_path / "deal", cases.starter() + RULE)


def state(where: Path) -> dict[str, bytes]:
    """Every file there, those with hidden names too."""
    return {str(one.relative_to(where)): one.read_bytes() for one in where.rglob("*") if one.is_file()}


WRITERS = {
    "rows": (*PAY, "--rows", "out.csv"),
    "explain": ("explain", "c.sib", "--records", "records", *DAY, "--line", "L1", "--output", "out.csv"),
    "html": (
        "explain",
        "c.sib",
        "--records",
        "records",
        *DAY,
        "--line",
        "L1",
        "--format",
        "html",
        "--output",
        "out.csv",
    ),
    "flows": ("show", "c.sib", "--flows", "--output", "out.csv"),
    "svg": ("show", "c.sib", "--flows", "--format", "svg", "--output", "out.csv"),
}


@pytest.mark.parametrize(("kind", "before"), [*((kind, b"as it was") for kind in WRITERS), ("rows", None)])
def test_a_full_disk_leaves_what_was_there(where: Path, kind: str, before: bytes | None) -> None:
    """A limit on the size of files stands for a disk that is full."""
    assert cases.sib(*WRITERS[kind], cwd=where).returncode == 0
    (where / "out.csv").unlink()
    if before is not None:
        (where / "out.csv").write_bytes(before)
    there = state(where)
    script = (
        "import resource, signal; from sibdsl import files; from sibdsl.cli import main; import os\n"
        "real = os.fdopen\n"
        "def full(*words, **more):\n"
        "    stream = real(*words, **more)\n"
        "    if 'w' in str(words[1:]):\n"
        "        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "        resource.setrlimit(resource.RLIMIT_FSIZE, (20, 20))\n"
        "    return stream\n"
        "files.os.fdopen = full\n"
        "main()\n"
    )
    done = subprocess.run(
        [cases.command()[0], "-c", script, *WRITERS[kind]],
        cwd=where, env=cases.environment(), capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    said = cases.quiet(done)
    assert done.returncode == 2, said
    assert "out.csv" in said
    assert state(where) == there


def test_every_writer_goes_through_the_one_that_is_whole() -> None:
    """Nothing but `files` opens a file to write to it, apart from what is made in a folder of the run's own."""
    own = {"csvfile.py", "measure/measuring.py", "price/quantities_file.py", "cli/init.py", "syntax/kept_grammar_tables.py", "files.py",
           "model/json_schema.py", "settle/kept/writing.py"}  # fmt: skip
    root = cases.ROOT / "sibdsl"
    assert [name for name in own if not (root / name).is_file()] == []
    for path in root.rglob("*.py"):
        if str(path.relative_to(root)) in own:
            continue
        text = path.read_text(encoding="utf-8")
        for way in ("write_text(", "write_bytes(", 'open("w', '"wb"', "os.replace", "mkstemp"):
            assert way not in text, (path.name, way)


@pytest.mark.parametrize("moment", ["filling", "before the move"])
def test_a_stop_while_writing_leaves_what_was_there(
    tmp_path: Path, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out"
    target.write_text("as it was", encoding="utf-8")
    if moment == "before the move":

        def stop(*_: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(Path, "replace", stop)
        with pytest.raises(KeyboardInterrupt):
            files.write(target, "new")
    else:
        with pytest.raises(KeyboardInterrupt), files.written(target) as stream:  # noqa: PT012 - both are the point
            stream.write(b"half")
            raise KeyboardInterrupt
    assert {one.name: one.read_text(encoding="utf-8") for one in tmp_path.iterdir()} == {"out": "as it was"}


def test_killed_outright_it_leaves_nothing_behind(tmp_path: Path) -> None:
    if not hasattr(os, "O_TMPFILE"):
        pytest.skip("this system has no files without a name")
    script = (
        "import os, signal; from pathlib import Path; from sibdsl import files\n"
        "with files.written(Path('out')) as stream:\n"
        "    stream.write(b'half'); stream.flush(); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([cases.command()[0], "-c", script], cwd=tmp_path, env=cases.environment(), check=False)
    assert list(tmp_path.iterdir()) == []


def linked(where: Path, of: str) -> str:
    os.link(where / of, where / "hard.csv")
    return "hard.csv"


def pointed(where: Path, of: str) -> str:
    (where / "soft.csv").symlink_to(of)
    return "soft.csv"


SPELLINGS: dict[str, Callable[[Path, str], str]] = {
    "itself": lambda _, of: of,
    "by another way": lambda where, of: f"../{where.name}/./{of}",
    "absolute": lambda where, of: str(where / of),
    "a hard link": linked,
    "a symbolic link": pointed,
}
INPUTS = ["c.sib", "v.sib", "given.sib", "records/jobs.csv", "records/referrals.csv", "p.json"]


@pytest.mark.parametrize(
    ("of", "spelling"),
    [
        *(("c.sib", one) for one in SPELLINGS),
        *((of, "a hard link") for of in INPUTS[1:]),
        ("records/jobs.csv", "itself"),
    ],
)
def test_no_output_goes_over_an_input(where: Path, of: str, spelling: str) -> None:
    (where / "c.sib").write_text(cases.varied_by("v.sib"), encoding="utf-8")
    (where / "v.sib").write_text(cases.variation(), encoding="utf-8")
    (where / "given.sib").write_text(
        cases.variation("Given").replace("remove cap Ceiling", "remove block advance Start Up"),
        encoding="utf-8",
    )
    (where / "p.json").write_text("{}", encoding="utf-8")
    out = SPELLINGS[spelling](where, of)
    there = state(where)
    more = ("--with", "given.sib", "--parameters", "p.json")
    calls = [(*PAY, *more, "--rows", out), ("explain", *PAY[1:], *more, "--line", "L1", "--output", out)]
    if not of.startswith("records"):
        calls.append(("show", "c.sib", *more, "--flows", "--output", out))
    for call in calls:
        done = cases.sib(*call, cwd=where)
        said = cases.quiet(done)
        assert done.returncode == 2, (call, said)
        assert "SIB0708" in said, said
        assert state(where) == there


def test_a_counterexample_goes_over_no_input_either(where: Path) -> None:
    (where / "out").mkdir()
    os.link(where / "c.sib", where / "out" / "cheap.csv")
    there = state(where)
    done = cases.sib("check", "c.sib", "--rules", "own", "--save", "out", cwd=where)
    said = cases.quiet(done)
    assert "SIB0708" in said
    assert state(where) == there


@pytest.mark.parametrize("kind", ["size", "time", "another file"])
def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "records.csv"
    path.write_text("a,b\n", encoding="utf-8")

    def change() -> None:
        if kind == "size":
            path.write_text("a,b\nc,d\n", encoding="utf-8")
        elif kind == "time":
            os.utime(path, ns=(1, 1))
        else:
            path.rename(tmp_path / "old")
            path.write_text("a,b\n", encoding="utf-8")

    with pytest.raises(Refused, match="changed while it was read"), files.unchanged([path]):
        change()
    with files.unchanged([path]):
        files.read(path)


def test_a_contract_that_changes_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "c.sib"
    path.write_text("x" * 100, encoding="utf-8")
    real = os.fstat
    calls: list[int] = []

    def fstat(handle: int) -> os.stat_result:
        found = real(handle)
        if not calls:
            calls.append(handle)
            path.write_text("y" * 100, encoding="utf-8")
            os.utime(path, ns=(1, 1))
        return found

    monkeypatch.setattr(os, "fstat", fstat)
    with pytest.raises(Refused, match="changed while it was read"):
        files.read(path)


def test_read_only_folders_and_missing_ones_are_told(where: Path) -> None:
    for out in ("none/out.csv", "records", "/proc/out.csv", "c.sib/out.csv"):
        done = cases.sib(*PAY, "--rows", out, cwd=where)
        assert done.returncode == 2
        cases.quiet(done)


def test_laying_out_keeps_the_mode_and_the_file_when_it_cannot_write(where: Path) -> None:
    path = where / "c.sib"
    path.write_text(
        path.read_text(encoding="utf-8").replace("  payer  Council", "  payer      Council"), encoding="utf-8"
    )
    path.chmod(0o640)
    assert cases.sib("fmt", "c.sib", cwd=where).returncode == 0
    assert path.stat().st_mode & 0o777 == 0o640
    assert not list(where.glob(".sib-*"))


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize(
    "call", [(*PAY, "--rows", "out.csv"), ("check", "c.sib", "--rules", "own")], ids=["pay", "check"]
)
def test_a_run_that_is_stopped_says_so_in_a_line(
    where: Path, number: int, status: int, call: tuple[str, ...]
) -> None:
    (where / "out.csv").write_text("as it was", encoding="utf-8")
    # It stops itself at a moment that is sure to come, in the middle of its work.
    script = (
        "import os; from sibdsl import compile as stage\n"
        f"real = stage.load\ndef load(*w, **m):\n    os.kill(os.getpid(), {int(number)}); return real(*w, **m)\n"
        "stage.load = load\n"
    )
    done = cases.sib(*call, cwd=where, first=script)
    said = done.stderr.decode()
    assert done.returncode == status, said
    assert said.count("\n") == 1, said
    assert done.stdout == b""
    assert (where / "out.csv").read_text(encoding="utf-8") == "as it was"
    assert not list(where.glob(".sib-*"))


def test_stopped_by_a_person_at_any_moment(where: Path) -> None:
    run = subprocess.Popen(
        cases.command(*PAY, "--rows", "out.csv"),
        cwd=where,
        env=cases.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    time.sleep(0.6)
    run.send_signal(signal.SIGINT)
    _, said = run.communicate(timeout=60)
    assert run.returncode in (0, 130, -2), said
    if run.returncode == 130:
        assert said.decode().strip().count("\n") == 0
    assert not list(where.glob(".sib-*"))
