"""Reads the cases of refused and accepted texts: Markdown documents, one section a case, the same form for all of them.

    ## the sign behind

    In a payment:

    ```sib
      pays  700£
            ^^^^
    ```

    - error SIB0206: `700£` is not an amount: an amount begins with its sign, `£`.
    - mark: as an amount is written
    - help: Write `£700`.

`In ...:` says what the text stands in: `a payment`, a small frame of tests/syntax; a file of `contracts/`, and after a comma
the block of it that is changed; without it, the blocks take the place of those of the same kind and name in the small sound
contract. Under the words that the finding must underline stands a line of `^`. A text in a contract that is there is told as
what it was, after `-`, and what it is, after `+`:

    In mhep1/tower_hamlets.sib, records Jobs:

    ```diff
    - the day before Ended On
    + inclusive
    ```

    - error SIB0213
    - holds: last day
    - help holds: the day before Ended On; inclusive
    - on: spell

`error` and `warning` may have a number before them. What is told word by word follows a colon; `holds` and `help holds` give
words that it must hold, whatever else it says, and `on` words of the line that it is told of. `- accepted` is said of a text
in which nothing is found. In a `diff`, a tab is written `\\t` and a space that does not break `\\xa0`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from attrs import evolve, field, frozen

FOLDER = Path(__file__).parent
_TOLD = re.compile(
    r"^- (?P<number>\d+ )?(?P<severity>error|warning)s?(?: (?P<code>SIB\d{4})(?:: (?P<message>.*))?)?$"
)
_PART = re.compile(r"^- (?P<part>mark|help|holds|help holds|on): (?P<words>.*)$")
_UNDER = re.compile(r"^[ \t]*\^[ \t^]*$")


@frozen
class Told:
    """One finding as it is expected: word by word, or by words that it must hold."""

    severity: str
    code: str
    message: str = ""
    mark: str = ""
    help: str = ""
    holds: tuple[str, ...] = ()
    help_holds: tuple[str, ...] = ()
    on: str = ""
    number: int = 1

    def written(self) -> list[str]:
        """Its lines in a document."""
        number = f"{self.number} " if self.number > 1 else ""
        several = "s" if self.number > 1 else ""
        message = f": {self.message}" if self.message else ""
        parts = [
            ("mark", self.mark),
            ("help", self.help),
            ("holds", "; ".join(self.holds)),
            ("help holds", "; ".join(self.help_holds)),
            ("on", self.on),
        ]
        head = f"- {number}{self.severity}{several} {self.code}{message}".rstrip()
        return [head, *(f"- {part}: {words}" for part, words in parts if words)]


@frozen
class Case:
    """One section. `text` is the `sib` block, or what stands after the `+`, with the underlined words as offsets in it."""

    file: str
    title: str
    place: str
    text: str
    underlined: tuple[tuple[int, int], ...]
    #: What stood there before; None where the text is not a change.
    before: str | None
    told: tuple[Told, ...] = field(repr=False)

    def __str__(self) -> str:
        return f"{self.file}: {self.title}"

    @property
    def accepted(self) -> bool:
        return not self.told

    @property
    def contract(self) -> str:
        """The file of `contracts/` that is changed."""
        return self.place.partition(", ")[0]

    @property
    def block(self) -> str:
        """The block of it that is changed; '' for any."""
        return self.place.partition(", ")[2]

    def telling(self, told: tuple[Told, ...]) -> Case:
        """The same text with these findings."""
        return evolve(self, told=told)

    def written(self) -> str:
        """The section."""
        shown = _with_underlines(self.text, self.underlined)
        lines = [f"## {self.title}", ""]
        if self.place:
            lines += [f"In {self.place}:", ""]
        if self.before is None:
            lines += ["```sib", *shown, "```", ""]
        else:
            old = [f"- {line}" for line in _escaped(self.before).split("\n")]
            new = [
                f"{' ' if _UNDER.match(line) else '+'} {line}"
                for line in map(_escaped, shown if self.text else [])
            ]
            lines += ["```diff", *old, *new, "```", ""]
        told = [line for one in self.told for line in one.written()] or ["- accepted"]
        return "\n".join([*lines, *told]) + "\n"


def _escaped(text: str) -> str:
    return text.replace("\u00a0", "\\xa0").replace("\t", "\\t")


def _plain(text: str) -> str:
    return text.replace("\\xa0", "\u00a0").replace("\\t", "\t")


def _with_underlines(text: str, underlined: tuple[tuple[int, int], ...]) -> list[str]:
    """The lines of a text, each with the line of `^` below it that its underlined words need."""
    lines: list[str] = []
    start = 0
    for line in text.removesuffix("\n").split("\n"):
        lines.append(line)
        marks = ["\t" if char == "\t" else " " for char in line]
        for first, last in underlined:
            for at in range(max(first - start, 0), min(last - start, len(line))):
                marks[at] = "^"
        if "^" in marks:
            lines.append("".join(marks).rstrip())
        start += len(line) + 1
    return lines


def _without_underlines(lines: list[str]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """A text and its underlined stretches; those of neighbouring lines, each to its end and from its first word, are one."""
    text, found = "", list[tuple[int, int]]()
    above = 0
    for line in lines:
        if not _UNDER.match(line):
            above = len(text)
            text += f"{line}\n"
            continue
        for stretch in re.finditer(r"\^+", line):
            start, end = above + stretch.start(), above + stretch.end()
            joined = found and not text[found[-1][1] : start].strip() and "\n" in text[found[-1][1] : start]
            if joined:
                found[-1] = (found[-1][0], end)
            else:
                found.append((start, end))
    return text, tuple(found)


def read(path: Path) -> tuple[str, list[Case]]:
    """What stands above the cases of a document, and the cases in order.

    Raises:
        ValueError: a section has not the parts of a case.
    """
    head, *sections = re.split(r"^## ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return head, [_case(path.stem, section) for section in sections]


def write(path: Path, head: str, cases: list[Case]) -> None:
    """Write a document again."""
    path.write_text(
        "\n".join([head.rstrip("\n") + "\n", *(case.written() for case in cases)]), encoding="utf-8"
    )


def cases(folder: str) -> list[Case]:
    """The cases of every document of a folder."""
    return [case for path in documents(folder) for case in read(path)[1]]


def documents(folder: str) -> list[Path]:
    """The documents of a folder of cases, in order."""
    return sorted((FOLDER / folder).glob("*.md"))


def _case(file: str, section: str) -> Case:
    title, _, body = section.partition("\n")
    parts = re.fullmatch(
        r"\n(?:In (?P<place>[^\n]+):\n\n)?```(?P<kind>sib|diff)\n(?P<text>.*?)```\n\n(?P<told>(?:- [^\n]*\n)+)\n*",
        body,
        re.DOTALL,
    )
    if parts is None:
        raise ValueError(f"{file}: {title}: not the parts of a case")
    lines = parts["text"].split("\n")[:-1]
    before = None
    if parts["kind"] == "diff":
        before = _plain("\n".join(line[2:] for line in lines if line.startswith("-")))
        lines = [_plain(line[2:]) for line in lines if not line.startswith("-")]
    text, underlined = _without_underlines(lines)
    if before is not None:
        text = text.removesuffix("\n")
    told = tuple(_told(f"{file}: {title}", parts["told"].splitlines()))
    return Case(file, title, parts["place"] or "", text, underlined, before, told)


def _with_part(told: Told, part: str, words: str) -> Told:
    match part:
        case "mark":
            return evolve(told, mark=words)
        case "help":
            return evolve(told, help=words)
        case "holds":
            return evolve(told, holds=tuple(words.split("; ")))
        case "help holds":
            return evolve(told, help_holds=tuple(words.split("; ")))
        case _:
            return evolve(told, on=words)


def _told(case: str, lines: list[str]) -> Iterator[Told]:
    if lines == ["- accepted"]:
        return
    told: Told | None = None
    for line in lines:
        head, part = _TOLD.match(line), _PART.match(line)
        if head is not None:
            if told is not None:
                yield told
            told = Told(
                head["severity"], head["code"] or "", head["message"] or "", number=int(head["number"] or 1)
            )
        elif part is not None and told is not None:
            told = _with_part(told, part["part"], part["words"])
        else:
            raise ValueError(f"{case}: {line}")
    if told is None:
        raise ValueError(f"{case}: nothing is told")
    yield told
