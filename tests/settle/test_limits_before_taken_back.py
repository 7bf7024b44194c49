"""Limits for each person come before what becomes of less than nought, and before all else: figures by hand, and a `taken
back` line that never decides anything, which changes no amount."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sibdsl.cli.app import run as sib
from sibdsl.compile import compile_source
from sibdsl.measure import measure_rows
from sibdsl.model.nodes import ExampleRecords
from sibdsl.model.parameters.in_force import as_written
from sibdsl.settle.run import pay, price_quantities, volumes_by_key
from sibdsl.source import Source

Rows = list[tuple[str, date]]
#: Payer, the last day of the statement, and what is paid in it.
Paid = dict[tuple[str, date], Fraction]

FRAME = """contract Small
  service period  1 April 2025 to 31 March 2026
  currency        GBP
  years           begin 1 {year}
  statements      quarterly
  rounding        each line, half up, to the penny
end contract
parties
  | party    | role            |
  | Council  | commissioner    |
  | Fund     | co-commissioner |
  | Lottery  | co-commissioner |
  | Provider | provider        |
end parties
records Steps
  | column    | holds  | blank    |
  | Person ID | person | rejected |
  | Taken On  | date   | rejected |
end records
cohort People [1]
  rows        Steps
  joins on    Taken On
  if several  earliest Taken On
end cohort
metric Step [2]
  kind   outcome
  counts rows of Steps
  among  People
  dated  Taken On
end metric
payment Fee [3]
  payer      Council
  payee      Provider
  for each   Step
  pays       {rate}
{lines}end payment
{clauses}"""
WAYS = ("taken back never", "taken back from later payments", "taken back by repayment")
PERSON = "at most £1,500 per person over the contract\n  excess lost\n"
EACH_PERSON = f"cap Each Person [4]\n  covers payments to Provider\n  {PERSON}end cap\n"
RETENTION = "deduction Retention [5]\n  covers payments under Fee\n  deducts 10%\nend deduction\n"
WHOLE = "cap Whole [6]\n  covers payments from Council\n  at most {}\n  excess {}\nend cap\n"
ADVANCE = """block advance Adv [7]
  payer Council
  payee Provider
  paid on 1 April 2025
  pays £1,800
  set against Fee over the contract
  set off in money, as fees fall due
  unused part kept
