"""The only rounding there is: half up, half even, up or down, to whole grains.

Source of the rules: language reference, 'Rounding'.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor
from typing import Literal

Way = Literal["half up", "half even", "up", "down"]

#: What a rounding rule may name, in a currency of hundredths -> its size in units of the currency.
GRAINS: dict[str, Fraction] = {
    "penny": Fraction(1, 100),
    "cent": Fraction(1, 100),
    "pound": Fraction(1),
    "dollar": Fraction(1),
}


def round_to(amount: Fraction, grain: Fraction, way: Way) -> Fraction:
    """`amount` as a whole number of `grain`s (both in currency units). Half up means away from nought for halves.

    'up' and 'down' go away from nought and towards it, so that a negative line rounds as its positive twin does.
    """
    sign = -1 if amount < 0 else 1
    steps = abs(amount) / grain
    if way == "down":
        whole = floor(steps)
    elif way == "up":
        whole = ceil(steps)
    elif way == "half up":
        whole = floor(steps + Fraction(1, 2))
    else:
        whole = round(steps)
    return sign * whole * grain
