"""What a contract comes to without any data: closed formulas, and who pays whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from sibdsl.diagnostics import NotThere
from sibdsl.pipeline.loaded import Loaded
from sibdsl.pipeline.stages import graph

if TYPE_CHECKING:
    from sibdsl.check.flows import Flow, Flows
    from sibdsl.check.formulas.asked import ContractFormulas
    from sibdsl.model.nodes import Contract
    from sibdsl.price import Graph
    from sibdsl.wording.in_sentences import Sentence


def formulas(
    loaded: Loaded, *, year: str | None = None, day: date | None = None, payer: str | None = None
) -> tuple[ContractFormulas, ...]:
    """What each payer pays each payee as closed formulas, contract by contract, in the contracts' own names.

    In each contract year; in one (`2016/17`); or in the statement period that holds a day. Of one payer where one is named.
    Each is proved equal to the lines of the price graph, by sympy, or tried for many quantities. Raises NotThere for a year,
    day or party that no contract knows, NotGiven and Unpriceable, and FormulaUnequal in place of a formula that is wrong.
    """
    from sibdsl.check.formulas.asked import of_programme

    def build() -> Graph:
        return graph(loaded)

    return of_programme(loaded.programme, loaded.in_force, build, year=year, day=day, payer=payer)


def formulas_to_json(loaded: Loaded, every: Sequence[ContractFormulas]) -> dict[str, object]:
    """Formulas as JSON values: `sibdsl.formulas/1`; of a programme `sibdsl.programme-formulas/1`."""
    from sibdsl.check.formulas.asked import to_json

    return to_json(loaded.programme, every)


def flows(loaded: Loaded, payer: str | None = None) -> tuple[tuple[Flows, tuple[Flow, ...]], ...]:
    """Who pays whom, for what, in which days, up to which limits: each contract's flows, and those of the payer that is named.

    `sibdsl.render.flows` draws them. Raises NotThere for a payer that is no party of any contract.
    """
    from sibdsl.check.flows import flows
    from sibdsl.model.asked_for import party

    found: list[tuple[Flows, tuple[Flow, ...]]] = []
    wanting: list[NotThere] = []
    for name, contract in loaded.in_force.items():
        try:
            who = party(contract, payer)
        except NotThere as missing:
            wanting.append(missing)
            continue
        every = flows(contract, loaded.settings.of(name))
        found.append((every, tuple(flow for flow in every.flows if who in ("", flow.payer))))
    if not found:
        raise wanting[0]
    return tuple(found)


def in_words(loaded: Loaded) -> tuple[tuple[Contract, tuple[Sentence, ...]], ...]:
    """Each contract in whole sentences, clause by clause, as its variations leave it."""
    from sibdsl.wording.in_sentences import in_sentences

    return tuple(
        (contract, in_sentences(contract, loaded.settings.of(name)))
        for name, contract in loaded.in_force.items()
    )


def programme_in_words(loaded: Loaded) -> tuple[Sentence, ...]:
    """What a programme says of its contracts together, in whole sentences; nothing of a contract by itself."""
    from sibdsl.wording.in_sentences import programme_in_sentences

    return programme_in_sentences(loaded.programme, loaded.settings.own)


def in_words_to_json(loaded: Loaded) -> dict[str, object]:
    """Both as JSON values: `sibdsl.words/1`."""
    whole = (
        {}
        if loaded.programme.alone
        else {"programme": _said(loaded.programme.name, programme_in_words(loaded))}
    )
    return {
        "format": "sibdsl.words/1",
        **whole,
        "contracts": [_said(contract.name, every) for contract, every in in_words(loaded)],
    }


def _said(name: str, every: Sequence[Sentence]) -> dict[str, object]:
    return {
        "name": name,
        "sentences": [
            {"kind": said.kind, "name": said.name, "clause": said.clause, "text": said.text} for said in every
        ],
    }
