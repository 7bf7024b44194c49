"""Explanations of adjustments of what was stated before, and of interest on what comes back by them."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from sibdsl import money, wording
from sibdsl.dates import long, months_name
from sibdsl.english import grouped, sentence
from sibdsl.model.nodes import Payment, Variation
from sibdsl.price import PricedLine
from sibdsl.price.provenance import KnownLater
from sibdsl.settle.adjustments import adjusted_by
from sibdsl.settle.explain.line_facts import LineFacts
from sibdsl.settle.explain.page import Item


def adjustment(facts: LineFacts) -> list[Item]:
    """What was stated, what the variation makes of it, and the difference."""
    priced, line, clause = facts.priced, facts.priced.line, facts.clause
    every = facts.run.versions
    after = facts.version
    before = every[every.index(after) - 1]
    sums = [_lines(version.priced.lines, priced) for version in (before, after)]
    stated = months_name(line.segment.statement)
    later = isinstance(line.provenance, KnownLater)
    change = "changes" if isinstance(line.provenance, KnownLater) and line.provenance.alone else "change"
    items = [
        Item(
            f"{sentence(adjusted_by(line))} {change} what {months_name(line.segment.days)} comes to, which had been stated"
            if later
            else f"{line.rule} reaches back over {months_name(line.segment.days)}, which had been stated",
            "clause",
            wording.cite(line.clause, facts.row),
        )
    ]
    # The day from which the version is known is that on which its variation, maybe of another contract, was agreed.
    if later:
        items.append(
            Item(f"known by {long(line.segment.statement.last)}, in the statement of {stated}", "when")
        )
    elif isinstance(clause, Variation) and after.known_from is not None:
        items.append(
            Item(
                f"agreed {long(after.known_from)}, paid with the statement of {stated}",
                "when",
            )
        )
    for word, found in (
        ("as known before" if later else "as stated", sums[0]),
        ("as known now" if later else "as varied", sums[1]),
    ):
        total = sum((priced.amount for priced in found), Fraction(0))
        items.append(
            Item(
                f"{line.payment} for {line.metric or 'the period'}, {word}",
                facts.shown(total),
                items=tuple(Item(_line(facts, priced), facts.shown(priced.amount)) for priced in found),
            )
        )
    items.append(Item(_difference(facts, later=later), facts.shown(priced.amount)))
    return items


def _difference(facts: LineFacts, *, later: bool) -> str:
    way = facts.clause.taken_back if later and isinstance(facts.clause, Payment) else ""
    match way:
        case "from later payments":
            return "of the difference, as much as there is to take it from"
        case _:
            return (
                "the difference, paid now"
                if facts.priced.amount > 0 or not later
                else "the difference, which comes back now"
            )


def interest(facts: LineFacts) -> list[Item]:
    """What interest is worked out on."""
    line = facts.priced.line
    rate = facts.clause.interest if isinstance(facts.clause, Payment) else None
    yearly = "" if rate is None else f"{money.percent(facts.run.settings.number(rate))} a year"
    adjusted = [
        other
        for other in facts.run.lines
        if other.line.kind == "adjustment"
        and other.line.segment.statement == line.segment.statement
        and (other.line.payment, other.line.payer, other.line.payee) == (line.payment, line.payer, line.payee)
    ]
    comes_to: dict[date, Fraction] = {}
    for other in adjusted:
        start = other.line.segment.days.start
        comes_to[start] = comes_to.get(start, Fraction(0)) + other.amount
    back = [other for other in adjusted if comes_to[other.line.segment.days.start] < 0]
    return [
        Item(
            f"{line.payment} bears interest on what comes back: {yearly}, by days, over 365",
            "clause",
            wording.cite(line.clause, facts.row),
        ),
        Item(
            "from the last day of the statement that paid it to that of the statement that takes it back, what was paid last first",
            "when",
        ),
        Item(
            "what comes back now",
            facts.shown(sum((other.amount for other in back), Fraction(0))),
            items=tuple(
                Item(f"{other.id}, {months_name(other.line.segment.days)}", facts.shown(other.amount))
                for other in back
            ),
        ),
    ]


def _lines(lines: tuple[PricedLine, ...], priced: PricedLine) -> list[PricedLine]:
    """The lines of a version that an adjustment speaks of."""
    line = priced.line
    return [
        other_line
        for other_line in lines
        if other_line.line.segment.statement.start == line.segment.days.start
        and (
            other_line.line.payer,
            other_line.line.payee,
            other_line.line.payment,
            other_line.line.metric,
            other_line.line.band,
        )
        == (line.payer, line.payee, line.payment, line.metric, line.band)
    ]


def _line(facts: LineFacts, priced: PricedLine) -> str:
    line = priced.line
    did = {"set_off": "met", "cap_cut": "cut", "deducted": "deducted"}
    if line.kind in did:
        return f"{did[line.kind]} by {line.rule}"
    if priced.quantity is not None and line.rate is not None:
        return f"{grouped(priced.quantity)} x {facts.shown(line.rate)}"
    return line.rule
