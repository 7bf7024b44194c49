"""What a block advance pays, what it meets of a line, and what of it is owed back."""

from __future__ import annotations

from fractions import Fraction

from sibdsl import wording
from sibdsl.dates import long
from sibdsl.english import listed
from sibdsl.price import PricedLine
from sibdsl.settle.explain.cut_page import borne_by
from sibdsl.settle.explain.limit_facts import advance_of
from sibdsl.settle.explain.line_facts import LineFacts
from sibdsl.settle.explain.line_words import gloss, in_money, subject
from sibdsl.settle.explain.page import Item


def advance_paid(facts: LineFacts) -> list[Item]:
    """What a block advance pays on its day, and what has been met of it so far."""
    line = facts.priced.line
    day = long(line.due) if line.due else "a day of the period"
    return [
        Item(
            f"{line.rule} is paid on {day}, whatever is earned by then",
            "clause",
            wording.cite(line.clause, facts.row),
            items=gloss(facts.clause.gloss),
        ),
        *_advance_terms(facts),
    ]


def _advance_terms(facts: LineFacts) -> list[Item]:
    contract, run, line = facts.contract, facts.run, facts.priced.line
    _, advance = advance_of(line)
    amount = wording.amount(advance.amount, contract.currency)
    items = [Item(f"{amount}, paid on {wording.amount(advance.paid_on, contract.currency)}", "amount")]
    if not advance.against:
        return [*items, Item("it is set off against nothing", "set off")]
    basis = run.settings.value(next(b for b in contract.advances if b.name == line.rule).basis)
    met = _met(facts, line.payer)
    so_far = -sum((priced.amount for priced in met), Fraction(0))
    items.append(Item(f"against {listed(advance.against)}, {basis}", "set off"))
    items.append(
        Item(
            f"of it met by fees to {long(run.as_of)}{f': {listed([priced.id for priced in met])}' if met else ''}; "
            f"{in_money(facts, facts.priced.amount - so_far)} has met no fee",
            in_money(facts, so_far),
        )
    )
    return items


def _met(facts: LineFacts, payer: str) -> list[PricedLine]:
    """What the payer's part of a block has met, of all that is stated."""
    line = facts.priced.line
    wanted = ("set_off", line.rule, line.span, payer)
    return [
        priced
        for priced in facts.run.lines
        if (priced.line.kind, priced.line.rule, priced.line.span, priced.line.payer) == wanted
    ]


def recovered(facts: LineFacts) -> list[Item]:
    """What is owed back of a block advance at the end of its time."""
    line = facts.priced.line
    met = _met(facts, line.payee)
    so_far = -sum((priced.amount for priced in met), Fraction(0))
    return [
        Item(
            f"what {line.rule} met no fees with by the end of its time is owed back",
            "clause",
            wording.cite(line.clause, facts.row),
            items=gloss(facts.clause.gloss),
        ),
        Item(f"{line.rule}, as {line.payee} paid it", in_money(facts, facts.priced.amount + so_far)),
        Item(
            f"met by it{f': {listed([priced.id for priced in met])}' if met else ''}", in_money(facts, so_far)
        ),
        Item("owed back", in_money(facts, facts.priced.amount)),
    ]


def set_off(facts: LineFacts) -> list[Item]:
    """What a block advance meets of a line: the fees so far, what of them it met before and now, and what is left."""
    state = facts.block
    assert state is not None  # noqa: S101 - every set off has one
    line = facts.priced.line
    fees = [f"{fee.id}, {in_money(facts, fee.amount)}" for fee in facts.fees]
    items = [
        Item(
            f"{line.rule} is set off against {listed(state.advance.against)}",
            "clause",
            wording.cite(line.clause, facts.row),
            items=gloss(facts.clause.gloss),
        ),
        Item(f"{subject(line)} under {line.payment}: {listed(fees)}", "fee"),
        Item(line.rule, in_money(facts, state.amount)),
    ]
    if state.usable != state.amount:
        said = "for the quarters so far" if state.block.pace == "in equal quarters" else "in whole units"
        items.append(Item(f"of it {said}, which is what can meet fees", in_money(facts, state.usable)))
    items += [
        Item("fees so far, this day among them", in_money(facts, state.fees)),
        Item("of them met before", in_money(facts, state.before)),
        Item("of them met now", in_money(facts, state.now)),
        Item("of the block is left after that", in_money(facts, state.left)),
    ]
    return [*items, *borne_by(facts, state.shares, state.index, state, "met")]
