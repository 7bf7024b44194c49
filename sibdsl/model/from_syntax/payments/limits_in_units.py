"""Limits in units: `at most 600 units over the contract`, beyond which a payment pays nothing. Source: language reference, 'Limits in units'."""

from __future__ import annotations

from fractions import Fraction

from attrs import evolve

from sibdsl.diagnostics import Problems
from sibdsl.model.from_syntax.amounts import amount
from sibdsl.model.from_syntax.limits.caps import limit_scope
from sibdsl.model.from_syntax.payments.tiers import whole_number
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.value_kinds import Here
from sibdsl.model.nodes import Rate, Tier, Tiered, Value
from sibdsl.syntax import Block, Node

#: What a number of units is, where money would be an amount and a bare number nothing.
_UNITS = ("count", "hours", "days", "points")


def units_limits(reader: Reader, block: Block) -> list[Node]:
    """The lines `at most` of a payment that count units."""
    quiet, found = evolve(reader, problems=Problems()), []
    for line in block.lines("at_most"):
        part = line.children[0] if line.children else None
        if part is None or isinstance(part, Block):
            continue
        most = amount(quiet, part, Here(values=reader.values))
        if most is not None and most.kind in _UNITS:
            found.append(line)
    return found


def limited_in_units(
    reader: Reader, block: Block, lines: list[Node], rates: tuple[Rate, ...]
) -> tuple[Tiered, ...]:
    """The rates as tiers: the first so many units at the rate, all further ones at nothing. None after a complaint."""
    clause = reader.clause(block)
    line = lines[0]
    scopes = line.nodes("scope", "per_each")
    most = amount(reader, line.children[0], Here(clause=clause, values=reader.values))
    lost = all(excess.nodes("excess_way")[0].said == "lost" for excess in block.lines("excess"))
    if scopes[0].kind == "per_each":
        _refuse(
            reader, line, clause, "SIB0480", "How many of a person's results count is said by the metric, not by what pays for them.",
            "of each person", "Write such as `per person at most 3 in each year` in the metric.",
        )  # fmt: skip
        return ()
    over = limit_scope(reader, scopes[0], clause)
    first = rates[0] if rates else None
    alike = first is not None and all(
        (rate.payers, rate.payee, rate.metric, rate.band)
        == (first.payers, first.payee, first.metric, first.band)
        for rate in rates
    )
    if first is not None and (not alike or len(lines) > 1):
        _refuse(
            reader, lines[-1], clause, "SIB0480",
            "A limit in units is one limit on one row, so that the units beyond it are known." if alike
            else "These rows pay at several rates, so a limit on their units together does not say which units are paid.",
            "of which units?", "Write a payment for each row with its own limit, or limit what they come to in money.",
        )  # fmt: skip
        return ()
    if over is not None and over[0].over == "days":
        _refuse(
            reader, line, clause, "SIB0480", "A limit in units runs over the contract, or begins again each year, quarter or month.",
            "over these days alone", "Let the payment itself start and end on these days, with `starts` and `ends`, and limit it over the contract.",
        )  # fmt: skip
        return ()
    if not lost:
        _refuse(
            reader, line, clause, "SIB0480", "Units beyond this limit earn nothing, so nothing is left to be carried forward or paid by another.",
            "in units", "Write `excess lost`, or limit what is paid in money.",
        )  # fmt: skip
        return ()
    if most is None or over is None:
        return ()
    number = whole_number(most)
    nothing = Value(Fraction(0), "money", span=line.span)
    if number == 0:
        _refuse(
            reader,
            line,
            clause,
            "SIB0480",
            "No unit can fall within this limit.",
            "none at all",
            "Write a number from 1, or take the payment out.",
        )
        return ()
    return tuple(
        Tiered(
            rate.payers, rate.payee, rate.metric, rate.band,
            (Tier(number, rate.amount, None if number is not None else most, span=rate.span), Tier(None, nothing, span=line.span)),
            over[0], rate.days, span=line.span,
        )
        for rate in rates
    )  # fmt: skip


def _refuse(reader: Reader, line: Node, clause: str, code: str, said: str, mark: str, help_: str) -> None:
    reader.problems.add(code, said, line.span, clause=clause, mark=mark, help=help_)
