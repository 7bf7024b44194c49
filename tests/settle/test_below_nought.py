"""Amounts below nought from the command line: what is refused, paid, owed back, kept, explained, and added up."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sibdsl.cli.app import run

HEAD = """\
contract {name}
  service period  1 May 2017 to 30 April 2018
  payment period  1 May 2017 to 31 July 2018
  currency        GBP
  years           begin 1 August
  statements      monthly
  rounding        each line, half up, to the penny
end contract

parties
  | party    | role         |
  | Agency   | commissioner |
  | Provider | provider     |
end parties

"""
RETURNED = """\
records Returned Months
  one row per  Month As Returned
  | column      | holds | blank    |
  | Returned On | date  | rejected |
  | Amount      | money | rejected |
end records

metric Instalments
  kind   output
  sums   Amount of Returned Months
  dated  Returned On
end metric

payment On Programme [3]
  payer     Agency
  payee     Provider
  for each  Instalments
  pays      £1
{}end payment
"""
ROWS = "Returned On,Amount\n2017-08-31,750\n2017-09-30,-1500\n2017-10-31,1000\n2017-11-30,200\n"


def made(folder: Path, way: str, name: str = "Refunds") -> Path:
    (folder / "records").mkdir(exist_ok=True)
    (folder / "records" / "returned_months.csv").write_text(ROWS, encoding="utf-8")
    file = folder / "c.sib"
    file.write_text(
        HEAD.format(name=name) + RETURNED.format(f"  taken back  {way}\n" if way else ""), encoding="utf-8"
    )
    return file


def pay(capsys: pytest.CaptureFixture[str], file: Path, *more: str) -> str:
    assert (
        run(["pay", str(file), "--records", str(file.parent / "records"), "--as-of", "2018-07-31", *more])
        == 0
    )
    return capsys.readouterr().out


def paid(capsys: pytest.CaptureFixture[str], file: Path) -> Any:  # noqa: ANN401 - JSON
    return json.loads(pay(capsys, file, "--format", "json"))


@pytest.mark.parametrize("command", ["check", "pay", "price", "test"])
def test_without_the_line_every_command_refuses(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, command: str
) -> None:
    file = made(tmp_path, "")
    more = {
        "pay": ["--records", str(tmp_path / "records")],
        "price": ["--quantities", str(tmp_path / "none.csv")],
    }
    assert run([command, str(file), *more.get(command, [])]) == 2
    found = capsys.readouterr()
    told = " ".join((found.err + found.out).split())
    assert "SIB0541" in told
    assert "On Programme may come to less than nought" in told
    assert "Amount of Returned Months may be below nought" in told


def test_never(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    run_ = paid(capsys, made(tmp_path, "never"))
    assert [(one["kind"], one["amount"]) for one in run_["lines"]] == [
        ("payment", "750.00"), ("payment", "1000.00"), ("payment", "200.00"),
    ]  # fmt: skip
    assert "net" not in run_
    assert "kept" not in run_


def test_by_repayment(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = made(tmp_path, "by repayment")
    run_ = paid(capsys, file)
    (back,) = [one for one in run_["lines"] if one["kind"] == "repaid"]
    assert (back["payer"], back["payee"], back["amount"]) == ("Provider", "Agency", "1500.00")
    assert (back["clause"], back["payment"], back["period_start"]) == ("3", "On Programme", "2017-09-01")
    assert run_["net"] == [
        {"payer": "Agency", "payee": "Provider", "paid": "1950.00", "back": "1500.00", "amount": "450.00"}
    ]
    text = pay(capsys, file)
    assert (
        "Agency pays Provider £1,950.00, Provider pays Agency £1,500.00: £450.00 net from Agency to Provider"
        in text
    )
    (whole,) = [line for line in text.splitlines() if line.startswith("  in all")]
    assert whole.split()[-1] == "£450.00"
    assert "owed back of payments" in text


def test_from_later_payments(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = made(tmp_path, "from later payments")
    run_ = paid(capsys, file)
    assert [(one["kind"], one["amount"]) for one in run_["lines"]] == [
        ("payment", "750.00"), ("payment", "1000.00"), ("taken_back", "-1000.00"), ("payment", "200.00"), ("taken_back", "-200.00"),
    ]  # fmt: skip
    kept = [{"payment": "On Programme", "payer": "Agency", "payee": "Provider", "amount": "300.00"}]
    assert run_["kept"] == kept
    text = " ".join(pay(capsys, file).split())
    assert "not taken from later payments of On Programme by then: £300.00, Agency to Provider" in text


@pytest.mark.parametrize("way", ["by repayment", "from later payments"])
def test_each_line_is_explained(capsys: pytest.CaptureFixture[str], tmp_path: Path, way: str) -> None:
    file = made(tmp_path, way)
    call = ["explain", str(file), "--records", str(tmp_path / "records"), "--as-of", "2018-07-31", "--line"]
    for one in paid(capsys, file)["lines"]:
        assert run([*call, one["id"]]) == 0
        text = " ".join(capsys.readouterr().out.split())
        assert ("taken back" in text) == (
            one["kind"] != "payment" or (way == "from later payments" and one["id"] != "L1")
        )
        if one["kind"] == "repaid":
            assert "Provider owes back to Agency" in text
            assert "Instalments, -1,500 x £1.00, September 2017" in text


def test_in_a_programme_too(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for name in ("North", "South"):
        (tmp_path / name).mkdir()
        made(tmp_path / name, "by repayment", name)
        (tmp_path / f"{name}.sib").write_text(
            (tmp_path / name / "c.sib").read_text(encoding="utf-8"), encoding="utf-8"
        )
    file = tmp_path / "both.sib"
    file.write_text(
        """\
