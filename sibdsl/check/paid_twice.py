"""Who pays whom: one event paid twice by one payer, a party that pays itself, a payer whose time never comes."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import date, timedelta

from sibdsl.check.payments_together import PaymentsTogether
from sibdsl.check.possible_lines import Paying, paying
from sibdsl.dates import Period, long
from sibdsl.diagnostics import Diagnostic, Label
from sibdsl.english import listed
from sibdsl.model.nodes import Advance, Contract, Formula, Payment, Phase, Term, ToDate
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.periods import without_rate
from sibdsl.model.who_pays import who_pays
from sibdsl.price.graph import Line
from sibdsl.wording import clause_title


def findings(contract: Contract, settings: Settings) -> Iterator[Diagnostic]:
    """Everything to be said of payers and payees."""
    lines = paying(contract)
    yield from _twice(contract, settings, lines)
    yield from _itself(contract)
    yield from _never(contract, lines)
    yield from _without_rate(contract)


def _clause(payment: Payment) -> str:
    return clause_title("payment", payment.name, payment.clause)


# ------------------------------------------------------------------ one event, one payer, two payments


#: Of many payments for one event, each is told with so many of those before it. Pairs of all would grow beyond reading.
_MOST = 12


def _twice(contract: Contract, settings: Settings, lines: list[Paying]) -> Iterator[Diagnostic]:
    by_place: dict[tuple[object, ...], list[Paying]] = {}
    together = PaymentsTogether(contract, settings)
    for paying_line in lines:
        line = paying_line.line
        if not line.metric or isinstance(paying_line.rate, (Formula, ToDate)):
            continue  # a sum worked out from quantities is not paid for each event
        by_place.setdefault((line.segment, line.payer, line.payee, line.metric), []).append(paying_line)
    pairs: dict[tuple[int, int], tuple[Paying, Paying, Period]] = {}
    for place in by_place.values():
        before: dict[str, deque[Paying]] = {}
        for second in place:
            band = second.line.band
            for first in _near(before, band):
                if together.never_both(first.payment, second.payment) or together.alternatives(
                    first.payment, second.payment
                ):
                    continue
                key = (id(first.rate), id(second.rate))
                start = pairs[key][2].start if key in pairs else first.line.segment.days.start
                pairs[key] = (first, second, Period(start, first.line.segment.days.end))
            before.setdefault(band, deque(maxlen=_MOST)).append(second)
    groups: dict[tuple[int, str], list[tuple[Paying, Paying, Period]]] = {}
    for first, second, days in pairs.values():
        groups.setdefault((id(second.rate), first.payment.name), []).append((first, second, days))
    for group in groups.values():
        yield _pair(contract, group)


def _near(before: dict[str, deque[Paying]], band: str) -> list[Paying]:
    """The lines nearest before that are for the same events: those of the band, and those of all bands."""
    if not band:
        return [paying_line for every in before.values() for paying_line in every]
    return [*before.get("", ()), *before.get(band, ())]


def _pair(contract: Contract, group: list[tuple[Paying, Paying, Period]]) -> Diagnostic:
    first, second, days = group[0]
    if first.payment is not second.payment:
        bands = [paying_line.line.band or second.line.band for paying_line, _, _ in group]
        return _two_payments(contract, first, second, days, bands)
    if first.line.band == second.line.band:
        return Diagnostic(
            "SIB0517",
            f"Two rows of {second.payment.name} have {second.line.payer} pay {second.line.payee} for each {_what(second.line)}: "
            "each would be paid twice.",
            second.rate.span,
            _clause(second.payment),
            "the same again",
            "Take one of the two rows out.",
            (Label(first.rate.span, f"{_what(first.line)} is here already"),),
        )
    whole, part = (first, second) if not first.line.band else (second, first)
    return Diagnostic(
        "SIB0518",
        f"{whole.payment.name} pays for {whole.line.metric} in all bands and again in {part.line.band}. It does not say whether "
        f"{part.line.metric} in {part.line.band} earns both amounts or the second alone.",
        second.rate.span,
        _clause(second.payment),
        f"{part.line.band} is one of all bands",
        "Give each band a row of its own; or, if both amounts are meant, put the second into a payment of its own name.",
        (Label(first.rate.span, "and here"),),
    )


def _two_payments(
    contract: Contract, first: Paying, second: Paying, days: Period, bands: list[str]
) -> Diagnostic:
    what = f"{second.line.metric} in {listed(bands)}" if all(bands) else second.line.metric
    when = "" if days == contract.payment_period else f" for results of {days}"
    return Diagnostic(
        "SIB0516",
        f"{second.line.payer} pays {second.line.payee} for each {what} under {first.payment.name} and again under "
        f"{second.payment.name}{when}.",
        second.rate.span,
        _clause(second.payment),
        f"{first.payment.name} pays for it too",
        "Both are paid. If one of them is meant, take the other out; if both are, leave them.",
        (Label(first.rate.span, f"{first.payment.name} pays for it here"),),
        "warning",
    )


def _what(line: Line) -> str:
    return f"{line.metric} in {line.band}" if line.band else line.metric


# ------------------------------------------------------------------ payers


def _itself(contract: Contract) -> Iterator[Diagnostic]:
    for row in who_pays(contract):
        if row.payee in row.payers:
            kind = "payment" if isinstance(row.clause, Payment) else "block advance"
            yield _to_itself(row.payee, clause_title(kind, row.clause.name, row.clause.clause), row.term)


def _to_itself(party: str, clause: str, where: Term | Advance) -> Diagnostic:
    return Diagnostic(
        "SIB0528",
        f"{party} is both payer and payee here, so it would pay itself.",
        where.span if isinstance(where, Advance) else where.payers.span,
        clause,
        f"{party} pays {party}",
        "Name another party as payer or as payee.",
    )


def _without_rate(contract: Contract) -> Iterator[Diagnostic]:
    """Days on which a payment whose rates differ by day is in force, and has none."""
    for payment in contract.payments:
        found = without_rate(contract, payment)
        if found is not None:
            term, day = found
            yield Diagnostic(
                "SIB0550",
                f"{payment.name} has rates that differ by day, and none for {long(day)}.",
                term.span,
                _clause(payment),
                f"no rate from {long(day)}",
                f"Payments run {contract.payment_period}: add a column for the days that have no rate, with £0 where nothing is paid.",
            )


def _never(contract: Contract, lines: list[Paying]) -> Iterator[Diagnostic]:
    """A payer in a succession whose days hold no part of the payment period.

    A payment and the text that a variation puts in its place are one clause: whose turn comes under either pays. A turn that
    only a variation cut off is not told of: nobody wrote it so.
    """
    payers: dict[int, set[str]] = {}
    of_clause: dict[str, set[str]] = {}
    for line in lines:
        payers.setdefault(id(line.rate), set()).add(line.line.payer)
        of_clause.setdefault(line.payment.name, set()).add(line.line.payer)
    told: set[object] = set()
    for payment in contract.payments:
        days = _days(contract, payment)
        if days[0] > days[1]:
            continue  # it is in force on no day, whoever pays it: told as such
        cut = payment.applies.begun or payment.applies.ended
        for rate in payment.terms:
            dates = [phase.last for phase in rate.payers.phases if phase.last is not None]
            outside = any(day not in contract.service for day in dates)  # told of already
            begins = days[0]
            for phase in rate.payers.phases:
                last = min(phase.last or days[1], days[1])
                comes, begins = begins <= last, max(begins, last + timedelta(days=1))
                paying_now = payers.get(id(rate), set())
                if phase.payer in paying_now or outside or (payment.name, phase) in told:
                    continue
                if cut and (comes or phase.payer in of_clause.get(payment.name, set())):
                    continue
                told.add((payment.name, phase))
                yield _turn_never_comes(contract, payment, phase, days)


def _days(contract: Contract, payment: Payment) -> tuple[date, date]:
    """The first and the last day of a payment; that on which a variation ended it is not its own."""
    whole, applies = contract.payment_period, payment.applies
    last = applies.last if applies.last is not None and not applies.ended else whole.last
    return max(applies.first or whole.start, whole.start), min(last, whole.last)


def _turn_never_comes(
    contract: Contract, payment: Payment, phase: Phase, days: tuple[date, date]
) -> Diagnostic:
    whole = contract.payment_period
    runs = (
        f"payments run from {whole}"
        if days == (whole.start, whole.last)
        else f"it is paid from {long(days[0])} to {long(days[1])}"
    )
    return Diagnostic(
        "SIB0531",
        f"{phase.payer}'s turn to pay under {payment.name} never comes: {runs}, and others pay for all of it.",
        phase.span,
        _clause(payment),
        f"{phase.payer} pays for no day of the contract",
        f"Change the dates of the payers, or take {phase.payer} out.",
        severity="warning",
    )
