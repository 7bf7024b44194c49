"""Limits for each person: which results they cover, and what they take off the lines.

Who earned what is not in quantities. So what such a limit takes of a line is an unknown of its own, in money, which the
measuring of records works out; here it is named, and taken off. Source: language reference, 'A limit for each person'.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from attrs import define, field, frozen

from sibdsl import money
from sibdsl.dates import Period
from sibdsl.diagnostics import Unpriceable
from sibdsl.english import listed
from sibdsl.model.bounds import for_each_person
from sibdsl.model.columns_worked_out import results_in_parts
from sibdsl.model.nodes import AnyMetric, Cap, CapRow, Contract, Metric
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.periods import Segment, occasions
from sibdsl.model.workings import metrics_of
from sibdsl.price.builder import Builder, Due, begin, inside, not_below_nought
from sibdsl.price.earned import earned
from sibdsl.price.graph import Graph, Key, Line, TakenOf, Withheld
from sibdsl.price.limit_order import CONTRACTS, PAYMENTS_OWN, Place, days_of
from sibdsl.price.limits_in_force import every_cap, rows_in_force
from sibdsl.price.provenance import EarnedBy, Purpose, WithheldForPersons
from sibdsl.price.selected_lines import limited
from sibdsl.price.shared_payments import split
from sibdsl.price.step_words import taken_said


class Untold(Unpriceable):
    """A limit for each person covers what no single person can be said to have earned."""


@frozen
class LinePlace:
    """Which line of a segment: of a payment, its number among that payment's lines, from 1."""

    payment: str
    number: int


@frozen
class PersonalLimit:
    """One row of a cap that holds for each person; `number` is its place in the cap, from 1."""

    cap: Cap
    row: CapRow
    number: int
    amount: Fraction
    occasions: tuple[Period, ...]

    def key(self, segment: Segment, place: LinePlace, contract: str = "") -> Key:
        """The unknown that it takes of the line at that place of a segment."""
        taken_of = TakenOf(self.cap.name, self.number, place.payment, place.number)
        return Key(segment, *taken_said(taken_of), contract, taken_of)


@frozen
class Earning:
    """A line of a segment and what each unit of its metric (in a band; '' is all) earns. `place` tells lines apart."""

    segment: Segment
    place: LinePlace
    line: Line
    each: Fraction


@frozen
class Covered:
    """An earning, by its place among all, that a limit covers in an occasion. `cuts` is false for what only fills it."""

    earning: int
    occasion: int
    cuts: bool


def has_personal_limits(contract: Contract) -> bool:
    """Whether anything in the contract is limited for each person."""
    return any(for_each_person(row) for cap in every_cap(contract) for row in cap.rows)


def personal_limits(builder: Builder) -> list[PersonalLimit]:
    """Every limit for each person, in the order of limits; one goes by the longest of its times."""
    contract = builder.contract
    placed_limits: list[tuple[Place, PersonalLimit]] = []
    replaced: dict[int, int] = {}
    numbers: dict[int, int] = {}
    for at, row_in_force in enumerate(rows_in_force(contract)):
        row = row_in_force.row
        if for_each_person(row):
            limit = not_below_nought(builder.settings.number(row.amount), "A cap", row.span)
            amount = money.round_to(limit, builder.grain, "down")
            over = occasions(contract, row.scope)
            longest = max(days_of(contract.payment_period, days) for days in over)
            numbers[at] = len(placed_limits)
            if row_in_force.replaces in numbers:
                replaced[len(placed_limits)] = numbers[row_in_force.replaces]
            place = Place(
                longest, PAYMENTS_OWN if row_in_force.own else CONTRACTS, builder.name, len(placed_limits)
            )
            placed_limits.append(
                (place, PersonalLimit(row_in_force.cap, row, row_in_force.at + 1, amount, over))
            )
    return _old_first(placed_limits, replaced)


def _old_first(
    placed_limits: list[tuple[Place, PersonalLimit]], replaced: Mapping[int, int]
) -> list[PersonalLimit]:
    """The limits in their order, but each that took another's place (by their numbers) after that one.

    Raises Unpriceable where a third limit stands between a new one over fewer days and the old.
    """
    ordered = sorted(range(len(placed_limits)), key=lambda number: placed_limits[number][0])
    for new, old in replaced.items():
        at, then = ordered.index(new), ordered.index(old)
        if at > then:
            continue
        between = [
            number for number in ordered[at + 1 : then] if not _same_clause(placed_limits, number, old)
        ]
        if between:
            limit, other = placed_limits[new][1], placed_limits[between[0]][1]
            raise Unpriceable(
                f"{limit.cap.name} takes the place of a limit for each person over a longer time, and counts what that lets "
                f"through; {other.cap.name} comes before the old one and after the new, so no order of the three can be told. "
                "Which of them comes first is for the parties to say; nothing is paid by a guess.",
                limit.row.span,
            )
        ordered.remove(new)
        ordered.insert(ordered.index(old) + 1, new)
    return [placed_limits[number][1] for number in ordered]


