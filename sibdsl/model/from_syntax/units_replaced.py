"""Refuses a variation of tiers whose units before cannot be told. Source: language reference, 'Variations'."""

from __future__ import annotations

from collections.abc import Iterable

from sibdsl.diagnostics import Label
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.nodes import AnyMetric, Payment, Variation
from sibdsl.model.units_of_versions import told


def told_apart(
    reader: Reader,
    payments: Iterable[Payment],
    variations: tuple[Variation, ...],
    metrics: dict[str, AnyMetric],
) -> None:
    """Report a clause that counts units on from one that counted several other results, or in another measure."""
    before = list(payments)
    for variation in variations:
        others = [payment for other in variations if other is not variation for payment in other.payments]
        for new in variation.payments:
            old = next(
                (one for one in (*before, *others) if one.name == new.name and not told(one, new, metrics)),
                None,
            )
            if old is None:
                continue
            reader.problems.add(
                "SIB0229",
                f"This {new.name} counts units, and which of the units that the {new.name} in its place before counted "
                "fill its tiers cannot be told.",
                new.span,
                clause=new.clause,
                mark="which units count on?",
                help=f"Write `remove payment {new.name}`, and add this one under another name: it then begins to count anew.",
                labels=(Label(old.span, f"the other {old.name}"),),
            )
