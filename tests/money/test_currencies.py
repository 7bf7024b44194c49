"""Every currency of the list: what is printed is read again as the same amount, wherever amounts are read."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygments.token import Number

from sibdsl.cli.app import run as sib
from sibdsl.compile import compile_source
from sibdsl.currencies import AMOUNT, BY_SIGN, CURRENCIES, UNUSABLE, Currency, parted
from sibdsl.diagnostics import Refused
from sibdsl.model.parameters.by_key import read_number
from sibdsl.money import currency, grain_name, in_digits, parse, show, show_exact, show_short, split
from sibdsl.render.lexer import SibLexer
from sibdsl.source import Source
from sibdsl.syntax.parser import words
from sibdsl.syntax.standard_layout import format_text

EVERY = st.sampled_from(sorted(CURRENCIES.values(), key=lambda one: one.code))
#: With a sign of one character, of two, and codes of 2, 0, 3 and 4 places.
SAMPLE = ("GBP", "AUD", "CHF", "JPY", "KWD", "UYW")


def contract(code: str, *, fee: str = "", rounding: str = "minor unit", more: str = "") -> str:
    prefix = currency(code).prefix
    return f"""contract Small
  service period  1 April 2026 to 31 March 2028
  payment period  1 April 2026 to 31 March 2028
  currency        {code}
  years           begin 1 April
  statements      quarterly
  rounding        each line, half up, to the {rounding}
end contract

parties
  | party    | role            |
  | Council  | commissioner    |
  | Fund     | co-commissioner |
  | Provider | provider        |
end parties

particulars
  | particular | holds | default |
  | Rate       | money | {prefix}100 |
end particulars

records Jobs
  one row per  Job
  | column     | holds      | blank    | must be             |
  | Job ID     | identifier | rejected | any                 |
  | Started On | date       | rejected | any                 |
  | Cost       | money      | rejected | at least {prefix}0 |
end records

metric Start
  kind    output
  counts  rows of Jobs
  dated   Started On
end metric

metric Spent
  kind    output
  sums    Cost of Jobs
  dated   Started On
end metric

payment Fee
  payer     1/3 Council, the rest Fund
  payee     Provider
  for each  Start
  pays      {fee or "Rate"}
