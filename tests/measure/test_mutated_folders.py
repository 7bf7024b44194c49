"""Every row of folders with all that can be wrong has one status, the same as a slow reader that shares no code gives it."""

from __future__ import annotations

import csv
import datetime as dt
import json
import random
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path

import pytest

from sibdsl.cli.app import run
from tests.measure import folders, slow_rows
from tests.measure.slow_rows import Place, Said
from tests.oracle.generate import Knobs, write_case

TOWER_HAMLETS = Path(__file__).parents[2] / "contracts" / "mhep1" / "tower_hamlets.sib"
Reader = Callable[[Path, dt.date], tuple[dict[Place, Said], dict[str, Fraction]]]


def clean_tower_hamlets(folder: Path, seed: int) -> folders.Tables:
    write_case(folder, seed, 14, Knobs(dirty=0, shuffled=False))
    tables: folders.Tables = {}
    for name, headings in slow_rows.TOWER_HAMLETS.items():
        with (folder / f"{name}.csv").open(newline="") as stream:
            tables[name] = [[row[heading] for heading in headings] for row in csv.DictReader(stream)]
    return tables


def clean_sums(rng: random.Random) -> folders.Tables:
    def day() -> str:
        return (dt.date(2026, 3, 20) + dt.timedelta(days=rng.randrange(390))).isoformat()

    people = [f"Zo\u00eb-{at}" if at % 3 == 0 else f"P{at}" for at in range(8)]
    return {
        "people": [[who, day(), rng.choice(("yes", "yes", "yes", "no", ""))] for who in people],
        "costs": [
            [
                rng.choice(people),
                day(),
                rng.choice(("", day())),
                rng.choice(("", "0", "12.5", "7.333", "100")),
                rng.choice(("", "50%", "49.99%", "100%", "0%")),
                rng.choice(("0", "3", "4")),
            ]
            for _ in range(20)
        ],
        "visits": [
            [day(), rng.choice(("", "0", "3.25", "5", "2")), rng.choice(("", "caf\u00e9", "caf\u00e9", "home"))]
            for _ in range(20)
        ],
    }  # fmt: skip


def compared(
    contract: Path, folder: Path, as_of: dt.date, reader: Reader, capsys: pytest.CaptureFixture[str]
) -> None:
    """One run against the slow reader."""
    said, owed = reader(folder, as_of)
    out = folder.parent / "rows.csv"
    out.unlink(missing_ok=True)
    status = run(
        ["pay", str(contract), "--records", str(folder), "--as-of", as_of.isoformat(), "--format", "json", "--rows", str(out)]
    )  # fmt: skip
    printed = capsys.readouterr()
    assert "Traceback" not in printed.err
    assert "fault in sibdsl" not in printed.err + printed.out
    if status == 2:
        assert "SIB0618" in printed.out, printed
        tables = {place[0].split("/")[0].split(".")[0] for place in said}
        assert any(slow_rows.all_of_a_kind(said, name) <= {"duplicate", "rejected"} for name in tables)
        return
    assert status == 0, printed
    with out.open(encoding="utf-8-sig", newline="") as stream:
        lines = list(csv.DictReader(stream))
    told = {(line["source"], int(line["row"])): line for line in lines}
    assert len(told) == len(lines)
    assert {place: line["status"] for place, line in told.items()} == {
        place: one.status for place, one in said.items()
    }
    for place, line in told.items():
        assert bool(line["reason"]) == (line["status"] != "used"), line
        assert "None" not in line["reason"]
        assert "\n" not in line["reason"]
        of = said[place].of
        if of is not None:
            assert line["of_row"] == (str(of[1]) if of[0] == place[0] else f"{of[0]}:{of[1]}")
    answer = json.loads(printed.out)
    paid: Mapping[str, Fraction] = {one["payer"]: Fraction(one["amount"]) for one in answer["totals"]}
    for payer, amount in owed.items():
        assert paid.get(payer, Fraction(0)) == amount, payer


def tower_hamlets_case(tmp_path: Path, seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    rng = random.Random(f"folders {seed}")
    clean = tmp_path / "clean"
    clean.mkdir()
    tables = clean_tower_hamlets(clean, seed)
    folder = tmp_path / "records"
    folder.mkdir()
    folders.spoil(tables, slow_rows.TOWER_HAMLETS, rng)
    folders.write(folder, tables, slow_rows.TOWER_HAMLETS, rng)
    as_of = rng.choice((dt.date(2018, 7, 31), dt.date(2019, 3, 31), dt.date(2017, 6, 29)))
    compared(TOWER_HAMLETS, folder, as_of, slow_rows.tower_hamlets, capsys)


def sums_case(tmp_path: Path, seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    rng = random.Random(f"sums {seed}")
    contract = tmp_path / "help.sib"
    contract.write_text(slow_rows.SUMS_TEXT, encoding="utf-8")
    tables = clean_sums(rng)
    folder = tmp_path / "records"
    folder.mkdir()
    folders.spoil(tables, slow_rows.SUMS, rng)
    folders.write(folder, tables, slow_rows.SUMS, rng)
    as_of = rng.choice((dt.date(2026, 9, 30), dt.date(2027, 3, 31), dt.date(2027, 6, 1)))
    compared(contract, folder, as_of, slow_rows.sums, capsys)


@pytest.mark.parametrize("seed", range(5))
def test_tower_hamlets_rows_and_amounts(
    tmp_path: Path, seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    tower_hamlets_case(tmp_path, seed, capsys)


@pytest.mark.parametrize("seed", range(8))
def test_rows_and_amounts_of_sums_and_averages(
    tmp_path: Path, seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    sums_case(tmp_path, seed, capsys)
