"""One timeline for each result and payee: the days that nobody pays for, and those that two pay for where one follows the other.

A clause is in force from `starts` to `ends`, a rate on the days of its column, a payer on the days of its turn. Only days on which
a result can be dated are looked at; those are asked of the admissible quantities. Source: design, section 5, spans in which nobody
or two parties pay the same line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Literal

from attrs import frozen

from sibdsl.check.payments_together import PaymentsTogether
from sibdsl.dates import long
from sibdsl.diagnostics import Diagnostic, Label
from sibdsl.english import listed
from sibdsl.model.admissible_quantities.at_most import result_days
from sibdsl.model.nodes import AllUnits, Contract, Metric, Payment, Rate, Regular, Tiered
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.workings import metrics_of
from sibdsl.source import Span
from sibdsl.wording import clause_title

_DAY = timedelta(days=1)
#: Days of the calendar, first and last included.
Stretch = tuple[date, date]


@frozen
class PayerDays:
    """The days on which one payment pays for a result, and who pays then; `counted` where it pays for each."""

    payment: Payment
    days: Stretch
    payers: frozenset[str]
    counted: bool = True


@frozen
class _FoundOfPayments:
    """What is found of some payments, for the metrics of which it is found."""

    kind: Literal["between", "before", "after", "twice"]
    payments: tuple[str, ...]
    payee: str
    days: Stretch


def findings(contract: Contract, settings: Settings) -> Iterator[Diagnostic]:
    """Days that nobody pays for (SIB0822, SIB0823), that two pay for (SIB0824), and turns that come to nothing (SIB0825)."""
    metrics = {metric.name: metric for metric in contract.metrics}
    together = PaymentsTogether(contract, settings)
    found: dict[_FoundOfPayments, list[str]] = {}
    for (payee, name, _), turns in _timelines(contract).items():
        possible = _possible(contract, settings, metrics[name])
        if possible is None:
            continue
        for told in (*_unpaid(turns, payee, possible), *_twice(together, turns, payee, possible)):
            names = found.setdefault(told, [])
            if name not in names:
                names.append(name)
    by_name = {payment.name: payment for payment in contract.payments}
    for told, names in found.items():
        yield _say(told, names, [by_name[name] for name in told.payments])
    yield from _for_nothing(contract, settings, metrics)


# ------------------------------------------------------------------ who pays on which days


def _timelines(contract: Contract) -> dict[tuple[str, str, str], list[PayerDays]]:
    """The turns of each result, by payee, metric and band. What pays for all bands pays for each that another row names."""
    counted = {metric.name for metric in contract.metrics}
    found: dict[tuple[str, str, str], list[PayerDays]] = {}
    for payment in contract.payments:
        for term in payment.terms:
            days = _in_force(contract, payment)
            own = term.days if isinstance(term, Rate | Tiered | Regular) else None
            if own is not None:
                days = max(days[0], own.start), min(days[1], own.last)
            if days[0] > days[1]:
                continue
            band = term.band if isinstance(term, Rate | Tiered | AllUnits) else ""
            each = isinstance(term, Rate | Tiered | AllUnits)
            for name in metrics_of(contract, term):
                if name in counted:
                    turn = PayerDays(payment, days, frozenset(term.payers.names), each)
                    found.setdefault((term.payee, name, band), []).append(turn)
    banded = {(payee, name) for payee, name, band in found if band}
    every = {
        (payee, name, band): [*turns, *(found.get((payee, name, ""), []) if band else [])]
        for (payee, name, band), turns in found.items()
        if band or (payee, name) not in banded
    }
    return {key: turns for key, turns in every.items() if any(turn.counted for turn in turns)}


def _in_force(contract: Contract, payment: Payment) -> Stretch:
    whole = contract.payment_period
    return max(payment.applies.first or whole.start, whole.start), min(
        payment.applies.last or whole.last, whole.last
    )


def _of_clause(contract: Contract, payment: Payment, begins: date) -> Stretch:
    """The same, of the clause that it makes with the texts which variations put in its place, the first of which `begins` then."""
    first, last = _in_force(contract, payment)
    return (
        begins if payment.applies.begun else first,
        contract.payment_period.last if payment.applies.ended else last,
    )


def _possible(contract: Contract, settings: Settings, metric: Metric) -> Stretch | None:
    """The days of the payment period on which a result of the metric can be dated; None where there are none."""
    if metric.measured is not None:
        return None
    days, whole = result_days(contract, settings, metric), contract.payment_period
    first = max(days.first, whole.start) if days.first is not None else whole.start
    last = min(days.last, whole.last) if days.last is not None else whole.last
    return (first, last) if first <= last else None


def uncovered(turns: Sequence[Stretch], whole: Stretch) -> list[Stretch]:
    """The stretches of days in `whole` that no turn holds, earliest first."""
    found: list[Stretch] = []
    free = whole[0]
    for first, last in sorted(turns):
        if first > free:
            found.append((free, min(first - _DAY, whole[1])))
        free = max(free, last + _DAY)
    found.append((free, whole[1]))
    return [stretch for stretch in found if stretch[0] <= stretch[1]]


def _unpaid(turns: list[PayerDays], payee: str, possible: Stretch) -> Iterator[_FoundOfPayments]:
    """The days on which a result can be dated and nobody pays for it, beside a day that a clause itself sets."""
    for first, last in uncovered([turn.days for turn in turns], possible):
        before = next((turn for turn in turns if turn.days[1] == first - _DAY and _ends(turn.payment)), None)
        after = next((turn for turn in turns if turn.days[0] == last + _DAY and _starts(turn.payment)), None)
        # A text that a variation puts in another's place is one clause with it, and the day of the variation none of its own.
        starting = {turn.payment.name for turn in turns if _starts(turn.payment)}
        ending = {turn.payment.name for turn in turns if _ends(turn.payment)}
        earliest = min(turn.days[0] for turn in turns) > last
        latest = max(turn.days[1] for turn in turns) < first
        if before and after:
            yield _FoundOfPayments("between", (before.payment.name, after.payment.name), payee, (first, last))
        elif after and earliest and after.payment.name not in ending:
            # One that says both its first and its last day is meant for a time; of a first day alone something may be left.
            yield _FoundOfPayments("before", (after.payment.name,), payee, (first, last))
        elif before and latest and before.payment.name not in starting:
            yield _FoundOfPayments("after", (before.payment.name,), payee, (first, last))


def _starts(payment: Payment) -> bool:
    """Whether its own words say when it begins."""
    return payment.applies.first is not None and not payment.applies.begun


def _ends(payment: Payment) -> bool:
    """Whether its own words say when it ends."""
    return payment.applies.last is not None and not payment.applies.ended


def _twice(
    together: PaymentsTogether, turns: list[PayerDays], payee: str, possible: Stretch
) -> Iterator[_FoundOfPayments]:
    """The days on which two pay of whom the one follows the other: the first says when it ends, the second when it starts."""
    for one in turns:
        for other in turns:
            if one.payment is other.payment or not _ends(one.payment) or not _starts(other.payment):
                continue
            if not one.days[0] < other.days[0] <= one.days[1] < other.days[1]:
                continue
            # One payer who pays both is told as such.
            if one.payers & other.payers or together.never_both(one.payment, other.payment):
                continue
            first, last = max(other.days[0], possible[0]), min(one.days[1], possible[1])
            if first <= last and last - first < min(other.days[1] - one.days[1], other.days[0] - one.days[0]):
                yield _FoundOfPayments("twice", (one.payment.name, other.payment.name), payee, (first, last))


# ------------------------------------------------------------------ what is said


def _said(days: Stretch) -> str:
    return f"dated {long(days[0])}" if days[0] == days[1] else f"dated {long(days[0])} to {long(days[1])}"


def _place(payment: Payment, line: Span) -> Span:
    return line if line.file else payment.span


def _begins(payment: Payment) -> date:
    return payment.applies.first or date.max


def _stops(payment: Payment) -> date:
    return payment.applies.last or date.min


def _title(payment: Payment) -> str:
    return clause_title("payment", payment.name, payment.clause)


def _say(told: _FoundOfPayments, names: list[str], payments: list[Payment]) -> Diagnostic:
    first, last = told.days
    one, other = payments[0], payments[-1]
    ends, starts = _place(one, one.applies.ends_at), _place(other, other.applies.starts_at)
    results = listed(names)
    match told.kind:
        case "between":
            return Diagnostic(
                "SIB0822",
                f"Nobody pays {told.payee} for {results} {_said(told.days)}: {one.name} ends on {long(first - _DAY)}, and {other.name} "
                f"starts on {long(last + _DAY)}.",
                starts,
                _title(other),
                f"{one.name} ends on {long(first - _DAY)}",
                f"Say which of the two pays then: `ends {long(last)}` in {one.name}, or `starts {long(first)}` in {other.name}. If "
                "nobody is to pay, leave them.",
                (Label(ends, f"{one.name} ends here"),),
                "warning",
            )
        case "twice":
            return Diagnostic(
                "SIB0824",
                f"Both {one.name} and {other.name} pay {told.payee} for {results} {_said(told.days)}: {other.name} starts before "
                f"{one.name} ends.",
                starts,
                _title(other),
                f"{one.name} pays then too",
                f"Say which of the two pays then: `ends {long(_begins(other) - _DAY)}` in {one.name}, or `starts "
                f"{long(_stops(one) + _DAY)}` in {other.name}. If both are to pay, leave them.",
                (Label(ends, f"{one.name} ends here"),),
                "warning",
            )
        case "before":
            return Diagnostic(
                "SIB0823",
                f"Nobody pays {told.payee} for {results} {_said(told.days)}: {one.name} starts on {long(last + _DAY)}.",
                starts,
                _title(one),
                f"{results} before this is paid by nobody",
                f"If it is to be paid from the first day on, take the line `starts` out, or write `starts {long(first)}`; otherwise "
                "leave it.",
                severity="note",
            )
        case "after":
            return Diagnostic(
                "SIB0823",
                f"Nobody pays {told.payee} for {results} {_said(told.days)}: {one.name} ends on {long(first - _DAY)}.",
                ends,
                _title(one),
                f"{results} after this is paid by nobody",
                f"If it is to be paid to the last day, take the line `ends` out, or write `ends {long(last)}`; otherwise leave it.",
                severity="note",
            )


# ------------------------------------------------------------------ turns in which nothing can be earned


def _for_nothing(contract: Contract, settings: Settings, metrics: dict[str, Metric]) -> Iterator[Diagnostic]:
    """Payers whose turn, and payments whose days, hold no day on which the result can be dated (SIB0825)."""
    told: set[tuple[str, str, Span]] = set()
    begins: dict[str, date] = {}
    for payment in contract.payments:
        first, _ = _in_force(contract, payment)
        begins[payment.name] = min(first, begins.get(payment.name, first))
    for payment in contract.payments:
        days = _of_clause(contract, payment, begins[payment.name])
        for term in payment.terms:
            if (
                not isinstance(term, Rate | Tiered | AllUnits)
                or term.metric not in metrics
                or days[0] > days[1]
            ):
                continue
            possible = _possible(contract, settings, metrics[term.metric])
            if possible is None:
                continue
            key = (payment.name, term.metric, term.payers.span)
            if key in told:
                continue
            told.add(key)
            if days[1] < possible[0] or possible[1] < days[0]:
                yield _no_day(payment, term.metric, days, possible)
            elif term.payers.by == "result":
                yield from _phases(payment, term, days, possible)


def _phases(
    payment: Payment, term: Rate | Tiered | AllUnits, days: Stretch, possible: Stretch
) -> Iterator[Diagnostic]:
    begins = days[0]
    for phase in term.payers.phases:
        last = min(phase.last or days[1], days[1])
        if begins <= last and (last < possible[0] or possible[1] < begins):
            late = possible[1] < begins
            when = (
                f"begins on {long(begins)}, and none can be dated after {long(possible[1])}"
                if late
                else f"ends on {long(last)}, and none can be dated before {long(possible[0])}"
            )
            yield Diagnostic(
                "SIB0825",
                f"{phase.payer} pays for no {term.metric} under {payment.name}: its turn {when}.",
                phase.span if phase.span.file else payment.span,
                _title(payment),
                f"{phase.payer} pays for no {term.metric}",
                f"If {phase.payer} is to pay for some, let its turn {'begin earlier' if late else 'end later'}; if not, leave it.",
                (Label(term.span, f"{term.metric} is paid here"),),
                "warning",
            )
        begins = max(begins, last + _DAY)


def _no_day(payment: Payment, metric: str, days: Stretch, possible: Stretch) -> Diagnostic:
    late = possible[1] < days[0]
    line = payment.applies.starts_at if late else payment.applies.ends_at
    when = (
        f"starts on {long(days[0])}, and none can be dated after {long(possible[1])}"
        if late
        else f"ends on {long(days[1])}, and none can be dated before {long(possible[0])}"
    )
    return Diagnostic(
        "SIB0825",
        f"{payment.name} pays for no {metric}: it {when}.",
        _place(payment, line),
        _title(payment),
        f"no {metric} is dated then",
        f"Let {payment.name} {'start earlier' if late else 'end later'}, or take it out.",
        severity="warning",
    )
