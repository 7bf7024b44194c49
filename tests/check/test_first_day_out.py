"""A time after the first day out leaves that day out: told, unless the end is the last day in or the time is from it."""

from __future__ import annotations

import pytest

from tests.check.marked import codes

TEXT = """\
metric Gone Quiet
  kind        outcome
  counts      rows of Jobs
  among       Service Users
  not if      Ended On is blank
  not if      any day of Jobs is in the 6 months after Ended On
  dated       Ended On
  per person  first only
end metric

payment Quiet Fee
  payer     Council
  payee     Charity
  for each  Gone Quiet
  pays      £10
end payment
"""


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("after Ended On", True),
        ("from Ended On", False),
        ("before Ended On", False),
        ("after Started On", False),
        ("after joining date", False),
    ],
)
def test_only_the_first_day_out_is_told(said: str, *, told: bool) -> None:
    assert ("N0559" in codes(TEXT.replace("after Ended On", said))) is told


def test_inside_other_conditions() -> None:
    either = TEXT.replace("not if      any day", "only if     Hours Per Week is at least 16 or any day")
    assert "N0559" in codes(either)
