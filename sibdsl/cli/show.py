"""`sib show`: what a contract comes to, without any data."""

from __future__ import annotations

import textwrap
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sibdsl import pipeline
from sibdsl.cli import trouble
from sibdsl.cli.common import (
    Day,
    contract_argument,
    format_option,
    loaded,
    may_write,
    setting_options,
    with_option,
)
from sibdsl.cli.exit_status import ALL_WELL
from sibdsl.cli.screen import emit, say

if TYPE_CHECKING:
    from sibdsl.pipeline.types import ContractFormulas


@click.command("show", short_help="Show what is paid as formulas, in words, who pays whom, or who invests.")
@contract_argument
@click.option("--formulas", is_flag=True, help="What each payer pays each payee, as formulas.")
@click.option("--flows", is_flag=True, help="Who pays whom, for what, from when, up to which limits.")
@click.option("--investments", is_flag=True, help="Who invests how much in whom, and on what terms.")
@click.option("--words", is_flag=True, help="Each clause in whole sentences.")
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
    words: bool,
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
    """Show what CONTRACT, or each contract of a programme, comes to, without any data.

    With --formulas: what each payer pays each payee in a contract year or a statement period, in the contract's own names.

    With --flows: who pays whom, for what, at which rate, from when and up to which limits; also as a page or a drawing.

    With --investments: who invests how much in whom and on what terms, in a contract or a programme.

    With --words: each clause in whole sentences, as it pays.
    """
    if (formulas, flows, investments, words).count(True) != 1:
        raise click.UsageError("Say what to show: --formulas, --flows, --investments or --words.")
    if investments or words:
        if form not in ("text", "json") or output is not None:
            what = "investments" if investments else "words"
            raise click.UsageError(f"--{what} are shown as text, or with --format json.")
        _only_formulas(year=year, period=day, latex=latex, payer=payer)
        showing = _investments if investments else _words
        return showing(contract, varied, pairs, parameters, form)
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
    ready = pipeline.sound(loaded(contract, varied, pairs, parameters))
    try:
        if flows:
            from sibdsl.cli.show_flows import show

            show(ready, payer, form, output)
            return ALL_WELL
        every = pipeline.formulas(ready, year=year, day=day, payer=payer)
    except pipeline.NotThere as missing:
        raise click.UsageError(str(missing)) from None
    except pipeline.FormulaUnequal as fault:
        say(
            f"This is a fault in sibdsl, not in your files: a formula does not come to what the contract pays ({fault}).\n"
            "No formula is shown. Please report it with the command and the files that led to it.",
            err=True,
        )
        return 70
    if form == "json":
        emit(pipeline.formulas_to_json(ready, every))
        return ALL_WELL
    for shown in every:
        if not ready.programme.alone:
            say(shown.contract.name, bold=True)
        if latex:
            _latex(shown)
        else:
            _text(shown)
    return ALL_WELL


def _investments(
    path: Path, varied: tuple[Path, ...], pairs: tuple[str, ...], parameters: Path | None, form: str
) -> int:
    from sibdsl.cli.show_investments import show

    ready = pipeline.sound(loaded(path, varied, pairs, parameters))
    show(ready.programme, ready.settings.own, form)
    return ALL_WELL


def _words(
    path: Path, varied: tuple[Path, ...], pairs: tuple[str, ...], parameters: Path | None, form: str
) -> int:
    ready = pipeline.sound(loaded(path, varied, pairs, parameters))
    if form == "json":
        emit(pipeline.in_words_to_json(ready))
        return ALL_WELL
    whole = () if ready.programme.alone else ((ready.programme, pipeline.programme_in_words(ready)),)
    for named, every in (*whole, *pipeline.in_words(ready)):
        say(named.name, bold=True)
        for said in every:
            title = f"{said.kind} {said.name}" + (f" [{said.clause}]" if said.clause else "")
            say()
            say(title, bold=True)
            say(textwrap.fill(said.text, trouble.width(), initial_indent="  ", subsequent_indent="  "))
    return ALL_WELL


def _only_formulas(**given: object) -> None:
    """Refuse options that say something of formulas only."""
    for name, value in given.items():
        if value:
            raise click.UsageError(
                f"--{name} goes with --formulas: what else is shown is of the whole contract."
            )


def _text(shown: ContractFormulas) -> None:
    if not shown.formulas:
        say("Nothing is paid.")
    for formula in shown.formulas:
        say(_wrapped(f"{formula.heading} = {formula.amount}", ""))
        for letter in formula.letters:
            note = f"   ({letter.note})" if letter.note else ""
            say(_wrapped(f"{letter.name} = {letter.amount}{note}", "  "))
        for cite in formula.cites:
            clause = f"clause {cite.clause}, " if cite.clause else ""
            say(f"  {clause}{cite.name}, {cite.span}")
        say()
    for note in shown.notes:
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


def _latex(shown: ContractFormulas) -> None:
    say("% needs \\usepackage{amsmath}")
    for formula in shown.formulas:
        say(formula.latex)
    for note in shown.notes:
        say(f"% {note}")
