"""Statements made of what was known on their last days: nothing stated changes, and all of it comes to what is known in the end."""

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from sibdsl import pipeline
from sibdsl.cli.app import run as command
from sibdsl.diagnostics import Refused
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.periods import Segment, segments
from sibdsl.price import Key
from sibdsl.settle.adjustments import adjusted_by
from sibdsl.settle.payments import Payments
from sibdsl.settle.run import pay, price_as_known, price_quantities
from sibdsl.source import Source

TEXT = """contract Tiny
  service period  1 January 2026 to 31 December 2026
  payment period  1 January 2026 to 31 December 2026
  currency        GBP
  years           begin 1 January
  statements      monthly
  stated periods  repriced in the next statement
  rounding        each line, half up, to the penny
end contract

parties
  | party    | role         |
  | Council  | commissioner |
  | Fund     | commissioner |
  | Provider | provider     |
end parties

records Jobs
  one row per   Job
  known on      Reported On
  withdrawn on  Withdrawn On
  | column       | holds  | blank    |
  | Person ID    | person | rejected |
  | Started On   | date   | rejected |
  | Reported On  | date   | allowed  |
  | Withdrawn On | date   | allowed  |
end records

cohort People [1]
  rows        Jobs
  joins on    Started On
  if several  earliest Started On
end cohort

metric Job [2]
  kind    outcome
  counts  rows of Jobs
  among   People
  dated   Started On
end metric

payment Fee [3]
  payer       70% Council, the rest Fund
  payee       Provider
  for each    Job
  pays        £33.35
  taken back  by repayment
end payment
"""
CAP = """
cap Limit [4]
  covers   payments from Council
  at most  £100 in each year
  excess   lost
end cap
"""
VARIED = """
variation Dearer [Variation 1]
  varies          Tiny
  agreed          1 May 2026
  effective       1 March 2026
  stated periods  left as stated

  replace payment Fee [3]
    payer       Council
    payee       Provider
    for each    Job
    pays        £40
    taken back  by repayment
  end payment
end variation
"""
#: One in three result is withdrawn; some are known late.
_DAY = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@frozen
class Result:
    """A result, from when it is known, and from when it is withdrawn."""

    day: date
    known: date
    withdrawn: date | None


@st.composite
def _results(draw: st.DrawFn) -> tuple[Result, ...]:
    found = []
    for _ in range(draw(st.integers(1, 8))):
        day = draw(_DAY)
        known = draw(st.sampled_from([day, draw(_DAY)]))
        withdrawn = draw(st.sampled_from([None, None, draw(_DAY)]))
        found.append(Result(day, max(day, known), withdrawn))
    return tuple(found)


class Tiny:
    """The contract, with a line in the place of its own, priced on results."""

    def __init__(self, taken_back: str = "by repayment", more: str = "") -> None:
        text = TEXT.replace("taken back  by repayment", f"taken back  {taken_back}") + more
        self.contract = pipeline.load(Source("tiny.sib", text)).contract
        self.settings = as_written(self.contract)
        self.months = segments(self.contract)

    def counted(self, results: tuple[Result, ...], day: date) -> Mapping[Key, Fraction]:
        """How many results of each month count, as known by a day."""
        found: dict[Key, Fraction] = {}
        for result in results:
            gone = result.withdrawn is not None and result.withdrawn <= day
            if max(result.day, result.known) <= day and not gone:
                key = Key(self.month(result.day), "Job", "")
                found[key] = found.get(key, Fraction(0)) + 1
        return found

    def month(self, day: date) -> Segment:
        return next(segment for segment in self.months if day in segment.days)

    def paid(self, results: tuple[Result, ...], as_of: date = date(2026, 12, 31)) -> Payments:
        return price_as_known(self.contract, self.settings, lambda day: self.counted(results, day), as_of)

    def at_the_end(self, results: tuple[Result, ...]) -> Payments:
        """What one run with all that is known in the end pays."""
        last = date(2026, 12, 31)
        return price_quantities(self.contract, self.settings, self.counted(results, last), last)


PLAIN, CAPPED = Tiny(), Tiny(more=CAP)


def _told(payments: Payments) -> list[tuple[object, ...]]:
    return [
        (each.id, each.line.kind, each.line.segment, each.line.payer, each.amount) for each in payments.lines
    ]


