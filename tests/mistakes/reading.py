"""The cases of `tests/cases/mistakes`: real contracts, each with one fault of a kind that people make, and what is told.

The form is told in tests/cases/documents.py. What was there occurs in the contract, or in its block, once, with any number
of spaces and line ends where it has one.
"""

from __future__ import annotations

import re
from pathlib import Path

from attrs import frozen

from tests.cases import documents
from tests.cases.documents import Told

CONTRACTS = Path(__file__).parents[2] / "contracts"


@frozen
class Mistake:
    """One fault in one contract, and what must be told of it."""

    file: str
    contract: str
    block: str
    before: str
    after: str
    told: Told

    def __str__(self) -> str:
        return f"{self.contract}, {self.before[:40]} => {self.after[:40]}"

    def applied(self) -> tuple[str, range]:
        """The contract with the fault in it, and the lines of what was put in. Raises ValueError if it does not fit."""
        text = (CONTRACTS / self.contract).read_text(encoding="utf-8")
        start, end = self._block(text)
        found = list(re.finditer(_loose(self.before), text[start:end]))
        if len(found) != 1:
            raise ValueError(f"{self}: stands there {len(found)} times")
        first, last = start + found[0].start(), start + found[0].end()
        after = self.after.replace("\n", "\n  ")
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


def _loose(words: str) -> str:
    """The words with any number of spaces or line ends where they have one."""
    return r"\s+".join(re.escape(word) for word in words.split())


def loose(words: str, text: str) -> re.Match[str] | None:
    """Where the words first stand in a text, with any number of spaces between them."""
    return re.search(_loose(words), text)


def mistakes() -> list[Mistake]:
    """All cases, document by document."""
    return [
        Mistake(case.file, case.contract, case.block, case.before or "", case.text, *case.told)
        for case in documents.cases("mistakes")
    ]
