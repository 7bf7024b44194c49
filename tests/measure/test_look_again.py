"""Records that can be read and may still be wrong: what a run says of them, and that it changes no amount."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sibdsl.cli.app import run as sib
from sibdsl.compile import compile_source
from sibdsl.diagnostics import Refused
from sibdsl.measure import Volumes, measure
from sibdsl.model.parameters.in_force import as_written
from sibdsl.plainform import plain
from sibdsl.source import Source
from tests.measure import forms
from tests.measure.reference import Part

TEXT = """
contract Claims
  service period  1 April 2026 to 31 March 2027
  currency        GBP
  years           begin 1 April
  statements      monthly
  rounding        each line, half up, to the penny
end contract

parties
  | party    | role         |
  | Council  | commissioner |
  | Provider | provider     |
end parties

table Kinds
  | Kind | Paid |
  | A    | yes  |
  | B    | no   |
  | C    | blank |
end table

records Clients
  one row per  Client
  | column    | holds  | blank    |
  | Client ID | person | rejected |
  | Opened On | date   | rejected |
end records

records Costs
  one row per  Cost
  | column    | holds         | blank    |
  | Batch     | identifier    | allowed  |
  | Cost ID   | identifier    | allowed  |
  | Client ID | person        | allowed  |
  | Spent On  | date          | rejected |
  | Amount    | money         | rejected |
  | Kind      | code in Kinds | allowed  |
end records

records Stays
  one row per  Stay
  spell  from Begun to the day before Ended, open while blank
  | column    | holds  | blank    |
  | Client ID | person | rejected |
  | Begun     | date   | rejected |
  | Ended     | date   | allowed  |
end records

cohort Everybody [1]
  rows        Clients
  joins on    Opened On
  if several  earliest Opened On
end cohort

metric Spent [2]
  kind    input
  sums    Amount of Costs
  among   Everybody
  not if  Paid is no
  dated   Spent On
end metric

metric Days Stayed [2]
  kind    outcome
  counts  days of Stays
  among   Everybody
  dated   each day
end metric

payment Refund [3]
  payer     Council
  payee     Provider
  pays      Spent
  every     month at the end
  at least  £0 in each month
end payment

payment Day Fee [3]
  payer     Council
  payee     Provider
  for each  Days Stayed
  pays      £1
