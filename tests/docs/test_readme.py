"""The front page shows the contract as it is and what it pays."""

import pytest

from tests.docs.reading import README, ROOT, Fence, fences, plain, ran, without_elided

CONTRACT = (ROOT / "contracts" / "mhep1" / "tower_hamlets.sib").read_text(encoding="utf-8")
COMMANDS = [one for one in fences(README) if one.text.startswith("$ ")]


def test_the_excerpt_stands_in_the_contract() -> None:
    excerpts = [one.text for one in fences(README) if one.language == "sib"]
    assert excerpts
    assert all(one in CONTRACT for one in excerpts)


@pytest.mark.parametrize("fence", COMMANDS, ids=lambda fence: f"line {fence.line}")
def test_what_is_shown_is_what_comes(fence: Fence) -> None:
    command, _, shown = fence.text.partition("\n")
    status, output = ran(command.removeprefix("$ "), ROOT)
    assert plain(without_elided(shown, output)) == plain(shown)
    assert status == 0


def test_the_number_of_rows_is_that_of_the_records() -> None:
    records = ROOT / "contracts" / "mhep1" / "data" / "2018-q2"
    rows = sum(len(file.read_text(encoding="utf-8").splitlines()) - 1 for file in records.glob("*.csv"))
    assert f"from {rows} rows of records" in README.read_text(encoding="utf-8")