programme Both
  currency  GBP
  rounding  each line, half up, to the penny
  years     begin 1 August
  | contract | file        |
  | North    | "North.sib" |
  | South    | "South.sib" |
end programme
""",
        encoding="utf-8",
    )
    quantities = tmp_path / "q.csv"
    quantities.write_text(
        "contract,period,metric,band,quantity\nNorth,2017-08-01,Instalments,,-100\nSouth,2017-08-01,Instalments,,250\n",
        encoding="utf-8",
    )
    assert run(["price", str(file), "--quantities", str(quantities)]) == 0
    text = capsys.readouterr().out
    assert (
        "Agency pays Provider £250.00, Provider pays Agency £100.00: £150.00 net from Agency to Provider"
        in text
    )
    assert [line.split()[-1] for line in text.splitlines() if line.startswith("  in all")] == [
        "-£100.00",
        "£250.00",
        "£150.00",
    ]


def test_a_quantity_below_nought_of_a_count_is_told_in_an_example(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "c.sib"
    text = HEAD.format(name="Refunds") + RETURNED.format("").replace(
        "sums   Amount of Returned Months", "counts  rows of Returned Months"
    )
    text += (
        "example Less\n  in  2017/18\n  given\n  | metric      | quantity |\n  | Instalments | minus 3  |\n"
    )
    text += "  expect\n  | payment      | pays      |\n  | On Programme | minus £3  |\nend example\n"
    file.write_text(text, encoding="utf-8")
    assert run(["test", str(file)]) == 2
    assert "Instalments is never below nought" in " ".join(capsys.readouterr().err.split())


def test_a_literate_contract_is_refused_on_its_own_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "c.md"
    file.write_text(
        "# Terms\n\n```sib\n" + HEAD.format(name="Refunds") + RETURNED.format("") + "```\n", encoding="utf-8"
    )
    at = file.read_text(encoding="utf-8").split("payment On Programme")[0].count("\n") + 1
    assert run(["check", str(file)]) == 2
    assert f"c.md:{at}" in capsys.readouterr().out
