"""What each statement says: the lines of the version under which it was made, and adjustments of what was stated before.

A statement is made under the contract as varied by what was agreed by its last day. When a variation is agreed later and
changes a period stated before, the difference is an adjustment in the first statement that ends on or after that day;
when there is none, in a statement of its own that ends on that day. Source: language reference, 'Variations'.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from attrs import evolve, frozen

from sibdsl.dates import Period
from sibdsl.english import listed
from sibdsl.model.nodes import Contract
from sibdsl.model.periods import Segment, statements
from sibdsl.price import PricedLine
from sibdsl.price.graph import Line
from sibdsl.price.provenance import Adjusted, KnownLater
from sibdsl.settle.versions import Version


@frozen
class Stated:
    """One line as stated, with the version that it comes from; an adjustment comes from the later of two."""

    priced: PricedLine
    version: Version


def adjusted_by(line: Line) -> str:
    """What an adjustment comes from, in words: a variation, or records that became known since."""
    match line.provenance:
        case KnownLater(variations=variations, records=records):
            said = ["later records"] if records else []
            return listed([*said, *(variation.name for variation in variations)])
        case _:
            return line.rule


def stated(every: tuple[Version, ...], as_of: date) -> tuple[Stated, ...]:
    """All lines stated by `as_of`, numbered L1, L2, ... in the order of statements, then of clauses."""
    placed: list[tuple[date, int, Stated]] = []
    for at, version in enumerate(every):
        following = every[at + 1].known_from if at + 1 < len(every) else None
        placed += [
            (line.line.segment.statement.start, 0, Stated(line, version))
            for line in version.priced.lines
            if _made(version, following, line.line.stated_on)
        ]
        if at:
            found = _adjustments(every[at - 1], version)
            placed += [
                (adjustment.priced.line.segment.statement.start, 1, adjustment) for adjustment in found
            ]
    placed = [
        placing
        for placing in placed
        if placing[2].priced.line.kind != "adjustment"
        or placing[2].priced.line.segment.statement.last <= as_of
    ]
    placed.sort(key=lambda placing: placing[:2])
    return tuple(
        Stated(evolve(stated_line.priced, id=f"L{number}"), stated_line.version)
        for number, (_, _, stated_line) in enumerate(placed, start=1)
    )


def _made(version: Version, following: date | None, day: date) -> bool:
    return (version.known_from is None or day >= version.known_from) and (
        following is None or day < following
    )


def _adjustments(before: Version, after: Version) -> list[Stated]:
    """What a version makes of everything stated before it, less what the version before made of it.

    Where what was stated is left as it is, that is what a part of a sum by days comes to that a variation ends: it would
    have fallen due before the variation was agreed, and was not stated.
    """
    known = after.known_from
    if known is None:
        return []
    left = all(variation.stated == "left as stated" for variation in after.variations)
    statement = _next_statement(after.contract, known)
    sums: dict[tuple[date, str, str, str, str, str], Fraction] = {}
    periods: dict[date, Period] = {}
    agents: dict[tuple[date, str, str, str, str, str], str] = {}
    for version, sign in ((after, 1), (before, -1)):
        for priced in version.priced.lines:
            line = priced.line
            if line.stated_on < known and (not left or line.due is not None):
                start = line.segment.statement.start
                periods.setdefault(start, line.segment.statement)
                key = (start, line.payer, line.payee, line.payment, line.metric, line.band)
                agents.setdefault(key, line.agent)
                sums[key] = sums.get(key, Fraction(0)) + sign * priced.amount
    by = after.variations[-1]
    order = {key: at for at, key in enumerate(sums)}
    return [
        Stated(
            PricedLine(
                "",
                Line(
                    "adjustment", Segment(periods[start], statement), payer, payee, by.clause, payment, metric, band,
                    None, None, 0, by.name, agent=agents[key], span=by.span, provenance=Adjusted(by),
                ),
                amount,
                None,
                amount,
            ),
            after,
        )
        for key, amount in sorted(sums.items(), key=lambda summed: (summed[0][0], order[summed[0]]))
        if (amount > 0 if left else amount)
        for start, payer, payee, payment, metric, band in [key]
    ]  # fmt: skip


def _next_statement(contract: Contract, known: date) -> Period:
    for period in statements(contract):
        if period.last >= known:
            return period
    return Period(contract.payment_period.end, known + timedelta(days=1))
