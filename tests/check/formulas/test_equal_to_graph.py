"""A formula is shown when it is what the price graph pays: proved, or tried where no proof is found; a wrong one never."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
import sympy

from sibdsl.check.formulas import equal_to_graph
from sibdsl.check.formulas.equal_to_graph import EqualToGraph
from sibdsl.check.formulas.from_graph import PartyFormula
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


def too_large(capsys: pytest.CaptureFixture[str], *asked: str) -> list[str]:
    """The formulas that are said to be too large to be proved."""
    assert run(["show", "--formulas", TOWER_HAMLETS, "--format", "json", *asked]) == 0
    notes = json.loads(capsys.readouterr().out)["notes"]
    said = ": too large to be proved to be what the contract pays. It is for each of 56 sets of quantities tried."
    return [note.removesuffix(said) for note in notes if note.endswith(said)]


def test_a_formula_too_large_for_a_proof_is_tried_and_that_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the national funds pay by results is more to prove than what the other payers do."""
    assert too_large(capsys) == []
    monkeypatch.setattr(equal_to_graph, "MOST_PROOF", 200)
    national = [
        "SOF pays MHEP in 2016/17",
        "SOF pays MHEP in 2017/18",
        "CBO pays MHEP in 2018/19",
    ]
    assert too_large(capsys) == national
    # Whatever was proved before it, the same one is too large.
    assert too_large(capsys, "--year", "2018/19") == national[2:]
    assert too_large(capsys, "--year", "2017/18", "--payer", "SOF") == national[1:2]


def test_a_wrong_formula_too_large_for_a_proof_is_a_fault_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    true = PartyFormula.value
    monkeypatch.setattr(equal_to_graph, "MOST_PROOF", 0)
    monkeypatch.setattr(equal_to_graph, "MOST_TRIED", 0)  # the fewest trials
    assert run(["show", "--formulas", TOWER_HAMLETS]) == 0
    assert "It is for each of 4 sets of quantities tried." in capsys.readouterr().out
    monkeypatch.setattr(PartyFormula, "value", lambda *given: true(*given) + Fraction(1, 100))
    assert run(["show", "--formulas", TOWER_HAMLETS]) == 70
    assert capsys.readouterr().out == ""
