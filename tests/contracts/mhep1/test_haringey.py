"""Haringey's block, ceiling and tiers, against sums done apart from the program."""

import random
from pathlib import Path

import pytest

from sibdsl.cli.app import run
from tests.contracts.mhep1.runs import file, given, price

BOTH = ("extension", "renegotiation")


def starts_pay(number: int) -> int:
    """What so many job starts come to, in pounds: twenty at £3,850, the rest at £1,600, £90,000 at most."""
    return min(90_000, min(number, 20) * 3_850 + max(number - 20, 0) * 1_600)


def test_the_published_sums() -> None:
    assert [starts_pay(number) for number in (20, 28, 29, 30)] == [77_000, 89_800, 90_000, 90_000]


@pytest.mark.parametrize("engagements", [0, 1, 128, 129, 130, 300])
def test_variable_payments_apply_only_above_the_block(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, engagements: int
) -> None:
    found = price(capsys, tmp_path, "haringey", (), [("2016-01-05", "Engagement", engagements)])
    assert found.pence(payer="LBH") == max(90_000, engagements * 700) * 100
    assert found.pence(payment="MHEP Linked Payment") == min(60_000, engagements * 300) * 100


@pytest.mark.parametrize(
    ("ceiling", "holds"), [("£89999", True), ("£89999.99", True), ("£90000", False), ("£90000.01", False)]
)
def test_the_ceiling_is_where_the_local_part_is_still_above_half(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ceiling: str, *, holds: bool
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)  # counterexamples are saved there
    values = ["--set", "MHEP Yearly Value=£80000", "--set", f"Funds Ceiling={ceiling}"]
    run(["check", str(file("haringey")), "--rules", "all", *values])
    said = capsys.readouterr().out
    verdict = said[said.index("\nLocal Part Above Half") :].splitlines()[2]
    assert verdict.strip().startswith("holds, proved" if holds else "met only if")


@pytest.mark.parametrize("seed", range(8))
def test_starts_are_paid_by_tier_whatever_their_quarters(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, seed: int
) -> None:
    draw = random.Random(seed)
    quarters = ["2017-10-05", "2018-01-05", "2018-04-05", "2018-07-05", "2018-10-05", "2019-01-05"]
    counts = [draw.randint(0, 14) for _ in quarters]
    rows = [(day, "Retained Start", number) for day, number in zip(quarters, counts, strict=True)]
    rows += [(day, "Job Start", 2 * number) for day, _, number in rows]
    found = price(capsys, tmp_path, "haringey", BOTH, rows)
    before = 0
    for day, number in zip(quarters, counts, strict=True):
        start = f"{day[:8]}01"
        paid = found.pence(payment="Commissioner Job Start Fee", since=start, until=start)
        assert paid == (starts_pay(before + number) - starts_pay(before)) * 100
        before += number
    assert found.pence(payment="MHEP Linked Payment", since="2018-01-01", until="2018-12-31") == (
        min(40_000, 2 * sum(counts[1:5]) * 500) * 100
    )


def test_the_funds_pay_a_year_each(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rows = [
        (f"{year}-{month:02}-05", "Engagement", 400) for year in (2016, 2017, 2018) for month in (1, 4, 7, 10)
    ]
    found = price(capsys, tmp_path, "haringey", ("extension",), rows)
    assert found.pence(payer="SOF", until="2016-12-31") == 89_999_00
    assert found.pence(payer="SOF", since="2017-01-01") == 48_000_00
    assert found.pence(payer="CBO") == 80_000_00
    assert found.pence(payer="CBO", until="2018-03-31") == 0


def test_a_part_year_has_its_share_of_the_block(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    found = price(capsys, tmp_path, "haringey", BOTH, [("2018-01-05", "Job Start", 1)])
    blocks = {
        year: found.pence(payment="MHEP Block", since=f"{year}-01-01", until=f"{year}-12-31")
        for year in (2016, 2017, 2018, 2019)
    }
    assert blocks[2016] == blocks[2017] == 20_000_00
    assert blocks[2018] == 40_000_00
    assert blocks[2019] == (2 * 40_000_00 * 90 + 365) // (2 * 365)  # 90 days of 365, half up


def test_the_order_in_which_variations_are_given_changes_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rows = [("2017-10-05", "Retained Start", 25), ("2017-10-05", "Job Start", 30), ("2018-04-05", "Engagement", 9)]  # fmt: skip
    every = [
        price(capsys, tmp_path, "haringey", order, rows, given("haringey", *BOTH))
        for order in (BOTH, BOTH[::-1])
    ]
    assert len({one.rest for one in every}) == 1
    assert len({one.fingerprint for one in every}) == 1
