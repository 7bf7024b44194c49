"""Cells in a form that the contract declares: what they stand for, and what is said of those that are not in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sibdsl import csvfile
from sibdsl.compile import compile_source
from sibdsl.measure import Volumes, measure, sqltree, written_forms
from sibdsl.measure.engines.duckdb import DuckDB
from sibdsl.model.from_syntax.people.written_forms import known_forms, known_months, readable_as_both
from sibdsl.model.nodes import Contract, DayNumber, DayWritten, MonthWritten
from sibdsl.model.parameters.in_force import as_written
from sibdsl.source import Source
from tests.measure import forms
from tests.measure.reference import Part

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
  | column    | holds      | blank    | written  |
  | Client ID | person     | rejected | none     |
  | Spent On  | date       | allowed  | {day}    |
  | Amount    | money      | allowed  | {amount} |
  | Share     | percentage | allowed  | {share}  |
  | In Care   | yes or no  | allowed  | {answer} |
end records

cohort Everybody [1]
  rows        Costs
  joins on    Spent On
  if several  earliest Spent On
end cohort

metric Spent [2]
  kind    input
  sums    Amount of Costs
  among   Everybody
  only if  In Care is yes or In Care is blank
  only if  Share is at most 50% or Share is blank
  dated   Spent On
end metric

payment Refund [3]
  payer     Council
  payee     Provider
  pays      Spent
  every     year at the end
  at least  £0 in each year
end payment
"""
HEADINGS = ("Client ID", "Spent On", "Amount", "Share", "In Care")
AS_OF = date(2021, 3, 31)


def contract(day: str = "none", amount: str = "none", share: str = "none", answer: str = "none") -> Contract:
    return compile_source(
        Source("c.sib", TEXT.format(day=day, amount=amount, share=share, answer=answer))
    ).contract


def measured(
    folder: Path, signed: Contract, rows: Sequence[tuple[str, ...]], name: str = "costs.csv"
) -> Volumes:
    if name.endswith(".parquet"):
        forms.write_parquet(folder / name, Part(name, HEADINGS, tuple(rows)))
    else:
        with (folder / name).open("w", encoding="utf-8", newline="") as stream:
            csvfile.write(stream, [HEADINGS, *rows], quoted=True)
    return measure(signed, as_written(signed), folder, AS_OF)


def spent(volumes: Volumes) -> dict[int, Fraction]:
    """What was spent, by the year in which a contract year begins; years of nothing left out."""
    return {one.segment.days.start.year: one.number for one in volumes.quantities if one.number}


def row_of(
    day: str = "2018-12-31", amount: str = "100", share: str = "", answer: str = ""
) -> tuple[str, ...]:
    return ("C1", day, amount, share, answer)


def said(folder: Path, signed: Contract, *rows: tuple[str, ...]) -> list[str]:
    """The reason of each row, '' for one that is counted. A good row stands last, so that the table can be read."""
    with measured(folder, signed, [*rows, row_of("")]) as volumes:
        return [one.reason for one in volumes.rows()][: len(rows)]


# ------------------------------------------------------------------ the same rows in every form


def fixed(number: Fraction, places: int) -> str:
    sign = "-" if number < 0 else ""
    whole, rest = divmod(abs(number) * 10**places, 10**places)
    return f"{sign}{whole}.{int(rest):0{places}}"


def grouped(number: Fraction, group: str, point: str) -> str:
    whole, rest = fixed(abs(number), 2).split(".")
    lots = [whole[max(0, end - 3) : end] for end in range(len(whole), 0, -3)]
    return f"{'-' if number < 0 else ''}{group.join(reversed(lots))}{point}{rest}"


