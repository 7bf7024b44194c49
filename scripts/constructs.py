"""What is generated from the pages of the language: its index, the constructs, the second readings, and what `sib explain` looks up.

Each page of docs/language/ says of itself, in lines above its heading, in which group it stands, what it is in a sentence,
what else lawyers call it, what is asked of it, which constructs of the grammar it tells of and who needs them, which nodes of
the model hold them, and which files carry them out besides those that name the page as their source. Its messages are those that it speaks of, and any
that it lists. Run as `python scripts/constructs.py --write` after a change; `--check` tells whether it is due.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from mkdocs.utils.meta import get_data

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
LANGUAGE = DOCS / "language"
READINGS = "Second readings"

_WANTED = {"group", "order", "summary"}
_MAY = {"also", "asked", "constructs", "nodes", "code", "diagnostics"}
_CITED = re.compile(r"language reference, ((?:'[^']+'(?:, | and )?)+)")


@dataclass(frozen=True)
class Construct:
    """One construct: what it is, which real contracts need it, and its names in the grammar."""

    construct: str
    needed: str
    grammar: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """One page of the language, and what it says of itself."""

    name: str
    title: str
    body: str
    group: str
    order: int
    summary: str
    also: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    constructs: tuple[Construct, ...] = ()
    nodes: tuple[str, ...] = ()
    code: tuple[str, ...] = ()
    diagnostics: tuple[str, ...] = ()

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings under the title, without those inside fenced text."""
        plain = re.sub(r"^(`{3,}|~{3,})[a-z]*$.*?^\1$", "", self.body, flags=re.MULTILINE | re.DOTALL)
        return tuple(re.findall(r"^##+ (.+)$", plain, re.MULTILINE))

    @property
    def readings(self) -> tuple[str, ...]:
        """The rows of the page's table of second readings, as they stand there."""
        _, _, text = self.body.partition(f"\n## {READINGS}\n")
        return tuple(line for line in text.split("\n## ")[0].splitlines() if line.startswith("|"))[2:]


def read(path: Path) -> Page:
    """A page of the language.

    Raises:
        ValueError: the page has no title, does not say in which group it stands, or says something that nobody reads.
    """
    body, said = get_data(path.read_text(encoding="utf-8"))
    title = re.search(r"^# (.+)$", body, re.MULTILINE)
    wanting = _WANTED - said.keys()
    unread = said.keys() - _WANTED - _MAY
    if unread:
        raise ValueError(f"{path}: nobody reads {', '.join(sorted(unread))}")
    if title is None or wanting:
        raise ValueError(f"{path}: {', '.join(sorted(wanting)) or 'a title'} is wanting")
    return Page(
        name=path.stem,
        title=title[1],
        body=body,
        group=said["group"],
        order=said["order"],
        summary=said["summary"],
        also=tuple(said.get("also", ())),
        asked=tuple(said.get("asked", ())),
        constructs=tuple(
            Construct(row["construct"], row["needed"], tuple(row["grammar"]))
            for row in said.get("constructs", ())
        ),
        nodes=tuple(said.get("nodes", ())),
        code=tuple(said.get("code", ())),
        diagnostics=tuple(sorted({*re.findall(r"SIB\d{4}", body), *said.get("diagnostics", ())})),
    )


def pages() -> list[Page]:
    """The pages of the language, in their order."""
    return sorted(
        (read(path) for path in LANGUAGE.glob("*.md") if path.name != "index.md"),
        key=lambda page: (page.order, page.name),
    )


def groups() -> list[tuple[str, list[Page]]]:
    """The pages by group, groups and pages in their order."""
    return [(name, list(members)) for name, members in groupby(pages(), key=lambda page: page.group)]


def cited() -> dict[str, list[str]]:
    """Heading -> the files of the program whose docstrings and comments name it as the source of a rule."""
    found: dict[str, list[str]] = {}
    for file in sorted((ROOT / "sibdsl").rglob("*.py")):
        for names in _CITED.findall(re.sub(r"\s+", " ", file.read_text(encoding="utf-8"))):
            for name in re.findall(r"'([^']+)'", names):
                found.setdefault(name, []).append(str(file.relative_to(ROOT)))
    return found


# ------------------------------------------------------------------ what is made of them


def index() -> str:
    """The front page of the language: every construct in a sentence."""
    lines = [
        "# The language",
        "",
        "These pages say what each construct means, what happens on its worst day, and what is paid then. The worst days",
        "are late data, a limit that binds in the middle of a quarter, a payer who changes in the middle of a quarter,",
        "empty cells, ties and leap days.",
        "",
        "Every example on these pages is run as a test each time the program changes. Where two readings of a word would",
        "pay different sums, an example shows the sum. They describe version 0.1 of the language. Which real contract",
        "needs which construct is told [apart](../reference/constructs.md), and so are the",
        "[second readings](../reference/second-readings.md). `sib explain cap` shows the page of a construct in the",
        "terminal, and takes the words that lawyers use.",
    ]
    for group, members in groups():
        lines.extend(["", f"## {group}", ""])
        lines.extend(f"- [{page.title}]({page.name}.md): {page.summary}" for page in members)
    return "\n".join(lines) + "\n"


