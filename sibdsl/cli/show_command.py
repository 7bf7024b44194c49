"""`sib show`: what a contract comes to, without any data."""

from __future__ import annotations

import textwrap
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sibdsl.cli import trouble
from sibdsl.cli.common import (
    Day,
    contract_argument,
    format_option,
    loaded,
    may_write,
    setting_options,
    sound,
    with_option,
)
from sibdsl.cli.screen import emit, say

if TYPE_CHECKING:
    from sibdsl.check.formulas import Formula
    from sibdsl.dates import Period
    from sibdsl.model.nodes import Contract


@click.command("show", short_help="Show what is paid as formulas, or who pays whom.")
@contract_argument
@click.option("--formulas", is_flag=True, help="What each payer pays each payee, as formulas.")
@click.option("--flows", is_flag=True, help="Who pays whom, for what, from when, up to which limits.")
@click.option("--investments", is_flag=True, help="Who invests how much in whom, and on what terms.")
@click.option("--year", metavar="YEAR", help="In this contract year only (2016/17). Without it: in each.")
@click.option(
    "--period", "day", type=Day(), metavar="DATE", help="In the statement period that holds this day."
)
@click.option("--payer", metavar="PARTY", help="Of this payer only.")
@click.option("--latex", is_flag=True, help="In LaTeX, for the package amsmath.")
@with_option
@setting_options
@format_option("text", "json", "html", "svg")
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="With --flows: write to a file, wholly or not at all.",
)
def command(
    contract: Path,
    formulas: bool,
    flows: bool,
    investments: bool,
    year: str | None,
    day: date | None,
    payer: str | None,
    latex: bool,
    varied: tuple[Path, ...],
    pairs: tuple[str, ...],
    parameters: Path | None,
    form: str,
    output: Path | None,
) -> int:
    """Show what CONTRACT comes to, without any data.

    With --formulas: what each payer pays each payee in a contract year or a statement period, in the contract's own names.

    With --flows: who pays whom, for what, at which rate, from when and up to which limits; also as a page or a drawing.

    With --investments: who invests how much in whom and on what terms, in a contract or a programme.
    """
    from sibdsl.check.formulas import Formulas
    from sibdsl.model.variations import in_force
    from sibdsl.price import build

    if (formulas, flows, investments).count(True) != 1:
        raise click.UsageError("Say what to show: --formulas, --flows or --investments.")
    if investments:
        if form not in ("text", "json") or output is not None:
            raise click.UsageError("--investments are shown as text, or with --format json.")
        _only_formulas(year=year, period=day, latex=latex, payer=payer)
        return _investments(contract, varied, pairs, parameters, form)
    if flows:
        _only_formulas(year=year, period=day, latex=latex)
    elif form in ("html", "svg"):
        raise click.UsageError(f"--format {form} goes with --flows.")
    elif output is not None:
        raise click.UsageError("--output goes with --flows.")
    if year is not None and day is not None:
        raise click.UsageError("Give --year or --period, not both.")
    if latex and form == "json":
        raise click.UsageError("--format json holds the LaTeX too: leave out --latex.")
    if output is not None:
        may_write(output, contract, *varied, parameters)
    whole, settings = sound(contract, varied, pairs, parameters)
    terms = in_force(whole, settings)
    if flows:
        from sibdsl.cli.show_flows import show

        show(terms, settings, _payer(terms, payer), form, output)
        return 0
    wanted = _days(terms, year, day)
    who = _payer(terms, payer)
    every = Formulas(terms, build(terms, settings))
    found = [one for days, when in wanted for one in every.in_days(days, when, who)]
    if form == "json":
        emit(_json(terms, found))
    elif latex:
        _latex(terms, found)
    else:
        _text(terms, found)
    return 0


def _investments(
    path: Path, varied: tuple[Path, ...], pairs: tuple[str, ...], parameters: Path | None, form: str
) -> int:
    from sibdsl import pipeline
    from sibdsl.cli.show_investments import show

    ready = pipeline.sound(loaded(path, varied, pairs, parameters))
    show(ready.programme, ready.settings.own, form)
    return 0


def _only_formulas(**given: object) -> None:
    """Refuse options that say something of formulas only."""
    for name, value in given.items():
        if value:
            raise click.UsageError(
                f"--{name} goes with --formulas: what else is shown is of the whole contract."
            )