end payment
{more}
"""


def amounts(own: Currency, units: int) -> Fraction:
    return units * own.minor_unit


# ------------------------------------------------------------------ the list


def test_each_sign_stands_for_one_currency_and_none_is_read_as_the_beginning_of_another() -> None:
    signed = [one for one in CURRENCIES.values() if one.sign]
    assert len(signed) == len(BY_SIGN)
    for one in CURRENCIES.values():
        assert parted(f"{one.prefix}7") == (one, "7")


@pytest.mark.parametrize(
    ("code", "places"), [("GBP", 2), ("JPY", 0), ("KRW", 0), ("BHD", 3), ("KWD", 3), ("CLF", 4)]
)
def test_places_are_those_of_the_list(code: str, places: int) -> None:
    assert CURRENCIES[code].places == places
    assert CURRENCIES[code].minor_unit == Fraction(1, 10**places)


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("GBP", "-£7,000.50"), ("USD", "-$7,000.50"), ("EUR", "-€7,000.50"), ("AUD", "-A$7,000.50"), ("CHF", "-CHF 7,000.50"),
        ("JPY", "about -JPY 7,000"), ("KWD", "-KWD 7,000.500"), ("INR", "-₹7,000.50"),
    ],
)  # fmt: skip
def test_amounts_have_the_places_of_their_currency(code: str, written: str) -> None:
    assert show(Fraction("-7000.5"), code) == written


def test_short_and_exact_amounts_have_no_empty_places() -> None:
    assert [show_short(Fraction(7000), code) for code in SAMPLE] == [
        "£7,000", "A$7,000", "CHF 7,000", "JPY 7,000", "KWD 7,000", "UYW 7,000",
    ]  # fmt: skip
    assert show_short(Fraction(1000), "JPY") == "JPY 1,000"
    assert show_exact(Fraction("0.5"), "KWD") == "KWD 0.500"
    assert show_exact(Fraction("0.5"), "JPY") == "JPY 0.5"


def test_an_exact_amount_below_nought_keeps_its_sign_before_the_currency() -> None:
    below = [Fraction("-0.5"), Fraction("-1350"), Fraction("-1234.5"), Fraction("-0.125"), Fraction(-100, 3)]
    assert [show_exact(amount, "GBP") for amount in below] == [
        "-£0.50", "-£1,350", "-£1,234.50", "-£0.125", "-£100/3",
    ]  # fmt: skip
    assert show_exact(Fraction("-0.5"), "CHF") == "-CHF 0.50"


def test_amounts_in_json_have_the_places_of_their_currency() -> None:
    assert [in_digits(Fraction("0.5"), code) for code in SAMPLE] == [
        "0.50",
        "0.50",
        "0.50",
        "0.5",
        "0.500",
        "0.5000",
    ]
    assert in_digits(Fraction(1, 3), "CHF") == "1/3"


@pytest.mark.parametrize(
    ("code", "size", "name"),
    [("GBP", "0.01", "penny"), ("AUD", "0.01", "cent"), ("AUD", "1", "dollar"), ("CHF", "0.01", "minor unit"), ("JPY", "1", "minor unit"),
     ("KWD", "0.001", "minor unit"), ("KWD", "1", "KWD 1.000")],
)  # fmt: skip
def test_what_is_rounded_to_is_named(code: str, size: str, name: str) -> None:
    assert grain_name(Fraction(size), code) == name


# ------------------------------------------------------------------ printed and read again


@given(EVERY, st.integers(0, 10**13))
def test_an_amount_that_is_shown_is_read_as_the_same_amount(own: Currency, units: int) -> None:
    amount = amounts(own, units)
    for said in (show(amount, own.code), show_short(amount, own.code), show_exact(amount, own.code)):
        assert parse(said) == amount
        assert parse(in_digits(amount, own.code)) == amount
        (word,) = words(said)
        assert (word.type, str(word)) == ("MONEY", said)
        assert [token for token in SibLexer().get_tokens(f"  pays  {said}") if token[0] is Number] == [
            (Number, said)
        ]


@given(EVERY, EVERY, st.integers(-(10**13), 10**13))
def test_settings_take_an_amount_with_its_own_sign_or_none(
    own: Currency, other: Currency, units: int
) -> None:
    amount = amounts(own, units)
    assert read_number(show(amount, own.code), "money", own) == amount
    assert read_number(in_digits(amount, own.code), "money", own) == amount
    assert read_number(show(amount, own.code), "number", own) is None
    if other != own:
        assert read_number(show(amount, other.code).removeprefix("about "), "money", own) is None


@pytest.mark.parametrize("code", sorted(CURRENCIES))
def test_a_contract_in_any_currency_is_laid_out_and_read_as_the_same_contract(code: str) -> None:
    text = contract(code, fee=f"{currency(code).prefix}7000.5")
    laid_out = format_text(Source("c.sib", text))
    assert f"{currency(code).prefix}7,000.5\n" in laid_out
    assert format_text(Source("c.sib", laid_out)) == laid_out
    assert (
        compile_source(Source("c.sib", text)).contract == compile_source(Source("c.sib", laid_out)).contract
    )


@pytest.mark.parametrize("name", ["TOP 10 Percent Plan", "Beat CHF 100", "ALL 18-Year Olds", "TOP 10B"])
def test_names_with_capitals_and_figures_are_names_still(name: str) -> None:
    kinds = [word.type for word in words(name)]
    if name == "TOP 10 Percent Plan":  # the code of the Tongan pa'anga and figures: an amount, and loudly so
        assert kinds == ["MONEY", "NAME"]
    else:
        assert kinds == ["NAME"]


# ------------------------------------------------------------------ paid


@given(EVERY, st.integers(1, 10**9), st.lists(st.integers(1, 100), min_size=1, max_size=6))
def test_a_sum_is_shared_in_whole_minor_units_without_loss(
    own: Currency, units: int, weights: list[int]
) -> None:
    total = amounts(own, units)
    parts = split(total, [Fraction(one) for one in weights], own.minor_unit)
    assert sum(parts) == total
    assert all((part / own.minor_unit).denominator == 1 for part in parts)


@pytest.mark.parametrize("code", SAMPLE)
def test_what_is_paid_from_records_is_in_whole_minor_units_and_adds_up(
    code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = currency(code)
    file, folder = tmp_path / "small.sib", tmp_path / "records"
    folder.mkdir()
    file.write_text(contract(code), encoding="utf-8")
    (folder / "jobs.csv").write_text(
        "Job ID,Started On,Cost\nA,2026-04-01,1.5\nB,2026-05-01,2\n", encoding="utf-8"
    )
    rate = f"{own.prefix}{'1,001' if own.places == 0 else '1,000.1'}"
    paid = ["pay", str(file), "--records", str(folder), "--as-of", "2026-06-30", "--set", f"Rate={rate}"]
    assert sib([*paid, "--format", "json", "--lines"]) == 0
    found = json.loads(capsys.readouterr().out)
    total = 2 * parse(rate)
    shares = [Fraction(line["amount"]) for line in found["lines"]]
    assert sum(shares) == total
    assert shares == list(split(total, [Fraction(1), Fraction(2)], own.minor_unit))
    assert all(len(line["amount"].partition(".")[2]) == own.places for line in found["lines"])
    assert sib(paid) == 0
    assert f"in all {show(total, code):>32}" in capsys.readouterr().out.replace("  ", "  ")


def test_a_quantity_of_money_may_have_the_code_before_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, quantities = tmp_path / "small.sib", tmp_path / "quantities.csv"
    file.write_text(contract("CHF", more="""
