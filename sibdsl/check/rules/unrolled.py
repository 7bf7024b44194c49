"""Contracts unrolled for one rule: those that it speaks of are cut where it tells earlier results from later ones, and nowhere else.

What another rule asks changes nothing here. Source: language reference, 'Rules'.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from attrs import define, evolve, field

from sibdsl.check.rules.affine import Forms
from sibdsl.check.rules.exact import met
from sibdsl.check.rules.horizons import AffineSides, occasions_of, sides_of
from sibdsl.check.rules.within import ContractsTogether, Ruled, Terms
from sibdsl.dates import Period
from sibdsl.model.admissible_quantities.at_most import bounds
from sibdsl.model.admissible_quantities.implied_by_metrics import implied
from sibdsl.model.nodes import AnyMetric, Contract, Extreme, Paid, Rule
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.periods import Segment, segments, selection_cuts
from sibdsl.price import Key, Priced, build_all, price
from sibdsl.price.derived_metrics import derived
from sibdsl.price.graph import Graph, VerifiedQuantity

#: The days on which segments are cut for a rule, by contract; those that are not cut are left out.
Cuts = Mapping[str, frozenset[date]]


def cuts_of(together: ContractsTogether, owner: str | None, rule: Rule) -> Cuts:
    """The days at which a rule of a contract, or of the programme (None), tells earlier results from later ones.

    At these its tests begin and end too. Only those that part a segment of a contract: the others change nothing.
    """
    found = {
        day
        for horizon in occasions_of(together, owner, rule)
        for day in (horizon.days.start, horizon.days.end)
    }
    for amount in sides_of(rule.requires):
        if isinstance(amount, Paid):
            found |= selection_cuts(amount.selection, together.values(owner))
    cut: dict[str, frozenset[date]] = {}
    for name in together.ruled(owner):
        every = segments(together.terms[name], together.cuts)
        parting = frozenset(
            day for day in found if any(segment.days.start < day < segment.days.end for segment in every)
        )
        if parting:
            cut[name] = parting
    return cut


def bends(rule: Rule) -> bool:
    """Whether the rule itself takes the least or greatest of amounts, which adds steps to the graph."""
    return any(isinstance(amount, Extreme) for amount in sides_of(rule.requires))


@define
class Unrolled:
    """The price graph of contracts that are paid together, with what proofs of a rule need of it.

    The rule is a clause of the contract `owner`, or of the programme (None). The periods of a contract are cut at its `cuts`.
    """

    together: ContractsTogether
    owner: str | None
    cuts: Cuts = field(factory=dict)
    graph: Graph = field(init=False)
    forms: Forms = field(init=False)
    sides: AffineSides = field(init=False)
    #: What every contract says of which quantities can come about, by the order of their names.
    contracts: tuple[Terms, ...] = field(init=False)
    #: What the rule speaks of.
    ruled: Ruled = field(init=False)
    _priced: dict[frozenset[tuple[Key, Fraction]], Priced] = field(factory=dict)

    @classmethod
    def of_one(cls, contract: Contract, settings: Settings) -> Unrolled:
        """A contract by itself, cut by no rule."""
        return cls(ContractsTogether.of_one(contract, settings), contract.name)

    def __attrs_post_init__(self) -> None:
        together = self.together
        self.graph = build_all(together.programme, together.terms, together.settings, self.cuts)
        self.contracts = tuple(self._terms(name) for name in sorted(together.terms))
        names = together.ruled(self.owner)
        self.ruled = Ruled(
            tuple(terms for terms in self.contracts if terms.contract.name in names),
            together.values(self.owner),
        )
        for terms in self.contracts:  # each has a step, whatever is paid for it, before anything is priced
            for metric in terms.contract.every_metric:
                for segment in terms.segments:
                    for key in keys(terms, metric, segment):
                        self.graph.add(VerifiedQuantity(key))
        self.forms = Forms(self.graph)
        self.sides = AffineSides(self.ruled, self.forms)

    def _terms(self, name: str) -> Terms:
        contract, settings = self.together.terms[name], self.together.settings.of(name)
        every = segments(contract, self._cuts_of(name))
        return Terms(
            contract,
            settings,
            every,
            self.together.programme.key(name),
            implied(contract),
            bounds(contract, settings, every),
        )

    def _cuts_of(self, name: str) -> frozenset[date]:
        return self.together.cuts | self.cuts.get(name, frozenset())

    def placed(self, quantities: Mapping[Key, Fraction]) -> dict[Key, Fraction]:
        """Quantities of the contracts' own segments in these: each in the one that holds its first day.

        What does not add up lies in the one that holds the last day of its stretch.
        """
        found: dict[Key, Fraction] = {}
        for terms in self.contracts:
            mine = {key: number for key, number in quantities.items() if key.contract == terms.key}
            found |= _placed(terms, mine)
        return found

    def priced(self, quantities: Mapping[Key, Fraction]) -> Priced:
        """Quantities priced exactly, once, as `sib price` prices them: metrics are worked out, what is not named is not there.

        Raises Unpriceable as `price` does.
        """
        named = frozenset(quantities.items())
        if named not in self._priced:
            mine = self.together.by_contract(self.placed(quantities))
            every = {
                name: derived(
                    contract, self.together.settings.of(name), mine[name], None, self._cuts_of(name)
                )
                for name, contract in self.together.terms.items()
            }
            self._priced[named] = price(self.graph, self.together.joined(every))
        return self._priced[named]

    def meets(self, rule: Rule, days: Period, quantities: Mapping[Key, Fraction]) -> bool:
        """Whether the rule is met in those days, by pricing the quantities exactly. Raises NotTested and Unpriceable."""
        values = self.priced(quantities).values
        return met(self.ruled, self.graph, values, rule.requires, days)

    def statement_of(self, terms: Terms, segment: Segment) -> Segment:
        """A contract's segment as it is priced, for which a file gives one number of each metric."""
        every = segments(terms.contract, self.together.cuts)
        return next(other_segment for other_segment in every if segment.days.start in other_segment.days)


def _placed(terms: Terms, quantities: Mapping[Key, Fraction]) -> dict[Key, Fraction]:
    """Quantities of one contract, each in one of its segments here."""
    if all(key.segment in terms.segments for key in quantities):
        return dict(quantities)
    measured = {metric.name for metric in terms.contract.every_metric if metric.measured is not None}
    found: dict[Key, Fraction] = {}
    for key, number in quantities.items():
        day = key.segment.days.last if key.metric in measured else key.segment.days.start
        segment = next(one for one in terms.segments if day in one.days)
        place = evolve(key, segment=segment)
        found[place] = found.get(place, Fraction(0)) + number
    return found


def keys(terms: Terms, metric: AnyMetric, segment: Segment) -> tuple[Key, ...]:
    """The quantities of a metric in a segment: one for each band, or one."""
    names = next(
        (
            tuple(band.name for band in bands.bands)
            for bands in terms.contract.bands
            if bands.name == metric.bands
        ),
        ("",),
    )
    return tuple(Key(segment, metric.name, name, terms.key) for name in names)
