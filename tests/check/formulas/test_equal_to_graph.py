"""A formula is shown when it is what the price graph pays: proved, or tried where no proof is found; a wrong one never."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
import sympy

from sibdsl.check.formulas.equal_to_graph import EqualToGraph
from sibdsl.check.formulas.simplify import Simplifier
from sibdsl.check.formulas.tree import Choice, Linear
from sibdsl.cli.app import run

CONTRACTS = Path(__file__).parents[3] / "contracts"
TOWER_HAMLETS = str(CONTRACTS / "mhep1" / "tower_hamlets.sib")


def test_a_wrong_formula_is_a_fault_and_nothing_is_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    true = Simplifier._ways  # noqa: SLF001

    def negated(self: Simplifier, choice: Choice) -> list[Linear]:
        return [way.times(Fraction(-1)) for way in true(self, choice)]

    monkeypatch.setattr(Simplifier, "_ways", negated)
    assert run(["show", "--formulas", TOWER_HAMLETS]) == 70
    shown, told = capsys.readouterr()
    assert shown == ""
    assert "This is a fault in sibdsl, not in your files: a formula does not come to what" in told
    assert "No formula is shown." in told


def test_a_formula_without_a_proof_is_tried_and_that_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(EqualToGraph, "difference", lambda *_: sympy.Symbol("unknown"))
    asked = ["show", "--formulas", TOWER_HAMLETS, "--year", "2016/17", "--payer", "CCG", "--format", "json"]
    assert run(asked) == 0
    (note,) = json.loads(capsys.readouterr().out)["notes"]
    assert note == (
        "CCG pays Working Well in 2016/17: not proved to be what the contract pays. "
        "It is for each of 56 sets of quantities tried."
    )