#: By what is declared, how a day is written: each by Python's calendar.
DAYS: dict[str, Callable[[date], str]] = {
    "none": lambda day: day.isoformat(),
    '"31/12/2018"': lambda day: f"{day.day}/{day.month:02}/{day.year}",
    '"12/31/2018"': lambda day: f"{day.month}/{day.day}/{day.year}",
    '"31.12.2018"': lambda day: day.strftime("%d.%m.%Y"),
    '"31-Dec-2018"': lambda day: day.strftime("%d-%b-%Y"),
    '"31 December 2018"': lambda day: day.strftime("%d %B %Y"),
    '"December 31, 2018"': lambda day: day.strftime("%B %d, %Y").upper(),
    '"20181231"': lambda day: day.strftime("%Y%m%d"),
    '"31/12/18"': lambda day: day.strftime("%d/%m/%y"),
    '"2018-12-31 00:00:00"': lambda day: day.strftime("%Y-%m-%d 23:59:59"),
    '"31/12/2018 00:00"': lambda day: day.strftime("%d/%m/%Y 9:30"),
    '"43465"': lambda day: str((day - date(1899, 12, 30)).days),
    '"42003"': lambda day: f"{(day - date(1904, 1, 1)).days}.75",
    '"31/12/2018" or "2018-12-31"': lambda day: day.isoformat() if day.day % 2 else day.strftime("%d/%m/%Y"),
}
AMOUNTS: dict[str, Callable[[Fraction], str]] = {
    "none": lambda number: fixed(number, 2),
    '"1234,5"': lambda number: fixed(number, 2).replace(".", ","),
    '"1.234,5"': lambda number: grouped(number, ".", ","),
    '"1,234.5"': lambda number: grouped(number, ",", "."),
    '"1 234,50"': lambda number: grouped(number, "\u00a0", ","),
    '"£1,234.50"': lambda number: (
        grouped(number, ",", ".").replace("-", "-£", 1) if number < 0 else f"£{grouped(number, ',', '.')}"
    ),
    '"1.234,50 GBP"': lambda number: f"{grouped(number, '.', ',')} GBP",
}
SHARES: dict[str, Callable[[Fraction], str]] = {
    "none": lambda share: f"{fixed(share * 100, 2)}%",
    '"12,5%"': lambda share: f"{fixed(share * 100, 2)} %".replace(".", ","),
    '"12.5"': lambda share: fixed(share * 100, 2),
    '"0.125"': lambda share: fixed(share, 4),
    '"0,125"': lambda share: fixed(share, 4).replace(".", ","),
}
ANSWERS: dict[str, tuple[str, str]] = {
    "none": ("yes", "no"),
    '"Y", "N"': ("Y", "N"),
    '"1", "0"': ("1", "0"),
    '"In care", "Not (yet)"': ("In care", "Not (yet)"),
    '"no", "yes"': ("no", "yes"),
}

ROW = st.tuples(
    st.dates(date(2017, 1, 1), date(2021, 12, 31)),
    st.one_of(st.none(), st.integers(-(10**8), 10**10)),
    st.one_of(st.none(), st.integers(0, 10_000)),
    st.sampled_from((None, True, False)),
)


@forms.hypothesis(Fraction(1, 2))
@given(
    st.lists(ROW, min_size=1, max_size=8),
    st.sampled_from(sorted(DAYS)),
    st.sampled_from(sorted(AMOUNTS)),
    st.sampled_from(sorted(SHARES)),
    st.sampled_from(sorted(ANSWERS)),
    st.sampled_from(("costs.csv", "costs.parquet")),
)
def test_the_same_rows_give_the_same_whatever_their_form(
    rows: list[tuple[date, int | None, int | None, bool | None]],
    day: str,
    amount: str,
    share: str,
    answer: str,
    name: str,
) -> None:
    whole: dict[int, Fraction] = {}
    written: list[tuple[str, ...]] = []
    for at, (when, pennies, hundredths, care) in enumerate(rows):
        cells = (
            f"C{at}",
            DAYS[day](when),
            "" if pennies is None else AMOUNTS[amount](Fraction(pennies, 100)),
            "" if hundredths is None else SHARES[share](Fraction(hundredths, 10_000)),
            "" if care is None else ANSWERS[answer][0 if care else 1],
        )
        written.append(cells)
        counts = date(2017, 4, 1) <= when <= AS_OF and pennies is not None
        if counts and care is not False and (hundredths or 0) <= 5_000:
            assert pennies is not None
            year = when.year if (when.month, when.day) >= (4, 1) else when.year - 1
            whole[year] = whole.get(year, Fraction(0)) + Fraction(pennies, 100)
    signed = contract(day, amount, share, answer)
    with TemporaryDirectory() as folder, measured(Path(folder), signed, written, name) as volumes:
        assert volumes.accounts["Costs"].rejected == 0
        assert spent(volumes) == {year: number for year, number in whole.items() if number}


