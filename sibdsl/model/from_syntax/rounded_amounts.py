"""Amounts that are rounded before anything is made of them: steps of workings, columns, and what stands in brackets.

Source: language reference, 'Workings'.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, cast

from sibdsl import money
from sibdsl.model.from_syntax.currency import sized
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.value_kinds import SAID
from sibdsl.model.nodes import Amount, RoundedAmount, Rounding
from sibdsl.model.types import Kind
from sibdsl.money import Way
from sibdsl.syntax import Block, Node

#: The way out where something cannot be done by a column that may hold thirds.
ROUNDED_THERE = "Round it where it is worked out, as in `define Instalment as Price divided by 12 rounded half up to the penny`."


def rounding_of(reader: Reader, line: Node, currency: str, clause: str) -> Rounding | None:
    """What a line `rounding` of a contract or a payment says; None after a complaint, or one without a size for `none`."""
    unit, way, grain = line.node("rounding_unit"), line.node("rounding_way"), line.node("rounding_grain")
    if unit is None or way is None or grain is None:
        reader.problems.add(
            "SIB0549",
            "Without rounding, lines would come to parts of a penny, which nobody can pay.",
            line.span,
            clause=clause,
            mark="paid in what?",
            help="Write `rounding each line, half up, to the penny`, or `each statement`, to round what they come to once.",
        )
        return Rounding("line", "half up", None, span=line.span)
    if unit.said == "each step" or grain.said == "percent":
        reader.problems.add(
            "SIB0549",
            "What is paid is money, and is rounded line by line or once for each statement."
            if unit.said != "each step"
            else "Steps are rounded by the workings that they stand in; this line says how what is paid is rounded.",
            line.span,
            clause=clause,
            mark="paid in what?",
            help="Write `rounding each line, half up, to the penny`, or `each statement`."
            if unit.said != "each step"
            else "Write `rounding each step, ...` in the block `workings`, and here `rounding each line, half up, to the penny`.",
        )
        return None
    to = sized(reader, grain, currency, clause)
    by: Literal["line", "statement"] = "line" if unit.said == "each line" else "statement"
    return None if to is None else Rounding(by, cast("Way", way.said), to, span=line.span)


def own_rounding(reader: Reader, block: Block, clause: str) -> Rounding | None:
    """The rule by which a payment rounds its own lines, where it has one; None after a complaint."""
    line = reader.one(block, "rounding")
    found = None if line is None else rounding_of(reader, line, reader.currency, clause)
    if line is None or found is None or found.grain is None:
        return None
    contract = reader.grain
    fits = found.each == "line" and (found.grain / contract).denominator == 1
    if not fits:
        reader.problems.add(
            "SIB0549",
            "A statement is rounded by the contract; a payment rounds each of its lines."
            if found.each != "line"
            else f"The contract pays in whole {money.show_exact(contract, reader.currency)}, and this is finer.",
            line.span,
            clause=clause,
            mark="each line of this payment" if found.each != "line" else "finer than what is paid",
            help="Write such as `rounding each line, down, to the pound`, or take the line out.",
        )
    return found if fits else None


def to_grain(
    reader: Reader, said: Amount, way: Node, grain: Node | None, clause: str, what: str = "step"
) -> Amount | None:
    """The amount rounded; None after a complaint of a size that is not said, or that its kind does not have."""
    kind = said.kind
    if grain is None:
        reader.problems.add(
            "SIB0439",
            f"This does not say to what the {what} is rounded.",
            way.span,
            clause=clause,
            mark="to the penny, or to what?",
            help=f"Write such as `rounded {way.said} {_fit(kind)}`.",
        )
        return None
    word = grain.said
    if kind == "money" and word != "percent":
        size = sized(reader, grain, reader.currency, clause)
        return None if size is None else _rounded(said, size, way)
    if (kind, word) == ("percentage", "percent"):
        return _rounded(said, Fraction(1, 100), way)
    if kind not in ("money", "percentage") and word == "whole unit":
        return _rounded(said, Fraction(1), way)
    reader.problems.add(
        "SIB0413",
        f"This {what} is {SAID[kind]}: it is not rounded to the {word}.",
        said.span,
        clause=clause,
        mark=f"{SAID[kind]}, to the {word}",
        help=f"Round it `{_fit(kind)}`, in its cell or in workings of its own."
        if what == "step"
        else f"Round it `{_fit(kind)}`.",
    )
    return None


def _fit(kind: Kind) -> str:
    return {"money": "to the penny", "percentage": "to the percent"}.get(kind, "to the whole unit")


def _rounded(said: Amount, size: Fraction, way: Node) -> RoundedAmount:
    return RoundedAmount(said, size, cast("Way", way.said), said.kind, span=way.span)
