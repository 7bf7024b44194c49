"""What is counted, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from sibdsl.english import sentence
from sibdsl.model.earlier_texts import by_text, days_of, texts_of
from sibdsl.model.nodes import Contract, Derived, Metric
from sibdsl.model.parameters.in_force import Settings
from sibdsl.wording.conditions import amount
from sibdsl.wording.in_sentences.choices_among_rows import chosen
from sibdsl.wording.in_sentences.sentence import Sentence
from sibdsl.wording.metrics import counted, definition


def metric_sentences(contract: Contract, settings: Settings) -> Iterator[Sentence]:
    """What each metric counts, line by line as it is written."""
    for metric in contract.metrics:
        read_by = " ".join(
            f"{sentence(held.said)}{', read' if metric.earlier else 'Read'} by: {_lines(at, settings, text)}."
            for held, at, text in by_text(contract, metric)
        )
        said = sentence(counted(contract, settings, _over_all(metric), "", contract.payment_period))
        table = contract.table(metric.records)
        said += _of_texts(metric)
        choice = f" {taken}" if table is not None and (taken := chosen(metric, table)) else ""
        yield Sentence("metric", metric.name, metric.clause, f"{said}. {read_by}{choice}", metric.span)
    for worked in contract.derived:
        said = f"{sentence(_by_texts(worked, contract.currency))}, {worked.measured.said}. It is blank where one of these is, or where nought divides."
        yield Sentence("metric", worked.name, worked.clause, said, worked.span)


def _by_texts(worked: Derived, currency: str) -> str:
    """How a metric is worked out, under each of its texts."""
    if not worked.earlier:
        return amount(worked.formula, currency)
    days = days_of(tuple(text.last for text in worked.earlier))
    said = (
        f"{held.said} {amount(formula, currency)}"
        for held, formula in zip(days, worked.formulas, strict=True)
    )
    return f"over days that end {'; '.join(said)}"


def _over_all(metric: Metric) -> Metric:
    """The metric as it is counted over the whole contract: over which stretches it is measured has a line of its own."""
    texts = tuple(evolve(text, metric=evolve(text.metric, measured=None)) for text in metric.earlier)
    stretches = ("each year", "each quarter", "each month", "each period")
    one_by_one = metric.measured is not None and metric.measured.over in stretches
    return evolve(metric, measured=None, earlier=texts) if one_by_one else metric


def _lines(contract: Contract, settings: Settings, metric: Metric) -> str:
    """The lines of one text of a metric."""
    told = definition(contract, settings, metric, "")
    return "; ".join(f"{label} {words}" for label, words, _ in told)


def _of_texts(metric: Metric) -> str:
    """What holds where a variation replaced the metric's text."""
    if not metric.earlier:
        return ""
    limited = any(text.first_only or text.at_most for text in texts_of(metric))
    over = " What is limited for each person is limited over all of them." if limited else ""
    return f". A result counts by the text of its own date, and a row once.{over[:-1]}"
