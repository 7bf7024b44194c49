"""`sib test`: the examples inside a contract."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sibdsl.cli.common import format_option, loaded, setting_options, with_option
from sibdsl.cli.completion import ContractFile
from sibdsl.cli.exit_status import ALL_WELL, ANSWER_IS_NO
from sibdsl.cli.many import one_contract
from sibdsl.cli.screen import emit, say

if TYPE_CHECKING:
    from sibdsl.pipeline.types import Contract, NotRun, Outcome


@click.command("test", short_help="Run the examples inside contracts.")
@click.argument("contracts", metavar="[FILES AND FOLDERS]...", nargs=-1, type=ContractFile())
@with_option
@setting_options
@format_option("text", "json")
def command(
    contracts: tuple[Path, ...],
    varied: tuple[Path, ...],
    pairs: tuple[str, ...],
    parameters: Path | None,
    form: str,
) -> int:
    """Run every example inside contracts and compare what they pay with what is expected.

    Of a programme, those of each of its contracts: an example says what its contract pays by itself. Of a folder, those of
    every contract, variation and programme in it; without any, of what sib.toml names, or of the current folder.
    """
    from sibdsl import pipeline
    from sibdsl.project.folders import is_file_alone

    if not is_file_alone(contracts):
        from sibdsl.cli.examples_many import run_many

        one_contract(varied, parameters)
        return run_many(contracts, pairs, form)
    shown = form == "text"
    results: list[dict[str, object]] = []
    ready = loaded(contracts[0], varied, pairs, parameters)
    every = pipeline.examples(ready)
    whole = ready.programme
    if shown and not whole.alone:
        say(
            f"{whole.name}: {', '.join(contract_examples.contract.name for contract_examples in every)}",
            bold=True,
        )
    for contract_examples in every:
        count = len(contract_examples.contract.examples)
        if shown:
            say(f"{contract_examples.contract.name}: {count} example{'s' if count != 1 else ''}")
        for ran in contract_examples.run():
            results.append(
                pipeline.example_to_json(contract_examples.contract, ran, "" if whole.alone else whole.name)
            )
            if shown:
                show(contract_examples.contract, ran)
    failed = sum(not result["passed"] for result in results)
    passed = len(results) - failed
    if shown:
        say(f"{passed} passed, {failed} failed")
    else:
        emit({"format": "sibdsl.examples/1", "passed": passed, "failed": failed, "examples": results})
    return ANSWER_IS_NO if failed else ALL_WELL


def show(contract: Contract, ran: Outcome | NotRun) -> None:
    """Show what became of one example."""
    from sibdsl import pipeline

    for line in pipeline.example_lines(contract, ran):
        say(line)