payment Costs
  payer     Council
  payee     Provider
  for each  Spent
  pays      CHF 1
end payment
"""), encoding="utf-8")  # fmt: skip
    quantities.write_text('period,metric,band,quantity\n2026-04-01,Spent,,"CHF 7,000.50"\n', encoding="utf-8")
    code = sib(["price", str(file), "--quantities", str(quantities), "--format", "json"])
    printed = capsys.readouterr()
    assert code == 0, printed.err
    assert json.loads(printed.out)["totals"][0]["amount"] == "7000.50"


# ------------------------------------------------------------------ refused


def refused(text: str) -> list[tuple[str, str, str]]:
    with pytest.raises(Refused) as told:
        compile_source(Source("c.sib", text))
    return [(one.code, one.message, one.help) for one in told.value.found]


@pytest.mark.parametrize("code", sorted(UNUSABLE))
def test_codes_that_nothing_can_be_paid_in_are_refused_where_they_stand(code: str) -> None:
    found = refused(contract("CHF").replace("currency        CHF", f"currency        {code}"))
    assert [one[0] for one in found] == ["SIB0418"]
    now = UNUSABLE[code].now
    assert (f"{now} ({CURRENCIES[now].name}) stands in its place" if now else "no minor unit") in found[0][1]


@pytest.mark.parametrize(("wrong", "meant"), [("GPB", "GBP"), ("CFH", "CHF"), ("USS", "USD"), ("Yen", "JPY")])
def test_a_code_like_another_is_told_which(wrong: str, meant: str) -> None:
    (found,) = refused(contract("CHF").replace("currency        CHF", f"currency        {wrong}"))
    assert found[::2] == ("SIB0418", f"Did you mean {meant}?")


@pytest.mark.parametrize("code", ["GBP", "AUD", "CHF"])
@pytest.mark.parametrize("other", ["£", "$", "JPY ", "DEM ", "XAU "])
def test_an_amount_in_another_currency_is_refused(code: str, other: str) -> None:
    own = currency(code)
    if other == own.prefix:
        return
    (found,) = refused(contract(code, fee=f"{other}7,000.50"))
    assert found[0] == "SIB0435"
    assert found[1] == f"{other}7,000.50 is not in the contract's currency, {code}."
    assert found[2].startswith(f"Write {own.prefix}7,000.50, or change")


def test_a_dollar_is_the_united_states_dollar_whatever_the_contract() -> None:
    (found,) = refused(contract("AUD", fee="$7,000"))
    assert "`A$` is AUD; `$` alone is USD." in found[2]


@pytest.mark.parametrize("word", ["penny", "cent"])
@pytest.mark.parametrize("code", ["JPY", "KWD", "UYW"])
def test_nothing_is_rounded_to_hundredths_where_the_minor_unit_is_another(code: str, word: str) -> None:
    (found,) = refused(contract(code, rounding=word))
    assert found[0] == "SIB0549"
    assert "minor unit" in found[2]


def test_an_amount_with_its_code_elsewhere_is_told_how_to_write_it() -> None:
    for wrong in ("7,000 CHF", "CHF7,000", "CHF  7,000"):
        (found,) = refused(contract("CHF", fee=wrong))
        assert (found[0], found[2]) == ("SIB0206", "Write `CHF 7,000`.")


def test_the_pattern_of_an_amount_is_the_grammar_s() -> None:
    assert "CHF" in AMOUNT
    assert "GBP" not in AMOUNT
