"""Generated contracts: text to model to JSON and back, always the same contract."""

import json

from hypothesis import given

from sibdsl.compile import compile_source
from sibdsl.model.fingerprint import fingerprint
from sibdsl.model.invariants import check
from sibdsl.model.nodes import Contract
from sibdsl.model.to_json import from_json, to_json
from sibdsl.source import Source
from sibdsl.syntax.standard_layout import format_text
from tests.model.generate import contracts


@given(contracts())
def test_text_to_model_to_json_and_back(made: tuple[str, Contract]) -> None:
    text, contract = made
    compiled = compile_source(Source("made.sib", text))
    check(compiled.contract, compiled.sources)
    assert compiled.contract == contract
    said = json.loads(json.dumps(to_json(compiled.contract)))
    again = from_json(said)
    assert again == contract
    assert to_json(again) == said
    assert fingerprint(again) == fingerprint(compiled.contract) == fingerprint(contract)


@given(contracts())
def test_the_standard_layout_changes_nothing(made: tuple[str, Contract]) -> None:
    text, contract = made
    laid = format_text(Source("made.sib", text))
    assert compile_source(Source("made.sib", laid)).contract == contract
    assert format_text(Source("made.sib", laid)) == laid
