"""The least and the most that amounts made of quantities can come to: counts of a cohort of fixed size, shares, means of marks.

What `below_nought` knows of signs, with what `at_most` and `implied_by_metrics` know of how many there can be. A ratio of two
counts is a share where the one implies the other, to date, and both are counted from the first day on.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from sibdsl.model.admissible_quantities.at_most import size, varied
from sibdsl.model.admissible_quantities.below_nought import Place, Signs
from sibdsl.model.admissible_quantities.bounds import Bounds
from sibdsl.model.admissible_quantities.implied_by_metrics import Implied, implied
from sibdsl.model.nodes import (
    Amount,
    Arithmetic,
    ColumnAverage,
    Contract,
    Derived,
    Determination,
    Measured,
    Metric,
    MetricTotal,
    PeopleCounted,
    PeopleReaching,
    RowsCounted,
    ShareOfDays,
    Working,
)
from sibdsl.model.parameters.in_force import Settings

_NOUGHT, _WHOLE = Fraction(0), Fraction(1)


class ValueReach(Signs):
    """Which values the amounts of a contract can have; over any stretch of time, as no stretch holds more than all of it."""

    def __init__(self, contract: Contract, settings: Settings | None = None) -> None:
        super().__init__(contract, settings)
        self._contract = contract
        self._implied: tuple[Implied, ...] | None = None
        self._of: dict[str, Bounds] = {}
        #: Whether the quantities that are looked at are all counted from the first day of the payment period on.
        self._from_first_day = False

    def bounds(self, one: Amount, within: Mapping[Place, Bounds] | None = None) -> Bounds:
        """As of signs, narrowed by how many there can be. `within` holds the metrics of which more is known."""
        low, high = super().bounds(one, within)
        match one:
            case MetricTotal(metric=name):
                return _within((low, high), self._quantity(name))
            case Arithmetic("divided by", MetricTotal(metric=fewer), MetricTotal(metric=more)) if (
                self._from_first_day and one.left != one.right and self.share_of(fewer, more) is not None
            ):
                return _within((low, high), (_NOUGHT, _WHOLE))
        return low, high

    def share_of(self, fewer: str, more: str) -> Implied | None:
        """What says that there are never more of the one than of the other, to date; through other metrics too."""
        if self._implied is None:
            self._implied = implied(self._contract)
        reached, waiting = {fewer}, [fewer]
        while waiting:
            name = waiting.pop()
            for known in self._implied:
                if known.fewer == name and known.more == more:
                    return known
                if known.fewer == name and known.more not in reached:
                    reached.add(known.more)
                    waiting.append(known.more)
        return None

    def why(self, amount: Amount) -> str:
        """Why an amount comes to no more, in a few words; '' where there is nothing short to say."""
        match amount:
            case Working(name=name):
                texts = self.steps.get(name, ())
                return self.why(texts[0]) if len(texts) == 1 else ""
            case Arithmetic("divided by", MetricTotal(metric=fewer), MetricTotal(metric=more)):
                known = self.share_of(fewer, more)
                return known.why if known else ""
            case MetricTotal(metric=name):
                metric = self.metrics.get(name)
                if isinstance(metric, Derived):
                    return self.why(metric.formula)
                people = self._people(metric) if metric is not None else None
                if metric is not None and people is not None:
                    return f"{metric.among[0]} is {people:,} people at most, each counted once"
        return ""

    # -------------------------------------------------------------- quantities

    def _quantity(self, name: str) -> Bounds:
        if name not in self._of:
            self._of[name] = (None, None)  # one that is worked out from itself is told elsewhere
            metric = self.metrics.get(name)
            if isinstance(metric, Derived):
                self._of[name] = self._worked_out(metric)
            elif metric is not None:
                self._of[name] = self._counted(metric)
        return self._of[name]

    def _worked_out(self, metric: Derived) -> Bounds:
        before = self._from_first_day, self._steps
        self._from_first_day, self._steps = _from_first_day(metric.measured), {}
        try:
            # A text of a variation may be in force for a time, and each of them counts.
            found = [self.bounds(formula) for formula in metric.formulas]
        finally:
            self._from_first_day, self._steps = before
        lows, highs = [low for low, _ in found], [high for _, high in found]
        return (
            None if None in lows else min(low for low in lows if low is not None),
            None if None in highs else max(high for high in highs if high is not None),
        )

    def _counted(self, metric: Metric) -> Bounds:
        match metric.counts:
            case ColumnAverage() | Determination() if not metric.earlier:
                table = self.records.get(metric.records)
                column = table.column(metric.counts.column) if table else None
                if column is None or metric.weight is not None:
                    return None, None
                held = self.of_column(column)
                return held.low, held.high
            case ShareOfDays():
                return _NOUGHT, _WHOLE
        people = self._people(metric)
        return (None, None) if people is None else (_NOUGHT, Fraction(people))

    def _people(self, metric: Metric | Derived) -> int | None:
        """How many of it there can be in all, where each person of a cohort of fixed size counts once."""
        if isinstance(metric, Derived) or metric.weight is not None or metric.measured is not None:
            return None
        if varied(self._contract, metric):
            return None
        once = isinstance(metric.counts, PeopleCounted | PeopleReaching) or (
            isinstance(metric.counts, RowsCounted) and metric.first_only == "over all bands"
        )
        return size(self._contract, metric) if once else None


def _within(one: Bounds, other: Bounds) -> Bounds:
    lows = [low for low, _ in (one, other) if low is not None]
    highs = [high for _, high in (one, other) if high is not None]
    return max(lows, default=None), min(highs, default=None)


def _from_first_day(measured: Measured) -> bool:
    """Whether each stretch over which it is measured begins with the payment period."""
    return measured.over in ("contract", "once") or measured.to_date
