"""A file of quantities or records that is given in place of a contract."""

from __future__ import annotations

import pytest

from sibdsl.diagnostics import Refused
from sibdsl.source import Source
from sibdsl.syntax import parse


def said(text: str) -> list[str]:
    with pytest.raises(Refused) as refused:
        parse(Source("x.csv", text))
    return [one.message for one in refused.value.found]


@pytest.mark.parametrize(
    "text",
    [
        "period,metric,band,quantity\n2026-10-01,Entry,,4\n",
        "Person ID;Referred On\nP1;2026-10-01\nP2;2026-10-02\n",
    ],
)
def test_it_is_said_to_be_a_table(text: str) -> None:
    assert said(text) == [
        "This file is a table of records or quantities, as CSV, not the text of a contract."
    ]


def test_other_texts_are_not() -> None:
    """Sentences have blanks behind their commas."""
    found = said("This agreement, of today.\nIt is made, by us.\n")
    assert [message for message in found if "CSV" in message] == []
