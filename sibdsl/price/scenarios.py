"""The quantities of a scenario: written out, from a plan given from outside, or a share of another scenario."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

from sibdsl import money
from sibdsl.diagnostics import Diagnostic, NotGiven, Refused, nearest, same
from sibdsl.model.nodes import Contract, Programme, Scenario
from sibdsl.model.parameters.in_force import ProgrammeSettings, Settings
from sibdsl.price.graph import Key
from sibdsl.price.quantities_file import by_segment, read


def find(contract: Contract, name: str) -> Scenario:
    """The scenario of that name, capitals and spaces aside. Raises Refused with those there are."""
    for scenario in contract.scenarios:
        if same(scenario.name) == same(name):
            return scenario
    names = [scenario.name for scenario in contract.scenarios]
    near = nearest(name, names)
    raise Refused(
        Diagnostic(
            "SIB0702",
            f"{contract.name} has no scenario {name}.",
            help=f"Did you mean {near}?" if near else f"It has: {', '.join(names) or 'none'}.",
        )
    )


def quantities_of_all(
    programme: Programme, terms: Mapping[str, Contract], settings: ProgrammeSettings, name: str
) -> dict[str, dict[Key, Fraction]]:
    """The quantities of the scenario of that name, by contract; of those contracts only that have one.

    `terms` are the contracts as varied. Raises Refused where none has one, and as `quantities` does.
    """
    having = {
        member: contract
        for member, contract in terms.items()
        if programme.alone or any(same(scenario.name) == same(name) for scenario in contract.scenarios)
    }
    if not having:
        names = list(
            dict.fromkeys(scenario.name for contract in terms.values() for scenario in contract.scenarios)
        )
        near = nearest(name, names)
        raise Refused(
            Diagnostic(
                "SIB0702",
                f"No contract of {programme.name} has a scenario {name}.",
                help=f"Did you mean {near}?" if near else f"They have: {', '.join(names) or 'none'}.",
            )
        )
    return {
        member: quantities(contract, settings.of(member), find(contract, name))
        for member, contract in having.items()
    }


def quantities(contract: Contract, settings: Settings, scenario: Scenario) -> dict[Key, Fraction]:
    """The scenario's quantities by metric, band and segment.

    Raises NotGiven when it hangs on a plan that has not been given, and Refused when the plan cannot be read.
    """
    if scenario.plan:
        path = settings.values.get(scenario.plan)
        if path is None:
            raise NotGiven(scenario.plan)
        return read(contract, Path(str(path)))
    if scenario.share is None:
        return by_segment(contract, scenario.quantities)
    whole = quantities(contract, settings, find(contract, scenario.of))
    way = scenario.rounded or "down"
    return {key: money.round_to(number * scenario.share, Fraction(1), way) for key, number in whole.items()}
