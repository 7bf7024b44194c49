"""Reads `tests/cases/mistakes/*.txt`: real contracts, each with one fault of a kind that people make, and what is told.

    rhino, payment Success Payment: payee Noteholders => payee Holders
      SIB0301 @ payee Holders
      says  Holders; not defined
      help  Noteholders

The head names the contract and, after a comma, the block that is edited; what stands before `=>` occurs there once and is
replaced. Spaces and line ends may be of any number; a line end is written `;;`, a tab `\\t`, a space that does not break
`\\xa0`. The finding stands on a line of what was put in, or on the one that holds the words after `@`. `says` and `help`
are words that the message and its way out must hold, written down from what a reader needs. A code may be preceded by
`warned`, and by a number if that many findings are right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from attrs import field, frozen

FOLDER = Path(__file__).parents[1] / "cases" / "mistakes"
CONTRACTS = Path(__file__).parents[2] / "contracts"
#: The contracts by the names that the cases use.
FILES = {
    "tower": "mhep1/tower_hamlets.sib",
    "staffordshire": "mhep1/staffordshire.sib",
    "haringey": "mhep1/haringey.sib",
    "fair": "fair_chance/fair_chance.sib",
    "homes": "regional_homes/regional_homes.sib",
    "families": "troubled_families/troubled_families.sib",
    "carolina": "south_carolina/south_carolina.sib",
    "innovation": "innovation_fund/innovation_fund.sib",
    "essex": "essex_mst/essex_mst.sib",
    "edge": "edge_of_care/edge_of_care.sib",
    **{name: f"{name}/{name}.sib" for name in ("chicago", "denver", "rhino")},
}
_HEAD = re.compile(r"^(?P<contract>\w+)(?:, (?P<block>[^:]+))?: (?P<before>.*?) =>(?: (?P<after>.*))?$")
_CODE = re.compile(r"^(?P<warned>warned)? ?(?P<number>\d+)? ?(?P<code>SIB\d{4})? ?(?:@ (?P<at>.+))?$")
_SAID = re.compile(r"^(says|help)  (.+)$")


@frozen
class Mistake:
    """One fault in one contract, and what must be told of it."""

    file: str
    contract: str
    block: str
    before: str
    after: str
    severity: str = "error"
    number: int = 1
    code: str = ""
    at: str = ""
    words: dict[str, tuple[str, ...]] = field(factory=dict, eq=False)

    def __str__(self) -> str:
        return f"{self.contract}, {self.before[:40]} => {self.after[:40]}"

    def applied(self) -> tuple[str, range]:
        """The contract with the fault in it, and the lines of what was put in. Raises ValueError if it does not fit."""
        text = (CONTRACTS / FILES[self.contract]).read_text(encoding="utf-8")
        start, end = self._block(text)
        found = list(re.finditer(_loose(self.before), text[start:end]))
        if len(found) != 1:
            raise ValueError(f"{self}: stands there {len(found)} times")
        first, last = start + found[0].start(), start + found[0].end()
        after = _written(self.after)
        line = text.count("\n", 0, first) + 1
        return text[:first] + after + text[last:], range(line, line + after.count("\n") + 1)

    def _block(self, text: str) -> tuple[int, int]:
        if not self.block:
            return 0, len(text)
        head = re.search(rf"^{re.escape(self.block)}\b", text, re.MULTILINE)
        if head is None:
            raise ValueError(f"{self}: no {self.block}")
        end = re.compile(r"^end .*$", re.MULTILINE).search(text, head.end())
        return head.start(), end.end() if end else len(text)


def _written(words: str) -> str:
    return re.sub(r"\s*;;\s*", "\n  ", words).replace("\\t", "\t").replace("\\xa0", "\u00a0")


def _loose(words: str) -> str:
    """The words with any number of spaces or line ends where they have one."""
    return r"\s+".join(re.escape(word) for word in words.replace(";;", " ").split())


def loose(words: str, text: str) -> re.Match[str] | None:
    """Where the words first stand in a text, with any number of spaces between them."""
    return re.search(_loose(words), text)


def mistakes() -> Iterator[Mistake]:
    """All cases, file by file."""
    for path in sorted(FOLDER.glob("*.txt")):
        for part in re.split(r"\n{2,}", path.read_text(encoding="utf-8").strip()):
            lines = [one for one in part.splitlines() if not one.startswith("#")]
            if lines:
                yield _one(path.stem, lines)


def _one(file: str, lines: list[str]) -> Mistake:
    head = _HEAD.match(lines[0])
    if head is None:
        raise ValueError(f"{file}: {lines[0]}")
    told: dict[str, str] = {}
    words: dict[str, tuple[str, ...]] = {}
    for line in (one.strip() for one in lines[1:]):
        said, code = _SAID.match(line), _CODE.match(line)
        if said is not None:
            words[said[1]] = tuple(one.strip() for one in said[2].split("; "))
        elif code is not None:
            told = {key: value for key, value in code.groupdict().items() if value}
        else:
            raise ValueError(f"{file}: {line}")
    return Mistake(
        file,
        head["contract"],
        head["block"] or "",
        head["before"],
        head["after"] or "",
        "warning" if "warned" in told else "error",
        int(told.get("number", "1")),
        told.get("code", ""),
        told.get("at", ""),
        words,
    )
