"""`sib fmt`: what it changes, what it only tells, and what it leaves alone."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from sibdsl.cli.app import run
from sibdsl.compile import compile_source
from sibdsl.model.nodes import Contract
from sibdsl.source import Source
from sibdsl.syntax.standard_layout import format_text
from tests.model.generate import contracts

ROUGH = """\
-- what this is
parties
| party | role |   -- a comment behind a row
| Council | commissioner |
end parties
"""
SMOOTH = """\
-- what this is
parties
  | party   | role         |  -- a comment behind a row
  | Council | commissioner |
end parties
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "rough.sib"
    path.write_text(ROUGH, encoding="utf-8")
    return path


def test_in_place_and_then_no_more(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fmt", str(file)]) == 0
    assert file.read_text(encoding="utf-8") == SMOOTH
    assert run(["fmt", str(file)]) == 0
    assert run(["fmt", "--check", str(file)]) == 0
    assert "already in the standard form" in capsys.readouterr().out


def test_check_changes_nothing(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fmt", "--check", str(file)]) == 1
    assert file.read_text(encoding="utf-8") == ROUGH
    assert "is not in the standard form" in capsys.readouterr().err


def test_diff_shows_what_would_change(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fmt", "--diff", str(file)]) == 1
    assert file.read_text(encoding="utf-8") == ROUGH
    shown = capsys.readouterr().out.splitlines()
    assert "-| Council | commissioner |" in shown
    assert "+  | Council | commissioner |" in shown
    assert " -- what this is" in shown


def test_a_broken_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "broken.sib"
    path.write_text("parties\n  | party |\n", encoding="utf-8")
    before = path.read_bytes()
    assert run(["fmt", str(path)]) == 2
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(contracts(years=1))
def test_any_contract_keeps_its_meaning_its_comments_and_its_words(made: tuple[str, Contract]) -> None:
    text, contract = made
    lines = text.splitlines()
    marked = (
        "\n".join(f"{line}  -- note {at}" if at % 3 == 0 and line else line for at, line in enumerate(lines))
        + "\n"
    )
    once = format_text(Source("x.sib", marked))
    assert format_text(Source("x.sib", once)) == once
    assert compile_source(Source("x.sib", once)).contract == contract
    comments = [line.partition("-- note ")[2] for line in once.splitlines() if "-- note " in line]
    assert sorted(comments, key=int) == [str(at) for at, line in enumerate(lines) if at % 3 == 0 and line]
