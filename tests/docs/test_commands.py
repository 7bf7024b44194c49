"""The commands reference lists every command and option, and every field of the JSON."""

import importlib
import json
import re
from collections.abc import Iterator
from datetime import date

import click
import pytest

from sibdsl.cli import COMMANDS
from sibdsl.compile import compile_file
from sibdsl.model.parameters.in_force import as_written
from sibdsl.settle.payments_to_json import contract_to_json as to_json
from sibdsl.settle.run import pay, price_quantities
from tests.docs.reading import COMMANDS as PAGE
from tests.docs.reading import ROOT, fences, section, table_rows

CONTRACT = ROOT / "contracts" / "mhep1" / "tower_hamlets.sib"
DAY = date(2018, 7, 31)


def command(name: str) -> click.Command:
    found = importlib.import_module(f"sibdsl.cli.{COMMANDS[name].module}").command
    assert isinstance(found, click.Command)
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_listed(name: str) -> None:
    text = section(PAGE, f"sib {name}")
    listed = set(re.findall(r"`(--?[a-z-]+)", " ".join(row[0] for row in table_rows(text))))
    options = {flag for one in command(name).params if isinstance(one, click.Option) for flag in one.opts}
    assert listed == options


def test_every_choice_of_form_is_named() -> None:
    for name in COMMANDS:
        for option in command(name).params:
            if isinstance(option.type, click.Choice):
                assert all(f"`{choice}`" in section(PAGE, f"sib {name}") for choice in option.type.choices)


def keys(value: object, trail: str = "") -> Iterator[str]:
    """Every key of an object, and of the objects in its lists, with the key that it stands under in front."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield f"{trail}.{key}".strip(".")
            yield from keys(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner, trail)


def test_every_field_of_the_payments_is_explained() -> None:
    contract = compile_file(CONTRACT).contract
    given = as_written(contract)
    records = ROOT / "contracts" / "mhep1" / "data" / "2018-q2"
    for run in (pay(contract, given, records, DAY).payments, price_quantities(contract, given, {}, DAY)):
        form = json.loads(json.dumps(to_json(run)))
        named = {*given.values, *(table.name for table in contract.records)}
        text = section(PAGE, "JSON of price and pay")
        assert "`warnings`" in text
        form.pop("warnings", None)  # findings, each as `sib check` writes it
        found = {key.rpartition(".")[2] for key in keys(form)} - named
        said = set(re.findall(r"\w+", " ".join(re.findall(r"`[^`]+`", text))))
        assert found - said == set()
        kinds = {line["kind"] for line in form["lines"]}
        assert {kind for kind in kinds if f"`{kind}`" not in text} == set()


def test_the_parameters_file_is_one() -> None:
    shown = [one for one in fences(PAGE) if one.language == "json"]
    assert shown
    assert all(isinstance(json.loads(one.text), dict) for one in shown)
