"""Contracts as text, priced by the command that users call, and its lines as plain data."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from click.testing import CliRunner

from sibdsl.cli.price import command
from sibdsl.diagnostics import Refused


class Line(NamedTuple):
    """One line of a run. `start` is the first day of what it speaks of; `stated` that of the statement of an adjustment."""

    contract: str
    payer: str
    payee: str
    payment: str
    kind: str
    clause: str
    start: date
    due: date | None
    amount: Fraction
    stated: date | None


class Refusal(Exception):
    """The command refused the contract, in its words."""


def price(
    folder: Path,
    files: Mapping[str, str],
    quantities: str,
    as_of: date | None = None,
    varied: Sequence[str] = (),
    main: str = "c.sib",
) -> list[Line]:
    """The lines of `sib price` for these files, by the names that they refer to one another by. Raises Refusal."""
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "q.csv").write_text(quantities, encoding="utf-8")
    words = [str(folder / main), "--quantities", str(folder / "q.csv"), "--format", "json"]
    words += ["--as-of", as_of.isoformat()] if as_of else []
    for name in varied:
        words += ["--with", str(folder / name)]
    result = CliRunner().invoke(command, words, standalone_mode=False)
    if isinstance(result.exception, Refused):
        raise Refusal("\n".join(f"{one.code} {one.message}" for one in result.exception.found))
    if type(result.exception).__name__ == "Unpriceable":
        raise Refusal(f"SIB0706 {result.exception}")
    if result.exception is not None:
        raise result.exception
    run = json.loads(result.stdout)
    runs = run.get("contracts", [run])
    return [_line(each["contract"]["name"], line) for each in runs for line in each["lines"]]


def _line(contract: str, line: Mapping[str, object]) -> Line:
    due, stated = line.get("due"), line.get("stated_with")
    return Line(
        contract,
        str(line["payer"]),
        str(line["payee"]),
        str(line["payment"]),
        str(line["kind"]),
        str(line["clause"]),
        date.fromisoformat(str(line["period_start"])),
        date.fromisoformat(str(due)) if due else None,
        Fraction(str(line["amount"])),
        date.fromisoformat(stated["period_start"]) if isinstance(stated, dict) else None,
    )
