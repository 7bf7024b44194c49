"""What the parts of the unrolling share: the state of one unrolling, and amounts as steps."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from attrs import define, field, frozen

from sibdsl import money
from sibdsl.dates import Period
from sibdsl.diagnostics import Unpriceable
from sibdsl.model.admissible_quantities.below_nought import Signs
from sibdsl.model.nodes import (
    Amount,
    Arithmetic,
    Contract,
    Derived,
    Extreme,
    FirstGiven,
    Interpolated,
    Metric,
    MetricTotal,
    Payers,
    Payment,
    Range,
    RoundedAmount,
    Stepped,
    Tier,
    Tiered,
    Working,
)
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.periods import Segment, taken_last
from sibdsl.model.types import Interval
from sibdsl.model.workings import may_be_blank, speaks_of_quantities, step_of
from sibdsl.price.blanks import Blanks, stands_for_a_blank
from sibdsl.price.evaluate import value
from sibdsl.price.graph import (
    Choose,
    Constant,
    Graph,
    Greatest,
    Key,
    Known,
    Least,
    Line,
    Round,
    Scale,
    Sum,
    VerifiedQuantity,
    Withheld,
)
from sibdsl.price.provenance import AllBands, ChosenBy, CountedTo, TierName
from sibdsl.source import Span

if TYPE_CHECKING:
    from sibdsl.price.held_back import HeldSums, Met
    from sibdsl.price.taken_back import Netted, Running


class Unmeasured(Exception):
    """A metric is not measured within the days that a clause asks about, so that nothing is paid on it there."""


@define
class Due:
    """A payment line on its way: what is left of it after set off and cuts so far.

    `rate` is what one unit of the line's metric earns, where every one earns the same; `exact` is then the step of what is
    left before rounding. `signed` says that what is left may be below nought: blocks and limits take only of what is above.
    Of a line that payers share in percentages, `shared` is the whole: what a unit earns is said of it alone.
    """

    line: Line
    left: int
    rate: Fraction | None = None
    exact: int = 0
    signed: bool = False
    shared: SharedWhole | None = None


@frozen(eq=False)
class SharedWhole:
    """A line before its payers share it, of which each unit earns the same, and each payer's part of one, in their order."""

    due: Due
    shares: tuple[Fraction, ...]


