"""The Rhino bond: the published success payments, and each step at its very edge."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from sibdsl.check.structure import findings
from sibdsl.cli.app import run as sib
from sibdsl.compile import compile_file
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.parameters.set_option_and_file import settings
from sibdsl.model.periods import segments
from sibdsl.price import Key
from sibdsl.settle.examples import run as run_example
from sibdsl.settle.run import pay, price_quantities
from tests.docs.reading import ROOT

FILE = ROOT / "contracts" / "rhino" / "rhino.sib"
#: For the tests only: the source has none of them.
DATES = ("Issue Date=1 January 2022", "Maturity Date=31 December 2026")
MADE = compile_file(FILE)
LAST = date(2026, 12, 31)

EDGES = [
    ("-5", "0"), ("-0.0001", "0"), ("0", "0"), ("0.0001", "5503500"), ("1.9999", "5503500"), ("2", "5503500"),
    ("2.0001", "11007000"), ("3.5", "11007000"), ("4", "11007000"), ("4.0001", "13759500"), ("250", "13759500"),
]  # fmt: skip


def total(lines: object) -> Fraction:
    return sum((one.amount for one in lines), Fraction(0))  # type: ignore[attr-defined]


@pytest.mark.parametrize(("percent", "paid"), EDGES)
def test_each_step_at_its_edge(percent: str, paid: str) -> None:
    values = settings(MADE.contract, DATES)
    contract = MADE.terms(values)
    key = Key(segments(contract)[-1], "Growth", "")
    run = price_quantities(contract, values, {key: Fraction(percent) / 100}, LAST)
    assert total(run.lines) == Fraction(paid)
    assert {(one.line.payer, one.line.payee) for one in run.lines} <= {("Outcome Funder", "Noteholders")}


def test_other_notes_are_paid_in_proportion() -> None:
    values = settings(MADE.contract, (*DATES, "Notes=1"))
    contract = MADE.terms(values)
    key = Key(segments(contract)[-1], "Growth", "")
    run = price_quantities(contract, values, {key: Fraction(3, 100)}, LAST)
    assert total(run.lines) == Fraction("73.38")


# ------------------------------------------------------------------ records


def paid_on(folder: Path, rows: str) -> tuple[Fraction, int, list[Fraction]]:
    (folder / "certificates.csv").write_text("certified_on,growth_over_the_term\n" + rows, encoding="utf-8")
    values = settings(MADE.contract, DATES)
    run = pay(MADE.terms(values), values, folder, LAST)
    with run.volumes:
        counted = [number for _, number in run.payments.counted()]
    return total(run.payments.lines), run.payments.accounts["Certificates"].rejected, counted


@pytest.mark.parametrize(
    ("rows", "paid", "growth"),
    [
        ("2026-11-30,3.9%\n", 11_007_000, Fraction(39, 1000)),
        ("2026-11-30,4.1%\n2026-12-15,4%\n", 11_007_000, Fraction(4, 100)),
        ("2026-12-15,4%\n2026-11-30,4.1%\n", 11_007_000, Fraction(4, 100)),
        ("2026-12-15,9%\n2026-12-15,4%\n", 11_007_000, Fraction(4, 100)),
        ("2026-12-31,2.00%\n", 5_503_500, Fraction(2, 100)),
        ("2026-12-31,-2%\n", 0, Fraction(-2, 100)),
    ],
)
def test_the_latest_certificate_counts(tmp_path: Path, rows: str, paid: int, growth: Fraction) -> None:
    assert paid_on(tmp_path, rows) == (paid, 0, [growth])


def test_a_certificate_after_maturity_comes_too_late(tmp_path: Path) -> None:
    assert paid_on(tmp_path, "2027-01-01,5%\n")[0] == 0


def test_no_certificate_pays_nothing_and_is_not_a_growth_of_nought(tmp_path: Path) -> None:
    assert paid_on(tmp_path, "") == (0, 0, [])


def test_a_bad_row_is_left_out_and_the_others_count(tmp_path: Path) -> None:
    assert paid_on(tmp_path, "2026-11-30,3%\n2026-12-30,plenty\n2026-12-30,0.05\n2026-13-01,5%\n")[:2] == (
        11_007_000,
        3,
    )


# ------------------------------------------------------------------ the file


def test_it_is_read_without_its_dates_and_sound_with_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert {one.code for one in findings(MADE.contract, as_written(MADE.contract))} == {"SIB0560"}
    values = settings(MADE.contract, DATES)
    assert [one for one in findings(MADE.terms(values), values) if one.severity != "note"] == []
    assert sib(["price", str(FILE), "--quantities", "none.csv"]) == 2
    assert "Issue Date is a particular without a default" in capsys.readouterr().err


def test_the_highest_step_is_proved_to_be_the_most(tmp_path: Path) -> None:
    given = [word for one in DATES for word in ("--set", one)]
    assert sib(["check", str(FILE), *given, "--rules", "own", "--save", str(tmp_path)]) == 0


def test_its_examples() -> None:
    base = as_written(MADE.contract)
    for one in MADE.contract.examples:
        assert run_example(MADE.contract, base, one, MADE.terms).failures == ()
    assert len(MADE.contract.examples) == 6
