"""What hangs on an act of another party: referrals, acceptance, an amount to be given; and what is paid if they do nothing.

Source: design, section 5; language reference, 'Acceptance' and 'A payment left out'.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sibdsl.diagnostics import Diagnostic, Label
from sibdsl.english import listed
from sibdsl.model.nodes import Contract, Formula, Regular, ToDate
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.workings import counted_behind, metrics_of
from sibdsl.wording import clause_title

_REFERRED = re.compile(r"\breferr(?:ed|al|als)\b", re.IGNORECASE)


def findings(contract: Contract, _settings: Settings) -> Iterator[Diagnostic]:
    """Silence that accepts nothing (SIB0892), an amount nobody need give (SIB0893), referrals without a floor (SIB0894)."""
    yield from _silence(contract)
    yield from _to_be_given(contract)
    yield from _referrals(contract)


def _silence(contract: Contract) -> Iterator[Diagnostic]:
    paid = {
        name
        for payment in contract.payments
        for term in payment.terms
        for name in counted_behind(contract, metrics_of(contract, term))
    }
    for metric in contract.metrics:
        evidence = metric.evidence
        if (
            evidence is None
            or not evidence.accepted
            or evidence.deemed is not None
            or evidence.disputed  # a dispute is for somebody to decide
            or metric.name not in paid
        ):
            continue
        yield Diagnostic(
            "SIB0892",
            f"A {metric.name} counts only once it is accepted, on a day in {evidence.accepted}, and silence accepts nothing: while "
            "nobody answers a claim, nothing is paid for it.",
            evidence.span,
            clause_title("metric", metric.name, metric.clause),
            "and if nobody answers?",
            "If a time for the answer was agreed, write it, such as `or deemed accepted after 20 days, unless rejected on ...`. If a "
            "claim is to wait for as long as it takes, leave it.",
            severity="note",
        )


def _to_be_given(contract: Contract) -> Iterator[Diagnostic]:
    given = {particular.name: particular for particular in contract.particulars}
    for payment in contract.payments:
        particular = given.get(payment.needs)
        if particular is None or payment.needs_to_be != "given" or particular.note or payment.gloss:
            continue
        payees = listed(list(dict.fromkeys(term.payee for term in payment.terms)))
        yield Diagnostic(
            "SIB0893",
            f"{payment.name} pays nothing unless {particular.name} is given, and nothing says who gives it, by when, or what {payees} is "
            "paid if nobody does.",
            payment.span,
            clause_title("payment", payment.name, payment.clause),
            f"nothing until {particular.name} is given",
            f"If the sum is agreed and only kept out of the text, say so in the note of {particular.name}. If it is still to be agreed, "
            "say in the contract what is paid until then.",
            (Label(particular.span, f"{particular.name} is here"),),
            "note",
        )


def _referrals(contract: Contract) -> Iterator[Diagnostic]:
    """A provider that is paid for results alone, of people whom others refer, with no sum that stands whatever happens."""
    for party in contract.parties:
        if "provider" not in party.roles:
            continue
        terms = [
            (payment, term)
            for payment in contract.payments
            for term in payment.terms
            if term.payee == party.name
        ]
        fixed = any(
            isinstance(term, Regular)
            or (isinstance(term, Formula | ToDate) and term.least is not None)
            or not metrics_of(contract, term)
            for _, term in terms
        )
        blocks = any(advance.payee == party.name for block in contract.advances for advance in block.advances)
        if not terms or fixed or blocks:
            continue
        names = {
            cohort
            for _, term in terms
            for name in counted_behind(contract, metrics_of(contract, term))
            for metric in contract.metrics
            if metric.name == name
            for cohort in metric.among
        }
        cohorts = [
            cohort for cohort in contract.cohorts if cohort.name in names and _REFERRED.search(cohort.gloss)
        ]
        if not cohorts:
            continue
        payments = listed(list(dict.fromkeys(payment.name for payment, _ in terms)))
        yield Diagnostic(
            "SIB0894",
            f"{party.name} is paid for results alone, under {payments}, and those are of people referred to it: {cohorts[0].name} are "
            f'"{cohorts[0].gloss}". While others refer nobody it is paid nothing: no block advance, regular sum, least amount or '
            "relief stands against that.",
            terms[0][0].span,
            clause_title("payment", terms[0][0].name, terms[0][0].clause),
            "nothing if nobody is referred",
            "If the provider bears that by agreement, leave it. If a least number of referrals, a relief or a least sum was agreed, write it.",
            (Label(cohorts[0].span, "whom others refer"),),
            "note",
        )