@define(eq=False)
class Builder:
    """The state of one unrolling."""

    contract: Contract
    settings: Settings
    graph: Graph
    metrics: dict[str, Metric | Derived]
    bands: dict[str, tuple[str, ...]]
    #: The stretches of time that are unrolled; and, within a programme, the contract's name.
    segments: tuple[Segment, ...]
    name: str = ""
    #: The metrics whose quantities may be below nought.
    below: frozenset[str] = frozenset()
    #: The metrics of which there may be nothing to measure.
    blankable: frozenset[str] = frozenset()
    blanks: Blanks = field(init=False)
    paid_to_date: dict[tuple[str, int], int] = field(factory=dict)
    #: Of each statement that is rounded as one, its lines by segment.
    together: dict[Period, dict[Segment, list[Due]]] = field(factory=dict)
    #: Payments that were seen to have a rate for every day.
    rated: set[str] = field(factory=set)
    #: By statement period, what becomes of payments that come to less than nought; and, of each, what it came to before.
    netted: dict[Period, dict[tuple[str, str, str], Netted]] = field(factory=dict)
    running: dict[tuple[str, str, str], Running] = field(factory=dict)
    #: What each row of a payment comes to in a segment before its payers share it.
    wholes: dict[tuple[tuple[str, int, int], Segment], int] = field(factory=dict)
    #: What each step of workings comes to over some days; and products of a step with one of a few values.
    steps: dict[tuple[str, Period], int] = field(factory=dict)
    products: dict[tuple[int, int], int | None] = field(factory=dict)

    #: What is held back of payments, and whether they had been released by the end of each statement period.
    held: dict[tuple[str, str, str], HeldSums] = field(factory=dict)
    met: dict[tuple[str, Period], Met] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self.blanks = Blanks(self.graph, self.blankable)

    @property
    def grain(self) -> Fraction:
        return self.graph.grain

    def quantity(self, metric: str, band: str, segment: Segment) -> int:
        """The step of a metric's quantity in a segment; of all its bands where none is named."""
        bands = self.metrics[metric].bands
        if band or not bands:
            return self.graph.add(VerifiedQuantity(Key(segment, metric, band, self.name)))
        every = [
            self.graph.add(VerifiedQuantity(Key(segment, metric, band, self.name)))
            for band in self.bands[bands]
        ]
        return self.graph.total(every, AllBands(metric))

    def to_date(self, metric: str, band: str, days: Period, said: str = "") -> int:
        """The step of a metric's quantity over the segments within those days; `said` is what it is called, its name or more.

        Of a metric that does not add up it is the measure taken last within them. Raises Unmeasured when none is.
        """
        measured = self.metrics[metric].measured
        if measured is not None:
            taken = taken_last(self.contract, measured, self.segments, days)
            if taken is None:
                raise Unmeasured(metric)
            return self.quantity(metric, band, taken[1])
        every = [
            self.quantity(metric, band, segment) for segment in self.segments if inside(segment.days, days)
        ]
        return self.named(every, said or metric, days) if every else self.graph.constant(Fraction(0))

    def named(self, inputs: list[int], name: str, days: Period) -> int:
        """The sum of steps under a name that explanations show, with the day that it runs to."""
        return self.graph.add(Sum(tuple(inputs), (1,) * len(inputs), CountedTo(name, days.last)))

    def worked(self, amount: Amount, days: Period) -> int:
        """The step of an amount in which metrics stand for their totals over those days.

        Raises Unpriceable for an amount that multiplies or divides quantities by one another.
        """
        if not speaks_of_quantities(amount):
            return self.graph.constant(self.settings.number(amount))
        match amount:
            case MetricTotal(metric, band):
                return self.to_date(metric, band, days, f"{metric} of band {band}" if band else metric)
            case Working(name):
                # Once for all who use it: steps that use one another twice would double with each.
                if (name, days) not in self.steps:
                    inner = self.worked(step_of(self.contract, name), days)
                    self.steps[name, days] = self.named([inner], name, days)
                return self.steps[name, days]
            case Stepped():
                return self._stepped(amount, days)
            case Interpolated():
                return self._interpolated(amount, days)
            case Extreme(way, parts):
                every = tuple(self.worked(part, days) for part in parts)
                return self.graph.add(Least(every) if way == "lower" else Greatest(every))
            case RoundedAmount(inner, grain, way):
                return self._rounded_to(self.worked(inner, days), grain, way)
            case FirstGiven(parts):
                return self._first_given(parts, days)
            case Arithmetic("plus", left, right):
                return self.graph.total([self.worked(left, days), self.worked(right, days)])
            case Arithmetic("minus", left, right):
                return self.graph.less(self.worked(left, days), [self.worked(right, days)])
            case Arithmetic("times", left, right) if not speaks_of_quantities(left):
                return self.graph.add(Scale((self.worked(right, days),), self.settings.number(left)))
            case Arithmetic("times", left, right) if not speaks_of_quantities(right):
                return self.graph.add(Scale((self.worked(left, days),), self.settings.number(right)))
            case Arithmetic("divided by", left, right) if not speaks_of_quantities(right):
                by = self.settings.number(right)
                if by == 0:
                    raise Unpriceable("This divides by nought.", amount.span)
                return self.graph.add(Scale((self.worked(left, days),), 1 / by))
            case Arithmetic("times", left, right):
                a, b = self.worked(left, days), self.worked(right, days)
                found = self.times(a, b)
                if found is None:
                    found = self.times(b, a)
                if found is not None:
                    return found
        raise Unpriceable("Quantities are multiplied or divided by one another here.", amount.span)

    def times(self, step: int, other: int) -> int | None:
        """A step that takes one of a few values, times another; None when it takes others too."""
        if (step, other) not in self.products:
            self.products[step, other] = self._multiplied(step, other)
        return self.products[step, other]

    def _multiplied(self, step: int, other: int) -> int | None:
        match self.graph.steps[step]:
            case Constant(value):
                return self.graph.add(Scale((other,), value))
            case Scale(inputs, factor):
                inner = self.times(inputs[0], other)
                return None if inner is None else self.graph.add(Scale((inner,), factor))
            case Choose(inputs, ranges, meaning):
                branches = [self.times(operand, other) for operand in inputs[1:]]
                kept = tuple(branch for branch in branches if branch is not None)
                whole = len(kept) == len(branches)
                return self.graph.add(Choose((inputs[0], *kept), ranges, meaning)) if whole else None
            case Known(inputs, keys, meaning) as known if stands_for_a_blank(known):
                either = [self.times(operand, other) for operand in inputs]
                kept = tuple(product for product in either if product is not None)
                return self.graph.add(Known(kept, keys, meaning)) if len(kept) == len(either) else None
            case Sum(inputs, signs, meaning):
                every = [self.times(operand, other) for operand in inputs]
                kept = tuple(product for product in every if product is not None)
                return self.graph.add(Sum(kept, signs, meaning)) if len(kept) == len(every) else None
        return None

    def _first_given(self, parts: tuple[Amount, ...], days: Period) -> int:
        """The first amount that is not blank. One that is not measured in those days is blank, whatever is measured later.

        Raises Unmeasured where none is.
        """
        found: list[int] = []
        missing: Unmeasured | None = None
        for part in parts:
            try:
                found.append(self.worked(part, days))
            except Unmeasured as error:
                missing = error
        if missing is not None and not found:
            raise missing
        return self.blanks.first_given(found)

    def _stepped(self, amount: Stepped, days: Period) -> int:
        branches = tuple(self.worked(row.amount, days) for row in amount.rows)
        ranges = tuple(interval(self.settings, row.holds) for row in amount.rows)
        for row, held in zip(amount.rows, ranges, strict=True):
            if held.empty:
                raise Unpriceable("No value lies in this row: it ends before it begins.", row.span)
        return self.graph.add(
            Choose((self.worked(amount.by, days), *branches), ranges, _chosen_by(amount.by))
        )

    def _interpolated(self, amount: Interpolated, days: Period) -> int:
        """Straight lines between the points; beyond them the end's own amount, or nought."""
        on, graph = self.worked(amount.by, days), self.graph
        pieces = straight(self.settings, amount)
        branches = [
            graph.total([graph.constant(fixed), *([graph.add(Scale((on,), slope))] if slope else [])])
            for _, fixed, slope in pieces
        ]
        return graph.add(Choose((on, *branches), tuple(held for held, _, _ in pieces), _chosen_by(amount.by)))

    def _rounded_to(self, step: int, grain: Fraction, way: money.Way) -> int:
        """A step rounded; a fixed amount where it hangs on no quantity, so that quantities may be multiplied by it."""
        graph = self.graph
        found = graph.add(Round((step,), grain, way))
        behind = graph.behind(found)
        if any(isinstance(graph.steps[at], VerifiedQuantity | Withheld) for at in behind):
            return found
        values: dict[int, Fraction] = {}
        for at in behind:
            values[at] = value(graph.steps[at], [values[operand] for operand in graph.steps[at].inputs], {})
        return graph.constant(values[found])

    def rounded(self, step: int, payment: Payment, factor: Fraction | None = None) -> int:
        """Rounded by the payment's rule, or the contract's; whole counts at a rate of whole pennies need no rounding."""
        rounding = payment.rounding or self.contract.rounding
        if rounding.each == "statement":
            return step
        if rounding.grain is None or (factor is not None and (factor / rounding.grain).denominator == 1):
            return step
        return self.graph.add(Round((step,), rounding.grain, rounding.way))


