"""What assumptions and particulars come to in a run, in words."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from sibdsl import money
from sibdsl.dates import long
from sibdsl.diagnostics import NotGiven
from sibdsl.english import with_unit
from sibdsl.model.bands_in_force import boundary_kind
from sibdsl.model.nodes import Amount, Assumption, Contract, Programme
from sibdsl.model.parameters.in_force import Keyed, Plain, Settings


def given_said(given: Plain | Keyed, kind: str, currency: str) -> str:
    """A value that was given: `1 April 2016`, `in units`, `£2,500`; of one for each key `CCG: £2,500, MHEP: £700`."""
    match given:
        case tuple():
            return ", ".join(f"{key}: {with_unit(number, kind, currency)}" for key, number in given)
        case date():
            return long(given)
        case Fraction():
            return with_unit(given, kind, currency)
        case str():
            return given


def taken_said(
    contract: Contract | Programme, settings: Settings, choice: Assumption, *, unit: bool = True
) -> str:
    """What an assumption takes in this run: a date, a basis, or the band that holds a boundary, `16 hours in From 16`.

    Without its `unit` the boundary is a bare number, `16 in From 16`, as the head of a check has it.
    """
    taken = settings.taken(choice)
    if choice.point is None or not isinstance(contract, Contract):
        return given_said(taken, choice.kind, contract.currency)
    kind = boundary_kind(contract, str(taken))
    point = with_unit(choice.point, kind, contract.currency) if unit else money.number(choice.point)
    return f"{point} in {taken}"


def day_said(day: Amount, settings: Settings, missing: str = "") -> str:
    """A day in this run; while something in it has not been given its name, and `missing` after that."""
    try:
        return long(settings.day(day))
    except NotGiven as error:
        return f"{error.name}{missing}"
