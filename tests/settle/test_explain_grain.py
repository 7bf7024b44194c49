"""An explanation says to what size amounts were rounded and split: that of the contract, in its own currency."""

from __future__ import annotations

from pathlib import Path

import pytest

from sibdsl.cli.app import run

TEXT = """contract Weigh
  service period  1 April 2026 to 31 March 2027
  currency        {code}
  years           begin 1 April
  statements      quarterly
  rounding        {each}, half up, to the {grain}
end contract

parties
  | party    | role            |
  | Council  | commissioner    |
  | Fund     | co-commissioner |
  | Provider | provider        |
end parties

records Referrals
  one row per Referral
  | column      | holds  | blank    |
  | Person ID   | person | rejected |
  | Referred On | date   | rejected |
end records

cohort Users
  rows        Referrals
  joins on    Referred On
  if several  earliest Referred On
end cohort

metric Visit
  kind    outcome
  counts  people
  among   Users
  dated   Referred On
end metric

payment Fee
  payer     1/3 Council, the rest Fund
  payee     Provider
  for each  Visit
  pays      {sign}10
end payment

payment Second Fee
  payer     Council
  payee     Provider
  for each  Visit
  pays      {sign}1
  multiplied by  1/3
end payment

payment Third Fee
  payer     Council
  payee     Provider
  for each  Visit
  pays      {sign}1
  multiplied by  1/3
end payment

cap Ceiling
  covers   payments under Second Fee, Third Fee
  at most  {sign}1 over the contract
  excess   lost
end cap
"""
#: Currency and what its rounding is called -> every word for a size of rounding that must not be said.
SIZES = {
    ("GBP", "£", "penny"): ("pound", "cent", "dollar", "euro"),
    ("GBP", "£", "pound"): ("penny", "cent", "dollar", "euro"),
    ("USD", "$", "cent"): ("penny", "pound", "dollar", "euro"),
    ("USD", "$", "dollar"): ("penny", "pound", "cent", "euro"),
    ("EUR", "€", "cent"): ("penny", "pound", "dollar", "euro"),
}


@pytest.mark.parametrize("each", ["each line", "each statement"])
@pytest.mark.parametrize(("code", "sign", "grain"), SIZES)
def test_the_size_that_was_used(
    each: str, code: str, sign: str, grain: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "weigh.sib"
    file.write_text(TEXT.format(each=each, code=code, sign=sign, grain=grain), encoding="utf-8")
    rows = "".join(f"P{at},2026-05-01\n" for at in range(1, 6))
    (tmp_path / "referrals.csv").write_text(f"person_id,referred_on\n{rows}", encoding="utf-8")
    call = [str(file), "--records", str(tmp_path), "--as-of", "2026-06-30"]
    explained = ""
    for line in range(1, 7):
        assert run(["explain", *call, "--line", f"L{line}"]) == 0
        explained += " ".join(capsys.readouterr().out.split())
    assert f"to the {grain} by the largest remainder" in explained
    for other in SIZES[code, sign, grain]:
        assert f"the {other}" not in explained


def test_a_line_that_is_a_part_of_a_rounded_statement_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two lines of a third of a pound: £0.34 is no rounding of a third, it is the part of 67p with the spare penny."""
    file = tmp_path / "weigh.sib"
    file.write_text(TEXT.format(each="each statement", code="GBP", sign="£", grain="penny"), encoding="utf-8")
    (tmp_path / "referrals.csv").write_text("person_id,referred_on\nP1,2026-05-01\n", encoding="utf-8")
    call = [str(file), "--records", str(tmp_path), "--as-of", "2026-06-30"]
    for line in ("L3", "L4"):
        assert run(["explain", *call, "--line", line]) == 0
        text = " ".join(capsys.readouterr().out.split())
        assert "its part of the statement, rounded half up, to the penny" in text
