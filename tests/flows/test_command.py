"""`sib show --flows`: its options, what it refuses, and that every field is explained."""

import json
import re
from pathlib import Path

import pytest

from sibdsl.cli.app import run
from tests.docs.reading import COMMANDS as PAGE
from tests.docs.reading import ROOT, section, spliced
from tests.docs.test_commands import keys
from tests.flows.pieces import FRAME, KINDS

CONTRACT = str(ROOT / "contracts" / "mhep1" / "tower_hamlets.sib")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "Say what to show: --formulas, --flows, --investments or --words."),
        (["--formulas", "--flows"], "Say what to show: --formulas, --flows, --investments or --words."),
        (["--flows", "--latex"], "--latex goes with --formulas"),
        (["--flows", "--year", "2016/17"], "--year goes with --formulas"),
        (["--flows", "--period", "2016-05-01"], "--period goes with --formulas"),
        (["--formulas", "--format", "svg"], "--format svg goes with --flows"),
        (["--formulas", "--output", "x.txt"], "--output goes with --flows"),
        (["--flows", "--payer", "CGC"], "has no party CGC. Did you mean CCG?"),
        (["--flows", "--output", CONTRACT], "Nothing was written"),
    ],
)
def test_what_is_refused(capsys: pytest.CaptureFixture[str], options: list[str], said: str) -> None:
    assert run(["show", CONTRACT, *options]) == 2
    assert said in " ".join(capsys.readouterr().err.split())


def test_one_payer(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["show", CONTRACT, "--flows", "--payer", "cbo"]) == 0
    shown = capsys.readouterr().out
    assert "4  CBO pays MHEP" in shown
    assert "CCG pays" not in shown


def test_values_from_outside(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["show", CONTRACT, "--flows", "--set", "Set Off Basis=in units"]) == 0
    assert "set off in units against" in capsys.readouterr().out


@pytest.mark.parametrize("form", ["text", "json", "html", "svg"])
def test_each_form_is_the_same_in_a_file(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["show", CONTRACT, "--flows", "--format", form]) == 0
    shown = capsys.readouterr().out
    file = tmp_path / "flows"
    assert run(["show", CONTRACT, "--flows", "--format", form, "--output", str(file)]) == 0
    assert f"Written to {file}" in capsys.readouterr().err
    written = file.read_text(encoding="utf-8")
    assert written.replace("->", "─>") == shown.replace("->", "─>")
    assert [one.name for one in tmp_path.iterdir()] == ["flows"]


def test_a_screen_without_signs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "latin-1")
    assert run(["show", CONTRACT, "--flows"]) == 0
    shown = capsys.readouterr().out
    assert "CCG   ->  Working Well" in shown
    assert "─" not in shown


def test_every_field_is_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "all_kinds.sib"
    path.write_text(spliced(FRAME, KINDS), encoding="utf-8")
    explained = section(PAGE, "JSON of show --flows")
    said = set(re.findall(r"\w+", " ".join(re.findall(r"`[^`]+`", explained))))
    for contract in (CONTRACT, str(path)):
        assert run(["show", contract, "--flows", "--format", "json"]) == 0
        form = json.loads(capsys.readouterr().out)
        assert {key.rpartition(".")[2] for key in keys(form)} - said == set()
        kinds = {item["kind"] for flow in form["flows"] for item in flow["items"]}
        assert {kind for kind in kinds if f"`{kind}`" not in explained} == set()
    assert kinds == {"rate", "tiers", "regular", "to_date", "advance"}
