"""Sums whose workings name no metric: they are known from the start, and are paid and refused like any other sum."""

import pytest

from sibdsl.compile import compile_source
from sibdsl.diagnostics import Refused
from sibdsl.model.parameters.in_force import as_written
from sibdsl.settle.examples import run
from sibdsl.source import Source
from tests.docs.reading import LANGUAGE, fences, spliced

FRAME = next(one.text for one in fences(LANGUAGE) if one.notes.get("frame") == "Job Support")
PIECE = """\
workings Value [7]
  | step          | equals              |
  | Year Value    | £60,000 minus £{}   |
  | Quarter Value | Year Value divided by 4 |
end workings

payment Standing Sum [7]
  payer  Council
  payee  Provider
  pays   Quarter Value
  every  quarter at the end, part quarters in full
end payment

example A Quarter
  in  2026/27 quarter 1
  given
  | metric    | quantity |
  | Job Start | 0        |
  expect all
  | payment      | pays    |
  | Standing Sum | £14,999 |
end example
"""


def failures(less: str) -> tuple[str, ...]:
    made = compile_source(Source("known.sib", spliced(FRAME, PIECE.format(less))))
    found = run(made.contract, as_written(made.contract), made.contract.examples[0], made.terms)
    return tuple(str(one) for one in found.failures)


def test_a_sum_of_workings_without_metrics_is_paid() -> None:
    assert failures("4") == ()
    assert failures("8") != ()


def test_one_below_nought_is_refused() -> None:
    with pytest.raises(Refused, match="may come to less than nought"):
        failures("60,001")


GIVEN = """\
particulars
  | particular | holds | default |
  | One Rate   | money | £100    |
  | Other Rate | money | £90     |
end particulars

payment Net Sum [7]
  payer  Council
  payee  Provider
  pays   (One Rate minus Other Rate) times Job Start
  every  quarter at the end
end payment

example A Quarter
  in  2026/27 quarter 1
  with  Other Rate is £{}
  given
  | metric    | quantity |
  | Job Start | 2        |
  expect
  | payment | pays |
  | Net Sum | {}   |
end example
"""


def sums(other: str, pays: str, said: str = "") -> tuple[str, ...]:
    text = GIVEN.format(other, pays).replace("at the end\n", f"at the end\n{said}", 1)
    made = compile_source(Source("given.sib", spliced(FRAME, text)))
    found = run(made.contract, as_written(made.contract), made.contract.examples[0], made.terms)
    return tuple(str(one) for one in found.failures)


def test_a_sum_that_what_is_given_makes_negative_is_refused() -> None:
    with pytest.raises(Refused, match="more may be taken away than there is"):
        sums("90", "£20")


def test_and_paid_as_its_line_says() -> None:
    never, repaid = "  taken back  never\n", "  taken back  by repayment\n"
    assert sums("90", "£20", never) == ()
    assert sums("100", "nothing", never) == ()
    assert sums("101", "nothing", never) == ()
    assert sums("101", "minus £2", repaid) == ()
    assert sums("101", "nothing", repaid) != ()
