"""Averages, different values and determinations: against a plain reading of the rows, and each rule by hand."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from sibdsl.compile import compile_source
from sibdsl.dates import Period
from sibdsl.diagnostics import NotGiven, Refused
from sibdsl.measure import Volumes, measure_rows
from sibdsl.model.nodes import Contract, ExampleRecords
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.parameters.set_option_and_file import settings as given_settings
from sibdsl.model.periods import segments, spans, stated
from sibdsl.model.to_json import from_json, to_json
from sibdsl.price.quantities_file import file_text, read
from sibdsl.settle.default_as_of import whole_term
from sibdsl.settle.run import price_quantities, volumes_by_key
from sibdsl.source import Source
from tests.frame import complete
from tests.model.show import show

TEXT = """
particulars
  | particular | holds | default  |
  | Look Day   | date  | required |
end particulars

records Visits
  one row per Visit
  | column     | holds                 | blank    |
  | Visit ID   | identifier            | rejected |
  | Visited On | date                  | rejected |
  | Room       | text                  | allowed  |
  | Mark       | number                | allowed  |
  | Grade      | one of First, Second  | rejected |
end records

metric Mean
  kind      outcome
  averages  Mark of Visits
  only if   Grade is First
  dated     Visited On
  measured  MEASURED
end metric

metric Rooms
  kind      output
  counts    different Room of Visits
  dated     Visited On
  measured  MEASURED
end metric

metric Last Word
  kind        outcome
  reads       Mark of Visits
  dated       Visited On
  if several  highest Mark, then lowest Visit ID
  measured    MEASURED
end metric

payment Visit Fee
  payer  Council
  payee  Charity
  taken back  by repayment
  | for each  | pays |
  | Mean      | £2   |
  | Rooms     | £3   |
  | Last Word | £5   |
