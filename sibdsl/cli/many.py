"""What a call on folders and several files reads: shared by `sib check` and `sib test`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from attrs import field, frozen

from sibdsl import marks
from sibdsl.cli import trouble
from sibdsl.cli.project_file import entry, project
from sibdsl.cli.screen import say
from sibdsl.diagnostics import Diagnostic, Refused, same
from sibdsl.project.folders import listed
from sibdsl.project.sorting import Reading, sorted_out

#: More files than this that were passed over are counted.
_SHOWN = 5


@frozen
class FilesOfCall:
    """The files of a call, in the order of their paths, and how they are read together."""

    files: tuple[Path, ...]
    readings: tuple[Reading, ...]
    problems: tuple[Diagnostic, ...]
    passed_over: tuple[Path, ...]
    is_whole: bool
    _declared: dict[tuple[Path, tuple[Path, ...]], frozenset[str]] = field(
        factory=dict, init=False, eq=False, repr=False
    )

    @classmethod
    def of(cls, paths: Sequence[Path]) -> FilesOfCall:
        """From the files and folders that the call names."""
        held = project()
        found = listed(paths, held.leave_out if held else ())
        given = {
            path: contract_entry.varied_by
            for path in found.files
            if (contract_entry := entry(path)) is not None
        }
        together = sorted_out(
            found.files, given, lambda tree: trouble.remember({tree.source.name: tree.source})
        )
        whole = held is not None and set(held.files) <= set(paths)
        return cls(found.files, together.readings, (*found.problems, *together.problems), found.pieces, whole)

    def show_passed_over(self, *, quiet: bool) -> None:
        """Name the Markdown files that hold pieces of contracts and none whole."""
        if self.passed_over and not quiet:
            names = ", ".join(marks.one_line(str(path)) for path in self.passed_over[:_SHOWN])
            more = len(self.passed_over) - _SHOWN
            say(
                f"Passed over, as no contract begins in them: {names}{f' and {more} more' if more > 0 else ''}"
            )

    def declared(self, path: Path, varied: tuple[Path, ...]) -> frozenset[str]:
        """The names that values can be given for in a file; none for one that cannot be read."""
        from sibdsl import pipeline
        from sibdsl.cli.common import allowed

        key = path, varied
        if key not in self._declared:
            try:
                names = pipeline.value_names(pipeline.load(path, varied, allow=allowed()))
            except Refused:
                self._declared[key] = frozenset()
            else:
                self._declared[key] = frozenset(map(same, names))
        return self._declared[key]


def one_contract(varied: tuple[Path, ...], parameters: Path | None) -> None:
    """Refuse, for several files, the options that go with one. Raises UsageError."""
    if varied or parameters:
        raise click.UsageError(
            f"{'--with' if varied else '--parameters'} goes with one contract: name its file. Of several files, variations "
            "are found beside their contracts, and sib.toml gives each contract's parameters."
        )


def settable(reading: Reading, call: FilesOfCall, pairs: tuple[str, ...]) -> tuple[str, ...]:
    """The values of `--set` that go to this file: those that it declares, and those that no file of the call does."""
    if not pairs:
        return ()
    mine = call.declared(reading.path, reading.varied)
    others: frozenset[str] = frozenset().union(
        *(call.declared(reading.path, reading.varied) for reading in call.readings)
    )

    def goes(pair: str) -> bool:
        name = same(pair.partition("=")[0].strip())
        return name in mine or name not in others

    return tuple(pair for pair in pairs if goes(pair))
