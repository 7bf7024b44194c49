"""Whatever a cell says changes what the contract means, or is refused: no words of a table are read by nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from sibdsl.compile import compile_source
from sibdsl.diagnostics import Refused
from sibdsl.model.nodes import Contract
from sibdsl.source import Source
from sibdsl.syntax import File
from sibdsl.syntax.parser import parse_part
from tests.model.cases import all_cases
from tests.model.mutate import cells, is_row, row

CONTRACTS = Path(__file__).parents[2] / "contracts"
#: The shortest that has a heading is the one to try it in.
TEXTS = sorted(
    (
        *(path.read_text(encoding="utf-8") for path in sorted(CONTRACTS.rglob("*.sib")) if "programme" not in path.name),
        *(case.text for case in all_cases() if not case.code),
    ),
    key=len,
)  # fmt: skip
#: Words that may stand in some cells beside what they hold, and would be read by nobody in others.
TAILS = (" in each year", " per person", " over the contract", " in 2017/18", " rounded down", ", Nobody")


@cache
def _as_it_was(text: str) -> Contract | None:
    return _understood(text)


def _reads(text: str, at: int) -> bool:
    """Whether the block in which a line stands reads by itself: sooner known than whether the whole contract does."""
    lines = text.split("\n")
    begins = max(
        place for place in range(at) if lines[place][:1].strip() and not lines[place].startswith("end ")
    )
    ends = next(place for place in range(at, len(lines)) if lines[place].startswith("end "))
    block = "\n".join(lines[begins : ends + 1]) + "\n"
    return isinstance(parse_part(Source("block.sib", block), block), File)


def _understood(text: str) -> Contract | None:
    try:
        return compile_source(Source("changed.sib", text)).contract
    except Refused:
        return None


def _columns(text: str) -> Iterator[tuple[int, int, tuple[str, str]]]:
    """The line and column of the first cell under each heading, with the kind of its block and that heading."""
    kind = ""
    headings: list[str] = []
    for at, line in enumerate(text.split("\n")):
        if begins := re.match(r"([a-z]+(?: [a-z]+)*)(?= [A-Z\[]|$)", line):
            kind = begins[0]
        if not is_row(line):
            headings = []
        elif not headings:
            headings = cells(line)
        else:
            for column, heading in enumerate(headings[: len(cells(line))]):
                yield at, column, (kind, heading)


@pytest.fixture(scope="module")
def places() -> dict[tuple[str, str], tuple[str, int, int]]:
    """A cell under each heading of each kind of block, over all texts."""
    found: dict[tuple[str, str], tuple[str, int, int]] = {}
    for text in TEXTS:
        fresh = [(at, column, key) for at, column, key in _columns(text) if key not in found]
        if fresh and _as_it_was(text) is not None:
            assert all(_reads(text, at) for at, _, _ in fresh)
            found |= {key: (text, at, column) for at, column, key in reversed(fresh)}
    return found


@pytest.mark.parametrize("tail", TAILS)
def test_words_after_what_a_cell_holds(
    tail: str, places: dict[tuple[str, str], tuple[str, int, int]]
) -> None:
    silent: list[str] = []
    assert len({kind for kind, _ in places}) > 10
    for (kind, heading), (text, at, column) in places.items():
        lines = text.split("\n")
        held = cells(lines[at])
        held[column] += tail
        lines[at] = row(held)
        changed = "\n".join(lines)
        after = _understood(changed) if _reads(changed, at) else None
        if after is not None and after == _as_it_was(text):
            silent.append(f"{kind}, {heading}: {held[column]}")
    assert silent == []


@pytest.mark.parametrize(
    "cell",
    [
        "£700 per person",
        "£700 in each year",
        "£700 rounded down",
        "£350 times 2 in 2017/18",
        "nothing in each year",
    ],
)
def test_a_rate_says_nothing_of_time(cell: str) -> None:
    text = (CONTRACTS / "mhep1" / "tower_hamlets.sib").read_text(encoding="utf-8")
    rate = re.search(r"\| (£700) +\|", text)
    assert rate is not None
    with pytest.raises(Refused) as refused:
        compile_source(Source("changed.sib", text[: rate.start(1)] + cell + text[rate.end(1) :]))
    assert [finding.code for finding in refused.value.found] == ["SIB0497"]
