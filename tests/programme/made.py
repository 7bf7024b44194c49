"""Programmes of small contracts, written into a folder; and what their runs come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from sibdsl.compile import CompiledProgramme, compile_either
from sibdsl.model.nodes import Programme
from sibdsl.model.parameters.in_force import ProgrammeSettings
from sibdsl.model.parameters.set_option_and_file import programme_settings
from sibdsl.model.periods import segments
from sibdsl.model.variations import in_force
from sibdsl.price import Key, PricedLine
from sibdsl.settle.default_as_of import last_day
from sibdsl.settle.payments import Payments
from sibdsl.settle.programme import ProgrammePayments
from sibdsl.settle.run import price_all, price_quantities
from sibdsl.settle.versions import in_segments
from tests.model.people import PEOPLE

#: A contract, a day, a metric, a number.
Rows = Sequence[tuple[str, date, str, int]]

NAMES = ("East", "North", "South")
SERVICE = "1 April 2016 to 31 March 2018"

MEMBER = (
    """
contract {name}
  service period  {service}
  currency        GBP
  years           begin 1 April
  statements      {statements}
  rounding        each line, half up, to the penny
end contract

parties
  | party     | role            |
  | Council   | commissioner    |
  | Fund      | co-commissioner |
  | {name} Trust | provider     |
end parties

particulars
  | particular | holds | default |
  | Fee        | money | {fee}   |
  | Start      | money | £0      |
end particulars

"""
    + PEOPLE
    + """\

metric Loss
  kind        outcome
  counts      rows of Jobs
  among       People
  dated       Started On
  per person  first only
end metric

payment Job Fee
  payer     Fund
  payee     {name} Trust
  for each  Job
  pays      Fee
end payment

payment Local Fee
  payer     Council
  payee     {name} Trust
  for each  Job
  pays      £40
end payment

block advance First Sum
  payer        Fund
  payee        {name} Trust
  paid on      1 July 2016
  pays         Start
  set against  Job Fee over the contract
  set off      in money, as fees fall due
  unused part  kept
end block advance
{more}
"""
)

HEAD = """
programme The Project
  currency  GBP
  years     begin 1 April
  rounding  each line, half up, to the penny
{table}
end programme

parties
  | party | role            |
  | Fund  | co-commissioner |
end parties
"""


class Made(NamedTuple):
    """A programme in a folder, with its settings."""

    path: Path
    programme: Programme
    settings: ProgrammeSettings


def cap(most: str, *, across: str = "", more: str = "", name: str = "Fund Ceiling") -> str:
    """A shared cap over what the fund pays."""
    lines = [f"cap {name} [9]", "  covers   payments from Fund", f"  at most  {most}", "  excess   lost"]
    lines += ["  shared   by date, then pro rata"]
    lines += [f"  across   {across}"] if across else []
    lines += [f"  {more}"] if more else []
    return "\n".join([*lines, "end cap", ""])


def member(
    name: str, *, fee: str = "£100", more: str = "", statements: str = "quarterly", service: str = SERVICE
) -> str:
    return MEMBER.format(name=name, fee=fee, more=more, statements=statements, service=service)


def made(
    folder: Path,
    caps: str,
    members: Mapping[str, str] | None = None,
    order: Sequence[str] = NAMES,
    variations: Mapping[str, str] | None = None,
    pairs: Sequence[str] = (),
) -> Made:
    """Write the programme and its contracts into the folder, and read it."""
    texts = {name: member(name) for name in NAMES} | dict(members or {})
    rows = []
    for name in order:
        (folder / f"{name.lower()}.sib").write_text(texts[name], encoding="utf-8")
        files = f'"{name.lower()}.sib"'
        if name in (variations or {}):
            (folder / f"{name.lower()}_varied.sib").write_text((variations or {})[name], encoding="utf-8")
            files += f', "{name.lower()}_varied.sib"'
        rows.append(f"  | {name} | {files} |")
    path = folder / "project.sib"
    table = "\n".join(["  | contract | file |", *rows])
    path.write_text(HEAD.format(table=table) + caps, encoding="utf-8")
    found = compile_either(path)
    assert isinstance(found, CompiledProgramme)
    return Made(path, found.programme, programme_settings(found.programme, pairs))


def counted(project: Made, rows: Rows) -> dict[str, dict[Key, Fraction]]:
    """Quantities of each contract as varied, by segment."""
    found: dict[str, dict[Key, Fraction]] = {}
    for one in project.programme.members:
        every = segments(in_force(one, project.settings.of(one.name)))
        mine = found[one.name] = {}
        for name, day, metric, number in rows:
            if name == one.name:
                key = Key(next(each for each in every if day in each.days), metric, "")
                mine[key] = mine.get(key, Fraction(0)) + number
    return found


def run(project: Made, rows: Rows, as_of: date | None = None) -> ProgrammePayments:
    day = as_of or last_day(project.programme, project.settings)[0]
    return price_all(project.programme, project.settings, counted(project, rows), day)


def alone(project: Made, name: str, rows: Rows) -> Payments:
    """One contract's run without the programme."""
    contract = next(one for one in project.programme.members if one.name == name)
    day = last_day(project.programme, project.settings)[0]
    counts = in_segments(contract, counted(project, rows)[name])
    return price_quantities(contract, project.settings.of(name), counts, day)


def lines(paid: ProgrammePayments, payer: str = "Fund") -> list[PricedLine]:
    """Every line that a payer owes, in whichever contract."""
    return [one for each in paid.runs for one in each.lines if one.line.payer == payer]


def shared_cuts(paid: ProgrammePayments) -> list[PricedLine]:
    return [one for one in lines(paid) if one.line.kind == "cap_cut" and one.line.clause == "9"]


def total(every: Sequence[PricedLine]) -> Fraction:
    return sum((one.amount for one in every), Fraction(0))
