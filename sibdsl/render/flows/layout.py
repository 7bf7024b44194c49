"""Where the boxes, arrows and labels of a map of flows stand. The same flows always stand alike.

Parties stand in columns: those who only pay on the left, those who are only paid on the right, and between them those
who do both, by how many payments away from a payer they are. Between two columns of parties is one of labels. Whatever
passes a column without stopping in it has a place of its own there, so no arrow runs through a box or a label; between
columns there are only arrows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import pairwise

from attrs import define, field, frozen

PARTY_WIDTH = 156.0
LABEL_WIDTH = 216.0
GAP = 42.0
BETWEEN = 18.0
MARGIN = 16.0
_PASSING = 14.0
_SWEEPS = 12


@frozen
class Box:
    """A rectangle, by its left upper corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


@frozen
class Arrow:
    """The line of one flow, from payer to payee, as points; two of one height are joined straight, others by a curve."""

    flow: int
    points: tuple[tuple[float, float], ...]


@frozen
class Drawing:
    """Everything in its place. Labels are keyed by the place of their flow among those given."""

    width: float
    height: float
    parties: dict[str, Box]
    labels: dict[int, Box]
    arrows: tuple[Arrow, ...]


@define(eq=False)
class _Stop:
    """Something that takes up height in a column: a party, a label, or a line that passes."""

    column: int
    height: float
    y: float = 0.0
    before: list[_Stop] = field(factory=list, repr=False)
    after: list[_Stop] = field(factory=list, repr=False)


@define(eq=False)
class _Way:
    """One flow's stops from left to right; `back` where the payee stands left of the payer."""

    flow: int
    stops: list[_Stop]
    back: bool


def layout(
    parties: Sequence[str],
    pairs: Sequence[tuple[str, str]],
    party_height: Callable[[str], float],
    label_height: Callable[[int], float],
) -> Drawing:
    """Places for the parties that pay or are paid, and for a label on each pair of payer and payee.

    A party that would pay itself has no arrow: such a contract is refused.
    """
    drawn = [(at, pair) for at, pair in enumerate(pairs) if pair[0] != pair[1]]
    names = [name for name in parties if any(name in pair for _, pair in drawn)]
    column = columns(names, [pair for _, pair in drawn])
    ports = {
        name: max(sum(pair[0] == name for _, pair in drawn), sum(pair[1] == name for _, pair in drawn))
        for name in names
    }
    boxes = {
        name: _Stop(2 * column[name], max(party_height(name), 16.0 * ports[name] + 12)) for name in names
    }
    ways = [_way(boxes, at, pair, label_height(at)) for at, pair in drawn]
    ranks = _ranks(boxes.values(), ways)
    _order(ranks)
    _settle(ranks)
    left = _lefts(len(ranks))
    right = max(left, default=MARGIN) + (PARTY_WIDTH if ranks else 0.0) + MARGIN
    bottom = max((stop.y + stop.height for rank in ranks for stop in rank), default=0.0) + MARGIN
    labels = {way.flow: _label(way) for way in ways}
    return Drawing(
        right,
        bottom,
        {name: Box(left[stop.column], stop.y, PARTY_WIDTH, stop.height) for name, stop in boxes.items()},
        {flow: Box(left[stop.column], stop.y, LABEL_WIDTH, stop.height) for flow, stop in labels.items()},
        _arrows(ways, left),
    )


def columns(names: Sequence[str], pairs: Sequence[tuple[str, str]]) -> dict[str, int]:
    """The column of each party: after all who pay it. Where money goes round, the party named first stands first."""
    onward = {name: [payee for payer, payee in pairs if payer == name] for name in names}
    before = _without_circles(names, onward)
    found: dict[str, int] = {}

    def column(name: str) -> int:
        if name not in found:
            found[name] = max((column(payer) + 1 for payer in before[name]), default=0)
        return found[name]

    last = max((column(name) for name in names), default=0)
    return {name: found[name] if onward[name] else last for name in names}


def _without_circles(names: Sequence[str], onward: dict[str, list[str]]) -> dict[str, list[str]]:
    """Who stands before each party: who pays it; of two parties of one circle that are joined, the one named first."""
    order = {name: at for at, name in enumerate(names)}
    reached = {name: _reached(name, onward) for name in names}
    before: dict[str, list[str]] = {name: [] for name in names}
    for payer in names:
        for payee in onward[payer]:
            round_ = payer in reached[payee] and order[payee] < order[payer]
            first, last = (payee, payer) if round_ else (payer, payee)
            before[last].append(first)
    return before


