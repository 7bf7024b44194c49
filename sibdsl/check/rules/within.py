"""The contracts among which a rule is decided: those of a programme. A contract by itself is a programme of one.

A rule is a clause of one contract, and its amounts are those of that contract's own lines; or of the programme, and its
amounts are those of the lines of all its contracts. What these come to may hang on what the other contracts are paid, by the
limits that they share. Source: language reference, 'Rules of a programme'.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from attrs import evolve, frozen

from sibdsl.model.admissible_quantities.at_most import Most
from sibdsl.model.admissible_quantities.implied_by_metrics import Implied
from sibdsl.model.nodes import Contract, Programme
from sibdsl.model.parameters.in_force import ProgrammeSettings, Settings
from sibdsl.model.periods import Segment
from sibdsl.price import Key, shared_cuts


@frozen
class ContractsTogether:
    """The contracts of a programme as varied, by name in the order of their names, with the values of the call."""

    programme: Programme
    terms: Mapping[str, Contract]
    settings: ProgrammeSettings

    @classmethod
    def of_one(cls, contract: Contract, settings: Settings) -> ContractsTogether:
        """A contract by itself."""
        whole = Programme.of_one(contract)
        return cls(whole, {contract.name: contract}, ProgrammeSettings.of_one(contract, settings))

    @property
    def cuts(self) -> frozenset[date]:
        """The days on which limits that the contracts share cut the statement periods of each."""
        return shared_cuts(self.programme, self.terms, self.settings.own)

    def ruled(self, owner: str | None) -> tuple[str, ...]:
        """The contracts whose payments a rule of `owner` speaks of: itself, or all where it is the programme (None)."""
        return tuple(sorted(self.terms)) if owner is None else (owner,)

    def values(self, owner: str | None) -> Settings:
        """What the amounts in a rule of a contract, or of the programme (None), are worth."""
        return self.settings.own if owner is None else self.settings.of(owner)

    def joined(self, quantities: Mapping[str, Mapping[Key, Fraction]]) -> dict[Key, Fraction]:
        """Quantities that are given by contract, by the keys of the price graph."""
        return {
            evolve(key, contract=self.programme.key(name)): number
            for name, mine in quantities.items()
            for key, number in mine.items()
        }

    def by_contract(self, quantities: Mapping[Key, Fraction]) -> dict[str, dict[Key, Fraction]]:
        """The reverse of `joined`: for each contract its own, by the keys of a graph of it alone."""
        return {
            name: {
                evolve(key, contract=""): number
                for key, number in quantities.items()
                if key.contract == self.programme.key(name)
            }
            for name in self.terms
        }


@frozen
class Terms:
    """What one contract says of which quantities can come about, under one set of settings and over its own segments.

    `key` tells its quantities and lines from those of others in the price graph: its name, and '' in a programme of one.
    """

    contract: Contract
    settings: Settings
    segments: tuple[Segment, ...]
    key: str = ""
    implied: tuple[Implied, ...] = ()
    bounds: tuple[Most, ...] = ()

    @property
    def said(self) -> tuple[str, ...]:
        """What can come about, in the form of JSON; in a programme with the contract's name before it."""
        found = [f"to date, {pair.fewer} <= {pair.more}" for pair in self.implied]
        found += [bound.said for bound in self.bounds]
        return tuple(f"{self.key}: {said}" if self.key else said for said in found)


@frozen
class Ruled:
    """What a rule speaks of: its own contract, or every contract of a programme; and what amounts in it are worth."""

    contracts: tuple[Terms, ...]
    settings: Settings

    def of(self, key: str) -> Terms | None:
        """The contract that quantities and lines are told by so, where the rule speaks of it."""
        return next((terms for terms in self.contracts if terms.key == key), None)