@pytest.mark.parametrize(
    ("declared", "cell", "day"),
    [
        ('"31/12/2018"', "1/4/2018", date(2018, 4, 1)),
        ('"31/12/2018"', "29/02/2020", date(2020, 2, 29)),
        ('"31/12/18"', "1/1/49", date(2049, 1, 1)),
        ('"31/12/18"', "31/12/50", date(1950, 12, 31)),
        ('"31-Dec-2018"', "1-SEPT-2018", date(2018, 9, 1)),
        ('"31-Dec-2018"', "1-september-2018", date(2018, 9, 1)),
        ('"2018-12-31 00:00:00"', "2018-12-31", date(2018, 12, 31)),
        ('"31/12/2018 00:00"', "31/12/2018 23:59", date(2018, 12, 31)),
        ('"43465"', "1", date(1900, 1, 1)),
        ('"43465"', "59", date(1900, 2, 28)),
        ('"43465"', "61", date(1900, 3, 1)),
        ('"43465"', "46338", date(2026, 11, 12)),
        ('"43465"', "43465.999", date(2018, 12, 31)),
        ('"43465"', "2958465", date(9999, 12, 31)),
        ('"42003"', "0", date(1904, 1, 1)),
    ],
)
def test_days_as_they_are_written(declared: str, cell: str, day: date) -> None:
    form = known_forms("date")[declared.strip('"')]
    assert isinstance(form, DayWritten | DayNumber)
    with DuckDB() as engine:
        found = engine.fetch(sqltree.query([written_forms.day(form, sqltree.text(cell))]))
    assert found == [(day,)]


def test_the_order_of_day_and_month_is_that_of_the_example(tmp_path: Path) -> None:
    for declared, year in (('"31/12/2018"', 2018), ('"12/31/2018"', 2017)):
        with measured(tmp_path, contract(day=declared), [row_of("1/4/2018"), row_of("4/1/2019")]) as volumes:
            # 1 April 2018 and 4 January 2019, or 4 January 2018 and 1 April 2019.
            assert spent(volumes) == ({2018: 200} if year == 2018 else {2017: 100, 2019: 100})


def test_a_point_is_what_the_example_says(tmp_path: Path) -> None:
    for declared, number in (("none", Fraction("1.234")), ('"1.234,5"', Fraction(1234))):
        with measured(tmp_path, contract(amount=declared), [row_of(amount="1.234")]) as volumes:
            assert spent(volumes) == {2018: number}


def test_a_month_is_the_day_that_is_said(tmp_path: Path) -> None:
    rows = [row_of("3/2019"), row_of("04/2019")]
    for which in ("first", "last"):
        with measured(tmp_path, contract(day=f'"12/2018", the {which} day'), rows) as volumes:
            days = sorted(claim.day for claim in volumes.claims(stated_only=False))
        assert days == (
            [date(2019, 3, 1), date(2019, 4, 1)]
            if which == "first"
            else [date(2019, 3, 31), date(2019, 4, 30)]
        )


