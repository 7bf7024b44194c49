"""What stops a call and is no finding about a place in a text."""

from __future__ import annotations

from sibdsl.source import Span


class NotGiven(Exception):
    """A particular without a default was needed and has not been given."""

    def __init__(self, name: str, needed_by: str = "") -> None:
        self.name = name
        self.needed_by = needed_by
        super().__init__(f"{name} has not been given")


class Unpriceable(Exception):
    """The settings make a clause that cannot be priced. `span` is the clause's place."""

    def __init__(self, message: str, span: Span) -> None:
        self.span = span
        super().__init__(message)


class NotThere(Exception):
    """What was asked for by name is not there; the text says so, and what there is."""


class FormulaUnequal(Exception):
    """A formula does not come to what the contract pays: a fault of the program, never of the user's files."""
