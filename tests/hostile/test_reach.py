"""What a contract may name: files in the folder of the one that the user named, and no word of any other."""

from __future__ import annotations

import os
import subprocess
import threading
from pathlib import Path

import pytest

from sibdsl import files
from sibdsl.cli.app import run
from sibdsl.compile import compile_either, compile_file
from sibdsl.diagnostics import Diagnostic, Refused
from tests.hostile import cases

SECRET = "PASSWORD=hunter2"


def refused(path: Path, allow: tuple[Path, ...] = ()) -> Diagnostic:
    with pytest.raises(Refused) as stop:
        compile_either(path, (), allow)
    return stop.value.found[0]


@pytest.fixture
def inner(tmp_path: Path) -> Path:
    return cases.folder(tmp_path / "deal")


@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize(
    "name",
    ["../out.sib", "sub/../../out.sib", "./../deal/../out.sib", "{}/out.sib", "link.sib", "way/out.sib"],
)
def test_a_path_that_leads_out_is_refused_and_tells_nothing(
    tmp_path: Path, inner: Path, name: str, there: bool
) -> None:
    if there:
        (tmp_path / "out.sib").write_text(SECRET, encoding="utf-8")
    (inner / "link.sib").symlink_to("../out.sib")
    (inner / "way").symlink_to("..")
    (inner / "c.sib").write_text(cases.varied_by(name.format(tmp_path)), encoding="utf-8")
    one = refused(inner / "c.sib")
    assert one.code == "SIB0105"
    assert SECRET not in f"{one.message}{one.help}"
    assert "--allow " in one.help
    # The same words whether the file exists or not.
    (tmp_path / "out.sib").unlink(missing_ok=True)
    assert refused(inner / "c.sib") == one


def test_the_option_that_is_printed_lets_it_in(
    tmp_path: Path, inner: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = tmp_path / "their terms; rm -rf x"
    shared.mkdir()
    (shared / "v.sib").write_text(cases.variation(), encoding="utf-8")
    (inner / "c.sib").write_text(cases.varied_by("../their terms; rm -rf x/v.sib"), encoding="utf-8")
    monkeypatch.chdir(inner)
    done = cases.sib("check", "c.sib", cwd=inner)
    said = " ".join(cases.quiet(done).split())
    assert done.returncode == 2
    assert "`--allow '../their terms; rm -rf x'`" in said
    assert cases.sib("check", "c.sib", "--allow", "../their terms; rm -rf x", cwd=inner).returncode == 0
    for command in (
        ("price", "c.sib", "--quantities", "q.csv"),
        ("pay", "c.sib", "--records", "records", "--as-of", "2026-12-31"),
        ("test", "c.sib"),
        ("show", "c.sib", "--flows"),
        ("diff", "c.sib", "c.sib"),
    ):
        assert cases.sib(*command, cwd=inner).returncode == 2, command
        assert cases.sib(*command, "--allow", str(shared), cwd=inner).returncode == 0, command


def test_files_inside_are_read_by_any_spelling(inner: Path) -> None:
    (inner / "sub").mkdir()
    (inner / "sub" / "v.sib").write_text(cases.variation(), encoding="utf-8")
    (inner / "near.sib").symlink_to("sub/v.sib")
    for name in ("sub/v.sib", "./sub/../sub/v.sib", str(inner / "sub" / "v.sib"), "near.sib"):
        (inner / "c.sib").write_text(cases.varied_by(name), encoding="utf-8")
        assert [one.name for one in compile_file(inner / "c.sib").contract.variations] == ["Later"]


@pytest.mark.parametrize("kind", ["pipe", "folder", "device", ".env", "notes.sib", "v.txt"])
def test_what_is_no_file_of_the_language_is_not_shown(inner: Path, kind: str) -> None:
    name = {"pipe": "p.sib", "folder": "f.sib", "device": "d.sib"}.get(kind, kind)
    match kind:
        case "pipe":
            os.mkfifo(inner / name)
        case "folder":
            (inner / name).mkdir()
        case "device":
            (inner / name).symlink_to("/dev/zero")
        case "v.txt":
            (inner / name).write_text(cases.variation(), encoding="utf-8")
        case _:
            (inner / name).write_text(f"{SECRET}\nmore", encoding="utf-8")
    (inner / "c.sib").write_text(cases.varied_by(name), encoding="utf-8")
    one = refused(inner / "c.sib")
    assert one.code == ("SIB0105" if kind == "device" else "SIB0108")
    assert SECRET not in f"{one.message}{one.help}{one.labels}"


PROGRAMME = """\
programme Both
  currency  GBP
  years     begin 1 April
  rounding  each line, half up, to the penny
  | contract | file   |
  | First    | "{}"   |
end programme
"""


def test_the_files_of_a_programme_are_judged_by_its_own_folder(tmp_path: Path, inner: Path) -> None:
    whole = tmp_path / "both.sib"
    whole.write_text(PROGRAMME.format("deal/c.sib"), encoding="utf-8")
    (tmp_path / "v.sib").write_text(cases.variation(), encoding="utf-8")
    (inner / "c.sib").write_text(cases.varied_by("../v.sib"), encoding="utf-8")
    # By itself the contract leads out; within the programme it does not: the root is the file that the user named.
    assert refused(inner / "c.sib").code == "SIB0105"
    compile_either(whole)
    (inner / "both.sib").write_text(PROGRAMME.format("../c.sib"), encoding="utf-8")
    one = refused(inner / "both.sib")
    assert one.code == "SIB0105"


def test_a_file_in_a_folder_called_as_the_library_is_no_part_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases.folder(
        tmp_path / "stdlib",
        cases.starter().replace(
            "end bands", 'end bands\n\nassumption Idle\n  takes 1\n  reason "none"\nend assumption', 1
        ),
    )
    monkeypatch.chdir(tmp_path)
    done = cases.sib("check", "stdlib/c.sib", cwd=tmp_path)
    assert "SIB0508" in cases.quiet(done)  # what nothing reads is told; of the library it would not be


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
@pytest.mark.parametrize("writer", ["by name", "by number"])
def test_a_pipe_that_the_user_names_is_read_once(
    inner: Path, writer: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(inner)
    plain = (run(["price", "c.sib", "--quantities", "q.csv"]), capsys.readouterr().out)
    assert plain[0] == 0
    for words in (["price", "c.sib"], ["diff", "c.sib", "c.sib"]):  # this one prices twice
        if writer == "by name":
            os.mkfifo("pipe")
            path = "pipe"
            source = threading.Thread(
                target=lambda: Path("pipe").write_text(cases.QUANTITIES, encoding="utf-8")
            )
            source.start()
        else:
            ours, theirs = os.pipe()
            os.write(theirs, cases.QUANTITIES.encode())
            os.close(theirs)
            path = f"/dev/fd/{ours}"
        status = run([*words, "--quantities", path])
        said = capsys.readouterr()
        if writer == "by name":
            source.join(10)
            Path("pipe").unlink()
        else:
            os.close(ours)
        assert status == 0, said
        if words[0] == "price":
            assert said.out == plain[1]


def test_a_pipe_without_end_is_read_no_further_than_a_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    source = subprocess.Popen(["/bin/sh", "-c", f"exec yes > '{tmp_path}/pipe'"], stderr=subprocess.DEVNULL)
    with pytest.raises(Refused) as stop:
        files.given(tmp_path / "pipe", most=100_000)
    assert [problem.code for problem in stop.value.found] == ["SIB0107"]
    assert source.wait(10) != 0