end block advance
"""
#: One person with two steps in each of two quarters: £1,500 is left of the first, and nothing of the second.
STEPS = [("P1", date(2025, *day)) for day in ((4, 1), (4, 2), (7, 2), (7, 3))]
SPRING, SUMMER = date(2025, 6, 30), date(2025, 9, 30)


def written(*clauses: str, lines: str = "", rate: str = "£1,000", year: str = "April") -> str:
    return FRAME.format(rate=rate, lines=lines, clauses="".join(clauses), year=year)


def paid(text: str, rows: Rows, as_of: date = SUMMER) -> Paid:
    """What `pay` makes of a contract and rows of its records, by payer and statement; payers of nothing are left out."""
    contract = compile_source(Source("small.sib", text)).contract
    given_ = as_written(contract)
    cells = tuple((person, day.isoformat()) for person, day in rows)
    with measure_rows(
        contract, given_, (ExampleRecords("Steps", ("Person ID", "Taken On"), cells),), as_of
    ) as volumes:
        priced = price_quantities(contract, given_, volumes_by_key(volumes), as_of)
    found: Paid = {}
    for one in priced.lines:
        sign = -1 if one.line.payer == "Provider" else 1
        slot = (one.line.payee if sign < 0 else one.line.payer), one.line.segment.statement.last
        found[slot] = found.get(slot, Fraction(0)) + sign * one.amount
    return {slot: amount for slot, amount in found.items() if amount}


@pytest.mark.parametrize("way", ["", *WAYS])
def test_a_deduction_is_of_what_the_limit_left(way: str) -> None:
    """10% of £1,500; and nothing of July, in which all is cut."""
    assert paid(written(EACH_PERSON, RETENTION, lines=f"  {way}\n" if way else ""), STEPS) == {
        ("Council", SPRING): 1350
    }


def test_a_limit_in_the_payment_comes_before_its_taken_back_line() -> None:
    text = written(RETENTION, lines=f"  {PERSON}  {WAYS[2]}\n")
    assert paid(text, STEPS) == {("Council", SPRING): 1350}


def test_a_later_cap_cuts_only_what_is_owed() -> None:
    text = written(EACH_PERSON, WHOLE.format("£1,500 over the contract", "lost"), lines=f"  {WAYS[2]}\n")
    assert paid(text, STEPS) == {("Council", SPRING): 1500}


def test_a_block_meets_only_what_is_owed() -> None:
    """£1,800 was paid in advance, and stays: the fee of £1,500 is met by it."""
    assert paid(written(EACH_PERSON, ADVANCE, lines=f"  {WAYS[2]}\n"), STEPS) == {("Council", SPRING): 1800}


def test_others_pay_only_what_is_owed_beyond_a_cap() -> None:
    """£3,500 less 5% is £3,325: £325 beyond £3,000, of which 60% and 40%. With £4,000 of P1, £2,500 are within the limit."""
    text = written(
        EACH_PERSON.replace("£1,500", "£2,500"),
        RETENTION.replace("10%", "5%"),
        WHOLE.format("£3,000 over the contract", "paid by 60% Fund, 40% Lottery"),
        lines=f"  {WAYS[2]}\n",
    )
    rows = [("P1", date(2025, 4, day)) for day in range(1, 5)] + [("P2", date(2025, 6, 10))]
    assert paid(text, rows) == {
        ("Council", SPRING): 3000,
        ("Fund", SPRING): 195,
        ("Lottery", SPRING): 130,
    }


def test_records_pay_and_explain_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = written(EACH_PERSON, RETENTION, lines=f"  {WAYS[2]}\n")
    (tmp_path / "small.sib").write_text(text, encoding="utf-8")
    (tmp_path / "steps.csv").write_text(
        "Person ID,Taken On\n" + "".join(f"{person},{day}\n" for person, day in STEPS), encoding="utf-8"
    )
    contract = compile_source(Source("small.sib", text)).contract
    outcome = pay(contract, as_written(contract), tmp_path, SUMMER)
    with outcome.volumes:
        assert [(one.id, one.line.kind, one.amount) for one in outcome.payments.lines] == [
            ("L1", "payment", 2000),
            ("L2", "cap_cut", -500),
            ("L3", "deducted", -150),
            ("L4", "payment", 2000),
            ("L5", "cap_cut", -2000),
        ]
    asked = ["explain", str(tmp_path / "small.sib"), "--records", str(tmp_path), "--as-of", str(SUMMER)]
    assert sib([*asked, "--line", "L3"]) == 0
    assert "£1,500.00" in capsys.readouterr().out


# ------------------------------------------------------------------ a line that decides nothing

RATES = st.sampled_from(("£1,000", "£333.33", "£0.125"))
LIMITS = st.sampled_from(("£1,500", "£0.50", "£400"))
#: Years that begin on 1 May cut a quarter in parts, over which a payment is netted.
OVER = st.sampled_from(("over the contract", "in each year", "in each quarter"))
LATER = st.sampled_from(
    (
        ("£1,200 over the contract", "lost"),
        ("£1,200 in each quarter", "carried forward"),
        ("£3,000 over the contract", "paid by 60% Fund, 40% Lottery"),
    )
)
AFTER = {
    "deduction": RETENTION,
    "sum deducted": RETENTION.replace("10%", "£120").replace("Retention [5]", "Fixed Sum [9]"),
    "advance": ADVANCE,
    "share": "cap Share [8]\n  covers payments under Fee\n  at most 60% of payments under Fee over the contract, before this limit\n"
    "  excess lost\nend cap\n",
}
#: What a cap cuts and is due again may not be counted twice in a share: with one, nothing is.
LOST = st.just(("£1,200 over the contract", "lost"))
HELD = "  held back until Step is at least 3 over the contract\n"
ROWS = st.lists(
    st.tuples(
        st.sampled_from(("P1", "P2", "P3")),
        st.integers(0, 364).map(lambda at: date(2025, 4, 1) + timedelta(days=at)),
    ),
    min_size=1,
    max_size=12,
    unique=True,
)


@st.composite
def bodies(draw: st.DrawFn) -> tuple[tuple[str, ...], str, str, str, str]:
    """Clauses after the payment, its own lines, its rate, the month in which years begin, and the line that decides nothing."""
    limit = f"at most {draw(LIMITS)} per person {draw(OVER)}\n  excess lost\n"
    own = draw(st.booleans())
    clauses = [] if own else [f"cap Each Person [4]\n  covers payments to Provider\n  {limit}end cap\n"]
    chosen = draw(st.sets(st.sampled_from(sorted(AFTER)), max_size=2))
    clauses += [AFTER[name] for name in sorted(chosen)]
    if draw(st.booleans()):
        clauses.append(WHOLE.format(*draw(LOST if "share" in chosen else LATER)))
    held = draw(st.sampled_from(("", HELD)))
    # What is held back has not been paid, and cannot be repaid.
    way = draw(st.sampled_from(WAYS[:2] if held else WAYS))
    lines = (f"  {limit}" if own else "") + held
    return tuple(clauses), lines, draw(RATES), draw(st.sampled_from(("April", "May"))), way


@settings(max_examples=10, deadline=None)
@given(bodies(), ROWS)
def test_a_line_that_decides_nothing_changes_no_amount(
    body: tuple[tuple[str, ...], str, str, str, str], rows: Rows
) -> None:
    clauses, lines, rate, year, way = body
    end = date(2026, 3, 31)
    plain = paid(written(*clauses, lines=lines, rate=rate, year=year), rows, end)
    assert paid(written(*clauses, lines=f"{lines}  {way}\n", rate=rate, year=year), rows, end) == plain