@pytest.mark.parametrize("tiny", [PLAIN, CAPPED], ids=["no limit", "under a limit"])
@given(results=_results())
def test_what_is_repaid_brings_all_statements_to_what_is_known_in_the_end(
    results: tuple[Result, ...], tiny: Tiny
) -> None:
    stated, known = tiny.paid(results), tiny.at_the_end(results)
    assert {total.payer: total.amount for total in stated.totals() if total.amount} == {
        total.payer: total.amount for total in known.totals()
    }


@given(_results(), st.integers(1, 11))
def test_nothing_stated_changes(results: tuple[Result, ...], months: int) -> None:
    """A run as of an earlier day tells the first lines of a run as of a later one, to the last of them."""
    earlier = CAPPED.paid(results, date(2026, months + 1, 1) - timedelta(days=1))
    whole = _told(CAPPED.paid(results))
    told = _told(earlier)
    assert whole[: len(told)] == told
    assert all(segment.statement.last > earlier.as_of for _, _, segment, *_ in whole[len(told) :])  # type: ignore[attr-defined]


@given(_results())
def test_what_is_never_taken_back_stays_at_the_most_that_a_period_came_to(
    results: tuple[Result, ...],
) -> None:
    """£33.35 for each of the most results of a month that a statement from that month on has known of it."""
    stated = Tiny("never").paid(results)
    ends = [segment.statement.last for segment in PLAIN.months]
    expected = Fraction(0)
    for month in PLAIN.months:
        known = [PLAIN.counted(results, end) for end in ends if end >= month.days.last]
        expected += max(counted.get(Key(month, "Job", ""), Fraction(0)) for counted in known)
    assert sum((line.amount for line in stated.lines), Fraction(0)) == expected * Fraction("33.35")
    assert all(line.amount > 0 for line in stated.lines)


@given(_results())
def test_what_is_taken_from_later_payments_is_never_more_than_they_come_to(
    results: tuple[Result, ...],
) -> None:
    stated = Tiny("from later payments").paid(results)
    by_statement: dict[tuple[date, str], Fraction] = {}
    for line in stated.lines:
        key = (line.line.segment.statement.start, line.line.payer)
        by_statement[key] = by_statement.get(key, Fraction(0)) + line.amount
    assert all(amount >= 0 for amount in by_statement.values())
    kept = sum((left.amount for left in stated.kept), Fraction(0))
    known = sum((total.amount for total in PLAIN.at_the_end(results).totals()), Fraction(0))
    assert sum(by_statement.values(), Fraction(0)) - kept == known


@given(_results())
def test_interest_is_that_of_a_list_of_sums(results: tuple[Result, ...]) -> None:
    """Every pound paid is a sum with a day of its own; what comes back of a month takes the youngest of its sums."""
    stated = Tiny("by repayment with interest at 8% a year").paid(results)
    sums: dict[tuple[str, date], list[tuple[date, Fraction]]] = {}
    owed: dict[tuple[str, date], Fraction] = {}
    for line in stated.lines:
        if line.line.kind == "interest":
            continue
        day, key = line.line.segment.statement.last, (line.line.payer, line.line.segment.days.start)
        pennies = [(day, Fraction(1, 100))] * int(abs(line.amount) * 100)
        if line.amount > 0:
            sums.setdefault(key, []).extend(pennies)
            continue
        for _ in pennies:
            since, penny = sums[key].pop()
            due = (line.line.payer, day)
            owed[due] = owed.get(due, Fraction(0)) + penny * (day - since).days * Fraction(8, 100) / 365
    found = {
        (line.line.payer, line.line.segment.statement.last): -line.amount
        for line in stated.lines
        if line.line.kind == "interest"
    }
    rounded = {due: Fraction(int(amount * 100 + Fraction(1, 2)), 100) for due, amount in owed.items()}
    assert found == {due: amount for due, amount in rounded.items() if amount}


