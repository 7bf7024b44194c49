"""Case files: texts that the translation refuses or warns about, with the words to be underlined, and texts it takes.

A case begins with a comment, `-- refused SIB0401: what is wrong`, `-- warned SIB0433: ...` or `-- accepted: ...`. Its
blocks take the place of those of the same kind and name in the small sound contract; what a finding must underline stands
between « and ». What it must say follows: `-- says:`, `-- help:` and, under the underlined words, `-- mark:`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

from sibdsl.diagnostics.frame import complete

FOLDER = Path(__file__).parents[1] / "cases" / "model"
HEADER = re.compile(r"^-- (refused|warned|accepted)(?: (SIB\d{4}))?: (.+)$", re.MULTILINE)
TOLD = re.compile(r"^-- (says|mark|help): (.*)$", re.MULTILINE)


@frozen
class Case:
    """One case of a file. `place` is what must be underlined, as offsets into the whole `text`; `told` what is said."""

    file: str
    verdict: str
    code: str
    title: str
    text: str
    place: tuple[int, int] | None
    told: dict[str, str]

    def __str__(self) -> str:
        return f"{self.file}: {self.code} {self.title}".replace("  ", " ")


def cases(path: Path) -> Iterator[Case]:
    """The cases of one file, in order."""
    text = path.read_text(encoding="utf-8")
    heads = list(HEADER.finditer(text))
    for at, head in enumerate(heads):
        end = heads[at + 1].start() if at + 1 < len(heads) else len(text)
        body = text[head.end() : end].strip("\n") + "\n"
        told = dict(TOLD.findall(body))
        marked = TOLD.sub("", body).rstrip("\n") + "\n"
        whole, place = _placed(marked)
        yield Case(path.stem, head[1], head[2] or "", head[3], whole, place, told)


def _placed(marked: str) -> tuple[str, tuple[int, int] | None]:
    """The whole contract that the case stands for, and where in it the marked words are."""
    bare = marked.replace("«", "").replace("»", "")
    whole = complete(bare)
    if "«" not in marked:
        return whole, None
    start, end = marked.index("«"), marked.index("»") - 1
    above = bare.rfind(
        "\nend ", 0, start
    )  # the block that holds the mark begins after the one before has ended
    block = bare.index("\n", above + 1) + 1 if above >= 0 else 0
    while bare[block] == "\n":
        block += 1
    below = bare.find("\nend ", start)
    shift = whole.index(bare[block : below if below >= 0 else len(bare)]) - block
    return whole, (start + shift, end + shift)


def all_cases() -> list[Case]:
    """Every case of every file."""
    return [one for path in sorted(FOLDER.glob("*.sib")) for one in cases(path)]
