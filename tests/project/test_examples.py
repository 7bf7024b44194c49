"""`sib test` of folders: each example once, with the file in which it stands."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path

import pytest

from sibdsl.cli.app import run
from tests.project.cases import PROGRAMME, mixed, starter, variation

Capture = pytest.CaptureFixture[str]
ROOT = Path(__file__).parents[2]
EXAMPLE = """
example Nothing Limits "the limit is gone"
  in  2026/27 quarter 3
  given
  | metric   | band      | quantity |
  | Job Kept | Full Time | 300      |
  expect
  | payment         | payer   | pays     |
  | Outcome Payment | Council | £440,000 |
end example
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(mixed(tmp_path))
    return tmp_path


def said(capsys: Capture, *words: str) -> tuple[int, str, str]:
    capsys.readouterr()
    status = run(["test", *words])
    shown = capsys.readouterr()
    return status, shown.out, shown.err


def told(capsys: Capture, *words: str) -> tuple[int, list[dict[str, object]]]:
    status, out, _ = said(capsys, *words, "--format", "json")
    examples: list[dict[str, object]] = json.loads(out)["examples"]
    return status, examples


def test_each_example_is_run_with_its_own_file(folder: Path, capsys: Capture) -> None:
    (folder / "north_2026.sib").write_text(variation("Later") + EXAMPLE, encoding="utf-8")
    status, examples = told(capsys)
    assert [(one["file"], one["example"], one["passed"]) for one in examples] == [
        ("deeper/agreement.md", "Two Jobs", True),
        ("deeper/two.sib", "Two Jobs", True),
        ("north.sib", "Two Jobs", True),
        ("north_2026.sib", "Nothing Limits", True),
    ]
    assert status == 0
    # Without the variation there is a limit, so it was run with it.
    (folder / "north.sib").write_text(starter() + EXAMPLE, encoding="utf-8")
    status, out, _ = said(capsys, "north.sib", "deeper")
    assert status == 1
    assert "failed   Nothing Limits  north.sib:" in out
    assert "1 passed, 1 failed in north.sib\n" in out
    assert out.endswith("3 files: 3 passed, 1 failed\n")


def test_a_programme_runs_no_example_twice(folder: Path, capsys: Capture) -> None:
    before = told(capsys)
    (folder / "all.sib").write_text(PROGRAMME, encoding="utf-8")
    assert said(capsys, "all.sib")[0] == 0
    assert told(capsys) == before
    # Without the files of its contracts, theirs are run in it.
    _, examples = told(capsys, "all.sib", "deeper/agreement.md")
    assert sorted((str(one["file"]), one.get("programme")) for one in examples) == [
        ("deeper/agreement.md", None), ("deeper/two.sib", "Both"), ("north.sib", "Both"),
    ]  # fmt: skip


def test_one_broken_file_does_not_stop_the_others(folder: Path, capsys: Capture) -> None:
    (folder / "a.sib").write_text("contract Broken\n  nothing of\n", encoding="utf-8")
    (folder / "lost.sib").write_text(variation("Lost", "Nobody"), encoding="utf-8")
    status, out, err = said(capsys)
    assert status == 2
    assert "a.sib:2" in err
    assert "SIB0747" in err
    assert "1 passed, 0 failed in north.sib\n" in out
    assert out.endswith("7 files: 3 passed, 0 failed; 2 could not be run\n")


@pytest.mark.usefixtures("folder")
def test_the_order_of_files_changes_nothing(capsys: Capture) -> None:
    names = ["north_2026.sib", "deeper", "north.sib"]
    first = said(capsys, *names)
    assert first[0] == 0
    for several in permutations(names):
        assert said(capsys, *several) == first


def test_the_folder_of_contracts_runs_all_that_its_files_run(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    status, examples = told(capsys, "contracts/mhep1")
    assert status == 0
    texts = [path.read_text(encoding="utf-8") for path in Path("contracts/mhep1").glob("*.sib")]
    assert len(examples) == sum(text.count("\nend example") for text in texts)
