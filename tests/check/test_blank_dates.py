"""Results dated by a cell that may be blank."""

from __future__ import annotations

import pytest

from tests.check.marked import codes, only


def text(*lines: str, dated: str = "Offered", columns: str = "") -> str:
    said = "\n".join(f"  {line}" for line in lines)
    return f"""\
records Interviews
  one row per  Interview
  | column    | holds  | blank    |
  | Person ID | person | rejected |
  | Held On   | date   | rejected |
  | Offered   | date   | allowed  |
  | Agreed    | date   | allowed  |
{columns}end records

metric Interview Offered
  kind        output
  counts      rows of Interviews
  among       Service Users
{said}
  dated       {dated}
  per person  first only
end metric

payment Interview Fee
  payer     Council
  payee     Charity
  for each  Interview Offered
  pays      £10
end payment
"""


def warned(*lines: str, dated: str = "Offered", columns: str = "") -> bool:
    return "W0551" in codes(text(*lines, dated=dated, columns=columns))


def test_a_row_without_the_date_counts_nowhere() -> None:
    one = only(
        "SIB0551",
        text("not if Agreed is blank", "not if Held On is before 1 April 2016").replace(
            "dated       Offered", "«dated       Offered»"
        ),
    )
    assert one.severity == "warning"
    assert one.message == (
        "Interview Offered is dated by Offered, which may be blank. An interview whose Offered is blank has no date: it counts "
        "nowhere, and nothing is paid for it."
    )
    assert "`not if Offered is blank`" in (one.help or "")


@pytest.mark.parametrize(
    "condition",
    [
        "not if Offered is blank",
        "only if Offered is not blank",
        "only if Offered is on or after 1 April 2016",
        "not if Offered is before 1 April 2016",
        "only if Offered is after Held On",
        "only if Held On is on or before Offered",
        "only if Offered is in the service period",
        "only if Offered is after Held On or Offered is before 1 April 2017",
        "only if Held On is after 1 April 2016 and Offered is after Held On",
        "not if (Offered is blank or Held On is before 1 April 2016)",
        "within the service period",
    ],
)
def test_conditions_that_a_blank_does_not_meet(condition: str) -> None:
    assert not warned(condition)


@pytest.mark.parametrize(
    "condition",
    [
        "only if Held On is on or after 1 April 2016",
        "only if Offered is after Held On or Held On is before 1 April 2017",
        "not if (Offered is blank and Held On is before 1 April 2016)",
        "not if Agreed is blank",
        "only if Offered is blank or Offered is after Held On",
    ],
)
def test_conditions_that_a_blank_may_meet(condition: str) -> None:
    assert warned(condition)


def test_a_date_that_is_worked_out_from_a_cell_that_may_be_blank() -> None:
    assert warned(dated="3 months after Offered")
    assert not warned("not if Offered is blank", dated="3 months after Offered")
    assert not warned(dated="3 months after Held On")


def test_the_date_of_each_row_is_wanted() -> None:
    assert not warned(dated="Held On")


def holding(dated: str) -> list[str]:
    return codes(f"""\
records Jobs
  one row per Job
  spell  from Started On to the day before Ended On, open while blank
  | column         | holds      | blank    |
  | Job ID         | identifier | rejected |
  | Person ID      | person     | rejected |
  | Started On     | date       | rejected |
  | Ended On       | date       | allowed  |
  | Seen On        | date       | rejected |
  | Hours Per Week | hours      | rejected |
end records

metric Job Entry
  kind        outcome
  counts      rows of Jobs
  among       Service Users
  only if     Started On is on or after joining date
  not if      Seen On is before Started On
  held        for 6 weeks from Started On
  dated       {dated}
  per person  first only, over all bands
  if tied     lowest Job ID
  banded by   Hours, as recorded
end metric
""")


def test_the_end_of_what_lasted_so_long_is_not_earlier_than_the_day_on_which_it_is_known() -> None:
    """Six weeks from 1 May are complete on 12 June; a job that ended on 12 June lasted them, one that ended before did not."""
    assert holding("Ended On") == ["W0551"]
    assert holding("Started On") == ["N0530"]
    assert holding("Seen On") == ["N0530"]
    assert holding("on the day after") == []


DEFINED = "  define Later as 12 months after Offered\n  define Before as 1 day before Offered\n"


def defined(*lines: str) -> str:
    """The result dated by a column that is worked out from one that may be blank."""
    written = DEFINED if "Before" in " ".join(lines) else DEFINED.splitlines(keepends=True)[0]
    return text(*lines, dated="Later").replace("  | column ", written + "  | column ", 1)


@pytest.mark.parametrize(
    "condition",
    [
        "not if Offered is blank",
        "only if Offered is in the service period",
        "not if Before is blank",
        "not if Later is blank",
    ],
)
def test_a_blank_behind_a_defined_column_that_conditions_leave_out(condition: str) -> None:
    assert "W0551" not in codes(defined(condition))


def test_a_blank_behind_a_defined_column_is_mended_where_it_is_declared() -> None:
    one = only(
        "SIB0551",
        defined("not if Agreed is blank", "not if Held On is blank").replace(
            "dated       Later", "«dated       Later»"
        ),
    )
    assert "`not if Later is blank`" in (one.help or "")
    assert "`rejected` under `blank` in the row of Offered" in (one.help or "")
