"""Price graphs in sympy: the same steps as symbolic expressions, with the quantities as unknowns.

Least and greatest become `Min` and `Max`, rounding and parts of a split functions that come to a number once their
arguments are numbers. Each of these choices gets a symbol of its own, so that one that is used in many places is written
once. Nothing is unfolded into cases, and nothing is ever a binary fraction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import sympy

from sibdsl import money
from sibdsl.dates import months_name
from sibdsl.model.types import Interval
from sibdsl.price.graph import (
    Choose,
    Constant,
    Graph,
    Greatest,
    Key,
    Known,
    Least,
    Round,
    Scale,
    SplitPart,
    Step,
    Sum,
    VerifiedQuantity,
    Withheld,
)


class SymbolicRounded(sympy.Function):  # type: ignore[misc] # sympy has no types
    """`Rounded(amount, grain, way)`: the amount in whole grains, by a way of `money.round_to`."""

    nargs = 3

    @classmethod
    def eval(cls, amount: Any, grain: Any, way: Any) -> Any:  # noqa: ANN401 - sympy has no types
        if not amount.is_Rational:
            return None
        return rational(money.round_to(fraction(amount), fraction(grain), str(way)))  # type: ignore[arg-type] # a name


class PartOf(sympy.Function):  # type: ignore[misc] # sympy has no types
    """`PartOf(index, grain, whole, weight, ...)`: that part of the whole, split pro rata by the largest remainder."""

    @classmethod
    def eval(cls, index: Any, grain: Any, whole: Any, *weights: Any) -> Any:  # noqa: ANN401 - sympy has no types
        if not all(one.is_Rational for one in (whole, *weights)):
            return None
        parts = money.split(fraction(whole), [fraction(weight) for weight in weights], fraction(grain))
        return rational(parts[int(index)])


class Translation:
    """The steps of one graph as sympy expressions.

    `unknowns` are the quantities' symbols, by key. `choices` are the choices' symbols with what each stands for, in
    order: an expression over quantities and earlier choices.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.unknowns: dict[Key, Any] = {}
        self.choices: dict[Any, Any] = {}
        self._known: dict[int, Any] = {}

    def of(self, number: int) -> Any:  # noqa: ANN401 - sympy has no types
        """The expression of one step, over quantities and choices."""
        for at in self.graph.behind(number):
            if at not in self._known:
                step = self.graph.steps[at]
                self._known[at] = self._expression(
                    at, step, [self._known[operand] for operand in step.inputs]
                )
        return self._known[number]

    def whole(self, number: int) -> Any:  # noqa: ANN401 - sympy has no types
        """The expression of one step over quantities alone. It may be very long where choices are used many times."""
        expression = self.of(number)
        for symbol, stands_for in reversed(self.choices.items()):
            expression = expression.xreplace({symbol: stands_for})
        return expression

    def unknown(self, key: Key) -> Any:  # noqa: ANN401 - sympy has no types
        """The symbol that stands for a quantity: a whole number from 0, or any number where it does not add up."""
        if key not in self.unknowns and key.withheld:
            self.unknowns[key] = sympy.Symbol(name(key), real=True, nonnegative=True)
        elif key not in self.unknowns and key.metric in self.graph.free:
            self.unknowns[key] = sympy.Symbol(name(key), real=True)
        elif key not in self.unknowns:
            self.unknowns[key] = sympy.Symbol(name(key), integer=True, nonnegative=True)
        return self.unknowns[key]

    def _expression(self, number: int, step: Step, inputs: list[Any]) -> Any:  # noqa: ANN401 - sympy has no types
        match step:
            case VerifiedQuantity(key=key) | Withheld(key=key):
                return self.unknown(key)
            case Constant(value):
                return rational(value)
            case Sum(signs=signs):
                return sympy.Add(*(sign * one for sign, one in zip(signs, inputs, strict=True)))
            case Scale(factor=factor):
                return rational(factor) * inputs[0]
            case Least():
                return self._choice(number, _kept(sympy.Min, inputs))
            case Greatest():
                return self._choice(number, _kept(sympy.Max, inputs))
            case Round(grain=grain, way=way):
                return self._choice(number, SymbolicRounded(inputs[0], rational(grain), sympy.Symbol(way)))
            case SplitPart(index=index, grain=grain):
                return self._choice(number, PartOf(sympy.Integer(index), rational(grain), *inputs))
            case Choose(ranges=ranges):
                pieces = [
                    (one, _within(inputs[0], held))
                    for held, one in zip(ranges[:-1], inputs[1:-1], strict=True)
                ]
                return self._choice(number, sympy.Piecewise(*pieces, (inputs[-1], True)))
            case Known():
                return inputs[0]

    def _choice(self, number: int, stands_for: Any) -> Any:  # noqa: ANN401 - sympy has no types
        symbol = sympy.Symbol(f"step {number}", real=True)
        self.choices[symbol] = stands_for
        return symbol

    def values(self, numbers: Iterable[int], quantities: Mapping[Key, Fraction]) -> list[Fraction]:
        """What steps come to, by putting quantities (absent ones are 0) into their expressions, exactly."""
        expressions = [self.of(number) for number in numbers]
        known = {symbol: rational(quantities.get(key, Fraction(0))) for key, symbol in self.unknowns.items()}
        for symbol, stands_for in self.choices.items():
            known[symbol] = stands_for.xreplace(known)
        return [fraction(expression.xreplace(known)) for expression in expressions]


def _within(on: Any, held: Interval) -> Any:  # noqa: ANN401 - sympy has no types
    """Whether an expression lies in a range."""
    ends = []
    if held.low is not None:
        ends.append((sympy.Ge if held.low_in else sympy.Gt)(on, rational(held.low)))
    if held.high is not None:
        ends.append((sympy.Le if held.high_in else sympy.Lt)(on, rational(held.high)))
    return sympy.And(*ends)


def _kept(function: Any, inputs: list[Any]) -> Any:  # noqa: ANN401 - sympy has no types
    """`Min` or `Max` as it stands, left unsimplified; of numbers alone, the number."""
    return function(*inputs, evaluate=all(operand.is_Rational for operand in inputs))


def name(key: Key) -> str:
    """A quantity in words: `Job Entry Under 16 in April-June 2018`."""
    what = " ".join(part for part in (key.metric, key.band) if part)
    return f"{what} in {months_name(key.segment.days)}"


def rational(value: Fraction) -> Any:  # noqa: ANN401 - sympy has no types
    """An exact number as sympy has it."""
    return sympy.Rational(value.numerator, value.denominator)


def fraction(value: Any) -> Fraction:  # noqa: ANN401 - sympy has no types
    """A sympy number as a Fraction. Raises TypeError for anything that is not an exact number."""
    if not value.is_Rational:
        raise TypeError(f"{value} is not an exact number")
    return Fraction(int(value.p), int(value.q))
