"""Tower Hamlets under its variations, against sums done apart from the program."""

import itertools
from pathlib import Path

import pytest

from tests.contracts.mhep1.runs import given, price

EVERY = ("2017", "2019_01", "extension")


@pytest.mark.parametrize("rate", [0, 500, 1_234])
def test_january_2019_reprices_from_april_2018(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, rate: int
) -> None:
    rows = [
        ("2016-04-05", "Engagement", 200),
        ("2017-04-05", "Engagement", 150),
        ("2018-01-05", "Engagement", 20),
    ]
    later = [("2018-04-05", 40, 12), ("2018-07-05", 31, 0), ("2018-10-05", 0, 9), ("2019-01-05", 17, 5)]
    engaged = [*rows, *((day, "Engagement", number) for day, number, _ in later)]
    started = [(day, "Local Job Start", number) for day, _, number in later]
    first = price(capsys, tmp_path, "tower_hamlets", (), engaged)
    second = price(
        capsys, tmp_path, "tower_hamlets", ("2019_01",), [*engaged, *started], {"CCG Job Start Rate": f"£{rate}"}
    )  # fmt: skip
    early = [one for one in first.lines if one["period_start"] < "2018-04-01"]
    assert [one for one in second.lines if one["period_start"] < "2018-04-01"] == early
    for day, engagements, starts in later:
        start = f"{day[:8]}01"
        assert first.pence(payer="CCG", since=start, until=start) == engagements * 700_00
        assert second.pence(payer="CCG", since=start, until=start) == starts * rate * 100
    for payer in ("MHEP", "SOF", "CBO"):
        assert first.pence(payer=payer) == second.pence(payer=payer)


@pytest.mark.parametrize("engagements", [900, 977, 978, 5_000])
def test_the_fourth_year_is_funded_apart(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, engagements: int
) -> None:
    rows = [("2018-04-05", "Engagement", 4_000), ("2019-07-05", "Engagement", engagements)]
    found = price(capsys, tmp_path, "tower_hamlets", ("extension",), rows)
    assert found.pence(payer="CBO", until="2019-03-31") == 336_111_00
    assert found.pence(payer="CBO", since="2019-04-01") == min(engagements * 90, 88_000) * 100
    assert found.pence(payer="CCG", since="2019-04-01") == engagements * 700_00


def test_the_larger_block_is_paid_only_if_its_amount_is_given(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rows = [("2018-04-05", "Job Start", 3)]
    found = price(capsys, tmp_path, "tower_hamlets", ("2017",), rows)
    assert found.pence(payment="MHEP Yearly Block") == 0
    found = price(capsys, tmp_path, "tower_hamlets", ("2017",), rows, {"MHEP Larger Block": "£50000"})
    assert found.pence(payment="MHEP Yearly Block", since="2018-04-01", until="2018-04-01") == 50_000_00
    assert found.pence(payment="MHEP Yearly Block") == 50_000_00
    assert found.pence(payment="MHEP Job Start Fee") == 300_00


def test_the_order_in_which_variations_are_given_changes_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rows = [
        ("2017-10-05", "Job Start", 11),
        ("2018-04-05", "Engagement", 40),
        ("2018-04-05", "Local Job Start", 12),
        ("2019-10-05", "Engagement", 9),
    ]
    every = [
        price(capsys, tmp_path, "tower_hamlets", order, rows, given("tower_hamlets", *EVERY))
        for order in itertools.permutations(EVERY)
    ]
    assert len({one.rest for one in every}) == 1
    assert len({one.fingerprint for one in every}) == 1
