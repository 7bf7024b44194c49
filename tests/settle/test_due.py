"""When what is stated falls due, worked out by hand with a calendar."""

import json
from datetime import date
from fractions import Fraction

import pytest

from sibdsl.compile import compile_source
from sibdsl.diagnostics import Refused
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


HOLIDAYS = """  business days weekdays not in Holidays
end contract
table Holidays
  known 1 April 2026 to 31 December 2026
  | Day            | Holiday          |
  | 27 July 2026   | "Founder's Day"  |
  | 31 August 2026 | "Summer holiday" |
end table
"""


@pytest.mark.parametrize(
    ("due", "first"),
    [
        # Of July 2026 the 1st is a Wednesday; Monday, 27 July is a holiday here.
        ("due 19 business days after each statement", date(2026, 7, 28)),
        ("due 18 business days after each statement", date(2026, 7, 24)),
        ("due 25 days after each statement, moved to the next business day", date(2026, 7, 28)),
        ("due 25 days after each statement, moved to the business day before", date(2026, 7, 24)),
        ("due 28 days after each statement, moved to the next business day", date(2026, 7, 28)),
    ],
)
def test_business_days(due: str, first: date) -> None:
    made = with_holidays(due)
    assert due_after(made, statements(made)[0]) == first


def with_holidays(due: str) -> Contract:
    head, rest = FRAME.split("end contract", 1)
    return compile_source(Source("due.sib", f"{head}  {due}\n{HOLIDAYS}{rest}")).contract


def test_a_day_beyond_the_table_is_not_guessed() -> None:
    made = with_holidays("due 20 business days after each statement")
    every = statements(made)
    assert [due_after(made, statement) is None for statement in every[:4]] == [False, False, True, True]
    counts = {Key(segment, "Job Start", ""): Fraction(1) for segment in segments(made)}
    run = price_quantities(made, as_written(made), counts, date(2027, 3, 31))
    assert [one.code for one in run.warnings] == ["SIB0758"]
    assert "1 October 2026 to 31 December 2026, and of 1 more," in run.warnings[0].message
    lines = json.loads(json.dumps(to_json(run)))["lines"]
    assert [one.get("due") for one in lines] == ["2026-07-29", "2026-10-28", None, None]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "  known 1 April 2026 to 31 December 2026\n",
            "",
            "does not say of which days it holds every holiday",
        ),
        ("| Day            |", "| Name           |", ""),
        (
            "| 27 July 2026   |",
            '| "July"         |',
            "holds text in one row and a date in another|a date in one row and text",
        ),
        ("31 December 2026", "30 July 2026", "31 August 2026 is outside the days"),
        ("weekdays not in Holidays", "weekdays not in Holydays", "Holydays"),
    ],
)
def test_tables_that_cannot_be_used(old: str, new: str, said: str) -> None:
    head, rest = FRAME.split("end contract", 1)
    text = f"{head}  due 20 business days after each statement\n{HOLIDAYS}{rest}"
    assert old in text
    source = Source("due.sib", text.replace(old, new, 1))
    if not said:
        assert compile_source(source).contract.business_days
        return
    with pytest.raises(Refused) as refused:
        compile_source(source)
    messages = " ".join(one.message for one in refused.value.found)
    assert any(part in messages for part in said.split("|"))


def test_business_days_stand_nowhere_else() -> None:
    with pytest.raises(Refused) as refused:
        contract("extension of 20 business days at the option of Council")
    assert [one.code for one in refused.value.found] == ["SIB0574"]
