"""Whether some numbers, none below nought, meet several linear conditions: decided exactly, for small problems without z3.

The first phase of the simplex method over fractions, by Bland's rule, which never goes round in a circle.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

from attrs import frozen

_NOUGHT = Fraction(0)


@frozen
class LinearRow:
    """A condition: the sum of `weights` times the numbers, in their order, is at most, at least or exactly `than`."""

    weights: tuple[Fraction, ...]
    op: Literal["<=", ">=", "="]
    than: Fraction


def feasible(rows: Sequence[LinearRow]) -> bool:
    """Whether numbers from nought up meet all of the rows, which have as many weights each."""
    slacks = sum(row.op != "=" for row in rows)
    table: list[list[Fraction]] = []
    slack = 0
    for row in rows:
        weights, than, op = list(row.weights), row.than, row.op
        extra = [_NOUGHT] * slacks
        if op != "=":
            extra[slack] = Fraction(1 if op == "<=" else -1)
            slack += 1
        line = [*weights, *extra]
        if than < 0:
            line, than = [-value for value in line], -than
        table.append([*line, than])
    width = len(table[0]) - 1 if table else 0
    for at, line in enumerate(table):  # an artificial number for each row, all of which must come to nought
        line[width:width] = [Fraction(int(at == other)) for other in range(len(table))]
    basis = [width + at for at in range(len(table))]
    return _least_artificial(table, basis, width) == 0


def _least_artificial(table: list[list[Fraction]], basis: list[int], width: int) -> Fraction:
    """The least that the artificial numbers of a table can come to together."""
    cost = [sum((line[column] for line in table), _NOUGHT) for column in range(width)]
    left = sum((line[-1] for line in table), _NOUGHT)
    while True:
        entering = next((column for column in range(width) if cost[column] > 0), None)
        if entering is None or left == 0:
            return left
        steps = [
            (line[-1] / line[entering], basis[at], at) for at, line in enumerate(table) if line[entering] > 0
        ]
        if not steps:
            return left
        _, _, leaving = min(steps)
        pivot = table[leaving]
        by = pivot[entering]
        pivot[:] = [value / by for value in pivot]
        for at, line in enumerate(table):
            if at != leaving and line[entering]:
                times = line[entering]
                line[:] = [value - times * other for value, other in zip(line, pivot, strict=True)]
        times = cost[entering]
        cost = [value - times * pivot[column] for column, value in enumerate(cost)]
        left -= times * pivot[-1]
        basis[leaving] = entering
