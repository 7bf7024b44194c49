"""A slow pricer that shares nothing with the product but the model's nodes: plain loops over days and lines.

Written from the design, section 4 ('Money', 'Caps'), and from what `sibdsl.price` says of itself:

1. the payment period is walked day by day; days that no change of payer by date of result, no statement boundary, no
   boundary of a scope and no date written in a cap's `earned on or before` (or after) parts are one stretch;
2. in each stretch, in the order of clauses: block advances whose day it holds, and each rate times its quantity, rounded;
3. each block, in the order of clauses, meets what is left of the fees it is set against, up to what it has not met yet:
   shared over the fees pro rata by the largest remainder, ties in the order of clauses;
4. each cap, the one over the fewest days first and then in the order of clauses, cuts what is left of the fees it covers
   down to its room: what earlier lines, and advances of the same stretch, have left of it. Shared as under 3;
5. amounts are whole pennies (or what the contract rounds to): rates times quantities and blocks by the contract's rule,
   caps down.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sibdsl.model import nodes
from sibdsl.model.nodes import Amount, Contract, Scope, Selection, Value

Values = Mapping[str, Fraction | dt.date | str]
Counts = Mapping[tuple[dt.date, str, str], Fraction]
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Row:
    """One line: what was earned, advanced (`advance`), met by a block (`set_off`) or cut by a cap (`cap_cut`)."""

    kind: str
    first: dt.date
    last: dt.date
    payer: str
    payee: str
    clause: str
    payment: str
    metric: str
    band: str
    rule: str
    amount: Fraction


@dataclass
class Stretch:
    """Days that nothing parts. `labels` say which year, quarter, ... they belong to."""

    first: dt.date
    last: dt.date
    labels: tuple[object, ...]
    statement_last: dt.date


@dataclass
class Fee:
    """An earned line, in whole grains: `left` after set off and cuts so far."""

    stretch: Stretch
    payer: str
    payee: str
    clause: str
    payment: str
    metric: str
    band: str
    left: int


def work_out(contract: Contract, values: Values, counts: Counts) -> list[Row]:
    """Every line that is not nought. `counts` are by first day of the stretch, metric and band."""
    return _Run(contract, values, counts).rows()


class _Run:
    def __init__(self, contract: Contract, values: Values, counts: Counts) -> None:
        self.contract, self.values, self.counts = contract, values, counts
        self.first = contract.payment_period.start
        self.last = contract.payment_period.end - DAY
        self.grain = contract.rounding.grain or Fraction(1, 100)
        self.scopes = [row.scope for block in contract.advances for row in block.advances if row.scope]
        self.scopes += [row.scope for cap in contract.caps for row in cap.rows]
        self.found: list[Row] = []
        self.days = [self.first + number * DAY for number in range((self.last - self.first).days + 1)]
        self.runs = {scope: {day: self.run_of(scope, day) for day in self.days} for scope in set(self.scopes)}
        self.lengths = {scope: Counter(runs.values()) for scope, runs in self.runs.items()}

    # ---------------------------------------------------------- days

    def year(self, day: dt.date) -> dt.date:
        month, at = self.contract.years_begin
        begin = dt.date(day.year, month, at)
        return begin if begin <= day else dt.date(day.year - 1, month, at)

    def part(self, day: dt.date, months: int) -> tuple[dt.date, int]:
        """Which stretch of so many months of which contract year holds the day."""
        begin = self.year(day)
        return begin, sum(_later(begin, months * step) <= day for step in range(1, 12 // months))

    def statement(self, day: dt.date) -> object:
        calendar = self.contract.calendar
        if calendar == "once at the end":
            return "all"
        return self.part(day, {"monthly": 1, "quarterly": 3, "yearly": 12}[calendar])

    def occasion(self, scope: Scope, day: dt.date) -> object:
        """Which run of the scope the day belongs to; None outside of it."""
        return self.runs[scope].get(day)

    def run_of(self, scope: Scope, day: dt.date) -> object:
        if scope.days is not None:
            return "inside" if scope.days.start <= day < scope.days.end else None
        if scope.over == "contract":
            return "all"
        if scope.over == "each period":
            return self.statement(day)
        return self.part(day, {"each year": 12, "each quarter": 3, "each month": 1}[scope.over])

    def turns(self, day: dt.date) -> tuple[int, ...]:
        """Whose turn it is to pay, for every rate by the date of the result, and which side of each cap's days it is on."""
        found = []
        for payment in self.contract.payments:
            for rate in payment.rates:
                if rate.payers.by == "result":
                    lasts = [phase.last for phase in rate.payers.phases if phase.last]
                    found.append(sum(last < day for last in lasts))
        for cap in self.contract.caps:
            for row in cap.rows:
                told = (row.covers.earned_to, row.covers.earned_from)
                days = [one.value if isinstance(one, Value) else None for one in told]
                found.append(int(isinstance(days[0], dt.date) and day <= days[0]))
                found.append(int(isinstance(days[1], dt.date) and day >= days[1]))
        return tuple(found)

    def sides(self, day: dt.date) -> tuple[bool, ...]:
        """On which side of every date written in a cap's description of payments a result of the day was earned."""
        found = []
        for cap in self.contract.caps:
            for row in cap.rows:
                for amount, first in ((row.covers.earned_to, False), (row.covers.earned_from, True)):
                    if isinstance(amount, nodes.Value) and isinstance(amount.value, dt.date):
                        found.append(day >= amount.value if first else day > amount.value)
        return tuple(found)

    def stretches(self) -> list[Stretch]:
        found: list[Stretch] = []
        statements: dict[object, dt.date] = {}
        for day in self.days:
            scopes = tuple(self.occasion(scope, day) for scope in self.scopes)
            labels = (self.statement(day), self.turns(day), self.sides(day), scopes)
            if found and found[-1].labels == labels:
                found[-1].last = day
            else:
                found.append(Stretch(day, day, labels, day))
            statements[labels[0]] = day
        for one in found:
            one.statement_last = statements[one.labels[0]]
        return found

    # ---------------------------------------------------------- amounts

    def value(self, amount: Amount) -> Fraction | dt.date | str:
        if isinstance(amount, nodes.Value):
            return amount.value
        if isinstance(amount, nodes.Given):
            return self.values[amount.name]
        assert isinstance(amount, nodes.Arithmetic)
        left, right = self.number(amount.left), self.number(amount.right)
        if amount.op == "plus":
            return left + right
        if amount.op == "minus":
            return left - right
        return left * right if amount.op == "times" else left / right

    def number(self, amount: Amount) -> Fraction:
        found = self.value(amount)
        assert isinstance(found, Fraction)
        return found

    def day(self, amount: Amount) -> dt.date:
        found = self.value(amount)
        assert isinstance(found, dt.date)
        return found

    def grains(self, amount: Fraction, way: str = "") -> int:
        """An amount as whole grains, rounded as the contract says unless a way is given. Never below nought here."""
        exact = amount / self.grain
        below = exact.numerator // exact.denominator
        over = exact - below
        way = way or self.contract.rounding.way
        if way == "down" or over == 0:
            return below
        if way == "up" or over > Fraction(1, 2):
            return below + 1
        if over < Fraction(1, 2):
            return below
        return below + 1 if way == "half up" or below % 2 else below

    # ---------------------------------------------------------- lines

    def rows(self) -> list[Row]:
        stretches = self.stretches()
        done: list[
            tuple[Stretch, str, str, str, str, str, int]
        ] = []  # what earlier stretches paid, after cuts
        met = [[0] * len(block.advances) for block in self.contract.advances]
        for stretch in stretches:
            paid_now = self.advances(stretch)
            fees = self.fees(stretch)
            for number, block in enumerate(self.contract.advances):
                for place, advance in enumerate(block.advances):
                    met[number][place] += self.set_off(block, advance, met[number][place], stretch, fees)
            for cap, row in self.caps_over(stretch):
                self.cut(cap, row, stretch, fees, done + paid_now)
            done += paid_now
            done += [
                (stretch, one.payer, one.payee, one.payment, one.metric, "payment", one.left) for one in fees
            ]
        return [row for row in self.found if row.amount]

    def add(self, kind: str, stretch: Stretch, fee: Fee, clause: str, rule: str, grains: int) -> None:
        self.found.append(
            Row(
                kind,
                stretch.first,
                stretch.last,
                fee.payer,
                fee.payee,
                clause,
                fee.payment,
                fee.metric,
                fee.band,
                rule,
                grains * self.grain,
            )
        )

    def advances(self, stretch: Stretch) -> list[tuple[Stretch, str, str, str, str, str, int]]:
        found = []
        for block in self.contract.advances:
            for one in block.advances:
                if stretch.first <= self.day(one.paid_on) <= stretch.last:
                    amount = self.grains(self.number(one.amount))
                    line = Fee(stretch, one.payer, one.payee, block.clause, block.name, "", "", amount)
                    self.add("advance", stretch, line, block.clause, block.name, amount)
                    found.append((stretch, one.payer, one.payee, block.name, "", "advance", amount))
        return found

    def fees(self, stretch: Stretch) -> list[Fee]:
        found = []
        for payment in self.contract.payments:
            for rate in payment.rates:
                day = stretch.first if rate.payers.by == "result" else stretch.statement_last
                payer = next(one.payer for one in rate.payers.phases if one.last is None or day <= one.last)
                count = sum(
                    (
                        self.counts.get((stretch.first, rate.metric, band), Fraction(0))
                        for band in self.bands_of(rate)
                    ),
                    Fraction(0),
                )
                amount = self.grains(self.number(rate.amount) * count)
                fee = Fee(
                    stretch, payer, rate.payee, payment.clause, payment.name, rate.metric, rate.band, amount
                )
                self.add("payment", stretch, fee, payment.clause, payment.name, amount)
                found.append(fee)
        return found

    def bands_of(self, rate: nodes.Rate) -> list[str]:
        metric = next(one for one in self.contract.metrics if one.name == rate.metric)
        every = [
            band.name for bands in self.contract.bands if bands.name == metric.bands for band in bands.bands
        ]
        return [rate.band] if rate.band or not every else every

    # ---------------------------------------------------------- block advances

    def set_off(
        self,
        block: nodes.BlockAdvance,
        advance: nodes.Advance,
        met: int,
        stretch: Stretch,
        fees: Sequence[Fee],
    ) -> int:
        """What the block meets in this stretch, taken off the fees."""
        if advance.scope is None or not self.meets(advance, advance.scope, stretch):
            return 0
        mine = [
            fee
            for fee in fees
            if fee.payment in advance.against and (fee.payer, fee.payee) == (advance.payer, advance.payee)
        ]
        now = min(self.usable(block, advance) - met, sum(fee.left for fee in mine))
        self.take("set_off", stretch, mine, now, block.clause, block.name)
        return now

    def meets(self, advance: nodes.Advance, scope: Scope, stretch: Stretch) -> bool:
        """A scope of 'each' is the one that holds the day the block is paid on; any other is what it says."""
        if scope.over in ("days", "contract"):
            return self.occasion(scope, stretch.first) is not None
        return self.occasion(scope, stretch.first) == self.occasion(scope, self.day(advance.paid_on))

    def usable(self, block: nodes.BlockAdvance, advance: nodes.Advance) -> int:
        amount = self.grains(self.number(advance.amount))
        if self.value(block.basis) == "in money":
            return amount
        rates = {
            self.number(rate.amount)
            for payment in self.contract.payments
            if payment.name in advance.against
            for rate in payment.rates
            if rate.payee == advance.payee and advance.payer in [phase.payer for phase in rate.payers.phases]
        }
        (rate,) = rates
        units = 0
        while (units + 1) * rate <= amount * self.grain:
            units += 1
        return int(units * rate / self.grain)

    # ---------------------------------------------------------- caps

    def caps_over(self, stretch: Stretch) -> list[tuple[nodes.Cap, nodes.CapRow]]:
        """The caps that run over the stretch: the one whose run has the fewest days first, then as written."""
        found = [
            (cap, row)
            for cap in self.contract.caps
            for row in cap.rows
            if self.occasion(row.scope, stretch.first) is not None
        ]
        return sorted(found, key=lambda one: self.length(one[1].scope, stretch.first))

    def length(self, scope: Scope, day: dt.date) -> int:
        """How many days of the payment period the run of the scope that holds the day has."""
        return self.lengths[scope][self.occasion(scope, day)]

    def cut(
        self,
        cap: nodes.Cap,
        row: nodes.CapRow,
        stretch: Stretch,
        fees: Sequence[Fee],
        done: Sequence[tuple[Stretch, str, str, str, str, str, int]],
    ) -> None:
        run = self.occasion(row.scope, stretch.first)
        mine = [
            fee
            for fee in fees
            if self.covers(row.covers, stretch, fee.payer, fee.payee, fee.payment, fee.metric, "payment")
        ]
        before = sum(
            amount
            for when, payer, payee, payment, metric, kind, amount in done
            if self.occasion(row.scope, when.first) == run
            and self.covers(row.covers, when, payer, payee, payment, metric, kind)
        )
        room = max(0, self.grains(self.number(row.amount), "down") - before)
        wanted = sum(fee.left for fee in mine)
        self.take("cap_cut", stretch, mine, max(0, wanted - room), cap.clause, cap.name)

    def covers(
        self,
        chosen: Selection,
        stretch: Stretch,
        payer: str,
        payee: str,
        payment: str,
        metric: str,
        kind: str,
    ) -> bool:
        kinds = {one.name: one.kind for one in self.contract.metrics}
        tests = [
            not chosen.payers or payer in chosen.payers,
            not chosen.payees or payee in chosen.payees,
            chosen.kind == "all" or kind == "advance",
            not chosen.by_results or kind == "payment",
            not chosen.metrics or metric in chosen.metrics,
            not chosen.payments or payment in chosen.payments,
            not chosen.metric_kinds or kinds.get(metric) in chosen.metric_kinds,
            chosen.earned_to is None or stretch.last <= self.day(chosen.earned_to),
            chosen.earned_from is None or stretch.first >= self.day(chosen.earned_from),
        ]
        return all(tests)

    # ---------------------------------------------------------- sharing

    def take(
        self, kind: str, stretch: Stretch, fees: Sequence[Fee], grains: int, clause: str, rule: str
    ) -> None:
        """Take so many grains off the fees, pro rata to what is left of each."""
        if not grains:
            return
        whole = sum(fee.left for fee in fees)
        parts = [grains * fee.left // whole for fee in fees]
        for _ in range(grains - sum(parts)):  # one each to the greatest remainder; the earlier when alike
            owed = [grains * fee.left - part * whole for fee, part in zip(fees, parts, strict=True)]
            parts[owed.index(max(owed))] += 1
        for fee, part in zip(fees, parts, strict=True):
            self.add(kind, stretch, fee, clause, rule, -part)
            fee.left -= part


def _later(day: dt.date, months: int) -> dt.date:
    """So many months later, on the same day of the month or its last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for at in range(day.day, 0, -1):
        try:
            return dt.date(year, month + 1, at)
        except ValueError:
            continue
    raise ValueError(day)
