"""Several contracts that share limits."""

from __future__ import annotations

from typing import Literal

from attrs import frozen

from sibdsl.model.nodes.amounts import Amount, Selection
from sibdsl.model.nodes.base import place
from sibdsl.model.nodes.caps import Excess, Scope, TopUp
from sibdsl.model.nodes.contract import Assumption, Contract, Particular, Party
from sibdsl.model.nodes.investments import Investment
from sibdsl.model.nodes.rounding import Rounding
from sibdsl.model.nodes.rules_scenarios_examples import Rule
from sibdsl.source import Span


@frozen
class SharedRow:
    """One limit over several contracts: the payments that it covers, less those left out, come to at most `amount`.

    With `topped_up` that is what is there from the first day, and more is added on the days that these name.
    """

    across: tuple[str, ...]
    covers: Selection
    leaves_out: tuple[Selection, ...]
    amount: Amount
    scope: Scope
    span: Span = place()
    topped_up: tuple[TopUp, ...] = ()


@frozen
class SharedCap:
    """Limits under one clause of a programme.

    What exceeds them is lost, carried forward, or paid by others. `sharing`: how what falls due together shares what is left: pro rata, or the
    contract first that a row names first in `across`, and of each contract the earlier clause first.
    """

    name: str
    clause: str
    gloss: str
    rows: tuple[SharedRow, ...]
    span: Span = place()
    excess: Excess = Excess()
    sharing: Literal["pro rata", "by clause"] = "pro rata"


@frozen
class Programme:
    """Contracts that are paid together under shared caps. `members` are in the order of their names.

    `alone` says that it stands for a contract by itself, which is a programme of one.
    """

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
    #: Rules over what all the contracts pay. Those of a contract by itself are the contract's.
    rules: tuple[Rule, ...] = ()
    alone: bool = False
    span: Span = place()

    @classmethod
    def of_one(cls, contract: Contract) -> Programme:
        """A contract by itself: a programme of one, which shares nothing."""
        return cls(
            name=contract.name,
            reference=contract.reference,
            gloss="",
            currency=contract.currency,
            years_begin=contract.years_begin,
            rounding=contract.rounding,
            parties=contract.parties,
            particulars=contract.particulars,
            assumptions=contract.assumptions,
            members=(contract,),
            caps=(),
            investments=contract.investments,
            alone=True,
            span=contract.span,
        )

    def key(self, member: str) -> str:
        """How quantities and lines tell a member from the others: by its name; '' in a programme of one."""
        return "" if self.alone else member
