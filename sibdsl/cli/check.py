"""`sib check`: what is wrong or open in a contract."""

from __future__ import annotations

from pathlib import Path

import click

from sibdsl.cli import trouble
from sibdsl.cli.common import (
    compiled_with,
    format_option,
    kind,
    loaded,
    setting_options,
    with_option,
)
from sibdsl.cli.completion import ContractFile
from sibdsl.cli.screen import emit, laid_out, machine, say
from sibdsl.compile import Compiled
from sibdsl.diagnostics import Diagnostic, Refused
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import Settings


@click.command("check", short_help="Read a contract and report what is wrong or open in it.")
@click.argument("contracts", metavar="[FILES AND FOLDERS]...", nargs=-1, type=ContractFile())
@with_option
@setting_options
@click.option(
    "--rules",
    "packs",
    multiple=True,
    metavar="PACK",
    help="Decide rules: `all`, `own`, a pack such as funds/cbo, or a rule by name; may be given again.",
)
@click.option(
    "--save",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("counterexamples"),
    show_default=True,
    metavar="DIR",
    help="Where counterexamples are written, each as a quantities file.",
)
@click.option(
    "--budget",
    type=click.IntRange(min=1),
    metavar="UNITS",
    help="Work for all rules together, in units of the prover: the same on every machine.",
)
@click.option("--quiet", "-q", is_flag=True, help="Show findings only.")
@format_option("text", "json", "sarif", "github")
def command(
    contracts: tuple[Path, ...],
    varied: tuple[Path, ...],
    pairs: tuple[str, ...],
    parameters: Path | None,
    packs: tuple[str, ...],
    save: Path,
    budget: int | None,
    quiet: bool,
    form: str,
) -> int:
    """Read CONTRACTS and report what is wrong or open in them: holes in bands, unused terms, dates that do not fit."""
    from sibdsl import pipeline
    from sibdsl.check.structure import findings
    from sibdsl.model.variations import as_far_as_dated

    every: list[Diagnostic] = []
    statuses: list[int] = []
    heads: list[dict[str, object]] = []
    for path in contracts:
        try:
            held = kind(path)
            if held == "programme":
                whole = loaded(path, (), pairs, parameters)
                found = list(pipeline.check(whole))
                if form == "text" and not quiet:
                    names = ", ".join(member.name for member in whole.programme.members)
                    say(f"{whole.programme.name}: {names}", bold=True)
                every.extend(found)
                if form == "text":
                    _findings(path, found, quiet=quiet)
                if packs:
                    say("Rules are decided for one contract at a time: name the contract's file.", err=True)
                    statuses.append(3)
                continue
            if held == "module":
                from sibdsl.cli.module import check as check_module

                found, facts = check_module(path, show=form == "text" and not quiet)
                heads.append(facts)
                every.extend(found)
                if form == "text":
                    _findings(path, found, quiet=quiet)
                if packs:
                    say("Rules are decided for a contract: name one that uses the module.", err=True)
                    statuses.append(3)
                continue
            made, given = compiled_with(path, varied, pairs, parameters)
            terms = as_far_as_dated(made.contract, given)
            found = [*made.findings, *findings(terms, given)]
            if form == "text" and not quiet:
                _head(made, given, terms, decided=bool(packs))
            heads.append(_facts(made.contract, given, terms))
        except Refused as refused:
            found = refused.found
        every.extend(found)
        if form == "text":
            _findings(path, found, quiet=quiet)
        if packs and any(one.code == "SIB0560" for one in found):
            say("Rules are not decided while a date of the contract has not been given.", err=True)
            statuses.append(3)
        elif packs and not any(one.severity == "error" for one in found):
            from sibdsl.check.rules.budget import CALL
            from sibdsl.check.rules.report import prover
            from sibdsl.cli.rules import Call, decide

            call = Call(path, pairs, parameters, budget or CALL)
            status, verdicts = decide(terms, given, packs, call, save, show=form == "text")
            statuses.append(status)
            heads[-1]["rules"] = verdicts
            heads[-1]["decided_with"] = {**prover(), "units": call.budget}
    if form != "text":
        _machine(form, every, heads)
    if any(one.severity == "error" for one in every):
        return 2
    return next((status for status in (1, 3) if status in statuses), 0)


#: What stops payment is shown first.
_ORDER = ("error", "warning", "note")


def _findings(path: Path, found: list[Diagnostic], *, quiet: bool) -> None:
    from sibdsl.diagnostics.render import count_line, plain

    found = sorted(found, key=lambda one: (_ORDER.index(one.severity), one.span))
    if found:
        laid_out(plain(found, trouble.sources(), width=trouble.width(), colour=trouble.coloured()))
    if found or not quiet:
        say(count_line(found, str(path)))


