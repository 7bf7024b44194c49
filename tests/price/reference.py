"""A slow pricer that shares nothing with the product but the model's nodes: plain loops over days and lines.

Written from the design, section 4 ('Money', 'Caps'), and from what `sibdsl.price` says of itself:

1. the payment period is walked day by day; days that no change of payer by date of result, no statement boundary, no
   boundary of a scope, no first or last day of a payment and no date written in a cap's `earned on or before` (or after)
   parts are one stretch;
2. in each stretch, in the order of clauses: block advances whose day it holds, and what each payment earns, rounded:
   a rate times its quantity; for each tier its rate times the units of the stretch that fall in it, unit after unit;
   a regular sum whose day it holds, for those of its days on which the payment is in force where that is said; and, in the last stretch of a statement period in
   which it is in force, what a sum to date exceeds the highest it has been, nought at first. A payment not in force, or
   that hangs on a particular that has no value, earns nothing. Payers who share a line pay percentages of it by the
   largest remainder; or, in the order written, their amounts of what the row comes to in the statement period so far,
   less what they paid of it before, and one of them the rest;
3. what is due is then walked day by day: regular sums and blocks on their days, all else on the last of its statement
   period. On a day each block, in the order of clauses, meets what is left of the fees it is set against, up to what it has
   not met yet: shared over the fees pro rata by the largest remainder, ties in the order of clauses, then of time;
4. each limit over each of its times, the one over the fewest days first, then payments' own, then in the order of clauses,
   cuts once what is left of the fees it covers down to its room: what was paid in the end on earlier days, and advances of
   the day, have left of it. Shared as under 3.
   A cap shared by clause cuts the last of what falls due together first. What a cap that carries forward cuts is due
   again on the statement day of the first stretch of its next time in which it is in force: on that day before all else, the
   earlier clause first, in a clause the older, and not for blocks. After the last time it is lost. Times of such a cap that
   fall on one day follow in order of time. What a cap cuts that another pays is owed by that party on the same day, after
   all else, and cut by caps once more. A cap that is to come after others does. What a
   cap leaves out it does not cover. A cap that is a share of payments is that share, down to the grain, of what came to it of
   these so far in its time, by the day that it cuts; or, after itself, of the most that lets what it covers be that share of
   what is left: tried grain by grain;
   A block in equal quarters has met, by a day, no more than as many equal parts as quarters of its time have begun by then;
   what of it is unused after the last stretch of its time (or that in which it is paid) is owed back if it is
   recoverable, and meets the fees of all later days if it is carried forward;
5. amounts are whole pennies (or what the contract rounds to): rates times quantities and blocks by the contract's rule,
   caps down, and so the most of a sum to date; its least up.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from sibdsl.model import nodes
from sibdsl.model.nodes import Amount, Contract, Scope, Selection

Values = Mapping[str, Fraction | dt.date | str]
Counts = Mapping[tuple[dt.date, str, str], Fraction]
DAY = dt.timedelta(days=1)
MONTHS = {"year": 12, "quarter": 3, "month": 1}


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
    agent: str = ""
    tier: str = ""
    due: dt.date | None = None


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
    metrics: tuple[str, ...] = ()
    agent: str = ""
    tier: str = ""
    due: dt.date | None = None
    kind: str = "payment"
    origin: str = ""
    shares: tuple[nodes.Share, ...] = ()
    row: str = ""
    #: Of what is carried forward: when it was first cut, and the stretch that earned it.
    since: dt.date | None = None
    earned: Stretch | None = None


@dataclass(frozen=True)
class Timed:
    """A limit in one of its times: the days of the payment period that are of it."""

    clause: str
    name: str
    row: nodes.CapRow
    number: int
    run: object
    first: dt.date
    days: int

    @property
    def slot(self) -> tuple[str, nodes.CapRow]:
        return self.name, self.row


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
        self.limits = [(one.clause, one.name, row) for one in contract.payments for row in one.limits]
        self.limits += [(cap.clause, cap.name, row) for cap in contract.caps for row in cap.rows]
        self.scopes += [row.scope for _, _, row in self.limits]
        # From quantities alone nobody knows who earned what: limits for each person cut nothing.
        self.limits = [one for one in self.limits if not one[2].per]
        self.scopes += [one.scope for payment in contract.payments for one in payment.tiered]
        self.steps = {step.name: step.amount for one in contract.workings for step in one.steps}
        self.ways = {one.name: (one.excess.way, "pro rata") for one in contract.payments}
        self.ways |= {one.name: (one.excess.way, one.sharing) for one in contract.caps}
        self.payers = {one.name: one.excess.payer for one in contract.payments}
        self.payers |= {one.name: one.excess.payer for one in contract.caps}
        self.takers = {one.name: one.excess.shares for one in contract.payments}
        self.takers |= {one.name: one.excess.shares for one in contract.caps}
        self.after = {one.name: one.after for one in contract.caps}
        #: What came to each row of a cap that is a share of payments, in each of its runs: the fees, and what they came to.
        self.came: dict[Timed, list[tuple[Fee, int]]] = {}
        self.done: list[Fee] = []
        self.met: list[list[int]] = []
        self.beyond: list[tuple[Fee, str, str]] = []
        #: What each row of a cap carries forward: the first day of the time in which it was cut, when it was first cut, how much.
        self.carried: dict[tuple[str, nodes.CapRow], list[tuple[dt.date, dt.date, Fee, int]]] = {}
        #: Units so far of each payment's tiers in each run of its scope; the highest sum to date of each so far, in grains.
        self.units: Counter[tuple[str, object]] = Counter()
        self.highest: Counter[str] = Counter()
        self.statement_so_far: Counter[tuple[object, ...]] = Counter()
        self.walked: list[Stretch] = []
        self.all_stretches: list[Stretch] = []
        self.parts: dict[tuple[dt.date, int], tuple[dt.date, int]] = {}
        self.regular_runs: dict[str, dict[object, list[dt.date]]] = {}
        self.found: list[Row] = []
        self.days = [self.first + number * DAY for number in range((self.last - self.first).days + 1)]
        self.runs = {scope: {day: self.run_of(scope, day) for day in self.days} for scope in set(self.scopes)}
        self.timed = [
            Timed(clause, name, row, number, run, min(days), len(self.days) if row.topped_up else len(days))
            for number, (clause, name, row) in enumerate(self.limits)
            for run, days in (self.pot_times(row) if row.topped_up else self.times_of(row.scope)).items()
        ]

    def pot_run(self, row: nodes.CapRow, day: dt.date) -> int:
        """How many of the days on which a pot is topped up, after the first day, there have been by this one."""
        return len({self.day(one.day) for one in row.topped_up if self.first < self.day(one.day) <= day})

    def pot_times(self, row: nodes.CapRow) -> dict[object, list[dt.date]]:
        found: dict[object, list[dt.date]] = {}
        for day in self.days:
            found.setdefault(self.pot_run(row, day), []).append(day)
        return found

    def most(self, row: nodes.CapRow, day: dt.date) -> int:
        """The limit in money, in grains; of a pot, what is in it by the day."""
        added = [
            self.grains(self.number(one.amount), "down") for one in row.topped_up if self.day(one.day) <= day
        ]
        return self.grains(self.number(row.amount), "down") + sum(added)

    def owed(self, row: nodes.CapRow, day: dt.date) -> int:
        """What is owed on the investment on a day, less what was paid on earlier days: day after day, in grains, down."""
        (loan,) = (one for one in self.contract.investments if one.name == row.return_on)
        drawn = [(self.day(one.paid_on), self.number(one.amount)) for one in loan.drawdowns if one.paid_on]
        paid: Counter[dt.date] = Counter()
        for fee in self.done:
            if self.under(row, fee) and self.day_of(fee) < day:
                paid[self.day_of(fee)] += fee.left
        bears = added = Fraction(0)
        now = min([*(each for each, _ in drawn), *paid, day])
        while True:
            if (now.month, now.day) == self.contract.years_begin:
                bears, added = bears + added, Fraction(0)
            bears += sum(amount for each, amount in drawn if each == now)
            if now == day:
                return self.grains(max(Fraction(0), bears + added), "down")
            meets = max(Fraction(0), min(added, paid[now] * self.grain))
            added, bears = added - meets, bears - (paid[now] * self.grain - meets)
            added += max(Fraction(0), bears) * self.number(row.amount) / 365
            now += DAY

    def times_of(self, scope: Scope) -> dict[object, list[dt.date]]:
        found: dict[object, list[dt.date]] = {}
        for day, run in self.runs[scope].items():
            if run is not None:
                found.setdefault(run, []).append(day)
        return found

    # ---------------------------------------------------------- days

    def year(self, day: dt.date) -> dt.date:
        month, at = self.contract.years_begin
        begin = dt.date(day.year, month, at)
        return begin if begin <= day else dt.date(day.year - 1, month, at)

    def part(self, day: dt.date, months: int) -> tuple[dt.date, int]:
        """Which stretch of so many months of which contract year holds the day."""
        if (day, months) not in self.parts:
            begin = self.year(day)
            step = sum(_later(begin, months * step) <= day for step in range(1, 12 // months))
            self.parts[day, months] = begin, step
        return self.parts[day, months]

    def statement(self, day: dt.date) -> object:
        if self.contract.statements_on:
            return sum(last < day for last in self.contract.statements_on)
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
            found.append(int(self.in_force(payment, day)))
            found += [int(one.days.start <= day < one.days.end) for one in payment.rates if one.days]
            for rate in (*payment.rates, *payment.tiered, *payment.regular, payment.to_date):
                if rate is not None and rate.payers.by == "result":
                    lasts = [phase.last for phase in rate.payers.phases if phase.last]
                    found.append(sum(last < day for last in lasts))
        for chosen in self.selections():
            to, since = chosen.earned_to, chosen.earned_from
            found.append(int(to is not None and day <= self.day(to)))
            found.append(int(since is not None and day >= self.day(since)))
        return tuple(found)

    def in_force(self, payment: nodes.Payment, day: dt.date) -> bool:
        first, last = payment.applies.first, payment.applies.last
        return (first is None or first <= day) and (last is None or day <= last)

    def sides(self, day: dt.date) -> tuple[bool, ...]:
        """On which side of every date written in a cap's description of payments a result of the day was earned."""
        found = []
        for chosen in self.selections():
            for amount, first in ((chosen.earned_to, False), (chosen.earned_from, True)):
                if amount is not None:
                    found.append(day >= self.day(amount) if first else day > self.day(amount))
        return tuple(found)

    def selections(self) -> list[Selection]:
        rows = [row for cap in self.contract.caps for row in cap.rows]
        shares = [row.share_of.payments for row in rows if row.share_of]
        return [*(row.covers for row in rows), *(one for row in rows for one in row.leaves_out), *shares]

    def stretches(self) -> list[Stretch]:
        found: list[Stretch] = []
        statements: dict[object, dt.date] = {}
        for day in self.days:
            scopes = tuple(self.occasion(scope, day) for scope in self.scopes)
            labels = (self.statement(day), self.turns(day), self.sides(day), (*scopes, *self.measures(day)))
            if found and found[-1].labels == labels:
                found[-1].last = day
            else:
                found.append(Stretch(day, day, labels, day))
            statements[labels[0]] = day
        for one in found:
            one.statement_last = statements[one.labels[0]]
        return found

    def measures(self, day: dt.date) -> tuple[object, ...]:
        """Which stretch of each measure the day lies in, or before: at the end of each a new stretch of days begins."""
        found: list[object] = []
        for metric in self.contract.metrics:
            said = metric.measured
            if said is None or said.over == "contract":
                continue
            if said.over == "once":
                assert said.on is not None
                found.append(day <= said.on)
            elif said.over == "days":
                assert said.days is not None
                found.append(day < said.days.end)
            elif said.over == "each period":
                found.append(self.statement(day))
            else:
                found.append(self.part(day, {"each year": 12, "each quarter": 3, "each month": 1}[said.over]))
        return tuple(found)

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
        stretches = self.all_stretches = self.stretches()
        self.met = [[0] * len(block.advances) for block in self.contract.advances]
        by_day: dict[dt.date, list[Fee]] = {}
        for stretch in stretches:
            for fee in (*self.advances(stretch), *self.fees(stretch)):
                by_day.setdefault(self.day_of(fee), []).append(fee)
        days = {*by_day, *(self.arrival(limit) for limit in self.timed if self.carries(limit))} - {None}
        for day in sorted(day for day in days if day is not None):
            self.one_day(day, by_day.get(day, []))
        for stretch in stretches:
            self.owed_back(stretch, self.met)
        return [row for row in self.found if row.amount]

    def one_day(self, day: dt.date, due: Sequence[Fee]) -> None:
        """Blocks meet, then each limit cuts once; then what is due again on the same day, and what others owe."""
        places = [one.name for one in self.contract.payments]
        blocks = [fee for fee in due if fee.kind == "advance"]
        fees = sorted(
            (fee for fee in due if fee.kind != "advance"),
            key=lambda fee: (places.index(fee.payment), fee.stretch.first),
        )
        for number, block in enumerate(self.contract.advances):
            for place, advance in enumerate(block.advances):
                met = self.met[number]
                met[place] += self.set_off(block, advance, met[place], day, fees)
        self.done += blocks
        pool = list(fees)
        self.cut_all(day, pool)
        self.done += pool
        over, self.beyond = self.beyond, []
        for fee, name, clause in over:
            self.add("taken_over", fee.stretch, fee, clause, name, fee.left)
        others = [fee for fee, _, _ in over]
        self.cut_all(day, others)
        self.beyond = []
        self.done += others

    def cut_all(self, day: dt.date, pool: list[Fee]) -> None:
        """Every limit once, those that carry to one another on the day in order of time; what is brought comes first."""
        waiting = self.in_order()
        past: list[Timed] = []
        for limit in sorted(waiting, key=lambda one: one.first):
            if self.is_brought_on(limit, day) and not self.held_back(limit, waiting, pool, day):
                pool[:0] = self.brought(limit)
        while waiting:
            limit = next(one for one in waiting if not self.held_back(one, waiting, pool, day))
            waiting.remove(limit)
            if self.is_brought_on(limit, day):
                brought = self.brought(limit)
                for earlier in past:
                    self.cut(earlier, brought, pool)
                pool[:0] = brought
            self.cut(limit, pool, [])
            past.append(limit)

    def held_back(self, limit: Timed, waiting: Sequence[Timed], pool: Sequence[Fee], day: dt.date) -> bool:
        """Whether an earlier time of the same carrying limit, of which something lies on the day, is still to come."""

        def on_the_day(one: Timed) -> bool:
            return any(self.cuts(one, fee) for fee in pool) or (
                self.arrival(one) == day
                and any(each[0] < one.first for each in self.carried.get(one.slot, []))
            )

        return self.carries(limit) and any(
            one.slot == limit.slot and one.first < limit.first and on_the_day(one) for one in waiting
        )

    def is_brought_on(self, limit: Timed, day: dt.date) -> bool:
        """Whether something that was carried to the limit's time falls due on the day."""
        kept = self.carried.get(limit.slot, [])
        return (
            self.carries(limit) and self.arrival(limit) == day and any(each[0] < limit.first for each in kept)
        )

    def day_of(self, fee: Fee) -> dt.date:
        return fee.due or fee.stretch.statement_last

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
                fee.agent,
                fee.tier,
                fee.due,
            )
        )

    def advances(self, stretch: Stretch) -> list[Fee]:
        found = []
        for block in self.contract.advances:
            for one in block.advances:
                day = self.day(one.paid_on)
                if stretch.first <= day <= stretch.last:
                    amount = self.grains(self.number(one.amount))
                    line = Fee(stretch, one.payer, one.payee, block.clause, block.name, "", "", amount)
                    line.kind, line.agent, line.due = "advance", block.agent, day
                    self.add("advance", stretch, line, block.clause, block.name, amount)
                    found.append(line)
        return found

    def fees(self, stretch: Stretch) -> list[Fee]:
        self.walked.append(stretch)
        found = []
        for payment in self.contract.payments:
            if payment.needs and payment.needs not in self.values:
                continue
            mine = self.regular_sums(payment, stretch)
            if self.in_force(payment, stretch.first):
                mine += self.by_rates(payment, stretch)
                mine += self.by_tiers(payment, stretch)
                mine += self.to_date(payment, stretch)
            mine = [part for at, fee in enumerate(mine) for part in self.shared(payment, stretch, fee)]
            for fee in mine:
                fee.agent = payment.agent
                self.add("payment", stretch, fee, payment.clause, payment.name, fee.left)
            found += mine
        return found

    def shared(self, payment: nodes.Payment, stretch: Stretch, fee: Fee) -> list[Fee]:
        """The fee, or a fee for each of those who share it."""
        shares = fee.shares
        if not shares:
            return [fee]
        if any(one.part is not None and one.part.kind == "money" for one in shares):
            key = (payment.name, fee.row, fee.tier, stretch.labels[0])
            before = 0 if fee.due else self.statement_so_far[key]
            if not fee.due:
                self.statement_so_far[key] += fee.left
            old, new = self.by_amounts(shares, before), self.by_amounts(shares, before + fee.left)
            parts = [after - earlier for earlier, after in zip(old, new, strict=True)]
        else:
            parts = self.by_percentages(shares, fee.left)
        return [replace(fee, payer=one.payer, left=part) for one, part in zip(shares, parts, strict=True)]

    def by_percentages(self, shares: Sequence[nodes.Share], total: int) -> list[int]:
        known = [None if one.part is None else self.number(one.part) for one in shares]
        rest = 1 - sum((one for one in known if one is not None), Fraction(0))
        return _largest_remainder(total, [rest if one is None else one for one in known])

    def by_amounts(self, shares: Sequence[nodes.Share], total: int) -> list[int]:
        found, left = {}, total
        for one in shares:
            if one.part is not None:
                found[one.payer] = min(left, self.grains(self.number(one.part), "down"))
                left -= found[one.payer]
        return [found.get(one.payer, left) for one in shares]

    def payer(self, payers: nodes.Payers, stretch: Stretch) -> str:
        return self.payer_on(payers, stretch.first if payers.by == "result" else stretch.statement_last)

    def payer_on(self, payers: nodes.Payers, day: dt.date) -> str:
        if payers.shares:
            return payers.shares[0].payer
        return next(one.payer for one in payers.phases if one.last is None or day <= one.last)

    def count(self, stretch: Stretch, metric: str, band: str) -> Fraction:
        nought = Fraction(0)
        every = (self.counts.get((stretch.first, metric, one), nought) for one in self.bands_of(metric, band))
        return sum(every, nought)

    def bands_of(self, name: str, band: str) -> list[str]:
        metric = next(one for one in self.contract.metrics if one.name == name)
        every = [
            band.name for bands in self.contract.bands if bands.name == metric.bands for band in bands.bands
        ]
        return [band] if band or not every else every

    def by_rates(self, payment: nodes.Payment, stretch: Stretch) -> list[Fee]:
        found = []
        for rate in payment.rates:
            if rate.days and not rate.days.start <= stretch.first < rate.days.end:
                continue
            amount = self.grains(self.number(rate.amount) * self.count(stretch, rate.metric, rate.band))
            payer = self.payer(rate.payers, stretch)
            fee = Fee(
                stretch, payer, rate.payee, payment.clause, payment.name, rate.metric, rate.band, amount
            )
            fee.metrics, fee.shares = (rate.metric,), rate.payers.shares
            fee.row = f"{rate.metric}, {rate.band}, {rate.payee}"
            found.append(fee)
        return found

    def by_tiers(self, payment: nodes.Payment, stretch: Stretch) -> list[Fee]:
        """Units are numbered through each run of the scope; the number says which tier a unit is in."""
        found = []
        for one in payment.tiered:
            run = self.occasion(one.scope, stretch.first)
            if run is None:
                continue
            here = [0] * len(one.tiers)
            numbered = self.units[payment.name, run]
            for _ in range(int(self.count(stretch, one.metric, one.band))):
                numbered += 1
                here[self.tier_of(numbered, one.tiers)] += 1
            self.units[payment.name, run] = numbered
            payer = self.payer(one.payers, stretch)
            for at, (tier, units) in enumerate(zip(one.tiers, here, strict=True)):
                amount = self.grains(self.number(tier.amount) * units)
                fee = Fee(
                    stretch, payer, one.payee, payment.clause, payment.name, one.metric, one.band, amount
                )
                fee.metrics, fee.tier = (one.metric,), self.tier_name(at, tier)
                fee.shares, fee.row = one.payers.shares, str(at)
                found.append(fee)
        return found

    def tier_name(self, at: int, tier: nodes.Tier) -> str:
        if not tier.units:
            return "further"
        return f"next {tier.units}" if at else f"first {tier.units}"

    def tier_names(self, payment: str) -> list[str]:
        """The tiers of a payment as it has them."""
        rows = [row for one in self.contract.payments if one.name == payment for row in one.tiered]
        return [self.tier_name(at, tier) for row in rows for at, tier in enumerate(row.tiers)]

    def tier_of(self, number: int, tiers: Sequence[nodes.Tier]) -> int:
        """Which tier the unit of that number is in, counting from 1."""
        for at, tier in enumerate(tiers):
            if tier.units is None or number <= tier.units:
                return at
            number -= tier.units
        raise ValueError(number)

    def regular_sums(self, payment: nodes.Payment, stretch: Stretch) -> list[Fee]:
        found = []
        for one in payment.regular:
            for run, every in self.runs_of(one.each).items():
                days = [day for day in every if self.in_force(payment, day)]
                if not days:
                    continue
                due = days[0] if one.due == "at the start" else days[-1]
                if not stretch.first <= due <= stretch.last:
                    continue
                share = Fraction(1)
                if one.part == "by days":
                    share = Fraction(len(days), self.length_of(run, every, one.each))
                amount = self.grains(self.number(one.amount) * share)
                payer = self.payer_on(one.payers, due)
                fee = Fee(stretch, payer, one.payee, payment.clause, payment.name, "", "", amount)
                fee.due, fee.shares = due, one.payers.shares
                found.append(fee)
        return found

    def runs_of(self, each: str) -> dict[object, list[dt.date]]:
        """The days of each year, quarter, month or statement period."""
        if each not in self.regular_runs:
            found = self.regular_runs[each] = {}
            for day in self.days:
                run = self.statement(day) if each == "period" else self.part(day, MONTHS[each])
                found.setdefault(run, []).append(day)
        return self.regular_runs[each]

    def length_of(self, run: object, days: Sequence[dt.date], each: str) -> int:
        """How many days the whole year, quarter or month has, those outside of the payment period included.

        A statement period is part of a month, quarter or year as statements go by; or is itself the whole.
        """
        if each == "period":
            calendars = {"monthly": "month", "quarterly": "quarter", "yearly": "year"}
            if self.contract.statements_on or self.contract.calendar not in calendars:
                return len(days)
            each = calendars[self.contract.calendar]
            run = self.part(days[0], MONTHS[each])
        assert isinstance(run, tuple)
        begin, step = run
        months = MONTHS[each]
        return (_later(begin, months * (step + 1)) - _later(begin, months * step)).days

    def to_date(self, payment: nodes.Payment, stretch: Stretch) -> list[Fee]:
        one = payment.to_date
        if one is None or stretch.first not in self.closing(payment):
            return []
        total = self.up_to(one.amount, payment.applies.first or self.first)
        sign = -1 if total < 0 else 1
        held = sign * self.grains(abs(total))
        if one.least is not None:
            held = max(held, self.grains(self.number(one.least), "up"))
        if one.most is not None:
            held = min(held, self.grains(self.number(one.most), "down"))
        now = max(0, held - self.highest[payment.name])
        self.highest[payment.name] += now
        metrics = tuple(sorted(self.spoken_of(one.amount)))
        metric = metrics[0] if len(metrics) == 1 else ""
        payer = self.payer(one.payers, stretch)
        fee = Fee(stretch, payer, one.payee, payment.clause, payment.name, metric, "", now, metrics)
        fee.shares = one.payers.shares
        return [fee]

    def closing(self, payment: nodes.Payment) -> set[dt.date]:
        """First days of the stretches at whose end the sum is worked out."""
        last: dict[dt.date, dt.date] = {}
        for one in self.all_stretches:
            if self.in_force(payment, one.first):
                last[one.statement_last] = one.first
        return set(last.values())

    def up_to(self, amount: Amount, first: dt.date) -> Fraction:
        """What an amount made of quantities comes to over the stretches walked so far, from a first day on."""
        if isinstance(amount, nodes.MetricTotal):
            mine = [one for one in self.walked if one.first >= first]
            return sum((self.count(one, amount.metric, amount.band) for one in mine), Fraction(0))
        if isinstance(amount, nodes.Working):
            return self.up_to(self.steps[amount.name], first)
        if isinstance(amount, nodes.Arithmetic):
            left, right = self.up_to(amount.left, first), self.up_to(amount.right, first)
            if amount.op in ("plus", "minus"):
                return left + right if amount.op == "plus" else left - right
            return left * right if amount.op == "times" else left / right
        return self.number(amount)

    def spoken_of(self, amount: Amount) -> set[str]:
        if isinstance(amount, nodes.MetricTotal):
            return {amount.metric}
        if isinstance(amount, nodes.Working):
            return self.spoken_of(self.steps[amount.name])
        if isinstance(amount, nodes.Arithmetic):
            return self.spoken_of(amount.left) | self.spoken_of(amount.right)
        return set()

    # ---------------------------------------------------------- block advances

    def set_off(
        self,
        block: nodes.BlockAdvance,
        advance: nodes.Advance,
        met: int,
        day: dt.date,
        fees: Sequence[Fee],
    ) -> int:
        """What the block meets on a day, taken off the fees."""
        if advance.scope is None or not self.time_of(advance):
            return 0
        scope, last = advance.scope, self.time_of(advance)[-1]
        mine = [
            fee
            for fee in fees
            if fee.payment in advance.against and (fee.payer, fee.payee) == (advance.payer, advance.payee)
        ]
        own = [fee for fee in mine if self.meets(advance, scope, fee.stretch)]
        later = [fee for fee in mine if block.unused == "carried forward" and fee.stretch.first > last]
        ready = self.usable(block, advance)
        if block.pace == "in equal quarters":
            quarters = [self.part(one, 3) for one in self.time_of(advance)]
            begun = {one for one, first in zip(quarters, self.time_of(advance), strict=True) if first <= day}
            ready = ready * len(begun) // len(set(quarters))
        now = min(ready - met, sum(fee.left for fee in own))
        self.take("set_off", own, now, block.clause, block.name)
        then = min(ready - met - now, sum(fee.left for fee in later))
        self.take("set_off", later, then, block.clause, block.name)
        return now + then

    def time_of(self, advance: nodes.Advance) -> list[dt.date]:
        """The days in which the block is set off."""
        scope = advance.scope
        assert scope is not None
        if scope.over in ("days", "contract"):
            return [day for day in self.days if self.occasion(scope, day) is not None]
        run = self.occasion(scope, self.day(advance.paid_on))
        return [day for day in self.days if self.occasion(scope, day) == run]

    def owed_back(self, stretch: Stretch, met: Sequence[Sequence[int]]) -> None:
        for block, used in zip(self.contract.advances, met, strict=True):
            for advance, so_far in zip(block.advances, used, strict=True):
                if block.unused != "recoverable" or not self.time_of(advance):
                    continue
                last = max(self.time_of(advance)[-1], self.day(advance.paid_on))
                if stretch.first <= last <= stretch.last:
                    fee = Fee(stretch, advance.payee, advance.payer, block.clause, block.name, "", "", 0)
                    amount = self.grains(self.number(advance.amount)) - so_far
                    self.add("recovered", stretch, fee, block.clause, block.name, amount)

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
            if rate.payee == advance.payee and advance.payer in rate.payers.names
        }
        (rate,) = rates
        units = 0
        while (units + 1) * rate <= amount * self.grain:
            units += 1
        return int(units * rate / self.grain)

    # ---------------------------------------------------------- caps

    def in_order(self) -> list[Timed]:
        """The limits over all their times: the one over the fewest days first, then as written, but for those after others."""
        found = sorted(self.timed, key=lambda one: (one.days, one.number))
        ordered: list[Timed] = []
        while found:
            left = {one.name for one in found}
            first = next(one for one in found if not left & {*self.after.get(one.name, ())} - {one.name})
            found.remove(first)
            ordered.append(first)
        return ordered

    def carries(self, limit: Timed) -> bool:
        return self.ways[limit.name][0] == "carried forward"

    def in_time(self, limit: Timed, stretch: Stretch) -> bool:
        if limit.row.topped_up:  # by the day of the statement, whenever the result was
            return self.pot_run(limit.row, stretch.statement_last) == limit.run
        return self.occasion(limit.row.scope, stretch.first) == limit.run

    def cuts(self, limit: Timed, fee: Fee) -> bool:
        """Whether the fee is of the limit's time, under it, and the limit in force."""
        now = self.in_time(limit, fee.stretch)
        if limit.row.topped_up:
            now = self.pot_run(limit.row, self.day_of(fee)) == limit.run
        return now and self.under(limit.row, fee) and self.stands(limit, fee.stretch)

    def stands(self, limit: Timed, stretch: Stretch) -> bool:
        """A payment's own limit is in force as the payment is; what it carries forward is owed after its end too."""
        own = next((one for one in self.contract.payments if one.name == limit.name), None)
        if own is None:
            return True
        after = own.applies.last is not None and stretch.first > own.applies.last
        return self.in_force(own, stretch.first) or (after and self.carries(limit))

    def arrival(self, limit: Timed) -> dt.date | None:
        """The day on which what is carried to the limit's time falls due."""
        stretch = self.opening(limit)
        return None if stretch is None else stretch.statement_last

    def opening(self, limit: Timed) -> Stretch | None:
        return next(
            (one for one in self.all_stretches if self.in_time(limit, one) and self.stands(limit, one)), None
        )

    def brought(self, limit: Timed) -> list[Fee]:
        """What was carried to the limit's time: parts of one age each, of which alike ones make one line."""
        stretch, kept = self.opening(limit), self.carried.get(limit.slot, [])
        assert stretch is not None
        now = [each for each in kept if each[0] < limit.first]
        self.carried[limit.slot] = [each for each in kept if each[0] >= limit.first]
        found: dict[object, Fee] = {}
        lines: dict[object, Fee] = {}
        for _, since, fee, grains in now:
            slot = self.slot_of(fee)
            mine = replace(
                fee, stretch=stretch, kind="carried", origin=limit.name, clause=limit.clause, due=None, left=0
            )
            mine.since, mine.earned = since, fee.earned or fee.stretch
            found.setdefault((slot, since), mine).left += grains
            lines.setdefault(slot, replace(mine, left=0)).left += grains
        for fee in sorted(lines.values(), key=self.place):
            self.add("carried", stretch, fee, limit.clause, limit.name, fee.left)
        return sorted(found.values(), key=lambda fee: (self.place(fee)[0], fee.since, self.place(fee)))

    def slot_of(self, fee: Fee) -> tuple[object, ...]:
        earned = fee.earned or fee.stretch
        sides = tuple(self.sides(earned.first))
        return (fee.payer, fee.payee, fee.payment, fee.metric, fee.band, fee.tier, fee.agent, sides)

    def place(self, fee: Fee) -> tuple[object, ...]:
        """Where what a fee is paid for stands in the contract: payment, metric, band, tier, payer, payee."""
        payments = [one.name for one in self.contract.payments]
        metrics = ["", *(one.name for one in self.contract.every_metric)]
        bands = ["", *(band.name for one in self.contract.bands for band in one.bands)]
        parties = [one.name for one in self.contract.parties]
        tier = self.tier_names(fee.payment).index(fee.tier) if fee.tier else -1
        return (
            payments.index(fee.payment), metrics.index(fee.metric), bands.index(fee.band), tier,
            parties.index(fee.payer), parties.index(fee.payee),
        )  # fmt: skip

    def cut(self, limit: Timed, pool: Sequence[Fee], through: Sequence[Fee]) -> None:
        """Cut `pool`: what was carried forward first. `through` is what the limit has let through that day."""
        row, (way, sharing) = limit.row, self.ways[limit.name]
        earlier = [fee for fee in (*self.done, *through) if row.topped_up or self.in_time(limit, fee.stretch)]
        came = self.came.setdefault(limit, [])
        if row.share_of:
            blocks = [fee for fee in self.done if fee.kind == "advance" and self.in_time(limit, fee.stretch)]
            known = {id(fee) for fee, _ in came}
            came += [(fee, fee.left) for fee in blocks if id(fee) not in known and self.is_past(fee, pool)]
            came += [(fee, fee.left) for fee in pool if self.in_time(limit, fee.stretch)]
        mine = [fee for fee in pool if self.cuts(limit, fee)]
        before = sum(fee.left for fee in earlier if self.under(row, fee))
        first = sorted(
            (fee for fee in mine if fee.kind == "carried"),
            key=lambda fee: (self.place(fee)[0], fee.since, self.place(fee)),
        )
        for together in (first, [fee for fee in mine if fee.kind != "carried"]):
            if not together:
                continue
            most = 0 if row.share_of or row.return_on else self.most(row, self.day_of(together[0]))
            if row.return_on:
                today = self.day_of(together[0])
                most = self.owed(row, today) + sum(
                    fee.left for fee in self.done if self.under(row, fee) and self.day_of(fee) < today
                )
            if row.share_of:
                here = [fee for fee in pool if self.in_time(limit, fee.stretch)]
                most = self.share(row, together, [*earlier, *here], came)
            lefts = [fee.left for fee in together]
            taken = max(0, sum(lefts) - max(0, most - before))
            if sharing == "by clause" or together is first:
                for fee in reversed(together):
                    now = min(taken, fee.left)
                    taken -= now
                    self.take("cap_cut", [fee], now, limit.clause, limit.name)
            else:
                self.take("cap_cut", together, taken, limit.clause, limit.name)
            before += sum(fee.left for fee in together)
            for fee, left in zip(together, lefts, strict=True):
                self.put_by(limit, way, fee, left - fee.left)

    def is_past(self, fee: Fee, pool: Sequence[Fee]) -> bool:
        """Whether a block had been paid by the day of the pool."""
        return not pool or self.day_of(fee) <= self.day_of(pool[0])

    def put_by(self, limit: Timed, way: str, fee: Fee, grains: int) -> None:
        """What was cut of a fee, for those who owe it, or for the next time."""
        if way == "paid":
            takers = self.takers[limit.name]
            names = [one.payer for one in takers] or [self.payers[limit.name]]
            parts = self.by_percentages(takers, grains) if takers else [grains]
            for name, part in zip(names, parts, strict=True):
                owed = replace(fee, payer=name, left=part, agent="", origin=limit.name)
                owed.kind = "taken_over"
                self.beyond.append((owed, limit.name, limit.clause))
        if way == "carried forward" and grains:
            since = fee.since or self.day_of(fee)
            self.carried.setdefault(limit.slot, []).append((limit.first, since, fee, grains))

    def share(
        self, row: nodes.CapRow, now: Sequence[Fee], every: Sequence[Fee], came: Sequence[tuple[Fee, int]]
    ) -> int:
        """The most, in grains, that a share of payments lets what it covers come to by the day of `now`."""
        assert row.share_of
        part, of = self.number(row.amount), row.share_of.payments
        day = self.day_of(now[0])

        def by_then(fee: Fee) -> bool:
            return self.day_of(fee) <= day and self.covers(of, fee)

        if row.share_of.side == "before":
            whole = sum(left for fee, left in came if by_then(fee))
            return (whole * part).numerator // (whole * part).denominator
        others = sum(fee.left for fee in every if by_then(fee) and not self.under(row, fee))
        low, high = 0, int(others * 100) + 100
        while low < high:  # the most that is no more than its part of itself and the others
            middle = (low + high + 1) // 2
            low, high = (middle, high) if middle <= part * (middle + others) else (low, middle - 1)
        return low

    def under(self, row: nodes.CapRow, fee: Fee) -> bool:
        return self.covers(row.covers, fee) and not any(self.covers(out, fee) for out in row.leaves_out)

    def covers(self, chosen: Selection, fee: Fee) -> bool:
        kinds = {one.name: one.kind for one in self.contract.metrics}
        tests = [
            not chosen.payers or fee.payer in chosen.payers,
            not chosen.payees or fee.payee in chosen.payees,
            chosen.kind == "all" or fee.kind == "advance",
            not chosen.by_results or fee.metrics,
            not chosen.metrics or set(fee.metrics) & set(chosen.metrics),
            not chosen.payments or fee.payment in chosen.payments,
            not chosen.metric_kinds or {kinds[one] for one in fee.metrics} & set(chosen.metric_kinds),
            chosen.earned_to is None or (fee.earned or fee.stretch).last <= self.day(chosen.earned_to),
            chosen.earned_from is None or (fee.earned or fee.stretch).first >= self.day(chosen.earned_from),
        ]
        return all(tests)

    # ---------------------------------------------------------- sharing

    def take(self, kind: str, fees: Sequence[Fee], grains: int, clause: str, rule: str) -> None:
        """Take so many grains off the fees, pro rata to what is left of each."""
        if not grains:
            return
        whole = sum(fee.left for fee in fees)
        parts = [grains * fee.left // whole for fee in fees]
        for _ in range(grains - sum(parts)):  # one each to the greatest remainder; the earlier when alike
            owed = [grains * fee.left - part * whole for fee, part in zip(fees, parts, strict=True)]
            parts[owed.index(max(owed))] += 1
        for fee, part in zip(fees, parts, strict=True):
            self.add(kind, fee.stretch, fee, clause, rule, -part)
            fee.left -= part


def _largest_remainder(grains: int, shares: Sequence[Fraction]) -> list[int]:
    """Whole grains pro rata to shares that come to one; one more each to the greatest remainders, the earlier when alike."""
    exact = [grains * one for one in shares]
    parts = [one.numerator // one.denominator for one in exact]
    order = sorted(range(len(shares)), key=lambda at: parts[at] - exact[at])
    for at in order[: grains - sum(parts)]:
        parts[at] += 1
    return parts


def _later(day: dt.date, months: int) -> dt.date:
    """So many months later, on the same day of the month or its last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for at in range(day.day, 0, -1):
        try:
            return dt.date(year, month + 1, at)
        except ValueError:
            continue
    raise ValueError(day)
