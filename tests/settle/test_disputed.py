"""What is held while it is disputed: against plain dates, and the table against the same records with all of it accepted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest

from sibdsl import pipeline
from sibdsl.cli.app import run as command
from sibdsl.model.parameters.in_force import as_written
from sibdsl.settle.disputed import disputed
from sibdsl.settle.payments import Payments
from sibdsl.settle.payments_to_json import contract_to_json
from sibdsl.settle.run import pay
from sibdsl.settle.statement import statement
from sibdsl.source import Source

TEXT = """contract Tiny
  service period  1 January 2026 to 31 December 2026
  payment period  1 January 2026 to 31 December 2026
  currency        GBP
  years           begin 1 January
  statements      quarterly
  rounding        each line, half up, to the penny
end contract

parties
  | party    | role         |
  | Council  | commissioner |
  | Provider | provider     |
end parties

records People
  | column    | holds  | blank    |
  | Person ID | person | rejected |
  | Came On   | date   | rejected |
end records

records Jobs
  one row per  Job
  | column      | holds      | blank    |
  | Job ID      | identifier | rejected |
  | Person ID   | person     | rejected |
  | Started On  | date       | rejected |
  | Claimed On  | date       | allowed  |
  | Agreed On   | date       | allowed  |
  | Rejected On | date       | allowed  |
  | Disputed On | date       | allowed  |
  | Value       | money      | allowed  |
end records

cohort Starters [1]
  rows        People
  joins on    Came On
  if several  earliest Came On
end cohort

metric Job [2]
  kind          outcome
  counts        rows of Jobs
  among         Starters
  dated         Started On
  evidenced by  Claimed On, within 6 months, accepted on Agreed On or deemed accepted after 20 days,
                unless rejected on Rejected On, held while disputed on Disputed On
  per person    first only
end metric

metric Worth [3]
  kind          outcome
  sums          Value of Jobs
  among         Starters
  dated         Started On
  evidenced by  Claimed On, within 6 months, accepted on Agreed On, held while disputed on Disputed On
end metric

payment Fee [4]
  payer     Council
  payee     Provider
  for each  Job
  tiers over the contract
  | units   | pays    |
  | first 2 | £100.05 |
  | further | £33.33  |
end payment

payment Share Of Worth [5]
  payer       Council
  payee       Provider
  every       quarter at the end
  pays        12.5% times Worth
  taken back  by repayment
end payment

cap Limit [6]
  covers   payments under Fee
  at most  £320 over the contract
  excess   lost
