"""Names that the text at hand has for what a line wants: its parties by role, and the columns of its records."""

from __future__ import annotations

import re

from attrs import frozen

_BLOCK = re.compile(
    r"^(?P<kind>parties|records)\b(?P<rest>[^\n]*)\n(?P<body>.*?)^end ", re.MULTILINE | re.DOTALL
)
_ROW = re.compile(r"^\s*\|(?P<cells>.*)\|\s*$", re.MULTILINE)
_NAME = r"[A-Z][\w'&-]*(?: [A-Z0-9][\w'&-]*)*"
_SPELL = re.compile(
    rf"^\s*spell\s+from\s+(?P<start>{_NAME})(?:\s+to\s+(?:the day before\s+)?(?P<end>{_NAME}))?", re.MULTILINE
)


@frozen
class AtHand:
    """Parties with their roles; the columns that hold dates, with their records, those where spells begin before others.

    `held` are all columns of records, with what each holds: column, records, kind; `spells` the records whose
    rows last, each with the columns of its first day and its end.
    """

    parties: tuple[tuple[str, str], ...]
    dates: tuple[tuple[str, str], ...]
    held: tuple[tuple[str, str, str], ...] = ()
    spells: tuple[tuple[str, str, str], ...] = ()

    def day(self, records: str) -> str:
        """The column of the records from which a time is likely to run; '' where none is seen."""
        return next((name for name, table in self.dates if table == records), "")


def at_hand(text: str) -> AtHand:
    """What the text declares, as far as it can be read; a broken text too."""
    parties: list[tuple[str, str]] = []
    dates: list[tuple[str, str]] = []
    held: list[tuple[str, str, str]] = []
    spells: list[tuple[str, str, str]] = []
    for block in _BLOCK.finditer(text):
        rows = [[cell.strip() for cell in row["cells"].split("|")] for row in _ROW.finditer(block["body"])]
        name, says = ("party", "role") if block["kind"] == "parties" else ("column", "holds")
        if not rows or name not in rows[0] or says not in rows[0]:
            continue
        at, of = rows[0].index(name), rows[0].index(says)
        pairs = [(row[at], row[of]) for row in rows[1:] if len(row) == len(rows[0]) and row[at]]
        if block["kind"] == "parties":
            parties += pairs
            continue
        records = block["rest"].partition("[")[0].strip()
        dates += [(spell["start"], records) for spell in _SPELL.finditer(block["body"])]
        spells += [(records, spell["start"], spell["end"] or "") for spell in _SPELL.finditer(block["body"])]
        dates += [(column, records) for column, kind in pairs if kind == "date"]
        held += [(column, records, kind) for column, kind in pairs]
    return AtHand(tuple(parties), tuple(dates), tuple(held), tuple(spells))
