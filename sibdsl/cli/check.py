"""`sib check`: what is wrong or open in a contract."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from attrs import evolve, frozen

from sibdsl.cli import trouble
from sibdsl.cli.common import (
    format_option,
    kind,
    loaded,
    setting_options,
    with_option,
)
from sibdsl.cli.completion import ContractFile
from sibdsl.cli.exit_status import ALL_WELL, NOT_DECIDED, WRONG_INPUT
from sibdsl.cli.screen import emit, laid_out, machine, say
from sibdsl.diagnostics import Diagnostic, Refused

if TYPE_CHECKING:
    from sibdsl.pipeline import Loaded
    from sibdsl.project.suppressing import Suppressed


@click.command("check", short_help="Read contracts and report what is wrong or open in them.")
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
@click.option(
    "--heads",
    is_flag=True,
    help="Of several files too, show what is shown of one: who pays whom, assumptions, dimensions.",
)
@click.option(
    "--show-suppressed",
    "list_suppressed",
    is_flag=True,
    help="Show the findings that sib.toml leaves out too, each with its reason.",
)
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
    heads: bool,
    list_suppressed: bool,
    form: str,
) -> int:
    """Read contracts and report what is wrong or open in them: holes in bands, unused terms, dates that do not fit.

    Of a folder, every contract, variation, programme and module in it is read; without any, what sib.toml names, or the
    current folder.
    """
    from sibdsl.cli.check_many import Asked, check_many
    from sibdsl.cli.many import one_contract
    from sibdsl.cli.project_file import project
    from sibdsl.project.folders import is_file_alone
    from sibdsl.project.suppressing import left_over, shown

    if not is_file_alone(contracts):
        one_contract(varied, parameters)
        return check_many(
            contracts,
            Asked(
                pairs, packs, save, budget, form, quiet=quiet, heads=heads, show_suppressed=list_suppressed
            ),
        )
    path = contracts[0]
    made: Checked | None = None
    try:
        made = checked(path, varied, pairs, parameters)
        findings = made.found
        if form == "text" and not quiet:
            made.head(bool(packs))
    except Refused as refused:
        findings = refused.found
    facts = [] if made is None else list(made.facts)
    result = shown(project(), findings)
    if form == "text":
        show_findings(result.findings, str(path), quiet=quiet)
    asked_for = RulesToDecide(path, pairs, parameters, packs, budget, save)
    status = _rules(asked_for, made, findings, show=form == "text") if packs else 0
    held = project()
    over = left_over(held, findings, [path], whole=False) if held else []
    every = [*result.findings, *over]
    if form == "text":
        plain_findings(over)
        show_suppressed(result.suppressed, listed=list_suppressed, quiet=quiet)
    else:
        machine_form(form, every, facts, result.suppressed, None if made is None else made.programme)
    return WRONG_INPUT if any(finding.severity == "error" for finding in every) else status


@frozen
class Checked:
    """What is found in one file, with what varies it. Nothing of it has been shown yet.

    `head` shows what a person reads before the findings; it is told whether rules are decided too. `facts` are those of each
    contract, in the order of their names, and `loaded` that of which rules can be decided.
    """

    found: list[Diagnostic]
    head: Callable[[bool], None]
    facts: tuple[dict[str, object], ...] = ()
    #: Of a programme: its name, and its own rules.
    programme: dict[str, object] | None = None
    loaded: Loaded | None = None
    #: Why rules are not decided of what is no contract.
    no_rules: str = ""


def checked(path: Path, varied: tuple[Path, ...], pairs: tuple[str, ...], parameters: Path | None) -> Checked:
    """Check one file of any kind. Raises Refused for one that cannot be read, and NotGiven."""
    from sibdsl import pipeline
    from sibdsl.cli.check_head import rules_not_decided, show_head

    if kind(path) == "module":
        from sibdsl.cli import module

        found, facts, made_up = module.check(path)
        return Checked(
            found,
            lambda _: module.head(made_up),
            (facts,),
            no_rules="Rules are decided for a contract: name one that uses the module.",
        )
    whole = loaded(path, varied, pairs, parameters)
    findings, heads = list(pipeline.check(whole)), pipeline.heads(whole)

    def head(decided: bool) -> None:
        if not whole.programme.alone:
            say(f"{whole.programme.name}: {', '.join(contract.name for contract in heads)}", bold=True)
            rules_not_decided(len(whole.programme.rules), decided=decided)
        for contract in heads:
            if not whole.programme.alone:
                say()
            show_head(contract, decided=decided)

    of_programme = None if whole.programme.alone else pipeline.programme_head_to_json(whole)
    return Checked(
        findings, head, tuple(pipeline.head_to_json(contract) for contract in heads), of_programme, whole
    )


@frozen
class RulesToDecide:
    """Which rules of a file are decided, and how: with which values, how much work, and where counterexamples go."""

    path: Path
    pairs: tuple[str, ...]
    parameters: Path | None
    packs: tuple[str, ...]
    budget: int | None
    save: Path


def _rules(asked: RulesToDecide, made: Checked | None, findings: list[Diagnostic], *, show: bool) -> int:
    """Decide the rules of one file, and add the verdicts to its facts; 0, 1 or 3. Raises Refused for a pack unknown."""
    if made is not None and made.no_rules:
        say(made.no_rules, err=True)
        return NOT_DECIDED
    if made is not None and lacks_dates(made):
        say("Rules are not decided while a date of the contract has not been given.", err=True)
        return NOT_DECIDED
    if made is None or any(finding.severity == "error" for finding in findings):
        return ALL_WELL
    return decided(asked, made, show=show)


def lacks_dates(made: Checked) -> bool:
    """Whether a date that the text of a contract needs, or one of a variation, has not been given."""
    from sibdsl import pipeline

    if any(finding.code == "SIB0560" for finding in made.found):
        return True
    return made.loaded is not None and bool(pipeline.undated(made.loaded))


def decided(asked: RulesToDecide, made: Checked, *, show: bool) -> int:
    """Decide the rules of what has no errors, and add the verdicts to its facts; 0, 1 or 3. Raises Refused."""
    from sibdsl import pipeline
    from sibdsl.cli.rules import Call, decide

    if made.loaded is None:
        return ALL_WELL
    call = Call(asked.path, asked.pairs, asked.parameters, asked.budget)
    whole = evolve(made.loaded, is_sound=True)  # it has just been checked
    verdicts = decide(whole, asked.packs, call, asked.save, show=show)
    for facts in made.facts:
        if facts["name"] in verdicts.of_contracts:
            facts["rules"] = verdicts.of_contracts[str(facts["name"])]
            facts["decided_with"] = pipeline.decided_with(asked.budget)
    if made.programme is not None and verdicts.of_programme:
        made.programme["rules"] = verdicts.of_programme
        made.programme["decided_with"] = pipeline.decided_with(asked.budget)
    return verdicts.status


#: What stops payment is shown first.
_ORDER = ("error", "warning", "note")


def in_order(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Errors, warnings, notes, each by place."""
    return sorted(found, key=lambda finding: (_ORDER.index(finding.severity), finding.span))


