"""Statements of a contract each of which is made of what was known on its last day, and adjusts what was stated before.

Source of the rules: language reference, 'What records take back later'.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import assert_never

from attrs import define, evolve, field

from sibdsl import dates
from sibdsl.model.nodes import Payment, Programme, Rounding, TakenBack
from sibdsl.model.parameters.in_force import ProgrammeSettings, Settings
from sibdsl.model.periods import Segment, statements
from sibdsl.model.variations import in_force
from sibdsl.money import round_to
from sibdsl.price import Graph, PricedLine
from sibdsl.price.graph import Line
from sibdsl.price.provenance import InterestOnWhatComesBack, KnownLater
from sibdsl.settle.adjustments import Stated
from sibdsl.settle.versions import Counts, Version, versions

#: What an adjustment speaks of: the first day of the period stated before, payer, payee, payment, metric and band.
Key = tuple[date, str, str, str, str, str]
#: A payment with its payer and payee.
Pair = tuple[str, str, str]
#: Days of a year that interest counts.
_YEAR = 365


@define
class _Account:
    """What has been stated of each period, which part of it when, and what is still to be taken from later payments."""

    stated: dict[Key, Fraction] = field(factory=dict)
    paid_on: dict[tuple[Pair, date], list[tuple[date, Fraction]]] = field(factory=dict)
    kept: dict[Pair, Fraction] = field(factory=dict)
    sample: dict[Key, Line] = field(factory=dict)
    #: What changed that which has not been stated in full since.
    why: dict[Key, KnownLater] = field(factory=dict)

    def state(self, amounts: Iterable[tuple[Key, Fraction]], day: date) -> dict[Pair, Fraction]:
        """Note what was stated on a day. Of what comes back of each payment: the money times days for which it had been paid.

        What comes back, or is paid, of a period is the sum of its rows. What was paid last comes back first.
        """
        money_days: dict[Pair, Fraction] = {}
        for (pair, start), rows in _by_period(amounts).items():
            for key, amount in rows:
                self.stated[key] = self.stated.get(key, Fraction(0)) + amount
            paid = self.paid_on.setdefault((pair, start), [])
            money_days[pair] = money_days.get(pair, Fraction(0)) + _taken_from(paid, _sum(rows), day)
        return money_days


def _taken_from(paid: list[tuple[date, Fraction]], amount: Fraction, day: date) -> Fraction:
    """Add to what was paid on which days, or take off it: the money times days for which it had been paid."""
    if amount > 0:
        paid.append((day, amount))
    for_days, back = Fraction(0), max(Fraction(0), -amount)
    while back and paid:
        since, part = paid.pop()
        taken = min(part, back)
        for_days += taken * (day - since).days
        back -= taken
        if part > taken:
            paid.append((since, part - taken))
    return for_days


def _by_period(
    amounts: Iterable[tuple[Key, Fraction]],
) -> dict[tuple[Pair, date], list[tuple[Key, Fraction]]]:
    """The amounts of each payment, payer and payee, by the first day of the period: their sum is what it comes to."""
    found: dict[tuple[Pair, date], list[tuple[Key, Fraction]]] = {}
    for key, amount in amounts:
        found.setdefault((_pair(key), key[0]), []).append((key, amount))
    return found


def _sum(rows: Iterable[tuple[Key, Fraction]]) -> Fraction:
    return sum((amount for _, amount in rows), Fraction(0))


def as_known(
    programme: Programme, settings: ProgrammeSettings, as_of: date, counts: Callable[[date], Counts]
) -> tuple[Version, ...]:
    """The contract as agreed, and its records as known, on the last day of each statement period, and as of the run's day.

    Of a contract by itself. `counts` gives the quantities as known on a day. Raises as `versions` does.
    """
    (member,) = programme.members
    graphs: dict[date | None, Graph] = {}
    varied = in_force(member, settings.of(member.name), as_of)
    ended = [period.last for period in statements(varied) if period.last < as_of]
    found: list[Version] = []
    for day, before in zip((*ended, as_of), (None, *ended), strict=True):
        known = None if before is None else dates.day_after(before)
        as_varied = versions(programme, settings, day, counts(day), graphs)[member.name]
        old = max(at for at, version in enumerate(as_varied) if _agreed_before(version, known))
        new = tuple(variation for version in as_varied[old + 1 :] for variation in version.variations)
        found.append(evolve(as_varied[-1], known_from=known, variations=new, steps=as_varied[old:]))
    return tuple(found)


def _agreed_before(version: Version, known: date | None) -> bool:
    """Whether the version is made by no variation that was agreed on a day or later; of the first statement, as signed."""
    return version.known_from is None or (known is not None and version.known_from < known)


def stated_as_known(
    every: tuple[Version, ...], settings: Settings, as_of: date
) -> tuple[tuple[Stated, ...], Mapping[Pair, Fraction]]:
    """All lines stated by `as_of`, numbered; and what is kept to be taken from later payments.

    The lines of a run as of an earlier day are the first of a run as of a later one: nothing stated changes.
    """
    account = _Account()
    placed: list[Stated] = []
    ends = {period.last: period for period in statements(every[-1].contract)}
    for version, following in zip(every, (*every[1:], None), strict=True):
        since = version.known_from
        until = (
            as_of if following is None or following.known_from is None else _day_before(following.known_from)
        )
        own = [line for line in version.priced.lines if since is None or line.line.stated_on >= since]
        lines = [Stated(line, version) for line in own]
        period = ends.get(until)
        if since is not None and period is not None:
            before = [line for line in version.priced.lines if line.line.stated_on < since]
            _note_why(account, every[every.index(version) - 1], version, since)
            lines += _adjusted(account, version, before, own, period, settings)
        account.state(_sums(own, account).items(), until)
        placed += lines
    return tuple(
        Stated(evolve(stated_line.priced, id=f"L{number}"), stated_line.version)
        for number, stated_line in enumerate(placed, start=1)
    ), {pair: amount for pair, amount in account.kept.items() if amount}


def _day_before(day: date) -> date:
    return day - timedelta(days=1)


def _sums(lines: Iterable[PricedLine], account: _Account) -> dict[Key, Fraction]:
    found: dict[Key, Fraction] = {}
    for priced in lines:
        line = priced.line
        key = (line.segment.statement.start, line.payer, line.payee, line.payment, line.metric, line.band)
        account.sample.setdefault(key, line)
        found[key] = found.get(key, Fraction(0)) + priced.amount
    return found


def _note_why(account: _Account, before: Version, version: Version, since: date) -> None:
    """Note of everything stated before a day whether records changed it since the version before, and which variations."""
    sums = _sums((line for line in before.priced.lines if line.line.stated_on < since), account)
    for at, step in enumerate(version.steps):
        new = KnownLater(step.variations, records=False) if at else KnownLater()
        after = _sums((line for line in step.priced.lines if line.line.stated_on < since), account)
        for key in dict.fromkeys((*sums, *after)):
            if sums.get(key, 0) != after.get(key, 0):
                account.why[key] = account.why[key].and_(new) if key in account.why else new
        sums = after


def _adjusted(
    account: _Account,
    version: Version,
    before: list[PricedLine],
    own: list[PricedLine],
    statement: dates.Period,
    settings: Settings,
) -> list[Stated]:
    """What a statement adjusts of those before it, with interest on what comes back."""
    now = _sums(before, account)
    changes: dict[Pair, dict[Key, Fraction]] = {}
    for key in dict.fromkeys((*account.stated, *now)):
        amount = now.get(key, Fraction(0)) - account.stated.get(key, Fraction(0))
        if amount:
            changes.setdefault(_pair(key), {})[key] = amount
    payments = {payment.name: payment for payment in version.contract.payments}
    account.kept = {}
    found: list[Stated] = []
    interest: list[Stated] = []
    for pair, of_pair in changes.items():
        payment = payments.get(pair[0])
        came = sum((line.amount for line in own if _pair_of(line.line) == pair), Fraction(0))
        told = _told(account, pair, of_pair, came, payment.taken_back if payment else "")
        found += [_adjustment(account, version, key, amount, statement) for key, amount in told]
        money_days = account.state(told, statement.last).get(pair, Fraction(0))
        if payment is not None and payment.interest is not None:
            yearly = settings.number(payment.interest)
            owed = _rounded(payment.rounding or version.contract.rounding, yearly * money_days / _YEAR)
            interest += [_interest(version, payment, pair, -owed, statement)] if owed else []
    account.why = {
        key: why for key, why in account.why.items() if now.get(key, 0) != account.stated.get(key, 0)
    }
    found.sort(key=lambda stated_line: stated_line.priced.line.segment.days.start)
    return [*found, *interest]


def _told(
    account: _Account, pair: Pair, changes: Mapping[Key, Fraction], came: Fraction, way: TakenBack
) -> list[tuple[Key, Fraction]]:
    """What of the changes of a payment is paid, or taken back, with this statement, by how the payment is taken back."""
    match way:
        case "never":
            return _never_less(changes)
        case "from later payments":
            return _from_later(account, pair, changes, came)
        case "by repayment" | "":
            return list(changes.items())
        case _:
            assert_never(way)


def _never_less(changes: Mapping[Key, Fraction]) -> list[tuple[Key, Fraction]]:
    """The changes of the periods that come to more than was stated for them."""
    return [told for rows in _by_period(changes.items()).values() if _sum(rows) > 0 for told in rows]


def _from_later(
    account: _Account, pair: Pair, changes: Mapping[Key, Fraction], came: Fraction
) -> list[tuple[Key, Fraction]]:
    """What is more is paid; what is less is taken, of older periods first, as far as there is something to take it from."""
    found = [(key, amount) for key, amount in changes.items() if amount > 0]
    left = max(Fraction(0), came + sum((amount for _, amount in found), Fraction(0)))
    for key, amount in sorted(changes.items(), key=lambda change: change[0]):
        if amount > 0:
            continue
        taken = min(-amount, left)
        left -= taken
        account.kept[pair] = account.kept.get(pair, Fraction(0)) - amount - taken
        if taken:
            found.append((key, -taken))
    return found


def _pair(key: Key) -> Pair:
    _, payer, payee, payment, _, _ = key
    return payment, payer, payee


def _pair_of(line: Line) -> Pair:
    return line.payment, line.payer, line.payee


def _adjustment(
    account: _Account, version: Version, key: Key, amount: Fraction, statement: dates.Period
) -> Stated:
    line = account.sample[key]
    told = evolve(
        line, kind="adjustment", segment=Segment(line.segment.statement, statement), quantity=None, rate=None, amount=0,
        due=None, metrics=(), tier=None, share=None, whole=None, origin="", result=None,
        provenance=account.why.get(key, KnownLater()),
    )  # fmt: skip
    return Stated(PricedLine("", told, amount, None, amount), version)


def _interest(
    version: Version, payment: Payment, pair: Pair, amount: Fraction, statement: dates.Period
) -> Stated:
    name, payer, payee = pair
    line = Line(
        "interest", Segment(statement, statement), payer, payee, payment.clause, name, "", "", None, None, 0, name,
        span=payment.span, provenance=InterestOnWhatComesBack(payment),
    )  # fmt: skip
    return Stated(PricedLine("", line, amount, None, amount), version)


def _rounded(rounding: Rounding, amount: Fraction) -> Fraction:
    return amount if rounding.grain is None else round_to(amount, rounding.grain, rounding.way)
