"""Columns of another table, read by the person of a row: against a reading by hand, and what is said where there is no one row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from sibdsl.compile import compile_source
from sibdsl.measure import Volumes, measure
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.to_json import from_json, to_json
from sibdsl.source import Source
from tests.measure import forms

TEXT = """
contract Claims
  service period  1 April 2017 to 31 March 2021
  currency        GBP
  years           begin 1 April
  statements      yearly
  rounding        each line, half up, to the penny
end contract

parties
  | party    | role         |
  | Council  | commissioner |
  | Provider | provider     |
end parties

records Costs
  one row per  Cost
  define       Age as whole years from Born On of Headers to Spent On
  define       Fee as Amount times Rate of Headers
  | column    | holds  | blank    |
  | Client ID | person | rejected |
  | Spent On  | date   | rejected |
  | Amount    | money  | rejected |
end records

records Headers
  one row per    Client
  identified by  Client ID
  known on       Sent On
  | column    | holds                | blank    | written      |
  | Client ID | person               | rejected | none         |
  | Born On   | date                 | rejected | "31/12/2018" |
  | Rate      | number               | allowed  | "1234,5"     |
  | Sector    | one of Public, Other | allowed  | none         |
  | Sent On   | date                 | allowed  | none         |
end records

cohort Everybody [1]
  rows        Costs
  joins on    Spent On
  if several  earliest Spent On
end cohort

metric Spent [2]
  kind    input
  sums    Fee of Costs
  among   Everybody
  not if  Age is less than 18
  dated   Spent On
end metric

metric Public [2]
  kind     input
  counts   rows of Costs
  among    Everybody
  only if  Sector of Headers is Public
  dated    Spent On
end metric

payment Refund [3]
  payer     Council
  payee     Provider
  pays      Spent
  every     year at the end
  at least  £0 in each year
end payment

payment Count Fee [3]
  payer     Council
  payee     Provider
  for each  Public
  pays      £1
