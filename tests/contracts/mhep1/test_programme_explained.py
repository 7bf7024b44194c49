"""The published quarter of Tower Hamlets, explained within the programme: its figures, and the funds' shared limits."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date

import pytest

from sibdsl import pipeline
from sibdsl.settle.run import ProgrammePaid
from tests.docs.reading import ROOT

FOLDER = ROOT / "contracts" / "mhep1"
VALUES = {
    "SCC Engagement Rate": "£650",
    "MHEP Engagement Rate": "£250",
    "MHEP Yearly Value": "£120,000",
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProgrammePaid]:
    """Tower Hamlets' published records; the other two contracts have tables without rows."""
    records = tmp_path_factory.mktemp("records")
    for name in ("haringey", "staffordshire", "tower_hamlets"):
        (records / name).mkdir()
        for file in (FOLDER / "data" / "2018-q2").iterdir():
            heading = file.read_text(encoding="utf-8").splitlines()[0]
            (records / name / file.name).write_text(f"{heading}\n", encoding="utf-8")
    for file in (FOLDER / "data" / "2018-q2").iterdir():
        shutil.copy(file, records / "tower_hamlets" / file.name)
    ready = pipeline.sound(pipeline.load(FOLDER / "mhep1.programme.sib", values=VALUES))
    with pipeline.pay(ready, records, date(2018, 7, 31)) as paid:
        yield paid


def line(run: ProgrammePaid, **wanted: str) -> str:
    """The id of the one line of the published quarter that has these fields."""
    found = [
        priced.id
        for priced in run.payments.of("Tower Hamlets").lines
        if priced.line.segment.days.start == date(2018, 4, 1)
        and all(getattr(priced.line, name) == value for name, value in wanted.items())
    ]
    assert len(found) == 1
    return found[0]


# The review's Box 1 pays £1,350 for a job of 16 hours or more; four were counted in the quarter that it shows.
def test_the_published_line_is_the_same_within_the_programme(run: ProgrammePaid) -> None:
    found = line(run, kind="payment", payer="CBO", metric="Job Entry", band="From 16")
    facts = pipeline.explain_line(run, found, "tower hamlets")
    assert (facts.priced.amount, facts.priced.quantity, facts.priced.line.rate) == (5400, 4, 1350)
    assert facts.counted is not None
    assert len(facts.counted.records) == 4
    assert facts.left == 5400
    shared = {state.cap.name: state for state in facts.caps if state.together is not None}
    assert {name: state.limit for name, state in shared.items()} == {
        "Fund Ceilings": 336_111,
        "Fund Shares": 334_200,  # 12% of the planned £2,785,000
    }
    quarter = sum(
        priced.amount
        for priced in run.payments.of("Tower Hamlets").lines
        if priced.line.payer == "CBO" and priced.line.segment.days.start == date(2018, 4, 1)
    )
    assert quarter == 17_900  # the sum of the rows of Box 1
    assert {state.to_date for state in shared.values()} == {17_900}


def test_a_person_of_the_published_quarter_has_rows_in_one_contract(run: ProgrammePaid) -> None:
    person = pipeline.explain_person(run, "P00057")
    assert [facts.contract.name for facts in person.contracts] == ["Tower Hamlets"]
    with pytest.raises(pipeline.Refused):
        pipeline.explain_person(run, "P00057", "Haringey")