def _days(contract: Contract, year: str | None, day: date | None) -> list[tuple[Period, str]]:
    """The stretches of days to show, each with its name."""
    from sibdsl.dates import long
    from sibdsl.model.periods import statements
    from sibdsl.wording import contract_years, counted_in

    if day is not None:
        held = [one for one in statements(contract) if day in one]
        if not held:
            raise click.UsageError(f"{long(day)} is outside the payment period, {contract.payment_period}.")
        return [(one, counted_in(contract, one, None)) for one in held]
    every = contract_years(contract)
    if year is not None and year.strip() not in every:
        raise click.UsageError(f"{contract.name} has no year {year}. Its years: {', '.join(every)}.")
    if contract.statements_on:  # they need not be parts of years: those that end in the year
        ended = [one for one in statements(contract) if year is None or one.last in every[year.strip()]]
        return [(one, counted_in(contract, one, None)) for one in ended]
    if year is None and len(statements(contract)) == 1:
        return [(contract.payment_period, "over the contract")]
    return [
        (days, f"in {name}")
        for name, days in every.items()
        if year in (None, name) or name == str(year).strip()
    ]


def _payer(contract: Contract, name: str | None) -> str:
    from sibdsl.diagnostics import nearest, same

    if name is None:
        return ""
    names = [one.name for one in contract.parties]
    found = next((one for one in names if same(one) == same(name)), None)
    if found is None:
        near = nearest(name, names)
        raise click.UsageError(
            f"{contract.name} has no party {name}. "
            + (f"Did you mean {near}?" if near else f"Its parties: {', '.join(names)}.")
        )
    return found


def _text(contract: Contract, found: list[Formula]) -> None:
    from sibdsl.check.formulas.text import heading, letters, notes, said

    if not found:
        say("Nothing is paid.")
    for one in found:
        whole = f"{heading(one)} = {said(contract, one)}"
        say(_wrapped(whole, ""))
        for name, written, note in letters(contract, one):
            say(_wrapped(f"{name} = {written}" + (f"   ({note})" if note else ""), "  "))
        for cite in one.cites:
            clause = f"clause {cite.clause}, " if cite.clause else ""
            say(f"  {clause}{cite.name}, {cite.span}")
        say()
    for note in notes(contract, found):
        say(note)


def _wrapped(text: str, indent: str) -> str:
    """The text in lines that break between terms only, never inside a name or an amount."""
    kept = text.replace(" ", "\u00a0")
    for mark in ("+", "-", ":", "shared"):
        kept = kept.replace(f"\u00a0{mark}\u00a0", f" {mark}\u00a0")
    kept = (
        kept.replace("\u00a0\u00a0\u00a0(", "   (")
        .replace(",\u00a0", ", ")
        .replace("\u00a0=\u00a0", "\u00a0= ")
    )
    return textwrap.fill(
        kept,
        width=trouble.width(),
        initial_indent=indent,
        subsequent_indent=f"{indent}      ",
        break_on_hyphens=False,
        break_long_words=False,
    ).replace("\u00a0", " ")


def _latex(contract: Contract, found: list[Formula]) -> None:
    from sibdsl.check.formulas.latex import said
    from sibdsl.check.formulas.text import notes

    say("% needs \\usepackage{amsmath}")
    for one in found:
        say(said(contract, one))
    for note in notes(contract, found):
        say(f"% {note}")


def _json(contract: Contract, found: list[Formula]) -> dict[str, object]:
    from sibdsl.check.formulas import latex, text
    from sibdsl.model.fingerprint import fingerprint

    return {
        "format": "sibdsl.formulas/1",
        "contract": {
            "name": contract.name,
            "reference": contract.reference,
            "fingerprint": fingerprint(contract),
        },
        "formulas": [
            {
                "payer": one.payer,
                "payee": one.payee,
                "period_start": one.days.start.isoformat(),
                "period_end": one.days.last.isoformat(),
                "says": f"{text.heading(one)} = {text.said(contract, one)}",
                "amount": text.said(contract, one),
                "letters": [
                    {"letter": name, "amount": written, "note": note}
                    for name, written, note in text.letters(contract, one)
                ],
                "latex": latex.said(contract, one),
                "clauses": [
                    {"clause": cite.clause, "name": cite.name, "file": cite.span.file, "line": cite.span.line}
                    for cite in one.cites
                ],
            }
            for one in found
        ],
        "notes": text.notes(contract, found),
    }