def _reached(name: str, onward: dict[str, list[str]]) -> set[str]:
    """Everyone whom money from a party may come to."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for payee in onward[waiting.pop()]:
            if payee not in found:
                found.add(payee)
                waiting.append(payee)
    return found


# ------------------------------------------------------------------ stops


def _way(boxes: dict[str, _Stop], flow: int, pair: tuple[str, str], height: float) -> _Way:
    """The stops of a flow: its payer, lines that pass, its label in front of the payee, its payee."""
    payer, payee = boxes[pair[0]], boxes[pair[1]]
    back = payee.column <= payer.column
    first, last = (payee, payer) if back else (payer, payee)
    stops = [first]
    at_label = last.column - 1
    stops += [
        _Stop(column, height if column == at_label else _PASSING)
        for column in range(first.column + 1, last.column)
    ]
    stops.append(last)
    for stop, other in pairwise(stops):
        stop.after.append(other)
        other.before.append(stop)
    return _Way(flow, stops, back)


def _label(way: _Way) -> _Stop:
    return way.stops[-2]


def _ranks(boxes: Iterable[_Stop], ways: Sequence[_Way]) -> list[list[_Stop]]:
    every = [*boxes, *(stop for way in ways for stop in way.stops[1:-1])]
    last = max((stop.column for stop in every), default=-1)
    return [[stop for stop in every if stop.column == column] for column in range(last + 1)]


def _order(ranks: list[list[_Stop]]) -> None:
    """Put each column in the order of what it is joined to, so that few arrows cross; the fewest crossings stay."""
    best = [list(rank) for rank in ranks]
    fewest = _crossings(ranks)
    for sweep in range(_SWEEPS):
        forward = sweep % 2 == 0
        for rank in ranks[1:] if forward else reversed(ranks[:-1]):
            places = {id(stop): float(at) for rank in ranks for at, stop in enumerate(rank)}
            rank.sort(key=partial(_mean_place, places, forward=forward))
        crossings = _crossings(ranks)
        if crossings < fewest:
            fewest, best = crossings, [list(rank) for rank in ranks]
    for rank, kept in zip(ranks, best, strict=True):
        rank[:] = kept


def _mean_place(places: dict[int, float], stop: _Stop, *, forward: bool) -> float:
    near = [places[id(near_stop)] for near_stop in (stop.before if forward else stop.after)]
    return sum(near) / len(near) if near else places[id(stop)]


def _crossings(ranks: list[list[_Stop]]) -> int:
    places = {id(stop): at for rank in ranks for at, stop in enumerate(rank)}
    found = 0
    for rank in ranks:
        lines = [(places[id(stop)], places[id(next_stop)]) for stop in rank for next_stop in stop.after]
        found += sum((a[0] - b[0]) * (a[1] - b[1]) < 0 for at, a in enumerate(lines) for b in lines[at + 1 :])
    return found


# ------------------------------------------------------------------ heights


def _settle(ranks: list[list[_Stop]]) -> None:
    """Move everything level with what it is joined to, as far as nothing overlaps; then down to the margin."""
    for rank in ranks:
        _spread(rank, [0.0] * len(rank))
    for sweep in range(_SWEEPS):
        forward = sweep % 2 == 0
        for rank in ranks if forward else reversed(ranks):
            _spread(rank, [_level(stop) for stop in rank])
    top = min((stop.y for rank in ranks for stop in rank), default=0.0)
    for rank in ranks:
        for stop in rank:
            stop.y = round(stop.y - top + MARGIN, 1)


def _level(stop: _Stop) -> float:
    """The middle of what a stop is joined to. A line that passes keeps level with its label, and does not pull at it."""
    if stop.height == _PASSING:
        near = stop.after
    else:
        label = stop.column % 2
        near = [
            near_stop
            for near_stop in (*stop.before, *stop.after)
            if not label or near_stop.height != _PASSING
        ]
    middles = [stop.y + stop.height / 2 for stop in near]
    return sum(middles) / len(middles) if middles else stop.y + stop.height / 2


def _spread(rank: list[_Stop], middles: list[float]) -> None:
    """The places nearest to the wanted middles that keep the order and leave room between."""
    groups: list[tuple[float, int]] = []
    offsets: list[float] = []
    at = 0.0
    for stop in rank:
        offsets.append(at)
        at += stop.height + BETWEEN
    for stop, middle, offset in zip(rank, middles, offsets, strict=True):
        total, count = middle - stop.height / 2 - offset, 1
        while groups and groups[-1][0] / groups[-1][1] > total / count:
            before, many = groups.pop()
            total, count = total + before, count + many
        groups.append((total, count))
    index = 0
    for total, count in groups:
        for _ in range(count):
            rank[index].y = total / count + offsets[index]
            index += 1


# ------------------------------------------------------------------ arrows


def _lefts(number: int) -> list[float]:
    found: list[float] = []
    at = MARGIN
    for column in range(number):
        found.append(at)
        at += (LABEL_WIDTH if column % 2 else PARTY_WIDTH) + GAP
    return found


def _arrows(ways: Sequence[_Way], left: Sequence[float]) -> tuple[Arrow, ...]:
    out: dict[int, list[_Stop]] = {}
    into: dict[int, list[_Stop]] = {}
    for way in ways:
        out.setdefault(id(way.stops[0]), []).append(way.stops[1])
        into.setdefault(id(way.stops[-1]), []).append(way.stops[-2])
    for near in (*out.values(), *into.values()):
        near.sort(key=lambda stop: stop.y)
    found: list[Arrow] = []
    for way in ways:
        first, last = way.stops[0], way.stops[-1]
        points = [(left[first.column] + PARTY_WIDTH, _port(first, out[id(first)], way.stops[1]))]
        for stop in way.stops[1:-1]:
            width = LABEL_WIDTH if stop.column % 2 else PARTY_WIDTH
            middle = round(stop.y + stop.height / 2, 1)
            points += [(left[stop.column], middle), (left[stop.column] + width, middle)]
        points.append((left[last.column], _port(last, into[id(last)], way.stops[-2])))
        found.append(Arrow(way.flow, tuple(reversed(points)) if way.back else tuple(points)))
    return tuple(found)


def _port(box: _Stop, near: list[_Stop], mine: _Stop) -> float:
    """Where a line meets a box: level with its next stop as far as the box reaches, each line in a stretch of its own."""
    at = next(index for index, stop in enumerate(near) if stop is mine)
    share = (box.height - 8) / len(near)
    low = box.y + 4 + share * at
    return round(min(max(mine.y + mine.height / 2, low + 4), low + share - 4), 1)