def begin(
    contract: Contract, settings: Settings, graph: Graph, mine: tuple[Segment, ...], name: str = ""
) -> Builder:
    """The state before anything is unrolled over those segments."""
    bands = {band_set.name: tuple(band.name for band in band_set.bands) for band_set in contract.bands}
    signs = Signs(contract)
    below = frozenset(metric.name for metric in contract.every_metric if signs.metric(metric))
    graph.free |= below | {metric.name for metric in contract.every_metric if not metric.whole}
    return Builder(
        contract,
        settings,
        graph,
        {metric.name: metric for metric in contract.every_metric},
        bands,
        mine,
        name,
        below,
        frozenset(metric.name for metric in contract.every_metric if may_be_blank(contract, metric.name)),
    )


def interval(settings: Settings, held: Range) -> Interval:
    """A range with its ends as numbers. Raises NotGiven for an end that has not been given."""
    low = None if held.low is None else settings.number(held.low)
    high = None if held.high is None else settings.number(held.high)
    return Interval(low, held.low_in, high, held.high_in)


def straight(settings: Settings, amount: Interpolated) -> list[tuple[Interval, Fraction, Fraction]]:
    """A line between points in its straight pieces: where each holds, what is fixed in it, and how much for each unit.

    Beyond the ends it is the end's own amount, or nought. Raises Unpriceable for points that do not rise.
    """
    points = [(settings.number(point.at), settings.number(point.amount), point) for point in amount.points]
    nought = Fraction(0)
    found = [(Interval(high=points[0][0]), points[0][1] if amount.flat_below else nought, nought)]
    for (low, start, _), (high, end, point) in pairwise(points):
        if high <= low:
            raise Unpriceable("This point does not lie above the one before it.", point.span)
        slope = (end - start) / (high - low)
        found.append((Interval(low, True, high, False), start - slope * low, slope))
    last, end, _ = points[-1]
    found.append((Interval(last, True, last, True), end, nought))
    found.append((Interval(last, False), end if amount.flat_above else nought, nought))
    return found


