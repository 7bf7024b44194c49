"""How clauses and places in the text are cited."""

from __future__ import annotations

from pathlib import PurePath

from sibdsl.source import Span


def clause_title(kind: str, name: str, clause: str) -> str:
    """How a finding cites a clause: `6, payment Fund Tariff`."""
    title = f"{kind} {name}"
    return f"{clause}, {title}" if clause else title


def place(span: Span) -> str:
    """A place as screens cite it: `tower_hamlets.sib:96`, with its folder for files that come with the program."""
    if not span.file:
        return ""
    file = span.file if span.file.startswith("stdlib/") else PurePath(span.file).name
    return f"{file}:{span.line}"


def clause(label: str) -> str:
    """How a clause's label stands in a sentence: `clause 6`, `Schedule 2`; '' for none."""
    return f"clause {label}" if label[:1].isdigit() else label


def cite(label: str, span: Span) -> str:
    """Clause and place, as far as there are any: `clause 6, tower_hamlets.sib:96`."""
    return ", ".join(said for said in (clause(label), place(span)) if said)
