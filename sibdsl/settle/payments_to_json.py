"""What a run pays, as JSON: the forms `sibdsl.payments/1` and `sibdsl.programme-payments/1`.

Source of the forms: commands reference, 'JSON of price and pay'.
"""

from __future__ import annotations

from fractions import Fraction

from sibdsl import money
from sibdsl.dates import Period
from sibdsl.diagnostics.json_and_sarif import to_json as findings
from sibdsl.model.parameters.set_option_and_file import in_json
from sibdsl.price import PricedLine
from sibdsl.price.step_words import share_said, tier_said
from sibdsl.settle.disputed import disputed
from sibdsl.settle.due_dates import falls_due
from sibdsl.settle.net_payments import BothWays
from sibdsl.settle.net_statements import net_statements
from sibdsl.settle.payments import Payments
from sibdsl.settle.programme import ProgrammePayments
from sibdsl.settle.statement import answered

FORMAT = "sibdsl.payments/1"
PROGRAMME_FORMAT = "sibdsl.programme-payments/1"


def to_json(run: ProgrammePayments) -> dict[str, object]:
    """The run as JSON values: each contract by itself, and what each payer pays each payee in all.

    Of a contract by itself, `sibdsl.payments/1`; of several, `sibdsl.programme-payments/1`, in which each is written so.
    """
    if run.programme.alone:
        return contract_to_json(run.runs[0])
    places = money.currency(run.programme.currency).places
    return {
        "format": PROGRAMME_FORMAT,
        "programme": {"name": run.programme.name, "reference": run.programme.reference},
        "as_of": run.as_of.isoformat(),
        "settings": {name: in_json(value) for name, value in sorted(run.settings.own.values.items())},
        "contracts": [contract_to_json(payments) for payments in run.runs],
        "totals": [
            {"payer": total.payer, "payee": total.payee, "amount": money.plain(total.amount, places)}
            for total in run.totals()
        ],
        **net_json(run.both_ways, places),
        **cash_json(run.cash(), places),
    }


def contract_to_json(run: Payments) -> dict[str, object]:
    """The run as JSON values. Amounts are signed decimal strings; periods are first and last day.

    What was to be told of the records stands under `warnings`, as `diagnostics.json_and_sarif` writes findings.
    """
    places = money.currency(run.contract.currency).places
    return {
        "format": FORMAT,
        "contract": {
            "name": run.contract.name,
            "reference": run.contract.reference,
            "fingerprint": run.fingerprint,
        },
        "as_of": run.as_of.isoformat(),
        "settings": {name: in_json(value) for name, value in sorted(run.settings.values.items())},
        "quantities": [
            {
                **json_days(key.segment.days),
                "metric": key.metric,
                "band": key.band or None,
                "quantity": json_number(number),
            }
            for key, number in run.counted()
        ],
        "lines": [_line(run, line, places) for line in run.lines],
        "totals": [
            {"payer": total.payer, "payee": total.payee, "amount": money.plain(total.amount, places)}
            for total in run.totals()
        ],
        **net_json(run.both_ways, places),
        **(
            {
                "kept": [
                    {
                        "payment": kept_below_nought.payment,
                        "payer": kept_below_nought.payer,
                        "payee": kept_below_nought.payee,
                        "amount": money.plain(kept_below_nought.amount, places),
                    }
                    for kept_below_nought in run.kept
                ]
            }
            if run.kept
            else {}
        ),
        **(
            {
                "held_back": [
                    {
                        "payment": held.payment,
                        "payer": held.payer,
                        "payee": held.payee,
                        "amount": money.plain(held.amount, places),
                    }
                    for held in run.held_back
                ]
            }
            if run.held_back
            else {}
        ),
        **disputed_json(run, places),
        **statements_json(run, places),
        **cash_json(run.cash(), places),
        **({"not_applied": list(run.not_applied)} if run.not_applied else {}),
        **(
            {
                "blank": [
                    {
                        **json_days(days),
                        "metric": metric,
                        "band": band or None,
                    }
                    for metric, band, days in run.blank
                ]
            }
            if run.blank
            else {}
        ),
        "records": {
            name: {
                "rows": account.rows,
                "used": account.used,
                "outside": account.outside,
                "duplicate": account.duplicate,
                "superseded": account.superseded,
                "rejected": account.rejected,
            }
            for name, account in run.accounts.items()
        },
        **({"warnings": findings(run.warnings)} if run.warnings else {}),
    }


