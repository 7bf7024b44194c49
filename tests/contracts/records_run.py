"""Running a contract on a few records that a test writes by hand."""

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from attrs import frozen

from sibdsl.cli.app import run as command
from sibdsl.compile import compile_file
from sibdsl.model.parameters.set_option_and_file import settings
from sibdsl.settle.run import pay

Row = tuple[str, ...]


@frozen
class Found:
    """What a run pays, in pounds or dollars, by payment and first day of the statement period; and the rows' statuses."""

    paid: dict[tuple[str, str], Fraction]
    rows: dict[str, dict[str, int]]

    def total(self, payment: str = "") -> Fraction:
        return sum((sum_ for (name, _), sum_ in self.paid.items() if payment in ("", name)), Fraction(0))


def write(folder: Path, tables: Mapping[str, Iterable[Row]]) -> None:
    """A CSV file for each table; the first row holds the headings."""
    for name, rows in tables.items():
        (folder / f"{name}.csv").write_text("".join(",".join(row) + "\n" for row in rows), encoding="utf-8")


def paid(contract: Path, folder: Path, given: Iterable[str], as_of: str) -> Found:
    """What the records in the folder pay by that day, with these values given."""
    made = compile_file(contract)
    values = settings(made.contract, tuple(given))
    outcome = pay(made.terms(values), values, folder, date.fromisoformat(as_of))
    with outcome.volumes:
        amounts: dict[tuple[str, str], Fraction] = {}
        for one in outcome.payments.lines:
            key = (one.line.payment, one.line.segment.days.start.isoformat())
            amounts[key] = amounts.get(key, Fraction(0)) + one.amount
        rows = {
            table: {
                status: number
                for status in ("used", "outside", "duplicate", "rejected")
                if (number := getattr(account, status))
            }
            for table, account in outcome.payments.accounts.items()
        }
    return Found({key: amount for key, amount in amounts.items() if amount}, rows)


def checks_without_a_finding(
    contract: Path, capsys: pytest.CaptureFixture[str], note: str = "Nothing found"
) -> None:
    """No error, no warning, at most that one note, every example met, and the standard layout."""
    assert command(["check", str(contract)]) == 0
    said = capsys.readouterr().out
    assert note in said
    assert note == "Nothing found" or said.rstrip().splitlines()[-1].startswith("1 note in")
    assert command(["test", str(contract)]) == 0
    assert command(["fmt", "--check", str(contract)]) == 0


def refused(contract: Path, old: str, new: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What `sib check` says of the contract in which one text has been put for another."""
    text = contract.read_text(encoding="utf-8")
    assert text.count(old) == 1
    broken = folder / contract.name
    broken.write_text(text.replace(old, new), encoding="utf-8")
    assert command(["check", str(broken)]) == 2
    told = capsys.readouterr()
    return " ".join((told.out + told.err).replace("|", " ").split())


def proved(contract: Path, rule: str, given: Iterable[str], capsys: pytest.CaptureFixture[str]) -> bool:
    """Whether `sib check --rules` proves the rule for every quantity."""
    command(["check", str(contract), "--rules", rule, *(word for one in given for word in ("--set", one))])
    told = " ".join(capsys.readouterr().out.split())
    return f"{rule} holds, proved" in told