def show_findings(found: Sequence[Diagnostic], name: str, *, quiet: bool) -> None:
    """Findings for people, and how many there are in what goes by that name."""
    from sibdsl.diagnostics.render import count_line

    plain_findings(in_order(found))
    if found or not quiet:
        say(count_line(found, name))


def plain_findings(found: Sequence[Diagnostic]) -> None:
    """Findings for people, without a count."""
    from sibdsl.diagnostics.render import plain

    if found:
        laid_out(plain(found, trouble.sources(), width=trouble.width(), colour=trouble.coloured()))


def show_suppressed(suppressed: Sequence[Suppressed], *, listed: bool, quiet: bool) -> None:
    """How many findings sib.toml leaves out, or each with its reason."""
    from sibdsl.cli.project_file import project

    held = project()
    if held is None or not suppressed:
        return
    if listed:
        for one in suppressed:
            plain_findings([one.finding])
            say(f"  Left out by {held.said(one.by.place)}: {one.by.reason}")
    elif not quiet:
        many = len(suppressed) > 1
        say(
            f"{len(suppressed)} finding{'s are' if many else ' is'} left out, as {held.path} says; "
            f"`--show-suppressed` shows {'them with their reasons' if many else 'it with its reason'}."
        )


def machine_form(
    form: str,
    findings: list[Diagnostic],
    heads: list[dict[str, object]],
    suppressed: Sequence[Suppressed],
    programme: dict[str, object] | None = None,
) -> None:
    """The findings of a call for programs."""
    from importlib.metadata import version

    from sibdsl.diagnostics import render

    if form == "sarif":
        emit(render.sarif(findings, trouble.sources(), version("sibdsl")))
    elif form == "github":
        machine(render.github(findings))
    else:
        left_out = [
            {**told, "reason": one.by.reason}
            for told, one in zip(render.to_json([one.finding for one in suppressed]), suppressed, strict=True)
        ]
        emit(
            {
                "format": "sibdsl.findings/1",
                **({"programme": programme} if programme else {}),
                "contracts": heads,
                "findings": render.to_json(findings),
                **({"suppressed": left_out} if left_out else {}),
            }
        )