def test_a_share_is_what_the_example_says(tmp_path: Path) -> None:
    rows = [row_of(share="12.5"), row_of(share="0.4", amount="7")]
    for declared, number in (('"12.5"', 107), ('"0.125"', 7)):
        with measured(tmp_path, contract(share=declared), rows) as volumes:
            assert spent(volumes) == {2018: number}


# ------------------------------------------------------------------ cells that are not in the form


@pytest.mark.parametrize(
    ("declared", "cell", "reason"),
    [
        ('"31/12/2018"', "2018-12-31", "it must be a date written like 31/12/2018, as the contract says"),
        ('"31/12/2018"', "12/31/2018", "there is no such day"),
        ('"31/12/2018"', "29/2/2019", "there is no such day"),
        ('"31/12/2018"', "31/12/18", "it must be a date written like 31/12/2018, as the contract says"),
        ('"31/12/2018"', "31/12/2018 00:00", "it must be a date written like 31/12/2018, as the contract says"),
        ('"31/12/2018"', "31/12/0000", "there is no such day"),
        ('"2018-12-31 00:00:00"', "2018-12-31T23:30:00Z", "it must be a date written like 2018-12-31 00:00, as the contract says"),
        ('"20181231"', "2018131", "it must be a date written like 20181231, as the contract says"),
        ('"31/12/18"', "29/2/50", "there is no such day"),
        ('"43465"', "60", "a spreadsheet has this number for 29 February 1900, a day that there never was"),
        ('"43465"', "60.5", "a spreadsheet has this number for 29 February 1900, a day that there never was"),
        ('"43465"', "0", "there is no such day"),
        ('"43465"', "2958466", "there is no such day"),
        ('"43465"', "-5", "it must be a spreadsheet's day number such as 43465, as the contract says"),
        ('"43465"', "20181231", "it must be a spreadsheet's day number such as 43465, as the contract says"),
        ('"12/2018", the last day', "13/2018", "there is no such day"),
        ('"12/2018", the last day', "31/12/2018", "it must be a month written like 12/2018, as the contract says"),
        ('"31/12/2018" or "43465"', "12/31/2018", "there is no such day"),
        ('"31/12/2018" or "43465"', "soon", "it must be a date written like 31/12/2018 or 43465, as the contract says"),
        ('"31/12/2018"', "", ""),
    ],
)  # fmt: skip
def test_days_that_are_none(tmp_path: Path, declared: str, cell: str, reason: str) -> None:
    (found,) = said(tmp_path, contract(day=declared), row_of(cell))
    assert found == (f"Spent On is {cell}: {reason}" if cell else "Spent On is blank, so the row has no date")


@pytest.mark.parametrize(
    ("declared", "cell", "reason"),
    [
        ('"1.234,5"', "1.5", "it must be a number written like 1.234,5, as the contract says"),
        ('"1.234,5"', "1,234.50", "it must be a number written like 1.234,5, as the contract says"),
        ('"1,234.5"', "12,34", "it must be a number written like 1,234.5, as the contract says"),
        ('"1234,5"', "1.234", "it must be a number written like 1234,5, as the contract says"),
        ('"£1,234.50"', "€5", "it must be a number written like £1,234.5, as the contract says"),
        ('"£1,234.50"', "(5.00)", "it must be a number written like £1,234.5, as the contract says"),
        ('"1,234.5"', "£5", "it must be a number written like 1,234.5, as the contract says"),
        (
            '"1234,5"',
            "1,0000000001",
            "a number has at most 18 digits before the point and 9 after it; a spreadsheet's ROUND gives fewer",
        ),
        (
            '"1234,5"',
            "1" * 19,
            "a number has at most 18 digits before the point and 9 after it; a spreadsheet's ROUND gives fewer",
        ),
    ],
)
def test_a_cell_in_another_form_is_invalid(tmp_path: Path, declared: str, cell: str, reason: str) -> None:
    assert said(tmp_path, contract(amount=declared), row_of("2018-12-31", cell)) == [
        f"Amount is {cell}: {reason}"
    ]


