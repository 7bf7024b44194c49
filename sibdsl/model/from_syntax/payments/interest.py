"""A rate of interest: a percentage a year."""

from __future__ import annotations

from sibdsl.model.from_syntax.amounts import amount
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.value_kinds import SAID, Here
from sibdsl.model.nodes import Amount
from sibdsl.syntax import Node


def interest_a_year(reader: Reader, node: Node, clause: str, example: str) -> Amount | None:
    """The rate that a line gives first; None where it is none, which is reported with the line as it should be."""
    rate = amount(reader, node.children[0], Here(clause=clause, values=reader.values))
    if rate is None or rate.kind == "percentage":
        return rate
    reader.problems.add(
        "SIB0413",
        f"Interest is a percentage a year; this is {SAID[rate.kind]}.",
        rate.span,
        clause=clause,
        mark=f"{SAID[rate.kind]}, not a percentage",
        help=f"Write such as `{example}`.",
    )
    return None
