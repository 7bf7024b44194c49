"""How often payments are stated, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from sibdsl.dates import Calendar, long
from sibdsl.english import listed
from sibdsl.model.business_days import business_days
from sibdsl.model.nodes import BusinessDaysSaid, Contract
from sibdsl.wording.in_sentences.sentence import Sentence
from sibdsl.wording.rounding import to_the_grain

_EACH: dict[Calendar, str] = {"monthly": "each month", "quarterly": "each quarter", "yearly": "each year"}


_WHERE = "Where a payee owes a payer more than it is owed in a statement,"
_NET_NEGATIVE = {
    ("invoiced", "invoiced"): f"{_WHERE} the difference is invoiced to the payee.",
    ("forgiven", "forgiven"): f"{_WHERE} the difference is paid by nobody.",
    (
        "set off",
        "invoiced",
    ): f"{_WHERE} the difference is taken off what that payer owes that payee in later statements; what is "
    "left after the last one is invoiced to the payee.",
    (
        "set off",
        "forgiven",
    ): f"{_WHERE} the difference is taken off what that payer owes that payee in later statements; what is "
    "left after the last one is paid by nobody.",
}


def statement_sentences(contract: Contract) -> Iterator[Sentence]:
    """What the heading says of statements."""
    yield Sentence("contract", contract.name, "", " ".join(_said(contract)), contract.span)


def _said(contract: Contract) -> Iterator[str]:
    if contract.statements_on:
        days = listed([long(day) for day in contract.statements_on])
        yield f"Payments are stated for the days up to {days}."
    elif contract.calendar == "once at the end":
        yield f"Payments are stated once, for {contract.payment_period}."
    else:
        yield f"Payments are stated for {_EACH[contract.calendar]}, from {contract.payment_period}."
    if not contract.stated_as_known:
        yield "A result belongs to the statement of the days in which it is dated, whenever it was reported."
    else:
        yield (
            "A result belongs to the statement of the days in which it is dated. A statement is made of what is known on its last day, and stands. What becomes known, changes or is withdrawn later "
            "is an adjustment in the next statement: by how much the period that was stated comes to more or less."
        )
    yield _rounding(contract)
    if contract.due is not None:
        yield f"What is stated falls due {contract.due.said}, unless it falls due on a day of its own."
    if contract.prepared is not None:
        said = contract.prepared
        yield f"{said.party} prepares each statement within {said.within} of the last day of its period."
    if contract.accepted_by is not None:
        by = contract.accepted_by
        yield f"{by.party} accepts it within {by.within}; if {by.party} says nothing in that time, it is deemed {by.silence}."
    if contract.net_negative is not None:
        yield f"{_NET_NEGATIVE[contract.net_negative.way, contract.net_negative.last]}"
    if contract.accounts_close is not None:
        closing = contract.accounts_close
        yield (
            f"The account of a statement closes {closing.after} after each {closing.each}: what becomes known, or is agreed, "
            "after that day changes nothing in it."
        )
        yield (
            "A result that a later record moves out of a closed account is paid there and where it lies then; one that is moved "
            "into a closed account is paid by nobody."
            if closing.moves
            else "Where a later record moves a result out of a closed account, or into one, nothing is paid until that is settled."
        )
    if contract.business_days is not None:
        yield from _business_days(contract, contract.business_days)


def _rounding(contract: Contract) -> str:
    way, grain = contract.rounding.way, to_the_grain(contract)
    if contract.rounding.each == "line":
        return f"Each line is rounded by itself, {way}, {grain}, unless its payment says otherwise."
    return f"What all lines of a statement from a payer to a payee come to is rounded once, {way}, {grain}, and no line before."


def _business_days(contract: Contract, said: BusinessDaysSaid) -> Iterator[str]:
    if not said.tables:
        yield "Every weekday is a business day, whatever holidays there are."
        return
    yield (
        f"Business days are weekdays that do not stand in {listed(said.tables)}. The day from which they are counted is not "
        "counted, and a holiday that is in no table is a business day."
    )
    counted = business_days(contract)
    if counted is not None:
        yield f"Holidays are known of {counted.known}; of no day beyond is anything taken for granted."
