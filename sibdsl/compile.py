"""The pipeline on one page: text -> syntax tree -> names -> contract model, with every finding on the way."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

from sibdsl.diagnostics import Diagnostic
from sibdsl.model.from_syntax import translate
from sibdsl.model.from_syntax.programming import programme
from sibdsl.model.nodes import Contract, Programme
from sibdsl.names import Program, load, read
from sibdsl.source import Source


@frozen
class Compiled:
    """A contract that can be checked, priced and paid; its sources by file name; and warnings."""

    contract: Contract
    sources: dict[str, Source]
    findings: tuple[Diagnostic, ...]


@frozen
class CompiledProgramme:
    """A programme with its contracts; sources by file name; and warnings."""

    programme: Programme
    sources: dict[str, Source]
    findings: tuple[Diagnostic, ...]


def compile_either(path: str | Path, variations: Sequence[str | Path] = ()) -> Compiled | CompiledProgramme:
    """Read and translate a contract or a programme, whichever the file holds. Raises Refused with every error found."""
    source = read(path)
    program = load(source, tuple(read(one) for one in variations))
    if not any(block.kind == "programme" for block in program.main.blocks):
        return _compiled(source, program)
    sources = {source.name: source}
    found: list[Diagnostic] = []

    def opened(files: tuple[Path, ...]) -> Contract:
        made = compile_file(files[0], files[1:])
        sources.update(made.sources)
        found.extend(made.findings)
        return made.contract

    made, problems = programme(program, opened)
    return CompiledProgramme(made, sources, (*problems.found, *found))


def compile_file(path: str | Path, variations: Sequence[str | Path] = ()) -> Compiled:
    """Read and translate one contract file, with files that vary it. Raises Refused with every error found."""
    return compile_source(read(path), tuple(read(one) for one in variations))


def compile_source(source: Source, variations: tuple[Source, ...] = ()) -> Compiled:
    """Translate one contract text, with texts that vary it. Raises Refused with every error found."""
    return _compiled(source, load(source, variations))


def _compiled(source: Source, program: Program) -> Compiled:
    contract, problems = translate(program)
    files = (*(one.file for one in program.modules), *program.variations)
    sources = {source.name: source, **{one.source.name: one.source for one in files}}
    return Compiled(contract, sources, tuple(problems.found))
