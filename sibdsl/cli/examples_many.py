"""`sib test` of folders and of several files: each example once, with the file in which it stands.

Source of the rules: project reference, 'Files and folders' and 'Variations in a folder'.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sibdsl import pipeline
from sibdsl.cli import trouble
from sibdsl.cli.common import loaded
from sibdsl.cli.examples import show
from sibdsl.cli.exit_status import ALL_WELL, ANSWER_IS_NO, WRONG_INPUT
from sibdsl.cli.many import FilesOfCall, settable
from sibdsl.cli.screen import emit, say
from sibdsl.project.sorting import Reading

if TYPE_CHECKING:
    from sibdsl.pipeline.types import Contract, Example, NotRun, Outcome

#: Where an example stands: its file and its line.
Place = tuple[str, int]


def run_many(paths: Sequence[Path], pairs: tuple[str, ...], form: str) -> int:
    """Run the examples of everything that the paths name. One file that cannot be read does not stop the others.

    Those of a contract are run on the contract as it was signed, those of a variation on the contract with all that varies it.
    """
    call = FilesOfCall.of(paths)
    shown = form == "text"
    trouble.show(list(call.problems))
    unread = sum(problem.severity == "error" for problem in call.problems)
    results: list[dict[str, object]] = []
    run: set[Place] = set()
    for reading in call.readings:
        if reading.kind == "module":
            continue  # it has none
        told: list[dict[str, object]] = []
        try:
            for programme, contract, ran in _run(reading, settable(reading, call, pairs), run):
                told.append(
                    {"file": ran.example.span.file, **pipeline.example_to_json(contract, ran, programme)}
                )
                if shown and not told[-1]["passed"]:
                    show(contract, ran)
        except Exception as error:
            findings = trouble.diagnosed(error)
            if findings is None:
                raise
            trouble.show(findings)
            unread += 1
            results += told
            continue
        results += told
        if shown and (told or (reading.kind == "contract" and not reading.varied)):
            say(_counted(told, reading.said))
    failed = sum(not result["passed"] for result in results)
    if shown:
        files = len(call.files)
        broken = f"; {unread} could not be run" if unread else ""
        say(
            f"{files} file{'' if files == 1 else 's'}: {len(results) - failed} passed, {failed} failed{broken}"
        )
    else:
        emit(
            {
                "format": "sibdsl.examples/1",
                "passed": len(results) - failed,
                "failed": failed,
                "examples": results,
            }
        )
    if unread:
        return WRONG_INPUT
    return ANSWER_IS_NO if failed else ALL_WELL


def _run(
    reading: Reading, pairs: tuple[str, ...], run: set[Place]
) -> Iterator[tuple[str, Contract, Outcome | NotRun]]:
    """Run the examples of one reading that have not been run: the programme's name, the contract, and what became of it."""
    ready = loaded(reading.path, reading.varied, pairs, None)
    name = "" if ready.programme.alone else ready.programme.name
    theirs = {str(path) for path in reading.varied}

    def wanted(example: Example) -> bool:
        place = example.span.file, example.span.line
        if place in run or not (reading.asked or example.span.file in theirs):
            return False
        run.add(place)
        return True

    for contract_examples in pipeline.examples(ready):
        for ran in contract_examples.run(wanted):
            yield name, contract_examples.contract, ran


def _counted(told: Sequence[dict[str, object]], name: str) -> str:
    if not told:
        return f"No examples to run in {name}"
    failed = sum(not one["passed"] for one in told)
    return f"{len(told) - failed} passed, {failed} failed in {name}"
