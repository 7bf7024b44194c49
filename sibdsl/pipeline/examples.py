"""The examples inside contracts: run, and what became of each, in words and as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sibdsl.pipeline.loaded import Loaded, refuse, structural

if TYPE_CHECKING:
    from sibdsl.model.nodes import Contract
    from sibdsl.settle.examples import ContractExamples, NotRun, Outcome


def examples(loaded: Loaded) -> tuple[ContractExamples, ...]:
    """The examples of each contract, ready to run: an example says what its contract pays by itself, in a programme too.

    Raises Refused with every error, in examples too. Source: language reference, 'Examples'.
    """
    from sibdsl.settle.examples import ContractExamples

    refuse([*loaded.read.findings, *structural(loaded)])
    return tuple(
        ContractExamples(read.contract, loaded.settings.of(read.contract.name), read.terms)
        for read in loaded.read.each
    )


def example_lines(contract: Contract, ran: Outcome | NotRun) -> tuple[str, ...]:
    """What became of one example, in lines to read: what was expected where, what came instead, and of which lines."""
    from sibdsl.settle.examples_said import lines

    return tuple(lines(contract, ran))


def example_to_json(contract: Contract, ran: Outcome | NotRun, programme: str = "") -> dict[str, object]:
    """One example as JSON values, with the programme that its contract was read in. Source: commands reference, 'sib test'."""
    from sibdsl.settle.examples_said import to_json

    return to_json(contract, ran, programme)
