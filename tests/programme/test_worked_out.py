"""Metrics worked out from others in a contract of a programme: a share of a year, paid under a shared cap."""

from datetime import date
from fractions import Fraction
from pathlib import Path

from sibdsl.compile import CompiledProgramme, compile_either
from sibdsl.model.parameters.set_option_and_file import programme_settings
from sibdsl.model.periods import segments
from sibdsl.price import Key
from sibdsl.settle.run import price_all
from tests.frame import complete

BONUS = """
metric Job Share
  kind      outcome
  equals    Job Entry divided by 20
  measured  in each year
end metric

payment Job Fee
  payer  Council
  payee  Charity
  pays   £1,000 times Job Share
end payment
"""
PROGRAMME = """
programme Both
  currency  GBP
  years     begin 1 April
  rounding  each line, half up, to the penny
  | contract | file        |
  | Example  | "first.sib" |
end programme

parties
  | party   | role         |
  | Council | commissioner |
end parties

cap Ceiling
  excess  lost
  shared  by date, then pro rata
  | across  | covers                | at most                   |
  | Example | payments from Council | £600 over the programme   |
end cap
"""


def test_a_share_is_worked_out_and_cut(tmp_path: Path) -> None:
    (tmp_path / "first.sib").write_text(complete(BONUS), encoding="utf-8")
    (tmp_path / "both.programme.sib").write_text(PROGRAMME, encoding="utf-8")
    made = compile_either(tmp_path / "both.programme.sib")
    assert isinstance(made, CompiledProgramme)
    settings = programme_settings(made.programme)
    (member,) = made.programme.members
    every = segments(member)
    # 8 of 20 in the first year, £400; 8 in the second, £400, of which £200 are left under the cap.
    counted: dict[Key, Fraction] = {
        Key(every[1], "Job Entry", "From 16"): Fraction(8),
        Key(every[5], "Job Entry", "Under 16"): Fraction(8),
    }
    run = price_all(made.programme, settings, {"Example": counted}, date(2020, 3, 31))
    paid: dict[date, Fraction] = {}
    for line in run.runs[0].lines:
        start = line.line.segment.days.start
        paid[start] = paid.get(start, Fraction(0)) + line.amount
    assert paid == {date(2017, 1, 1): Fraction(400), date(2018, 1, 1): Fraction(200)}