def test_the_payer_of_then_gets_it_back() -> None:
    """Council paid to March and Fund after it; a result of March is withdrawn in June. £33.35 for 92 days at 5%: 42 pence."""
    text = TEXT.replace(
        "payer       70% Council, the rest Fund",
        "payer       Council to 31 March 2026, then Fund, by date of result",
    ).replace("by repayment", "by repayment with interest at 5% a year")
    contract = pipeline.load(Source("tiny.sib", text)).contract
    march, april = (
        next(s for s in segments(contract) if day in s.days) for day in (date(2026, 3, 9), date(2026, 4, 9))
    )

    def counted(day: date) -> Mapping[Key, Fraction]:
        both = {Key(march, "Job", ""): Fraction(day < date(2026, 6, 9)), Key(april, "Job", ""): Fraction(1)}
        return {key: number for key, number in both.items() if key.segment.statement.last <= day}

    paid = price_as_known(contract, as_written(contract), counted, date(2026, 6, 30))
    assert [(line.line.kind, line.line.payer, line.amount) for line in paid.lines] == [
        ("payment", "Council", Fraction("33.35")),
        ("payment", "Fund", Fraction("33.35")),
        ("adjustment", "Council", Fraction("-33.35")),
        ("interest", "Council", Fraction("-0.42")),
    ]


def test_a_variation_that_reaches_back_is_one_more_thing_known_later() -> None:
    """A result of March at £33.35, and £40 from a variation agreed in May: the statement of May pays the difference."""
    text = TEXT + VARIED.replace("left as stated", "repriced in the next statement")
    contract = pipeline.load(Source("tiny.sib", text)).contract
    march = next(month for month in segments(contract) if date(2026, 3, 9) in month.days)
    counted = {Key(march, "Job", ""): Fraction(1)}
    paid = price_as_known(
        contract,
        as_written(contract),
        lambda day: counted if day >= march.days.last else {},
        date(2026, 6, 30),
    )
    assert [
        (line.line.kind, line.line.payer, line.line.segment.statement.start.month, line.amount)
        for line in paid.lines
    ] == [
        ("payment", "Council", 3, Fraction("23.35")),
        ("payment", "Fund", 3, Fraction("10.00")),
        ("adjustment", "Council", 5, Fraction("16.65")),
        ("adjustment", "Fund", 5, Fraction("-10.00")),
    ]


# ------------------------------------------------------------------ a payment with several rows

TWO_ROWS = TEXT.replace(
    "  for each    Job\n  pays        £33.35\n  taken back  by repayment\n",
    """  taken back  by repayment with interest at 10% a year
  | for each | pays   |
  | Housed   | £1,000 |
  | Working  | £2,000 |
""",
).replace("payer       70% Council, the rest Fund", "payer       Council")
TWO_ROWS = TWO_ROWS.replace("metric Job [2]", "metric Housed [2]") + TWO_ROWS[
    TWO_ROWS.index("metric Job") : TWO_ROWS.index("payment Fee")
].replace("metric Job [2]", "metric Working [2.1]")
#: How many of the two are known of January at the end of each month of the year.
_KNOWN = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=12, max_size=12)


def _rows_paid(known: list[tuple[int, int]]) -> Payments:
    contract = pipeline.load(Source("tiny.sib", TWO_ROWS)).contract
    january = segments(contract)[0]

    def counted(day: date) -> Mapping[Key, Fraction]:
        housed, working = known[day.month - 1]
        return {Key(january, "Housed", ""): Fraction(housed), Key(january, "Working", ""): Fraction(working)}

    return price_as_known(contract, as_written(contract), counted, date(2026, 12, 31))


def _interest(payments: Payments) -> dict[int, Fraction]:
    return {
        line.line.segment.statement.start.month: line.amount
        for line in payments.lines
        if line.line.kind == "interest"
    }


def test_a_correction_from_one_row_to_a_dearer_one_bears_no_interest() -> None:
    """In April a Housed of January turns out to be a Working: £1,000 more is owed. In July it is one again: £1,000 comes
    back, which had been paid on 30 April: 92 days at 10% are £25.21."""
    known = [(1, 0)] * 3 + [(0, 1)] * 3 + [(1, 0)] * 6
    assert _interest(_rows_paid(known)) == {7: Fraction("-25.21")}


@given(_KNOWN)
def test_interest_is_charged_only_where_a_period_comes_to_less(known: list[tuple[int, int]]) -> None:
    worth = [1000 * housed + 2000 * working for housed, working in known]
    fell = {month + 1 for month in range(1, 12) if worth[month] < worth[month - 1]}
    assert _interest(_rows_paid(known)).keys() == fell


# ------------------------------------------------------------------ what an adjustment comes from


