"""The pipeline on one page: text -> syntax tree -> names -> contract model, with every finding on the way."""

from __future__ import annotations

from pathlib import Path

from attrs import frozen

from sibdsl.diagnostics import Diagnostic
from sibdsl.model.from_syntax import translate
from sibdsl.model.nodes import Contract
from sibdsl.names import load, read
from sibdsl.source import Source


@frozen
class Compiled:
    """A contract that can be checked, priced and paid; its sources by file name; and warnings."""

    contract: Contract
    sources: dict[str, Source]
    findings: tuple[Diagnostic, ...]


def compile_file(path: str | Path) -> Compiled:
    """Read and translate one contract file. Raises Refused with every error found."""
    return compile_source(read(path))


def compile_source(source: Source) -> Compiled:
    """Translate one contract text. Raises Refused with every error found."""
    program = load(source)
    contract, problems = translate(program)
    sources = {source.name: source, **{one.file.source.name: one.file.source for one in program.modules}}
    return Compiled(contract, sources, tuple(problems.found))
