"""A contract with one thing changed is refused with a place, or read whole: never a crash, never a clause lost."""

from pathlib import Path
from random import Random

import pytest
from lark.exceptions import UnexpectedInput

from sibdsl.compile import compile_source
from sibdsl.diagnostics import Refused
from sibdsl.model.from_syntax import translate
from sibdsl.model.invariants import check
from sibdsl.names import load
from sibdsl.source import Source
from sibdsl.syntax.parser import lark
from tests.model.account import missing
from tests.model.cases import all_cases
from tests.model.mutate import mutated

TOWER_HAMLETS = Path(__file__).parents[2] / "contracts" / "mhep1" / "tower_hamlets.sib"
TEXTS = [TOWER_HAMLETS.read_text(encoding="utf-8"), *(case.text for case in all_cases() if not case.code)]


@pytest.mark.parametrize("seed", range(12))
def test_refused_with_a_place_or_read_whole(seed: int) -> None:
    random = Random(seed)
    whole = 0
    for _ in range(60):
        text = mutated(random.choice(TEXTS), random, random.choice((1, 1, 2)))
        try:
            lark().parse(text)
        except UnexpectedInput:
            continue  # what is no sentence of the language is told by the tests of its grammar
        source = Source("changed.sib", text)
        try:
            contract, problems = translate(load(source))
        except Refused as refused:
            for one in refused.found:
                assert one.span.line, one
                assert one.span.file != source.name or 0 <= one.span.start < one.span.end <= len(text), one
            continue
        whole += 1
        made = compile_source(source)
        assert made.contract == contract
        check(contract, made.sources)
        if not problems.errors:  # else an example is left out, and said to be
            assert missing(load(source).main, contract) == []
    assert whole
