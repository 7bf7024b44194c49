"""The published schema: current, valid, and met by every contract."""

import copy
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given

from sibdsl.compile import compile_file
from sibdsl.model.json_schema import FILE, main, schema, written
from sibdsl.model.nodes import Contract
from sibdsl.model.to_json import to_json
from tests.model.generate import contracts

HERE = Path(__file__).parents[2]
Validator = jsonschema.Draft202012Validator


def faults(data: object) -> list[str]:
    check = Validator(schema(), format_checker=Validator.FORMAT_CHECKER)
    return [f"{one.json_path}: {one.message}" for one in check.iter_errors(data)]


def test_the_file_is_current() -> None:
    assert FILE.read_text(encoding="utf-8") == written()
    assert main(["--check"]) == 0


def test_it_is_a_schema() -> None:
    Validator.check_schema(schema())


CONTRACTS = [
    path
    for path in sorted((HERE / "contracts").rglob("*.sib"))
    if re.search(r"^contract ", path.read_text(encoding="utf-8"), re.MULTILINE)
]


@pytest.mark.parametrize("path", CONTRACTS, ids=lambda path: path.stem)
def test_every_contract_meets_it(path: Path) -> None:
    assert faults(json.loads(json.dumps(to_json(compile_file(path).contract)))) == []


@given(contracts())
def test_generated_contracts_meet_it(made: tuple[str, Contract]) -> None:
    assert faults(to_json(made[1])) == []


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("contract", "name"), 5),
        (("contract", "currency"), None),
        (("contract", "new_entrants_last"), "31 March 2019"),
        (("contract", "calendar"), "weekly"),
        (("contract", "payments", 0, "rates", 0, "amount", "value"), "£700"),
        (("contract", "payments", 0, "rates", 0, "amount", "value"), 700),
        (("contract", "payments", 0, "rates", 0, "amount", "is"), "guess"),
        (("contract", "assumptions", 0, "takes"), "spring"),
        (("contract", "colour"), "red"),
    ],
)
def test_what_does_not_meet_it(place: tuple[str | int, ...], value: object) -> None:
    data: Any = copy.deepcopy(
        to_json(compile_file(HERE / "contracts" / "mhep1" / "tower_hamlets.sib").contract)
    )
    inner = data
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    assert faults(data)


def test_the_command(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sibdsl.model.json_schema.FILE", tmp_path / "schema.json")
    assert main(["--check"]) == 1
    assert "out of date" in capsys.readouterr().err
    assert main(["--write"]) == 0
    assert main(["--check"]) == 0
    assert main([]) == 2
