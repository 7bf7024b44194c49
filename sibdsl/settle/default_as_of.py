"""The day as of which a run is, unless one is given. Source: commands reference, 'sib pay'; language reference, 'The as-of date'."""

from __future__ import annotations

from datetime import date

from sibdsl.model.nodes import Contract, Programme
from sibdsl.model.parameters.in_force import ProgrammeSettings, Settings
from sibdsl.model.periods import segments
from sibdsl.model.variations import in_force


def default_as_of(programme: Programme, settings: ProgrammeSettings, today: date) -> tuple[date, str]:
    """The earlier of today and the last day of all contracts, and which of the two it is, in words. Raises NotGiven."""
    last = last_day(programme, settings)
    return (today, "today") if today < last[0] else last


def last_day(programme: Programme, settings: ProgrammeSettings) -> tuple[date, str]:
    """The day by which every period of every contract is stated, and every variation is agreed; and which day it is, in words.

    Raises NotGiven.
    """
    last_days = [(*_last_of(member, settings.of(member.name)), member.name) for member in programme.members]
    day, why, name = max(last_days, key=lambda last: last[0])
    return day, why if programme.alone else f"{why} of {name}"


def whole_term(contract: Contract, settings: Settings) -> date:
    """That day of a contract by itself. Raises NotGiven."""
    return _last_of(contract, settings)[0]


def _last_of(contract: Contract, settings: Settings) -> tuple[date, str]:
    last = segments(in_force(contract, settings))[-1].statement.last
    agreed = max((settings.day(variation.agreed) for variation in contract.variations), default=last)
    if agreed > last:
        return agreed, "the day on which the last variation was agreed"
    return last, "the last day of the payment period"
