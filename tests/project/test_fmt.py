"""`sib fmt` of folders: each file whole or as it was, one summary, and one broken file stops no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from sibdsl.cli.app import run
from tests.project.cases import mixed

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(mixed(tmp_path))
    return tmp_path


def said(capsys: Capture, *words: str) -> tuple[int, str, str]:
    capsys.readouterr()
    status = run(["fmt", *words])
    shown = capsys.readouterr()
    return status, shown.out, shown.err


def untidy(path: Path) -> str:
    text = path.read_text(encoding="utf-8").replace("  payer  Council", "  payer Council", 1)
    path.write_text(text, encoding="utf-8")
    return text


def test_a_folder_is_laid_out_file_by_file(folder: Path, capsys: Capture) -> None:
    assert said(capsys)[0] == 0
    tidy = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    untidy(folder / "north.sib")
    untidy(folder / "deeper" / "agreement.md")
    status, _, err = said(capsys, "--check", ".")
    assert status == 1
    assert "north.sib is not in the standard form; `sib fmt north.sib` puts it right.\n" in err
    assert err.endswith("5 files: 2 not in the standard form, 3 in the standard form\n")
    assert said(capsys, "--diff", ".")[0] == 1
    status, out, _ = said(capsys, ".")
    assert status == 0
    assert out.endswith("5 files: 2 laid out, 3 in the standard form\n")
    assert {path: path.read_bytes() for path in tidy} == tidy, "nothing else is touched"
    assert said(capsys, "--check")[0] == 0


def test_one_file_by_name_is_told_as_ever(folder: Path, capsys: Capture) -> None:
    said(capsys, ".")
    assert said(capsys, "north.sib") == (0, "north.sib: already in the standard form\n", "")
    assert said(capsys, "--check", "north.sib", "./north.sib") == (0, "", "")
    untidy(folder / "north.sib")
    assert said(capsys, "north.sib") == (0, "north.sib: laid out\n", "")


def test_a_broken_file_is_left_as_it_is_and_stops_no_other(folder: Path, capsys: Capture) -> None:
    said(capsys, ".")
    (folder / "a.sib").write_text("contract Broken\n  nothing of\n", encoding="utf-8")
    untidy(folder / "north.sib")
    status, out, err = said(capsys, ".")
    assert status == 2
    assert "a.sib:2" in err
    assert (folder / "a.sib").read_text(encoding="utf-8") == "contract Broken\n  nothing of\n"
    assert "north.sib: laid out\n" in out
    assert out.endswith("6 files: 1 could not be read, 1 laid out, 4 in the standard form\n")
    assert said(capsys, "--check", ".")[0] == 2


def test_what_sib_toml_leaves_out_is_not_laid_out(folder: Path, capsys: Capture) -> None:
    text = untidy(folder / "north.sib")
    (folder / "sib.toml").write_text('exclude = ["north.sib"]\n', encoding="utf-8")
    assert said(capsys)[0] == 0
    assert (folder / "north.sib").read_text(encoding="utf-8") == text
    assert said(capsys, "north.sib")[0] == 0
    assert (folder / "north.sib").read_text(encoding="utf-8") != text, "what is named is always read"


def test_a_folder_without_a_contract_is_an_error(folder: Path, capsys: Capture) -> None:
    (folder / "empty").mkdir()
    status, _, err = said(capsys, "empty")
    assert status == 2
    assert "The folder empty holds no contract" in err
