"""Reads `grammar/mistakes/*.txt`: broken texts with the expected underline marked in them, and what is said of each.

    == payment | until
      payer  SOF «until» 31 March 2018, then CBO, by date of result
    SIB0204 `until` leaves open whether 31 March 2018 itself is included.
      mark: included, or not?
      help: Write `to`, which includes its day.

The first line names the frame that the text stands in. Codes and marks «» are written by hand and never rewritten; run the
tests with SIB_MISTAKES=write to write the words again after a change, and read what changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from attrs import evolve, field, frozen

from sibdsl.diagnostics import Diagnostic
from sibdsl.resources import resource
from sibdsl.syntax.advice.examples import EXAMPLES
from sibdsl.syntax.vocabulary import Kind, vocabulary

FRAMES = {
    "whole": "{}",
    "contract": "contract Tower Hamlets\n{}end contract\n",
    "payment": "payment Fee [5.1]\n  payer  CCG\n  payee  Provider\n{}end payment\n",
    "metric": "metric Job [2]\n  kind    outcome\n  counts  rows of Jobs\n{}end metric\n",
    "routes": "routes Result [2]\n{}  | route | metrics |\n  | Work | Job Entry |\nend routes\n",
    "bands": "bands Hours [2]\n  by  Hours Per Week\n{}end bands\n",
    "cap": "cap Ceiling [6.4]\n{}end cap\n",
    "rule": "rule Fair [3]\n{}end rule\n",
    "example": "example First Quarter\n{}end example\n",
}
CLAUSES = {
    "contract": "contract Tower Hamlets",
    "payment": "[5.1], payment Fee",
    "metric": "[2], metric Job",
    "routes": "[2], routes Result",
    "bands": "[2], bands Hours",
    "cap": "[6.4], cap Ceiling",
    "rule": "[3], rule Fair",
    "example": "example First Quarter",
}


@frozen
class Said:
    """What is said of one mistake."""

    code: str
    message: str
    mark: str
    help: str

    def __str__(self) -> str:
        return f"{self.code} {self.message}\n  mark: {self.mark}\n  help: {self.help}\n"


@frozen
class Case:
    """One broken text: `marked` with its marks; what must be said, in the order of the text."""

    file: str
    frame: str
    title: str
    marked: str
    said: tuple[Said, ...] = field(repr=False)

    def __str__(self) -> str:
        return f"{self.file}: {self.title}"

    @property
    def text(self) -> str:
        """The text as it is given to the reader, in its frame."""
        return FRAMES[self.frame].format(self.marked).replace("«", "").replace("»", "")

    @property
    def spans(self) -> list[tuple[int, int]]:
        """The marked stretches, by offset in `text`."""
        return marks(FRAMES[self.frame].format(self.marked))

    def as_said(self, found: list[Diagnostic]) -> Case:
        return evolve(self, said=tuple(Said(one.code, one.message, one.mark, one.help) for one in found))

    def written(self) -> str:
        return f"== {self.frame} | {self.title}\n{self.marked}{''.join(str(one) for one in self.said)}"


def marks(text: str) -> list[tuple[int, int]]:
    """The marked stretches of a text, by offset in the text without its marks."""
    starts = [match.start() - 2 * at for at, match in enumerate(re.finditer("«", text))]
    ends = [match.start() - 2 * at - 1 for at, match in enumerate(re.finditer("»", text))]
    return list(zip(starts, ends, strict=True))


def files() -> list[Path]:
    return sorted(
        path for path in resource("grammar", "mistakes").glob("*.txt") if path.stem != "tower_hamlets"
    )


def read(path: Path) -> tuple[str, list[Case]]:
    """The file's first line and its cases."""
    head, *rest = re.split(r"^== ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return head, [_case(path.stem, part) for part in rest]


def _case(file: str, part: str) -> Case:
    first, _, body = part.partition("\n")
    frame, _, title = first.partition(" | ")
    body = body.rstrip("\n") + "\n"
    start = re.search(r"^SIB\d{4} ", body, flags=re.MULTILINE)
    marked, said = (body[: start.start()], body[start.start() :]) if start else (body, "")
    return Case(file, frame, title, marked, tuple(_said(said)))


def _said(text: str) -> Iterator[Said]:
    for match in re.finditer(r"^(SIB\d{4}) (.*)\n  mark: (.*)\n  help: (.*)$", text, flags=re.MULTILINE):
        yield Said(*match.groups())


def write(path: Path, head: str, cases: list[Case]) -> None:
    path.write_text(head + "\n".join(case.written() for case in cases), encoding="utf-8")


@frozen
class Slip:
    """One line of a sound contract and the same line with a slip, the expected underline marked."""

    line: str
    marked: str
    code: str
    message: str

    def __str__(self) -> str:
        return self.marked.strip().replace("[", "(").replace("]", ")")

    def applied(self, contract: str) -> str:
        """The contract with the slip, its marks still there, in the first line that reads so."""
        assert f"\n{self.line}\n" in contract, f"the contract has no line {self.line!r}"
        return contract.replace(f"\n{self.line}\n", f"\n{self.marked}\n", 1)


SLIPS = "tower_hamlets.txt"


def unnumbered(message: str) -> str:
    """A message without the numbers of lines, which change with the contract."""
    return re.sub(r"\bline \d+", "line N", message)


def slips() -> list[Slip]:
    text = resource("grammar", "mistakes", SLIPS).read_text(encoding="utf-8")
    found = re.findall(r"^> (.*)\n< (.*)\n(?:(SIB\d{4}) (.*)\n)?", text, flags=re.MULTILINE)
    return [Slip(*one) for one in found]


def write_slips(told: list[tuple[Slip, Diagnostic]]) -> None:
    path = resource("grammar", "mistakes", SLIPS)
    head = path.read_text(encoding="utf-8").partition("\n")[0]
    parts = [f"> {slip.line}\n< {slip.marked}\n{one.code} {unnumbered(one.message)}\n" for slip, one in told]
    path.write_text("\n".join([f"{head}\n", *parts]), encoding="utf-8")


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
