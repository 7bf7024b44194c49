"""What a payment is multiplied by, before or after its own limits."""

from __future__ import annotations

from typing import TypeVar

from attrs import evolve, frozen

from sibdsl.model.from_syntax.expressions import amount
from sibdsl.model.from_syntax.kinds import SAID, Here
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.nodes import AllUnits, Amount, Arithmetic, Formula, Payment, Tiered, ToDate
from sibdsl.syntax import Block

Term = TypeVar("Term", Tiered, AllUnits)

#: What an amount of money may be multiplied by.
_KINDS = ("percentage", "number", "count")
#: Lines of a payment that say what is read here.
LINES = ("multiplied_by", "limit_order")
_LIMITS = ("at_most", "at_least")


@frozen
class Factor:
    """A factor; `limits_too` where the limits are compared with what is due before multiplying."""

    amount: Amount
    limits_too: bool

    def of(self, sum_: Amount) -> Amount:
        """An amount of money, multiplied. It is rounded once, with the quantity that it is paid for."""
        return Arithmetic("times", sum_, self.amount, "money", span=sum_.span)


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
    found = amount(reader, line.children[0], Here(clause=clause, values=reader.values))
    if found is None:
        return None
    if found.kind not in _KINDS:
        reader.problems.add(
            "SIB0413",
            f"Money cannot be multiplied by {SAID[found.kind]}.",
            found.span,
            clause=clause,
            mark=f"{SAID[found.kind]}, not a factor",
            help="Write a percentage, a fraction such as 5/6, a number, or a particular that holds one.",
        )
        return None
    return Factor(found, order is not None and order.nodes("multiplying")[0].said.startswith("before"))


def multiplied(payment: Payment, by: Factor) -> Payment:
    """The payment with everything that it pays multiplied, and its limits where they come first."""
    limits = payment.limits
    if by.limits_too:
        limits = tuple(evolve(row, amount=by.of(row.amount)) for row in limits)
    return evolve(
        payment,
        rates=tuple(evolve(one, amount=by.of(one.amount)) for one in payment.rates),
        tiered=tuple(_tiers(one, by) for one in payment.tiered),
        regular=tuple(evolve(one, amount=by.of(one.amount)) for one in payment.regular),
        to_date=_to_date(payment.to_date, by) if payment.to_date else None,
        all_units=_tiers(payment.all_units, by) if payment.all_units else None,
        formula=_formula(payment.formula, by) if payment.formula else None,
        limits=limits,
    )


def _formula(term: Formula, by: Factor) -> Formula:
    least = by.of(term.least) if term.least is not None and by.limits_too else term.least
    return evolve(term, amount=by.of(term.amount), least=least)


def _tiers(term: Term, by: Factor) -> Term:
    return evolve(term, tiers=tuple(evolve(one, amount=by.of(one.amount)) for one in term.tiers))


def _to_date(term: ToDate, by: Factor) -> ToDate:
    bounds = [
        None if one is None else by.of(one) if by.limits_too else one for one in (term.least, term.most)
    ]
    return evolve(term, amount=by.of(term.amount), least=bounds[0], most=bounds[1])
