"""Verdicts on rules of a contract or a programme: what is proved, the exact boundary, the headroom, the smallest counterexample.

Source of the verdicts: language reference, 'Rules'.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

from attrs import field, frozen

from sibdsl.check.rules.horizons import Horizon
from sibdsl.check.rules.inequality import Inequality
from sibdsl.check.rules.within import Terms
from sibdsl.model.nodes import Rule
from sibdsl.price import Key, Priced

Says = Literal["holds", "holds when", "fails", "not decided"]


@frozen
class Occasion:
    """The verdict in one horizon.

    It holds exactly when all inequalities of any one of the `alternatives` are met (none: not known in short form).
    `enough` and `needed` are single totals: one makes it hold whatever the other quantities are, without the other it
    fails whatever they are. Where there are no alternatives, the truth lies between them.
    """

    horizon: Horizon
    says: Says
    alternatives: tuple[tuple[Inequality, ...], ...] = ()
    enough: tuple[Inequality, ...] = ()
    needed: tuple[Inequality, ...] = ()
    counterexample: Mapping[Key, Fraction] | None = None
    reason: str = ""
    #: Whether every smaller counterexample has been ruled out.
    smallest: bool = True

    def met(self, quantities: Mapping[Key, Fraction]) -> bool | None:
        """Whether quantities meet the condition; None when it is not known."""
        if self.says == "holds":
            return True
        if self.says == "fails":
            return False
        if not self.alternatives:
            return None
        return any(
            all(inequality.headroom(quantities) >= 0 for inequality in way) for way in self.alternatives
        )

    def headroom(self, quantities: Mapping[Key, Fraction]) -> Fraction | None:
        """By how much quantities exceed the condition in its own units; None when it has no short form, or no bound."""
        rooms = [
            min(inequality.headroom(quantities) for inequality in way) for way in self.alternatives if way
        ]
        return max(rooms) if rooms else None


@frozen
class Verdict:
    """The verdict on one rule: over all its occasions, with the worst of them first among counterexamples.

    `contracts` say what was used of which quantities can come about, each of its own. `reason` is why its occasions together come
    to another verdict than each of them.
    """

    rule: Rule
    says: Says
    occasions: tuple[Occasion, ...]
    priced: Priced | None = field(repr=False, default=None)
    contracts: tuple[Terms, ...] = field(repr=False, default=())
    reason: str = ""

    @property
    def failing(self) -> Occasion | None:
        """The occasion whose counterexample is told: the first that always fails, else the first that can."""
        with_one = [occasion for occasion in self.occasions if occasion.counterexample is not None]
        return next(
            (occasion for occasion in with_one if occasion.says == "fails"), with_one[0] if with_one else None
        )
