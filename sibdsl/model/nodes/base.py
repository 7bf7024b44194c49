"""What every node has: its place in the text, and words for readers that change no meaning."""

from __future__ import annotations

from attrs import field

from sibdsl.source import NOWHERE, Span


def place() -> Span:
    """Where the text says it; takes no part in equality."""
    return field(default=NOWHERE, eq=False, repr=False, kw_only=True)


def place_of_line() -> Span:
    """Where one line of a clause stands; takes no part in equality, and is never in JSON."""
    return field(default=NOWHERE, eq=False, repr=False, kw_only=True, metadata={"outside": True})


def prose() -> str:
    """Words for readers that change no meaning: kept, but outside equality and fingerprint."""
    return field(default="", eq=False, repr=False, kw_only=True)
