"""What a payment is multiplied by, before or after its own limits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from attrs import evolve, frozen

from sibdsl.dates import Period, contract_year, year_start, years_of
from sibdsl.model.from_syntax.amounts import amount
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.value_kinds import SAID, Here
from sibdsl.model.nodes import (
    AllUnits,
    Amount,
    Arithmetic,
    Formula,
    Payment,
    Rate,
    Regular,
    Scope,
    Tiered,
    ToDate,
    YearFactor,
)
from sibdsl.syntax import Block, Node

#: What an amount of money may be multiplied by.
_KINDS = ("percentage", "number", "count")
#: Lines of a payment that say what is read here.
LINES = ("multiplied_by", "limit_order")
_LIMITS = ("at_most", "at_least")


@frozen
class Factor:
    """A factor, or one for each contract year; `limits_too` where the limits come before multiplying."""

    amounts: tuple[tuple[Period | None, Amount], ...]
    limits_too: bool


def _times(sum_: Amount, by: Amount) -> Amount:
    """An amount of money, multiplied. It is rounded once, with the quantity that it is paid for."""
    return Arithmetic("times", sum_, by, "money", span=sum_.span)


def factor(reader: Reader, block: Block, clause: str) -> Factor | None:
    """What the payment is multiplied by; None where nothing is said, or after a complaint."""
    line = reader.one(block, "multiplied_by")
    order = reader.one(block, "limit_order")
    limits = block.lines(*_LIMITS)
    if order is not None and (line is None or not limits):
        what = "limits it" if line is not None else "multiplies it"
        reader.problems.add(
            "SIB0452",
            f"{block.title} says which comes first, limits or multiplying, and nothing {what}.",
            order.span,
            clause=clause,
            mark="nothing to put in order",
            help="Take the line out, or add the limit or the factor that is missing.",
        )
    if line is None:
        return None
    if limits and order is None:
        reader.problems.add(
            "SIB0451",
            f"{block.title} is multiplied and limited, and does not say which comes first.",
            line.span,
            clause=clause,
            mark="before or after the limit?",
            help="Write `limits before multiplying` or `limits after multiplying`.",
        )
    years: tuple[Period | None, ...] = (None,)
    if isinstance(line.children[0], Node) and any(
        one.kind == "looked_up_year"
        for one in (line.children[0], *line.children[0].walk())
        if isinstance(one, Node)
    ):
        if block.lines("pays_to_date", "all_units", "threshold"):
            _of_no_one_year(
                reader,
                line,
                clause,
                "A sum to date, rates for all units and a threshold count the results of several years together, so the factor of no one year is theirs.",
                "Write a payment for each year, from its first day to its last, each with its own factor; or a sum for each year, `every year at the end`.",
            )
            return None
        years = _years(reader, block)
    amounts: list[tuple[Period | None, Amount]] = []
    for year in years:
        found = amount(reader, line.children[0], Here(clause=clause, values=reader.values, year=year))
        if found is None or not _is_factor(reader, found, clause):
            return None
        amounts.append((year, found))
    first = order is not None and order.nodes("multiplying")[0].said.startswith("before")
    if first and years != (None,) and not _limits_by_year(block):
        _of_no_one_year(
            reader,
            line,
            clause,
            "The limit comes before multiplying, and runs over times that hold several years, or carries on what exceeds it: the factor of no one year is "
            "that of what it leaves.",
            "Write `limits after multiplying`, or a limit `in each year` with `excess lost`.",
        )
        return None
    return Factor(tuple(amounts), first) if amounts else None


def _of_no_one_year(reader: Reader, line: Node, clause: str, why: str, instead: str) -> None:
    """Report what is multiplied by a factor that differs by year, and is of no one year."""
    reader.problems.add("SIB0238", why, line.span, clause=clause, mark="of which year?", help=instead)


def _limits_by_year(block: Block) -> bool:
    """Whether each limit is one of each year, so that what it limits is multiplied by one factor; and the rest is lost."""
    yearly = all(_in_each_year(line) for line in block.lines("at_most"))
    lost = all(line.nodes("excess_way")[0].said == "lost" for line in block.lines("excess"))
    return yearly and lost


def _in_each_year(line: Node) -> bool:
    parts = [one for one in line.walk() if isinstance(one, Node)]
    units = [part.nodes("period_unit")[0].said for part in parts if part.kind == "in_each"]
    return units == ["year"] and all(part.kind != "per_each" for part in parts)


def _years(reader: Reader, block: Block) -> tuple[Period, ...]:
    """The contract years of the payment period, whole ones, in which the payment may be in force."""
    paid = reader.payment_period
    if paid is None:
        return ()
    days = {}
    for kind in ("from_date", "to_date_line"):
        word = next((word for line in block.lines(kind) for word in line.words("DATE")), None)
        days[kind] = reader.day(word) if word is not None else None
    first, last = days["from_date"] or paid.start, days["to_date_line"] or paid.last
    every = (year_start(days.start, reader.begin) for days in years_of(paid, reader.begin))
    whole = [contract_year(day.year, reader.begin) for day in every]
    return tuple(days for days in whole if days.start <= last and first < days.end)


def _is_factor(reader: Reader, found: Amount, clause: str) -> bool:
    if found.kind in _KINDS:
        return True
    reader.problems.add(
        "SIB0413",
        f"Money cannot be multiplied by {SAID[found.kind]}.",
        found.span,
        clause=clause,
        mark=f"{SAID[found.kind]}, not a factor",
        help="Write a percentage, a fraction such as 5/6, a number, or a particular that holds one.",
    )
    return False


def multiplied(payment: Payment, by: Factor) -> Payment:
    """The payment with everything that it pays multiplied, and its limits where they come first."""
    limits = payment.limits
    if by.limits_too:
        limits = tuple(
            evolve(row, amount=_times(row.amount, factor_), scope=_scope(row.scope, days))
            for row in limits
            for days, factor_ in by.amounts
        )
    to_date = payment.to_date
    return evolve(
        payment,
        rates=tuple(made for rate in payment.rates for made in _by_year(rate, by)),
        tiered=tuple(made for tiered in payment.tiered for made in _tiers_by_year(tiered, by)),
        regular=tuple(made for regular in payment.regular for made in _by_year(regular, by)),
        to_date=_to_date(to_date, by.amounts[0][1], limits_too=by.limits_too) if to_date else None,
        all_units=_all_units(payment.all_units, by.amounts[0][1]) if payment.all_units else None,
        formula=_formula(payment.formula, by) if payment.formula else None,
        other_ways=tuple(_formula(one, by) for one in payment.other_ways),
        limits=limits,
    )


def _scope(scope: Scope, days: Period | None) -> Scope:
    """The scope of a limit in each year, as that of the one year whose factor it is multiplied by."""
    return scope if days is None else Scope("days", days, span=scope.span)


def _formula(term: Formula, by: Factor) -> Formula:
    days, factor_ = by.amounts[0]
    if days is not None:
        every = tuple(
            YearFactor(year, amount_, span=amount_.span) for year, amount_ in by.amounts if year is not None
        )
        return evolve(term, factors=every, least_first=by.limits_too)
    least = _times(term.least, factor_) if term.least is not None and by.limits_too else term.least
    return evolve(term, amount=_times(term.amount, factor_), least=least)


def _all_units(term: AllUnits, by: Amount) -> AllUnits:
    return evolve(term, tiers=tuple(evolve(tier, amount=_times(tier.amount, by)) for tier in term.tiers))


_Row = TypeVar("_Row", Rate, Regular)


def _by_year(term: _Row, by: Factor) -> Iterator[_Row]:
    """The term with its amount multiplied, once for each factor whose days are among its own."""
    for days, factor_ in by.amounts:
        mine = _both(term.days, days)
        if mine is None or mine.start < mine.end:
            yield evolve(term, amount=_times(term.amount, factor_), days=mine)


def _tiers_by_year(term: Tiered, by: Factor) -> Iterator[Tiered]:
    """As `_by_year`. Units are counted through all years, at whichever rates."""
    for days, factor_ in by.amounts:
        tiers = tuple(evolve(tier, amount=_times(tier.amount, factor_)) for tier in term.tiers)
        yield evolve(term, tiers=tiers, days=_both(term.days, days))


def _both(days: Period | None, other: Period | None) -> Period | None:
    if days is None or other is None:
        return days or other
    return Period(max(days.start, other.start), min(days.end, other.end))


def _to_date(term: ToDate, by: Amount, *, limits_too: bool) -> ToDate:
    bounds = [
        None if one is None else _times(one, by) if limits_too else one for one in (term.least, term.most)
    ]
    return evolve(term, amount=_times(term.amount, by), least=bounds[0], most=bounds[1])
