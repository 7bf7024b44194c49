"""How many units fill the tiers, the rates for all units and the limits in units of a payment, over all its versions.

Source: language reference, 'Variations': what went before counts on.
"""

from __future__ import annotations

from fractions import Fraction

from sibdsl.dates import Period
from sibdsl.diagnostics import Unpriceable
from sibdsl.model.nodes import AllUnits, Payment, Tiered
from sibdsl.model.units_of_versions import counted_in
from sibdsl.price.builder import Builder, Unmeasured, inside


def units_to_date(builder: Builder, payment: Payment, term: Tiered | AllUnits, days: Period) -> int | None:
    """The step of the units that count over those days, each under the version in force then.

    None while the metric has not been measured: nothing is paid on it before. Raises Unpriceable where it cannot be told
    which units counted before a variation.
    """
    row = (term.metric, term.band)
    segments = [segment for segment in builder.segments if inside(segment.days, days)]
    try:
        counted = [counted_in(builder.contract, payment, row, segment) for segment in segments]
    except ValueError as error:
        raise Unpriceable(f"It cannot be told which units count on: {error}.", term.span) from error
    if all(rows == (row,) for rows in counted):
        try:
            return builder.to_date(term.metric, term.band, days)
        except Unmeasured:
            return None
    every = [
        builder.quantity(metric, band, segment)
        for segment, rows in zip(segments, counted, strict=True)
        for metric, band in rows
    ]
    if not every:
        return builder.graph.constant(Fraction(0))
    return builder.named(every, f"units of {payment.name}", days)