end payment
"""
CONTRACT = compile_source(Source("c.sib", TEXT)).contract
AS_OF = date(2026, 6, 30)
HEADINGS = {
    "Clients": ("Client ID", "Opened On"),
    "Costs": ("Batch", "Cost ID", "Client ID", "Spent On", "Amount", "Kind"),
    "Stays": ("Client ID", "Begun", "Ended"),
}
PEOPLE = [("C1", "2026-04-01"), ("C2", "2026-04-01")]


def cost(
    number: str = "K1", who: str = "C1", day: str = "2026-04-20", amount: str = "100", kind: str = "A"
) -> tuple[str, ...]:
    return ("May", number, who, day, amount, kind)


def measured(folder: Path, tables: Mapping[str, Sequence[tuple[str, ...] | Part]]) -> Volumes:
    """The volumes of tables given as rows, or as parts; a table not given has no rows."""
    parts: dict[str, list[Part]] = {}
    for name, headings in HEADINGS.items():
        given_parts = [one for one in tables.get(name, ()) if isinstance(one, Part)]
        rows = [one for one in tables.get(name, ()) if not isinstance(one, Part)]
        parts[name] = given_parts or forms.one_part(name, headings, rows)
    forms.write(folder, parts)
    return measure(CONTRACT, as_written(CONTRACT), folder, AS_OF)


def told(folder: Path, **tables: Sequence[tuple[str, ...] | Part]) -> tuple[dict[str, str], Fraction]:
    """The warnings by code, and what was spent and stayed in all."""
    with measured(folder, {"Clients": PEOPLE, **tables}) as volumes:
        found = {one.code: one.message for one in volumes.warnings}
        assert len(found) == len(volumes.warnings)
        assert all(one.severity == "warning" and one.help for one in volumes.warnings)
        return found, sum((one.number for one in volumes.quantities), Fraction(0))


# ------------------------------------------------------------------ text in plain form


def test_texts_that_look_alike_are_one_and_the_file_is_told_once(tmp_path: Path) -> None:
    clients = [("C1", "2026-04-01"), ("C2", "2026-04-01"), ("Café-4", "2026-04-01"), ("P 1", "2026-04-01")]
    costs = [
        cost("K1", "C1\u00a0"),
        cost("K2", "C\u200b2"),
        cost("K3", "C1", amount="\u00a0100"),
        cost("K4", "Cafe\u0301-4", kind="\ufeffA"),
        cost("K5", "P\u00a01"),
        cost("K6", "P1"),
    ]
    found, whole = told(tmp_path, Clients=clients, Costs=costs)
    assert whole == 500
    assert found == {
        "SIB0617": "costs.csv: 6 cells in rows 1, 2, 3 and 2 more hold characters that cannot be seen, or letters in "
        "another form; read and compared without them"
    }


def test_headings_and_parquet_are_read_in_plain_form(tmp_path: Path) -> None:
    named = ("Batch", "Cost\u00a0ID", "Client\u200b ID", "Spent On", "Amount", "Kind")
    parts = [
        Part("costs/a.parquet", HEADINGS["Costs"], (cost("K1", "C1\u00a0"),)),
        Part("costs/b.csv", named, (cost("K2"),)),
    ]
    with measured(tmp_path, {"Clients": PEOPLE, "Costs": parts}) as volumes:
        assert volumes.accounts["Costs"].used == 2
        said = [one.message for one in volumes.warnings if one.code == "SIB0617"]
    assert [one.split(" hold")[0] for one in said] == [
        "costs/a.parquet: 1 cell in row 1",
        "costs/b.csv: 2 headings",
    ]


@forms.hypothesis(Fraction(1, 5))  # five names and more in each run
@given(
    st.lists(
        st.text(st.sampled_from("Aé e\u0301\u00a0\u200b\ufeff\u2003\u00ad\u2060\t\u1e9b\u0323Å"), max_size=6),
        min_size=5,
        max_size=12,
    )
)
def test_plain_form_is_one_and_the_engine_has_the_same(names: list[str]) -> None:
    assert [plain(plain(name)) for name in names] == [plain(name) for name in names]
    rows = [
        cost(text, amount=str(at)) for at, name in enumerate(names, start=1) for text in (plain(name), name)
    ]
    with (
        TemporaryDirectory() as folder,
        measured(Path(folder), {"Clients": PEOPLE, "Costs": rows}) as volumes,
    ):
        assert volumes.accounts["Costs"].duplicate == len(names)
        for first in range(1, len(rows), 2):
            assert volumes.cells("costs.csv", first) == volumes.cells("costs.csv", first + 1)


# ------------------------------------------------------------------ a table of which no row can be read


def refused(folder: Path, **tables: Sequence[tuple[str, ...] | Part]) -> str:
    with pytest.raises(Refused) as caught:
        measured(folder, {"Clients": PEOPLE, **tables})
    return next(one.message for one in caught.value.found if one.code == "SIB0618")


def test_a_table_of_months_alone_stops_the_run(tmp_path: Path) -> None:
    clients = [("C1", "2026-04"), ("C2", "2026-05"), ("C2", "2026-05")]
    assert refused(tmp_path, Clients=clients) == (
        "No row of Clients can be read: all 3 are invalid, so nothing could be counted. In 3 rows Opened On is not a date "
        "such as 2018-05-31: clients.csv row 1 holds 2026-04"
    )


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (cost(amount="£5"), "Amount is not a number in plain digits, such as 12.5: costs.csv row 1 holds £5"),
        (
            cost(day="31/05/2026"),
            "Spent On is not a date such as 2018-05-31: costs.csv row 1 holds 31/05/2026",
        ),
        (cost(amount=""), "Amount is blank: costs.csv row 1"),
        ((*cost(), "more"), "there are too few or too many cells: costs.csv row 1"),
    ],
)
def test_the_column_that_fails_is_named(tmp_path: Path, bad: tuple[str, ...], said: str) -> None:
    assert f"In 1 row {said}" in refused(tmp_path, Costs=[bad])


def test_every_part_of_a_table_counts(tmp_path: Path) -> None:
    bad, good = cost(day="2026-05"), cost()
    parts = [
        Part("costs/a.csv", HEADINGS["Costs"], (bad,)),
        Part("costs/b.parquet", HEADINGS["Costs"], (bad,)),
    ]
    # Equal rows are duplicates of what cannot be read.
    assert "all 2 are invalid" in refused(tmp_path, Costs=parts)
    whole = [*parts, Part("costs/c.csv", HEADINGS["Costs"], (good,))]
    assert told(tmp_path, Costs=whole)[1] == 100


def test_impossible_values_were_read_and_empty_tables_are_none(tmp_path: Path) -> None:
    found, whole = told(tmp_path, Stays=[("C1", "2026-05-02", "2026-05-01")])
    assert (found, whole) == ({}, 0)


def test_a_table_that_no_row_of_can_be_read_leaves_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "c.sib").write_text(TEXT)
    with pytest.raises(Refused):
        measured(tmp_path, {"Clients": [("C1", "2026-04")]})
    assert sib(["pay", str(tmp_path / "c.sib"), "--records", str(tmp_path), "--as-of", "2026-06-30"]) == 2
    assert "SIB0618" in capsys.readouterr().err


# ------------------------------------------------------------------ rows that may tell one thing twice


def test_an_identifier_in_two_exports_is_told_and_paid_twice(tmp_path: Path) -> None:
    april = Part("costs/april.csv", HEADINGS["Costs"], (cost("INV-7"), cost("INV-9")))
    may = Part("costs/may.csv", HEADINGS["Costs"], (cost("INV-7", amount="90"), cost("INV-8"), cost("INV-9")))
    found, whole = told(tmp_path, Costs=[april, may])
    assert whole == 100 + 100 + 90 + 100
    assert found == {
        "SIB0619": "An identifier stands in several rows of Costs that differ in other cells, in 2 rows: Cost ID INV-7 "
        "(costs/april.csv row 1, costs/may.csv row 1). Each row is counted as one of its own"
    }


def test_blank_identifiers_and_invalid_rows_repeat_nothing(tmp_path: Path) -> None:
    rows = [cost(""), cost("", amount="7"), cost("K1"), cost("K1", amount="£7"), cost("K2", amount="7")]
    assert told(tmp_path, Costs=rows)[0] == {}


def test_a_stay_ended_in_a_later_return_is_told_and_runs_on(tmp_path: Path) -> None:
    rows = [("C1", "2026-04-01", ""), ("C1", "2026-04-01", "2026-04-11"), ("C2", "2026-04-01", "")]
    found, whole = told(tmp_path, Stays=rows)
    assert whole == 91 + 91
    assert list(found) == ["SIB0621"]
    assert "C1 (stays.csv row 1 is open, stays.csv row 2 ends on 2026-04-11)" in found["SIB0621"]


def test_a_stay_begun_after_an_open_one_is_told(tmp_path: Path) -> None:
    rows = [("C1", "2026-05-01", "2026-05-03"), ("C1", "2026-04-01", "")]
    found, whole = told(tmp_path, Stays=rows)
    assert whole == 91
    assert "C1 (stays.csv row 2 is open, stays.csv row 1 begins on 2026-05-01)" in found["SIB0621"]
    before = [("C1", "2026-03-01", "2026-03-03"), ("C1", "2026-04-01", "")]
    assert told(tmp_path, Stays=before)[0] == {}


def test_two_stays_that_begin_together_are_told(tmp_path: Path) -> None:
    rows = [("C1", "2026-04-01", "2026-04-03"), ("C1", "2026-04-01", "2026-04-06"), ("C2", "2026-04-01", "")]
    found, whole = told(tmp_path, Stays=rows)
    assert whole == 5 + 91
    assert list(found) == ["SIB0620"]
    assert "C1 from 2026-04-01 (stays.csv row 1, stays.csv row 2)" in found["SIB0620"]


# ------------------------------------------------------------------ identifiers that a spreadsheet changed


@pytest.mark.parametrize(
    ("mine", "others"),
    [
        ("1.23457E+11", ["C1"]),
        ("1.2345678901234568e+18", ["C1"]),
        ("689661.0", ["689661"]),
        ("123", ["00456"]),
        ("123", ["00123", "0007"]),
        ("43251", ["A-1", "A-2"]),
        ("02-Mar", ["A-1"]),
        ("#N/A", ["C1"]),
    ],
)
def test_what_a_spreadsheet_does_to_identifiers_is_told(tmp_path: Path, mine: str, others: list[str]) -> None:
    clients = [(name, "2026-04-01") for name in others]
    found, _ = told(tmp_path, Clients=clients, Costs=[cost("K1", mine), cost("K2", others[0])])
    assert list(found) == ["SIB0622"]
    assert f": {mine} (costs.csv row 1)" in found["SIB0622"]


@pytest.mark.parametrize(
    "those", [["1.1", "1.0"], ["007", "008", "1000"], ["43251", "43252"], ["1E5", "7A1"], ["0", "10"]]
)
def test_identifiers_that_are_so_by_themselves_are_not_told(tmp_path: Path, those: list[str]) -> None:
    clients = [(name, "2026-04-01") for name in those]
    assert told(tmp_path, Clients=clients, Costs=[cost("K1", those[0])])[0] == {}


# ------------------------------------------------------------------ codes


def test_a_code_that_the_table_lacks_is_named_with_its_rows(tmp_path: Path) -> None:
    rows = [
        cost("K1"),
        cost("K2", kind="U4"),
        cost("K3", kind=""),
        cost("K4", kind="C"),
        cost("K5", kind="U4"),
    ]
    found, whole = told(tmp_path, Costs=rows)
    assert whole == 100
    assert found == {
        "SIB0623": "Kinds has no row for 1 code of Kind in 2 rows of Costs: U4 (costs.csv row 2, costs.csv row 5). What is "
        "read there is blank"
    }


def test_a_row_that_a_blank_leaves_out_says_what_is_blank(tmp_path: Path) -> None:
    unmet = "not met: Paid read at Kind is not no"
    rows = [
        (cost("K1", kind="B"), unmet),
        (cost("K2", kind="U4"), f"{unmet}; Kinds has no row for U4"),
        (cost("K3", kind="C"), f"{unmet}; Paid read at Kind is blank for C"),
        (cost("K4", kind=""), f"{unmet}; Kind is blank"),
        (cost("K5", who=""), "Client ID is blank, so the row is nobody's"),
        (
            cost("K6", day="2026-03-31"),
            "dated 2026-03-31, outside the payment period, 1 April 2026 to 31 March 2027",
        ),
    ]
    with measured(tmp_path, {"Clients": PEOPLE, "Costs": [row for row, _ in rows]}) as volumes:
        said = [(one.status, one.reason) for one in volumes.rows() if one.records == "Costs"]
    assert said == [("outside", reason) for _, reason in rows]


# ------------------------------------------------------------------ everywhere alike


def test_warnings_stand_in_the_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "c.sib").write_text(TEXT)
    with measured(tmp_path, {"Clients": PEOPLE, "Costs": [cost("K1"), cost("K1", amount="7")]}):
        pass
    call = ["pay", str(tmp_path / "c.sib"), "--records", str(tmp_path), "--as-of", "2026-06-30"]
    assert sib([*call, "--format", "json"]) == 0
    out = capsys.readouterr()
    (only,) = json.loads(out.out)["warnings"]
    assert (only["code"], only["severity"]) == ("SIB0619", "warning")
    assert "K1 (costs.csv row 1, costs.csv row 2)" in only["message"]
    assert "SIB0619" in out.err


def test_a_programme_tells_of_each_contract(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("East", "West"):
        text = TEXT.replace("contract Claims", f"contract {name}")
        (tmp_path / f"{name.lower()}.sib").write_text(text)
        (tmp_path / "records" / name.lower()).mkdir(parents=True)
        rows = [cost("K1"), cost("K1" if name == "West" else "K2", amount="7")]
        with measured(tmp_path / "records" / name.lower(), {"Clients": PEOPLE, "Costs": rows}):
            pass
    (tmp_path / "p.sib").write_text(
        "programme Both\n  currency  GBP\n  years     begin 1 April\n  rounding  each line, half up, to the penny\n  | contract | file       |\n"
        '  | East     | "east.sib" |\n  | West     | "west.sib" |\nend programme\n'
    )
    call = ["pay", str(tmp_path / "p.sib"), "--records", str(tmp_path / "records"), "--as-of", "2026-06-30"]
    assert sib([*call, "--format", "json"]) == 0
    out = capsys.readouterr()
    told_of = {one["contract"]["name"]: one.get("warnings", []) for one in json.loads(out.out)["contracts"]}
    assert [one["code"] for one in told_of["West"]] == ["SIB0619"]
    assert told_of["East"] == []
    assert "West: An identifier stands" in out.err


PLACE = re.compile(r"\w+\.csv row \d+")
NAMES = (
    "C1",
    "C2",
    "c1\u00a0",
    "C1\u200b",
    "00123",
    "123",
    "1.23457E+11",
    "Cafe\u0301",
    "Café",
    "",
    "689661.0",
)
DAYS = ("2026-04-01", "2026-04-02", "2026-05-01", "", "2026-05", "43251", "31/05/2026", "\ufeff2026-04-09")


@forms.hypothesis()
@given(st.integers(0, 10**9))
def test_the_order_of_rows_changes_places_alone_and_no_row_is_lost(seed: int) -> None:
    rng = random.Random(seed)
    one = rng.choice
    tables: dict[str, list[tuple[str, ...]]] = {
        "Clients": [("C1", "2026-04-01"), *((one(NAMES), one(DAYS)) for _ in range(rng.randrange(6)))],
        "Costs": [
            cost(),
            *(
                cost(
                    one(("K1", "K2", "1E+05")),
                    one(NAMES),
                    one(DAYS),
                    one(("1", "2.5", "1,000", "£1")),
                    one("ABCU"),
                )
                for _ in range(rng.randrange(8))
            ),
        ],
        "Stays": [
            ("C1", "2026-04-01", ""),
            *((one(NAMES), one(DAYS), one(DAYS)) for _ in range(rng.randrange(8))),
        ],
    }
    for rows in tables.values():
        rows += [(*row, "more") for row in rows[1:2] if rng.random() < 0.3]
    answers = []
    for _ in range(2):
        with TemporaryDirectory() as folder, measured(Path(folder), tables) as volumes:
            for name, account in volumes.accounts.items():
                assert account.rows == len(tables[name])
            reasons = sorted(
                (row.records, row.status, re.sub(r"row \d+", "row", row.reason)) for row in volumes.rows()
            )
            assert all(reason for _, status, reason in reasons if status != "used")
            said = sorted(
                (found.code, len(PLACE.findall(found.message)), PLACE.sub("", found.message))
                for found in volumes.warnings
                if found.code not in ("SIB0617", "SIB0621")
            )
            codes = sorted(found.code for found in volumes.warnings)
            answers.append((volumes.quantities, reasons, said, codes))
        for rows in tables.values():
            rng.shuffle(rows)
    assert answers[0] == answers[1]
