"""How rounding reads in words."""

from __future__ import annotations

from sibdsl import money
from sibdsl.model.nodes import Contract


def to_the_grain(contract: Contract) -> str:
    """To what size amounts of the contract are rounded and split: `to the penny`, `to the dollar`."""
    grain = contract.rounding.grain or money.currency(contract.currency).minor_unit
    return f"to the {money.grain_name(grain, contract.currency)}"
