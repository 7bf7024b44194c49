"""What a programme comes to without data, and a scenario of its contracts: as one contract has it, and across them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree as ET

import pytest
from attrs import evolve
from hypothesis import given

from sibdsl import pipeline
from sibdsl.cli.app import run as sib
from sibdsl.model.nodes import Programme
from sibdsl.model.parameters.in_force import ProgrammeSettings
from sibdsl.price import Key, price
from sibdsl.settle.default_as_of import last_day
from sibdsl.settle.run import price_all
from tests.programme.made import Made, Rows, cap, counted, made, member, run
from tests.programme.test_properties import achieved

SCENARIO = """
scenario Good Year
  | metric | in 2016/17 |
  | Job    | 10         |
end scenario
"""


@pytest.fixture(scope="module")
def project() -> Iterator[Made]:
    with TemporaryDirectory() as name:
        fees = {"East": member("East", fee="£33.33", more=SCENARIO)}
        caps = cap("£600 in each year") + cap("£90 in 2017/18", across="East, South", name="Late Ceiling")
        yield made(Path(name), caps, fees)


@given(achieved(6))
def test_formulas_come_to_what_is_paid_under_shared_caps(project: Made, rows: Rows) -> None:
    """Each payer's formula for a year, valued on what all contracts achieve, is what the run states for that year."""
    loaded = pipeline.load(project.path)
    graph = pipeline.graph(loaded)
    unknowns: dict[Key, Fraction] = {}
    cuts = {key.segment for key in graph.keys()}  # noqa: SIM118 - not a mapping
    for name, numbers in counted(project, rows).items():
        for key, number in numbers.items():
            segment = next(one for one in sorted(cuts) if key.segment.days.start in one.days)
            unknowns[evolve(key, contract=name, segment=segment)] = number
    priced = price(graph, unknowns)
    for shown in pipeline.formulas(loaded):
        for formula in shown.formulas:
            mine = formula.formula
            paid = sum(
                one.amount
                for one in priced.lines
                if one.line.contract == shown.contract.name
                and (one.line.payer, one.line.payee) == (mine.payer, mine.payee)
                and mine.days.start <= one.line.segment.days.start
                and one.line.segment.days.end <= mine.days.end
            )
            assert mine.value(unknowns) == paid, (shown.contract.name, mine.payer, mine.when)


def test_a_formula_tells_whose_metric_it_speaks_of(project: Made, capsys: pytest.CaptureFixture[str]) -> None:
    assert sib(["show", str(project.path), "--formulas", "--payer", "Fund", "--year", "2016/17"]) == 0
    shown = capsys.readouterr().out
    north = shown.partition("\nNorth\n")[2].partition("\nSouth\n")[0]
    assert "Job (East)" in north
    assert "Job (South)" in north
    assert "Job (North)" not in north


