"""Over which stretches of days a metric is measured whose quantities do not add up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, cast

from attrs import evolve

from sibdsl.dates import Period, long
from sibdsl.diagnostics import Problems
from sibdsl.model.from_syntax import values_by_name
from sibdsl.model.from_syntax.limits.block_advances import scope
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.nodes import AnyMetric, Contract, ExpectedQuantity, Measured, Quantity
from sibdsl.model.periods import span_of, spans
from sibdsl.source import Span
from sibdsl.syntax import Block, Node

LINES = ("measured_once", "measured_in", "measured_to_date")

#: What a stretch of time is called in `every quarter` and in `in each quarter`, and over what that is.
EACH: dict[str, Literal["each quarter", "each month", "each year", "each period"]] = {
    "quarter": "each quarter", "month": "each month", "year": "each year", "period": "each period", "claim": "each period",
}  # fmt: skip


def measured(reader: Reader, block: Block, *, needed: bool = True) -> Measured | None:
    """What the line `measured` says, or None after a complaint (or without the line, where none is needed)."""
    clause = reader.clause(block)
    line = reader.one(block, *LINES, needed="measured in each year" if needed else "")
    if line is None:
        return None
    if line.kind == "measured_to_date":
        each = EACH[line.nodes("in_each")[0].nodes("period_unit")[0].said]
        return Measured(each, to_date=True, span=line.span)
    return _once(reader, line, clause) if line.kind == "measured_once" else _over(reader, line, clause)


def adds_up(reader: Reader, block: Block) -> None:
    """Report a line `measured` in a metric whose results each lie in a period of their own."""
    for line in block.lines(*LINES):
        reader.problems.add(
            "SIB0491",
            f"{block.title} adds up: each result lies in the period of its own date.",
            line.span,
            clause=reader.clause(block),
            mark="measured already",
            help="Take the line out. It is for averages, different values and determinations.",
        )


def _once(reader: Reader, line: Node, clause: str) -> Measured | None:
    word = line.words()[0]
    day = values_by_name.day(reader, word, values_by_name.Said(clause, "measured once on"), clause)
    if day is None:
        return (
            Measured("once", values_by_name.UNKNOWN, span=line.span)
            if values_by_name.missing(reader, word)
            else None
        )
    if reader.payment_period is not None and day not in reader.payment_period:
        _outside(reader, line.span, f"on {long(day)}", clause)
        return None
    return Measured("once", day, span=line.span)


def _over(reader: Reader, line: Node, clause: str) -> Measured | None:
    found = scope(reader, line.nodes("scope")[0], clause)
    if found is None:
        return None
    if found.days is not None and _apart(found.days, reader.payment_period):
        _outside(reader, line.span, f"from {found.days}", clause)
        return None
    return Measured(cast("Literal['each year']", found.over), days=found.days, span=line.span)


def _apart(days: Period, whole: Period | None) -> bool:
    return whole is not None and (days.end <= whole.start or whole.end <= days.start)


def _outside(reader: Reader, span: Span, when: str, clause: str) -> None:
    reader.problems.add(
        "SIB0488",
        f"Nothing can be measured {when}: results are earned from {reader.payment_period}.",
        span,
        clause=clause,
        mark="outside the payment period",
        help="Write a time within the payment period.",
    )


def given_once(problems: Problems, contract: Contract) -> Contract:
    """The contract without the examples that give, or expect, a quantity over days other than its metric is measured over.

    Those are reported, and scenarios that do so.
    """
    metrics = {metric.name: metric for metric in contract.every_metric if metric.measured is not None}
    kept = []
    for example in contract.examples:
        before = len(problems.errors)
        _each_once(problems, contract, metrics, example.quantities, f"example {example.name}")
        for expectation in example.expected:
            metric = metrics.get(expectation.metric) if isinstance(expectation, ExpectedQuantity) else None
            if metric is not None:
                days = expectation.period or contract.payment_period
                _one_span(problems, contract, metric, days, expectation.span, f"example {example.name}")
        if len(problems.errors) == before:
            kept.append(example)
    for scenario in contract.scenarios:
        _each_once(problems, contract, metrics, scenario.quantities, f"scenario {scenario.name}")
    return contract if len(kept) == len(contract.examples) else evolve(contract, examples=tuple(kept))


def _each_once(
    problems: Problems,
    contract: Contract,
    metrics: Mapping[str, AnyMetric],
    quantities: tuple[Quantity, ...],
    clause: str,
) -> None:
    seen: set[tuple[str, str, Period]] = set()
    for quantity in quantities:
        metric = metrics.get(quantity.metric)
        days = (
            _one_span(problems, contract, metric, quantity.period, quantity.span, clause) if metric else None
        )
        if days is None:
            continue
        if (quantity.metric, quantity.band, days) in seen:
            problems.add(
                "SIB0443",
                f"The quantity of {quantity.metric} is given twice: it is one for all of {days}.",
                quantity.span,
                clause=clause,
                mark="again",
                help="Keep one of the two.",
            )
        seen.add((quantity.metric, quantity.band, days))


def _one_span(
    problems: Problems, contract: Contract, metric: AnyMetric, days: Period, span: Span, clause: str
) -> Period | None:
    """The span of the metric that a period speaks of; reports a period that speaks of none, or of several."""
    named = metric.measured is not None and metric.measured.on == values_by_name.UNKNOWN
    found = span_of(contract, metric.measured, days)
    if found is None and not named:  # the day of one that is named from outside is not known here
        every = spans(contract, metric.measured)
        problems.add(
            "SIB0492",
            f"{metric.name} is measured over {len(every)} stretches of time, and {days} is not in one of them."
            if len(every) > 1
            else f"{metric.name} is measured over {every[0]}, and {days} is not in it.",
            span,
            clause=clause,
            mark="over which of them?" if len(every) > 1 else "not measured then",
            help=f"Give the quantity for such as {every[0]}.",
        )
    return found
