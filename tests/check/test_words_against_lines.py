"""What a clause's words say against its lines: figures, labels, clauses cited."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sibdsl.check.figures_in_words import figures_in
from tests.check.marked import codes, found, only

ONES = [
    "nought",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = ["-", "-", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def in_words(number: int) -> str:
    """A number from 1 to 999,999 as people write it."""
    if number >= 1000:
        rest = in_words(number % 1000) if number % 1000 else ""
        joint = " and " if rest and number % 1000 < 100 else " " if rest else ""
        return f"{in_words(number // 1000)} thousand{joint}{rest}"
    if number >= 100:
        rest = in_words(number % 100) if number % 100 else ""
        return f"{ONES[number // 100]} hundred" + (f" and {rest}" if rest else "")
    if number >= 20:
        return TENS[number // 10] + (f"-{ONES[number % 10]}" if number % 10 else "")
    return ONES[number]


@given(st.integers(1, 999_999))
def test_a_number_in_words_is_that_number(number: int) -> None:
    for text in (f"they pay {in_words(number)} pounds", f"they pay £{number:,} for each"):
        (figure,) = figures_in(text)
        assert (figure.sort, figure.value) == ("money", Fraction(number))


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("a job held for six weeks", [("length", ("days", 42))]),
        ("a thirteen-week job", [("length", ("days", 91))]),
        ("12 months or one year", [("length", ("months", 12)), ("length", ("months", 12))]),
        ("38% or 38 per cent", [("percentage", Fraction(38, 100))] * 2),
        ("£1.3m and £250k", [("money", Fraction(1_300_000)), ("money", Fraction(250_000))]),
        ("aged 16 to 24, at most 16 hours", [("hours", Fraction(16))]),
        ("in the first five years", []),
        ("19 year olds of clause 4.1", []),
        ("400 young people", [("people", Fraction(400))]),
        ("on 31 February 2026", []),
    ],
)
def test_what_is_a_figure(words: str, read: list[tuple[str, object]]) -> None:
    assert [(figure.sort, figure.value) for figure in figures_in(words)] == read


FEE = (
    'payment {} [5.1] "{}"\n  payer Council\n  payee Charity\n  for each Job Entry\n  pays {}\nend payment\n'
)


@pytest.mark.parametrize(
    ("name", "words", "pays", "told"),
    [
        ("Job Fee", "£700 for each", "£770", True),
        ("Job Fee", "£770 for each, not £700", "£770", False),
        ("Job Fee", "more than £700", "£770", False),
        ("Job Fee", "seven hundred pounds (£770)", "£700", True),
        ("Job Fee", "seven hundred pounds (£700)", "£700", False),
        ("Job Fee", "for each job held for six weeks", "£700", False),
        ("Job Fee", "for each job held for 26 weeks", "£700", True),
        ("Forty Pound Fee", "for each", "£70", True),
        ("Forty Pound Fee", "for each", "£40", False),
    ],
)
def test_words_and_names_against_lines(name: str, words: str, pays: str, told: bool) -> None:
    all_found = [one.code for one in found(FEE.format(name, words, pays))]
    assert ("SIB0871" in all_found) == told


def test_the_line_is_shown() -> None:
    one = only("SIB0871", FEE.format("Job Fee", "£700 for each", "«£770»"))
    assert one.message.startswith("The words of Job Fee say £700, and its lines say £770.")


def test_words_say_the_sum_of_a_table() -> None:
    table = 'payment Job Fee "£{} in all"\n  payer Council\n  payee Charity\n  | for each | band | pays |\n  | Job Entry | Under 16 | £700 |\n  | Job Entry | From 16 | £1,350 |\nend payment\n'
    assert codes(table.format("2,050")) == []
    assert codes(table.format("2,150")) == ["W0871"]


CAP = 'cap {} [{}] "{}"\n  covers payments from Council\n  at most £{} over the contract\n  excess lost\nend cap\n'


def test_labels() -> None:
    fee = FEE.format("Job Fee", "for each", "£700")
    assert codes(fee + CAP.format("Ceiling", "5.1", "in all", "90,000")) == ["W0872"]
    assert codes(fee + CAP.format("Ceiling", "5.2", "in all", "90,000")) == []
    assert codes(fee.replace("5.1", "5") + CAP.format("Ceiling", "5", "in all", "90,000")) == []


def test_clauses_cited() -> None:
    fee = FEE.format("Job Fee", "within clause {}", "£700")
    cap = CAP.format("Ceiling", "6.2", "in all", "90,000")
    assert codes(fee.format("6.2") + cap) == []
    assert codes(fee.format("6") + cap) == []
    assert codes(fee.format("7") + cap) == ["W0873"]
    assert codes(CAP.format("Ceiling", "", "see clause 9", "90,000").replace("[] ", "")) == []
