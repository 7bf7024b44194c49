"""The most that payments can come to, whatever is counted: rates times the most that some records could produce.

An upper bound, never more than proved: nothing where the text does not bound the quantities. How many there can be is asked
of `model.admissible_quantities`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import assert_never

from attrs import define, frozen

from sibdsl.check.possible_lines import Advanced, Paying, advances, paying
from sibdsl.diagnostics import NotGiven, Unpriceable
from sibdsl.model.admissible_quantities.at_most import Most, bounds, of_one_person
from sibdsl.model.admissible_quantities.below_nought import Place, Signs, fall_below
from sibdsl.model.admissible_quantities.bounds import Bounds
from sibdsl.model.admissible_quantities.implied_by_metrics import implied
from sibdsl.model.bounds import InAll, bound
from sibdsl.model.nodes import (
    AllUnits,
    Amount,
    Cap,
    CapRow,
    Contract,
    Formula,
    Rate,
    Regular,
    Tier,
    Tiered,
    ToDate,
)
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.periods import Segment, makes_lines, occasions, regular_dues, segments
from sibdsl.model.workings import metrics_in
from sibdsl.price.builder import units_of
from sibdsl.price.earned import paid_at_all
from sibdsl.price.limits_in_force import every_cap
from sibdsl.price.selected_lines import limited
from sibdsl.price.shared_payments import fixed_part, percentages

#: A quantity that pays: a band ('' where there are none) in a segment.
Cell = tuple[str, Segment]
_NOUGHT = Fraction(0)


@frozen
class MostPaid:
    """The most that some payments come to, and what says that their quantities are no more than that.

    `slack` is what rounding may add.
    """

    amount: Fraction = _NOUGHT
    why: tuple[Most, ...] = ()
    slack: Fraction = _NOUGHT

    def __add__(self, other: MostPaid) -> MostPaid:
        why = tuple(dict.fromkeys((*self.why, *other.why)))
        return MostPaid(self.amount + other.amount, why, self.slack + other.slack)

    @property
    def in_all(self) -> Fraction:
        """The most, with all that rounding may add."""
        return self.amount + self.slack


@define
class GreatestPayments:
    """What the lines of a contract can come to at most. With `each_person`, what one person's results can."""

    contract: Contract
    settings: Settings
    lines: tuple[Paying, ...]
    blocks: tuple[Advanced, ...]
    _most: Mapping[str, tuple[Most, ...]]
    _signs: Signs
    _below: frozenset[str]
    _every: tuple[Segment, ...]

    @classmethod
    def of_contract(
        cls, contract: Contract, settings: Settings, *, each_person: bool = False
    ) -> GreatestPayments:
        """For all that can be counted; or, `each_person`, for what one person can bring about."""
        every = segments(contract)
        found: dict[str, tuple[Most, ...]] = {}
        several = of_one_person(contract, every) if each_person else ()
        for most in (*several, *bounds(contract, settings, every)):
            found[most.metric] = (*found.get(most.metric, ()), most)
        whole = frozenset(every)
        for pair in implied(contract):  # to date, so in all: as many of the fewer as of the more
            known = [one for one in found.get(pair.more, ()) if one.band == "" and one.segments == whole]
            if known:
                least = min(known, key=lambda one: one.most)
                follows = Most(pair.fewer, "", whole, least.most, f"{pair.why}; {least.why}")
                found[pair.fewer] = (*found.get(pair.fewer, ()), follows)
        return cls(
            contract,
            settings,
            tuple(paying(contract)),
            tuple(block for block in advances(contract, settings) if block.line is not None),
            found,
            Signs(contract, settings),
            fall_below(contract),
            every,
        )

    # -------------------------------------------------------------- lines

    def of(self, chosen: Collection[int]) -> MostPaid | None:
        """What the lines of these places can come to, as they are earned; None where nothing bounds them."""
        cells: dict[str, dict[Cell, Fraction]] = {}
        terms: dict[tuple[int, str], list[Paying]] = {}
        slack = _NOUGHT
        for at in chosen:
            one = self.lines[at]
            if one.payment.needs_to_be != "given" and not paid_at_all(one.payment, self.settings):
                continue
            if self._below.intersection(one.line.metrics) or one.payment.interest is not None:
                return None
            if isinstance(one.rate, Rate):
                part = self.part_of(one)
                rate = self.settings_number(one.rate.amount)
                if rate is None or part is None:
                    return None
                slack += self._slack(rate * part)
                mine = cells.setdefault(one.rate.metric, {})
                for band in self._bands(one.rate.metric, one.rate.band):
                    cell = band, one.line.segment
                    mine[cell] = mine.get(cell, _NOUGHT) + rate * part
            else:
                terms.setdefault((id(one.rate), one.line.payer), []).append(one)
        found = MostPaid(slack=slack)
        for metric, weights in cells.items():
            more = self._of_cells(metric, weights)
            if more is None:
                return None
            found += more
        for lines in terms.values():
            whole = self._of_term(lines)
            part = self.part_of(lines[0])
            if whole is None or part is None:
                return None
            found += MostPaid(whole.amount * part, whole.why, whole.slack + self._grain * len(lines))
        return found

    def part_of(self, one: Paying) -> Fraction | None:
        """The share of its payment that the payer of a line pays at most; None while it has not been given."""
        payers = one.rate.payers
        if not payers.shares:
            return Fraction(1)
        try:
            parts = percentages(payers, self.settings)
        except (NotGiven, Unpriceable):
            return None
        if not parts:  # in amounts: all of it, at most
            return Fraction(1)
        mine = (
            part for share, part in zip(payers.shares, parts, strict=True) if share.payer == one.line.payer
        )
        return sum(mine, _NOUGHT)

    def advanced(self, blocks: Iterable[Advanced]) -> Fraction | None:
        """What these block advances pay; None while a sum of them has not been given."""
        total = _NOUGHT
        for block in blocks:
            whole = self.settings_number(block.advance.amount)
            if whole is None:
                return None
            if block.advance.shares is not None:
                try:
                    whole = fixed_part(
                        block.advance.shares, block.advance.payer, whole, self.settings, self._grain
                    )
                except (NotGiven, Unpriceable):
                    return None
            total += whole
        return total

    def within_limits(self, chosen: Collection[int], blocks: Collection[Advanced] = ()) -> MostPaid | None:
        """What the lines and blocks can come to once limits have cut them: a limit that all lose by counts whole, a block too."""
        rest, found = set(chosen), MostPaid()
        for cap in every_cap(self.contract):
            for row in cap.rows:
                if (kept := self._kept(cap, row, rest)) is not None:
                    mine, most = kept
                    direct = self.of(mine)
                    if mine and (direct is None or most < direct.amount):
                        rest -= mine
                        found += MostPaid(most)
        left, paid = self.of(rest), self.advanced(blocks)
        return None if left is None or paid is None else found + left + MostPaid(paid)

    def _kept(self, cap: Cap, row: CapRow, among: set[int]) -> tuple[set[int], Fraction] | None:
        """The lines among these that a limit keeps within a sum in all its times together, and that sum."""
        match bound(row):
            case InAll(amount=amount) if cap.excess.way != "paid":
                most = self.settings_number(amount)
            case _:
                return None
        if most is None or cap.applies.first is not None or cap.applies.last is not None:
            return None
        times = occasions(self.contract, row.scope)
        try:
            mine = {at for at in among if limited(self.contract, self.settings, row, self.lines[at].line)}
        except NotGiven:
            return None
        inside = {
            at
            for at in mine
            if any(
                days.start <= self.lines[at].line.segment.days.start
                and self.lines[at].line.segment.days.end <= days.end
                for days in times
            )
        }
        return inside, most * len(times)

    # -------------------------------------------------------------- quantities

    def quantity(self, metric: str, band: str, among: Iterable[Segment]) -> MostPaid | None:
        """The most of a metric (of a band; '' is all) in those segments; its amount is a number of units."""
        weights = {(one, segment): Fraction(1) for segment in among for one in self._bands(metric, band)}
        return self._of_cells(metric, weights)

    def _of_cells(self, metric: str, weights: Mapping[Cell, Fraction]) -> MostPaid | None:
        """The most that quantities come to, each times its weight: by every bound that holds all of them, or band by band."""
        every = self._most.get(metric, ())
        never = [most for most in every if most.most == 0]
        cells = {
            cell: weight
            for cell, weight in weights.items()
            if weight > 0 and not any(most.holds(metric, *cell) for most in never)
        }
        if not cells:
            return MostPaid(
                why=tuple(most for most in never if any(most.holds(metric, *cell) for cell in weights))
            )
        heaviest = max(cells.values())
        choices = [
            MostPaid(most.most * heaviest, (most,))
            for most in every
            if all(most.holds(metric, *cell) for cell in cells)
        ]
        bands = {band for band, _ in cells}
        if len(bands) > 1:
            parts = [
                self._of_cells(metric, {cell: weight for cell, weight in cells.items() if cell[0] == band})
                for band in sorted(bands)
            ]
            if all(part is not None for part in parts):
                choices.append(sum((part for part in parts if part is not None), MostPaid()))
        return min(choices, key=lambda choice: choice.amount, default=None)

    def _bands(self, metric: str, band: str) -> tuple[str, ...]:
        if band:
            return (band,)
        wanted = next((one.bands for one in self.contract.every_metric if one.name == metric), "")
        held = next((bands for bands in self.contract.bands if bands.name == wanted), None)
        return ("",) if held is None else tuple(one.name for one in held.bands)

    # -------------------------------------------------------------- terms

    def _of_term(self, lines: list[Paying]) -> MostPaid | None:
        """All that a term that is no plain rate can come to over these lines of it."""
        term = lines[0].rate
        match term:
            case Rate():
                raise TypeError(term)  # rates are added up by the quantities that they share
            case Regular():
                amount = self.settings_number(term.amount)
                dues = sum(
                    len(regular_dues(self.contract, one.payment, term, one.line.segment)) for one in lines
                )
                return None if amount is None else MostPaid(max(amount, _NOUGHT) * dues)
            case ToDate():
                return self._held(term.amount, term.least, term.most)
            case Formula():
                times = sum(
                    makes_lines(self.contract, one.payment, term, self._every, one.line.segment)
                    for one in lines
                )
                once = self._held(term.amount, term.least, None)
                if once is None:
                    return None
                factors = [self.settings_number(factor.amount) for factor in term.factors]
                if None in factors:
                    return None
                by = max((one for one in factors if one is not None), default=Fraction(1))
                return MostPaid(once.amount * max(by, Fraction(1)) * times, once.why)
            case Tiered() | AllUnits():
                return self._of_tiers(term, lines)
            case _:
                assert_never(term)

    def _held(self, amount: Amount, least: Amount | None, most: Amount | None) -> MostPaid | None:
        """What an amount comes to, not below the least and not above the most."""
        why: list[Most] = []
        _, high = self._signs.bounds(amount, dict(self._known(metrics_in(self.contract, amount), why)))
        ceiling = None if most is None else self.settings_number(most)
        known = [one for one in (high, ceiling) if one is not None]
        if not known:
            return None
        floor = _NOUGHT if least is None else self.settings_number(least)
        return None if floor is None else MostPaid(max(floor, min(known)), tuple(why))

    def _known(self, names: Collection[str], why: list[Most]) -> Iterator[tuple[Place, Bounds]]:
        for metric in self.contract.every_metric:
            if metric.name not in names or metric.name in self._below or metric.measured is not None:
                continue
            for band in dict.fromkeys(("", *self._bands(metric.name, ""))):
                found = self.quantity(metric.name, band, self._every)
                if found is not None:
                    why += found.why
                    yield ("metric", metric.name, band), (_NOUGHT, found.amount)

    def _of_tiers(self, term: Tiered | AllUnits, lines: list[Paying]) -> MostPaid | None:
        tiers = self._tiers(term.tiers)
        if tiers is None:
            return None
        among = [one.line.segment for one in lines]
        found = MostPaid()
        for days in occasions(self.contract, term.scope):
            mine = [one for one in among if days.start <= one.days.start and one.days.end <= days.end]
            if not mine:
                continue
            units = self.quantity(term.metric, term.band, mine)
            more = _in_tiers(tiers, None if units is None else units.amount, whole=isinstance(term, AllUnits))
            if more is None:
                return None
            found += MostPaid(more, () if units is None else units.why)
        in_all = self.quantity(term.metric, term.band, among)
        if in_all is not None:
            highest = max((rate for _, rate in tiers), default=_NOUGHT)
            if in_all.amount * highest < found.amount:
                return MostPaid(in_all.amount * highest, in_all.why)
        return found

    def _tiers(self, tiers: tuple[Tier, ...]) -> list[tuple[Fraction | None, Fraction]] | None:
        """Units and rate of each tier; units None are all further ones."""
        found: list[tuple[Fraction | None, Fraction]] = []
        for tier in tiers:
            rate = self.settings_number(tier.amount)
            try:
                units = units_of(tier, self.settings)
            except (NotGiven, Unpriceable, TypeError, ZeroDivisionError):
                return None
            if rate is None:
                return None
            found.append((units, max(rate, _NOUGHT)))
        return found

    # -------------------------------------------------------------- amounts

    @property
    def _grain(self) -> Fraction:
        return self.contract.rounding.grain or Fraction(1, 100)

    def _slack(self, amount: Fraction) -> Fraction:
        """What rounding may add to a line of so much for each: nothing where that is in whole pennies."""
        return _NOUGHT if amount % self._grain == 0 else self._grain

    def settings_number(self, amount: Amount) -> Fraction | None:
        """What an amount is worth; None while something in it has not been given."""
        try:
            return self.settings.number(amount)
        except (NotGiven, TypeError, ZeroDivisionError):
            return None


def _in_tiers(
    tiers: list[tuple[Fraction | None, Fraction]], units: Fraction | None, *, whole: bool
) -> Fraction | None:
    """What so many units come to at most in tiers, or in rates for all of them (`whole`); None where it has no end."""
    best, below, total = _NOUGHT, _NOUGHT, _NOUGHT
    for size, rate in tiers:
        end = None if size is None else below + size
        reached = units if end is None else end if units is None else min(end, units)
        if reached is None:
            if rate > 0:
                return None
            continue
        if reached > below:
            best = max(best, reached * rate)
            total += (reached - below) * rate
        below = reached
    return best if whole else total