end payment
"""
WAYS = (
    "in each month",
    "in each quarter",
    "in each year",
    "in each period",
    "over the contract",
    "in 2017/18",
    "in 14 May 2016 to 3 September 2018",
    "once on 14 February 2018",
    "to date in each month",
    "to date in each quarter",
    "to date in each year",
)
FIRST, LAST = date(2016, 4, 1), date(2020, 3, 31)


def contract(way: str) -> Contract:
    text = TEXT.replace("MEASURED", way)
    return compile_source(Source("x.sib", complete(text))).contract


CONTRACTS = {way: contract(way) for way in WAYS}
Visit = tuple[str, date, str, Fraction | None, str]


def measured(terms: Contract, visits: Sequence[Visit], as_of: date) -> Volumes:
    rows = tuple(
        (name, str(day), room, "" if mark is None else str(float(mark)), grade)
        for name, day, room, mark, grade in visits
    )
    headings = ("Visit ID", "Visited On", "Room", "Mark", "Grade")
    return measure_rows(terms, as_written(terms), [ExampleRecords("Visits", headings, rows)], as_of)


def drawn(seed: int) -> list[Visit]:
    rng = Random(seed)
    whole = (LAST - FIRST).days + 40
    return [
        (
            f"V{at}",
            FIRST + timedelta(days=rng.choice((rng.randrange(whole) - 20, 683, 684, 685, 729, 730))),
            rng.choice(("A", "B", "a", "", "C")),
            rng.choice((None, Fraction(rng.randrange(-8, 20), 4))),
            rng.choice(("First", "Second")),
        )
        for at in range(rng.choice((0, 3, 30, 90)))
    ]


@given(
    st.integers(0, 10**9), st.sampled_from(WAYS), st.sampled_from((LAST, date(2018, 3, 31), date(2017, 5, 3)))
)
def test_each_quantity_is_what_its_rows_say(seed: int, way: str, as_of: date) -> None:
    terms, visits = CONTRACTS[way], drawn(seed)
    shown = {one.days.last for one in stated(terms, as_of)}
    expected: dict[tuple[str, date], Fraction] = {}
    for days in spans(terms, terms.metrics[-1].measured):
        rows = [one for one in visits if one[1] in days and one[1] <= as_of]
        marks = [one[3] for one in rows if one[3] is not None and one[4] == "First"]
        said = sorted((-one[3], one[0], one[3]) for one in rows if one[3] is not None)
        if days.last not in shown:
            continue
        if marks:
            expected["Mean", days.last] = sum(marks, Fraction(0)) / len(marks)
        expected["Rooms", days.last] = Fraction(len({one[2] for one in rows if one[2]}))
        if said:
            expected["Last Word", days.last] = said[0][2]
    with measured(terms, visits, as_of) as volumes:
        mine = [one for one in volumes.quantities if one.metric != "Job Entry"]
        claims = list(volumes.claims())
        accounts = volumes.accounts
    assert {(one.metric, one.segment.days.last): one.number for one in mine} == expected
    for one in mine:
        behind = [
            each.quantity for each in claims if (each.metric, each.segment) == (one.metric, one.segment)
        ]
        total = sum(behind, Fraction(0))
        assert one.number == (total / len(behind) if one.metric == "Mean" else total)
        assert one.metric != "Last Word" or len(behind) == 1
    account = accounts["Visits"]
    assert account.rows == len(visits)


def test_to_date_is_of_all_that_went_before_and_a_row_counts_in_each_year() -> None:
    terms = CONTRACTS["to date in each year"]
    days = [date(2016, 5, 1), date(2017, 5, 1), date(2019, 5, 1)]
    visits = [(f"V{at}", day, "ABA"[at], Fraction(6 * at), "First") for at, day in enumerate(days)]
    with measured(terms, visits, LAST) as volumes:
        found = [(one.metric, one.number) for one in volumes.quantities if one.metric != "Job Entry"]
        account = volumes.accounts["Visits"]
    assert [number for name, number in found if name == "Mean"] == [0, 3, 3, 6]
    assert [number for name, number in found if name == "Rooms"] == [1, 2, 2, 2]
    assert (account.rows, account.used) == (3, 3)


def test_a_span_without_rows_is_blank_and_told() -> None:
    visits = [("V1", date(2017, 4, 1), "A", Fraction(3), "Second")]
    with measured(CONTRACTS["in each year"], visits, date(2018, 3, 31)) as volumes:
        told = {one.message for one in volumes.warnings if one.code == "SIB0630"}
        mine = [(one.metric, one.number) for one in volumes.quantities if one.metric != "Job Entry"]
    assert mine == [("Rooms", Fraction(0)), ("Rooms", Fraction(1)), ("Last Word", Fraction(3))]
    blank = "it is blank there, and nothing is paid on it, unless the contract says what stands for it"
    years = "April 2016 - March 2017, April 2017 - March 2018"
    assert told == {
        f"No row of Visits gives Mean anything to measure in {years}: {blank}",
        f"No row of Visits gives Last Word anything to measure in April 2016 - March 2017: {blank}",
    }


def test_an_average_is_paid_once_for_its_span() -> None:
    terms = CONTRACTS["in each year"]
    visits = [(f"V{at}", date(2016, 4 + at, 1), "A", Fraction(at), "First") for at in (1, 2, 6)]
    with measured(terms, visits, LAST) as volumes:
        counts = volumes_by_key(volumes)
    lines = price_quantities(terms, as_written(terms), counts, LAST).lines
    paid = {(one.line.metric, one.line.segment.days.last): one.amount for one in lines}
    # £2 x (1 + 2 + 6) / 3, £3 x 1 room, £5 x the highest mark
    last = date(2017, 3, 31)
    assert paid == {("Mean", last): 6, ("Rooms", last): 3, ("Last Word", last): 30}


# ------------------------------------------------------------------ a day given from outside

NAMED = compile_source(Source("x.sib", complete(TEXT.replace("MEASURED", "once on Look Day"))))


def test_the_day_may_be_given_from_outside() -> None:
    terms = NAMED.terms(given_settings(NAMED.contract, ["Look Day=2018-02-14"]))
    plain = CONTRACTS["once on 14 February 2018"]
    assert segments(terms) == segments(plain)
    visits = drawn(7)
    with measured(plain, visits, LAST) as one, measured(terms, visits, LAST) as other:
        assert other.quantities == one.quantities


def test_a_day_that_is_not_given_is_asked_for() -> None:
    terms = NAMED.contract
    with pytest.raises(NotGiven) as missing:
        price_quantities(terms, as_written(terms), {}, LAST)
    assert (missing.value.name, missing.value.needed_by) == ("Look Day", "metric Mean: measured once on")


def test_a_day_outside_the_payment_period_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        NAMED.terms(given_settings(NAMED.contract, ["Look Day=2020-04-01"]))
    assert {one.code for one in refused.value.found} == {"SIB0488"}


def test_a_payment_period_that_now_ends_before_is_refused() -> None:
    plain = CONTRACTS["once on 14 February 2018"]
    shorter = evolve(
        plain,
        service=Period(FIRST, date(2017, 4, 1)),
        payment_period=Period(FIRST, date(2017, 4, 1)),
        new_entrants_last=date(2017, 3, 31),
    )
    with pytest.raises(Refused) as refused:
        measured(shorter, [], LAST)
    assert [one.code for one in refused.value.found] == ["SIB0631"]


# ------------------------------------------------------------------ quantities as given


@pytest.mark.parametrize("way", WAYS)
def test_what_is_written_is_read_again(way: str) -> None:
    terms = CONTRACTS[way]
    with measured(terms, drawn(3), LAST) as volumes:
        counts = {key: one for key, one in volumes_by_key(volumes).items() if one}
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "quantities.csv"
        file.write_text(file_text(terms, counts), encoding="utf-8")
        assert read(terms, file) == counts


def test_any_date_of_the_span_will_do(tmp_path: Path) -> None:
    terms = CONTRACTS["in each year"]
    file = tmp_path / "quantities.csv"
    file.write_text("period,metric,band,quantity\n2016-05-07,Mean,,2.5\n", encoding="utf-8")
    assert [(one.segment.days.last, number) for one, number in read(terms, file).items()] == [
        (date(2017, 3, 31), Fraction(5, 2))
    ]
    file.write_text(
        "period,metric,band,quantity\n2016-05-07,Mean,,2.5\n2017-03-31,Mean,,2\n", encoding="utf-8"
    )
    with pytest.raises(Refused) as refused:
        read(terms, file)
    assert [one.code for one in refused.value.found] == ["SIB0705"]


def test_a_date_outside_its_spans_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "quantities.csv"
    file.write_text("period,metric,band,quantity\n2016-05-07,Mean,,2.5\n", encoding="utf-8")
    with pytest.raises(Refused, match="Mean is not measured over days that hold 7 May 2016"):
        read(CONTRACTS["in 2017/18"], file)


@pytest.mark.parametrize(("text", "number"), [("12.5%", Fraction(1, 8)), ("12.5", None), ("0.125", None)])
def test_percentages_carry_their_sign(tmp_path: Path, text: str, number: Fraction | None) -> None:
    share = TEXT.replace("| Mark       | number  ", "| Mark       | percentage")
    terms = compile_source(Source("x.sib", complete(share.replace("MEASURED", "over the contract")))).contract
    file = tmp_path / "quantities.csv"
    file.write_text(f"period,metric,band,quantity\n2016-05-07,Mean,,{text}\n", encoding="utf-8")
    if number is None:
        with pytest.raises(Refused, match="a percentage is expected"):
            read(terms, file)
        return
    (found,) = read(terms, file).items()
    assert found[1] == number
    assert file_text(terms, dict([found])).endswith(f",Mean,,{text}\n")


@pytest.mark.parametrize("way", WAYS)
def test_text_and_json_bring_it_back(way: str) -> None:
    terms = contract(way)
    assert from_json(to_json(terms)) == terms
    assert compile_source(Source("x.sib", show(terms))).contract == terms
    assert whole_term(terms, as_written(terms)) == LAST
