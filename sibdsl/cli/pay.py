"""`sib pay`: records to payments."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from sibdsl import marks
from sibdsl.cli.common import (
    as_of_option,
    contract_argument,
    engine_option,
    format_option,
    left,
    loaded,
    may_write,
    setting_options,
    warn,
    with_option,
)
from sibdsl.cli.keep import keep_option, keeping, names_options, show_page, told
from sibdsl.cli.progress_shown import shown
from sibdsl.cli.records_option import RecordsPlaceGiven, path_of
from sibdsl.cli.screen import emit
from sibdsl.project.addresses import RecordsGiven


@click.command("pay", short_help="Turn records into payments.")
@contract_argument
@click.option(
    "--records",
    required=True,
    type=RecordsPlaceGiven(),
    metavar="DIR",
    help="Folder with NAME.csv, .parquet or .xlsx, or a folder NAME of parts, for each records name; or a workbook with a sheet for each; or a database, such as sqlite:///FILE or postgresql://HOST/NAME.",
)
@as_of_option
@engine_option
@with_option
@setting_options
@click.option("--strict", is_flag=True, help="Leave with status 1 when any row is an invalid record.")
@click.option(
    "--stop-if-rejected",
    "most_rejected",
    metavar="NUMBER",
    help="Stop with status 2, and state nothing, where more rows of a table are invalid: a number, or a share such as 5%.",
)
@click.option(
    "--rows",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.csv",
    help="Write what became of every row: source,row,status,reason,of_row; of a programme, contract before them.",
)
@click.option("--lines", is_flag=True, help="Show every line, not only those of the last period.")
@click.option("--quantities", is_flag=True, help="Show what was measured, period by period.")
@keep_option
@names_options
@format_option("text", "json", "html")
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the page of --format html to a file, wholly or not at all.",
)
def command(
    contract: Path,
    records: RecordsGiven,
    as_of: date | None,
    engine: str,
    varied: tuple[Path, ...],
    pairs: tuple[str, ...],
    parameters: Path | None,
    strict: bool,
    most_rejected: str | None,
    rows: Path | None,
    lines: bool,
    quantities: bool,
    kept_in: Path | None,
    names: bool,
    key: Path | None,
    form: str,
    output: Path | None,
) -> int:
    """Turn the records in DIR into payments under CONTRACT.

    Without --as-of, the run is as of today or of the last day of the payment period, whichever is earlier.
    """
    from sibdsl import pipeline

    if output is not None and form != "html":
        raise click.UsageError("--output goes with --format html.")
    if output is not None:
        may_write(output, contract, path_of(records), parameters)
    if rows is not None:
        may_write(rows, contract, path_of(records), parameters)
        if rows.suffix.lower() != ".csv":
            raise click.UsageError(
                f"--rows writes CSV, and {marks.one_line(str(rows))} does not say so: name a file that ends in .csv."
            )
    if kept_in is None and (names or key is not None):
        raise click.UsageError(
            f"{'--names' if names else '--key'} goes with --keep DIR: {'nobody is named' if names else 'no pseudonym stands'} in what sib pay shows without it."
        )
    if names and key is not None:
        raise click.UsageError(
            "--names lets identifiers stand as they are, and --key gives pseudonyms in their place: leave one of them out."
        )
    allowed = None
    if most_rejected is not None:
        try:
            allowed = pipeline.rejected_allowed(most_rejected)
        except ValueError:
            raise click.UsageError(
                f"--stop-if-rejected is {marks.one_line(most_rejected)}; write a number of rows, or a share such as 5%."
            ) from None
    measured_by = pipeline.engine_named(engine)
    ready = pipeline.sound(loaded(contract, varied, pairs, parameters))
    day, why = (as_of, "as given") if as_of else pipeline.as_of(ready, date.today())  # noqa: DTZ011 - the user's own day
    keep = None
    if kept_in is not None:
        keep = keeping(ready, records, kept_in, why, (pairs, parameters), contract, names=names, key=key)
    with shown():
        paid = pipeline.pay(
            ready, records, day, engine=measured_by if keep is None else keep.engine(measured_by)
        )
    with paid:
        warn(paid.payments.warnings)
        if rows is not None:
            paid.write_rows(rows)
        if allowed is not None:
            pipeline.stop_if_rejected(paid, allowed)
        if keep is not None and kept_in is not None:
            with shown():
                written = keep.write(paid)
            told(kept_in, written)
        page = pipeline.run_page(paid) if form == "html" else ""
    if form == "html":
        show_page(page, output)
    elif form == "json":
        emit(pipeline.to_json(paid.payments))
    else:
        from sibdsl.cli.show_statement import run

        run(paid.payments, why, every_line=lines, rows=rows, quantities=quantities)
    return left(paid.payments, form, strict=strict)
