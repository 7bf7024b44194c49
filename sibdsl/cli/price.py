"""`sib price`: quantities to payments."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from sibdsl.cli.common import (
    as_of_option,
    contract_argument,
    format_option,
    loaded,
    setting_options,
    warn,
    with_option,
)
from sibdsl.cli.exit_status import ALL_WELL
from sibdsl.cli.screen import emit, say


@click.command("price", short_help="Turn quantities into payments.")
@contract_argument
@click.option(
    "--quantities",
    type=click.Path(path_type=Path),
    metavar="FILE.csv",
    help="Columns period,metric,band,quantity; period is any date inside it.",
)
@click.option(
    "--scenario",
    metavar="NAME",
    help="Price a scenario of the contract instead; of a programme, of its contracts that have one.",
)
@as_of_option
@with_option
@setting_options
@click.option("--lines", is_flag=True, help="Show every line, not only those of the last period.")
@format_option("text", "json")
def command(
    contract: Path,
    quantities: Path | None,
    scenario: str | None,
    as_of: date | None,
    varied: tuple[Path, ...],
    pairs: tuple[str, ...],
    parameters: Path | None,
    lines: bool,
    form: str,
) -> int:
    """Turn quantities into payments under CONTRACT.

    Without --as-of, every period of the contract is stated and every block advance is paid.
    """
    from sibdsl import pipeline

    if (quantities is None) == (scenario is None):
        raise click.UsageError("Give either --quantities FILE.csv or --scenario NAME.")
    ready = pipeline.sound(loaded(contract, varied, pairs, parameters))
    if quantities is not None:
        numbers = pipeline.quantities_of(ready, quantities)
    else:
        numbers = pipeline.scenario(ready, scenario or "")
        for member in ready.programme.members:
            if member.name not in numbers:
                say(
                    f"{member.name} has no scenario {scenario}: nothing is counted in it, and what it pays whatever is "
                    "achieved is paid.",
                    err=True,
                )
    day, why = (as_of, "as given") if as_of else pipeline.last_day(ready)
    run = pipeline.price(ready, numbers, day)
    warn(run.warnings)
    if form == "json":
        emit(pipeline.to_json(run))
    else:
        from sibdsl.cli.show_statement import run as show

        show(run, why, every_line=lines)
    return ALL_WELL
