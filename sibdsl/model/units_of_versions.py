"""Which units a clause counted before a variation replaced it: those of its own rows, under the terms of their day.

Source: language reference, 'Variations': what went before counts on.
"""

from __future__ import annotations

from sibdsl.model.nodes import AllUnits, AnyMetric, Contract, Payment, Rate, Tiered
from sibdsl.model.periods import Segment

#: A metric and a band whose units a row of a payment counts; band '' is all of them.
Counted = tuple[str, str]


def counted_in(contract: Contract, payment: Payment, row: Counted, segment: Segment) -> tuple[Counted, ...]:
    """Whose units fill a row of a payment in a segment: its own, or what stands for them in the version in force there.

    Raises ValueError where `replaced_row` cannot tell.
    """
    if payment.applies.on(segment.days):
        return (row,)
    for version in contract.payments:
        if version.name == payment.name and version.applies.on(segment.days):
            found = replaced_row(version, payment, row)
            if found is None:
                raise ValueError(f"several rows of {payment.name} count other results than before")
            return found
    return (row,)


def replaced_row(old: Payment, new: Payment, row: Counted) -> tuple[Counted, ...] | None:
    """Whose units counted under a clause for the row of the clause that replaces it. None where it cannot be told.

    A row of the same results goes on. Else the one row that is gone is what the one that is new takes the place of. A
    clause that paid for no units, such as a regular sum, leaves the row with its own results.
    """
    before, now = _rows(old), _rows(new)
    if not before:
        return (row,)
    same = tuple(dict.fromkeys((row[0], row[1] or one[1]) for one in before if _alike(one, row)))
    if same:
        whole = (row[0], "")
        return (whole,) if whole in same else same
    gone = [one for one in before if not any(_alike(one, other) for other in now)]
    come = [one for one in now if not any(_alike(one, other) for other in before)]
    if not gone:
        return ()
    return (gone[0],) if len(gone) == len(come) == 1 else None


def told(old: Payment, new: Payment, metrics: dict[str, AnyMetric]) -> bool:
    """Whether it is known, of each row of `new` that counts units to date, which units counted under `old`.

    Units of another measure, and quantities that do not add up, are not the same units.
    """
    for term in new.terms:
        if not isinstance(term, Tiered | AllUnits):
            continue
        row = (term.metric, term.band)
        before = replaced_row(old, new, row)
        if before is None:
            return False
        mine = metrics.get(term.metric)
        if before == (row,) or mine is None:
            continue
        others = [metrics[name] for name, _ in before if name in metrics]
        if mine.measured is not None or any(
            metric.measured is not None or metric.measures != mine.measures for metric in others
        ):
            return False
    return True


def _rows(payment: Payment) -> tuple[Counted, ...]:
    counted = (term for term in payment.terms if isinstance(term, Rate | Tiered | AllUnits))
    return tuple(dict.fromkeys((term.metric, term.band) for term in counted))


def _alike(one: Counted, other: Counted) -> bool:
    return one[0] == other[0] and (one[1] == other[1] or not one[1] or not other[1])
