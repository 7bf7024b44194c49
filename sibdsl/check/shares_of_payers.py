"""Shares of payers that do not come to the whole with the values written and given. Source: language reference, 'Shared payments'."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from sibdsl import money
from sibdsl.check.blocks import number
from sibdsl.diagnostics import Diagnostic
from sibdsl.model.nodes import Contract, Share
from sibdsl.model.parameters.in_force import Settings
from sibdsl.source import Span
from sibdsl.wording import clause_title


def findings(contract: Contract, settings: Settings) -> Iterator[Diagnostic]:
    """A finding for shares by name that come to more than 100%, or to less where nobody pays the rest."""
    for shares, span, clause in shares_of(contract):
        parts = [share.part for share in shares if share.part is not None]
        worth = [number(settings, part) for part in parts if part.kind == "percentage"]
        known = [one for one in worth if one is not None]
        if len(known) < len(parts) or any(one < 0 for one in known):
            continue  # amounts of money, or not given yet; what is below nought is refused as that
        total = sum(known, Fraction(0))
        if total > 1 or (total != 1 and len(parts) == len(shares)):
            yield Diagnostic(
                "SIB0449", f"The shares add up to {money.percent(total)}, not to 100%.", span, clause,
                f"{money.percent(total)} with what is given", "Give one payer `the rest`, or other values.",
            )  # fmt: skip


def shares_of(contract: Contract) -> Iterator[tuple[tuple[Share, ...], Span, str]]:
    """The shares of every clause that several parties pay, with their place and the clause, each once."""
    found = [
        (term.payers.shares, term.payers.span, clause_title("payment", payment.name, payment.clause))
        for payment in contract.payments
        for term in payment.terms
    ]
    found += [
        (advance.shares.shares, advance.shares.span, clause_title("block advance", block.name, block.clause))
        for block in contract.advances
        for advance in block.advances
        if advance.shares is not None
    ]
    found += [
        (owner.excess.shares, owner.excess.span, clause_title(kind, owner.name, owner.clause))
        for kind, owners in (("payment", contract.payments), ("cap", contract.caps))
        for owner in owners
    ]
    yield from dict.fromkeys(each for each in found if each[0])