def constructs() -> str:
    """The table of constructs, who needs them, and their names in the grammar."""
    lines = [
        "# Constructs, and who needs them",
        "",
        "Every construct of the language, a real [contract](contracts.md) that needs it, the page that says what it",
        "means, and its names in the [grammar](https://lark-parser.readthedocs.io/en/stable/grammar.html),",
        "`grammar/sib.lark`. A test fails when the grammar has a name that is on no page.",
    ]
    for group, members in groups():
        rows = [
            f"| {row.construct} | {row.needed} | [{page.title}](../language/{page.name}.md) "
            f"| {', '.join(f'`{name}`' for name in row.grammar)} |"
            for page in members
            for row in page.constructs
        ]
        if rows:
            head = ["| construct | needed by | described under | in the grammar |", "|---|---|---|---|"]
            lines.extend(["", f"## {group}", "", *head, *rows])
    return "\n".join(lines) + "\n"


#: The second readings fill two pages: the groups from this one on have the second.
_SECOND_PAGE_FROM = "Payments"


def second_readings() -> str:
    """The table of second readings of what is counted, page by page."""
    first, _ = _halves()
    return _readings(
        [
            "# Second readings, and what closes them",
            "",
            "An opposing lawyer looks for the second reading of each construct. These tables list those known, what the two",
            "readings would pay or do, and what closes the door: a word that must be written, a meaning fixed on the page of",
            "the construct, or a refusal. The last column names what shows it: an example of these pages, which pays by the",
            "one reading and would fail by the other; a refusal on them, by its code; or a test of the program, by its file.",
            "",
            "What is counted is on this page; [what is paid, limited, proved and varied](second-readings-of-payments.md) is on",
            "the next.",
        ],
        first,
    )


def second_readings_of_payments() -> str:
    """The table of second readings of what is paid, page by page."""
    _, second = _halves()
    return _readings(
        [
            "# Second readings of payments, and what closes them",
            "",
            "How to read these tables is said with [those of what is counted](second-readings.md).",
        ],
        second,
    )


def _halves() -> tuple[list[tuple[str, list[Page]]], list[tuple[str, list[Page]]]]:
    """The groups of pages, parted where the second page begins."""
    every = [(group, list(members)) for group, members in groups()]
    at = next(at for at, (group, _) in enumerate(every) if group == _SECOND_PAGE_FROM)
    return every[:at], every[at:]


def _readings(lines: list[str], parts: list[tuple[str, list[Page]]]) -> str:
    for group, members in parts:
        told = [page for page in members if page.readings]
        if told:
            lines.extend(["", f"## {group}"])
        for page in told:
            lines.extend(["", f"### [{page.title}](../language/{page.name}.md)", ""])
            lines.extend(
                ["| construct | reading A | reading B | closed by | shown by |", "|---|---|---|---|---|"]
            )
            lines.extend(page.readings)
    return "\n".join(lines) + "\n"


def lookup() -> str:
    """What `sib explain` looks a word up in: each page's title, summary, other words, headings and names in the grammar."""
    listed = [
        {
            "page": page.name,
            "title": page.title,
            "group": page.group,
            "summary": page.summary,
            "also": list(page.also),
            "headings": [heading for heading in page.headings if heading != READINGS],
            "grammar": [name for row in page.constructs for name in row.grammar],
        }
        for page in pages()
    ]
    return json.dumps(listed, indent=1, ensure_ascii=False) + "\n"


GENERATED = {
    LANGUAGE / "index.md": index,
    LANGUAGE / "index.json": lookup,
    DOCS / "reference" / "constructs.md": constructs,
    DOCS / "reference" / "second-readings.md": second_readings,
    DOCS / "reference" / "second-readings-of-payments.md": second_readings_of_payments,
}


def main(arguments: list[str]) -> int:
    """Write or check what is generated: 0 when it is current, 1 when it is not, 2 when the call is wrong."""
    if arguments not in (["--check"], ["--write"]):
        sys.stderr.write("Usage: python scripts/constructs.py --check|--write\n")
        return 2
    stale = []
    for path, make in GENERATED.items():
        made = make()
        if arguments == ["--write"]:
            path.write_text(made, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != made:
            stale.append(path.relative_to(ROOT))
    for path in stale:
        sys.stderr.write(f"{path} is not current: python scripts/constructs.py --write\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
