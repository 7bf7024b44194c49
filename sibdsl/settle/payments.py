"""What one run pays a contract by itself: its lines, its totals, what is kept, and when it falls due."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property

from attrs import field, frozen

from sibdsl.dates import Period
from sibdsl.diagnostics import Diagnostic
from sibdsl.model.bands_in_force import band_names
from sibdsl.model.bounds import for_each_person
from sibdsl.model.nodes import AnyMetric, Contract
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.periods import Segment, holder, spans, stated
from sibdsl.price import Key, Priced, PricedLine
from sibdsl.price.limits_in_force import every_cap
from sibdsl.records.row_statuses import Account
from sibdsl.settle.adjustments import Stated
from sibdsl.settle.net_payments import BothWays, both_ways, coming_back
from sibdsl.settle.versions import Version


@frozen
class Total:
    """What one payer pays one payee in all."""

    payer: str
    payee: str
    amount: Fraction


@frozen
class KeptBelowNought:
    """What a payment from a payer to a payee came to below nought, kept to be taken from what it comes to later."""

    payment: str
    payer: str
    payee: str
    amount: Fraction


@frozen
class HeldBack:
    """What of a payment from a payer to a payee is held back until its condition is met."""

    payment: str
    payer: str
    payee: str
    amount: Fraction


@frozen
class Payments:
    """One contract's part of a run: the quantities counted or given, its lines, and how the rows of its records were accounted for.

    `warnings` are what was to be told of the records. `within` is how the price graph tells the contract from others that are
    paid together with it; '' by itself.
    """

    contract: Contract
    fingerprint: str
    settings: Settings
    as_of: date
    versions: tuple[Version, ...] = field(repr=False)
    stated: tuple[Stated, ...] = field(repr=False)
    accounts: Mapping[str, Account] = field(factory=dict)
    warnings: tuple[Diagnostic, ...] = field(default=(), repr=False)
    within: str = ""
    #: What later records take back of a payment, its payer and its payee, and has not been taken from later payments yet.
    later: Mapping[tuple[str, str, str], Fraction] = field(factory=dict)
    #: The lines of the same run, were what is disputed accepted; None where nothing is held since it is disputed.
    were_accepted: tuple[PricedLine, ...] | None = field(default=None, repr=False)

    @cached_property
    def lines(self) -> tuple[PricedLine, ...]:
        return tuple(stated_line.priced for stated_line in self.stated)

    @property
    def priced(self) -> Priced:
        """The contract as it stands at the end, priced."""
        return self.versions[-1].priced

    @property
    def quantities(self) -> Mapping[Key, Fraction]:
        """What was counted under the contract as it stands at the end."""
        return self.versions[-1].quantities

    def version_of(self, priced: PricedLine) -> Version:
        """The version of the contract that a line comes from."""
        return next(stated_line.version for stated_line in self.stated if stated_line.priced.id == priced.id)

    def known_for(self, name: str) -> date:
        """The day as of which the statement was made that holds a line; that of the run where there is no such line."""
        version = next(
            (stated_line.version for stated_line in self.stated if stated_line.priced.id == name),
            self.versions[-1],
        )
        following = self.versions[self.versions.index(version) + 1 :]
        known = following[0].known_from if following else None
        return self.as_of if known is None else known - timedelta(days=1)

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The segments that the run states."""
        return stated(self.contract, self.as_of)

    @property
    def priced_segments(self) -> tuple[Segment, ...]:
        """Those that the run states, cut where limits that are shared with other contracts cut them."""
        return stated(self.contract, self.as_of, self.versions[-1].cuts)

    def totals(self) -> tuple[Total, ...]:
        """Each payer's total to each payee, in the order of the parties."""
        sums: dict[tuple[str, str], Fraction] = {}
        for line in self.lines:
            key = (line.line.payer, line.line.payee)
            sums[key] = sums.get(key, Fraction(0)) + line.amount
        order = {party.name: place for place, party in enumerate(self.contract.parties)}
        ranked = sorted(sums, key=lambda key: (order.get(key[0], len(order)), order.get(key[1], len(order))))
        return tuple(Total(payer, payee, sums[payer, payee]) for payer, payee in ranked)

    @cached_property
    def coming_back(self) -> frozenset[tuple[str, str]]:
        """Payers with payees whose payments come back to those who pay them, and are taken off in all."""
        return coming_back(((line.line.payer, line.line.payee), line.line.kind) for line in self.lines)

    @property
    def both_ways(self) -> tuple[BothWays, ...]:
        """What the parties come to who pay each other."""
        return both_ways(
            (((total.payer, total.payee), total.amount) for total in self.totals()), self.coming_back
        )

    def signed(self, priced: PricedLine) -> Fraction:
        """What a line adds to the total of all: what comes back is taken off it."""
        return -priced.amount if (priced.line.payer, priced.line.payee) in self.coming_back else priced.amount

    @property
    def kept(self) -> tuple[KeptBelowNought, ...]:
        """What fell below nought and has not been taken from later payments by the end of the run."""
        values = self.priced.values
        every = (
            kept_amount
            for kept_amount in self.priced.graph.kept.values()
            if kept_amount.contract == self.within
        )
        sums = dict(self.later)
        for kept_amount in every:
            pair = (kept_amount.payment, kept_amount.payer, kept_amount.payee)
            sums[pair] = sums.get(pair, Fraction(0)) + values[kept_amount.amount]
        return tuple(KeptBelowNought(*pair, amount) for pair, amount in sums.items() if amount)

    @property
    def held_back(self) -> tuple[HeldBack, ...]:
        """What is held back by the end of the run: at the end of the statement period stated last."""
        values, found = self.priced.values, []
        for (contract, *_), by_statement in self.priced.graph.held.items():
            stated = [held for period, held in by_statement.items() if period.last <= self.as_of]
            if contract == self.within and stated and values[stated[-1].amount]:
                last = stated[-1]
                found.append(HeldBack(last.payment, last.payer, last.payee, values[last.amount]))
        return tuple(found)

    @property
    def not_applied(self) -> tuple[str, ...]:
        """The clauses with limits for each person, where quantities were given that do not say who earned what."""
        if self.accounts or any(key.withheld for key in self.quantities):
            return ()
        caps = every_cap(self.contract)
        return tuple(cap.name for cap in caps if any(for_each_person(row) for row in cap.rows))

    @property
    def blank(self) -> tuple[tuple[str, str, Period], ...]:
        """What was not there to measure or to divide by, of the stretches stated: metric, band, days. Nothing is paid on it.

        Source: language reference, 'Measured'.
        """
        found: list[tuple[str, str, Period]] = []
        for metric in self.contract.every_metric:
            for days in spans(self.contract, metric.measured):
                place = holder(self.segments, days)
                if place is not None:
                    keys = keys_of(self.contract, metric, place)
                    found += [(key.metric, key.band, days) for key in keys if key not in self.quantities]
        return tuple(found)

    def cash(self) -> tuple[tuple[str, str, Fraction], ...]:
        """What each paying agent pays in cash that another owes: agent, payer, amount."""
        sums: dict[tuple[str, str], Fraction] = {}
        for line in self.lines:
            if line.line.agent and line.line.agent != line.line.payer:
                key = (line.line.agent, line.line.payer)
                sums[key] = sums.get(key, Fraction(0)) + line.amount
        return tuple((*key, amount) for key, amount in sums.items())

    def counted(self) -> tuple[tuple[Key, Fraction], ...]:
        """Every quantity of the stated segments, noughts included, by segment, metric and band.

        Those of metrics that a later variation added to periods stated before it come last.
        """
        found: dict[Key, Fraction] = {}
        for at, version in enumerate(self.versions):
            following = self.versions[at + 1].known_from if at + 1 < len(self.versions) else None
            for key, number in _counted(version, self.as_of):
                last = key.segment.statement.last
                if (version.known_from is None or last >= version.known_from) and (
                    following is None or last < following
                ):
                    found[key] = number
        known = {(key.segment.statement.start, key.metric) for key in found}
        found |= {
            key: number
            for key, number in _counted(self.versions[-1], self.as_of)
            if (key.segment.statement.start, key.metric) not in known
        }
        return tuple(found.items())


def _counted(version: Version, as_of: date) -> Iterator[tuple[Key, Fraction]]:
    for segment in stated(version.contract, as_of):
        for metric in version.contract.every_metric:
            for key in keys_of(version.contract, metric, segment):
                # What does not add up is there where it was measured, and blank elsewhere.
                if metric.measured is None or key in version.quantities:
                    yield key, version.quantities.get(key, Fraction(0))


def keys_of(contract: Contract, metric: AnyMetric, segment: Segment) -> tuple[Key, ...]:
    """The quantities of a metric in a segment: one for each band, or one."""
    return tuple(Key(segment, metric.name, band) for band in band_names(contract, metric) or ("",))