def net_json(every: tuple[BothWays, ...], places: int) -> dict[str, object]:
    """What the parties come to who pay each other; nothing where none do."""
    if not every:
        return {}
    return {
        "net": [
            {
                "payer": pair.payer,
                "payee": pair.payee,
                "paid": money.plain(pair.paid, places),
                "back": money.plain(pair.back, places),
                "amount": money.plain(pair.net, places),
            }
            for pair in every
        ]
    }


def disputed_json(run: Payments, places: int) -> dict[str, object]:
    """What the lines would come to besides, were what is disputed accepted; nothing where nothing is held so."""
    if run.were_accepted is None:
        return {}
    return {
        "disputed": [
            {
                **json_days(dispute.period),
                "payer": dispute.payer,
                "payee": dispute.payee,
                "clause": dispute.clause,
                "what": dispute.what,
                "amount": money.plain(dispute.amount, places),
            }
            for dispute in disputed(run)
        ]
    }


def statements_json(run: Payments, places: int) -> dict[str, object]:
    """Who prepares and accepts each statement and by when, and what of it is to be paid; nothing where the contract is silent."""
    contract = run.contract
    found: dict[str, object] = {}
    if contract.prepared is not None or contract.accepted_by is not None:
        found["answers"] = [
            {
                **json_days(period),
                "does": answer.does,
                "party": answer.party,
                "within": answer.within,
                "by": answer.by.isoformat() if answer.by else None,
                **({"silence": answer.silence} if answer.silence else {}),
            }
            for period in dict.fromkeys(segment.statement for segment in run.segments)
            for answer in answered(contract, period)
        ]
    if contract.net_negative is not None:
        amounts = ("stated", "brought", "to_pay", "invoiced", "carried", "forgiven")
        found["to_be_paid"] = [
            {
                **json_days(net_statement.period),
                "payer": net_statement.payer,
                "payee": net_statement.payee,
                **{
                    name: money.plain(amount, places)
                    for name, amount in zip(amounts, net_statement.amounts, strict=True)
                },
            }
            for net_statement in net_statements(run)
        ]
    return found


def cash_json(every: tuple[tuple[str, str, Fraction], ...], places: int) -> dict[str, object]:
    """What each paying agent pays in cash that another owes; nothing where none does."""
    if not every:
        return {}
    return {
        "cash": [
            {"paid_by": agent, "owed_by": payer, "amount": money.plain(amount, places)}
            for agent, payer, amount in every
        ]
    }


def json_days(days: Period) -> dict[str, str]:
    """A stretch of days as JSON holds it: its first day and its last."""
    return {"period_start": days.start.isoformat(), "period_end": days.last.isoformat()}


def json_number(number: Fraction) -> int | str:
    """A quantity as JSON holds it: a whole number, else exact text."""
    return number.numerator if number.denominator == 1 else money.number(number)


def _line(run: Payments, priced: PricedLine, places: int) -> dict[str, object]:
    line = priced.line
    return {
        "id": priced.id,
        "kind": line.kind,
        **json_days(line.segment.days),
        "payer": line.payer,
        "payee": line.payee,
        "clause": line.clause,
        "payment": line.payment,
        "metric": line.metric or None,
        "band": line.band or None,
        "quantity": None if priced.quantity is None else json_number(priced.quantity),
        "rate": None if line.rate is None else _rate(line.rate, places),
        "amount": money.plain(priced.amount, places),
        "currency": run.contract.currency,
        **({"due": day.isoformat()} if run.contract.due and (day := falls_due(run.contract, priced)) else {}),
        **({"tier": tier_said(line.tier)} if line.tier else {}),
        **(
            {"share": share_said(line.share, run.contract.currency), "of": money.plain(priced.whole, places)}
            if line.share
            else {}
        ),
        **({"paid_by": line.agent} if line.agent else {}),
        **({"stated_with": json_days(line.segment.statement)} if line.kind == "adjustment" else {}),
    }


def _rate(rate: Fraction, places: int) -> str:
    return money.plain(rate, places) if (rate * 10**places).denominator == 1 else money.number(rate)
