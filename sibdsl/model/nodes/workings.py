"""Workings: named steps from quantities to an amount."""

from __future__ import annotations

from attrs import frozen

from sibdsl.model.nodes.amounts import Amount
from sibdsl.model.nodes.base import place
from sibdsl.source import Span


@frozen
class Worked:
    """A named step of workings: an amount made of quantities to date, particulars and earlier steps."""

    name: str
    amount: Amount
    span: Span = place()


@frozen
class Workings:
    """Steps under one clause."""

    name: str
    clause: str
    gloss: str
    steps: tuple[Worked, ...]
    span: Span = place()
