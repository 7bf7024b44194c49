"""Pages that are sent name nobody; who has the key finds the person again."""

import csv
import json
import re
import stat
from pathlib import Path

import pytest

from sibdsl.cli.app import run as sib
from sibdsl.records.pseudonyms import Pseudonyms
from tests.settle.tower_hamlets import FILE, RECORDS

CALL = ["explain", str(FILE), "--records", str(RECORDS), "--as-of", "2018-07-31"]
KEY = Pseudonyms(bytes(range(32)))


@pytest.fixture(scope="module")
def identifiers() -> set[str]:
    found: set[str] = set()
    for file in RECORDS.glob("*.csv"):
        with file.open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.reader(stream):
                found |= {cell.strip() for cell in row if re.fullmatch(r"[PJ]\d{4,}", cell.strip())}
    assert len(found) > 60
    return found


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "run.key"
    path.write_text(f"{KEY.key.hex()}\n")
    return path


def shown(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert sib([*CALL, *words]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("words", [("--line", "L21"), ("--person", "P00051"), ("--person", "P00055")])
def test_a_page_names_nobody_unless_it_is_asked_to(
    capsys: pytest.CaptureFixture[str], identifiers: set[str], words: tuple[str, str]
) -> None:
    page = shown(capsys, *words, "--format", "html")
    assert not [one for one in identifiers if one in page]
    assert "Person 1" in page
    assert "people by numbers" in page
    named = shown(capsys, *words, "--format", "html", "--names")
    assert [one for one in identifiers if one in named]
    text = shown(capsys, *words)
    assert [one for one in identifiers if one in text]


def test_under_a_key_a_person_goes_by_one_pseudonym(
    capsys: pytest.CaptureFixture[str], identifiers: set[str], key: Path
) -> None:
    words = ("--line", "L21", "--key", str(key))
    plain = json.loads(shown(capsys, "--line", "L21", "--format", "json"))
    told = json.loads(shown(capsys, *words, "--format", "json"))
    page = shown(capsys, *words, "--format", "html")
    assert not [one for one in identifiers if one in page]
    for mine, theirs in zip(
        plain["line"]["counted"]["records"], told["line"]["counted"]["records"], strict=True
    ):
        assert theirs["person"] == KEY.of(mine["person"]) == theirs["values"]["Person ID"]
        assert theirs["row"] == mine["row"]
        assert theirs["person"] in page


def test_who_has_records_and_key_finds_the_person_again(
    capsys: pytest.CaptureFixture[str], key: Path
) -> None:
    text = shown(capsys, "--person", KEY.of("P00051"), "--key", str(key), "--names")
    assert text == shown(capsys, "--person", "P00051")
    assert sib([*CALL, "--person", Pseudonyms(bytes(32)).of("P00051"), "--key", str(key)]) == 2
    assert "is nobody's pseudonym" in " ".join(capsys.readouterr().err.split())


def test_what_is_no_key_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.key"
    wrong.write_text("abc\n")
    assert sib([*CALL, "--line", "L21", "--key", str(wrong)]) == 2
    assert "SIB0722" in capsys.readouterr().err


def test_a_written_explanation_is_its_owner_s_alone(tmp_path: Path) -> None:
    target = tmp_path / "why.html"
    assert sib([*CALL, "--line", "L21", "--format", "html", "--output", str(target)]) == 0
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
