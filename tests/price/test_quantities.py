"""Quantities from a file: what each metric could have, and what it could not."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from sibdsl.compile import compile_file, compile_source
from sibdsl.diagnostics import Diagnostic, Refused
from sibdsl.model.periods import segments
from sibdsl.price import Key
from sibdsl.price.quantities_file import file_text, read
from sibdsl.source import Source
from tests.frame import BASE

CONTRACT = compile_file(Path(__file__).parents[1] / "cases" / "essex" / "measuring.sib").contract
FIRST = segments(CONTRACT)[0]


def quantity(tmp_path: Path, metric: str, number: str) -> Fraction:
    file = tmp_path / "quantities.csv"
    file.write_text(f'period,metric,band,quantity\n2013-04-01,{metric},,"{number}"\n', encoding="utf-8")
    return read(CONTRACT, file)[Key(FIRST, metric, "")]


@pytest.mark.parametrize(
    ("metric", "number", "is_"),
    [
        ("Care Days", "40", Fraction(40)),
        ("Care Days", "1,200.0", Fraction(1200)),
        ("Baseline Days", "46.5", Fraction(93, 2)),
        ("Baseline Days", "1/3", Fraction(1, 3)),
        ("Baseline Days", "0", Fraction(0)),
        ("Support Cost", "719.83", Fraction(71983, 100)),
        ("Support Cost", "£1,719.83", Fraction(171983, 100)),
    ],
)
def test_a_quantity_that_the_metric_could_have(
    metric: str, number: str, is_: Fraction, tmp_path: Path
) -> None:
    assert quantity(tmp_path, metric, number) == is_


@pytest.mark.parametrize(
    ("metric", "number", "said"),
    [
        ("Care Days", "46.5", "a whole number from 0 is expected"),
        ("Care Days", "-1", "a whole number from 0 is expected"),
        ("Care Days", "1/3", "a whole number from 0 is expected"),
        ("Care Days", "£5", "a whole number from 0 is expected"),
        ("Baseline Days", "-0.5", "Baseline Days is never less than 0"),
        ("Baseline Days", "£46.5", "a number is expected"),
        ("Baseline Days", "1/0", "a number is expected"),
        ("Baseline Days", "1e3", "a number is expected"),
        ("Baseline Days", "", "a number is expected"),
        ("Support Cost", "-£5", "Support Cost is never less than 0"),
        ("Support Cost", "$5", "a number is expected"),
        ("Support Cost", "0,100", "a number is expected"),
        ("Support Cost", "1.000,5", "a number is expected"),
        ("Care Days", "0,100", "a whole number from 0 is expected"),
        ("Care Days", "1 000", "a whole number from 0 is expected"),
        ("Care Days", "\u0661\u0662", "a whole number from 0 is expected"),
        ("Care Days", "\uff11\uff12", "a whole number from 0 is expected"),
    ],
)
def test_a_quantity_that_it_could_not(metric: str, number: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        quantity(tmp_path, metric, number)
    (found,) = refused.value.found
    assert found.code == "SIB0705"
    assert said in found.message


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    given = {
        Key(FIRST, "Baseline Days", ""): Fraction(41, 3),
        Key(FIRST, "Care Days", ""): Fraction(7),
        Key(FIRST, "Support Cost", ""): Fraction("719.83"),
    }
    file = tmp_path / "quantities.csv"
    file.write_text(file_text(CONTRACT, given), encoding="utf-8")
    assert read(CONTRACT, file) == given
    assert FIRST.days.start == date(2013, 4, 1)


BANDED = compile_source(Source("x.sib", BASE)).contract


def refused(path: Path) -> Diagnostic:
    with pytest.raises(Refused) as stopped:
        read(BANDED, path)
    (one,) = stopped.value.found
    return one


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    one = refused(tmp_path)
    assert one.message == f"{tmp_path} is a folder; quantities are given in one CSV file."
    assert "sib pay" in one.help


def test_a_heading_that_is_not_there(tmp_path: Path) -> None:
    file = tmp_path / "q.csv"
    file.write_text("period,metric,quantity\n2016-04-01,Job Entry,4\n", encoding="utf-8")
    assert refused(file).help == "Its first row should be period,metric,band,quantity."


@pytest.mark.parametrize(
    ("band", "near"), [("Fron 16", "Did you mean From 16? "), ("Elsewhere", "")], ids=["a slip", "another"]
)
def test_a_band_that_is_not_there(band: str, near: str, tmp_path: Path) -> None:
    file = tmp_path / "q.csv"
    file.write_text(f"period,metric,band,quantity\n2016-04-01,Job Entry,{band},4\n", encoding="utf-8")
    assert refused(file).help == f"{near}Its bands: Under 16, From 16."
