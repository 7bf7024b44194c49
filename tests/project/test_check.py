"""`sib check` of folders: the same findings as file by file, in any order, with one summary and the worst status."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path

import pytest

from sibdsl.cli.app import run
from sibdsl.project.folders import listed
from sibdsl.project.sorting import sorted_out
from tests.project.cases import MODULE, PROGRAMME, mixed, starter, variation

#: A hole in the bands, which is an error, and a term that nothing uses, which is not.
HOLE = ("less than 16 hours", "less than 15 hours")
ROOT = Path(__file__).parents[2]
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(mixed(tmp_path))
    return tmp_path


def told(capsys: Capture, *words: str) -> tuple[int, dict[str, list[dict[str, object]]]]:
    capsys.readouterr()
    status = run(["check", *words, "--format", "json"])
    return status, json.loads(capsys.readouterr().out)


def said(capsys: Capture, *words: str) -> tuple[int, str, str]:
    capsys.readouterr()
    status = run([*words])
    shown = capsys.readouterr()
    return status, shown.out, shown.err


def keys(found: list[dict[str, object]]) -> set[str]:
    return {json.dumps(one, sort_keys=True) for one in found}


@pytest.mark.parametrize("where", ["contracts", "mixed", "broken"])
def test_a_folder_gives_exactly_what_its_files_give(
    folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    if where == "contracts":
        monkeypatch.chdir(ROOT)
    elif where == "broken":
        (folder / "broken.sib").write_text("contract Broken\n  nothing of\n", encoding="utf-8")
        (folder / "hole.sib").write_text(starter("Hole").replace(*HOLE), encoding="utf-8")
        (folder / "lost.sib").write_text(variation("Lost", "Nobody"), encoding="utf-8")
        (folder / "all.sib").write_text(PROGRAMME, encoding="utf-8")
        (folder / "module.sib").write_text(MODULE.replace(*HOLE), encoding="utf-8")
    root = Path("contracts" if where == "contracts" else ".")
    status, whole = told(capsys, str(root))
    together = sorted_out(listed([root]).files)
    each = [
        told(capsys, str(one.path), *(word for path in one.varied for word in ("--with", str(path))))
        for one in together.readings
    ]
    union = set().union(*(keys(found["findings"]) for _, found in each))
    lost = {problem.code for problem in together.problems}
    assert union == keys([one for one in whole["findings"] if one["code"] not in lost])
    assert lost == ({"SIB0747"} if where == "broken" else set())
    assert status == max([one for one, _ in each])
    assert len(whole["contracts"]) == sum(1 for one, _ in each if one == 0 or _["contracts"])


@pytest.mark.usefixtures("folder")
def test_the_order_of_files_changes_nothing(capsys: Capture) -> None:
    names = ["north_2026.sib", "deeper", "north.sib"]
    first = said(capsys, "check", *names)
    assert first[0] == 0
    for several in permutations(names):
        assert said(capsys, "check", *several, "./north.sib") == first


def test_one_broken_file_does_not_stop_the_others(folder: Path, capsys: Capture) -> None:
    (folder / "a.sib").write_bytes(b"\xff\xfe\x00")
    (folder / "b.sib").write_text("contract Broken\n  nothing of\n", encoding="utf-8")
    (folder / "c.sib").write_text(starter("Hole").replace(*HOLE), encoding="utf-8")
    status, out, _ = said(capsys, "check")
    assert status == 2
    for name in ("a.sib", "b.sib", "c.sib"):
        assert f"error in {name}" in out or f"errors in {name}" in out
    assert "Nothing found in north.sib\n" in out
    assert "Nothing found in deeper/two.sib\n" in out
    assert out.splitlines()[-1].startswith("8 files: ")
    assert "error" in out.splitlines()[-1]


@pytest.mark.usefixtures("folder")
def test_what_is_read_of_a_folder_is_told_shortly(capsys: Capture) -> None:
    status, out, _ = said(capsys, "check", ".")
    assert status == 0
    assert out == (
        "Nothing found in deeper/agreement.md\n"
        "Nothing found in deeper/two.sib\n"
        "Nothing found in north.sib\n"
        "Nothing found in north.sib with north_2026.sib and north_2027.sib\n"
        "Passed over, as no contract begins in them: README.md\n"
        "5 files: nothing found\n"
    )
    assert said(capsys, "check", ".", "-q") == (0, "", "")
    _, out, _ = said(capsys, "check", ".", "--heads")
    assert "Council pays Provider" in out


def test_a_variation_is_checked_with_its_contract(folder: Path, capsys: Capture) -> None:
    (folder / "north_2026.sib").write_text(variation("Later", body="  remove cap Floor"), encoding="utf-8")
    status, out, _ = said(capsys, "check", "north_2026.sib", "deeper")
    assert status == 2
    assert "1 error in north.sib with north_2026.sib" in out
    assert "in north.sib\n" not in out
    # Named by itself it is as it was: nothing says with which contract.
    assert "give this file with `--with`" in " ".join(said(capsys, "check", "north_2026.sib")[1].split())


def test_an_undated_variation_is_told(folder: Path, capsys: Capture) -> None:
    text = f"particulars\n  | particular | holds | default  |\n  | Day        | date  | required |\nend particulars\n\n{variation('Later', agreed='Day')}"
    (folder / "north_2026.sib").write_text(text, encoding="utf-8")
    _, out, _ = said(capsys, "check")
    assert "  Day has not been given, so it was checked as it was signed.\n" in out
    # `--set` goes to whoever declares the name, and is refused where nobody does.
    _, out, _ = said(capsys, "check", "--set", "Day=1 May 2026")
    assert "not been given" not in out
    status, out, _ = said(capsys, "check", "--set", "Dey=1 May 2026")
    assert status == 2
    assert "Did you mean Day?" in out


@pytest.mark.usefixtures("folder")
def test_what_goes_with_one_contract_is_refused_for_several(capsys: Capture) -> None:
    for words in (["--with", "north_2026.sib"], ["--parameters", "x.json"]):
        status, _, err = said(capsys, "check", ".", *words)
        assert status == 2
        assert f"{words[0]} goes with one contract" in err


def test_a_folder_without_a_contract_is_an_error(folder: Path, capsys: Capture) -> None:
    (folder / "empty").mkdir()
    status, out, _ = said(capsys, "check", "empty")
    assert status == 2
    assert "The folder empty holds no contract" in out


@pytest.mark.parametrize("form", ["sarif", "github"])
def test_other_forms_work_over_many_files(folder: Path, capsys: Capture, form: str) -> None:
    (folder / "hole.sib").write_text(starter("Hole").replace(*HOLE), encoding="utf-8")
    status, out, _ = said(capsys, "check", ".", "--format", form)
    assert status == 2
    assert "SIB0501" in out
    assert "hole.sib" in out


def test_rules_of_many_contracts_are_decided_each(folder: Path, capsys: Capture) -> None:
    rule = (
        "\nrule Little [9]\n  requires  payments from Council are at most £100\n"
        "  tested    over the contract\n  against   every quantity\nend rule\n"
    )
    for name in ("one", "two"):
        (folder / f"{name}.sib").write_text(starter(name.title()) + rule, encoding="utf-8")
    status, out, _ = said(capsys, "check", "one.sib", "two.sib", "--rules", "own", "--save", "out")
    assert status == 1
    for name in ("one", "two"):
        assert f"Rules of {name}.sib" in out
        assert [path.name for path in (folder / "out" / name).iterdir()] == ["little.csv"]
    assert "Rules of" not in said(capsys, "check", "one.sib", "--rules", "own", "--save", "out")[1]
    _, made = told(capsys, "one.sib", "north.sib", "--rules", "all", "--save", "out")
    verdicts = {str(one["file"]): [rule["verdict"] for rule in one["rules"]] for one in made["contracts"]}  # type: ignore[attr-defined]
    assert verdicts == {"one.sib": ["fails"], "north.sib": []}
    (folder / "sib.toml").write_text('[[contract]]\nfile = "one.sib"\nrules = ["own"]\n', encoding="utf-8")
    for words in ([], ["one.sib"], ["one.sib", "two.sib"]):
        status, out, _ = said(capsys, "check", *words)
        assert status == 1
        assert "two.sib" not in out or "Rules of two.sib" not in out
    (folder / "sib.toml").unlink()
    # A rule that only one of them has is decided there; one that none has is no answer.
    status, out, err = said(capsys, "check", "one.sib", "north.sib", "--rules", "Little", "--save", "out")
    assert status == 1
    assert "Rules of one.sib" in out
    assert "north.sib has none of the rules asked for." in err
    status, _, err = said(capsys, "check", "one.sib", "north.sib", "--rules", "Large", "--save", "out")
    assert status == 2
    assert "SIB0702" in err


def test_findings_are_left_out_with_their_reason_and_counted(folder: Path, capsys: Capture) -> None:
    unused = starter("Unused").replace(
        "end records\n\nrecords Jobs", "  | Extra | date | allowed |\nend records\n\nrecords Jobs", 1
    )
    (folder / "unused.sib").write_text(unused, encoding="utf-8")
    _, whole = told(capsys, ".")
    codes = {str(one["code"]) for one in whole["findings"]}
    (folder / "hole.sib").write_text(starter("Hole").replace(*HOLE), encoding="utf-8")
    text = "".join(
        f'[[suppress]]\ncode = "{code}"\nreason = "Agreed on 3 May."\n'
        for code in sorted(codes | {"SIB0501", "SIB0502"})
    )
    (folder / "sib.toml").write_text(text, encoding="utf-8")
    status, out, _ = said(capsys, "check")
    assert status == 2
    assert "SIB0501" in out, "an error is shown"
    assert "never left out" in " ".join(out.split())
    assert "No SIB0502 is found anywhere." in out
    _, again = told(capsys, ".")
    left_out = again.get("suppressed", [])
    assert keys([{key: value for key, value in one.items() if key != "reason"} for one in left_out]) == keys(
        whole["findings"]
    )
    assert {one["reason"] for one in left_out} <= {"Agreed on 3 May."}
