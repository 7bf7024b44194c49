"""What each stage between the text and the payments made: the model, the plan of measuring, the price graph."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sibdsl.pipeline.loaded import Loaded

if TYPE_CHECKING:
    from sibdsl.measure.plan import Plan
    from sibdsl.model.nodes import Contract
    from sibdsl.price import Graph


def model_to_json(contract: Contract) -> dict[str, object]:
    """The model of a contract as JSON values, as the schema `contract.schema.json` has it."""
    from sibdsl.model.to_json import to_json

    return dict(to_json(contract))


def measuring_plans(loaded: Loaded, day: date | None = None) -> dict[str, Plan]:
    """What measuring reads and looks for, by contract, as of a day; without one as of the last day. Nothing is read.

    Raises Refused for a contract that cannot be measured (SIB061x) and NotGiven. Source: records reference.
    """
    from sibdsl.measure.plan import plan
    from sibdsl.price import shared_cuts
    from sibdsl.settle.default_as_of import last_day

    terms = loaded.in_force
    cuts = shared_cuts(loaded.programme, terms, loaded.settings.own)
    last = day or last_day(loaded.programme, loaded.settings)[0]
    return {name: plan(contract, loaded.settings.of(name), last, cuts) for name, contract in terms.items()}


def graph(loaded: Loaded) -> Graph:
    """The price graph of the contracts in force, with quantities as unknowns. Raises NotGiven and Unpriceable.

    Each step uses only earlier ones; amounts are in units of the currency. Source: language reference, 'Payments'.
    """
    from sibdsl.price import build_all

    return build_all(loaded.programme, loaded.in_force, loaded.settings)
