"""One payer's part of a line, or of what a limit cuts."""

from __future__ import annotations

from attrs import frozen

from sibdsl.model.nodes.amounts import Amount
from sibdsl.model.nodes.base import place
from sibdsl.source import Span


@frozen
class Share:
    """One payer's part of each line: a percentage or an amount of it; None is what the others leave."""

    payer: str
    part: Amount | None
    span: Span = place()
