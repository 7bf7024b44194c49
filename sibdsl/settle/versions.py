"""A contract's versions: what each statement was made under, and what a variation that reaches back adds to a later one.

A statement is made under the contract as varied by what was agreed by its last day. When a variation is agreed later and
changes a period stated before, the difference is an adjustment in the first statement that ends on or after that day;
when there is none, in a statement of its own that ends on that day. Source: language reference, 'Variations'.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from fractions import Fraction

from attrs import evolve, field, frozen

from sibdsl.dates import Period
from sibdsl.model.nodes import Contract, Programme, Variation
from sibdsl.model.parameters.in_force import ProgrammeSettings, Settings
from sibdsl.model.periods import Segment, segments, statements
from sibdsl.model.variations import agreed_by, in_force
from sibdsl.price import Key, Priced, PricedLine, build_all, derived, price, shared_cuts
from sibdsl.price.graph import Line
from sibdsl.price.provenance import Adjusted

#: The quantities of one contract, by name and as varied, in segments cut at the days given.
Counts = Callable[[str, Contract, frozenset[date]], Mapping[Key, Fraction]]


@frozen
class Together:
    """What a version of a contract was priced with: the programme, its own settings, and its contracts as they stood then.

    `quantities` are those of all contracts as the price graph knows them: by contract, in periods cut at `cuts`.
    """

    programme: Programme
    settings: Settings
    members: Mapping[str, Contract] = field(repr=False)
    quantities: Mapping[Key, Fraction] = field(repr=False)
    cuts: frozenset[date] = field(repr=False)


@frozen
class Version:
    """A contract from a day on (the first from ever), with the variations that made it, priced as of the run's day.

    `quantities` are in the contract's own segments. `together` is None for a contract that is paid by itself.
    """

    contract: Contract
    known_from: date | None
    variations: tuple[Variation, ...]
    quantities: Mapping[Key, Fraction] = field(repr=False)
    priced: Priced = field(repr=False)
    together: Together | None = field(default=None, repr=False)

    @property
    def cuts(self) -> frozenset[date]:
        """The days on which limits that are shared with other contracts cut the contract's segments."""
        return frozenset() if self.together is None else self.together.cuts

    @property
    def unknowns(self) -> Mapping[Key, Fraction]:
        """The quantities by the keys of the price graph, those of other contracts in it among them."""
        return self.quantities if self.together is None else self.together.quantities

    @property
    def counted(self) -> Mapping[Key, Fraction]:
        """The contract's own quantities in the segments in which they were priced."""
        if self.together is None:
            return self.quantities
        mine = {key: number for key, number in self.unknowns.items() if key.contract == self.contract.name}
        return {evolve(key, contract=""): number for key, number in mine.items()}


@frozen
class Stated:
    """One line as stated, with the version that it comes from; an adjustment comes from the later of two."""

    one: PricedLine
    version: Version


def versions(
    programme: Programme, settings: ProgrammeSettings, as_of: date, counts: Counts
) -> dict[str, tuple[Version, ...]]:
    """Every version of the programme that was agreed by `as_of`, in order, by contract. `counts` gives the quantities of one.

    Raises NotGiven and Unpriceable as `price.build` does, and NotGiven for a date of a variation.
    """
    agreed = [
        (settings.of(member.name).day(variation.agreed), variation)
        for member in programme.members
        for variation in agreed_by(member, settings.of(member.name), as_of)
    ]
    found: dict[str, list[Version]] = {member.name: [] for member in programme.members}
    days: list[date | None] = [None, *sorted({day for day, _ in agreed})]
    for day in days:
        new = tuple(variation for known, variation in agreed if known == day)
        for name, version in _version(programme, settings, as_of, counts, day, new).items():
            found[name].append(version)
    return {name: tuple(every) for name, every in found.items()}


def _version(
    programme: Programme,
    settings: ProgrammeSettings,
    as_of: date,
    counts: Counts,
    day: date | None,
    new: tuple[Variation, ...],
) -> dict[str, Version]:
    """Each contract as it stood from a day on (None is as signed), out of one graph."""
    terms = {
        member.name: evolve(member, variations=())
        if day is None
        else in_force(member, settings.of(member.name), day)
        for member in programme.members
    }
    cuts = shared_cuts(programme, terms, settings.own)
    unknowns: dict[Key, Fraction] = {}
    own: dict[str, Mapping[Key, Fraction]] = {}
    for name, contract in terms.items():
        counted = {
            key: number
            for key, number in counts(name, contract, cuts).items()
            if key.segment.statement.last <= as_of
        }
        counted = derived(contract, settings.of(name), counted, as_of, cuts)
        unknowns |= {evolve(key, contract=programme.key(name)): number for key, number in counted.items()}
        own[name] = in_segments(contract, counted) if cuts else counted
    graph = build_all(programme, terms, settings)
    whole = price(graph, unknowns, as_of)
    together = None if programme.alone else Together(programme, settings.own, terms, unknowns, cuts)
    return {
        name: Version(
            contract,
            day,
            new,
            own[name],
            Priced(
                graph,
                whole.values,
                tuple(one for one in whole.lines if one.line.contract == programme.key(name)),
            ),
            together,
        )
        for name, contract in terms.items()
    }


