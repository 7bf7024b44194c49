"""Who pays whom, as the clauses say: every payment and block advance, and who pays what exceeds a limit."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from sibdsl.model.nodes import Advance, BlockAdvance, Contract, Payment, Rate, Term
from sibdsl.model.novated_parties import is_one_of


@frozen
class Pays:
    """One row of a payment or of a block advance: these parties pay that one, together or one after the other."""

    clause: Payment | BlockAdvance
    term: Term | Advance
    payers: tuple[str, ...]
    payee: str


def who_pays(contract: Contract) -> Iterator[Pays]:
    """Every row under which somebody pays, payments first, in the order of the clauses."""
    for payment in contract.payments:
        for term in payment.terms:
            yield Pays(payment, term, term.payers.names, term.payee)
    for block in contract.advances:
        for advance in block.advances:
            yield Pays(block, advance, (advance.payer,), advance.payee)


def pairs(contract: Contract) -> tuple[tuple[str, str], ...]:
    """Each payer with each payee, in the order of the clauses, without those who pay what exceeds a limit."""
    return tuple(dict.fromkeys((name, row.payee) for row in who_pays(contract) for name in row.payers))


def payers_of(contract: Contract) -> dict[str, list[str]]:
    """Payee -> its payers: of payments, of what exceeds a limit, of block advances."""
    found: dict[str, list[str]] = {}
    rows = list(who_pays(contract))

    def add(payee: str, name: str) -> None:
        payers = found.setdefault(payee, [])
        if name not in payers:
            payers.append(name)

    for row in rows:
        for name in row.payers if isinstance(row.clause, Payment) else ():
            add(row.payee, name)
    limits = [(payment.excess, payment.limits) for payment in contract.payments]
    limits += [(cap.excess, cap.rows) for cap in contract.caps]
    for excess, cap_rows in limits:
        for payee, payers in found.items() if excess.payers else ():
            covers = [cap_row.covers for cap_row in cap_rows]
            if any(
                payee in (chosen.payees or (payee,)) and set(chosen.payers) & set(payers) for chosen in covers
            ):
                for name in excess.payers:
                    add(payee, name)
    for row in rows:
        if isinstance(row.clause, BlockAdvance):
            add(row.payee, row.payers[0])
    return found


def rates_met(contract: Contract, advance: Advance) -> list[Rate]:
    """The rates whose fees a block advance meets: of the payments that it stands against, between its two parties."""
    return [
        rate
        for payment in contract.payments
        if payment.name in advance.against
        for rate in payment.rates
        if is_one_of(contract, advance.payee, (rate.payee,))
        and is_one_of(contract, advance.payer, rate.payers.names)
    ]
