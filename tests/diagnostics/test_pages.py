"""The pages of codes, on a screen and in the reference."""

from __future__ import annotations

from pathlib import Path

import pytest

from sibdsl.diagnostics.codes import REGISTRY
from sibdsl.diagnostics.pages import docs_page, main, page


def test_a_page_on_a_screen() -> None:
    lines = page("SIB0502").split("\n")
    assert lines[:3] == ["SIB0502 band-overlap", "Two bands hold the same value", ""]
    assert "Found in:" in lines
    assert "      | From 16  | at least 16 hours |" in lines
    assert all(len(line) <= 100 for line in lines)


def test_a_page_without_an_example() -> None:
    assert "Found in:" not in page("SIB0101")


def test_an_unknown_code() -> None:
    with pytest.raises(KeyError):
        page("SIB9999")


def test_the_reference_has_every_code_once() -> None:
    text = docs_page()
    assert [line.split()[1] for line in text.split("\n") if line.startswith("### ")] == list(REGISTRY)
    assert text.count("```sib") == sum(2 for one in REGISTRY.values() if one.wrong)


def test_writing_and_checking(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "diagnostics.md"
    assert main(["--check", str(path)]) == 1
    assert "is not current" in capsys.readouterr().err
    assert main(["--write", str(path)]) == 0
    assert main(["--check", str(path)]) == 0
    path.write_text(path.read_text(encoding="utf-8") + "x", encoding="utf-8")
    assert main(["--check", str(path)]) == 1
    assert main(["--check"]) == 2
    assert "Usage" in capsys.readouterr().err
