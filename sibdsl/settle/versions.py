"""A contract's versions: the contract as it stood from each day on, priced. Source: language reference, 'Variations'."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction

from attrs import evolve, field, frozen

from sibdsl.model.nodes import Contract, Programme, Variation
from sibdsl.model.parameters.in_force import ProgrammeSettings, Settings
from sibdsl.model.periods import segments
from sibdsl.model.variations import agreed_by, in_force
from sibdsl.price import Graph, Key, Priced, build_all, derived, price, shared_cuts

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

    Where the contract is made of what was known, `steps` are it before its variations and after each of them, priced on
    the same quantities: the last is the version itself. `quantities` are in the contract's own segments. `together` is None for a contract that is paid by itself.
    """

    contract: Contract
    known_from: date | None
    variations: tuple[Variation, ...]
    quantities: Mapping[Key, Fraction] = field(repr=False)
    priced: Priced = field(repr=False)
    together: Together | None = field(default=None, repr=False)
    steps: tuple[Version, ...] = field(default=(), repr=False, eq=False)

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


def versions(
    programme: Programme,
    settings: ProgrammeSettings,
    as_of: date,
    counts: Counts,
    graphs: dict[date | None, Graph] | None = None,
) -> dict[str, tuple[Version, ...]]:
    """Every version of the programme that was agreed by `as_of`, in order, by contract. `counts` gives the quantities of one.

    `graphs` keeps the price graphs that were built, by the day from which terms are known, for a run that prices them again.
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
        for name, version in _version(programme, settings, as_of, counts, day, new, graphs).items():
            found[name].append(version)
    return {name: tuple(every) for name, every in found.items()}


def _version(
    programme: Programme,
    settings: ProgrammeSettings,
    as_of: date,
    counts: Counts,
    day: date | None,
    new: tuple[Variation, ...],
    graphs: dict[date | None, Graph] | None,
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
    graph = (graphs or {}).get(day) or build_all(programme, terms, settings)
    if graphs is not None:
        graphs[day] = graph
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
                tuple(line for line in whole.lines if line.line.contract == programme.key(name)),
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
    metrics = {metric.name: metric for metric in terms.every_metric}
    for key, number in quantities.items():
        adds = key.metric not in metrics or metrics[key.metric].measured is None
        day = key.segment.days.start if adds else key.segment.days.last
        segment = next((terms_segment for terms_segment in every if day in terms_segment.days), None)
        if segment is not None and (key.metric in metrics or key.withheld):
            whole = evolve(key, segment=segment)
            found[whole] = found.get(whole, Fraction(0)) + number
    return found
