"""Days that a clause speaks of and that cannot serve it: outside the payment period, or in the wrong order.

Sources: language reference, 'The contract block', 'Rules', 'Variations', 'Investments'.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from sibdsl.dates import long
from sibdsl.diagnostics import Diagnostic, Label, NotGiven
from sibdsl.model.nodes import Amount, Contract, Investment, Variation
from sibdsl.model.parameters.in_force import Settings
from sibdsl.wording import clause_title


def findings(contract: Contract, settings: Settings) -> Iterator[Diagnostic]:
    """Rules, payments, variations and investments with such days (SIB0803 to SIB0806)."""
    yield from _rules(contract)
    yield from _payments(contract)
    yield from _variations(contract, settings)
    yield from repaid_too_early(contract.investments, settings)


def _rules(contract: Contract) -> Iterator[Diagnostic]:
    whole = contract.payment_period
    for rule in contract.rules:
        if rule.days is None or (rule.days.start < whole.end and whole.start < rule.days.end):
            continue
        yield Diagnostic(
            "SIB0803",
            f"The rule {rule.name} is tested for {rule.days}, and payments run from {whole}: nothing is paid then, so the rule "
            "says nothing of this contract.",
            rule.tested_at if rule.tested_at.file else rule.span,
            clause_title("rule", rule.name, rule.clause),
            f"nothing is paid from {long(rule.days.start)} to {long(rule.days.last)}",
            "Name a time of the payment period after `tested`, or `in each year`, or `at final account`.",
            severity="warning",
        )


def _payments(contract: Contract) -> Iterator[Diagnostic]:
    for payment in contract.payments:
        applies = payment.applies
        if applies.first is None or applies.last is None or applies.first <= applies.last:
            continue
        if applies.begun or applies.ended:
            continue  # a variation put it so
        yield Diagnostic(
            "SIB0804",
            f"{payment.name} starts on {long(applies.first)} and ends on {long(applies.last)}, which is before it starts: it "
            "pays for no day.",
            applies.ends_at if applies.ends_at.file else payment.span,
            clause_title("payment", payment.name, payment.clause),
            "ends before it starts",
            "Change one of the two days, in `starts` or in `ends`.",
        )


def _variations(contract: Contract, settings: Settings) -> Iterator[Diagnostic]:
    whole = contract.payment_period
    if any(
        varied.service_ends or varied.payment_ends
        for varied in contract.variations
        if not _dated(settings, varied)
    ):
        return  # one that moves the ends has not been given a day: what the ends will be is not known
    for variation in contract.variations:
        title = clause_title("variation", variation.name, variation.clause)
        effective, agreed = _day(settings, variation.effective), _day(settings, variation.agreed)
        if effective is not None and effective >= whole.end:
            yield Diagnostic(
                "SIB0805",
                f"{variation.name} takes effect on {long(effective)}, and payments end on {long(whole.last)}: it changes nothing.",
                variation.effective.span if variation.effective.span.file else variation.span,
                title,
                "after the last payment",
                "Choose a day of the payment period after `effective`; or let the variation extend the contract to a later day.",
                severity="warning",
            )
        elif effective is not None and effective < whole.start:
            yield Diagnostic(
                "SIB0805",
                f"{variation.name} takes effect on {long(effective)}, and payments begin on {long(whole.start)}: what it replaces "
                "is in force on no day.",
                variation.effective.span if variation.effective.span.file else variation.span,
                title,
                "before the first payment",
                f"If it is to hold from the first day, write `effective {long(whole.start)}`; otherwise choose a later day of the "
                "payment period.",
                severity="warning",
            )
        too_late = agreed is not None and agreed >= whole.end and (effective is None or effective < whole.end)
        # One that reprices what was stated is an adjustment after the last statement.
        if agreed is not None and too_late and variation.stated == "left as stated":
            yield Diagnostic(
                "SIB0805",
                f"{variation.name} is agreed on {long(agreed)}, and payments end on {long(whole.last)}: no statement is left in "
                "which it could change anything.",
                variation.agreed.span if variation.agreed.span.file else variation.span,
                title,
                "after the last payment",
                "Check the day after `agreed`.",
                severity="warning",
            )


def _dated(settings: Settings, variation: Variation) -> bool:
    return None not in (_day(settings, variation.effective), _day(settings, variation.agreed))


def repaid_too_early(investments: Sequence[Investment], settings: Settings) -> Iterator[Diagnostic]:
    """Investments that are repaid on a day on which not all of them has been paid out."""
    for investment in investments:
        repaid = _day(settings, investment.repaid_on)
        if repaid is None or investment.repaid_on is None:
            continue
        paid = [
            (day, row) for row in investment.drawdowns if (day := _day(settings, row.paid_on)) is not None
        ]
        late = [(day, row) for day, row in paid if day >= repaid]
        if not late:
            continue
        day, row = max(late, key=lambda each: each[0])
        yield Diagnostic(
            "SIB0806",
            f"{investment.name} is repaid on {long(repaid)}, and paid out on {long(day)}: it would come back "
            f"{'on the same day' if day == repaid else 'before it is there'}.",
            investment.repaid_on.span if investment.repaid_on.span.file else investment.span,
            clause_title("investment", investment.name, investment.clause),
            f"paid out on {long(day)}",
            f"Write a day after {long(day)} in `repaid`, or an earlier one in `paid on`.",
            (Label(row.span, f"paid out on {long(day)}"),),
        )


def _day(settings: Settings, day: Amount | None) -> date | None:
    """The day, or None where there is none or it has not been given."""
    if day is None:
        return None
    try:
        return settings.day(day)
    except (NotGiven, TypeError):
        return None
