"""Three hundred files with one fault each: one finding, on its line, that names the cause and a way out that is one."""

from __future__ import annotations

from contextlib import suppress
from functools import cache

import pytest

from sibdsl.check.structure import findings
from sibdsl.compile import compile_source
from sibdsl.diagnostics import Diagnostic, Refused
from sibdsl.model.parameters.in_force import as_written
from sibdsl.source import Source
from tests.mistakes.reading import CONTRACTS, Mistake, mistakes

CASES = mistakes()


def found(text: str, file: str) -> list[Diagnostic]:
    """What `sib check` finds in a text."""
    try:
        made = compile_source(Source(file, text))
        return [*made.findings, *findings(made.contract, as_written(made.contract))]
    except Refused as refused:
        return refused.found


@cache
def sound(contract: str) -> frozenset[tuple[str, str]]:
    """What is found in the contract as it stands: none of it is an error."""
    file = str(CONTRACTS / contract)
    told = found((CONTRACTS / contract).read_text(encoding="utf-8"), file)
    assert not [one for one in told if one.severity == "error"]
    return frozenset((one.code, one.message) for one in told)


def plain(words: str) -> str:
    return " ".join(words.split()).casefold()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_one_fault_gives_one_finding_with_its_cause_and_a_way_out(case: Mistake) -> None:
    try:
        text, lines = case.applied()
    except ValueError:
        pytest.skip("the contract has other words now")
    told = found(text, str(CONTRACTS / case.contract))
    known = sound(case.contract)
    new = [one for one in told if (one.code, one.message) not in known]
    of_weight = [one for one in new if one.severity == "error"] or [
        one for one in new if one.severity == "warning"
    ]
    seen = [(one.code, one.span.line, one.message) for one in of_weight]
    assert len(of_weight) == case.told.number, seen
    one = of_weight[0]
    assert (one.severity, one.code) == (case.told.severity, case.told.code), seen
    on = text.splitlines()[one.span.line - 1]
    if case.told.on:
        assert plain(case.told.on) in plain(on), seen
    else:
        assert one.span.line in lines, (seen, on)
    under = text[one.span.start : one.span.end]
    said = plain(" ".join((under, one.message, one.mark, *(label.text for label in one.labels))))
    for words in case.told.holds:
        assert plain(words) in said, said
    for words in case.told.help_holds:
        assert plain(words) in plain(one.help), one.help


def test_there_are_enough_of_them() -> None:
    """Of those that still fit their contract."""
    fit = 0
    for case in CASES:
        with suppress(ValueError):
            fit += bool(case.applied())
    assert len({(case.contract, case.block, case.before, case.after) for case in CASES}) == len(CASES)
    assert fit >= 300