def _same_clause(placed_limits: list[tuple[Place, PersonalLimit]], number: int, old: int) -> bool:
    """Whether two limits are versions of one row."""
    limits = placed_limits[number][1], placed_limits[old][1]
    return len({(limit.cap.name, limit.number) for limit in limits}) == 1


def in_whole_grains(builder: Builder, every: list[Due]) -> bool:
    """Whether each result earns whole pennies (or what is rounded to), so that no cut needs to be rounded."""
    return all(
        (due.rate / builder.grain).denominator == 1
        and builder.metrics[due.line.metric].whole
        and not (isinstance(due.line.provenance, EarnedBy) and due.line.provenance.payment.rounding)
        for due in (due_line if due_line.shared is None else due_line.shared.due for due_line in every)
        if due.rate is not None
    )


def withhold(
    builder: Builder, limits: list[PersonalLimit], segment: Segment, due: list[Due], *, whole: bool
) -> list[Line]:
    """Take off each line of the segment what each limit takes of it; the lines that say so.

    `whole` says that results earn whole pennies; else each line is rounded again after the cut.
    """
    graph = builder.graph
    cut_lines: list[Line] = []
    lines = _whole_lines(due)
    for limit in limits:
        occasion = _occasion(limit, segment)
        if not limit.cap.applies.on(segment.days) or occasion is None:
            continue
        for whole_line in lines:
            if not _covered(builder, limit, whole_line):
                continue
            key = limit.key(segment, whole_line.place, builder.name)
            taken = graph.add(Withheld((whole_line.exact,), key))
            whole_line.exact = graph.less(whole_line.exact, [taken], Purpose.LEFT_AFTER_PERSONS)
            left = whole_line.exact if whole else _rounded(builder, whole_line)
            if left != whole_line.exact:
                taken = graph.less(whole_line.left, [left], Purpose.CUT_FOR_PERSONS)
            whole_line.left = left
            by = WithheldForPersons(limit.cap, limit.row, limit.occasions[occasion], limit.amount, key)
            for part, of_part in zip(
                whole_line.parts, _taken_of_parts(builder, whole_line, taken), strict=True
            ):
                line = part.line
                cut_lines.append(
                    Line(
                        "cap_cut", segment, line.payer, line.payee, limit.cap.clause, line.payment, line.metric, line.band,
                        None, None, graph.add_negative(of_part), limit.cap.name, agent=line.agent, metrics=line.metrics,
                        contract=line.contract, share=line.share, span=limit.row.span, provenance=by,
                        whole=None if line.share is None else graph.add_negative(taken),
                    )
                )  # fmt: skip
    return cut_lines


@define
class _WholeLine:
    """A line with all who pay it: what it earns before they share it, and the part of each. `exact` is what is left of it."""

    earns: Due
    parts: list[Due]
    place: LinePlace
    exact: int = field(init=False)
    left: int = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.exact, self.left = self.earns.exact, self.earns.left


def _whole_lines(due: list[Due]) -> list[_WholeLine]:
    """The lines of a segment, those that payers share put together, each at the place of the first."""
    whole_lines: list[_WholeLine] = []
    shared: dict[int, _WholeLine] = {}
    for due_line, place in zip(due, places(due), strict=True):
        if due_line.shared is None:
            whole_lines.append(_WholeLine(due_line, [due_line], place))
            continue
        if id(due_line.shared) not in shared:
            shared[id(due_line.shared)] = _WholeLine(due_line.shared.due, [], place)
            whole_lines.append(shared[id(due_line.shared)])
        shared[id(due_line.shared)].parts.append(due_line)
    return whole_lines


def _taken_of_parts(builder: Builder, whole_line: _WholeLine, taken: int) -> list[int]:
    """What is taken of each payer's part: what is left of the whole is shared as the whole was."""
    shared = whole_line.parts[0].shared
    if shared is None:
        whole_line.parts[0].exact, whole_line.parts[0].left = whole_line.exact, whole_line.left
        return [taken]
    found: list[int] = []
    for part, left in zip(whole_line.parts, split(builder, whole_line.left, shared.shares), strict=True):
        found.append(builder.graph.less(part.left, [left], Purpose.CUT_FOR_PERSONS))
        part.left = left
    return found


def _rounded(builder: Builder, due: _WholeLine) -> int:
    """What is left of a line, rounded as its payment rounds its lines."""
    by = due.earns.line.provenance
    if not isinstance(by, EarnedBy):
        raise TypeError(f"no row of {due.earns.line.payment} earns this line")
    return builder.rounded(due.exact, by.payment)