end payment
"""
CONTRACT = compile_source(Source("c.sib", TEXT)).contract
AS_OF = date(2018, 3, 31)
COSTS = ("Client ID", "Spent On", "Amount")
HEADERS = ("Client ID", "Born On", "Rate", "Sector", "Sent On")
Rows = Sequence[tuple[str, ...]]


def measured(folder: Path, costs: Rows, headers: Rows) -> Volumes:
    parts = {
        "Costs": forms.one_part("Costs", COSTS, costs),
        "Headers": forms.one_part("Headers", HEADERS, headers),
    }
    forms.write(folder, parts)
    return measure(CONTRACT, as_written(CONTRACT), folder, AS_OF)


def numbers(volumes: Volumes) -> tuple[Fraction, Fraction]:
    spent, public = (
        {one.metric: one.number for one in volumes.quantities}[name] for name in ("Spent", "Public")
    )
    return spent, public


def _there(text: str) -> str:
    """The contract with the rate doubled, and the day on which somebody comes of age, worked out in the other table."""
    headers = text[text.index("records Headers") : text.index("cohort Everybody")]
    defined = headers.replace(
        "  | column    | holds",
        "  define         Doubled as Rate times 2\n  define         Adult On as 18 years after Born On\n  | column    | holds",
    )
    moved = text.replace(headers, "").replace("records Costs", defined + "records Costs")
    return moved.replace("Amount times Rate of Headers", "Amount times Doubled of Headers").replace(
        "not if  Age is less than 18", "not if  Spent On is before Adult On of Headers"
    )


THERE = compile_source(Source("there.sib", _there(TEXT))).contract


def test_what_is_worked_out_in_the_other_table_is_what_is_worked_out_here(tmp_path: Path) -> None:
    """Of age on the day, a day short, known too late, with no row, with two, and with one that cannot be read."""
    costs = [(f"C{at}", "2017-05-01", str(10**at)) for at in range(7)]
    headers = [
        header("C0", "1/5/1999"),
        header("C1", "2/5/1999"),
        header("C2", sent="2018-04-01"),
        header("C4"),
        header("C4", "1/4/1991"),
        header("C5", "31/31/1990"),
        header("C6", rate="0,000000001"),
    ]
    with (
        measured(tmp_path, costs, headers) as volumes,
        measure(THERE, as_written(THERE), tmp_path, AS_OF) as others,
    ):
        # One and a half times £1, and a billionth of £1,000,000.
        spent, public = numbers(volumes)
        assert (spent, public) == (Fraction(1501, 1000), 3)
        assert numbers(others) == (2 * spent, public)
        assert others.accounts["Headers"].used == 3  # C1's is read, and keeps the row out


def header(
    who: str, born: str = "1/4/1990", rate: str = "1,5", sector: str = "Public", sent: str = ""
) -> tuple[str, ...]:
    return (who, born, rate, sector, sent)


COST = ("C1", "2017-05-01", "100")


def test_a_row_reads_the_row_of_its_person(tmp_path: Path) -> None:
    costs = [COST, ("C2", "2017-05-01", "10"), ("C3", "2017-05-01", "1"), ("C4", "2017-04-30", "1000")]
    headers = [header("C2", "30/4/1999", "2", "Other"), header("C1"), header("C4", "1/5/1999"), header("C9")]
    with measured(tmp_path, costs, headers) as volumes:
        # C2 is 18 and has a rate of 2; C3 has no header; C4 is 17.
        assert numbers(volumes) == (170, 2)
        found = [(one.row, one.status, one.reason) for one in volumes.rows() if one.records == "Headers"]
    assert [status for _, status, _ in found] == ["used", "used", "used", "outside"]
    assert found[3][2].startswith("no row of Costs reads it")


def test_two_rows_of_a_person_are_not_chosen_from(tmp_path: Path) -> None:
    for others in ([header("C1", rate="3")], [header("C1", sector="Other")]):
        with measured(
            tmp_path, [COST, ("C2", "2017-05-01", "10")], [header("C1"), header("C2"), *others]
        ) as volumes:
            assert numbers(volumes) == (15, 1)


def test_rows_that_are_equal_are_one(tmp_path: Path) -> None:
    with measured(tmp_path, [COST], [header("C1"), header("C1")]) as volumes:
        assert numbers(volumes) == (150, 1)
        assert volumes.accounts["Headers"].duplicate == 1


def test_rows_invalid_or_known_later_are_not_read(tmp_path: Path) -> None:
    for bad in (header("C1", born="1990-04-01"), header("C1", sent="2018-04-01")):
        with measured(tmp_path, [COST, ("C2", "2017-05-01", "10")], [bad, header("C2")]) as volumes:
            assert numbers(volumes) == (15, 1)


def told(volumes: Volumes) -> list[str]:
    return [warning.message for warning in volumes.warnings if warning.code == "SIB0645"]


def test_people_without_a_row_are_told(tmp_path: Path) -> None:
    """None at all, none that can be read, none known yet, and two of which neither stands."""
    costs = [*((f"C{at}", "2017-05-01", "1") for at in range(1, 6)), ("C2", "2017-06-01", "1")]
    headers = [
        header("C1"),
        header("C3", "31/31/1990"),
        header("C4", sent="2018-04-01"),
        header("C5"),
        header("C5", rate="3"),
    ]
    with measured(tmp_path, costs, headers) as volumes:
        assert told(volumes) == [
            (
                "4 people have 5 rows in Costs and none in Headers that counts: C2 (costs.csv row 2, costs.csv row 6); C3 (costs.csv "
                "row 3); C4 (costs.csv row 4); and 1 more. What is read there is blank"
            )
        ]
    with measured(tmp_path, [COST], [header("C1")]) as volumes:
        assert told(volumes) == []


def test_it_comes_back_from_json() -> None:
    assert from_json(to_json(CONTRACT)) == CONTRACT
    assert [column.name for column in CONTRACT.records[0].columns if column.formula is not None] == [
        "Born On of Headers",
        "Rate of Headers",
        "Sector of Headers",
        "Age",
        "Fee",
    ]


WINDOWED = compile_source(
    Source(
        "window.sib",
        TEXT.replace(
            "  only if  Sector of Headers is Public\n",
            "  window   27 years from Born On of Headers\n  within   window\n",
        ),
    )
).contract


def test_a_window_begins_on_the_date_of_the_other_table(tmp_path: Path) -> None:
    """Spent on 1 May 2017: born 2 May 1990 is 26, a day older is 27; born after, nobody's, twice, unreadable and late have none."""
    costs = [(f"C{at}", "2017-05-01", "1") for at in range(8)]
    headers = [
        header("C0", "2/5/1990"),
        header("C1", "1/5/1990"),
        header("C2", "2/5/2017"),
        header("C4"),
        header("C4", "1/4/1991"),
        header("C5", "31/31/1990"),
        header("C6", "2/5/1990", sent="2018-04-01"),
        header("C7", "1/5/2017"),
    ]
    parts = {
        "Costs": forms.one_part("Costs", COSTS, costs),
        "Headers": forms.one_part("Headers", HEADERS, headers),
    }
    forms.write(tmp_path, parts)
    with measure(WINDOWED, as_written(WINDOWED), tmp_path, AS_OF) as volumes:
        assert [one.person for one in volumes.claims(metric="Public")] == ["C0", "C7"]


PERSON = st.sampled_from(("C1", "C2", "C3", "C4"))


@forms.hypothesis(Fraction(1, 4))
@given(
    st.lists(st.tuples(PERSON, st.integers(1, 99)), min_size=1, max_size=8, unique=True),
    st.lists(
        st.tuples(PERSON, st.sampled_from((1980, 1999, 2005)), st.sampled_from(("1", "0,25", "")), st.sampled_from(("Public", "Other", ""))),
        max_size=6,
    ),
)  # fmt: skip
def test_it_is_what_a_reading_by_hand_finds(
    costs: list[tuple[str, int]], headers: list[tuple[str, int, str, str]]
) -> None:
    spent, public = Fraction(0), Fraction(0)
    for who, amount in costs:
        mine = {one for one in headers if one[0] == who}
        if len(mine) != 1:
            continue
        ((_, born, rate, sector),) = mine
        public += sector == "Public"
        if born < 1999 and rate:
            spent += amount * Fraction(rate.replace(",", "."))
    rows = [(who, "2017-05-01", str(amount)) for who, amount in costs]
    theirs = [header(who, f"2/5/{born}", rate, sector) for who, born, rate, sector in headers]
    with TemporaryDirectory() as folder, measured(Path(folder), rows, theirs) as volumes:
        assert numbers(volumes) == (spent, public)
        for name, read in (("Costs", rows), ("Headers", theirs)):
            assert volumes.accounts[name].rows == len(read)
