"""The page of a run: its numbers, what of them is held back, and that it needs nothing and names nobody."""

import re
from datetime import date
from fractions import Fraction
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from sibdsl import pipeline
from sibdsl.cli.app import run as sib
from sibdsl.settle.small_numbers import PageNumber, of_people, summed
from tests.settle.test_measured import TEXT
from tests.settle.tower_hamlets import DAY, FILE, RECORDS


def page_of(contract: Path, records: Path, day: date) -> str:
    ready = pipeline.load(contract)
    with pipeline.pay(ready, records, day) as paid:
        return pipeline.run_page(paid)


@pytest.fixture(scope="module")
def page() -> str:
    return page_of(FILE, RECORDS, DAY)


def rows(page: str) -> list[list[str]]:
    found = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
    return [[unescape(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in found]


def test_numbers_of_few_people_are_held_back_and_the_page_says_so(page: str) -> None:
    # Three people engaged in April to June 2017, sixteen in January to March 2018 and forty after that; six and four job entries.
    assert "Numbers of 1 to 4 people, and amounts that rest on them, are held back" in page
    told = rows(page)
    assert ["January-March 2018", "16"] in told
    assert ["April-June 2018", "40"] in told
    assert ["April-June 2018", "6"] in told
    assert ["April-June 2017", "held back"] in told
    # 40 x £700 and 40 x £300 may be told; what CBO pays rests on 4 and 1 and 2 people too.
    assert ["April-June 2018", "£28,000.00", "£12,000.00", "£0.00", "held back", "held back"] in told
    assert not {"£17,900.00", "£5,400.00", "£57,900.00"} & {cell for row in told for cell in row}
    assert "17,900" not in page


def test_it_names_nobody_and_fetches_nothing(page: str) -> None:
    assert not re.search(r"P0\d{4}|J0\d{4}", page)
    assert "<script" not in page
    assert not re.search(r'(?:src|href)="|url\(|@import', page)
    assert "default-src 'none'" in page


def test_each_chart_says_its_numbers(page: str) -> None:
    charts = re.findall(r'<svg role="img" aria-labelledby="([^"]+)"', page)
    assert len(charts) == len(re.findall("<svg", page)) > 2
    names = [name for labelled in charts for name in labelled.split()]
    assert len(set(names)) == len(names)
    assert all(f'id="{name}"' in page for name in names)
    assert "January-March 2018: 16; April-June 2018: 40" in page
    HTMLParser().feed(page)


def test_one_person_behind_a_band_shows_in_no_sum(tmp_path: Path) -> None:
    contract = tmp_path / "starts.sib"
    contract.write_text(TEXT, encoding="utf-8")
    (tmp_path / "records").mkdir()
    many = [f"P{at},2026-04-10,20" for at in range(1, 8)]
    (tmp_path / "records" / "jobs.csv").write_text(
        "\n".join(["Person ID,Started On,Hours", *many, "P9,2026-08-01,30", ""])
    )
    text = page_of(contract, tmp_path / "records", date(2026, 9, 30))
    assert [row for row in rows(text) if row[0] in ("April-June 2026", "July-September 2026", "in all")][
        :3
    ] == [
        ["April-June 2026", "£70.00", "£70.00"],
        ["July-September 2026", "held back", "held back"],
        ["in all", "held back", "held back"],
    ]
    assert "£80" not in text
    assert "£10.00" not in text


def test_sums_of_what_is_held_back() -> None:
    one, four, ten = (of_people(Fraction(people), people) for people in (1, 4, 10))
    assert (one.number, four.number, ten.number) == (None, None, 10)
    assert of_people(Fraction(0), 0).number == 0
    assert summed([one, ten], Fraction(11)).held_back
    assert summed([one, one, ten], Fraction(12)).held_back
    assert summed([one, four, ten], Fraction(15)) == PageNumber(Fraction(15), 5)
    assert summed([one, four], Fraction(5), of_the_same=True).held_back


def test_it_is_written_to_a_file_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call = ["pay", str(FILE), "--records", str(RECORDS), "--as-of", "2018-07-31"]
    target = tmp_path / "run.html"
    assert sib([*call, "--format", "html", "--output", str(target)]) == 0
    assert capsys.readouterr().out == ""
    assert target.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert target.stat().st_mode & 0o777 == 0o600
    assert sib([*call, "--output", str(target)]) == 2
