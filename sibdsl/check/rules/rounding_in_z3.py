"""A rounding put to z3: exactly, or by what is known of it without a whole number. Source: `sibdsl.money.rounding`."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, TypeAlias

import z3

from sibdsl.check.rules.affine import Affine
from sibdsl.check.rules.grains import Grains
from sibdsl.price.graph import Round

#: z3 has no types.
Term: TypeAlias = Any
#: An exact number, as a term in the context of the problem.
Number = Callable[[Fraction], Term]


def rounded(step: Round, made_of: Affine, amount: Term, number: Number, grains: Grains) -> Term:
    """What is rounded half up or down, exactly; half a penny below nought is rounded away from it, as money is."""
    grain = number(step.grain)
    more = number(Fraction(1, 2) if step.way == "half up" else Fraction(0))
    up = z3.ToReal(z3.ToInt(amount / grain + more)) * grain
    if grains.above(made_of):
        return up
    return z3.If(amount >= 0, up, -z3.ToReal(z3.ToInt(more - amount / grain)) * grain)


def near(
    step: Round, made_of: Affine, amount: Term, free: Term, *, number: Number, grains: Grains
) -> list[Term]:
    """What is known of `free`, the amount rounded, without a whole number: how near it is, and on which side of nought.

    An amount made of whole numbers comes in parts of a grain, so many of them (`over`): that bounds what is added or left off.
    """
    over = grains.over(made_of, step.grain)
    part = Fraction(1, over) if over else Fraction(0)
    if step.way in ("half up", "half even"):
        more = Fraction(over // 2, over) if over else Fraction(1, 2)
        less = Fraction((over - 1) // 2, over) if over and step.way == "half up" else more
    else:
        more, less = (1 - part, Fraction(0)) if step.way == "up" else (Fraction(0), 1 - part)
    if not grains.above(made_of):
        most = number(max(more, less) * step.grain)
        return [free <= amount + most, free >= amount - most, z3.If(amount >= 0, free >= 0, free <= 0)]
    known = [
        free <= amount + number(more * step.grain),
        free >= amount - number(less * step.grain),
        free >= 0,
    ]
    if step.way == "half up":  # nothing smaller than this comes to one grain
        first = Fraction((over + 1) // 2, over) if over else Fraction(1, 2)
        known.append(number(first) * free <= amount)
    return known
