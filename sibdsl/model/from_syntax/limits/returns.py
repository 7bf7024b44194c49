"""A limit that is the return on an investment. Source: language reference, 'What an investor earns at most'."""

from __future__ import annotations

from sibdsl.model.from_syntax.limits.block_advances import scope
from sibdsl.model.from_syntax.payments.interest import interest_a_year
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.nodes import CapRow, Selection
from sibdsl.source import Span
from sibdsl.syntax import Node

_EXAMPLE = "at most what gives 15% a year on Senior Loan over the contract"


def return_on_investment(reader: Reader, line: Node, said: Node, clause: str) -> CapRow | None:
    """What `at most what gives 15% a year on Senior Loan over the contract` says; None after a complaint."""
    rate = interest_a_year(reader, said, clause, _EXAMPLE)
    name = reader.name(said.words("NAME")[0], "investment", clause=clause)
    scopes = line.nodes("scope", "per_each")
    sides = line.nodes("limit_side")
    if not scopes:
        _unfit(reader, line.span, clause, "this one does not say that it runs over the contract")
        return None
    if sides:
        _unfit(reader, sides[0].span, clause, "it is no share of payments, before or after itself")
        return None
    if scopes[0].kind == "per_each":
        _unfit(reader, scopes[0].span, clause, "this one is for each person")
        return None
    over = scope(reader, scopes[0], clause)
    if over is None or rate is None or not name:
        return None
    if over.over != "contract":
        _unfit(reader, scopes[0].span, clause, "this one begins again, or ends")
        return None
    return CapRow(Selection(), rate, over, span=line.span, return_on=name)


def only_in_caps(reader: Reader, row: CapRow, clause: str) -> None:
    """Complain of a return that limits one payment, by a line of that payment."""
    _unfit(reader, row.span, clause, "this one is a line of a payment, and belongs to a cap")


def of_one_contract(reader: Reader, said: Node, clause: str) -> None:
    """Complain of a return that a programme allows."""
    _unfit(reader, said.span, clause, "this one is a programme's, and belongs to one of its contracts")


def _unfit(reader: Reader, span: Span, clause: str, why: str) -> None:
    reader.problems.add(
        "SIB0567",
        f"A return on an investment is one limit of a cap, over the contract, on all that it covers; {why}.",
        span,
        clause=clause,
        mark="not so",
        help=f"Write a cap with the line `{_EXAMPLE}`.",
    )
