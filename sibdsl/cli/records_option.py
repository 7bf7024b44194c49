"""Where records are, as a word of a call: a folder, a workbook, or the address of a database."""

from __future__ import annotations

from pathlib import Path

import click

from sibdsl.project.addresses import DatabaseAddress, RecordsGiven, is_address, read


class RecordsPlaceGiven(click.ParamType[RecordsGiven]):
    """A folder or a file by its path, or a database by its address."""

    name = "path"

    def convert(
        self,
        value: object,
        param: click.Parameter | None,  # noqa: ARG002 - click's own form
        ctx: click.Context | None,
    ) -> RecordsGiven:
        """The path or address. Raises Refused for an address that cannot be followed (SIB0785, SIB0786)."""
        if isinstance(value, Path | DatabaseAddress):
            return value
        text = str(value)
        if not is_address(text):
            return Path(text)
        # While a shell asks, or sib.toml is looked at, nothing is told yet.
        if ctx is not None and ctx.resilient_parsing:
            return Path()
        return read(text)

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002 - likewise
        param: click.Parameter,  # noqa: ARG002 - likewise
        incomplete: str,
    ) -> list[click.shell_completion.CompletionItem]:
        """Files and folders."""
        return [click.shell_completion.CompletionItem(incomplete, type="file")]


def path_of(records: RecordsGiven | None) -> Path | None:
    """The file or folder that is read, where it is one."""
    return records.path if isinstance(records, DatabaseAddress) else records
