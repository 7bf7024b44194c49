"""`sib price`: quantities to payments."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from sibdsl.cli.common import as_of_option, contract_argument, emit, format_option, setting_options, sound


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
@setting_options
@click.option("--lines", is_flag=True, help="Show every line, not only those of the last period.")
@format_option("text", "json")
def command(
    contract: Path,
    quantities: Path | None,
    scenario: str | None,
    as_of: date | None,
    pairs: tuple[str, ...],
    parameters: Path | None,
    lines: bool,
    form: str,
) -> int:
    """Turn quantities into payments under CONTRACT.

    Without --as-of, every period of the contract is stated and every block advance is paid.
    """
    from sibdsl.price import quantities as given
    from sibdsl.price import scenarios
    from sibdsl.settle.payments import to_json
    from sibdsl.settle.run import price_quantities, whole_term

    if (quantities is None) == (scenario is None):
        raise click.UsageError("Give either --quantities FILE.csv or --scenario NAME.")
    terms, settings = sound(contract, pairs, parameters)
    if quantities is not None:
        numbers = given.read(terms, quantities)
    else:
        numbers = scenarios.quantities(terms, settings, scenarios.find(terms, scenario or ""))
    run = price_quantities(terms, settings, numbers, as_of or whole_term(terms))
    if form == "json":
        emit(to_json(run))
    else:
        from sibdsl.cli.show import payments

        payments(run, "as given" if as_of else "the last day of the payment period", every_line=lines)
    return 0