def in_segments(
    terms: Contract, quantities: Mapping[Key, Fraction], cuts: frozenset[date] = frozenset()
) -> dict[Key, Fraction]:
    """Quantities in the segments of one version, which may be cut otherwise: each in the one that holds its first day.

    What does not add up lies in the one that holds the last day of its span.
    """
    every = segments(terms, cuts)
    found: dict[Key, Fraction] = {}
    metrics = {one.name: one for one in terms.every_metric}
    for key, number in quantities.items():
        adds = key.metric not in metrics or metrics[key.metric].measured is None
        day = key.segment.days.start if adds else key.segment.days.last
        segment = next((one for one in every if day in one.days), None)
        if segment is not None and (key.metric in metrics or key.withheld):
            whole = evolve(key, segment=segment)
            found[whole] = found.get(whole, Fraction(0)) + number
    return found


def stated(every: tuple[Version, ...], as_of: date) -> tuple[Stated, ...]:
    """All lines stated by `as_of`, numbered L1, L2, ... in the order of statements, then of clauses."""
    placed: list[tuple[date, int, Stated]] = []
    for at, version in enumerate(every):
        following = every[at + 1].known_from if at + 1 < len(every) else None
        placed += [
            (one.line.segment.statement.start, 0, Stated(one, version))
            for one in version.priced.lines
            if _made(version, following, one.line.stated_on)
        ]
        if at:
            found = _adjustments(every[at - 1], version)
            placed += [(one.one.line.segment.statement.start, 1, one) for one in found]
    placed = [
        each
        for each in placed
        if each[2].one.line.kind != "adjustment" or each[2].one.line.segment.statement.last <= as_of
    ]
    placed.sort(key=lambda each: each[:2])
    return tuple(
        Stated(evolve(each.one, id=f"L{number}"), each.version)
        for number, (_, _, each) in enumerate(placed, start=1)
    )


def _made(version: Version, following: date | None, day: date) -> bool:
    return (version.known_from is None or day >= version.known_from) and (
        following is None or day < following
    )


def _adjustments(before: Version, after: Version) -> list[Stated]:
    """What a version makes of everything stated before it, less what the version before made of it.

    Where what was stated is left as it is, that is what a part of a sum by days comes to that a variation ends: it would
    have fallen due before the variation was agreed, and was not stated.
    """
    known = after.known_from
    if known is None:
        return []
    left = all(one.stated == "left as stated" for one in after.variations)
    statement = _next_statement(after.contract, known)
    sums: dict[tuple[date, str, str, str, str, str], Fraction] = {}
    periods: dict[date, Period] = {}
    agents: dict[tuple[date, str, str, str, str, str], str] = {}
    for version, sign in ((after, 1), (before, -1)):
        for one in version.priced.lines:
            line = one.line
            if line.stated_on < known and (not left or line.due is not None):
                start = line.segment.statement.start
                periods.setdefault(start, line.segment.statement)
                key = (start, line.payer, line.payee, line.payment, line.metric, line.band)
                agents.setdefault(key, line.agent)
                sums[key] = sums.get(key, Fraction(0)) + sign * one.amount
    by = after.variations[-1]
    order = {key: at for at, key in enumerate(sums)}
    return [
        Stated(
            PricedLine(
                "",
                Line(
                    "adjustment", Segment(periods[start], statement), payer, payee, by.clause, payment, metric, band,
                    None, None, 0, by.name, agent=agents[key], span=by.span, provenance=Adjusted(by),
                ),
                amount,
                None,
                amount,
            ),
            after,
        )
        for key, amount in sorted(sums.items(), key=lambda each: (each[0][0], order[each[0]]))
        if (amount > 0 if left else amount)
        for start, payer, payee, payment, metric, band in [key]
    ]  # fmt: skip


def _next_statement(contract: Contract, known: date) -> Period:
    for period in statements(contract):
        if period.last >= known:
            return period
    return Period(contract.payment_period.end, known + timedelta(days=1))
