"""The Newpin bond: published coupons, the rate since the start, the floor of the first three years with and without a rate."""

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

from sibdsl.cli.app import run as sib
from tests.contracts.records_run import checks_without_a_finding, paid, proved, refused, write
from tests.docs.reading import ROOT

CONTRACT = ROOT / "contracts" / "newpin" / "newpin.sib"
HEAD = ("Child ID", "Entered On", "Decided On", "Restored")
GIVEN = ("Payment Per Restoration=1000",)


def children(*years: tuple[int, int]) -> list[tuple[str, ...]]:
    """Restored and not restored children of each year from 2013/14."""
    return [
        HEAD,
        *(
            (f"C{year}-{at}", "2013-07-01", f"{2014 + year}-03-01", "yes" if at < restored else "no")
            for year, (restored, others) in enumerate(years)
            for at in range(restored + others)
        ),
    ]


def coupons(folder: Path, *years: tuple[int, int]) -> list[Fraction]:
    write(folder, {"outcomes": children(*years)})
    found = paid(CONTRACT, folder, GIVEN, "2020-06-30").paid
    return [
        sum(
            (found.get((name, f"{2013 + year}-07-01"), Fraction(0)) for name in ("Early Coupon", "Coupon")),
            Fraction(0),
        )
        for year in range(7)
    ]


def rate(share: Fraction) -> Fraction:
    """The coupon's rate by hand: 55% 3%, 60% 7.5%, 65% 12%, 70% and above 15%."""
    points = [(Fraction(at), Fraction(pays)) for at, pays in ((55, 3), (60, 7.5), (65, 12), (70, 15))]
    at = share * 100
    if at < 55:
        return Fraction(0)
    for (low, start), (high, end) in pairwise(points):
        if at <= high:
            return (start + (end - start) * (at - low) / (high - low)) / 100
    return Fraction(15, 100)


def test_it_checks_without_a_finding(capsys: pytest.CaptureFixture[str]) -> None:
    checks_without_a_finding(CONTRACT, capsys)


def test_the_first_year(tmp_path: Path) -> None:
    assert coupons(tmp_path, (36, 24))[0] == 525_000


@pytest.mark.parametrize(
    "years",
    [
        ((6, 4), (3, 7), (0, 0), (9, 1), (5, 5), (8, 2), (20, 0)),
        ((0, 0), (1, 1), (0, 0), (0, 0), (7, 0), (0, 0), (0, 9)),
        ((1, 0), (0, 0), (0, 0), (0, 1), (11, 9), (0, 0), (0, 0)),
    ],
)
def test_each_coupon_by_the_rate_since_the_start(tmp_path: Path, years: tuple[tuple[int, int], ...]) -> None:
    wanted: list[Fraction] = []
    for year in range(7):
        restored, others = (sum(pair[side] for pair in years[: year + 1]) for side in (0, 1))
        found = rate(Fraction(restored, restored + others)) if restored + others else Fraction(0)
        floor = Fraction(5, 100) if year < 3 else Fraction(0)
        cents = max(found, floor) * 7_000_000 * 100
        wanted.append(Fraction((2 * cents.numerator + cents.denominator) // (2 * cents.denominator), 100))
    assert coupons(tmp_path, *years) == wanted


def test_without_a_rate_the_floor_is_paid_in_three_years_only(tmp_path: Path) -> None:
    assert coupons(tmp_path) == [350_000, 350_000, 350_000, 0, 0, 0, 0]


def test_the_government_pays_at_most_47_million(tmp_path: Path) -> None:
    write(tmp_path, {"outcomes": children((30, 0), (20, 0))})
    found = paid(CONTRACT, tmp_path, ("Payment Per Restoration=1000000",), "2020-06-30")
    assert found.paid["Restoration Payment", "2014-07-01"] == 17_000_000


@pytest.mark.parametrize("rule", ["Never Less Than Five Per Cent", "Never More Than Fifteen"])
def test_the_coupon_s_bounds_are_proved(rule: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert proved(CONTRACT, rule, GIVEN, capsys)


def test_without_what_stands_for_a_blank_the_floor_is_not_proved(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = CONTRACT.read_text(encoding="utf-8")
    broken = tmp_path / "newpin.sib"
    broken.write_text(
        text.replace("(the first given of (Coupon Rate and 0%) and 5%)", "(Coupon Rate and 5%)"),
        encoding="utf-8",
    )
    assert not proved(broken, "Never Less Than Five Per Cent", GIVEN, capsys)


def test_both_ends_must_be_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "flat" in refused(CONTRACT, ", nothing below, flat above", ", nothing below", tmp_path, capsys)


def test_a_coupon_is_explained_by_all_that_went_before(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One of two in 2013/14 and two of two in 2016/17 are three of four: 75%, which pays 15%."""
    write(tmp_path, {"outcomes": children((1, 1), (0, 0), (0, 0), (2, 0))})
    words = ["--records", str(tmp_path), "--set", GIVEN[0], "--as-of", "2017-06-30"]
    assert sib(["pay", str(CONTRACT), *words, "--lines"]) == 0
    line = next(
        row.split()[0]
        for row in capsys.readouterr().out.splitlines()
        if "1,050,000.00" in row and row.startswith("L")
    )
    assert sib(["explain", str(CONTRACT), *words, "--line", line]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "Restoration Rate 75% equals Restored divided by (Restored plus Not Restored)" in told
    assert "measured over 1 July 2013 to 30 June 2017 Restored 3 Not Restored 1" in told
    assert "3 records earned it" in told
