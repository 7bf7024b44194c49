"""Between which numbers an amount lies whatever the quantities, as far as its parts show: whether a sum may fall below nought."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from sibdsl.model.from_syntax.expressions import speaks
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.nodes import (
    Amount,
    Arithmetic,
    Extreme,
    Given,
    Interpolated,
    MetricTotal,
    Particular,
    Range,
    Stepped,
    Value,
    Working,
)

#: A metric, and a band of it or '' for all: what is known of one says nothing of the other.
Counted = tuple[str, str]
#: The least and the most that an amount can be; None where nothing bounds it.
Bounds = tuple[Fraction | None, Fraction | None]
_NOUGHT = Fraction(0)
_FROM_NOUGHT: Bounds = (_NOUGHT, None)


def may_fall(reader: Reader, one: Amount) -> bool:
    """Whether an amount may be below nought, by what it is made of."""
    low, _ = bounds(reader, one, {})
    return low is None or low < 0


def bounds(reader: Reader, one: Amount, within: Mapping[Counted, Bounds]) -> Bounds:
    """The least and the most of an amount. `within` holds the metrics of which more is known at this place."""
    match one:
        case Value(value=Fraction() as value):
            return value, value
        case Given(name=name):
            given = reader.values.get(name)
            if not isinstance(given, Particular):
                return _FROM_NOUGHT
            low = given.allowed.low
            return (low if low is not None else _NOUGHT), given.allowed.high
        case MetricTotal(metric=metric, band=band):
            return within.get((metric, band), (None, None) if metric in reader.below else _FROM_NOUGHT)
        case Working(name=name):
            if name not in reader.worked:
                return None, None
            # Steps that use one another twice are looked at once. What is known of metrics may grow meanwhile.
            key = (name, frozenset(within.items()), len(reader.below), len(reader.values))
            if key not in reader.bounded:
                reader.bounded[key] = bounds(reader, reader.worked[name], within)
            return reader.bounded[key]
        case Arithmetic(op=op, left=left, right=right):
            if op == "minus" and not (speaks(left) or speaks(right)):
                return _FROM_NOUGHT  # if what is given makes it otherwise, pricing refuses it
            return _worked_out(op, bounds(reader, left, within), bounds(reader, right, within))
        case Stepped(by=by, rows=rows):
            return _any_of(
                [
                    bounds(
                        reader,
                        row.amount,
                        {**within, (by.metric, by.band): _held(row.holds, bounds(reader, by, within))},
                    )
                    if isinstance(by, MetricTotal)
                    else bounds(reader, row.amount, within)
                    for row in rows
                ]
            )
        case Interpolated(points=points, beyond=beyond):
            outside = [(_NOUGHT, _NOUGHT)] if beyond == "nothing" else []
            return _any_of([*(bounds(reader, point.amount, within) for point in points), *outside])
        case Extreme(way=way, parts=parts):
            ends = [bounds(reader, part, within) for part in parts]
            lows, highs = [low for low, _ in ends], [high for _, high in ends]
            if way == "lower":
                return _least(lows), min((one for one in highs if one is not None), default=None)
            return max((one for one in lows if one is not None), default=None), _most(highs)
    return _FROM_NOUGHT


def _held(holds: Range, known: Bounds) -> Bounds:
    """What a row of a table of steps says of the metric that it goes by."""
    low, high = (
        end.value if isinstance(end, Value) and isinstance(end.value, Fraction) else None
        for end in (holds.low, holds.high)
    )
    low_known, high_known = known
    return (low if low is not None else low_known), (high if high is not None else high_known)


def _worked_out(op: str, left: Bounds, right: Bounds) -> Bounds:
    (a, b), (c, d) = left, right
    if op == "plus":
        return _plus(a, c), _plus(b, d)
    if op == "minus":
        return _plus(a, None if d is None else -d), _plus(b, None if c is None else -c)
    if a is None or c is None or a < 0 or c < 0:
        return None, None
    if op == "times":
        return a * c, None if b is None or d is None else b * d
    return _NOUGHT, b / c if b is not None and c > 0 else None


def _plus(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return None if one is None or other is None else one + other


def _any_of(ends: list[Bounds]) -> Bounds:
    return _least([low for low, _ in ends]), _most([high for _, high in ends])


def _least(ends: list[Fraction | None]) -> Fraction | None:
    known = [one for one in ends if one is not None]
    return min(known) if len(known) == len(ends) and known else None


def _most(ends: list[Fraction | None]) -> Fraction | None:
    known = [one for one in ends if one is not None]
    return max(known) if len(known) == len(ends) and known else None