end cap
"""
KNOWN = "  stated periods  repriced in the next statement\n"
HEAD = "Job ID,Person ID,Started On,Claimed On,Agreed On,Rejected On,Disputed On,Value"
AS_OF = date(2026, 9, 30)
CLAIMED, DISPUTED = date(2026, 5, 1), date(2026, 7, 1)
#: Before the claim, in time for silence, on the day of the dispute and the days about it, after the run.
DAYS = (
    None,
    date(2026, 4, 30),
    date(2026, 5, 21),
    date(2026, 6, 30),
    DISPUTED,
    date(2026, 7, 2),
    date(2026, 10, 1),
)

Row = tuple[str, date, date | None, date | None, date | None, date | None, str]


def paid(tmp_path: Path, rows: Sequence[Row], text: str = TEXT, as_of: date = AS_OF) -> Payments:
    """The run of records in files; each row is person, start, claimed, agreed, rejected, disputed, value."""
    people = sorted({row[0] for row in rows})
    came = [f"{person},2026-01-01" for person in people]
    (tmp_path / "people.csv").write_text("\n".join(["Person ID,Came On", *came, ""]), encoding="utf-8")
    said = [
        f"J{at}," + ",".join("" if cell is None else str(cell) for cell in row) for at, row in enumerate(rows)
    ]
    (tmp_path / "jobs.csv").write_text("\n".join([HEAD, *said, ""]), encoding="utf-8")
    contract = pipeline.load(Source("tiny.sib", text)).contract
    run = pay(contract, as_written(contract), tmp_path, as_of)
    run.volumes.close()
    return run.payments


def state(agreed: date | None, rejected: date | None, of: date | None, as_of: date) -> str:
    """What becomes of a claim, read off the page of the language by hand."""
    known = [day if day is not None and day <= as_of else None for day in (agreed, rejected, of)]
    agreed, rejected, of = known
    if of is not None:
        agreed = agreed if agreed is not None and agreed >= of else None
        rejected = rejected if rejected is not None and rejected >= of else None
    if agreed is not None:
        return "counts"
    last = CLAIMED + timedelta(days=20)
    if rejected is not None and rejected >= CLAIMED and (of is not None or rejected <= last):
        return "rejected"
    if of is not None:
        return "held"
    return "counts" if as_of >= last else "open"


def test_every_order_of_claim_decision_and_dispute(tmp_path: Path) -> None:
    ways = list(product(DAYS, DAYS, DAYS))
    rows = [
        (f"P{at}", date(2026, 4, 27), CLAIMED, agreed, rejected, of, "")
        for at, (agreed, rejected, of) in enumerate(ways)
    ]
    run = paid(tmp_path, rows)
    found = [state(*way, AS_OF) for way in ways]
    counted = {key.metric: number for key, number in run.counted() if key.segment.days.start.month == 4}
    assert counted["Job"] == found.count("counts")
    assert {"counts", "rejected", "held"} == set(found)
    assert run.were_accepted is not None


def as_lines(run: Payments) -> dict[tuple[date, str, str], Fraction]:
    sums: dict[tuple[date, str, str], Fraction] = {}
    for one in run.lines:
        line = one.line
        what = (line.segment.statement.start, f"{line.payer} {line.kind}", f"{line.payment} {line.tier}")
        sums[what] = sums.get(what, Fraction(0)) + one.amount
    return sums


#: P1 is held for a job of January and has another of May; P2's and P3's jobs count; P4's is held; P5's dispute has not begun.
MIXED: tuple[Row, ...] = (
    ("P1", date(2026, 1, 10), date(2026, 2, 1), date(2026, 2, 2), None, DISPUTED, "80"),
    ("P1", date(2026, 5, 10), date(2026, 5, 11), date(2026, 5, 12), None, None, "-1.00"),
    ("P2", date(2026, 2, 10), date(2026, 2, 11), date(2026, 2, 12), None, None, "3.33"),
    ("P3", date(2026, 3, 10), date(2026, 3, 11), date(2026, 3, 12), None, None, ""),
    ("P4", date(2026, 4, 10), date(2026, 4, 11), None, None, date(2026, 4, 12), "-100"),
    ("P5", date(2026, 8, 10), date(2026, 8, 11), date(2026, 8, 12), None, date(2026, 10, 1), "7"),
)


def accepted(rows: Sequence[Row]) -> list[Row]:
    """The same rows with what is held accepted on the day of the run."""
    held = [of is not None and of <= AS_OF for *_, of, _ in rows]
    return [(*row[:3], AS_OF, *row[4:]) if is_held else row for row, is_held in zip(rows, held, strict=True)]


def test_the_table_is_what_accepting_it_would_change(tmp_path: Path) -> None:
    run, whole = paid(tmp_path, MIXED), paid(tmp_path, accepted(MIXED))
    told = disputed(run)
    # Of the same terms, so that a line is the same line in both.
    before, after = as_lines(run), as_lines(whole)
    changes = {
        what: after.get(what, Fraction(0)) - before.get(what, Fraction(0)) for what in {*before, *after}
    }
    assert sorted(one.amount for one in told) == sorted(amount for amount in changes.values() if amount)
    assert whole.were_accepted is None
    assert disputed(whole) == ()
    # By hand: held, the jobs of P2, P3, P1 (May) and P5 are 2 x 100.05 + 2 x 33.33. Accepted, P1's of January takes May's
    # place, and of the 300.09 + 33.33 that five would come to 320.00 is paid.
    fee = [one for one in run.lines if one.line.payment == "Fee"]
    assert sum(one.amount for one in fee) == Fraction("266.76")
    limited = Fraction("2") * Fraction("100.05") + 3 * Fraction("33.33")
    of_fee = sum(one.amount for one in told if one.what.startswith("Job") or "Limit" in one.what)
    assert of_fee == min(limited, Fraction(320)) - Fraction("266.76")
    # 12.5% of 80.00 in the first quarter, and of 100.00 below nought in the second.
    worth = [one for one in told if one.what.startswith(("Worth", "Share Of Worth"))]
    assert sum(one.amount if one.payer == "Council" else -one.amount for one in worth) == Fraction("-2.50")


def test_no_decision_at_the_end(tmp_path: Path) -> None:
    run = paid(tmp_path, MIXED[:1], as_of=date(2026, 12, 31))
    assert run.lines == ()
    assert [(one.what, one.amount) for one in disputed(run)] == [
        ("Job, first 2", Fraction("100.05")),
        ("Worth", Fraction(10)),
    ]


def test_a_dispute_of_what_was_paid_takes_it_back_and_a_decision_gives_it_again(tmp_path: Path) -> None:
    text = TEXT.replace("  rounding ", f"{KNOWN}  rounding ").replace(
        "  for each  Job\n", "  for each  Job\n  taken back  by repayment\n"
    )
    row = ("P1", date(2026, 1, 10), date(2026, 2, 1), date(2026, 2, 2), None, date(2026, 6, 30))
    stated = paid(tmp_path, [(*row, "80")], text, date(2026, 6, 30))
    sums = [(one.line.kind, one.amount) for one in stated.lines]
    assert sums == [
        ("payment", Fraction("100.05")),
        ("payment", Fraction(10)),
        ("adjustment", Fraction("-100.05")),
        ("adjustment", Fraction(-10)),
    ]
    # What would undo the adjustments is the disputed part, in the statement of the dispute and in none before.
    assert {(one.period.start, one.amount) for one in disputed(stated)} == {
        (date(2026, 4, 1), Fraction("100.05")),
        (date(2026, 4, 1), Fraction(10)),
    }
    assert disputed(paid(tmp_path, [(*row, "80")], text, date(2026, 6, 29))) == ()


def test_it_is_shown_apart(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    run = paid(tmp_path, MIXED[:1])
    assert [one.amount for one in statement(run).disputed] == [Fraction("100.05"), Fraction(10)]
    written = contract_to_json(run)
    assert isinstance(written["disputed"], list)
    assert written["disputed"][0] == {
        "period_start": "2026-01-01",
        "period_end": "2026-03-31",
        "payer": "Council",
        "payee": "Provider",
        "clause": "4",
        "what": "Job, first 2",
        "amount": "100.05",
    }
    (tmp_path / "tiny.sib").write_text(TEXT, encoding="utf-8")
    shared = ["--records", str(tmp_path), "--as-of", "2026-09-30"]
    rows = str(tmp_path / "rows.csv")
    assert command(["pay", str(tmp_path / "tiny.sib"), *shared, "--rows", rows]) == 0
    shown = capfd.readouterr().out
    assert "Disputed, and in no amount above" in shown
    assert "Nothing is paid." in shown
    assert "held while disputed: Disputed On is 2026-07-01" in Path(rows).read_text(encoding="utf-8")
    assert command(["explain", str(tmp_path / "tiny.sib"), *shared, "--person", "P1"]) == 0
    assert "held while disputed: Disputed On is 1 July 2026" in capfd.readouterr().out