def _machine(form: str, found: list[Diagnostic], heads: list[dict[str, object]]) -> None:
    from importlib.metadata import version

    from sibdsl.diagnostics import render

    if form == "sarif":
        emit(render.sarif(found, trouble.sources(), version("sibdsl")))
    elif form == "github":
        machine(render.github(found))
    else:
        emit({"format": "sibdsl.findings/1", "contracts": heads, "findings": render.to_json(found)})


def _facts(contract: Contract, given: Settings, terms: Contract) -> dict[str, object]:
    from sibdsl.check.dimensions import dimensions
    from sibdsl.model.fingerprint import fingerprint
    from sibdsl.wording import taken_said

    return {
        "name": contract.name,
        "reference": contract.reference,
        "fingerprint": fingerprint(contract),
        "assumptions": [
            {
                "name": one.name,
                "clause": one.clause,
                "takes": taken_said(contract, given, one, unit=False),
                "reason": one.reason,
                "source": one.source,
            }
            for one in contract.assumptions
        ],
        "precedence": contract.precedence,
        "particulars_not_given": [one.name for one in contract.particulars if one.name not in given.values],
        "rules": [{"name": one.name, "clause": one.clause, "verdict": "not asked"} for one in contract.rules],
        "dimensions": [
            {"name": one.name, "score": one.score, "says": one.says, "why": one.why}
            for one in dimensions(terms)
        ],
    }


_NOT_GIVEN = " (not given)"
#: What prevails, and the ending of its verb.
_PRECEDENCE = {"text over code": ("the words", ""), "code over text": ("this text", "s")}


def _head(made: Compiled, given: Settings, terms: Contract, *, decided: bool) -> None:
    from sibdsl.english import listed
    from sibdsl.model.fingerprint import fingerprint, short
    from sibdsl.model.who_pays import payers_of
    from sibdsl.wording import taken_said

    contract = made.contract
    say(f"{contract.name}   fingerprint {short(fingerprint(contract))}", bold=True)
    for payee, payers in payers_of(contract).items():
        say(f"  {listed(payers)} {'pays' if len(payers) == 1 else 'pay'} {payee}")
    if contract.extension is not None:
        option = contract.extension
        say(f"  {option.party} may extend it by {option.duration}")
    if contract.precedence:
        first, last = _PRECEDENCE[contract.precedence]
        say(f"  where the signed words and this text differ, {first} prevail{last}")
    missing = [one for one in contract.particulars if one.name not in given.values]
    if contract.assumptions:
        say()
        say("Assumptions, each of which `--set` can change")
        wide = max(len(one.name) for one in contract.assumptions)
        for one in contract.assumptions:
            changed = " (set from outside)" if given.values.get(one.name) != one.takes else ""
            say(f"  {one.name:<{wide}}  {taken_said(contract, given, one, unit=False)}{changed}   {one.span}")
            _wrapped(one.reason)
    if missing:
        say()
        say("Particulars not given")
        wide = max(len(one.name) for one in missing)
        for particular in missing:
            say(f"  {particular.name:<{wide}}  {particular.kind}   {particular.note}")
    _variations(contract, given)
    _dimensions(terms)
    if contract.rules and not decided:
        say()
        say(f"Rules: {len(contract.rules)} read, not decided here. `--rules all` decides them.")
    say()


def _dimensions(terms: Contract) -> None:
    """Where the contract stands on what its own text decides, with the reason of each."""
    from sibdsl.check.dimensions import dimensions

    found = dimensions(terms)
    say()
    say("Dimensions of the evaluation, from 3 (a lot) to 1 (a little)")
    wide = max(len(one.name) for one in found)
    for one in found:
        say(f"  {one.name:<{wide}}  {one.score or '-'}  {one.says}")
        _wrapped(f"{one.why}.")


def _variations(contract: Contract, given: Settings) -> None:
    """The variations, in the order written, with the days on which they were agreed and take effect."""
    from sibdsl.wording import day_said

    if not contract.variations:
        return
    say()
    say("Variations")
    for one in contract.variations:
        days = [
            f"{word} {day_said(amount, given, _NOT_GIVEN)}"
            for word, amount in (("agreed", one.agreed), ("effective", one.effective))
        ]
        say(f"  {one.name}   {', '.join(days)}   {one.span}")
    if any(
        day_said(day, given, _NOT_GIVEN).endswith(_NOT_GIVEN)
        for one in contract.variations
        for day in (one.agreed, one.effective)
    ):
        say("  A date has not been given, so the contract is checked as it was signed.")


def _wrapped(text: str) -> None:
    import textwrap

    for line in textwrap.wrap(text, width=trouble.width() - 6):
        say(f"      {line}")
