"""One sentence, or a few that belong together, of one clause."""

from __future__ import annotations

from attrs import frozen

from sibdsl.source import NOWHERE, Span


@frozen
class Sentence:
    """What is said of a clause: `kind` and `name` as the contract has them, `clause` its label, '' for none."""

    kind: str
    name: str
    clause: str
    text: str
    span: Span = NOWHERE
