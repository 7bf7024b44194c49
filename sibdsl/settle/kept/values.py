"""The values of a run's particulars and assumptions as JSON of its folder, and back, exactly as they were."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import assert_never

from sibdsl.model.nodes import Programme
from sibdsl.model.parameters.in_force import Keyed, Plain, ProgrammeSettings, Settings
from sibdsl.settle.kept.untrusted import BrokenRun, HeldJson


def to_json(programme: Programme, settings: ProgrammeSettings) -> dict[str, object]:
    """The programme's own values, and those of each contract by name."""
    return {
        "own": _settings(settings.own),
        "contracts": {member.name: _settings(settings.of(member.name)) for member in programme.members},
    }


def _settings(settings: Settings) -> dict[str, object]:
    return {name: _value(value) for name, value in sorted(settings.values.items())}


def _value(value: Plain | Keyed) -> dict[str, object]:
    match value:
        case Fraction():
            return {"number": str(value)}
        case date():
            return {"day": value.isoformat()}
        case str():
            return {"text": value}
        case tuple():
            return {"by_key": [[key, str(number)] for key, number in value]}
    assert_never(value)


def from_json(held: HeldJson) -> ProgrammeSettings:
    """The values read. Raises BrokenRun."""
    contracts = held["contracts"]
    return ProgrammeSettings(
        _read(held["own"]), {name: _read(contracts[name]) for name in contracts.fields()}
    )


def _read(held: HeldJson) -> Settings:
    values: dict[str, Plain | Keyed] = {name: _plain(held[name]) for name in held.fields()}
    return Settings(values)


def _plain(held: HeldJson) -> Plain | Keyed:
    fields: Mapping[str, object] = held.fields()
    match [*fields]:
        case ["number"]:
            return held["number"].fraction()
        case ["day"]:
            return held["day"].day()
        case ["text"]:
            return held["text"].text()
        case ["by_key"]:
            return tuple(_pair(pair) for pair in held["by_key"].each())
    raise BrokenRun(f"{held.place} is no value")


def _pair(held: HeldJson) -> tuple[str, Fraction]:
    parts = [*held.each()]
    if len(parts) != 2:
        raise BrokenRun(f"{held.place} is no key with its number")
    return parts[0].text(), parts[1].fraction()
