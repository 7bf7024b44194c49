"""What each file of MHEP 1 says it pays: the contracts as signed, each variation alone, and all of them together."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sibdsl.cli.app import run
from sibdsl.compile import compile_file
from sibdsl.model.parameters.set_option_and_file import settings
from sibdsl.settle import examples
from tests.contracts.mhep1.runs import NEEDS, VARIATIONS, file, given, options

CONTRACTS = [pytest.param(one, id=one) for one in VARIATIONS]


def calls() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """A contract, the file whose examples are run, and the variations that are given."""
    for contract, every in VARIATIONS.items():
        yield contract, "", ()
        for one in every:
            alone = (*NEEDS.get((contract, one), ()), one)
            yield contract, one, alone
            if alone != every:
                yield contract, one, every


@pytest.mark.parametrize(("contract", "tried", "variations"), list(calls()))
def test_every_example_is_met(contract: str, tried: str, variations: tuple[str, ...]) -> None:
    paths = [file(contract, one) for one in variations]
    made = compile_file(file(contract), paths)
    path = file(contract, tried)
    own = [one for one in made.contract.examples if Path(str(one.span).partition(":")[0]).name == path.name]
    assert len(own) == path.read_text(encoding="utf-8").count("\nexample ")
    pairs = tuple(f"{key}={value}" for key, value in given(contract, *variations).items())
    base = settings(made.contract, pairs, None)
    for one in own:
        outcome = examples.run(made.contract, base, one)
        assert outcome.failures == (), one.name


@pytest.mark.parametrize("contract", CONTRACTS)
def test_every_file_is_in_the_standard_form(contract: str) -> None:
    every = [file(contract), *(file(contract, one) for one in VARIATIONS[contract])]
    assert run(["fmt", "--check", *map(str, every)]) == 0


@pytest.mark.parametrize("contract", CONTRACTS)
def test_the_signed_contract_checks_and_passes(contract: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", str(file(contract))]) == 0
    assert run(["test", str(file(contract))]) == 0
    assert "warning" not in capsys.readouterr().out


@pytest.mark.parametrize("contract", CONTRACTS)
def test_all_variations_together_check(contract: str, capsys: pytest.CaptureFixture[str]) -> None:
    every = VARIATIONS[contract]
    assert run(["check", *options(contract, every, given(contract, *every))]) == 0
    said = capsys.readouterr().out
    assert "not given)" not in said
    assert " error " not in said
    assert " warning " not in said
