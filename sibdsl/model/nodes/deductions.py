"""What is taken off payments."""

from __future__ import annotations

from attrs import frozen

from sibdsl.model.nodes.amounts import Amount, Selection
from sibdsl.model.nodes.applies import Applies
from sibdsl.model.nodes.base import place
from sibdsl.model.nodes.payments import PaidWhen
from sibdsl.source import Span


@frozen
class Deduction:
    """A percentage of what is due under the payments covered, or a sum of money for each statement period, taken off them.

    Several are taken one after another in the order of the text, each of what those before it left; `limits_first` says that
    limits and block advances come before it. It is taken where every one of the `conditions` is met.
    """

    name: str
    clause: str
    gloss: str
    covers: Selection
    amount: Amount
    leaves_out: tuple[Selection, ...] = ()
    conditions: tuple[PaidWhen, ...] = ()
    limits_first: bool = False
    applies: Applies = Applies()
    span: Span = place()

    @property
    def selections(self) -> tuple[Selection, ...]:
        """Every selection of payments that it speaks of."""
        return (self.covers, *self.leaves_out)
