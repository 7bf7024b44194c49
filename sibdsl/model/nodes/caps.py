"""Caps, and the limits that caps and payments state."""

from __future__ import annotations

from typing import Literal

from attrs import frozen

from sibdsl.dates import Period
from sibdsl.model.nodes.amounts import Amount, Selection
from sibdsl.model.nodes.applies import Applies
from sibdsl.model.nodes.base import place
from sibdsl.model.nodes.shares import Share
from sibdsl.source import Span


@frozen
class Scope:
    """Over what a limit or a set off runs: the contract, each year or period, one year, or named days."""

    over: Literal["contract", "each year", "each quarter", "each month", "each period", "days"]
    days: Period | None = None
    span: Span = place()


@frozen
class ShareOf:
    """The payments of which a limit is a share: as they are due `before` the limit cuts, or as it leaves them `after`."""

    payments: Selection
    side: Literal["before", "after"]
    span: Span = place()


@frozen
class TopUp:
    """What is added to a limit on a day: money, and a date."""

    amount: Amount
    day: Amount
    span: Span = place()


@frozen
class CapRow:
    """One limit: the payments it covers, less those left out, come to at most `amount` over its scope.

    `per`: 'person' where what the results of each person earn comes to at most that, each person on their own.
    With `share_of` the amount is a percentage, of those payments. With `topped_up` it is what is there from the first day, and
    more is added on the days that these name. With `return_on` the amount is a percentage a year, on the investment of that name.
    """

    covers: Selection
    amount: Amount
    scope: Scope
    per: str = ""
    leaves_out: tuple[Selection, ...] = ()
    share_of: ShareOf | None = None
    span: Span = place()
    topped_up: tuple[TopUp, ...] = ()
    return_on: str = ""

    @property
    def selections(self) -> tuple[Selection, ...]:
        """Every selection of payments that it speaks of."""
        share = () if self.share_of is None else (self.share_of.payments,)
        return (self.covers, *self.leaves_out, *share)


@frozen
class Excess:
    """What becomes of what exceeds a limit.

    It is lost; due first in the limit's next year, quarter or month; or owed by others to the same payee: by one `payer`, or
    by several in `shares`, which are percentages that come to 100% with the rest.
    """

    way: Literal["lost", "carried forward", "paid"] = "lost"
    payer: str = ""
    span: Span = place()
    shares: tuple[Share, ...] = ()

    @property
    def payers(self) -> tuple[str, ...]:
        """Who owes it, where it is paid by others, in the order written."""
        return tuple(share.payer for share in self.shares) or ((self.payer,) if self.payer else ())


@frozen
class Cap:
    """Limits under one clause.

    `sharing`: how lines that fall due together share what is left: pro rata, or the earlier clause first. `after`: the caps
    that come before it, whatever they run over.
    """

    name: str
    clause: str
    gloss: str
    rows: tuple[CapRow, ...]
    excess: Excess = Excess()
    sharing: Literal["pro rata", "by clause"] = "pro rata"
    after: tuple[str, ...] = ()
    applies: Applies = Applies()
    span: Span = place()