def test_flows_tell_the_limits_that_contracts_share(
    project: Made, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sib(["show", str(project.path), "--flows"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "Who pays whom: North" in shown
    assert "Late Ceiling [9], across East and South: at most £90 in 2017/18, on payments from Fund" in shown
    assert sib(["show", str(project.path), "--flows", "--format", "json"]) == 0
    form = json.loads(capsys.readouterr().out)
    assert [one["contract"]["name"] for one in form["contracts"]] == ["East", "North", "South"]
    assert [one["amount"] for one in form["shared_limits"]] == ["600.00", "90.00"]


@pytest.mark.parametrize("form", ["html", "svg"])
def test_a_page_draws_each_contract_and_says_what_they_share(
    project: Made, form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / f"flows.{form}"
    assert sib(["show", str(project.path), "--flows", "--format", form, "--output", str(file)]) == 0
    text = file.read_text(encoding="utf-8")
    assert sib(["show", str(project.path), "--flows", "--format", form]) == 0
    assert capsys.readouterr().out == text
    whole = text if form == "svg" else text[text.index("<main>") : text.index("</body>")]
    drawn = ET.fromstring(whole)  # noqa: S314 - our own drawing
    idents = [part.get("id") for part in drawn.iter() if part.get("id")]
    assert len(idents) == len(set(idents))  # each arrow has the head of its own drawing
    heads = re.findall(r"url\(#([^)]+)\)", text)
    assert set(heads) <= set(idents)
    words = " ".join(" ".join(drawn.itertext()).split())
    places = [words.index(f"{name} Trust") for name in ("East", "North", "South")]
    assert places == sorted(places)
    for said in ("Ceiling", "at most £600 in each year", "at most £90 in 2017/18", "across East and South"):
        assert said in words


def test_what_is_drawn_of_a_contract_in_a_programme_is_what_is_drawn_of_it_alone(
    project: Made, capsys: pytest.CaptureFixture[str]
) -> None:
    def boxes(path: Path) -> list[str]:
        assert sib(["show", str(path), "--flows", "--format", "svg"]) == 0
        marks = capsys.readouterr().out.splitlines()
        return [mark for mark in marks if mark.startswith(('<rect x="', "<path ")) and "defs" not in mark]

    names = ("east", "north", "south")
    alone = [mark for name in names for mark in boxes(project.path.with_name(f"{name}.sib"))]
    numbered = re.compile(r"url\(#flows-\d-head\)")
    assert [numbered.sub("url(#flows-head)", mark) for mark in boxes(project.path)] == alone


def test_one_payers_contracts_are_drawn(project: Made, capsys: pytest.CaptureFixture[str]) -> None:
    assert sib(["show", str(project.path), "--flows", "--format", "html", "--payer", "Council"]) == 0
    drawn = capsys.readouterr().out
    assert "Council pays North Trust" in drawn
    assert "Fund pays" not in drawn


def test_a_scenario_is_priced_in_the_contracts_that_have_it(
    project: Made, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sib(["price", str(project.path), "--scenario", "good year", "--format", "json"]) == 0
    told = capsys.readouterr()
    assert "North has no scenario good year: nothing is counted in it" in told.err
    assert "East has no" not in told.err
    form = json.loads(told.out)
    # 10 jobs at £33.33 from the fund, at £40 from the council.
    assert {(one["payer"], one["payee"]): one["amount"] for one in form["totals"]} == {
        ("Fund", "East Trust"): "333.30",
        ("Council", "East Trust"): "400.00",
    }


def test_a_scenario_that_no_contract_has_is_refused(
    project: Made, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sib(["price", str(project.path), "--scenario", "Good Yaer"]) == 2
    assert "Did you mean Good Year?" in capsys.readouterr().err


def test_a_year_that_no_contract_has_is_refused(project: Made, capsys: pytest.CaptureFixture[str]) -> None:
    assert sib(["show", str(project.path), "--formulas", "--year", "2031/32"]) == 2
    assert "has no year 2031/32" in capsys.readouterr().err


def test_the_run_is_the_same_from_the_pipeline(project: Made) -> None:
    loaded = pipeline.load(project.path)
    rows: Rows = []
    day = pipeline.last_day(loaded)[0]
    assert pipeline.to_json(pipeline.price(loaded, counted(project, rows), day)) == pipeline.to_json(
        run(project, rows)
    )


def test_check_shows_the_head_of_each_contract(project: Made, capsys: pytest.CaptureFixture[str]) -> None:
    assert sib(["check", str(project.path)]) == 0
    shown = capsys.readouterr().out
    for name in ("East", "North", "South"):
        assert f"\n{name}   fingerprint " in shown
        assert f"  Fund and Council pay {name} Trust" in shown
    assert sib(["check", str(project.path), "--format", "json"]) == 0
    heads = json.loads(capsys.readouterr().out)["contracts"]
    assert [head["name"] for head in heads] == ["East", "North", "South"]
    for head in heads:
        assert (
            sib(["check", str(project.path.with_name(f"{head['name'].lower()}.sib")), "--format", "json"])
            == 0
        )
        assert json.loads(capsys.readouterr().out)["contracts"] == [head]


@given(achieved())
def test_a_contract_by_itself_is_paid_as_in_a_programme_of_one(project: Made, rows: Rows) -> None:
    """Neither shares a limit: the same lines, ids, amounts and JSON; only the graph's keys have the contract's name."""
    contract = next(one for one in project.programme.members if one.name == "East")
    given_values = project.settings.of("East")
    numbers = {"East": counted(project, rows)["East"]}
    alone = Programme.of_one(contract)
    settings = ProgrammeSettings.of_one(contract, given_values)
    day = last_day(alone, settings)[0]
    by_itself = price_all(alone, settings, numbers, day)
    in_one = price_all(evolve(alone, alone=False), settings, numbers, day)
    assert pipeline.to_json(in_one)["contracts"] == [pipeline.to_json(by_itself)]
    assert {key.contract for key in by_itself.runs[0].priced.graph.keys()} == {""}  # noqa: SIM118 - not a mapping
    assert {key.contract for key in in_one.runs[0].priced.graph.keys()} == {"East"}  # noqa: SIM118 - likewise
