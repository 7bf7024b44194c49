"""Rates, sums, factors, shares, limits and blocks that come to less than nought with the values written and given.

They are refused before anything is counted, in the words in which pricing refuses them. Source: language reference,
'Amounts below nought'.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from sibdsl.check.blocks import number
from sibdsl.check.shares_of_payers import shares_of
from sibdsl.diagnostics import Diagnostic, Unpriceable
from sibdsl.model.bounds import ForEachPerson, InAll, Pot, ReturnOn, ShareOfPayments, bound
from sibdsl.model.nodes import (
    AllUnits,
    Amount,
    CapRow,
    Contract,
    Formula,
    Rate,
    Regular,
    Term,
    Tiered,
    ToDate,
)
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.workings import metrics_in
from sibdsl.price.builder import not_below_nought
from sibdsl.source import Span
from sibdsl.wording import clause_title

#: What an amount is, the amount, its place, and the clause in which it stands.
Never = tuple[str, Amount, Span, str]


def findings(contract: Contract, settings: Settings) -> Iterator[Diagnostic]:
    """A finding for each amount of a clause that must not be below nought and is, with these values."""
    for what, amount, span, clause in _never(contract):
        worth = number(settings, amount)
        if worth is None or worth >= 0:
            continue
        try:
            not_below_nought(worth, what, span)
        except Unpriceable as error:
            yield _refused(str(error), span, clause)
    for shares, _, clause in shares_of(contract):
        for part in shares:
            worth = None if part.part is None else number(settings, part.part)
            if worth is not None and worth < 0:
                yield _refused(f"The share of {part.payer} is below nought.", part.span, clause)


def _refused(said: str, span: Span, clause: str) -> Diagnostic:
    return Diagnostic(
        "SIB0706", said, span, clause, "below nought", "Change the clause, or what is set for it."
    )


def _never(contract: Contract) -> Iterator[Never]:
    for payment in contract.payments:
        clause = clause_title("payment", payment.name, payment.clause)
        for term in payment.terms:
            yield from ((*each, clause) for each in _of_term(contract, term))
        yield from _of_rows(payment.limits, clause)
    for cap in contract.caps:
        clause = clause_title("cap", cap.name, cap.clause)
        yield from _of_rows(cap.rows, clause)
    for block in contract.advances:
        clause = clause_title("block advance", block.name, block.clause)
        yield from (("A block advance", advance.amount, advance.span, clause) for advance in block.advances)


def _of_rows(rows: Iterable[CapRow], clause: str) -> Iterator[Never]:
    for row in rows:
        match bound(row):
            case InAll(amount=amount) | ForEachPerson(amount=amount):
                yield "A cap", amount, row.span, clause
            case Pot(amount=amount, topped_up=additions):
                yield "A cap", amount, row.span, clause
                yield from (("What is added to a cap", one.amount, one.span, clause) for one in additions)
            case ReturnOn(rate=rate):
                yield "A return", rate, row.span, clause
            case ShareOfPayments():
                pass  # a percentage, whose own bounds are checked where it is read
            case limit:
                assert_never(limit)


def _of_term(contract: Contract, term: Term) -> Iterator[tuple[str, Amount, Span]]:
    match term:
        case Rate(amount=amount):
            yield "A rate", amount, term.span
        case Tiered(tiers=tiers) | AllUnits(tiers=tiers):
            yield from (("A rate", tier.amount, tier.span) for tier in tiers)
        case Regular(amount=amount):
            yield "A regular sum", amount, term.span
        case ToDate(most=most):
            yield from [("A limit", most, term.span)] if most is not None else []
        case Formula(amount=amount, factors=factors):
            yield from (("A factor", factor.amount, factor.span) for factor in factors)
            if not metrics_in(contract, amount) and term.least is None:
                yield "A sum", amount, term.span
        case _:
            assert_never(term)
