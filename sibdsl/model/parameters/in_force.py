"""Values given from outside for particulars and assumptions, and the value of what is written with them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from attrs import field, frozen

from sibdsl import money
from sibdsl.diagnostics import NotGiven
from sibdsl.model.nodes import (
    Amount,
    Arithmetic,
    Assumption,
    Contract,
    Extreme,
    FirstGiven,
    Given,
    Looked,
    Particular,
    RoundedAmount,
    Value,
)

Plain = Fraction | date | str
#: A value for each key, in the order given. Keys are text: numbers in plain digits, days as 2018-03-31.
Keyed = tuple[tuple[str, Fraction], ...]


@frozen
class Settings:
    """What each particular and assumption is worth in this run, by its name in the contract."""

    values: Mapping[str, Plain | Keyed] = field(factory=dict)

    def value(self, amount: Amount) -> Plain:
        """The value of a written amount. Raises NotGiven; columns have no value here and raise TypeError."""
        if isinstance(amount, Value):
            return amount.value
        if isinstance(amount, Given):
            found = self._given(amount.name)
            if isinstance(found, tuple):
                raise TypeError(f"{amount.name} has a value for each key")
            return found
        if isinstance(amount, Looked) and amount.holds is not None:
            return amount.holds
        if isinstance(amount, Arithmetic):
            left, right = self.number(amount.left), self.number(amount.right)
            match amount.op:
                case "plus":
                    return left + right
                case "minus":
                    return left - right
                case "times":
                    return left * right
                case "divided by":
                    return left / right
        if isinstance(amount, Extreme):
            return (min if amount.way == "lower" else max)(self.number(part) for part in amount.parts)
        if isinstance(amount, FirstGiven):
            return self.value(amount.parts[0])  # what is written or given is never blank
        if isinstance(amount, RoundedAmount):
            return money.round_to(self.number(amount.amount), amount.grain, amount.way)
        raise TypeError(type(amount).__name__)

    def taken(self, choice: Assumption) -> Plain:
        """What an assumption takes in this run."""
        found = self.values.get(choice.name, choice.takes)
        return choice.takes if isinstance(found, tuple) else found

    def keyed(self, name: str) -> Keyed:
        """What a particular holds for each key. Raises NotGiven; TypeError when it has one value for all."""
        found = self._given(name)
        if not isinstance(found, tuple):
            raise TypeError(f"{name} has one value for all")
        return found

    def _given(self, name: str) -> Plain | Keyed:
        if name not in self.values:
            raise NotGiven(name)
        return self.values[name]

    def number(self, amount: Amount) -> Fraction:
        """The value as an exact number. Raises TypeError when it is a date or a word."""
        found = self.value(amount)
        if not isinstance(found, Fraction):
            raise TypeError(str(found))
        return found

    def day(self, amount: Amount) -> date:
        """The value as a date. Raises TypeError when it is not one."""
        found = self.value(amount)
        if not isinstance(found, date):
            raise TypeError(str(found))
        return found


@frozen
class ProgrammeSettings:
    """The values of a run: the programme's own, and those of each of its contracts by name."""

    own: Settings
    members: Mapping[str, Settings]

    @classmethod
    def of_one(cls, contract: Contract, settings: Settings) -> ProgrammeSettings:
        """Those of a contract by itself: its own values are the programme's too."""
        return cls(settings, {contract.name: settings})

    def of(self, member: str) -> Settings:
        """The values of one contract."""
        return self.members[member]


def as_written(contract: Contract) -> Settings:
    """The contract's own values: defaults of particulars and what its assumptions take."""
    values: dict[str, Plain | Keyed] = {}
    for particular in contract.particulars:
        if particular.default is not None:
            values[particular.name] = particular.default
    for choice in contract.assumptions:
        values[choice.name] = choice.takes
    return Settings(values)


def adjustable(contract: Contract) -> tuple[Particular | Assumption, ...]:
    """What a caller may set, in the order of the file."""
    return (*contract.particulars, *contract.assumptions)
