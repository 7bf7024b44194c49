"""Names that the text at hand has for what a line wants: its parties by role, and the columns of its records."""

from __future__ import annotations

import re

from attrs import frozen

_BLOCK = re.compile(
    r"^(?P<kind>parties|records)\b(?P<rest>[^\n]*)\n(?P<body>.*?)^end ", re.MULTILINE | re.DOTALL
)
_ROW = re.compile(r"^\s*\|(?P<cells>.*)\|\s*$", re.MULTILINE)
_SPELL = re.compile(r"^\s*spell\s+from\s+(?P<start>[A-Z][\w'&-]*(?: [A-Z0-9][\w'&-]*)*)", re.MULTILINE)


@frozen
class AtHand:
    """Parties with their roles; the columns that hold dates, with their records, those where spells begin before others."""

    parties: tuple[tuple[str, str], ...]
    dates: tuple[tuple[str, str], ...]

    def day(self, records: str) -> str:
        """The column of the records from which a time is likely to run; '' where none is seen."""
        return next((name for name, table in self.dates if table == records), "")


def at_hand(text: str) -> AtHand:
    """What the text declares, as far as it can be read; a broken text too."""
    parties: list[tuple[str, str]] = []
    dates: list[tuple[str, str]] = []
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
        dates += [(column, records) for column, held in pairs if held == "date"]
    return AtHand(tuple(parties), tuple(dates))
