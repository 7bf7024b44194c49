"""What a project file gives a run, what goes before it, that it is told, and that it leads no run out of its folder."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from sibdsl.cli.app import run
from tests.hostile.cases import QUANTITIES
from tests.hostile.cases import folder as filled
from tests.project.cases import variation

Capture = pytest.CaptureFixture[str]
PROJECT = """\
[[contract]]
file = "c.sib"
records = "records"
quantities = "q.csv"
as-of = 2026-12-31
"""
PARTICULARS = """
particulars
  | particular | holds | default |
  | Rate       | money | £1,000  |
  | Other      | money | £1,500  |
end particulars
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    where = filled(tmp_path / "ours")
    text = (where / "c.sib").read_text(encoding="utf-8")
    text = text.replace("| £1,000 |", "| Rate   |").replace("| £1,500 |", "| Other  |") + PARTICULARS
    (where / "c.sib").write_text(text, encoding="utf-8")
    (where / "sib.toml").write_text(PROJECT, encoding="utf-8")
    monkeypatch.chdir(where)
    return where


def said(capsys: Capture, *words: str) -> tuple[int, str, str]:
    capsys.readouterr()
    status = run([*words])
    shown = capsys.readouterr()
    return status, shown.out, shown.err


def values(capsys: Capture, *words: str) -> dict[str, str]:
    status, out, _ = said(capsys, *words, "--format", "json")
    assert status == 0
    found: dict[str, str] = json.loads(out)["settings"]
    return found


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("short", "long"),
    [
        (["pay"], ["pay", "c.sib", "--records", "records", "--as-of", "2026-12-31"]),
        (["pay", "c.sib", "--lines"], ["pay", "c.sib", "--records", "records", "--as-of", "2026-12-31", "--lines"]),
        (["pay", "--as-of", "2026-07-31"], ["pay", "c.sib", "--records", "records", "--as-of", "2026-07-31"]),
        (["price"], ["price", "c.sib", "--quantities", "q.csv"]),
        (["explain", "--line", "L1"], ["explain", "c.sib", "--records", "records", "--as-of", "2026-12-31", "--line", "L1"]),
        (["show", "--flows"], ["show", "c.sib", "--flows"]),
    ],
)  # fmt: skip
def test_a_command_alone_does_what_the_whole_call_does(
    capsys: Capture, short: list[str], long: list[str]
) -> None:
    whole = said(capsys, "--no-project", *long)
    assert whole[0] == 0
    status, out, err = said(capsys, *short)
    assert (status, out) == whole[:2]
    assert err.startswith("From sib.toml: "), "what is taken is told"
    assert ("as-of 2026-12-31" in err) == (short[0] in ("pay", "explain") and "--as-of" not in short)


