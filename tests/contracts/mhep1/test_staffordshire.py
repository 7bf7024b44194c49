"""Staffordshire's splits, its early end, and the variation of January 2019, against sums done apart from the program."""

import csv
import itertools
import json
import random
from pathlib import Path

import pytest

from sibdsl.cli.app import run
from tests.contracts.mhep1.runs import file, given, options, pence, price, refused

EVERY = ("job_starts_2017", "split_2", "termination", "2019_01")
BLOCK, FEE, STARTS = "MHEP Yearly Block", "MHEP Engagement Fee", "MHEP Job Start Fee"
ENGAGED, LOCAL = "Engagement", "Local Job Start"
Rows = list[tuple[str, str, int]]


# ------------------------------------------------------------------ the three splits


@pytest.mark.parametrize(
    ("variations", "blocks"),
    [
        ((), (60_000, 60_000, 60_000)),
        (("job_starts_2017",), (60_000, 75_000, 75_000)),
        (("job_starts_2017", "split_2"), (60_000, 75_000, 82_500)),
    ],
)
def test_a_year_pays_300000_split_as_agreed(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, variations: tuple[str, ...], blocks: tuple[int, ...]
) -> None:
    rows = [(f"{year}-{month:02}-10", ENGAGED, 400) for year in (2016, 2017, 2018) for month in (4, 7, 10)]
    if variations:
        rows += [(f"{year}-08-10", "Job Start", 50) for year in (2017, 2018)]
    later = {"Date Of Second Renegotiation": "2018-03-01", "Second Renegotiation Effective": "2018-04-01"}
    found = price(
        capsys, tmp_path, "staffordshire", variations, rows, later if "split_2" in variations else {}
    )
    for year, block in zip((2016, 2017, 2018), blocks, strict=True):
        since, until = f"{year}-04-01", f"{year + 1}-03-31"
        paid = {
            one: found.pence(payment=one, since=since, until=until)
            for one in (BLOCK, FEE, STARTS, "MHEP Upfront Block")
        }
        assert paid.pop(BLOCK) == block * 100
        assert sum(paid.values()) == (300_000 - block) * 100


