"""Bands that are groups of words: values that no band holds or that two hold, bands that nothing falls in; what a run says."""

from __future__ import annotations

import pytest

from sibdsl.english import listed
from tests.check.marked import codes, only, underlined

REFERRALS = """\
records Referrals
  one row per Referral
  | column      | holds                     | blank    |
  | Person ID   | person                    | rejected |
  | Referred On | date                      | rejected |
  | Area        | {} | rejected |
end records
"""
CLOSED = REFERRALS.format("one of North, South, West")
METRIC = """\
metric Job Start
  kind       output
  counts     rows of Jobs
  among      Service Users
  dated      Started On
  banded by  Areas, as recorded at joining
end metric
metric Referred
  kind       output
  counts     people
  among      Service Users
  {}
  dated      Referred On
  banded by  Areas, as recorded
end metric
payment Other Fee
  payer     Council
  payee     Charity
  | for each  | pays |
  | Job Start | £1   |
  | Referred  | £1   |
end payment
"""


def areas(*rows: str) -> str:
    return (
        "bands Areas\n  by  Area\n  | band | holds |\n"
        + "\n".join(f"  {row}" for row in rows)
        + "\nend bands\n"
    )


def text(bands: str, referrals: str = CLOSED, condition: str = "") -> str:
    return referrals + bands + METRIC.format(condition)


def test_every_value_once_is_sound() -> None:
    assert codes(text(areas("| Near | North, West |", "| Far | South |"))) == []
    assert codes(text(areas("| Near | North |", "| Far | the rest |"))) == []
    assert codes(text(areas("| Near | North |", "| Far | the rest |"), REFERRALS.format("text"))) == []


@pytest.mark.parametrize("left", ["North", "South", "West"])
def test_a_value_in_no_band(left: str) -> None:
    others = [one for one in ("North", "South", "West") if one != left]
    one = only(
        "SIB0501", text(areas(f"| Some | {', '.join(others)} |").replace("bands Areas", "«bands Areas»", 1))
    )
    assert one.severity == "error"
    assert one.message == (
        f"No band of Areas holds `{left}`. A result of Job Start with such a value would be counted in no band."
    )
    assert one.help == "Add it to a band, or add a row that holds `the rest`."


def test_any_text_needs_the_rest() -> None:
    bands = areas("| Near | North |").replace("bands Areas", "«bands Areas»", 1)
    one = only("SIB0501", text(bands, REFERRALS.format("text")))
    assert one.mark == "no band holds every text that Area may hold"
    assert one.help == "Add a row that holds `the rest`."


def test_a_value_in_two_bands() -> None:
    one = only("SIB0502", text(areas("| Near | North, West |", "| Far | «South, West» |")))
    assert one.message.startswith("Near and Far both hold `West`.")
    one = only("SIB0502", text(areas("| Near | the rest |", "| Far | «the rest» |")))
    assert one.message.startswith("Near and Far both hold the rest.")


def test_the_rest_of_nothing() -> None:
    one = only("SIB0503", text(areas("| Near | North, West, South |", "| Far | «the rest» |")))
    assert one.message == "No value of Area falls in Far: the other bands hold every one that it can have."


@pytest.mark.parametrize(
    ("condition", "left"),
    [
        ("only if    Area is North", []),
        ("only if    Area is one of North, West", ["West"]),
        ("not if     Area is West", ["South"]),
        ("only if    Area is not West", ["South"]),
        ("not if     Area is one of West, South", []),
        ("only if    Area is North or Referred On is after 1 May 2016", ["South", "West"]),
    ],
)
def test_conditions_leave_values_out(condition: str, left: list[str]) -> None:
    bands = areas("| Near | North |").replace("bands Areas", "«bands Areas»", 1)
    alone = text(bands, condition=condition).replace("banded by  Areas, as recorded at joining\n", "")
    if not left:
        assert codes(alone.replace("«", "").replace("»", "")) == []
        return
    one = only("SIB0501", alone)
    assert one.mark == f"no band holds {listed([f'`{word}`' for word in left])}"


def test_the_condition_of_a_row_says_nothing_of_the_row_that_joined() -> None:
    jobs = METRIC.replace(
        "  dated      Started On", "  only if    Started On is after joining date\n  dated      Started On"
    )
    whole = (
        CLOSED + areas("| Near | North, West |").replace("bands Areas", "«bands Areas»", 1) + jobs.format("")
    )
    one = only("SIB0501", whole)
    assert [underlined(whole, label.span) for label in one.labels]