def test_from_a_folder_below_it_is_the_same(
    folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, out, _ = said(capsys, "pay", "--format", "json")
    (folder / "below").mkdir()
    monkeypatch.chdir(folder / "below")
    again = said(capsys, "pay", "--format", "json")
    assert json.loads(again[1])["lines"] == json.loads(out)["lines"]
    assert again[2].startswith("From ../sib.toml: contract ../c.sib; records ../records")
    assert said(capsys, "--no-project", "pay")[0] == 2


def test_each_place_goes_before_the_one_above_it(folder: Path, capsys: Capture) -> None:
    assert values(capsys, "pay")["Rate"] == "1000"
    (folder / "sib.toml").write_text(
        PROJECT + 'parameters = "p.json"\n[contract.settings]\nrate = "1001"\nOther = "1501"\n',
        encoding="utf-8",
    )
    (folder / "p.json").write_text('{"rate": "1002"}', encoding="utf-8")
    (folder / "q.json").write_text('{"other": "1503"}', encoding="utf-8")
    assert values(capsys, "pay") == {"Rate": "1002", "Other": "1501"}
    assert values(capsys, "pay", "--set", "Rate=1004") == {"Rate": "1004", "Other": "1501"}
    assert values(capsys, "pay", "--parameters", "q.json") == {"Rate": "1001", "Other": "1503"}
    assert values(capsys, "--no-project", "pay", "c.sib", "--records", "records") == {
        "Rate": "1000",
        "Other": "1500",
    }
    assert "rate is 1001; Other is 1501; parameters p.json" in said(capsys, "pay")[2]


def test_options_shows_where_each_is_from(folder: Path, capsys: Capture) -> None:
    (folder / "sib.toml").write_text(
        PROJECT + 'parameters = "p.json"\n[contract.settings]\nrate = "1001"\n', encoding="utf-8"
    )
    (folder / "p.json").write_text("{}", encoding="utf-8")

    def asked(*words: str) -> tuple[dict[str, tuple[str, str]], dict[str, tuple[str, str]]]:
        status, out, err = said(capsys, "options", "--format", "json", *words)
        assert (status, err) == (0, "")
        told = json.loads(out)
        options = {one["option"]: (one["value"], one["origin"]) for one in told["options"]}
        return options, {one["name"]: (one["value"], one["origin"]) for one in told["values"]}

    options, given = asked("pay", "--lines", "--set", "other=1600")
    assert options["contract"] == ("c.sib", "sib.toml line 2")
    assert options["--records"] == ("records", "sib.toml line 3")
    assert options["--as-of"] == ("2026-12-31", "sib.toml line 5")
    assert options["--parameters"] == ("p.json", "sib.toml line 6")
    assert options["--lines"] == ("yes", "command line")
    assert options["--strict"] == ("no", "default")
    line = next(
        number
        for number, text in enumerate((folder / "c.sib").read_text(encoding="utf-8").splitlines(), 1)
        if "| Rate       |" in text
    )
    assert given == {"Rate": ("1001", "sib.toml line 8"), "Other": ("1600", "--set")}
    (folder / "p.json").write_text('{"RATE": "1002"}', encoding="utf-8")
    assert asked("pay")[1]["Rate"] == ("1002", "p.json")
    (folder / "sib.toml").write_text(PROJECT, encoding="utf-8")
    assert asked("pay", "--as-of", "2026-01-31")[0]["--as-of"] == ("2026-01-31", "command line")
    assert asked("pay")[1]["Rate"] == ("1000", f"c.sib line {line}")
    assert asked("check", ".")[1] == {}
    assert asked("explain-code", "SIB0501")[1] == {}
    status, _, err = said(capsys, "options", "paid")
    assert status == 2
    assert "paid is no command" in err


def test_nothing_is_run_by_options(folder: Path, capsys: Capture) -> None:
    before = (folder / "c.sib").read_bytes()
    (folder / "c.sib").write_bytes(before.replace(b"  payer  Council", b"  payer Council"))
    changed = (folder / "c.sib").read_bytes()
    assert changed != before
    assert said(capsys, "options", "fmt", "c.sib")[0] == 0
    assert (folder / "c.sib").read_bytes() == changed


def test_words_of_the_language_are_about_no_contract(folder: Path, capsys: Capture) -> None:
    for words in (["explain"], ["explain", "cap"]):
        whole = said(capsys, "--no-project", *words)
        assert said(capsys, *words) == whole
    (folder / "sib.toml").write_text("", encoding="utf-8")
    assert said(capsys, "explain", "cap")[0] == 0


def test_of_several_contracts_one_is_asked_for(folder: Path, capsys: Capture) -> None:
    other = (folder / "c.sib").read_text(encoding="utf-8").replace("contract First", "contract Second")
    (folder / "d.sib").write_text(other, encoding="utf-8")
    (folder / "sib.toml").write_text(PROJECT + '[[contract]]\nfile = "d.sib"\n', encoding="utf-8")
    assert said(capsys, "pay")[0] == 0, "only one has records"
    (folder / "sib.toml").write_text(
        PROJECT + '[[contract]]\nfile = "d.sib"\nrecords = "records"\n', encoding="utf-8"
    )
    status, _, err = said(capsys, "pay")
    assert status == 2
    assert "several: c.sib, d.sib" in err
    assert said(capsys, "pay", "d.sib")[0] == 0
    (folder / "sib.toml").write_text("", encoding="utf-8")
    status, _, err = said(capsys, "pay")
    assert status == 2
    assert "has no `[[contract]]`" in err


def test_what_varies_a_contract_is_given_with_it(folder: Path, capsys: Capture) -> None:
    (folder / "v.sib").write_text(variation("Later"), encoding="utf-8")
    (folder / "sib.toml").write_text(PROJECT + 'varied-by = ["v.sib"]\n', encoding="utf-8")
    for command in (["pay"], ["price"], ["show", "--flows"]):
        status, out, _ = said(capsys, *command)
        given = ["--records", "records", "--as-of", "2026-12-31"] if command == ["pay"] else []
        given = ["--quantities", "q.csv"] if command == ["price"] else given
        assert status == 0
        assert (
            out
            == said(capsys, "--no-project", command[0], "c.sib", *command[1:], *given, "--with", "v.sib")[1]
        )
    _, out, _ = said(capsys, "check")
    assert "c.sib with v.sib" in out


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ('records = "recards"', "SIB0745", "Did you mean records?"),
        ('parameters = "none.json"', "SIB0745", "no such file or folder"),
        ('varied-by = ["none.sib"]', "SIB0745", "no such file or folder"),
        ('settings = { Rote = "1" }', "SIB0702", "sib.toml line 2 gives Rote"),
        ('settings = { Rate = "much" }', "SIB0703", "sib.toml line 2 gives Rate"),
        ('settings = { Rate = "1", rate = "2" }', "SIB0701", "gives Rate twice"),
    ],
)
def test_what_a_run_needs_and_is_not_there_is_told_with_its_line(
    capsys: Capture, line: str, code: str, words: str
) -> None:
    records = "" if line.startswith("records") else '\nrecords = "records"'
    Path("sib.toml").write_text(f'[[contract]]\n{line}\nfile = "c.sib"{records}\n', encoding="utf-8")
    status, out, err = said(capsys, "pay")
    assert (status, out) == (2, "")
    assert code in err
    assert words in " ".join(err.split())
    if code == "SIB0745":
        assert "sib.toml:2" in err


