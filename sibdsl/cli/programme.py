"""`sib pay`, `sib price` and `sib check` on a programme: its contracts together, told by contract and in all."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import click
from attrs import evolve

from sibdsl import money
from sibdsl.cli.common import as_varied, opened, warn
from sibdsl.cli.screen import emit, say
from sibdsl.compile import CompiledProgramme
from sibdsl.diagnostics import Diagnostic, Refused, same
from sibdsl.model.nodes import Programme
from sibdsl.model.settings import Settings
from sibdsl.settle.programme import ProgrammePayments, to_json


def sound(
    path: Path, varied: tuple[Path, ...], pairs: tuple[str, ...], parameters: Path | None
) -> tuple[Programme, Settings, dict[str, Settings]]:
    """A programme whose contracts have no structural errors, its own settings and theirs. Raises Refused."""
    from sibdsl.check.structure import findings
    from sibdsl.model.given import programme_settings
    from sibdsl.model.vary import readable

    if varied:
        raise click.UsageError(
            "A programme names the variations of its contracts in its table: leave out --with."
        )
    made = opened(path)
    if not isinstance(made, CompiledProgramme):
        raise Refused(
            Diagnostic("SIB0446", f"{path} holds no programme.", help="Begin with `programme` and its name.")
        )
    own, settings = programme_settings(made.programme, pairs, parameters)
    made = made.read_with(settings)
    for contract in made.programme.members:
        readable(contract, settings[contract.name])
    errors = [
        one
        for contract in made.programme.members
        for one in findings(as_varied(contract, settings[contract.name]), settings[contract.name])
        if one.severity == "error"
    ]
    if errors:
        raise Refused(errors)
    return made.programme, own, settings


def folders(programme: Programme, records: Path) -> dict[str, Path]:
    """The folder of each contract's records: one of its name inside `records`. Raises Refused."""
    there = [one for one in sorted(records.iterdir()) if one.is_dir()] if records.is_dir() else []
    found: dict[str, Path] = {}
    missing: list[str] = []
    for contract in programme.members:
        fits = [one for one in there if same(one.name) == same(contract.name)]
        if fits:
            found[contract.name] = fits[0]
        else:
            missing.append(contract.name)
    if missing:
        names = ", ".join(one.name for one in there) or "no folder"
        raise Refused(
            [
                Diagnostic(
                    "SIB0601",
                    f"{records} has no folder for the records of {one}. It has: {names}.",
                    help=f"Put them in {records / one.lower().replace(' ', '_')}.",
                )
                for one in missing
            ]
        )
    return found


def pay(
    path: Path,
    varied: tuple[Path, ...],
    pairs: tuple[str, ...],
    parameters: Path | None,
    records: Path,
    as_of: date | None,
    *,
    form: str,
    lines: bool,
    strict: bool,
) -> int:
    """Records of every contract to payments."""
    from sibdsl.settle.programme import pay_programme, whole_programme

    programme, own, settings = sound(path, varied, pairs, parameters)
    last = whole_programme(programme, settings)
    today = date.today()  # noqa: DTZ011 - the user's own day
    day = as_of or min(today, last)
    run = pay_programme(programme, own, settings, folders(programme, records), day)
    warn(
        [
            evolve(found, message=f"{one.contract.name}: {found.message}")
            for one in run.runs
            for found in one.warnings
        ]
    )
    _show(run, form, lines=lines)
    invalid = any(account.rejected for one in run.runs for account in one.accounts.values())
    return 1 if strict and invalid else 0


def price(
    path: Path,
    varied: tuple[Path, ...],
    pairs: tuple[str, ...],
    parameters: Path | None,
    quantities: Path,
    as_of: date | None,
    *,
    form: str,
    lines: bool,
) -> int:
    """Quantities of every contract to payments."""
    from sibdsl.price import quantities as given
    from sibdsl.price.programme import programme_cuts
    from sibdsl.settle.programme import price_programme, whole_programme

    programme, own, settings = sound(path, varied, pairs, parameters)
    terms = {one.name: as_varied(one, settings[one.name]) for one in programme.members}
    numbers = given.read_programme(terms, quantities, programme_cuts(programme, terms, own))
    day = as_of or whole_programme(programme, settings)
    _show(price_programme(programme, own, settings, numbers, day), form, lines=lines)
    return 0


def _show(run: ProgrammePayments, form: str, *, lines: bool) -> None:
    if form == "json":
        emit(to_json(run))
        return
    from sibdsl.cli.show import payments

    say(run.programme.name, bold=True)
    say()
    for one in run.runs:
        payments(one, f"a contract of {run.programme.name}", every_line=lines)
        say()
    currency = run.programme.currency
    say("All contracts", bold=True)
    totals = run.totals()
    wide = max((len(f"{one.payer} to {one.payee}") for one in totals), default=6)
    figures = [money.show(one.amount, currency) for one in totals]
    whole = money.show(sum((one.amount for one in totals), Fraction(0)), currency)
    broad = max([len(one) for one in (*figures, whole)])
    for total, figure in zip(totals, figures, strict=True):
        say(f"  {f'{total.payer} to {total.payee}':<{wide}}  {figure:>{broad}}")
    say(f"  {'in all':<{wide}}  {whole:>{broad}}", bold=True)


def check(path: Path, pairs: tuple[str, ...], parameters: Path | None, *, show: bool) -> list[Diagnostic]:
    """What is wrong or open in a programme and in each of its contracts. Raises Refused."""
    from sibdsl.check import investments
    from sibdsl.check.structure import findings
    from sibdsl.model.given import programme_settings

    made = opened(path)
    if not isinstance(made, CompiledProgramme):
        return []
    own, settings = programme_settings(made.programme, pairs, parameters)
    made = made.read_with(settings)
    found = [*made.findings, *investments.of_programme(made.programme, own)]
    for contract in made.programme.members:
        given = settings[contract.name]
        found += findings(as_varied(contract, given), given)
    if show:
        say(f"{made.programme.name}: {', '.join(one.name for one in made.programme.members)}", bold=True)
    return found
