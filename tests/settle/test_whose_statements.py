"""Who prepares and who accepts statements, by which days: worked out by hand with a calendar."""

from __future__ import annotations

import json
from datetime import date

import pytest

from sibdsl.compile import compile_source
from sibdsl.diagnostics import Refused
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.periods import statements
from sibdsl.settle.payments_to_json import contract_to_json
from sibdsl.settle.run import price_quantities
from sibdsl.settle.statement import answered
from sibdsl.source import Source

PREPARED = "statement prepared by Provider, within 10 business days"
ACCEPTED = "statement accepted by Council, within 15 business days, then deemed accepted"
TEXT = """contract Answered
  service period 1 January 2026 to 31 December 2027
  currency GBP
  years begin 1 January
  statements quarterly
  business days weekdays not in Bank Holidays
  rounding each line, half up, to the penny
  uses "calendars/england-and-wales"
  {lines}
end contract
parties
  | party    | role         |
  | Council  | commissioner |
  | Provider | provider     |
end parties
payment Fee
  payer Council
  payee Provider
  pays £100
  every quarter at the end, part quarters in full
end payment
"""


def contract(*lines: str) -> Contract:
    return compile_source(Source("answered.sib", TEXT.format(lines="\n  ".join(lines)))).contract


def days(made: Contract) -> list[date | None]:
    return [one.by for one in answered(made, statements(made)[0])]


def test_over_easter() -> None:
    # From 31 March 2026: 1 and 2 April, 7 to 10, 13 to 16; then 17, 20 to 24, 27 to 30 and 1 May, 5 to 8 May.
    assert days(contract(PREPARED, ACCEPTED)) == [date(2026, 4, 16), date(2026, 5, 8)]


def test_without_a_day_on_which_it_is_prepared() -> None:
    accepted = "statement accepted by Council, within 2 weeks, then deemed rejected"
    (only,) = answered(made := contract(accepted), statements(made)[0])
    assert (only.by, only.silence) == (date(2026, 4, 14), "deemed rejected")


def test_beyond_the_table() -> None:
    made = contract(PREPARED, ACCEPTED)
    assert [one.by for one in answered(made, statements(made)[-1])] == [None, None]


def test_no_amount_hangs_on_it() -> None:
    runs = [
        contract_to_json(price_quantities(made, as_written(made), {}, date(2026, 6, 30)))
        for made in (contract(), contract(PREPARED, ACCEPTED))
    ]
    assert runs[0]["lines"] == runs[1]["lines"]
    assert "answers" not in runs[0]
    shown = json.loads(json.dumps(runs[1]["answers"]))
    assert [(row["does"], row["by"]) for row in shown[:2]] == [
        ("prepared", "2026-04-16"),
        ("accepted", "2026-05-08"),
    ]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("statement accepted by Council, within 15 business days", "SIB0213"),
        ("statement prepared by Nobody, within 3 days", "SIB0301"),
        ("statement prepared by Provider, within 0 days", "SIB0409"),
    ],
)
def test_silence_must_be_said(line: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        contract(line)
    assert code in [one.code for one in refused.value.found]
