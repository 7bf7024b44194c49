"""What is written for a stretch of days can be read, and says of each day what the words that stood there say."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sibdsl.diagnostics import Refused
from sibdsl.source import Source
from sibdsl.syntax import parse

FRAME = "metric Home\n  kind  outcome\n  counts  rows of Tenancies\n  among  Members\n  only if  Moved In is {}\n  dated  Moved In\nend metric\n"


def offered(words: str) -> str:
    """The first way out of a condition with these words after `is`."""
    with pytest.raises(Refused) as refused:
        parse(Source("x.sib", FRAME.format(words)))
    (one,) = refused.value.found
    assert one.code == "SIB0204"
    written = re.match(r"Write `([^`]+)`", one.help)
    assert written is not None
    return written[1]


def holds(condition: str, day: date, joined: date) -> bool:
    """A reader of its own: tests of one day against dates so many days from joining."""
    tests = re.findall(
        r"(on or after|on or before|after|before) (?:(\d+) days (after|before) )?joining date", condition
    )
    met = []
    for word, number, way in tests:
        other = joined + timedelta(days=int(number or 0) * (-1 if way == "before" else 1))
        met.append(
            {
                "on or after": day >= other,
                "on or before": day <= other,
                "after": day > other,
                "before": day < other,
            }[word]
        )
    return any(met) if " or Moved In" in condition else all(met)


@given(
    number=st.integers(1, 60),
    way=st.sampled_from(["of", "after", "before", "from"]),
    denied=st.booleans(),
    ago=st.integers(-130, 130),
)
def test_within_so_many_days(number: int, way: str, denied: bool, ago: int) -> None:
    condition = offered(f"{'not ' if denied else ''}within {number} days {way} joining date")
    parse(Source("x.sib", FRAME.format(condition)))
    inside = -number <= ago <= 0 if way == "before" else 0 <= ago <= number
    joined = date(2027, 1, 1)
    assert holds(condition, joined + timedelta(days=ago), joined) is (inside is not denied)
