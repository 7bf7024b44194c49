"""What is known of one part of a split whose shares hang on quantities: bounds, since nothing is multiplied or divided.

Source of the split: `sibdsl.money.split_to_the_penny`, the largest remainder, ties to the first.
"""

from __future__ import annotations

from typing import Any

import z3

from sibdsl.price.graph import SplitPart


def part_bounds(step: SplitPart, free: Any, inputs: list[Any], grain: Any, shares: list[Any]) -> list[Any]:  # noqa: ANN401 - z3 has no types
    """Conditions on `free`, the part of `inputs[0]`; each true of every split that there can be.

    A split pro rata to what is due says nothing where something due is below nought, or more is split than is due.
    """
    whole = inputs[0]
    if step.by == "shares":
        # What is pro rata, less or more than it by less than one grain.
        exact = shares[step.index] * whole
        within = z3.And(free >= 0, free <= whole)
        turned = z3.And(free <= 0, free >= whole)
        return [free > exact - grain, free < exact + grain, z3.If(whole >= 0, within, turned)]
    mine = inputs[1 + step.index]
    if step.by in ("rounded", "parts"):
        slack = grain * (2 if step.by == "rounded" else 3)
        return [free > mine - slack, free < mine + slack]
    due = z3.Sum(inputs[1:])
    usual = z3.And(whole >= 0, whole <= due, *(operand >= 0 for operand in inputs[1:]))
    others = due - mine  # none of which gives more than it comes to
    said = z3.And(free >= 0, free <= mine, free <= whole, free >= whole - others)
    return [z3.Implies(usual, said)]