@pytest.mark.parametrize(
    ("withdrawn", "says"), [(date(2026, 4, 9), ["Dearer"]), (date(2026, 5, 9), ["later records and Dearer"])]
)
def test_an_adjustment_names_what_changed_it(withdrawn: date, says: list[str]) -> None:
    """Two results of March, one of them withdrawn; dearer from May on. The statement of May tells what it was then."""
    text = TEXT.replace("70% Council, the rest Fund", "Council")
    varied = VARIED.replace("left as stated", "repriced in the next statement")
    contract = pipeline.load(Source("tiny.sib", text + varied)).contract
    march = segments(contract)[2]

    def counted(day: date) -> Mapping[Key, Fraction]:
        number = 0 if day < march.days.last else 2 if day < withdrawn else 1
        return {Key(march, "Job", ""): Fraction(number)}

    paid = price_as_known(contract, as_written(contract), counted, date(2026, 6, 30))
    told = [line.line for line in paid.lines if line.line.kind == "adjustment"]
    assert [adjusted_by(line) for line in told if line.segment.statement.start.month == 5] == says


# ------------------------------------------------------------------ from files


ROWS = """Person ID,Started On,Reported On,Withdrawn On
P1,2026-02-02,2026-02-03,
P2,2026-02-02,2026-02-03,2026-03-31
P3,2026-02-02,2026-04-01,
P4,2026-02-02,2026-02-03,2026-05-01
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tiny.sib").write_text(TEXT, encoding="utf-8")
    (tmp_path / "jobs.csv").write_text(ROWS, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("day", "paid"), [(date.max, Fraction("66.70")), (date.min, 0)], ids=["the last day", "the first"]
)
def test_a_run_as_of_the_ends_of_the_calendar(folder: Path, day: date, paid: Fraction) -> None:
    found = pay(PLAIN.contract, PLAIN.settings, folder, day)
    with found.volumes:
        assert sum((line.amount for line in found.payments.lines), Fraction(0)) == paid


def test_rows_count_until_the_day_on_which_they_are_withdrawn(folder: Path) -> None:
    """Three in February; P2 goes on the last day of March, P3 comes on the first of April; P4 goes in May."""
    paid = pay(PLAIN.contract, PLAIN.settings, folder, date(2026, 4, 30))
    with paid.volumes as volumes:
        rows = {row.row: (row.status, row.reason) for row in volumes.rows()}
    by_month: dict[int, Fraction] = {}
    for line in paid.payments.lines:
        month = line.line.segment.statement.start.month
        by_month[month] = by_month.get(month, Fraction(0)) + line.amount
    assert by_month == {2: Fraction("100.05"), 3: Fraction("-33.35"), 4: Fraction("33.35")}
    assert rows[2][0] == "outside"
    assert rows[2][1].endswith("withdrawn on 2026-03-31")
    assert rows[4][0] == "used"


@pytest.mark.parametrize(
    ("line", "says"), [("L1", "3 records"), ("L3", "as known now"), ("L4", "as known before")]
)
def test_each_line_is_explained_as_it_was_known(
    folder: Path, line: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    call = [
        "explain",
        str(folder / "tiny.sib"),
        "--records",
        str(folder),
        "--as-of",
        "2026-06-30",
        "--line",
        line,
    ]
    assert command(call) == 0
    assert says in capsys.readouterr().out


# ------------------------------------------------------------------ what is not carried out


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (TEXT.replace("by repayment", "never") + CAP, "SIB0235"),
        (TEXT.replace("by repayment", "from later payments") + CAP, "SIB0235"),
        (TEXT.replace("for each    Job\n  pays        £33.35", "pays to date  £33 times Job").replace("by repayment", "never"), "SIB0235"),
        (TEXT.replace("by repayment", "never with interest at 5% a year"), "SIB0564"),
        (TEXT.replace("by repayment", "by repayment with interest at £5 a year"), "SIB0413"),
        (TEXT.replace("by repayment", "by repayment with interest at 5% a year").replace("  stated periods  repriced in the next statement\n", ""), "SIB0564"),
        (TEXT + VARIED, "SIB0235"),
        (TEXT.replace("withdrawn on  Withdrawn On", "withdrawn on  Person ID"), "SIB0413"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        pipeline.load(Source("tiny.sib", text))
    assert code in {finding.code for finding in refused.value.found}
