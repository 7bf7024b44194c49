"""How the units of tiers read in words."""

from __future__ import annotations

from sibdsl.model.nodes import Amount, Arithmetic, Tier
from sibdsl.wording.conditions import amount


def tier_units(tier: Tier, currency: str) -> str:
    """How many units a tier holds: `1,200`, `1.5`, `90% of Planned Starts`; '' of all further ones."""
    if tier.many is not None:
        return many_units(tier.many, currency)
    return "" if tier.units is None else f"{tier.units:,}"


def many_units(many: Amount, currency: str) -> str:
    """A number of units that is no plain whole number: `1.5`, `90% of Planned Starts`."""
    if isinstance(many, Arithmetic) and many.op == "times" and many.left.kind == "percentage":
        return f"{amount(many.left, currency)} of {amount(many.right, currency)}"
    return amount(many, currency)