@pytest.mark.parametrize("cell", ["y", "yes", "YES", "N/A"])
def test_other_words_are_neither(tmp_path: Path, cell: str) -> None:
    (found,) = said(tmp_path, contract(answer='"Y", "N"'), row_of(answer=cell))
    assert found == f"In Care is {cell}: it must be Y or N, as the contract says"


def test_a_form_is_none_of_a_column_that_has_its_type(tmp_path: Path) -> None:
    part = Part("costs.parquet", HEADINGS, (("C1", "2018-12-31", "1.5", "0.4", "true"),))
    types = {"Spent On": "DATE", "Amount": "DOUBLE", "Share": "DOUBLE", "In Care": "BOOLEAN"}
    forms.write_parquet(tmp_path / "costs.parquet", part, types)
    signed = contract('"31/12/2018"', '"1.234,5"', '"0.125"', '"Y", "N"')
    with measure(signed, as_written(signed), tmp_path, AS_OF) as volumes:
        assert spent(volumes) == {2018: Fraction(3, 2)}


def test_whole_numbers_are_whole_in_every_form(tmp_path: Path) -> None:
    text = TEXT.replace("money      | allowed", "count      | allowed").replace(
        "pays      Spent", "pays      £1 times Spent"
    )
    signed = compile_source(
        Source("c.sib", text.format(day="none", amount='"1.234"', share="none", answer="none"))
    ).contract
    assert said(tmp_path, signed, row_of(amount="1.234"), row_of(amount="1.234,5"), row_of(amount="-1")) == [
        "",
        "Amount is 1.234,5: it must be a whole number",
        "Amount is -1: it must be at least 0",
    ]


# ------------------------------------------------------------------ forms together


def days_by_form() -> dict[DayWritten | DayNumber | MonthWritten, str]:
    """Every form of a day or a month, with what would declare it."""
    every = [*known_forms("date").values(), *known_months("first").values(), *known_months("last").values()]
    return {form: form.example for form in every if isinstance(form, DayWritten | DayNumber | MonthWritten)}


def test_forms_stand_together_only_where_no_text_means_two_things() -> None:
    every = list(days_by_form())
    days = [
        date(2018, 12, 31),
        date(1912, 11, 10),
        date(2001, 2, 3),
        date(2012, 12, 12),
        date(2020, 10, 20),
        date(1950, 5, 1),
        date(1112, 12, 10),
    ]
    texts = sorted({text for form in every for day in days for text in as_texts(form, day)})
    columns = [written_forms.day(form, sqltree.col("t", "text")) for form in every]
    with DuckDB() as engine:
        found = engine.fetch(sqltree.query(columns, sqltree.listed(texts, "t", "text")))
    assert len(found) == len(texts)
    read = list(zip(*found, strict=True))
    for (one, mine), (other, theirs) in combinations(zip(every, read, strict=True), 2):
        apart = [
            (text, a, b)
            for text, a, b in zip(texts, mine, theirs, strict=True)
            if None not in (a, b) and a != b
        ]
        assert readable_as_both(one, other) == readable_as_both(other, one) == bool(apart), (
            one,
            other,
            apart[:2],
        )


def as_texts(form: DayWritten | DayNumber | MonthWritten, day: date) -> list[str]:
    if isinstance(form, DayNumber):
        return [str(number) for number in (1, 181231, 201812, 122018, 1218, 1812, 43465)] + [
            "12.2018",
            "2018.12",
        ]
    month = day.strftime("%b") if form.named else f"{day.month:02}"
    parts = {
        "day": f"{day.day:02}",
        "month": month,
        "year": str(day.year) if form.year_digits == 4 else f"{day.year % 100:02}",
    }
    text = form.between.join(parts[part] for part in form.order.split(" "))
    return [text, f"{text} 10:30"] if isinstance(form, DayWritten) and form.timed else [text]
