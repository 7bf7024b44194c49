"""The tutorial and the three entrances, done as they say: each command is run, each file is changed, and what is shown is what comes."""

from pathlib import Path

import pytest

from tests.docs.reading import README, ROOT, TUTORIAL, Fence, fences, plain, ran, without_elided

STARTS = [ROOT / "docs" / "start" / f"{name}.md" for name in ("lawyer", "analyst", "reconciler")]


def done(folder: Path, fence: Fence, before: str) -> None:
    """Do what a fence that is not a command says: write, add to, or change a file, or look into one."""
    for note, name in fence.notes.items():
        file = folder / name
        if note == "file":
            file.write_text(fence.text, encoding="utf-8")
        elif note == "add":
            file.write_text(file.read_text(encoding="utf-8") + fence.text, encoding="utf-8")
        elif note == "shown":
            assert plain(file.read_text(encoding="utf-8")) == plain(fence.text)
        elif note == "after":
            text = file.read_text(encoding="utf-8")
            assert text.count(before) == 1, f"line {fence.line}: the text to be changed is not there once"
            file.write_text(text.replace(before, fence.text), encoding="utf-8")


@pytest.mark.parametrize("page", [TUTORIAL, *STARTS], ids=lambda page: page.stem)
def test_every_step(page: Path, tmp_path: Path) -> None:
    before = ""
    for fence in fences(page):
        if fence.language != "console":
            assert fence.notes, f"line {fence.line}: nothing says what is to be done with this text"
            done(tmp_path, fence, before)
            before = fence.text if "before" in fence.notes else ""
            continue
        command, _, shown = fence.text.partition("\n")
        status, output = ran(command.removeprefix("$ "), tmp_path)
        assert plain(without_elided(shown, output)) == plain(shown), f"line {fence.line}: {command}"
        assert status == int(fence.notes.get("leaves", "0")), f"line {fence.line}: {command}"


@pytest.mark.parametrize("page", STARTS, ids=lambda page: page.stem)
def test_each_entrance_begins_as_the_front_page_does(page: Path) -> None:
    (first, *_) = [fence for fence in fences(README) if "install" in fence.notes]
    (mine,) = [fence for fence in fences(page) if "install" in fence.notes]
    assert mine.text in first.text
    assert "pip install dist/sibdsl-*.whl" in mine.text
