"""Several contracts that share limits."""

from __future__ import annotations

from attrs import frozen

from sibdsl.model.nodes.amounts import Amount, Selection
from sibdsl.model.nodes.base import place
from sibdsl.model.nodes.investing import Investment
from sibdsl.model.nodes.paying import Scope
from sibdsl.model.nodes.whole import Assumption, Contract, Particular, Party, Rounding
from sibdsl.source import Span


@frozen
class SharedRow:
    """One limit over several contracts: the payments that it covers, less those left out, come to at most `amount`."""

    across: tuple[str, ...]
    covers: Selection
    leaves_out: tuple[Selection, ...]
    amount: Amount
    scope: Scope
    span: Span = place()


@frozen
class SharedCap:
    """Limits under one clause of a programme. What exceeds them is lost, pro rata to what falls due together."""

    name: str
    clause: str
    gloss: str
    rows: tuple[SharedRow, ...]
    span: Span = place()


@frozen
class Programme:
    """Contracts that are paid together under shared caps. `members` are in the order of their names."""

    name: str
    reference: str
    gloss: str
    currency: str
    years_begin: tuple[int, int]
    rounding: Rounding
    parties: tuple[Party, ...]
    particulars: tuple[Particular, ...]
    assumptions: tuple[Assumption, ...]
    members: tuple[Contract, ...]
    caps: tuple[SharedCap, ...]
    investments: tuple[Investment, ...] = ()
    span: Span = place()
