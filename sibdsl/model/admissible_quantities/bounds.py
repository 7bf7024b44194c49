"""The least and the most that an amount can be, carried through sums. What bounds an amount is told in `below_nought`."""

from __future__ import annotations

from fractions import Fraction

#: The least and the most; None where nothing bounds it.
Bounds = tuple[Fraction | None, Fraction | None]
NOUGHT = Fraction(0)
ANY: Bounds = (None, None)


def worked_out(op: str, left: Bounds, right: Bounds) -> Bounds:
    """Of a sum, difference, product or quotient of two amounts."""
    (a, b), (c, d) = left, right
    if op == "plus":
        return _plus(a, c), _plus(b, d)
    if op == "minus":
        return _plus(a, None if d is None else -d), _plus(b, None if c is None else -c)
    if op == "divided by":
        if c is None or c < 0:
            return ANY
        return _times(left, (NOUGHT if d is None else 1 / d if d else None, 1 / c if c > 0 else None))
    return _times(left, right)


def _times(left: Bounds, right: Bounds) -> Bounds:
    """Of a product: the least and the most of the four products of the ends, where an end without bound has none."""
    nothing: Bounds = (NOUGHT, NOUGHT)
    if nothing in (left, right):
        return NOUGHT, NOUGHT
    (a, b), (c, d) = left, right
    corners = [
        _corner(one, at, other, side) for one, at in ((a, -1), (b, 1)) for other, side in ((c, -1), (d, 1))
    ]
    lows = [None if far < 0 else near for near, far in corners if far <= 0]
    highs = [None if far > 0 else near for near, far in corners if far >= 0]
    return _least(lows), _most(highs)


def _corner(one: Fraction | None, at: int, other: Fraction | None, side: int) -> tuple[Fraction, int]:
    """A product of two ends, and the side on which it has no bound: 0 where it has one."""
    if one is not None and other is not None:
        return one * other, 0
    signs = [way if end is None else (end > 0) - (end < 0) for end, way in ((one, at), (other, side))]
    return NOUGHT, signs[0] * signs[1]


def extreme(way: str, ends: list[Bounds]) -> Bounds:
    """Of the lower, or the higher, of several amounts."""
    lows, highs = [low for low, _ in ends], [high for _, high in ends]
    if way == "lower":
        return _least(lows), min((high for high in highs if high is not None), default=None)
    return max((low for low in lows if low is not None), default=None), _most(highs)


def _plus(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return None if one is None or other is None else one + other


def any_of(ends: list[Bounds]) -> Bounds:
    """Of an amount that is one of several."""
    return _least([low for low, _ in ends]), _most([high for _, high in ends])


def _least(ends: list[Fraction | None]) -> Fraction | None:
    known = [end for end in ends if end is not None]
    return min(known) if len(known) == len(ends) and known else None


def _most(ends: list[Fraction | None]) -> Fraction | None:
    known = [end for end in ends if end is not None]
    return max(known) if len(known) == len(ends) and known else None
