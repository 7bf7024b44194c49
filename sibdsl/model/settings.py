"""Values given from outside for particulars and assumptions, and the value of what is written with them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from attrs import field, frozen

from sibdsl.model.nodes import Amount, Arithmetic, Assumption, Contract, Given, Particular, Value

Plain = Fraction | date | str


class NotGiven(Exception):
    """A particular without a default was needed and has not been given."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"{name} has not been given")


@frozen
class Settings:
    """What each particular and assumption is worth in this run, by its name in the contract."""

    values: Mapping[str, Plain] = field(factory=dict)

    def value(self, amount: Amount) -> Plain:
        """The value of a written amount. Raises NotGiven; columns have no value here and raise TypeError."""
        if isinstance(amount, Value):
            return amount.value
        if isinstance(amount, Given):
            if amount.name not in self.values:
                raise NotGiven(amount.name)
            return self.values[amount.name]
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
        raise TypeError(type(amount).__name__)

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


def as_written(contract: Contract) -> Settings:
    """The contract's own values: defaults of particulars and what its assumptions take."""
    values: dict[str, Plain] = {}
    for one in contract.particulars:
        if one.default is not None:
            values[one.name] = one.default
    for choice in contract.assumptions:
        values[choice.name] = choice.takes
    return Settings(values)


def adjustable(contract: Contract) -> tuple[Particular | Assumption, ...]:
    """What a caller may set, in the order of the file."""
    return (*contract.particulars, *contract.assumptions)
