"""Exact amounts: reading, rounding, splitting, showing."""

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sibdsl.money import Way, number, parse, plain, round_to, show, split

PENNY, POUND = Fraction(1, 100), Fraction(1)
DECIMAL: dict[Way, str] = {
    "half up": ROUND_HALF_UP,
    "half even": ROUND_HALF_EVEN,
    "up": ROUND_UP,
    "down": ROUND_DOWN,
}

# ------------------------------------------------------------------ reading


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", Fraction(0)),
        ("1,234.50", Fraction(12345, 10)),
        ("£1,350", Fraction(1350)),
        ("$0.005", Fraction(1, 200)),
        ("986,959", Fraction(986_959)),
        ("0.1", Fraction(1, 10)),
    ],
)
def test_parse(text: str, value: Fraction) -> None:
    assert parse(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "£",
        "-",
        "-5",
        ".",
        "1.2.3",
        "--5",
        "1e5",
        "5%",
        "1/3",
        "five",
        "\u0663",
        "\uff11",
        "½",
        "²",
        "NaN",
    ],
)
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - it says the text and no more
        parse(text)


# ------------------------------------------------------------------ rounding


@pytest.mark.parametrize(
    ("amount", "way", "rounded"),
    [
        ("0.005", "half up", "0.01"),
        ("-0.005", "half up", "-0.01"),
        ("0.0049", "half up", "0"),
        ("2.675", "half up", "2.68"),  # 2.67 in binary floating point
        ("0.125", "half even", "0.12"),
        ("0.135", "half even", "0.14"),
        ("-0.125", "half even", "-0.12"),
        ("0.001", "up", "0.01"),
        ("-0.001", "up", "-0.01"),
        ("0.019", "down", "0.01"),
        ("-0.019", "down", "-0.01"),
        ("0.02", "up", "0.02"),
    ],
)
def test_rounding_to_the_penny(amount: str, way: Way, rounded: str) -> None:
    assert round_to(Fraction(amount), PENNY, way) == Fraction(rounded)


def test_rounding_to_the_pound() -> None:
    assert [round_to(Fraction(one), POUND, "half up") for one in ("0.5", "1.49", "-0.5", "-1.5")] == [
        1,
        1,
        -1,
        -2,
    ]


@given(st.integers(-(10**9), 10**9), st.sampled_from(list(DECIMAL)))
def test_rounding_is_that_of_the_decimal_standard(thousandths: int, way: Way) -> None:
    wanted = (Decimal(thousandths) / 1000).quantize(Decimal("0.01"), rounding=DECIMAL[way])
    assert round_to(Fraction(thousandths, 1000), PENNY, way) == Fraction(wanted)


@given(st.fractions(), st.sampled_from(list(DECIMAL)))
def test_rounding_moves_less_than_a_grain(amount: Fraction, way: Way) -> None:
    found = round_to(amount, PENNY, way)
    assert (found / PENNY).denominator == 1
    assert abs(found - amount) < PENNY
    assert round_to(-amount, PENNY, way) == -found
    assert round_to(found, PENNY, way) == found
    if way.startswith("half"):
        assert abs(found - amount) <= PENNY / 2


# ------------------------------------------------------------------ splitting


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        ("1", ("1", "1", "1"), ("0.34", "0.33", "0.33")),
        ("0.02", ("1", "1", "1"), ("0.01", "0.01", "0")),
        ("10", ("2", "1"), ("6.67", "3.33")),
        ("10", ("1", "2"), ("3.33", "6.67")),
        ("0.01", ("5", "0", "5"), ("0.01", "0", "0")),
        ("0", ("0", "0"), ("0", "0")),
        ("5", ("5",), ("5",)),
        ("100", ("33.33", "33.33", "33.34"), ("33.33", "33.33", "33.34")),
    ],
)
def test_splitting(total: str, weights: tuple[str, ...], parts: tuple[str, ...]) -> None:
    found = split(Fraction(total), [Fraction(one) for one in weights], PENNY)
    assert found == tuple(Fraction(one) for one in parts)


@pytest.mark.parametrize("weights", [[], [Fraction(0)]])
def test_nothing_to_split_by(weights: list[Fraction]) -> None:
    with pytest.raises(ValueError, match="nothing to share the amount by"):
        split(Fraction(1), weights, PENNY)


PENNIES = st.integers(0, 10**7).map(lambda pence: Fraction(pence, 100))


@given(st.lists(PENNIES, min_size=1, max_size=8), PENNIES)
def test_splitting_loses_no_penny(weights: list[Fraction], total: Fraction) -> None:
    whole = sum(weights)
    if not whole:
        return
    parts = split(total, weights, PENNY)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - total * weight / whole) < PENNY
        assert total > whole or part <= weight
        assert weight or not part
    pairs = list(zip(weights, parts, strict=True))
    for at, (weight, part) in enumerate(pairs):
        for other, later in pairs[at + 1 :]:
            assert weight < other or part >= later  # alike, the earlier comes first
            assert weight > other or part <= later or weight == other


@given(st.lists(PENNIES, min_size=1, max_size=6))
def test_splitting_the_whole_gives_each_its_own(weights: list[Fraction]) -> None:
    assert split(sum(weights, Fraction(0)), weights, PENNY) == tuple(weights)


# ------------------------------------------------------------------ showing


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        ("1234.5", "GBP", "£1,234.50"),
        ("-5", "GBP", "-£5.00"),
        ("0", "EUR", "€0.00"),
        ("1/3", "GBP", "about £0.33"),
        ("-1/3", "USD", "about -$0.33"),
        ("986959", "GBP", "£986,959.00"),
        ("5", "CHF", "CHF 5.00"),
    ],
)
def test_show(amount: str, currency: str, shown: str) -> None:
    assert show(Fraction(amount), currency) == shown


@pytest.mark.parametrize(
    ("amount", "places", "shown"),
    [
        ("-1234.5", 2, "-1234.50"),
        ("0", 2, "0.00"),
        ("7", 0, "7"),
        ("0.05", 2, "0.05"),
        ("-0.05", 3, "-0.050"),
    ],
)
def test_plain(amount: str, places: int, shown: str) -> None:
    assert plain(Fraction(amount), places) == shown


def test_plain_rounds_nothing() -> None:
    with pytest.raises(ValueError, match="more than 2 decimal places"):
        plain(Fraction(1, 3))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("40", "40"),
        ("15.5", "15.5"),
        ("1/3", "1/3"),
        ("-1/8", "-0.125"),
        ("0.01", "0.01"),
        ("0", "0"),
        ("1/6", "1/6"),
    ],
)
def test_number(value: str, shown: str) -> None:
    assert number(Fraction(value)) == shown


@given(st.fractions())
def test_a_number_is_shown_exactly(value: Fraction) -> None:
    assert Fraction(number(value)) == value


@given(st.integers(0, 10**12))
def test_plain_amounts_read_back(pennies: int) -> None:
    amount = Fraction(pennies, 100)
    assert parse(plain(amount)) == amount
