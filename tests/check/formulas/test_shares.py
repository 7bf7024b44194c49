"""Choices by a percentage are shown in percentages, of the metric itself; and the points of a line are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from sibdsl.check.formulas.text import alone
from sibdsl.check.formulas.tree import Count, Linear
from sibdsl.cli.app import run
from sibdsl.dates import period
from sibdsl.model.types import Interval
from tests.frame import complete

CONTRACTS = Path(__file__).parents[3] / "contracts"

LINE = """metric Growth
  kind      outcome
  compares  Job Entry with 100 as percentage rise
  measured  over the contract
end metric

payment Fee
  payer            Council
  payee            Charity
  interpolated by  Growth, flat beyond the ends
  paid only if     Growth is at least 10%
  | Growth | pays   |
  | 10%    | £1,000 |
  | 30%    | £5,000 |
end payment
"""


def told(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert run(["show", *words]) == 0
    return " ".join(capsys.readouterr().out.split())


def test_steps_by_a_percentage_are_in_percentages(capsys: pytest.CaptureFixture[str]) -> None:
    values = ("Preterm Full=2500000", "Spacing Full=2500000", "Injury Full=2500000", "Reach Full=2500000")
    given = [word for one in (*values, "Other Spending=0") for word in ("--set", one)]
    path = str(CONTRACTS / "south_carolina" / "south_carolina.sib")
    said = told(capsys, "--formulas", path, *given)
    assert "if at least 13.5% but less than 15%" in said
    assert "0.135" not in said


def test_a_condition_and_the_points_of_a_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "line.sib"
    path.write_text(complete(LINE), encoding="utf-8")
    said = told(capsys, "--formulas", str(path))
    assert "if at least 10%; £0 if less than 10%" in said
    assert "Growth - 0.1" not in said
    flows = told(capsys, "--flows", str(path))
    assert (
        "along the line by Growth through £1,000 at 10% and £5,000 at 30%; beyond it as at its ends" in flows
    )


def test_the_ends_move_with_what_is_taken_away() -> None:
    from datetime import date
    from fractions import Fraction

    atom = Count("Growth", "", period(date(2026, 4, 1), date(2026, 6, 30)))
    below = Interval(high=Fraction(0))
    same = (Linear(Fraction(0), ((atom, Fraction(1)),)),)
    assert alone(Linear(Fraction(-1, 10), ((atom, Fraction(1)),)), (below,)) == (
        *same,
        (Interval(high=Fraction(1, 10)),),
    )
    assert alone(Linear(Fraction(1), ((atom, Fraction(-2)),)), (below,)) == (
        *same,
        (Interval(low=Fraction(1, 2)),),
    )
