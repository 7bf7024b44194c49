"""Values from outside for a particular that has one for each key: their two forms, and every way in which they can be wrong."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from sibdsl.compile import compile_file
from sibdsl.diagnostics import NotGiven, Refused
from sibdsl.model.parameters.in_force import Settings, as_written
from sibdsl.model.parameters.set_option_and_file import in_json, settings

CONTRACT = compile_file(Path(__file__).parents[1] / "cases" / "essex" / "measuring.sib").contract
NAME = "Baseline Share By Age"
TWO = (("11", Fraction(17, 100)), ("12", Fraction(21, 100)))


def from_file(tmp_path: Path, value: object) -> Settings:
    return from_text(tmp_path, json.dumps({"baseline_share_by_age": value}))


def from_text(tmp_path: Path, text: str) -> Settings:
    file = tmp_path / "parameters.json"
    file.write_text(text)
    return settings(CONTRACT, (), file)


@pytest.mark.parametrize(
    "value",
    [
        {"11": "0.17", "12": "0.21"},
        {"11": "17%", "12": "21%"},
        {"11": 0.17, "12": 0.21},
        {" 11 ": "17.0%", "12.0": "0.210"},
        "11: 17%, 12: 0.21",
    ],
)
def test_values_from_a_file(value: object, tmp_path: Path) -> None:
    assert from_file(tmp_path, value).keyed(NAME) == TWO


def test_digits_of_a_json_number_are_read_as_they_stand(tmp_path: Path) -> None:
    text = '{"Baseline Share By Age": {"11": 0.1000000000000000055511151231257827, "12": 1e-1}}'
    found = dict(from_text(tmp_path, text).keyed(NAME))
    assert found["11"] == Fraction("0.1000000000000000055511151231257827")
    assert found["12"] == Fraction(1, 10)


def test_values_from_the_command_go_before_those_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "parameters.json"
    file.write_text('{"baseline_share_by_age": {"11": "0.5"}}')
    assert settings(CONTRACT, [f"{NAME}=11:17%, 12: 21%"], file).keyed(NAME) == TWO


def test_they_are_an_object_in_json() -> None:
    found = settings(CONTRACT, [f"{NAME}=11:17%, 12: 21%"])
    assert in_json(found.values[NAME]) == {"11": "0.17", "12": "0.21"}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("0.17", "gives Baseline Share By Age as `0.17`; a value for each Age At Start is expected"),
        ({}, "a value for each Age At Start is expected"),
        (["0.17"], "a value for each Age At Start is expected"),
        (None, "a value for each Age At Start is expected"),
        (0.17, "a value for each Age At Start is expected"),
        ("11 17%", "a value for each Age At Start is expected"),
        ({"eleven": "17%"}, "for Age At Start eleven, which is not a value of it"),
        ({"": "17%"}, "for Age At Start (blank), which is not a value of it"),
        ({"11": "some"}, "for Age At Start 11, as `some`"),
        ({"11": None}, "for Age At Start 11, as `None`"),
        ({"11": True}, "for Age At Start 11, as `True`"),
        ({"11": {"12": "1%"}}, "for Age At Start 11, as"),
        ({"11": "£5"}, "for Age At Start 11, as `£5`"),
        ({"11": "101%"}, "for Age At Start 11 as `101%`, which the contract does not allow"),
        ({"11": "1%", "11.0": "2%"}, "gives Baseline Share By Age for Age At Start 11 twice"),
    ],
)
def test_a_wrong_form_is_refused(value: object, said: str, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        from_file(tmp_path, value)
    (found,) = refused.value.found
    assert found.code in ("SIB0703", "SIB0701")
    assert said in found.message
    assert found.help


def test_the_form_is_shown() -> None:
    with pytest.raises(Refused) as refused:
        settings(CONTRACT, [f"{NAME}=17%"])
    assert refused.value.found[0].help == (
        'Write such as {"11": "17%"} in a parameters file, or `--set "Baseline Share By Age=11: 17%"`.'
    )


def test_what_is_not_given_is_asked_for() -> None:
    with pytest.raises(NotGiven):
        as_written(CONTRACT).keyed(NAME)
    with pytest.raises(TypeError):
        Settings({NAME: Fraction(1)}).keyed(NAME)
