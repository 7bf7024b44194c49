"""`sib pay`, `sib price` and `sib check` on a programme: its contracts together, told by contract and in all."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import click

from sibdsl import money
from sibdsl.cli.common import as_varied, left, may_write, opened, warn
from sibdsl.cli.screen import emit, say
from sibdsl.compile import CompiledProgramme
from sibdsl.diagnostics import Diagnostic, Refused, same
from sibdsl.model.nodes import Programme
from sibdsl.model.parameters.in_force import Settings
from sibdsl.settle.programme import ProgrammePayments, to_json


def sound(
    path: Path, varied: tuple[Path, ...], pairs: tuple[str, ...], parameters: Path | None
) -> tuple[Programme, Settings, dict[str, Settings]]:
    """A programme whose contracts have no structural errors, its own settings and theirs. Raises Refused."""
    from sibdsl.check.structure import findings
    from sibdsl.model.parameters.set_option_and_file import programme_settings
    from sibdsl.model.variations import readable

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
    rows: Path | None,
) -> int:
    """Records of every contract to payments."""
    from sibdsl.settle.programme import last_of_all, pay_programme
    from sibdsl.settle.run import earlier

    if rows is not None:
        may_write(rows, path, records, parameters)

    programme, own, settings = sound(path, varied, pairs, parameters)
    today = date.today()  # noqa: DTZ011 - the user's own day
    day, why = (as_of, "as given") if as_of else earlier(today, last_of_all(programme, settings))
    with pay_programme(programme, own, settings, folders(programme, records), day) as paid:
        warn(paid.payments.warnings)
        if rows is not None:
            from sibdsl.measure.volumes import write_rows

            write_rows(rows, paid.volumes)
    _show(paid.payments, why, form, lines=lines, rows=rows)
    accounts = (account for one in paid.payments.runs for account in one.accounts.values())
    return left(accounts, form, strict=strict)


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
    from sibdsl.price import quantities_file as given
    from sibdsl.price.programme_graph import programme_cuts
    from sibdsl.settle.programme import last_of_all, price_programme

    programme, own, settings = sound(path, varied, pairs, parameters)
    terms = {one.name: as_varied(one, settings[one.name]) for one in programme.members}
    numbers = given.read_programme(terms, quantities, programme_cuts(programme, terms, own))
    day, why = (as_of, "as given") if as_of else last_of_all(programme, settings)
    _show(price_programme(programme, own, settings, numbers, day), why, form, lines=lines)
    return 0


def _show(run: ProgrammePayments, why: str, form: str, *, lines: bool, rows: Path | None = None) -> None:
    if form == "json":
        emit(to_json(run))
        return
    from sibdsl.cli.show import kinds, payments, words_both_ways

    say(run.programme.name, bold=True)
    say()
    for one in run.runs:
        payments(one, f"{why}; a contract of {run.programme.name}", every_line=lines, rows=rows)
        say()
    currency = run.programme.currency
    say("All contracts", bold=True)
    of_kinds = kinds(run)
    parts = [
        *((f"{one.payer} to {one.payee}", one.amount) for one in run.totals()),
        *of_kinds,
        ("in all", sum((amount for _, amount in of_kinds), Fraction(0))),
    ]
    shown = [(label, money.show(amount, currency)) for label, amount in parts]
    wide = max(len(label) for label, _ in shown)
    broad = max(len(figure) for _, figure in shown)
    for agent, payer, amount in run.cash():
        say(f"  {agent} pays {money.show(amount, currency)} of it in cash, which {payer} owes.")
    for at, (label, figure) in enumerate(shown, start=1):
        say(f"  {label:<{wide}}  {figure:>{broad}}", bold=at == len(shown))
    for said in words_both_ways(run.both_ways, currency):
        say(f"  {said}")


def check(path: Path, pairs: tuple[str, ...], parameters: Path | None, *, show: bool) -> list[Diagnostic]:
    """What is wrong or open in a programme and in each of its contracts. Raises Refused."""
    from sibdsl.check import investments
    from sibdsl.check.structure import findings
    from sibdsl.model.parameters.set_option_and_file import programme_settings

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
