"""What is counted, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from sibdsl.english import sentence
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import Settings
from sibdsl.wording.conditions import amount
from sibdsl.wording.in_sentences.choices_among_rows import chosen
from sibdsl.wording.in_sentences.sentence import Sentence
from sibdsl.wording.metrics import counted, definition


def metric_sentences(contract: Contract, settings: Settings) -> Iterator[Sentence]:
    """What each metric counts, line by line as it is written."""
    for metric in contract.metrics:
        lines = "; ".join(
            f"{label} {words}" for label, words, _ in definition(contract, settings, metric, "")
        )
        said = sentence(counted(contract, settings, metric, "", contract.payment_period))
        table = contract.table(metric.records)
        choice = f" {taken}" if table is not None and (taken := chosen(metric, table)) else ""
        yield Sentence(
            "metric", metric.name, metric.clause, f"{said}. Read by: {lines}.{choice}", metric.span
        )
    for worked in contract.derived:
        formula = amount(worked.formula, contract.currency)
        said = f"{sentence(formula)}, {worked.measured.said}. It is blank where one of these is, or where nought divides."
        yield Sentence("metric", worked.name, worked.clause, said, worked.span)
