"""The programme on the page about explanations: its commands run, and say what the page shows."""

import shutil
from pathlib import Path

from tests.docs.reading import ROOT, fences, plain, ran, without_elided

PAGE = ROOT / "docs" / "reference" / "explain.md"


def test_the_commands_of_the_page_say_what_it_shows(tmp_path: Path) -> None:
    shown_ones = 0
    for fence in fences(PAGE):
        if "file" in fence.notes:
            (tmp_path / fence.notes["file"]).write_text(fence.text, encoding="utf-8")
            for name in ("north", "south"):
                shutil.copytree(tmp_path / name / "records", tmp_path / "records" / name)
        elif fence.language == "console":
            command, _, shown = fence.text.partition("\n")
            status, output = ran(command.removeprefix("$ "), tmp_path)
            assert plain(without_elided(shown, output)) == plain(shown), f"line {fence.line}: {command}"
            assert status == int(fence.notes.get("leaves", "0")), f"line {fence.line}: {command}"
            shown_ones += 1
    assert shown_ones == 5
