"""Particulars and assumptions of a programme: read by its caps and rules, and taken by contracts that leave theirs open."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from sibdsl import pipeline
from sibdsl.diagnostics import NotGiven
from sibdsl.model.parameters.values_told import values_told
from tests.programme.made import Made, cap, lines, made, member, run, total

Q1 = date(2016, 4, 1)
ROWS = [("North", Q1, "Job", 1), ("South", Q1, "Job", 1)]
TABLE = "\nparticulars\n  | particular | holds | default |\n  | Fee        | {kind} | {value} |\nend particulars\n\n"


def whole(
    folder: Path,
    value: str = "£70",
    north: str = "required",
    kind: str = "money",
    pairs: tuple[str, ...] = (),
) -> Made:
    """North leaves its fee open, or as told; South's is £100, East's too."""
    texts = {"North": member("North", fee=north)}
    return made(folder, TABLE.format(kind=kind, value=value) + cap("Fee in each year"), texts, pairs=pairs)


def fees(project: Made) -> dict[str, int]:
    found = run(project, ROWS)
    return {
        name: int(
            sum(
                one.amount
                for one in found.of(name).lines
                if one.line.kind == "payment" and one.line.payer == "Fund"
            )
        )
        for name in ("North", "South")
    }


def test_what_a_contract_leaves_open_is_worth_what_the_programme_says(tmp_path: Path) -> None:
    project = whole(tmp_path)
    assert fees(project) == {"North": 70, "South": 100}
    # The cap reads the programme's own: £70 of the £170.
    assert total(lines(run(project, ROWS))) == 70


def test_by_itself_the_contract_has_no_value(tmp_path: Path) -> None:
    project = whole(tmp_path)
    with pytest.raises(NotGiven):
        pipeline.price(pipeline.load(project.path.parent / "north.sib"), {"North": {}})


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        (("Fee=£50",), {"North": 50, "South": 50}),
        (("North.Fee=£60",), {"North": 60, "South": 100}),
        (("South.Fee=£60",), {"North": 70, "South": 60}),
    ],
)
def test_a_value_of_the_call_goes_before_the_programmes(
    tmp_path: Path, pairs: tuple[str, ...], expected: dict[str, int]
) -> None:
    assert fees(whole(tmp_path, pairs=pairs)) == expected


def told(project: Made) -> list[str]:
    found = pipeline.check(pipeline.load(project.path))
    return sorted(one.message for one in found if one.code == "SIB0578")


def test_two_values_of_one_name_are_told(tmp_path: Path) -> None:
    """East's and South's £100 differ from £70; North takes the programme's, so nothing is told of it."""
    assert [one.split(":")[0] for one in told(whole(tmp_path))] == [
        "Fee is declared by the programme and by East",
        "Fee is declared by the programme and by South",
    ]
    same = tmp_path / "same"
    same.mkdir()
    assert told(whole(same, "£100", "£100")) == []


def test_two_kinds_of_one_name_are_told_and_not_taken(tmp_path: Path) -> None:
    project = made(
        tmp_path,
        TABLE.format(kind="percentage", value="50%") + cap("£100 in each year"),
        {"North": member("North", fee="required")},
    )
    assert (
        "Fee is declared by the programme and by North: there it holds `percentage`, and here `money`."
        in told(project)
    )
    with pytest.raises(NotGiven):
        run(project, ROWS)


def test_it_is_told_where_a_value_is_from(tmp_path: Path) -> None:
    project = whole(tmp_path)
    found = {one.of: one for one in values_told(project.programme, project.settings) if one.name == "Fee"}
    assert found["North"].value == "70"
    assert found["North"].origin == found["The Project"].origin
    assert "project.sib" in found["North"].origin
    assert "south.sib" in found["South"].origin
