"""A file of quantities or records that is given in place of a contract."""

from __future__ import annotations

import pytest

from sibdsl.diagnostics import Refused
from sibdsl.source import Source
from sibdsl.syntax import parse


@pytest.mark.parametrize(
    "text",
    [
        "period,metric,band,quantity\n2026-10-01,Entry,,4\n",
        "Person ID;Referred On\nP1;2026-10-01\nP2;2026-10-02\n",
    ],
)
def test_it_is_said_to_be_a_table(text: str) -> None:
    with pytest.raises(Refused) as refused:
        parse(Source("x.csv", text))
    (one,) = refused.value.found
    assert one.code == "SIB0216"
    assert one.message == "This file is a table of records or quantities, as CSV, not the text of a contract."


@pytest.mark.parametrize(
    "text", ["contract X\nend contract\n", "This agreement, of today.\nIt is made, by us.\n"]
)
def test_other_texts_are_not(text: str) -> None:
    try:
        parse(Source("x.sib", text))
    except Refused as refused:
        assert all("CSV" not in one.message for one in refused.found)
