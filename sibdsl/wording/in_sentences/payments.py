"""What is paid, in sentences. Days of a version that a variation begins or ends are said, since they decide what pays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import assert_never

from sibdsl.dates import Period, contract_year, long, year_name, year_start
from sibdsl.english import listed
from sibdsl.model.nodes import (
    AllUnits,
    Amount,
    Arithmetic,
    BlockAdvance,
    Contract,
    Formula,
    Interpolated,
    Payers,
    Payment,
    Rate,
    Regular,
    Stepped,
    Term,
    Tier,
    Tiered,
    ToDate,
)
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.periods import RegularPeriod, regular_dues, regular_periods, segments
from sibdsl.wording.conditions import amount, condition
from sibdsl.wording.givens import day_said
from sibdsl.wording.in_sentences.limits import own_limits
from sibdsl.wording.in_sentences.sentence import Sentence
from sibdsl.wording.limits import TAKEN_BACK
from sibdsl.wording.steps import along, is_nothing, range_said
from sibdsl.wording.tiers import tier_units
from sibdsl.wording.times import each_time

#: More days than this are told by their first and last.
_FEW = 6


def payment_sentences(contract: Contract, settings: Settings) -> Iterator[Sentence]:
    """What each payment comes to, each version of one that variations replace by itself; then the block advances."""
    for payment in contract.payments:
        said = list(_terms(contract, payment))
        said += _conditions(contract, payment)
        said += own_limits(contract, settings, payment)
        yield Sentence("payment", payment.name, payment.clause, " ".join(said), payment.span)
    for block in contract.advances:
        yield Sentence(
            "block advance", block.name, block.clause, " ".join(_block(contract, settings, block)), block.span
        )


# ------------------------------------------------------------------ what pays


def _terms(contract: Contract, payment: Payment) -> Iterator[str]:
    if payment.formula is not None and payment.other_ways:
        yield from _both_ways(contract, payment, payment.formula)
        return
    for term in payment.terms:
        yield from _term(contract, payment, term)


def _term(contract: Contract, payment: Payment, term: Term) -> Iterator[str]:
    who = _who(contract, term.payers, term.payee)
    match term:
        case Rate():
            rate = _amount(contract, term.amount)
            yield f"{who} {rate} for each {_metric(term.metric, term.band)}{_dated(contract, payment, term.days)}."
        case Tiered():
            counted = f"counted {each_time(term.scope)}"
            metric = _metric(term.metric, term.band)
            dated = _dated(contract, payment, term.days)
            yield f"{who} for {metric}{dated}, {counted}: {_tiers(contract, term.tiers)}."
        case AllUnits():
            least = "" if term.threshold is None else f", nothing below {_amount(contract, term.threshold)}"
            counted = f"counted {each_time(term.scope)}{least}, all at the rate that their number reaches"
            metric = _metric(term.metric, term.band)
            yield f"{who} for {metric}{_dated(contract, payment)}, {counted}: {_tiers(contract, term.tiers)}."
            yield f"Each statement pays what this comes to, {each_time(term.scope)} so far, beyond {_BEFORE}."
        case ToDate():
            yield f"{who} what {_amount(contract, term.amount)} comes to, to date, beyond {_BEFORE}."
            if held := _held_between(contract, term.least, term.most):
                yield f"The sum to date is {held} over the contract."
        case Formula():
            yield from _worked(contract, payment, term, who)
        case Regular():
            yield from _regular(contract, payment, term, who)
        case _:
            assert_never(term)


#: What is paid to date is never paid again. Source: language reference, 'Sums to date' and 'All-units rates and thresholds'.
_BEFORE = "the most that it came to before; what a limit or a condition cut then is not due again"


def _held_between(contract: Contract, least: Amount | None, most: Amount | None) -> str:
    """`at least £0 and at most £600`; '' without either."""
    ends = (("at least", least), ("at most", most))
    return listed([f"{word} {_amount(contract, end)}" for word, end in ends if end is not None])


def _who(contract: Contract, payers: Payers, payee: str) -> str:
    names = payers.names
    if payers.shares:
        parts = [f"{share.payer} ({_share(contract, share.part)})" for share in payers.shares]
        return f"{listed(parts)} together pay {payee}"
    if len(names) > 1:
        phases = [
            f"{phase.payer} to {long(phase.last)}" if phase.last else phase.payer for phase in payers.phases
        ]
        return f"{', then '.join(phases)}, by date of {payers.by}, pays {payee}"
    return f"{names[0]} pays {payee}"


def _share(contract: Contract, part: Amount | None) -> str:
    """A payer's part: `70%`, `£100 of each line`, `the rest`."""
    if part is None:
        return "the rest"
    said = _amount(contract, part)
    return f"{said} of each line" if part.kind == "money" else said


