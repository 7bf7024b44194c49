"""Flows as data. Source of the form: commands reference, 'JSON of show --flows'."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import assert_never

from sibdsl import money
from sibdsl.check.flows import Flow, FlowItem, FlowLimit, Flows
from sibdsl.dates import Period
from sibdsl.diagnostics import NotGiven
from sibdsl.model.bounds import ForEachPerson, InAll, Pot, ReturnOn, ShareOfPayments, bound, for_each_person
from sibdsl.model.fingerprint import fingerprint
from sibdsl.model.nodes import Advance, AllUnits, Amount, Formula, Rate, Regular, Tiered, ToDate
from sibdsl.render.flows.amounts import part_in_figures, written
from sibdsl.render.flows.words import limit_words, pays, row_notes, word_of
from sibdsl.source import Span
from sibdsl.wording import each_time_named, limited, selection
from sibdsl.wording.givens import day_said


def to_json(made: Flows, shown: Sequence[Flow]) -> dict[str, object]:
    """The page as plain values."""
    contract = made.contract
    numbers = {limit.number for flow in shown for limit in flow.limits}
    return {
        "format": "sibdsl.flows/1",
        "contract": {
            "name": contract.name,
            "reference": contract.reference,
            "fingerprint": fingerprint(contract),
            "currency": contract.currency,
        },
        "service_period": _period(contract.service),
        "payment_period": _period(contract.payment_period),
        "parties": [
            {
                "name": party.name,
                "full_name": party.full_name,
                "roles": list(party.roles),
                "pays": any(flow.payer == party.name for flow in made.flows),
                "is_paid": any(flow.payee == party.name for flow in made.flows),
                "pays_in_cash": party.name in made.agents,
            }
            for party in contract.parties
        ],
        "flows": [
            {
                "number": flow.number,
                "payer": flow.payer,
                "payee": flow.payee,
                "items": [_item(made, item) for item in flow.items],
                "limits": [limit.number for limit in flow.limits],
            }
            for flow in shown
        ],
        "limits": [_limit(made, limit) for limit in made.limits if limit.number in numbers],
    }


def _item(made: Flows, item: FlowItem) -> dict[str, object]:
    term = item.term
    set_off: dict[str, object] | None = None
    if isinstance(term, Advance) and term.against and term.scope is not None:
        set_off = {
            "against": list(term.against),
            "over": each_time_named(made.contract, term.scope),
            "basis": word_of(made, item),
        }
    return {
        "kind": _kind(item),
        "payment": item.clause.name,
        "clause": item.clause.clause,
        **_where(item.span),
        "metrics": list(item.metrics),
        "band": item.band or None,
        "amounts": [
            {"says": f"{amount} {words}".strip(), **_amount(made, written_)}
            for (amount, words), written_ in zip(pays(made, item), _amounts(item), strict=True)
        ],
        "periods": [_period(days) for days in item.days],
        "due": [day.isoformat() for day in item.due],
        "by_results": item.by_results,
        "timing": item.timing,
        "paying_agent": item.agent or None,
        **({"beyond": item.beyond} if item.beyond else {}),
        "left_out_without": item.missing or None,
        "set_off": set_off,
        "met_by": list(item.met_by),
        **({"deducted": [deduction.name for deduction in item.deducted]} if item.deducted else {}),
        "notes": row_notes(made, item),
        "limits": [limit.number for limit in item.limits],
    }


def _kind(item: FlowItem) -> str:
    match item.term:
        case Rate():
            return "rate"
        case Tiered():
            return "tiers"
        case Regular():
            return "regular"
        case ToDate():
            return "to_date"
        case AllUnits():
            return "all_units"
        case Formula():
            return "formula"
        case Advance():
            return "advance"


def _amounts(item: FlowItem) -> list[Amount]:
    term = item.term
    return [tier.amount for tier in term.tiers] if isinstance(term, Tiered | AllUnits) else [term.amount]


def _limit(made: Flows, limit: FlowLimit) -> dict[str, object]:
    return {
        "number": limit.number,
        "says": limit_words(made, limit),
        "name": limit.cap.name,
        "clause": limit.cap.clause,
        **_where(limit.row.span),
        "own": limit.own,
        "covers": limited(limit.row, made.settings),
        **({"per_person": True} if for_each_person(limit.row) else {}),
        "over": each_time_named(made.contract, limit.row.scope),
        **_most(made, limit),
    }


def _most(made: Flows, limit: FlowLimit) -> dict[str, object]:
    match bound(limit.row):
        case InAll(amount=amount) | ForEachPerson(amount=amount):
            return _amount(made, amount)
        case Pot(amount=amount, topped_up=additions):
            added = [
                {**_amount(made, top_up.amount), "on": day_said(top_up.day, made.settings)}
                for top_up in additions
            ]
            return {**_amount(made, amount), "topped_up": added}
        case ReturnOn(rate=rate, investment=name):
            return {"return": part_in_figures(made.contract, made.settings, rate), "on": name}
        case ShareOfPayments(part=part, of=share):
            said = part_in_figures(made.contract, made.settings, part)
            return {"share": said, "of": selection(share.payments, made.settings), "side": share.side}
        case kind:
            assert_never(kind)


def _amount(made: Flows, amount: Amount) -> dict[str, object]:
    """What an amount comes to in this run, `null` where that is not known or hangs on quantities; and as it is written."""
    found: Fraction | None = None
    try:
        found = made.settings.number(amount)
    except (NotGiven, TypeError, ZeroDivisionError):
        found = None
    return {"amount": _exact(made, found), "written": written(made.contract, amount)}


def _exact(made: Flows, found: Fraction | None) -> str | None:
    """Decimal text with the places of the currency, or exactly where that is not enough."""
    if found is None:
        return None
    return money.in_digits(found, made.contract.currency)


def _where(span: Span) -> dict[str, object]:
    return {"file": span.file or None, "line": span.line if span.file else None}


def _period(days: Period) -> dict[str, str]:
    return {"start": days.start.isoformat(), "end": days.last.isoformat()}
