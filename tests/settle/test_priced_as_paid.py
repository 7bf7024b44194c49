"""Quantities that `pay` measured, given to `price`: the same lines, totals, notes and keys, whoever counted.

Of every contract here with an example that gives records, or a folder of them.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sibdsl import money
from sibdsl.cli.app import run as sib
from sibdsl.compile import CompiledProgramme, compile_either
from sibdsl.diagnostics import NotGiven
from sibdsl.model.nodes import Contract, Example
from sibdsl.model.parameters.in_force import Settings, as_written
from sibdsl.model.periods import segments
from sibdsl.model.variations import in_force
from sibdsl.price.quantities_file import read
from sibdsl.settle.examples import run
from sibdsl.settle.payments import Payments
from sibdsl.settle.payments_to_json import contract_to_json as to_json
from sibdsl.settle.run import price_quantities

CONTRACTS = Path(__file__).parents[2] / "contracts"
#: A value for what a contract does not give.
GIVEN = {"money": "£100", "date": "2017-07-01"}
#: What only records have to tell.
OF_RECORDS = {"records", "warnings"}


def examples() -> Iterator[tuple[Path, str]]:
    for path in sorted(CONTRACTS.rglob("*.sib")):
        if "example " in path.read_text(encoding="utf-8") and "given records" in path.read_text(
            encoding="utf-8"
        ):
            yield path, path.stem


def as_file(paid: Payments) -> str:
    """The quantities of a run, as a file that `price` reads; those worked out from others are not given."""
    worked_out = {one.name for one in paid.contract.derived}
    shares = {one.name for one in paid.contract.metrics if one.measures == "percentage"}
    out = io.StringIO()
    sheet = csv.writer(out)
    sheet.writerow(("period", "metric", "band", "quantity"))
    for key, number in paid.counted():
        if key.metric not in worked_out:
            shown = f"{money.number(number * 100)}%" if key.metric in shares else money.number(number)
            sheet.writerow((key.segment.days.start.isoformat(), key.metric, key.band, shown))
    return out.getvalue()


def outcomes(path: Path) -> Iterator[tuple[Contract, Settings, Example, Payments]]:
    """Each example with records that can be run with what the contract gives."""
    try:
        made = compile_either(path)
    except Exception:  # noqa: BLE001 - a module, or a variation by itself
        return
    if isinstance(made, CompiledProgramme):
        return
    for example in made.contract.examples:
        if example.records:
            try:
                outcome = run(made.contract, as_written(made.contract), example, made.terms)
            except NotGiven:
                continue
            yield made.contract, outcome.payments.settings, example, outcome.payments


@pytest.mark.parametrize("path", [path for path, _ in examples()], ids=lambda path: path.stem)
def test_what_was_measured_prices_the_same(path: Path, tmp_path: Path) -> None:
    for contract, settings, example, paid in outcomes(path):
        file = tmp_path / "quantities.csv"
        file.write_text(as_file(paid), encoding="utf-8")
        terms = in_force(contract, settings, paid.as_of)
        priced = price_quantities(contract, settings, read(terms, file), paid.as_of)
        got, expected = to_json(priced), to_json(paid)
        if "not_applied" in got:  # quantities do not say who earned what, and the run says so
            assert got["quantities"] == expected["quantities"]
            continue
        assert set(got) - OF_RECORDS == set(expected) - OF_RECORDS, example.name
        for key in set(got) - OF_RECORDS:
            assert got[key] == expected[key], (example.name, key)


@pytest.mark.parametrize(
    ("file", "variation"),
    [
        ("tower_hamlets", "tower_hamlets_2017"),
        ("tower_hamlets", "tower_hamlets_extension"),
        ("haringey", "haringey_extension"),
        ("haringey", "haringey_renegotiation"),
    ],
)
@pytest.mark.parametrize("form", ["text", "json"])
def test_a_variation_is_the_same_given_and_named(
    file: str, variation: str, form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "mhep1"
    shutil.copytree(CONTRACTS / "mhep1", folder)
    path, given = folder / f"{file}.sib", folder / f"{variation}.sib"
    made = compile_either(path, (given,))
    assert not isinstance(made, CompiledProgramme)
    days = [one.days.start for one in segments(made.contract)[-3:]]
    metrics = [one for one in made.contract.metrics if not one.bands]
    rows = [f"{day},{one.name},,3" for one in metrics for day in days]
    counted = folder / "counted.csv"
    counted.write_text("period,metric,band,quantity\n" + "\n".join(rows) + "\n", encoding="utf-8")
    pairs = [
        f"--set={one.name}={GIVEN[one.kind]}"
        for one in made.contract.particulars
        if one.default is None and one.kind in GIVEN
    ]
    call = ["price", str(path), "--quantities", str(counted), "--lines", "--format", form, *pairs]
    status, by_call = sib([*call, "--with", str(given)]), capsys.readouterr()
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"(?m)^  currency ", f'  varied by "{given.name}"\n  currency ', text, count=1))
    assert sib(call) == status, by_call
    named = capsys.readouterr()
    assert (named.out, named.err) == (by_call.out, by_call.err)
    assert status == 0, by_call.err
