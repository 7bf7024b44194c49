"""When what is stated falls due, worked out by hand with a calendar."""

import json
from datetime import date
from fractions import Fraction

import pytest

from sibdsl.compile import compile_source
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.periods import segments, statements
from sibdsl.price import Key
from sibdsl.settle.due_dates import due_after, falls_due
from sibdsl.settle.payments_to_json import contract_to_json as to_json
from sibdsl.settle.run import price_quantities
from sibdsl.source import Source
from tests.docs.reading import LANGUAGE, fences, spliced

FRAME = next(one.text for one in fences(LANGUAGE) if one.notes.get("frame") == "Job Support")


def contract(due: str, *blocks: str) -> Contract:
    head = FRAME.index("end contract")
    return compile_source(
        Source("due.sib", spliced(f"{FRAME[:head]}  {due}\n{FRAME[head:]}", "\n".join(blocks)))
    ).contract


@pytest.mark.parametrize(
    ("due", "first"),
    [
        ("due 30 days after each statement", date(2026, 7, 30)),
        ("due 6 weeks after each statement", date(2026, 8, 11)),
        ("due 1 month after each statement", date(2026, 7, 30)),
        # 30 June 2026 and 26 days is Sunday, 26 July; 25 days are Saturday.
        ("due 26 days after each statement", date(2026, 7, 26)),
        ("due 26 days after each statement, moved to the next weekday", date(2026, 7, 27)),
        ("due 25 days after each statement, moved to the next weekday", date(2026, 7, 27)),
        ("due 24 days after each statement, moved to the next weekday", date(2026, 7, 24)),
    ],
)
def test_days_are_counted_from_the_last_day_of_the_period(due: str, first: date) -> None:
    made = contract(due)
    assert due_after(made, statements(made)[0]) == first


def test_without_a_word_of_it_nothing_is_said() -> None:
    made = contract('note "nothing"')
    assert due_after(made, statements(made)[0]) is None


BLOCK = """block advance First [6]
  payer Council
  payee Provider
  paid on 2 May 2026
  pays £10
  set against nothing
  unused part kept
end block advance
"""


def test_a_line_with_a_day_of_its_own_falls_due_on_it() -> None:
    made = contract("due 30 days after each statement", BLOCK)
    counts = {Key(segments(made)[0], "Job Start", ""): Fraction(1)}
    run = price_quantities(made, as_written(made), counts, date(2026, 6, 30))
    days = {one.line.payment: falls_due(made, one) for one in run.lines}
    assert days == {"First": date(2026, 5, 2), "Start Fee": date(2026, 7, 30)}
    lines = json.loads(json.dumps(to_json(run)))["lines"]
    assert {one["payment"]: one["due"] for one in lines} == {"First": "2026-05-02", "Start Fee": "2026-07-30"}
