"""What would have been paid had a row said something else, in words."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from sibdsl import wording
from sibdsl.dates import long, months_name
from sibdsl.english import exactly, listed
from sibdsl.measure import Claim
from sibdsl.model.nodes import (
    Contract,
    Formula,
    ToDate,
)
from sibdsl.model.workings import counted_behind, metrics_of
from sibdsl.settle.explain.page import Item
from sibdsl.settle.explain.person_facts import PersonFacts, RowTold
from sibdsl.settle.explain.what_if import Would
from sibdsl.settle.explain.what_if_candidates import Change, day_of

#: Results told of each with its period; of more, only their metrics are.
_PERIODS_TOLD = 4


def would_have_counted(facts: PersonFacts, told: RowTold, before: tuple[RowTold, ...]) -> tuple[Item, ...]:
    """What would have made the row count; said once where the same change does for several clauses."""
    if not told.tried:
        return ()
    if told.would is None:
        return (Item(f"no small change of this row alone would have counted by {long(facts.run.as_of)}"),)
    if any(row_told.would == told.would for row_told in before):
        return (Item("the same change as above", "what if", tone="note"),)
    return (Item(would_words(facts, told, told.would), "what if", tone="note"),)


#: What is done to a line by what takes of it.
DID = {"deducted": "deducted", "set_off": "met", "cap_cut": "cut"}


def would_words(facts: PersonFacts, told: RowTold, would: Would) -> str:
    """`one more day (Ended On 12 April 2018) would have earned £1,350.00 from CBO, for Job Entry, From 16, ...`."""
    how = _how(facts, told, would.changes)
    earned, lost = gained_and_lost(would)
    less: dict[tuple[str, str], Fraction] = {}
    elsewhere: dict[tuple[str, str], dict[str, Fraction]] = {}
    for line, amount in would.lines:
        if line.kind in DID:
            key = (line.kind, line.rule)
            less[key] = less.get(key, Fraction(0)) - amount
            if line.contract not in ("", facts.contract.name):
                sums_there = elsewhere.setdefault(key, {})
                sums_there[line.contract] = sums_there.get(line.contract, Fraction(0)) - amount
    stated = set(facts.run.priced_segments)
    now = [claim for claim in would.gained if claim.segment in stated]
    later = [claim for claim in would.gained if claim.segment not in stated]
    if len(now) + len(later) > _PERIODS_TOLD:  # days of tracking lie in many periods: the metrics say enough
        now, later = list({claim.metric: claim for claim in now}.values()), []
    sums = [f"{in_money(facts, amount)} from {payer}" for payer, amount in earned.items() if amount]
    parts: list[str] = []
    if sums:
        what = _results(would, now)
        parts.append(f"would have earned {listed(sums)}{f', for {listed(what)}' if what else ''}")
        parts += [
            f"of that {in_money(facts, amount)} would have been {DID[kind]} by {rule}"
            f"{_elsewhere(facts, elsewhere.get((kind, rule), {}))}"
            for (kind, rule), amount in less.items()
            if amount > 0
        ]
    elif now and not lost:
        what = _results(would, now)
        sums_of = any(worked_out(facts.contract, claim.metric) for claim in now)
        no_more = "and nothing more would have been paid" if sums_of else "for which nothing is paid"
        parts.append(f"would have counted for {listed(what)}, {no_more}")
    elif now:
        parts.append(f"would have counted for {listed(_results(would, now))}")
    if lost:
        gone = [f"{in_money(facts, amount)} from {payer}" for payer, amount in lost.items()]
        results = list(dict.fromkeys(_result(claim.metric, claim.band) for claim in would.lost))
        parts.append(
            f"{listed(gone)}{f', for {listed(results)},' if results else ''} would not have been earned"
        )
    for claim in later:
        parts.append(
            f"would have counted for {_result(claim.metric, claim.band)} in {months_name(claim.segment.days)}, "
            f"which had not ended by {long(facts.run.as_of)}"
        )
    if not parts:
        parts.append("would have made this row count, and nothing more would have been paid")
    return f"{how} {'; '.join(parts)}"


def gained_and_lost(would: Would) -> tuple[dict[str, Fraction], dict[str, Fraction]]:
    """What each payer would have paid more, and less: apart, by payment, so that what is lost is not hidden by what is gained."""
    sums: dict[tuple[str, str, str, str], Fraction] = {}
    for line, amount in would.lines:
        if line.kind == "payment":
            key = (line.payer, line.rule, line.metric, line.band)
            sums[key] = sums.get(key, Fraction(0)) + amount
    gained: dict[str, Fraction] = {}
    lost: dict[str, Fraction] = {}
    for (payer, *_), amount in sums.items():
        side = gained if amount > 0 else lost
        if amount:
            side[payer] = side.get(payer, Fraction(0)) + abs(amount)
    return gained, lost


def _elsewhere(facts: PersonFacts, sums: Mapping[str, Fraction]) -> str:
    """Of what a shared limit would have cut more: what of it in other contracts."""
    told = [f"{in_money(facts, amount)} of it in {contract}" for contract, amount in sums.items() if amount]
    return f" ({listed(told)})" if told else ""


def _results(would: Would, now: list[Claim]) -> list[str]:
    """Each result and its period; the metrics alone where there are many."""
    if len(would.gained) > _PERIODS_TOLD:
        return [claim.metric for claim in now]
    return [f"{_result(claim.metric, claim.band)} {wording.when(claim.segment.days)}" for claim in now]


def _result(metric: str, band: str) -> str:
    return ", ".join(part for part in (metric, band) if part)


def _how(facts: PersonFacts, told: RowTold, changes: tuple[Change, ...]) -> str:
    table = facts.contract.table(told.clause.records)
    change = changes[0]
    spell = table.spell if table else None
    longer = spell is not None and change.column == spell.end and change.moved > 0 and change.before
    if len(changes) == 1 and longer and change.kind == "date":
        return f"{wording.days(change.moved).replace(' day', ' more day')} ({change.column} {_after(change)})"
    return listed([_change(change) for change in changes])


def _after(change: Change) -> str:
    day = day_of(change.after)
    return long(day) if day and change.kind == "date" else change.after or "blank"


def _change(change: Change) -> str:
    before = day_of(change.before)
    said = long(before) if before and change.kind == "date" else change.before or "blank"
    if change.kind == "date" and before and change.after:
        way = "later" if change.moved > 0 else "earlier"
        return (
            f"{change.column} {_after(change)} in place of {said} ({wording.days(abs(change.moved))} {way})"
        )
    return f"{change.column} {_after(change)} in place of {said}"


def in_money(facts: PersonFacts, amount: Fraction) -> str:
    """An amount in the currency of the run, exactly."""
    return exactly(amount, facts.contract.currency)


def worked_out(contract: Contract, metric: str) -> list[str]:
    """The payments that are sums worked out from a metric, directly or through metrics worked out from it."""
    return [
        payment.name
        for payment in contract.payments
        if any(
            isinstance(term, (Formula, ToDate))
            and metric in counted_behind(contract, metrics_of(contract, term))
            for term in payment.terms
        )
    ]
