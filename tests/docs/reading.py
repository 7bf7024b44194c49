"""Pages of the documentation: their fenced blocks, what is noted above each for the tests, and small contracts put together.

A note is an HTML comment on the line above a fence, which readers do not see: `<!-- in: Job Support -->`.
"""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.hostile import cases

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
#: A folder is read as its pages, one after the other.
LANGUAGE = ROOT / "docs" / "language"
RECORDS = ROOT / "docs" / "reference" / "records.md"
COMMANDS = ROOT / "docs" / "reference" / "commands.md"
PROJECT = ROOT / "docs" / "reference" / "project.md"
TUTORIAL = ROOT / "docs" / "tutorial.md"

_FENCE = re.compile(r"^(`{3,}|~{3,})([a-z]*)$")
_NOTE = re.compile(r"^<!-- (.+) -->$")
_FINGERPRINT = re.compile(r"\b[0-9a-f]{4}-[0-9a-f]{4}\b")
_OPENS = re.compile(r'^([a-z]+(?: [a-z]+)*)(?: ([A-Z][^\["]*))?')


@dataclass(frozen=True)
class Fence:
    """One fenced block: the page and the line that it begins on, its language, its text, and the notes above it."""

    page: Path
    line: int
    language: str
    text: str
    notes: dict[str, str] = field(default_factory=dict)


def fences(page: Path) -> list[Fence]:
    """The fenced blocks of a page, or of the pages of a folder; what is fenced inside a block is text of that block."""
    if page.is_dir():
        return [fence for member in members(page) for fence in fences(member)]
    found: list[Fence] = []
    lines = lines_of(page)
    notes: dict[str, str] = {}
    at = 0
    while at < len(lines):
        opening = _FENCE.match(lines[at])
        noted = _NOTE.match(lines[at])
        if opening:
            end = lines.index(opening[1], at + 1)
            text = "\n".join(lines[at + 1 : end]) + "\n"
            found.append(Fence(page, at + 1, opening[2], text, notes))
            notes, at = {}, end
        elif noted:
            notes = dict(_pairs(noted[1]))
        elif lines[at].strip():
            notes = {}
        at += 1
    return found


def members(page: Path) -> list[Path]:
    """The pages of a folder, by name; a page alone is itself."""
    return sorted(page.glob("*.md")) if page.is_dir() else [page]


def lines_of(page: Path) -> list[str]:
    """The lines of a page, or of the pages of a folder one after the other."""
    return [line for member in members(page) for line in member.read_text(encoding="utf-8").splitlines()]


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for part in text.split(";"):
        key, _, value = part.partition(":")
        yield key.strip(), value.strip()


def section(page: Path, heading: str) -> str:
    """The text under a heading, up to the next heading as high or higher."""
    lines = lines_of(page)
    start = next(at for at, line in enumerate(lines) if re.fullmatch(rf"#+ {re.escape(heading)}", line))
    depth = len(lines[start]) - len(lines[start].lstrip("#"))
    higher = re.compile(rf"#{{1,{depth}}} ")
    rest = lines[start + 1 :]
    end = next((at for at, line in enumerate(rest) if higher.match(line)), len(rest))
    return "\n".join(rest[:end])


def headings(page: Path) -> list[str]:
    """The headings of a page, or of the pages of a folder, without those inside fences."""
    inside, found = "", []
    for line in lines_of(page):
        fence = _FENCE.match(line)
        if fence:
            inside = "" if fence[1] == inside else inside or fence[1]
        elif not inside and line.startswith("#"):
            found.append(line.lstrip("# "))
    return found


def table_rows(text: str) -> list[list[str]]:
    """The rows of the tables of a text, heading rows left out."""
    rows = [line for line in text.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    ruled = [at for at, row in enumerate(cells) if all(set(cell) <= {"-", ":"} for cell in row)]
    return [row for at, row in enumerate(cells) if at not in ruled and at + 1 not in ruled]


def blocks(text: str) -> dict[str, str]:
    """The blocks of a contract text by kind and name, such as `metric Job Kept`."""
    found: dict[str, str] = {}
    key, held = "", [""]
    for line in text.splitlines():
        opening = None if key else _OPENS.match(line)
        if opening:
            name = opening[2].strip() if opening[2] else ""
            key, held = f"{opening[1]} {name}".strip(), []
        if key:
            held.append(line)
        if key and line.startswith("end "):
            found[key] = "\n".join(held) + "\n"
            key = ""
    return found


def spliced(frame: str, piece: str) -> str:
    """A contract in which the blocks of `piece` take the places of their namesakes; its other blocks stand at the end.

    A piece with a `contract` of its own takes the place of the frame's. The frame's examples are left out.
    """
    mine = blocks(piece)
    whole: dict[str, str] = {}
    for key, text in blocks(frame).items():
        if key.startswith("example "):
            continue
        kind = "contract" if key.startswith("contract ") else key
        instead = next(
            (one for one in mine if one == key or (kind == "contract" and one.startswith("contract "))), ""
        )
        whole[instead or key] = mine.pop(instead) if instead else text
    return "\n".join([*whole.values(), *mine.values()])


# ------------------------------------------------------------------ commands and what they show


def ran(command: str, folder: Path) -> tuple[int, str]:
    """Exit status and output of one command, messages and all, as a screen of 100 columns shows them."""
    name, *words = shlex.split(command)
    assert name == "sib", command
    done = cases.sib(*words, cwd=folder, together=True)
    return done.returncode, done.stdout.decode("utf-8")


def plain(text: str) -> list[str]:
    """Lines without spaces at their ends, and without the digits of fingerprints."""
    return [_FINGERPRINT.sub("....-....", line.rstrip()) for line in text.rstrip().splitlines()]


def without_elided(shown: str, output: str) -> str:
    """The output with `...` where the page has it in place of some lines; the whole output where they do not agree."""
    whole = [line.rstrip() for line in output.rstrip().splitlines()]
    wanted, rest = plain(shown), list(zip(plain(output), whole, strict=True))
    kept: list[str] = []
    for at, line in enumerate(wanted):
        if line == "...":
            after = wanted[at + 1] if at + 1 < len(wanted) else None
            while rest and rest[0][0] != after:
                rest.pop(0)
            kept.append(line)
        elif rest and rest[0][0] == line:
            kept.append(rest.pop(0)[1])
        else:
            return "\n".join(whole)
    return "\n".join(whole if rest else kept)
