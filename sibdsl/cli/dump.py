"""`sib dump`: what each stage between the text and the payments made."""

from __future__ import annotations

from pathlib import Path

import click

from sibdsl.cli import trouble
from sibdsl.cli.common import allowed, contract_argument, format_option, loaded, setting_options, with_option
from sibdsl.cli.exit_status import ALL_WELL, WRONG_INPUT
from sibdsl.cli.screen import emit, laid_out, say


@click.command("dump", short_help="Print what a stage of the work made: tree, model, plan or graph.")
@contract_argument
@click.option(
    "--stage",
    type=click.Choice(("tree", "model", "plan", "graph")),
    required=True,
    help="What to print: the text's tree, the model, the plan of measuring, or the price graph.",
)
@with_option
@setting_options
@format_option("text", "json")
def command(
    contract: Path,
    stage: str,
    varied: tuple[Path, ...],
    pairs: tuple[str, ...],
    parameters: Path | None,
    form: str,
) -> int:
    """Print what a stage made of CONTRACT, between its text and its payments, to see or to report how it was understood.

    The tree is of any file of the language, a broken one too. The model is of a contract, a programme or a module. The plan
    of measuring and the price graph are of a contract or a programme, as all variations leave it.
    """
    from sibdsl import pipeline
    from sibdsl.render import stages

    if form == "json" and stage != "model":
        raise click.UsageError(f"--format json goes with --stage model: the {stage} is text to read.")
    if stage == "tree":
        return _tree(contract)
    if pipeline.kind(contract) == "module":
        return _module(contract, stage, form)
    ready = loaded(contract, varied, pairs, parameters)
    whole = ready.programme
    match stage:
        case "model":
            if form == "json" and not whole.alone:
                raise click.UsageError("--format json is of one contract: name the contract's file.")
            if form == "json":
                emit(pipeline.model_to_json(ready.contract))
            else:
                say(stages.model_text(ready.contract if whole.alone else whole), nl=False)
        case "plan":
            for name, plan in pipeline.measuring_plans(ready).items():
                if not whole.alone:
                    say(name, bold=True)
                say(stages.plan_text(plan), nl=False)
        case "graph":
            say(stages.graph_text(pipeline.graph(ready), whole.currency), nl=False)
    return ALL_WELL


def _tree(path: Path) -> int:
    from sibdsl import pipeline
    from sibdsl.diagnostics.render import plain
    from sibdsl.render import stages

    parsed = pipeline.parse(path)
    say(stages.tree_text(parsed.tree), nl=False)
    if not parsed.findings:
        return ALL_WELL
    held = {parsed.source.name: parsed.source}
    laid_out(plain(list(parsed.findings), held, width=trouble.width(), colour=trouble.coloured()), err=True)
    return WRONG_INPUT


def _module(path: Path, stage: str, form: str) -> int:
    from sibdsl import pipeline
    from sibdsl.render import stages

    if stage != "model":
        raise click.UsageError(f"A module has no {stage} by itself: name a contract that uses it.")
    made = pipeline.load_module(path, allow=allowed())
    if form == "json":
        emit(pipeline.model_to_json(made.contract))
        return ALL_WELL
    say(
        "-- Read in a contract made up for it, with a party and a particular for each name that it leaves open."
    )
    say(stages.model_text(made.contract), nl=False)
    return ALL_WELL
