"""Block advances: sums paid on their dates, on account of fees or not."""

from __future__ import annotations

from typing import Literal

from attrs import frozen

from sibdsl.model.nodes.amounts import Amount
from sibdsl.model.nodes.applies import Applies
from sibdsl.model.nodes.base import place
from sibdsl.model.nodes.caps import Scope
from sibdsl.model.nodes.payments import Payers
from sibdsl.source import Span


@frozen
class Advance:
    """One block advance: paid on a day, set off against what the named payments earn in the scope.

    Where several payers share the block there is one for each of them: `amount` is the whole block, of which `payer` pays its
    part of `shares`, which then stand in each of them.
    """

    payer: str
    payee: str
    paid_on: Amount
    amount: Amount
    against: tuple[str, ...]
    scope: Scope | None
    shares: Payers | None = None
    span: Span = place()


@frozen
class BlockAdvance:
    """Block advances under one clause. `basis` in money or in units.

    `pace`: whether all of it may meet fees from the first, or as many equal parts as quarters of its time have begun. `unused`:
    what becomes of what met no fees in its time: the payee keeps it, it meets later fees, or the payee owes it back.
    """

    name: str
    clause: str
    gloss: str
    advances: tuple[Advance, ...]
    basis: Amount
    agent: str = ""
    applies: Applies = Applies()
    pace: Literal["as fees fall due", "in equal quarters"] = "as fees fall due"
    unused: Literal["kept", "carried forward", "recoverable"] = "kept"
    span: Span = place()
