"""The limits of a contract, each as long as it goes on: the versions that variations make of one are put together.

Source of the rules: language reference, 'Limits under a variation'. A limit that a variation replaces by the same limit is one
limit still. Where its terms change, the old one and the new one are two, and each counts what was paid under the other.
"""

from __future__ import annotations

from datetime import date, timedelta

from attrs import evolve, frozen

from sibdsl.model.nodes import Applies, Cap, CapRow, Contract, Payment


@frozen
class RowInForce:
    """One row of a limit from its first day to its last, by its place in the clause.

    `own` says that it is a payment's own. `replaces` is the place, among all rows, of the row whose place it took, and which
    it counts on from.
    """

    cap: Cap
    at: int
    own: bool
    replaces: int | None = None

    @property
    def row(self) -> CapRow:
        return self.cap.rows[self.at]


def rows_in_force(contract: Contract) -> list[RowInForce]:
    """Every row of every limit: those of payments, then those of caps, in the order of the text."""
    found: list[RowInForce] = []
    latest: dict[tuple[bool, str, int], int] = {}
    every = [(True, cap) for cap in own_limits(contract)] + [(False, cap) for cap in contract.caps]
    for own, cap in every:
        for at in range(len(cap.rows)):
            before = latest.get((own, cap.name, at))
            follows = before is not None and _counts_on(cap.applies)
            if before is not None and follows and _goes_on(found[before], cap):
                joined = _joined(found[before].cap.applies, cap.applies)
                found[before] = evolve(found[before], cap=evolve(cap, applies=joined))
                continue
            latest[own, cap.name, at] = len(found)
            found.append(RowInForce(cap, at, own, before if follows else None))
    return found


def own_limits(contract: Contract) -> tuple[Cap, ...]:
    """What bounds a payment within itself, as caps under its own name and clause.

    What one carries forward is owed after the payment has ended too, so it goes on, unless a variation ended it: for good, or
    until another takes its place.
    """
    return tuple(
        Cap(
            payment.name,
            payment.clause,
            payment.gloss,
            payment.limits,
            payment.excess,
            applies=_own_applies(payment, contract.payments[at + 1 :]),
            span=payment.span,
        )
        for at, payment in enumerate(contract.payments)
        if payment.limits
    )


def every_cap(contract: Contract) -> tuple[Cap, ...]:
    """Every limit of a contract: what bounds payments within themselves, then its caps."""
    return (*own_limits(contract), *contract.caps)


def _own_applies(payment: Payment, after: tuple[Payment, ...]) -> Applies:
    applies = payment.applies
    if payment.excess.way != "carried forward" or applies.ended:
        return applies
    following = next(
        (later_payment.applies for later_payment in after if later_payment.name == payment.name), None
    )
    if following is None or following.first is None:
        return evolve(applies, last=None)
    dues_to = None if following.dues_from is None else following.dues_from - timedelta(days=1)
    return evolve(applies, last=following.first - timedelta(days=1), dues_to=dues_to)


def _goes_on(old: RowInForce, new: Cap) -> bool:
    """Whether the row that takes a row's place is the same limit under the same clause, with no day between them."""
    cap, before, after = old.cap, old.cap.applies, new.applies
    if before.last is None or after.first is None:
        return False
    day = timedelta(days=1)
    ends = before.last + day, (before.dues_to or before.last) + day
    return (
        ends == (after.first, after.dues_from or after.first)
        and (cap.clause, old.row, cap.excess, cap.sharing, cap.after)
        == (new.clause, new.rows[old.at], new.excess, new.sharing, new.after)
        and _counted_from(before) == after.counts_from
    )


def _counts_on(applies: Applies) -> bool:
    """Whether a version counts what was paid before it begins."""
    return applies.first is not None and (applies.counts_from is None or applies.counts_from < applies.first)


def _counted_from(applies: Applies) -> date | None:
    """From when a version counts: where its own words say when it begins, from there."""
    return applies.counts_from if applies.begun or applies.counts_from else applies.first


def _joined(old: Applies, new: Applies) -> Applies:
    return evolve(old, last=new.last, ended=new.ended, dues_to=new.dues_to, ended_stated=new.ended_stated)
