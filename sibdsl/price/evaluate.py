"""Exact evaluation of a price graph, with a trace from which every amount can be rebuilt."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from attrs import field, frozen

from sibdsl import money
from sibdsl.diagnostics import Unpriceable
from sibdsl.price.graph import (
    Choose,
    Constant,
    Graph,
    Greatest,
    Key,
    Known,
    Least,
    Line,
    Round,
    Scale,
    SplitPart,
    Step,
    Sum,
    VerifiedQuantity,
    Withheld,
)

_NOUGHT = Fraction(0)


def value(step: Step, inputs: list[Fraction], quantities: Mapping[Key, Fraction]) -> Fraction:
    """What one step comes to, from what its inputs come to."""
    match step:
        case VerifiedQuantity(key):
            return quantities.get(key, _NOUGHT)
        case Constant(amount):
            return amount
        case Sum(signs=signs):
            # Most of what is added is nought: leaving it out is three times as fast.
            parts = [
                operand if sign > 0 else -operand
                for sign, operand in zip(signs, inputs, strict=True)
                if operand
            ]
            return sum(parts[1:], parts[0]) if parts else _NOUGHT
        case Scale(factor=factor):
            return factor * inputs[0] if inputs[0] else _NOUGHT
        case Least():
            return min(inputs)
        case Greatest():
            return max(inputs)
        case Round(grain=grain, way=way):
            return money.round_to(inputs[0], grain, way)
        case SplitPart(index=index, grain=grain):
            return money.split(inputs[0], inputs[1:], grain)[index]
        case Withheld(key=key):
            return quantities.get(key, _NOUGHT)
        case Choose(ranges=ranges):
            return next(
                operand for operand, held in zip(inputs[1:], ranges, strict=True) if inputs[0] in held
            )
        case Known(keys=keys):
            return inputs[0] if all(key in quantities for key in keys) else inputs[1]


@frozen
class PricedLine:
    """A line with what it comes to. `quantity` is None where nothing is counted.

    `whole` is what the line comes to before several payers share it; its own amount where nobody shares it.
    """

    id: str
    line: Line
    amount: Fraction
    quantity: Fraction | None
    whole: Fraction


@frozen
class Priced:
    """Every line of a contract, and what each step came to. Lines of nought are left out of `lines`."""

    graph: Graph
    values: tuple[Fraction, ...] = field(repr=False)
    lines: tuple[PricedLine, ...]

    def rebuild(self, line: PricedLine, quantities: Mapping[Key, Fraction]) -> Fraction:
        """The line's amount again, from the quantities and its own steps alone."""
        found: dict[int, Fraction] = {}
        for number in self.graph.behind(line.line.amount):
            step = self.graph.steps[number]
            found[number] = value(step, [found[operand] for operand in step.inputs], quantities)
        return found[line.line.amount]

    def trace(self, line: PricedLine) -> list[tuple[int, Step, Fraction]]:
        """The steps behind a line with what each came to, each before those that use it."""
        return [
            (step, self.graph.steps[step], self.values[step]) for step in self.graph.behind(line.line.amount)
        ]


def price(graph: Graph, quantities: Mapping[Key, Fraction], as_of: date | None = None) -> Priced:
    """Evaluate the graph on quantities (absent ones are 0).

    With `as_of`, only lines of statement periods that had ended by then, and block advances due by then, are kept.
    Lines are numbered L1, L2, ... in the order of periods and clauses. Raises Unpriceable for a sum worked out that what
    is given from outside makes fall below nought. Source: language reference, 'Sums worked out'.
    """
    values: list[Fraction] = []
    for step in graph.steps:
        values.append(value(step, [values[operand] for operand in step.inputs], quantities))
    kept: list[PricedLine] = []
    for line in graph.lines:
        if values[line.amount] == 0 or (as_of is not None and line.stated_on > as_of):
            continue
        quantity = None if line.quantity is None else values[line.quantity]
        whole = values[line.amount if line.whole is None else line.whole]
        if line.kind == "payment" and values[line.amount] < 0 and line.rate is None and quantity is None:
            raise Unpriceable(
                f"{line.payment} comes to {money.show(whole)} for {line.segment.days}: what is paid cannot be below nought. "
                "Add a line `taken back`, which says what becomes of it.",
                line.span,
            )
        kept.append(PricedLine(f"L{len(kept) + 1}", line, values[line.amount], quantity, whole))
    return Priced(graph, tuple(values), tuple(kept))
