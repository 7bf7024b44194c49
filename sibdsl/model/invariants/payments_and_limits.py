"""What is paid."""

from __future__ import annotations

from sibdsl.model import nodes
from sibdsl.model.invariants.amounts import amount_holds, condition_holds, in_band, selection_holds
from sibdsl.model.invariants.names import Names, known, once, true
from sibdsl.model.nodes import Scope
from sibdsl.model.types import NUMERIC, Kind


def payment_holds(names: Names, payment: nodes.Payment) -> None:
    """Every term of a payment with payers who follow one another, for metrics that there are; and its limits."""
    where = f"payment {payment.name}"
    for term in payment.terms:
        _payers_hold(names, term, where)
        days = term.days if isinstance(term, nodes.Rate | nodes.Tiered | nodes.Regular) else None
        true(days is None or days.start < days.end, f"{where} pays for no days")
        match term:
            case nodes.Rate():
                in_band(names, term.metric, term.band, where, whole=True)
                amount_holds(names, term.amount, where, "money")
            case nodes.Tiered():
                in_band(names, term.metric, term.band, where, whole=True)
                scope_holds(term.scope, where)
                true(term.tiers and term.tiers[-1].further, f"the tiers of {where} leave further units open")
                sizes = [tier.units or tier.many for tier in term.tiers[:-1]]
                true(all(sizes), f"{where} has a tier of no units")
                _rates_hold(names, term, where)
            case nodes.AllUnits():
                in_band(names, term.metric, term.band, where, whole=True)
                scope_holds(term.scope, where)
                true(term.tiers[-1].further, f"the rates of {where} leave further units open")
                _rates_hold(names, term, where)
            case nodes.Formula():
                for amount in (term.amount, term.least):
                    if amount is not None:
                        amount_holds(names, amount, where, "money")
                for factor in term.factors:
                    amount_holds(names, factor.amount, where, "percentage", "number", "count")
                true(
                    term.factors or not term.least_first, f"{where} is multiplied by nothing, after its least"
                )
            case nodes.Regular():
                amount_holds(names, term.amount, where, "money")
            case nodes.ToDate():
                for amount in (term.amount, term.least, term.most):
                    if amount is not None:
                        amount_holds(names, amount, where, "money")
    for row in payment.limits:
        limit_holds(names, row, where)
    for condition in payment.every_condition:
        condition_holds(names, condition.condition, where)
        if condition.scope is not None:
            scope_holds(condition.scope, where)
    if payment.agent:
        known(payment.agent, names.parties, where, "party")


def _payers_hold(names: Names, term: nodes.Term, where: str) -> None:
    if term.payers.shares:
        _shares_hold(names, term.payers, where)
        known(term.payee, names.parties, where, "party")
        return
    phases = term.payers.phases
    true(phases and phases[-1].last is None, f"{where} has nobody to pay in the end")
    lasts = [phase.last for phase in phases[:-1]]
    days = [last for last in lasts if last is not None]
    true(days == lasts, f"{where} has a payer who pays for ever, and another after")
    true(days == sorted(set(days)), f"the payers of {where} do not follow one another")
    for name in (*(phase.payer for phase in phases), term.payee):
        known(name, names.parties, where, "party")


def _shares_hold(names: Names, payers: nodes.Payers, where: str) -> None:
    """Several payers who share, and do not follow one another."""
    true(not payers.phases, f"{where} has payers who follow one another and payers who share")
    shares_hold(names, payers.shares, where)


def shares_hold(names: Names, shares: tuple[nodes.Share, ...], where: str) -> None:
    """Several payers, each once: percentages, or amounts and one rest."""
    true(len(shares) > 1, f"{where} is shared by one payer")
    once([share.payer for share in shares], where)
    kinds = [share.part.kind for share in shares if share.part is not None]
    rest = len(shares) - len(kinds)
    true(rest < 2 and len(set(kinds)) == 1, f"the shares of {where} do not fit one another")
    true(rest or kinds[0] == "percentage", f"{where} has nobody to pay the rest")
    for share in shares:
        known(share.payer, names.parties, where, "party")
        if share.part is not None:
            amount_holds(names, share.part, where, share.part.kind)


def _rates_hold(names: Names, term: nodes.Tiered | nodes.AllUnits, where: str) -> None:
    """Numbers of units, and rates in money."""
    for size in term.sizes:
        amount_holds(names, size, where, *NUMERIC)
    for tier in term.tiers:
        amount_holds(names, tier.amount, where, "money")


def limit_holds(names: Names, row: nodes.CapRow, where: str) -> None:
    """A limit in money, or a share of some payments in per cent, on payments that there are."""
    for chosen in row.selections:
        selection_holds(names, chosen, where)
    in_money = row.share_of is None and not row.return_on
    amount_holds(names, row.amount, where, "money" if in_money else "percentage")
    if row.return_on:
        known(row.return_on, names.investments, where, "investment")
        true(
            not row.per and row.share_of is None and not row.topped_up and row.scope.over == "contract",
            f"{where} is a return on an investment and another limit too",
        )
    for top_up in row.topped_up:
        amount_holds(names, top_up.amount, where, "money")
        amount_holds(names, top_up.day, where, "date")
        true(
            not row.per and row.share_of is None and row.scope.over == "contract",
            f"{where} is topped up and is no limit in all over the contract",
        )
    true(not (row.per and row.share_of), f"{where} is a share of payments for each {row.per}")
    scope_holds(row.scope, where)


def deduction_holds(names: Names, deduction: nodes.Deduction) -> None:
    """A percentage, or a sum of money, off payments that there are."""
    where = f"deduction {deduction.name}"
    for chosen in deduction.selections:
        selection_holds(names, chosen, where)
    kind: Kind = "money" if deduction.amount.kind == "money" else "percentage"
    amount_holds(names, deduction.amount, where, kind)
    for condition in deduction.conditions:
        condition_holds(names, condition.condition, where)
        if condition.scope is not None:
            scope_holds(condition.scope, where)


def scope_holds(scope: Scope, where: str) -> None:
    """A scope with days where it runs over days."""
    true(
        (scope.over == "days") == (scope.days is not None), f"{where} runs over {scope.over} of {scope.days}"
    )


def advances_hold(names: Names, block: nodes.BlockAdvance) -> None:
    """Block advances between parties, against payments that there are."""
    where = f"block advance {block.name}"
    amount_holds(names, block.basis, where, "set off basis")
    for advance in block.advances:
        for name in (advance.payer, advance.payee):
            known(name, names.parties, where, "party")
        for name in advance.against:
            known(name, names.payments, where, "payment")
        once(advance.against, where)
        amount_holds(names, advance.paid_on, where, "date")
        amount_holds(names, advance.amount, where, "money")
        if advance.shares is not None:
            _shares_hold(names, advance.shares, where)
            known(advance.payer, set(advance.shares.names), where, "party")
        true(bool(advance.against) == (advance.scope is not None), f"{where} is half set off")
        if advance.scope:
            scope_holds(advance.scope, where)