@pytest.mark.usefixtures("folder")
def test_what_a_command_does_not_need_may_be_missing(capsys: Capture) -> None:
    Path("sib.toml").write_text(
        '[[contract]]\nfile = "c.sib"\nrecords = "none"\nquantities = "none.csv"\n', encoding="utf-8"
    )
    assert said(capsys, "check")[0] == 0
    assert said(capsys, "test")[0] == 0


# ------------------------------------------------------------------ it may do less than its user


@pytest.fixture
def outside(folder: Path) -> Path:
    """A folder beside that of the project, which nothing in it may reach."""
    where = filled(folder.parent / "theirs")
    (where / "secret.json").write_text('{"Rate": "9999"}', encoding="utf-8")
    (where / "v.sib").write_text(variation("Later"), encoding="utf-8")
    return where


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
def test_links_among_the_records_do_not_lead_out(folder: Path, outside: Path, capsys: Capture) -> None:
    jobs = folder / "records" / "jobs.csv"
    jobs.unlink()
    jobs.symlink_to(outside / "records" / "jobs.csv")
    status, out, err = said(capsys, "pay")
    assert (status, out) == (2, "")
    assert "SIB0744" in err
    assert "--records records" in err
    assert said(capsys, "pay", "--records", "records")[0] == 0, "whoever names them may"


@pytest.mark.parametrize("place", ["settings", "parameters"])
def test_plans_do_not_lead_out(folder: Path, outside: Path, capsys: Capture, place: str) -> None:
    text = (folder / "c.sib").read_text(encoding="utf-8")
    row = "  | Other      | money | £1,500  |\n"
    text = text.replace(row, f"{row}  | Plan       | plan  | required |\n")
    text += "\nscenarios\n  | scenario | quantities |\n  | Low      | Plan       |\nend scenarios\n"
    (folder / "c.sib").write_text(text, encoding="utf-8")
    if place == "settings":
        (folder / "sib.toml").write_text(
            PROJECT + '[contract.settings]\nPlan = "../theirs/q.csv"\n', encoding="utf-8"
        )
    else:
        (folder / "sib.toml").write_text(PROJECT + 'parameters = "p.json"\n', encoding="utf-8")
        (folder / "p.json").write_text('{"Plan": "../theirs/q.csv"}', encoding="utf-8")
    status, _, err = said(capsys, "price", "--scenario", "Low")
    assert status == 2
    assert "SIB0744" in err
    (outside / "q.csv").unlink()
    assert said(capsys, "price", "--scenario", "Low")[2] == err, "it was not looked at"
    (outside / "q.csv").write_text(QUANTITIES, encoding="utf-8")
    # Whoever runs it may name it.
    (folder / "sib.toml").write_text(PROJECT, encoding="utf-8")
    assert said(capsys, "price", "--scenario", "Low", "--set", "Plan=../theirs/q.csv")[0] == 0


def test_allow_speaks_only_of_contracts_in_its_folder(folder: Path, outside: Path, capsys: Capture) -> None:
    (folder / "inner").mkdir()
    (folder / "common").mkdir()
    (folder / "common" / "v.sib").write_text(variation("Later"), encoding="utf-8")
    text = filled(folder / "aside").joinpath("c.sib").read_text(encoding="utf-8")
    varied = text.replace("  currency ", '  varied by       "../common/v.sib"\n  currency ', 1)
    (folder / "inner" / "n.sib").write_text(varied, encoding="utf-8")
    (folder / "sib.toml").write_text("", encoding="utf-8")
    assert "SIB0105" in said(capsys, "check", "inner/n.sib")[1]
    (folder / "sib.toml").write_text('allow = ["common"]\n', encoding="utf-8")
    status, _, err = said(capsys, "check", "inner/n.sib")
    assert status == 0
    assert "From sib.toml: allow common." in err
    # A contract elsewhere gets nothing from it.
    theirs = text.replace("  currency ", f'  varied by       "{folder / "common" / "v.sib"}"\n  currency ', 1)
    (outside / "c.sib").write_text(theirs, encoding="utf-8")
    assert "SIB0105" in said(capsys, "check", str(outside / "c.sib"))[1]


def test_a_project_file_that_cannot_be_read_stops_the_run(folder: Path, capsys: Capture) -> None:
    (folder / "sib.toml").write_text("[[contract]]\nfile = c.sib\n", encoding="utf-8")
    for words in (
        ["check"],
        ["pay", "c.sib", "--records", "records"],
        ["fmt", "--check"],
        ["options", "pay"],
    ):
        status, out, err = said(capsys, *words)
        assert (status, out) == (2, "")
        assert "SIB0741" in err
        assert "sib.toml:2" in err
        assert "2  file = c.sib" in err
    assert said(capsys, "--no-project", "check")[0] == 0
    assert said(capsys, "explain-code", "SIB0741")[0] == 0
