"""Which quantities some records could produce: what the metrics' definitions imply, to date."""

from __future__ import annotations

from attrs import frozen

from sibdsl.model.nodes import Both, Column, Compare, Condition, Contract, Metric, MetricColumn


@frozen
class Implied:
    """To date, on every day, there are at most as many `fewer` as `more` (all bands together)."""

    fewer: str
    more: str
    why: str


def implied(contract: Contract) -> tuple[Implied, ...]:
    """Every 'at most as many, to date' that follows from two metrics' definitions."""
    found: list[Implied] = []
    for metric in contract.metrics:
        for other in contract.metrics:
            if metric.name == other.name or not (_once(metric) and _once(other)):
                continue
            if _after_row_of(metric, other):
                found.append(
                    Implied(
                        metric.name, other.name, f"each {metric.name} needs the person's {other.name} first"
                    )
                )
            elif _held_longer(metric, other):
                found.append(
                    Implied(
                        metric.name,
                        other.name,
                        f"what is held long enough for {metric.name} was for {other.name}",
                    )
                )
    return tuple(one for one in found if not _by_way_of_another(one, found))


def _once(metric: Metric) -> bool:
    return metric.first_only == "over all bands"


def _after_row_of(metric: Metric, other: Metric) -> bool:
    """The metric's row begins on or after the date of the other's row, which its own date does not precede."""
    if other.dated.by != "column":
        return False
    start = metric.held.start if metric.held else metric.dated.column
    if metric.dated.by == "column" and metric.dated.column != start:
        return False
    return any(
        isinstance(test.left, Column)
        and test.left.name == start
        and test.op in (">=", ">", "=")
        and isinstance(test.right, MetricColumn)
        and test.right.metric == other.name
        and test.right.name == other.dated.column
        for test in _tests(metric.conditions)
    )


def _tests(conditions: tuple[Condition, ...]) -> list[Compare]:
    found: list[Compare] = []
    for one in conditions:
        if isinstance(one, Compare):
            found.append(one)
        elif isinstance(one, Both):
            found.extend(_tests(one.tests))
    return found


def _held_longer(metric: Metric, other: Metric) -> bool:
    """Both count holdings of the same rows on the same conditions, dated alike; this one's is never the shorter."""
    if metric.held is None or other.held is None or metric.dated.by == "column":
        return False
    alike = (
        metric.records == other.records
        and metric.cohort == other.cohort
        and metric.conditions == other.conditions
        and metric.dated == other.dated
        and metric.held.start == other.held.start
    )
    return alike and _least_days(metric) > _most_days(other)


_SHORTEST = {"day": 1, "week": 7, "month": 28, "year": 365}
_LONGEST = {"day": 1, "week": 7, "month": 31, "year": 366}


def _least_days(metric: Metric) -> int:
    return metric.held.duration.number * _SHORTEST[metric.held.duration.unit] if metric.held else 0


def _most_days(metric: Metric) -> int:
    return metric.held.duration.number * _LONGEST[metric.held.duration.unit] if metric.held else 0


def _by_way_of_another(one: Implied, found: list[Implied]) -> bool:
    return any(
        a.fewer == one.fewer and b.more == one.more and a.more == b.fewer and a is not one and b is not one
        for a in found
        for b in found
    )
