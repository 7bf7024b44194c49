"""A contract in whole sentences, clause by clause: what each clause pays or counts, and what is easily read otherwise.

Nothing is worked out here that a run works out. Source of what they say: language reference, each construct's page.
"""

from __future__ import annotations

from collections.abc import Iterator

from sibdsl.model.nodes import Contract, Programme
from sibdsl.model.parameters.in_force import Settings
from sibdsl.wording.in_sentences.choices_among_rows import row_sentences
from sibdsl.wording.in_sentences.limits import deduction_sentences, limit_sentences, shared_limit_sentences
from sibdsl.wording.in_sentences.metrics import metric_sentences
from sibdsl.wording.in_sentences.payments import payment_sentences
from sibdsl.wording.in_sentences.routes_workings_investments import (
    investment_sentences,
    route_sentences,
    working_sentences,
)
from sibdsl.wording.in_sentences.sentence import Sentence
from sibdsl.wording.in_sentences.statements import statement_sentences

__all__ = ["Sentence", "in_sentences", "programme_in_sentences"]


def programme_in_sentences(programme: Programme, settings: Settings) -> tuple[Sentence, ...]:
    """Every sentence of what a programme says of its contracts together; none of a contract by itself."""
    return tuple(shared_limit_sentences(programme, settings))


def in_sentences(contract: Contract, settings: Settings) -> tuple[Sentence, ...]:
    """Every sentence of a contract as its variations leave it: statements, rows, then what is counted, paid and limited."""

    def every() -> Iterator[Sentence]:
        yield from statement_sentences(contract)
        yield from row_sentences(contract)
        yield from metric_sentences(contract, settings)
        yield from route_sentences(contract)
        yield from working_sentences(contract)
        yield from investment_sentences(contract, settings)
        yield from payment_sentences(contract, settings)
        yield from deduction_sentences(contract, settings)
        yield from limit_sentences(contract, settings)

    return tuple(every())
