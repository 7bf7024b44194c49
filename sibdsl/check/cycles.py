"""Metrics that wait for each other: none of them could ever be counted."""

from __future__ import annotations

from collections.abc import Iterator

from sibdsl.check.reads import metrics_read_by
from sibdsl.diagnostics import Diagnostic, Label
from sibdsl.model.conditions_on_rows import amounts_in, tests_of
from sibdsl.model.nodes import AnyResult, Contract, Metric, MetricColumn, ResultDate
from sibdsl.model.parameters.in_force import Settings
from sibdsl.source import Span
from sibdsl.wording import clause_title


def findings(contract: Contract, settings: Settings) -> Iterator[Diagnostic]:
    """Each circle of metrics, once."""
    del settings
    metrics = {metric.name: metric for metric in contract.metrics}
    told: set[frozenset[str]] = set()
    for metric in contract.metrics:
        circle = _circle(metric, metrics)
        if circle and frozenset(circle) not in told:
            told.add(frozenset(circle))
            yield _finding(metrics, circle)


def _circle(metric: Metric, metrics: dict[str, Metric]) -> list[str]:
    """The shortest way from the metric back to itself, by name; empty when there is none."""
    ways = [[metric.name]]
    seen: set[str] = set()
    while ways:
        way = ways.pop(0)
        for name in metrics_read_by(metrics[way[-1]]):
            if name == metric.name:
                return way
            if name in metrics and name not in seen:
                seen.add(name)
                ways.append([*way, name])
    return []


def _finding(metrics: dict[str, Metric], circle: list[str]) -> Diagnostic:
    first = metrics[circle[0]]
    after = [*circle[1:], circle[0]]
    if len(circle) == 1:
        said = f"{first.name} is counted only when {first.name} has been counted, so it never is."
    else:
        steps = " and ".join(f"{one} waits for {other}" for one, other in zip(circle, after, strict=True))
        said = f"{steps}, so none of them is ever counted."
    labels = [
        Label(_place(metrics[one], other), f"{one} waits for {other} here")
        for one, other in list(zip(circle, after, strict=True))[1:]
    ]
    return Diagnostic(
        "SIB0525",
        said,
        _place(first, after[0]),
        clause_title("metric", first.name, first.clause),
        f"waits for {after[0]}",
        "Let one of them speak of a column of its own row instead.",
        tuple(labels),
    )


def _place(metric: Metric, other: str) -> Span:
    for part in (*metric.conditions, *metric.amounts_of_lines):
        for amount in amounts_in(part):
            if isinstance(amount, MetricColumn | ResultDate) and amount.metric == other:
                return amount.span
    for condition in metric.conditions:
        for test in tests_of(condition):
            if isinstance(test, AnyResult) and test.metric == other:
                return test.span
    return metric.span
