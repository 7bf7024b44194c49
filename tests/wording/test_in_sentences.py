"""`sib show --words`: each clause in whole sentences, which say what a run pays."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sibdsl import pipeline
from sibdsl.cli.app import run
from tests.docs.reading import ROOT

CONTRACTS = sorted(
    path
    for path in (ROOT / "contracts").glob("*/*.sib")
    if path.parent.name not in ("denver", "rhino")
    and "\ncontract " in f"\n{path.read_text(encoding='utf-8')}"
)
HARINGEY = ROOT / "contracts" / "mhep1" / "haringey.sib"
RENEGOTIATED = HARINGEY.with_name("haringey_renegotiation.sib")


@pytest.mark.parametrize("path", CONTRACTS, ids=lambda path: path.stem)
def test_every_metric_payment_and_limit_has_its_sentence(path: Path) -> None:
    ready = pipeline.load(pipeline.read(path))
    ((contract, every),) = pipeline.in_words(ready)
    said = {(one.kind, one.name) for one in every}
    assert all(one.text for one in every)
    assert {("metric", metric.name) for metric in contract.metrics} <= said
    assert {("payment", payment.name) for payment in contract.payments} <= said
    assert {("cap", cap.name) for cap in contract.caps} <= said
    assert {("block advance", block.name) for block in contract.advances} <= said


def block_sentences(effective: str) -> list[str]:
    values = {
        "MHEP Yearly Value": "80000",
        "MHEP Job Start Rate": "500",
        "Date Of Renegotiation": effective,
        "Renegotiation Effective": effective,
    }
    ready = pipeline.load(pipeline.read(HARINGEY), [pipeline.read(RENEGOTIATED)], values=values)
    ((_, every),) = pipeline.in_words(ready)
    return [one.text for one in every if one.name == "MHEP Block"]


def test_a_yearly_sum_at_the_start_that_is_replaced_in_the_middle_of_a_year() -> None:
    # £20,000 fell due on 1 January and nothing more is paid in 2016, as the run has it.
    before, after = block_sentences("2016-07-01")
    assert "falls due on 1 January 2016" in before
    assert (
        "What fell due on 1 January 2016 is for 1 January 2016 to 31 December 2016, and stays as it is"
        in before
    )
    assert "since the next year begins on 1 January 2017: nothing is paid under them" in after


def test_the_same_replaced_from_its_first_day() -> None:
    (only,) = block_sentences("2016-01-01")
    assert "50% of MHEP Yearly Value" in only
    assert "nothing is paid" not in only


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["show", str(HARINGEY), "--words"]) == 0
    assert "payment MHEP Block [4.2]" in capsys.readouterr().out
    assert run(["show", str(HARINGEY), "--words", "--format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["format"] == "sibdsl.words/1"
    assert {"kind", "name", "clause", "text"} == set(shown["contracts"][0]["sentences"][0])
    assert run(["show", str(HARINGEY), "--words", "--format", "svg"]) == 2
    assert "--words are shown as text" in capsys.readouterr().err
