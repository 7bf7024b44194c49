"""A line's explanation in words: from its amount down to the records, then what else touches it."""

from __future__ import annotations

from fractions import Fraction

from sibdsl import wording
from sibdsl.dates import long
from sibdsl.english import grouped
from sibdsl.model.nodes import Formula, Payment
from sibdsl.price.provenance import EarnedBy
from sibdsl.settle.due_dates import falls_due
from sibdsl.settle.explain import worked_out_sums
from sibdsl.settle.explain.adjusted import adjustment, interest
from sibdsl.settle.explain.assumptions_read import Rest
from sibdsl.settle.explain.below_nought import below_nought
from sibdsl.settle.explain.block_page import advance_paid, recovered, set_off
from sibdsl.settle.explain.cut_page import carried, cut, touch, where_caps_stand
from sibdsl.settle.explain.deducted import deducted
from sibdsl.settle.explain.held_back import held_back
from sibdsl.settle.explain.line_facts import LineFacts
from sibdsl.settle.explain.line_words import gloss, in_money, run_words, subject, title
from sibdsl.settle.explain.page import Item, Sheet
from sibdsl.settle.explain.records_behind import records_behind
from sibdsl.settle.explain.regular_sums import shared, without_quantity, worked_out


def line_sheet(facts: LineFacts) -> Sheet:
    """The page of one line."""
    priced, line = facts.priced, facts.priced.line
    match line.kind:
        case "payment":
            items = _payment(facts)
        case "adjustment":
            items = adjustment(facts)
        case "interest":
            items = interest(facts)
        case "released":
            items = held_back(facts)
        case "carried" | "taken_over":
            items = carried(facts)
        case "set_off":
            items = set_off(facts)
        case "recovered":
            items = recovered(facts)
        case "taken_back" | "repaid":
            items = [
                *below_nought(facts),
                *(item for counted in facts.behind for item in records_behind(facts, counted)),
            ]
        case "cap_cut":
            items = cut(facts)
        case "deducted":
            items = deducted(facts)
        case _:
            items = advance_paid(facts)
    due = falls_due(facts.contract, priced) if facts.contract.due is not None else None
    if due is not None:
        items.append(Item(long(due), "falls due"))
    rests = tuple(_rest(rest) for rest in facts.rests)
    if rests:
        items.append(Item("what the parties chose or gave", "rests on", items=rests))
    return Sheet(
        f"{in_money(facts, priced.amount)}  {title(facts)}",
        run_words(facts.run, priced.id),
        "Why",
        tuple(items),
        _summary(facts),
    )


def _payment(facts: LineFacts) -> list[Item]:
    priced, line = facts.priced, facts.priced.line
    if priced.quantity is None:
        records = [item for counted in facts.behind for item in records_behind(facts, counted)]
        touches = [touch(facts, priced) for priced in facts.touches]
        by = line.provenance
        term = by.term if isinstance(by, EarnedBy) and isinstance(by.term, Formula) else None
        paid = worked_out_sums.formula(facts, term) if term is not None else without_quantity(facts)
        return [
            *paid,
            *worked_out_sums.conditions(facts),
            *shared(facts),
            *records,
            *touches,
            *where_caps_stand(facts),
        ]
    quantity, rate = priced.quantity or Fraction(0), line.rate or Fraction(0)
    if isinstance(facts.clause, Payment) and facts.clause.all_units is not None:
        items = worked_out_sums.all_units(facts, facts.clause, facts.clause.all_units)
    else:
        items = _at_a_rate(facts, quantity, rate)
    items += worked_out_sums.conditions(facts)
    items += shared(facts)
    if facts.counted is not None:
        items += records_behind(facts, facts.counted)
    items += [touch(facts, priced) for priced in facts.touches]
    items += where_caps_stand(facts)
    return items


def _at_a_rate(facts: LineFacts, quantity: Fraction, rate: Fraction) -> list[Item]:
    """So much for each of so many."""
    line = facts.priced.line
    return [
        Item(
            f"{line.payment} pays {_rate(facts)} for each {subject(line)}",
            "clause",
            wording.cite(line.clause, facts.clause.span),
            items=gloss(facts.clause.gloss),
        ),
        Item(
            f"{grouped(quantity)} x {_rate(facts)} = {in_money(facts, quantity * rate)}{_rounded(facts)}",
            "amount",
            f"rate at {wording.place(facts.row)}",
        ),
        *worked_out(facts),
    ]


def _rate(facts: LineFacts) -> str:
    return in_money(facts, facts.priced.line.rate or Fraction(0))


def _rounded(facts: LineFacts) -> str:
    priced = facts.priced
    exact = (priced.quantity or Fraction(0)) * (priced.line.rate or Fraction(0))
    if exact == priced.whole:
        return ""
    own = facts.clause.rounding if isinstance(facts.clause, Payment) else None
    rounding = own or facts.contract.rounding
    if rounding.each == "statement":
        said = f"its part of the statement, rounded {rounding.way}, {wording.to_the_grain(facts.contract)}"
        return f"; {said}: {in_money(facts, priced.whole)}"
    return f", rounded {rounding.way} to {in_money(facts, priced.whole)}"


def _rest(rest: Rest) -> Item:
    given = ", given from outside" if rest.changed else ""
    because = (Item(rest.reason, "because" if rest.kind == "assumption" else "note"),) if rest.reason else ()
    source = (Item(rest.source, "source"),) if rest.source else ()
    return Item(
        f"{rest.name}: {rest.takes}{given}",
        rest.kind,
        wording.cite(rest.clause, rest.span),
        (*because, *source),
    )


_DID = {"set_off": "met by", "deducted": "deducted by"}


def _summary(facts: LineFacts) -> tuple[Item, ...]:
    if facts.priced.line.kind not in ("payment", "released", "carried", "taken_over") or not facts.touches:
        return (Item(f"{facts.priced.id} in all", in_money(facts, facts.priced.amount), tone="paid"),)
    return (
        Item("earned", in_money(facts, facts.priced.amount)),
        *(
            Item(
                f"{_DID.get(priced.line.kind, 'cut by')} {priced.line.rule}",
                in_money(facts, priced.amount),
            )
            for priced in facts.touches
        ),
        Item("left to pay", in_money(facts, facts.left), tone="paid"),
    )
