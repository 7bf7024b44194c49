"""`sib price`: quantities to payments."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from sibdsl.cli.common import (
    as_of_option,
    contract_argument,
    format_option,
    kind,
    setting_options,
    sound,
    with_option,
)
from sibdsl.cli.screen import emit


@click.command("price", short_help="Turn quantities into payments.")
@contract_argument
@click.option(
    "--quantities",
    type=click.Path(path_type=Path),
    metavar="FILE.csv",
    help="Columns period,metric,band,quantity; period is any date inside it.",
)
@click.option("--scenario", metavar="NAME", help="Price a scenario of the contract instead.")
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
    from sibdsl.model.variations import in_force
    from sibdsl.price import quantities_file as given
    from sibdsl.price import scenarios
    from sibdsl.settle.payments import to_json
    from sibdsl.settle.run import last_day, price_quantities

    if (quantities is None) == (scenario is None):
        raise click.UsageError("Give either --quantities FILE.csv or --scenario NAME.")
    if kind(contract) == "programme":
        from sibdsl.cli.programme import price as price_all

        if quantities is None:
            raise click.UsageError(
                "A programme is priced from --quantities FILE.csv, with a column `contract`."
            )
        return price_all(contract, varied, pairs, parameters, quantities, as_of, form=form, lines=lines)
    whole, settings = sound(contract, varied, pairs, parameters)
    terms = in_force(whole, settings)
    if quantities is not None:
        numbers = given.read(terms, quantities)
    else:
        numbers = scenarios.quantities(terms, settings, scenarios.find(terms, scenario or ""))
    day, why = (as_of, "as given") if as_of else last_day(whole, settings)
    run = price_quantities(whole, settings, numbers, day)
    if form == "json":
        emit(to_json(run))
    else:
        from sibdsl.cli.show import payments

        payments(run, why, every_line=lines)
    return 0
