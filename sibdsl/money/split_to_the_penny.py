"""The only split there is: whole grains by the largest remainder, ties to the earlier.

Source of the rules: language reference, 'Rounding'.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import floor


def split(total: Fraction, weights: Sequence[Fraction], grain: Fraction) -> tuple[Fraction, ...]:
    """`total` (a whole number of `grain`s) shared pro rata to `weights` by the largest remainder.

    Ties go to the earlier weight. The parts add up to `total` exactly and none exceeds its weight when `total`
    does not exceed their sum. A total below nought is shared as its positive twin is. Where some weights are below nought,
    each keeps its own amount, and the grains by which `total` differs go by the largest remainder.
    Raises ValueError when there is something to share and nothing to share it by.
    """
    if any(weight < 0 for weight in weights):
        return _each_its_own(total, weights, grain)
    base = sum(weights, Fraction(0))
    if total == 0:
        return tuple(Fraction(0) for _ in weights)
    if total < 0:
        return tuple(-part for part in split(-total, weights, grain))
    if base <= 0:
        raise ValueError("nothing to share the amount by")
    exact = [total * weight / base / grain for weight in weights]
    parts = [floor(share) for share in exact]
    left = int(total / grain) - sum(parts)
    order = sorted(range(len(parts)), key=lambda index: (parts[index] - exact[index], index))
    for index in order[:left]:
        parts[index] += 1
    return tuple(part * grain for part in parts)


def _each_its_own(total: Fraction, amounts: Sequence[Fraction], grain: Fraction) -> tuple[Fraction, ...]:
    """Amounts, some below nought, in whole grains that come to `total`: each rounded down, then more by the largest remainder."""
    parts = [floor(amount / grain) for amount in amounts]
    every, more = divmod(int(total / grain) - sum(parts), len(parts))
    order = sorted(range(len(parts)), key=lambda at: (parts[at] - amounts[at] / grain, at))
    for at in order[:more]:
        parts[at] += 1
    return tuple((part + every) * grain for part in parts)