def _chosen_by(by: Amount) -> ChosenBy | None:
    match by:
        case MetricTotal(metric=name) | Working(name=name):
            return ChosenBy(name)
    return None


def inside(part: Period, whole: Period) -> bool:
    """Whether every day of one is a day of the other."""
    return whole.start <= part.start and part.end <= whole.end


_PAID_BACK = " Write what is paid back as a payment with the parties the other way round."
_BACK = {"A rate": _PAID_BACK, "A regular sum": _PAID_BACK}


def not_below_nought(amount: Fraction, what: str, span: Span) -> Fraction:
    """The amount. Raises Unpriceable when it is below nought."""
    if amount < 0:
        raise Unpriceable(
            f"{what} comes to {money.show(amount)}: it cannot be below nought.{_BACK.get(what, '')}", span
        )
    return amount


def tier_names(tariff: Tiered) -> tuple[TierName, ...]:
    """What its tiers are called, in their order."""
    found: list[TierName] = []
    for at, tier in enumerate(tariff.tiers):
        place: Literal["first", "next", "further"] = "next" if at else "first"
        found.append(TierName("further" if tier.further else place, tier.units, tier.many))
    return tuple(found)


def units_of(tier: Tier, settings: Settings) -> Fraction | None:
    """How many units a tier holds; None is all further ones. Raises NotGiven, and Unpriceable for a number below nought."""
    if tier.many is None:
        return None if tier.units is None else Fraction(tier.units)
    return so_many(tier.many, settings, "A tier")


def so_many(size: Amount, settings: Settings, what: str) -> Fraction:
    """A number of units that is given. Raises NotGiven, and Unpriceable for one below nought."""
    found = settings.number(size)
    if found < 0:
        raise Unpriceable(
            f"{what} comes to {money.number(found)} units: it cannot be below nought.", size.span
        )
    return found


def payers_in(payers: Payers, segment: Segment) -> tuple[str, ...]:
    """Who pays for results of a segment: by the date of the result, or by the last day of its statement period."""
    return payers_on(payers, segment.days.start if payers.by == "result" else segment.statement.last)


def payers_on(payers: Payers, day: date) -> tuple[str, ...]:
    """Who pays what falls due on a day: one, or all who share it."""
    if payers.shares:
        return payers.names
    return (next(phase.payer for phase in payers.phases if phase.last is None or day <= phase.last),)