def test_a_limit_goes_on_counting_what_the_one_before_it_used_up(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rows = [("2018-04-10", ENGAGED, 700), ("2018-07-10", ENGAGED, 100)]
    both = ("job_starts_2017", "split_2")
    days = {"Date Of Second Renegotiation": "2018-06-30", "Second Renegotiation Effective": "2018-07-01"}
    found = price(capsys, tmp_path, "staffordshire", both, rows, days)
    assert found.pence(payment=FEE, since="2018-04-01", until="2018-06-30") == 210_000_00
    assert found.pence(payment=FEE, since="2018-07-01") == 7_500_00


def test_either_account_of_the_block_can_be_left_out(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rows = [("2016-04-10", ENGAGED, 100)]
    yearly = {"MHEP First Upfront Sum": "£0", "MHEP Second Upfront Sum": "£0"}
    found = price(capsys, tmp_path, "staffordshire", (), rows, yearly)
    assert found.pence(payer="MHEP") == (3 * 60_000 + 100 * 300) * 100
    found = price(capsys, tmp_path, "staffordshire", (), rows, {"MHEP Yearly Block Sum": "£0"})
    assert found.pence(payer="MHEP") == (28_200 + 27_900 + 100 * 300 - 28_200) * 100


# ------------------------------------------------------------------ who owes, and who pays in cash


def test_the_council_pays_in_cash_what_mhep_owes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rows = [("2017-05-10", ENGAGED, 50), ("2017-05-10", "Job Start", 5)]
    found = price(capsys, tmp_path, "staffordshire", ("job_starts_2017",), rows)
    owed = [one for one in found.lines if one["payer"] == "MHEP"]
    assert {one["payment"] for one in owed} == {BLOCK, FEE, STARTS, "MHEP Upfront Block"}
    assert {one.get("paid_by") for one in owed} == {"SCC"}
    assert {one.get("paid_by") for one in found.lines if one["payer"] != "MHEP"} == {None}


def test_an_adjustment_is_paid_in_cash_by_the_council_too(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rows = [("2017-05-10", "Job Start", 5)]
    late = {"Date Of First Renegotiation": "2017-09-15"}
    found = price(capsys, tmp_path, "staffordshire", ("job_starts_2017",), rows, late)
    adjusted = [one for one in found.lines if one["kind"] == "adjustment"]
    assert {one["payment"]: one["amount"] for one in adjusted} == {BLOCK: "15000.00", STARTS: "500.00"}
    assert {one.get("paid_by") for one in adjusted} == {"SCC"}


# ------------------------------------------------------------------ the end in October 2018


def records(folder: Path, engaged: dict[str, str], jobs: dict[str, tuple[str, str]]) -> Path:
    def write(name: str, head: list[str], rows: list[list[str]]) -> None:
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as opened:
            csv.writer(opened).writerows([head, *rows])

    write(
        "referrals",
        ["person_id", "referred_on", "severe_condition"],
        [[one, "2018-01-02", "yes"] for one in engaged],
    )
    write("engagements", ["person_id", "engaged_on"], [[*one] for one in engaged.items()])
    write(
        "jobs",
        ["job_id", "person_id", "started_on", "ended_on", "hours_per_week"],
        [[f"J-{one}", one, start, end, "20"] for one, (start, end) in jobs.items()],
    )
    return folder


def test_october_2018_is_a_statement_of_its_own(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    engaged = {
        **dict.fromkeys(["A", "B", "C"], "2018-03-01"),
        "D": "2018-10-01",
        "E": "2018-10-31",
        "F": "2018-11-01",
        "G": "2018-12-15",
    }
    jobs = {
        "A": ("2018-04-30", ""),  # six months on 30 October
        "B": ("2018-05-01", ""),  # six months on 1 November
        "C": ("2018-09-20", ""),  # six weeks on 1 November
        "D": ("2018-11-02", ""),
    }
    folder = records(tmp_path, engaged, jobs)
    call = options("staffordshire", ["termination"], given("staffordshire", "termination"))
    words = ["pay", *call, "--records", str(folder), "--as-of", "2019-03-31", "--format", "json"]
    assert run(words) == 0
    lines = json.loads(capsys.readouterr().out)["lines"]
    assert max(one["period_end"] for one in lines) == "2018-10-31"
    last = [one for one in lines if one["period_start"] == "2018-10-01"]
    assert {(one["payment"], one["metric"], one["quantity"], one["amount"]) for one in last} == {
        ("Commissioner Engagement Fee", ENGAGED, 2, "1400.00"),
        (FEE, ENGAGED, 2, "600.00"),
        ("Fund Tariff", ENGAGED, 2, "180.00"),
        ("Fund Tariff", "Job Sustainment", 1, "1650.00"),
    }
    assert {one["period_end"] for one in last} == {"2018-10-31"}
    entries = [one for one in lines if one["metric"] == "Job Entry"]
    assert sum(one["quantity"] for one in entries) == 2


def test_a_quantity_after_the_end_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "late.csv"
    path.write_text("period,metric,band,quantity\n2018-11-01,Engagement,,1\n", encoding="utf-8")
    call = options("staffordshire", ["termination"], given("staffordshire", "termination"))
    said = refused(capsys, "price", *call, "--quantities", str(path))
    assert "1 November 2018 is outside the payment period, 1 April 2016 to 31 October 2018" in " ".join(
        said.split()
    )


# ------------------------------------------------------------------ January 2019, with effect from 1 April 2018


def some_rows(seed: int, last: str) -> Rows:
    draw = random.Random(seed)
    days = [f"{year}-{month:02}-05" for year in range(2016, 2020) for month in (1, 4, 7, 10)]
    days = [day for day in days if "2016-04" <= day < last]
    return [
        *((day, ENGAGED, draw.randint(0, 60)) for day in days),
        *((day, LOCAL, draw.randint(0, 25)) for day in days if day >= "2018-04"),
    ]


def without(rows: Rows, metric: str) -> Rows:
    return [one for one in rows if one[1] != metric]


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("rate", [0, 1, 385_000, 123_457])
@pytest.mark.parametrize("ended", [True, False])
def test_quarters_from_april_2018_are_repriced_and_none_before(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, seed: int, rate: int, *, ended: bool
) -> None:
    rows = some_rows(seed, "2018-10-31" if ended else "2019-03-31")
    before = ("termination",) if ended else ()
    first = price(capsys, tmp_path, "staffordshire", before, without(rows, LOCAL))
    values = {"SCC Job Start Rate": f"£{rate // 100}.{rate % 100:02}"}
    second = price(capsys, tmp_path, "staffordshire", (*before, "2019_01"), rows, values)

    def stated(text: str) -> list[str]:
        """The lines before April 2018, character by character."""
        cut = text[text.index('"lines": [') :]
        blocks = cut[: cut.index("\n  ],")].split("\n    {")[1:]
        return [one.rstrip(",") for one in blocks if _start(one) < '"period_start": "2018-04-01"']

    assert stated(first.text)
    assert stated(second.text) == stated(first.text)

    known = "2018-12-31"  # the last quarter stated before 31 January 2019
    adjusted = [one for one in second.lines if one["kind"] == "adjustment"]
    expected: dict[tuple[str, str], int] = {}
    for day, metric, number in rows:
        if "2018-04-01" <= day <= known and number:
            amount = number * rate if metric == LOCAL else -number * 700_00
            expected[f"{day[:8]}01", metric] = amount
    expected = {key: amount for key, amount in expected.items() if amount}
    got = {(one["period_start"], one["metric"]): pence(one["amount"]) for one in adjusted}
    assert got == expected
    assert len(adjusted) == len(expected)
    assert {one["clause"] for one in adjusted} <= {"Deed of variation"}
    assert {(one["payer"], one["payee"]) for one in adjusted} <= {("SCC", "Making Space")}
    with_what = {(one["stated_with"]["period_start"], one["stated_with"]["period_end"]) for one in adjusted}
    assert with_what <= {("2018-11-01", "2019-01-31") if ended else ("2019-01-01", "2019-03-31")}
    # All that was stated stands: what is not an adjustment is what was stated, but for the quarter under way.
    kept = [one for one in second.lines if one["kind"] != "adjustment" and one["period_end"] <= known]
    assert [_apart_from_id(one) for one in kept] == [
        _apart_from_id(one) for one in first.lines if one["period_end"] <= known
    ]


def _start(block: str) -> str:
    return next(line.strip().rstrip(",") for line in block.splitlines() if '"period_start"' in line)


def _apart_from_id(line: dict[str, object]) -> dict[str, object]:
    return {key: said for key, said in line.items() if key != "id"}


def test_before_it_was_agreed_nobody_knew_of_it(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rows = some_rows(4, "2019-03-31")
    day = "2019-01-30"
    first = price(capsys, tmp_path, "staffordshire", (), without(rows, LOCAL), as_of=day)
    second = price(capsys, tmp_path, "staffordshire", ("2019_01",), rows, as_of=day)
    assert second.lines == first.lines


def test_what_mhep_and_the_funds_pay_is_not_changed(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rows = some_rows(5, "2019-03-31")
    first = price(capsys, tmp_path, "staffordshire", (), without(rows, LOCAL))
    second = price(capsys, tmp_path, "staffordshire", ("2019_01",), rows)
    for payer in ("MHEP", "SOF", "CBO"):
        assert second.pence(payer=payer) == first.pence(payer=payer)


# ------------------------------------------------------------------ in what order, and with what missing


def test_the_order_in_which_variations_are_given_changes_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rows = [*some_rows(6, "2018-10-31"), ("2017-08-05", "Job Start", 7), ("2018-04-05", "Job Start", 9)]
    every = [
        price(capsys, tmp_path, "staffordshire", order, rows, given("staffordshire", *EVERY))
        for order in itertools.permutations(EVERY)
    ]
    assert len({one.rest for one in every}) == 1
    assert len({one.fingerprint for one in every}) == 1


@pytest.mark.parametrize(
    ("variation", "name"),
    [
        ("job_starts_2017", "Date Of First Renegotiation"),
        ("job_starts_2017", "First Renegotiation Effective"),
        ("termination", "Date Of Notice"),
        ("2019_01", "Date Of Job Start Variation"),
        ("2019_01", "SCC Job Start Rate"),
    ],
)
def test_what_is_missing_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, variation: str, name: str
) -> None:
    values = given("staffordshire", variation)
    del values[name]
    path = tmp_path / "some.csv"
    path.write_text("period,metric,band,quantity\n2018-04-01,Engagement,,1\n", encoding="utf-8")
    said = refused(capsys, "price", *options("staffordshire", [variation], values), "--quantities", str(path))
    assert f"{name} is a particular without a default, and it has not been given." in said
    assert f'--set "{name}=...' in said


def test_the_second_split_alone_says_what_it_misses(capsys: pytest.CaptureFixture[str]) -> None:
    said = refused(
        capsys, "price", str(file("staffordshire")), "--with", str(file("staffordshire", "split_2")),
        "--scenario", "Outturn",
    )  # fmt: skip
    assert "MHEP Job Start Fee is not defined" in said
