"""The cases of `tests/cases/words` and `tests/cases/slips`: broken texts, with what is underlined and said of each.

The form is told in tests/cases/documents.py. What is underlined is written by hand and never rewritten; run the tests with
SIB_MISTAKES=write to write the words again after a change, and read what changed.
"""

from __future__ import annotations

import re

from attrs import frozen

from sibdsl.diagnostics import Diagnostic
from sibdsl.syntax.advice.examples import EXAMPLES
from sibdsl.syntax.vocabulary import Kind, vocabulary
from tests.cases import documents
from tests.cases.documents import Told

FRAMES = {
    "a whole file": "{}",
    "a contract": "contract Tower Hamlets\n{}end contract\n",
    "a payment": "payment Fee [5.1]\n  payer  CCG\n  payee  Provider\n{}end payment\n",
    "a metric": "metric Job [2]\n  kind    outcome\n  counts  rows of Jobs\n{}end metric\n",
    "a table of metrics": "metrics Jobs [2]\n  kind    outcome\n  counts  rows of Jobs\n{}end metrics\n",
    "routes": "routes Result [2]\n{}  | route | metrics |\n  | Work | Job Entry |\nend routes\n",
    "bands": "bands Hours [2]\n  by  Hours Per Week\n{}end bands\n",
    "a cap": "cap Ceiling [6.4]\n{}end cap\n",
    "a rule": "rule Fair [3]\n{}end rule\n",
    "an example": "example First Quarter\n{}end example\n",
}
CLAUSES = {
    "a contract": "contract Tower Hamlets",
    "a payment": "[5.1], payment Fee",
    "a metric": "[2], metric Job",
    "a table of metrics": "[2], metrics Jobs",
    "routes": "[2], routes Result",
    "bands": "[2], bands Hours",
    "a cap": "[6.4], cap Ceiling",
    "a rule": "[3], rule Fair",
    "an example": "example First Quarter",
}


@frozen
class Case:
    """One broken text of `tests/cases/words`, and where in its frame the words are that must be underlined."""

    document: documents.Case

    def __str__(self) -> str:
        return str(self.document)

    @property
    def frame(self) -> str:
        """What the text stands in."""
        return self.document.place

    @property
    def text(self) -> str:
        """The text as it is given to the reader, in its frame."""
        return FRAMES[self.frame].format(self.document.text)

    @property
    def spans(self) -> list[tuple[int, int]]:
        """The underlined stretches, by offset in `text`."""
        above = FRAMES[self.frame].index("{}")
        return [(above + start, above + end) for start, end in self.document.underlined]

    def as_said(self, found: list[Diagnostic]) -> documents.Case:
        """The document's case with what was found."""
        return self.document.telling(
            tuple(
                Told(finding.severity, finding.code, finding.message, finding.mark, finding.help)
                for finding in found
            )
        )


def cases() -> list[Case]:
    """Every broken text."""
    return [Case(case) for case in documents.cases("words")]


@frozen
class Slip:
    """One line of a sound contract and the same line with a slip, with the stretches of it that must be underlined."""

    document: documents.Case

    def __str__(self) -> str:
        return self.document.title.replace("[", "(").replace("]", ")")

    @property
    def line(self) -> str:
        """The line as it is in the contract."""
        assert self.document.before is not None
        return self.document.before

    def applied(self, contract: str) -> str:
        """The contract with the slip in the first line that reads so."""
        assert f"\n{self.line}\n" in contract, f"the contract has no line {self.line!r}"
        return contract.replace(f"\n{self.line}\n", f"\n{self.document.text}\n", 1)

    def spans(self, slipped: str) -> list[tuple[int, int]]:
        """Where the underlined words are in a contract that has the slip."""
        start = slipped.index(f"\n{self.document.text}\n") + 1
        return [(start + first, start + last) for first, last in self.document.underlined]


SLIPS = documents.FOLDER / "slips" / "tower_hamlets.md"


def unnumbered(message: str) -> str:
    """A message without the numbers of lines, which change with the contract."""
    return re.sub(r"\bline \d+", "line N", message)


def slips() -> list[Slip]:
    """Every slip in the Tower Hamlets contract."""
    return [Slip(case) for case in documents.read(SLIPS)[1]]


def write_slips(told: list[tuple[Slip, Diagnostic]]) -> None:
    """Write the document again with what was found."""
    head, _ = documents.read(SLIPS)
    documents.write(
        SLIPS,
        head,
        [
            slip.document.telling((Told(finding.severity, finding.code, unnumbered(finding.message)),))
            for slip, finding in told
        ],
    )


# ------------------------------------------------------------------ every line of every kind of block

TABLE = '| metric | quantity | note |\n| Job Entry | 1 | none |\n| Engagement | 1,200 | "as planned" |\n'


def whole(kind: Kind) -> str:
    """A block with every line that its kind takes."""
    said = [EXAMPLES[rule] for rule in kind.lines if rule not in ("given", "expect")]
    if kind.rule == "example":
        said += [EXAMPLES["given"], EXAMPLES["expect"]]
    table = TABLE if kind.table else ""
    name = 'Some Name [1.2] "in their words"' if kind.named else "[1.2]"
    return "\n".join([f"{kind.said} {name}", *said, table + f"end {kind.said}\n"])


KINDS = {kind.said: whole(kind) for kind in vocabulary().kinds.values()}
EVERY_KIND = "\n".join(KINDS.values())
