"""Changes as pages show them: diffs in their order, each with the tests that it turns red and green."""

import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from tests.docs.reading import fences, section

_HEADING = re.compile(r"^## (\d+\. .+)$", re.MULTILINE)
_TESTS = re.compile(r"^(Red|Green) now:\n\n((?:- `.+`\n?)+)", re.MULTILINE)


@dataclass(frozen=True)
class Step:
    """One step: its heading, its diff, and the tests that fail, and that pass, once it is done."""

    heading: str
    diff: str
    red: tuple[str, ...]
    green: tuple[str, ...]


def steps(page: Path) -> list[Step]:
    """The steps of a page that have a diff."""
    diffs = {fence.line: fence.text for fence in fences(page) if fence.language == "diff"}
    lines = page.read_text(encoding="utf-8").splitlines()
    at = [number for number, line in enumerate(lines, 1) if _HEADING.match(line)]
    made: list[Step] = []
    for start, end in pairwise([*at, len(lines) + 1]):
        heading = lines[start - 1].removeprefix("## ")
        mine = [text for line, text in diffs.items() if start < line < end]
        told = {
            key.lower(): tuple(re.findall(r"`(.+)`", listed))
            for key, listed in _TESTS.findall(section(page, heading) + "\n")
        }
        made += [Step(heading, text, told.get("red", ()), told.get("green", ())) for text in mine]
    return made


def files_of(diff: str) -> list[str]:
    """The files that a diff changes or makes."""
    return re.findall(r"^\+\+\+ b/(.+)$", diff, re.MULTILINE)


def carry_out(diff: str, folder: Path) -> None:
    """Change the files of a folder as a diff says. Raises AssertionError where a piece does not stand there once."""
    for said in re.split(r"(?m)^(?=--- )", diff):
        if not said.strip():
            continue
        (name,) = files_of(said)
        file = folder / name
        text = file.read_text(encoding="utf-8") if "--- /dev/null" not in said else ""
        for piece in re.split(r"(?m)^@@\n", said)[1:]:
            lines = piece.splitlines()
            old = "".join(f"{line[1:]}\n" for line in lines if not line.startswith("+"))
            new = "".join(f"{line[1:]}\n" for line in lines if not line.startswith("-"))
            if not old:
                assert not file.exists(), f"{name} is there already"
                text = new
                continue
            assert text.count(old) == 1, f"{name} has this {text.count(old)} times:\n{old}"
            text = text.replace(old, new)
        file.write_text(text, encoding="utf-8")