def places(due: list[Due]) -> list[LinePlace]:
    """The place of each line of a segment."""
    counts: dict[str, int] = {}
    line_places: list[LinePlace] = []
    for due_line in due:
        counts[due_line.line.payment] = counts.get(due_line.line.payment, 0) + 1
        line_places.append(LinePlace(due_line.line.payment, counts[due_line.line.payment]))
    return line_places


def to_measure(
    contract: Contract, settings: Settings, segments: tuple[Segment, ...]
) -> tuple[tuple[Earning, ...], tuple[tuple[PersonalLimit, tuple[Covered, ...]], ...]]:
    """What the engine needs: every earning in order, and each limit in turn with the earnings that fill it."""
    if not has_personal_limits(contract):
        return (), ()
    builder = begin(contract, settings, Graph(segments=segments, grain=_grain(contract)), segments)
    limits = personal_limits(builder)
    earnings: list[Earning] = []
    covered: list[list[Covered]] = [[] for _ in limits]
    for segment in segments:
        due = earned(builder, segment)
        for whole_line in _whole_lines(due):
            wanted = [
                (mine, Covered(len(earnings), occasion, cuts))
                for mine, limit in zip(covered, limits, strict=True)
                for occasion, cuts in _fills(limit, segment)
                if _covered(builder, limit, whole_line)
            ]
            for mine, covered_earning in wanted:
                mine.append(covered_earning)
            if wanted and whole_line.earns.rate is not None:
                earnings.append(
                    Earning(segment, whole_line.place, whole_line.parts[0].line, whole_line.earns.rate)
                )
    return tuple(earnings), tuple((limit, tuple(mine)) for limit, mine in zip(limits, covered, strict=True))


def _grain(contract: Contract) -> Fraction:
    return contract.rounding.grain or money.currency(contract.currency).minor_unit


def _occasion(limit: PersonalLimit, segment: Segment) -> int | None:
    return next((at for at, days in enumerate(limit.occasions) if inside(segment.days, days)), None)


def _fills(limit: PersonalLimit, segment: Segment) -> Iterator[tuple[int, bool]]:
    """The occasion that a segment's results fill, and whether they are cut.

    Results before a clause that replaced another, from where it counts on, fill it and are not cut by it.
    """
    occasion, applies = _occasion(limit, segment), limit.cap.applies
    if occasion is None:
        return
    if applies.on(segment.days):
        yield occasion, True
    elif applies.counts_line(segment.days, None):
        yield occasion, False


def _covered(builder: Builder, limit: PersonalLimit, whole: _WholeLine) -> bool:
    """Whether the limit takes of the line. What no person's results earn it leaves alone.

    Raises Untold for a line of which it cannot be said what one person's results earn, or of which it covers a part.
    """
    line = whole.parts[0].line
    covered = [
        part.line for part in whole.parts if limited(builder.contract, builder.settings, limit.row, part.line)
    ]
    if all(_nobodys(builder.metrics[metric]) for metric in line.metrics) or not covered:
        return False
    if _taken_back(builder, line) or whole.earns.rate is None or not _personal(builder, line):
        raise Untold(untold(line), limit.row.span)
    if len(covered) < len(whole.parts):
        payers = listed([part.line.payer for part in whole.parts])
        raise Untold(
            f"{payers} share what each result earns under {line.payment}, and the limit covers what {covered[0].payer} pays "
            "of it: what is cut for a person is shared as the line is, so a limit for each person covers all who share, or none.",
            limit.row.span,
        )
    metric = builder.metrics[line.metric]
    if isinstance(metric, Metric) and results_in_parts(builder.contract, metric):
        raise Untold(
            f"What a result of {metric.name} comes to is worked out by a share or a division, and need not be a whole part of "
            f"a penny: a limit for each person on {line.payment} could not be kept exactly.",
            limit.row.span,
        )
    return True


def untold(line: Line) -> str:
    """Why no limit for each person can cover the line, as a message says it."""
    return (
        f"What one person's results earn under {line.payment} cannot be told apart, so no limit for each person can "
        "cover it."
    )


def _taken_back(builder: Builder, line: Line) -> bool:
    """Whether something of the line's payment may be below nought, and is taken off the rest of it."""
    return any(
        payment.taken_back
        and not builder.below.isdisjoint(
            name for term in payment.terms for name in metrics_of(builder.contract, term)
        )
        for payment in builder.contract.payments
        if payment.name == line.payment
    )


def _nobodys(metric: AnyMetric) -> bool:
    return isinstance(metric, Metric) and not metric.cohort and metric.measured is None


def _personal(builder: Builder, line: Line) -> bool:
    metric = builder.metrics[line.metric]
    return isinstance(metric, Metric) and metric.measured is None and metric.name not in builder.below
