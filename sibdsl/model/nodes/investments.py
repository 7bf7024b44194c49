"""Money put into a vehicle, and the terms on which it comes back."""

from __future__ import annotations

from typing import Literal

from attrs import frozen

from sibdsl.model.nodes.amounts import Amount
from sibdsl.model.nodes.base import place
from sibdsl.source import Span


@frozen
class Drawdown:
    """A sum that one investor puts in, in units of the currency; `paid_on` None is a day that the text does not give."""

    investor: str
    amount: Amount
    paid_on: Amount | None = None
    span: Span = place()


@frozen
class Interest:
    """Interest a year, as a share of what is owed; `compounds` says how often it is added to that."""

    rate: Amount
    compounds: Literal["simple", "monthly", "quarterly", "yearly"]
    span: Span = place()


@frozen
class Investment:
    """Drawdowns into one party under one clause. No repayment is worked out from them; a cap may allow a return on them.

    `rank` is the order in which investments into one party are served: one may be first, some are equal, others come
    after the one that `after` names; '' where the text does not say. It is repaid on a day, or from what is left after the
    payments, block advances and investments of `behind`.
    """

    name: str
    clause: str
    gloss: str
    into: str
    form: Literal["equity", "loan", "grant"]
    drawdowns: tuple[Drawdown, ...]
    interest: Interest | None = None
    rank: Literal["", "first", "equally", "after"] = ""
    after: str = ""
    behind: tuple[str, ...] = ()
    repaid_on: Amount | None = None
    span: Span = place()

    @property
    def investors(self) -> tuple[str, ...]:
        """Who puts money in, each once, in the order written."""
        return tuple(dict.fromkeys(drawdown.investor for drawdown in self.drawdowns))
