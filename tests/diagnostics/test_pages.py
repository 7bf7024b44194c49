"""The pages of codes, on a screen and in the reference."""

from __future__ import annotations

from pathlib import Path

import pytest

from sibdsl.diagnostics.codes import REGISTRY, read
from sibdsl.diagnostics.pages import page


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


def test_every_page_is_read_whole() -> None:
    for code, path in REGISTRY.pages.items():
        text = path.read_text(encoding="utf-8")
        meaning = REGISTRY[code].meaning
        kept = "\n".join(
            (f"# {REGISTRY[code].title}", "", meaning, REGISTRY[code].wrong, REGISTRY[code].right)
        )
        lost = [
            word
            for word in text.split()
            if word not in kept and word not in ("##", "Found", "in", "Not", "found", "```sib", "```")
        ]
        assert lost == [], path
        assert text.startswith(f"# {REGISTRY[code].title}\n")


def test_every_file_of_the_folder_is_a_page() -> None:
    folder = next(iter(REGISTRY.pages.values())).parents[1]
    assert {path for path in folder.rglob("*") if path.is_file()} == set(REGISTRY.pages.values())


def test_a_page_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "SIB0999-made-up.md"
    path.write_text("# Made up\n\nNo more than this.\n", encoding="utf-8")
    assert read(path).meaning == "No more than this."
    path.write_text("Made up\n", encoding="utf-8")
    with pytest.raises(ValueError, match="not the page of a code"):
        read(path)
    other = tmp_path / "made-up.md"
    other.write_text("# Made up\n\nNo more than this.\n", encoding="utf-8")
    with pytest.raises(ValueError, match="not the page of a code"):
        read(other)