def _metric(name: str, band: str) -> str:
    return f"{name}, {band}" if band else name


def _amount(contract: Contract, of: Amount) -> str:
    if isinstance(of, Arithmetic) and of.op == "times" and of.left.kind == "percentage":
        return f"{_amount(contract, of.left)} of {_amount(contract, of.right)}"
    return amount(of, contract.currency)


def _tiers(contract: Contract, tiers: tuple[Tier, ...]) -> str:
    return ", ".join(
        f"{'the first' if not at else 'the next'} {tier_units(tier, contract.currency)} at {_amount(contract, tier.amount)}"
        if not tier.further
        else f"further ones at {_amount(contract, tier.amount)}"
        for at, tier in enumerate(tiers)
    )


def _dated(contract: Contract, payment: Payment, days: Period | None = None) -> str:
    """The days of the results that a version pays for, and a rate by year in it, where it does not for all."""
    of_rate = "" if days is None else f" dated in {_year_or_days(contract, days)}"
    first, last = payment.applies.first, payment.applies.last
    if days is not None:
        first = None if first is not None and first <= days.start else first
        last = None if last is not None and last >= days.last else last
    said = [f"on or after {long(first)}"] if first else []
    said += [f"on or before {long(last)}"] if last else []
    if not said:
        return of_rate
    return f"{of_rate} and {listed(said)}" if of_rate else f" dated {listed(said)}"


def _year_or_days(contract: Contract, days: Period) -> str:
    """`2012/13 (1 April 2012 to 31 March 2013)`; other days by themselves."""
    year = contract_year(year_start(days.start, contract.years_begin).year, contract.years_begin)
    return f"{year_name(year.start)} ({days})" if year == days else str(days)


# ------------------------------------------------------------------ sums worked out


def _worked(contract: Contract, payment: Payment, term: Formula, who: str) -> Iterator[str]:
    """A sum worked out over stretches of days: all that it is made of, the days of its terms, and what holds it."""
    match term.amount:
        case Stepped() | Interpolated() as scale:
            said = along(scale, contract.currency)
            yield f"{who}, {term.measured.said}, {said}."
        case _:
            yield f"{who} {_amount(contract, term.amount)}, {term.measured.said}."
    yield from _held_and_multiplied(contract, payment, term)


def _held_and_multiplied(contract: Contract, payment: Payment, term: Formula) -> Iterator[str]:
    if term.least is not None:
        least = f"It comes to at least {_amount(contract, term.least)}, {term.measured.said}"
        yield f"{least}, before it is multiplied." if term.factors and term.least_first else f"{least}."
    if term.factors:
        factors = [
            f"by {_amount(contract, factor.amount)} where it ends in {_year_or_days(contract, factor.days)}"
            for factor in term.factors
        ]
        yield f"It is multiplied {listed(factors)}."
    first, last = payment.applies.first, payment.applies.last
    days = [f"from {long(first)}"] if first else []
    days += [f"to {long(last)}"] if last else []
    if days:
        yield f"These terms are in force {' '.join(days)}."


def _both_ways(contract: Contract, payment: Payment, term: Formula) -> Iterator[str]:
    """Steps whose rows say who pays whom: each row with its own two parties, since one row holds at a time."""
    ways = [way for way in (term, *payment.other_ways) if isinstance(way.amount, Stepped)]
    tables = [way.amount.rows for way in ways if isinstance(way.amount, Stepped)]
    by = term.amount.by if isinstance(term.amount, Stepped) else term.amount
    rows: list[str] = []
    for of_row in zip(*tables, strict=True):
        paid = [
            f"{_who(contract, way.payers, way.payee)} {_amount(contract, row.amount)}"
            for way, row in zip(ways, of_row, strict=True)
            if not is_nothing(row.amount)
        ]
        rows.append(f"{range_said(of_row[0].holds, contract.currency)}, {listed(paid) or 'nothing is paid'}")
    yield (
        f"By {amount(by, contract.currency)}, {term.measured.said}, one row holds at a time, and nothing is paid under the "
        f"others: {'; '.join(rows)}."
    )
    yield from _held_and_multiplied(contract, payment, term)


# ------------------------------------------------------------------ regular sums


