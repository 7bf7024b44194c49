"""Sums and limits that differ by year: what is paid, and that its explanation finds the year's own factor and limit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sibdsl.cli import main
from sibdsl.compile import compile_source
from sibdsl.model.invariants import check
from sibdsl.model.to_json import from_json, to_json
from sibdsl.source import Source
from tests.frame import complete

TERMS = """\
table Index
  | Year      | Factor |
  | "2016/17" | 1.00   |
  | "2017/18" | 1.025  |
  | "2018/19" | 1.05   |
  | "2019/20" | 1.10   |
end table

payment Job Fee
  payer          Council
  payee          Charity
  pays           £500 times Job Entry minus £100
  every          year at the end
  at least       £0 in each year
  at most        £1,000 in each year
  excess         lost
  multiplied by  Factor read at the year
  limits         before multiplying
end payment
"""


GROUPS = """\
records Referrals
  one row per Referral
  | column      | holds              | blank    |
  | Person ID   | person             | rejected |
  | Referred On | date               | rejected |
  | Area        | one of North, West | rejected |
end records

cohort Newcomers
  rows        Referrals
  only if     Referred On is on or after 1 April 2017
  joins on    Referred On
  if several  earliest Referred On
end cohort

table Prevalence
  | Place | Points |
  | North | 1.25   |
  | West  | 0.8    |
end table

bands Areas
  by  Area
  | band | holds    |
  | Near | North    |
  | Far  | the rest |
end bands

metric Weighed
  kind         output
  counts       rows of Jobs
  among        Service Users, Newcomers
  weighted by  Points read at Area, as recorded at joining
  dated        Started On
  banded by    Areas, as recorded at joining
end metric

payment Weighed Fee
  payer  Council
  payee  Charity
  | for each | pays at Near | pays at Far |
  | Weighed  | £10          | £20         |
end payment
"""


def test_what_differs_by_year_and_by_group_survives_json() -> None:
    for text in (TERMS, GROUPS):
        made = compile_source(Source("x.sib", complete(text))).contract
        assert from_json(json.loads(json.dumps(to_json(made)))) == made
        check(made)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    rows = [("P1", "2017-05-01"), ("P2", "2017-06-01"), ("P3", "2017-07-01"), ("P4", "2018-05-01")]
    (tmp_path / "contract.sib").write_text(complete(TERMS), encoding="utf-8")
    people = "".join(f"{person},2016-04-01\n" for person, _ in rows)
    (tmp_path / "referrals.csv").write_text("Person ID,Referred On\n" + people, encoding="utf-8")
    jobs = "".join(f"J{at},{person},{day},,20\n" for at, (person, day) in enumerate(rows))
    heads = "Job ID,Person ID,Started On,Ended On,Hours Per Week\n"
    (tmp_path / "jobs.csv").write_text(heads + jobs, encoding="utf-8")
    return tmp_path


def said(files: Path, capsys: pytest.CaptureFixture[str], command: str, *more: str) -> str:
    where = (str(files / "contract.sib"), "--records", str(files), "--as-of", "2019-03-31")
    with pytest.raises(SystemExit) as left:
        main([command, *where, *more])
    assert left.value.code == 0
    return capsys.readouterr().out


def test_each_year_is_held_to_its_limit_and_then_multiplied(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # 3 x 500 - 100 = 1,400, held to 1,000, times 1.025; then 500 - 100 = 400, times 1.05.
    told = said(files, capsys, "pay")
    assert "1,025.00" in told
    assert "420.00" in told
    assert "1,445.00" in told


def test_explanations_find_the_factor_and_the_limit_of_the_year(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheets = [said(files, capsys, "explain", "--line", f"L{at}") for at in (1, 2, 3)]
    assert "times Factor read at 2017/18" in sheets[0]
    assert any("£1,025.00 in April 2017 - March 2018" in one for one in sheets)
    assert any("times Factor read at 2018/19" in one and "£1,050.00" in one for one in sheets)
