"""`sib pay`: records to payments."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from sibdsl.cli.common import (
    as_of_option,
    contract_argument,
    format_option,
    kind,
    left,
    may_write,
    setting_options,
    sound,
    warn,
    with_option,
)
from sibdsl.cli.screen import emit


@click.command("pay", short_help="Turn records into payments.")
@contract_argument
@click.option(
    "--records",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder with NAME.csv or NAME.parquet, or a folder NAME of parts, for each records name.",
)
@as_of_option
@with_option
@setting_options
@click.option("--strict", is_flag=True, help="Leave with status 1 when any row is an invalid record.")
@click.option(
    "--rows",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.csv",
    help="Write what became of every row: source,row,status,reason,of_row; of a programme, contract before them.",
)
@click.option("--lines", is_flag=True, help="Show every line, not only those of the last period.")
@format_option("text", "json")
def command(
    contract: Path,
    records: Path,
    as_of: date | None,
    varied: tuple[Path, ...],
    pairs: tuple[str, ...],
    parameters: Path | None,
    strict: bool,
    rows: Path | None,
    lines: bool,
    form: str,
) -> int:
    """Turn the records in DIR into payments under CONTRACT.

    Without --as-of, the run is as of today or of the last day of the payment period, whichever is earlier.
    """
    from sibdsl.settle.payments import to_json
    from sibdsl.settle.run import default_as_of, pay

    if kind(contract) == "programme":
        from sibdsl.cli.programme import pay as pay_all

        return pay_all(
            contract,
            varied,
            pairs,
            parameters,
            records,
            as_of,
            form=form,
            lines=lines,
            strict=strict,
            rows=rows,
        )
    if rows is not None:
        may_write(rows, contract, records, parameters)
    terms, settings = sound(contract, varied, pairs, parameters)
    day, why = (as_of, "as given") if as_of else default_as_of(terms, settings, date.today())  # noqa: DTZ011 - the user's own day
    paid = pay(terms, settings, records, day)
    warn(paid.volumes.warnings)
    if rows is not None:
        paid.volumes.write_rows(rows)
    if form == "json":
        emit(to_json(paid.payments))
    else:
        from sibdsl.cli.show import payments

        payments(paid.payments, f"{why}", every_line=lines, rows=rows)
    return left(paid.payments.accounts.values(), form, strict=strict)