def _regular(contract: Contract, payment: Payment, term: Regular, who: str) -> Iterator[str]:
    """A regular sum with the days on which it falls due: that day decides which version of its clause pays it."""
    unit = "statement period" if term.each == "period" else term.each
    day = "first" if term.due == "at the start" else "last"
    where = "" if term.days is None else f" where that lies in {_year_or_days(contract, term.days)}"
    yield f"{who} {_amount(contract, term.amount)} for each {unit}, whatever is achieved, due on its {day} day{where}."
    dues = [due for segment in segments(contract) for due in regular_dues(contract, payment, term, segment)]
    if dues:
        yield f"It falls due on {_days(dues)}."
    part = "is paid in full" if term.part == "in full" else "is paid by its days"
    if any(period.days != period.whole for _, period in dues):
        yield f"A {unit} of which only a part counts {part}."
    if payment.applies.ended and payment.applies.last is not None:
        yield f"The terms end with {long(payment.applies.dues_to or payment.applies.last)}."
        if dues:
            last, period = dues[-1]
            yield (
                f"What fell due on {long(last)} is for {period.days}, and stays as it is: "
                "nothing is added to it or taken off it for the terms that follow."
            )
    if payment.applies.begun:
        yield from _begun(contract, payment, term, dues, unit)


def _begun(
    contract: Contract,
    payment: Payment,
    term: Regular,
    dues: list[tuple[date, RegularPeriod]],
    unit: str,
) -> Iterator[str]:
    """From when the terms of a variation pay: from the first day on which the sum falls due under them, and no earlier."""
    first = payment.applies.dues_from or payment.applies.first
    if first is None:
        return
    if dues:
        yield f"The terms begin on {long(first)}: the first sum under them is that of {long(dues[0][0])}."
        return
    ahead = [period.whole for period in regular_periods(contract, payment, term) if first in period.whole]
    after = f", since the next {unit} begins on {long(ahead[0].end)}" if ahead else ""
    yield (
        f"The terms begin on {long(first)}, and no day on which the sum falls due comes after that in the contract"
        f"{after if term.due == 'at the start' else ''}: nothing is paid under them."
    )


def _days(dues: list[tuple[date, RegularPeriod]]) -> str:
    days = [long(due) for due, _ in dues]
    return listed(days) if len(days) <= _FEW else f"{days[0]}, {days[1]} and so on, the last on {days[-1]}"


# ------------------------------------------------------------------ conditions, block advances


_TAKEN_BACK_LATER = {
    "never": "it stays paid, and is not paid twice",
    "from later payments": "it is taken from what the payment comes to then and later",
    "by repayment": "it comes back with the next statement",
}


def _conditions(contract: Contract, payment: Payment) -> Iterator[str]:
    for test in payment.conditions:
        over = f", {each_time(test.scope)}" if test.scope else ""
        yield f"It is paid only if {condition(test.condition, contract.currency)}{over}."
    if payment.needs:
        so = "given" if payment.needs_to_be == "given" else payment.needs_to_be
        yield f"It is paid only if {payment.needs} is {so}."
    if payment.held_until is not None:
        until = payment.held_until
        over = f", {each_time(until.scope)}" if until.scope else ""
        yield f"It is held back until {condition(until.condition, contract.currency)}{over}, and paid then."
    if payment.taken_back:
        yield f"If it comes to less than nought in a statement, {TAKEN_BACK[payment.taken_back]}."
    if contract.stated_as_known and payment.taken_back:
        yield f"If later records take back of it what was stated, {_TAKEN_BACK_LATER[payment.taken_back]}."
    if payment.interest is not None:
        yield f"What comes back so bears interest of {amount(payment.interest, contract.currency)} a year, by days, from statement to statement."
    if payment.agent:
        yield f"{payment.agent} pays it in cash; its payer owes it."


def _block(contract: Contract, settings: Settings, block: BlockAdvance) -> Iterator[str]:
    for advance in block.advances:
        day = day_said(advance.paid_on, settings)
        yield f"{advance.payer} pays {advance.payee} {_amount(contract, advance.amount)} on {day}."
        if advance.against and advance.scope is not None:
            fees = listed(advance.against)
            yield f"It meets {fees} {each_time(advance.scope)}: what it meets of them is not paid again."
    if any(advance.against for advance in block.advances):
        left = {
            "kept": "is kept by the payee, and meets nothing later",
            "carried forward": "meets later fees",
            "recoverable": "is owed back",
        }
        yield f"What meets no fees in that time {left[block.unused]}."
    if block.agent:
        yield f"{block.agent} pays it in cash; its payer owes it."
