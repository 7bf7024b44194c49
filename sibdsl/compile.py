"""Text -> syntax tree -> names -> contract model, with every finding on the way: the first half of the pipeline."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from attrs import evolve, field, frozen

from sibdsl import size_limits
from sibdsl.diagnostics import Diagnostic
from sibdsl.files import Reach
from sibdsl.model.fingerprint import fingerprint
from sibdsl.model.from_syntax import modules, translate, translate_module
from sibdsl.model.from_syntax.programmes import programme
from sibdsl.model.nodes import Contract, Programme
from sibdsl.model.parameters.in_force import ProgrammeSettings, Settings
from sibdsl.names import Program, load, named, read
from sibdsl.source import Source, Span, Text
from sibdsl.syntax import kind_of

# A chain of steps is followed by calls within calls, as deep as `limits` allows it to be.
sys.setrecursionlimit(max(sys.getrecursionlimit(), size_limits.FRAMES))


@frozen
class Compiled:
    """A contract that can be checked, priced and paid; its sources by file name; and warnings."""

    contract: Contract
    sources: dict[str, Source]
    findings: tuple[Diagnostic, ...]
    program: Program = field(eq=False, repr=False)

    def read_with(self, settings: Settings) -> Compiled:
        """The same text read with these values for the dates and lengths of time that it has by name.

        Its fingerprint stays that of the text as it is signed. Raises Refused where the text does not hold together so.
        """
        values = settings.values
        given = {
            named_date.name: values[named_date.name]
            for named_date in self.contract.by_name
            if named_date.name in values
        }
        if all(
            str(given.get(named_date.name, "")) == named_date.value for named_date in self.contract.by_name
        ):
            return self
        contract, problems = translate(self.program, given)
        contract = evolve(contract, signed=fingerprint(self.contract))
        return evolve(self, contract=contract, findings=tuple(problems.found))

    @property
    def programme(self) -> Programme:
        """The contract as a programme of one."""
        return Programme.of_one(self.contract)

    def read_again(self, settings: ProgrammeSettings) -> Compiled:
        """As `read_with`, with the values as a programme has them."""
        return self.read_with(settings.own)

    def under(self, edition: int) -> Compiled:
        """The same text read under another edition of the language."""
        return evolve(self, contract=evolve(self.contract, edition=edition))

    def terms(self, settings: Settings) -> Contract:
        """The contract of the text read with these values."""
        return self.read_with(settings).contract

    @property
    def each(self) -> tuple[Compiled, ...]:
        """The text of each contract in it: itself."""
        return (self,)


@frozen
class CompiledModule:
    """A module read by itself: the heading of its file, its place in the library or path, and what it was read into.

    `contract` is a made-up one that uses the module, with a party and a particular for each name that it leaves open.
    """

    name: str
    kind: str
    path: str
    opens: dict[str, tuple[str, ...]]
    brings: dict[str, tuple[str, ...]]
    contract: Contract
    sources: dict[str, Source]
    findings: tuple[Diagnostic, ...]


@frozen
class CompiledProgramme:
    """A programme with its contracts; sources by file name; and warnings."""

    programme: Programme
    sources: dict[str, Source]
    findings: tuple[Diagnostic, ...]
    program: Program = field(eq=False, repr=False)
    #: Each contract by the files that it was read from.
    members: dict[tuple[Path, ...], Compiled] = field(eq=False, repr=False)

    @property
    def each(self) -> tuple[Compiled, ...]:
        """The text of each contract in it, in the order of their names."""
        return tuple(sorted(self.members.values(), key=lambda member: member.contract.name))

    def under(self, edition: int) -> CompiledProgramme:
        """The same texts read under another edition of the language."""
        contracts = tuple(evolve(contract, edition=edition) for contract in self.programme.members)
        return evolve(self, programme=evolve(self.programme, members=contracts))

    def read_again(self, settings: ProgrammeSettings) -> CompiledProgramme:
        """The same programme, each contract read with its own values. Raises Refused as for one contract."""
        again = {
            files: member.read_with(settings.of(member.contract.name))
            for files, member in self.members.items()
        }
        if all(again[files] is member for files, member in self.members.items()):
            return self
        made, problems = programme(
            self.program, lambda files: again[tuple(path for path, _ in files)].contract
        )
        found = (*problems.found, *(finding for compiled in again.values() for finding in compiled.findings))
        return evolve(self, programme=made, findings=found, members=again)


def compile_either(
    main: Text,
    variations: Sequence[Text] = (),
    allow: Sequence[Path] = (),
    unsaved: Mapping[Path, str] | None = None,
    reach: Reach | None = None,
) -> Compiled | CompiledProgramme:
    """Read and translate a contract or a programme, whichever the text holds. Raises Refused with every error found.

    Files that it names, and that its contracts name, stay inside the folder of `main` and the folders in `allow`. The folder
    of a text that was read already is that of its name. `unsaved` are texts, by path, that stand for those of the files.
    `reach`, where it is given, says instead what may be named.
    """
    reach = reach or _reach(main, allow, unsaved)
    source = _source(main, reach)
    program = load(source, tuple(_source(varied, reach) for varied in variations), reach)
    if kind_of(program.main) != "programme":
        return _compiled(source, program)
    sources = {source.name: source}
    members: dict[tuple[Path, ...], Compiled] = {}

    def opened(files: tuple[tuple[Path, Span], ...]) -> Contract:
        first, *others = (named(path, span, reach, "a file of this programme") for path, span in files)
        made = compile_source(first, tuple(others), reach)
        members[tuple(path for path, _ in files)] = made
        sources.update(made.sources)
        return made.contract

    made, problems = programme(program, opened)
    findings = (*problems.found, *(finding for member in members.values() for finding in member.findings))
    return CompiledProgramme(made, sources, findings, program, members)


def compile_module(main: Text, allow: Sequence[Path] = ()) -> CompiledModule:
    """Read and translate a module by itself. Raises Refused with every error found.

    Modules that it names stay inside its own folder and the folders in `allow`.
    """
    source = _source(main)
    program = load(source, reach=_reach(source, allow))
    head, contract, problems = translate_module(program)
    sources = {
        file.source.name: file.source for file in (program.main, *(module.file for module in program.modules))
    }
    return CompiledModule(
        head.name.text if head.name else "",
        head.kind,
        source.name,
        modules.left_open(program.main.blocks),
        modules.names_brought(program.main.blocks),
        contract,
        sources,
        tuple(problems.found),
    )


def compile_file(main: Text, variations: Sequence[Text] = (), allow: Sequence[Path] = ()) -> Compiled:
    """Read and translate one contract, with what varies it. Raises Refused with every error found.

    Files that it names stay inside its own folder and the folders in `allow`.
    """
    return compile_source(_source(main), tuple(_source(varied) for varied in variations), _reach(main, allow))


def _source(text: Text, reach: Reach | None = None) -> Source:
    return text if isinstance(text, Source) else read(text, reach)


def _reach(text: Text, allow: Sequence[Path], unsaved: Mapping[Path, str] | None = None) -> Reach:
    return Reach.of(Path(text.name) if isinstance(text, Source) else Path(text), allow, unsaved)


def compile_source(
    source: Source, variations: tuple[Source, ...] = (), reach: Reach | None = None
) -> Compiled:
    """Translate one contract text, with texts that vary it. Raises Refused with every error found.

    `reach` holds the folders whose files it may name; without it, the folder of the source's name.
    """
    return _compiled(source, load(source, variations, reach))


def _compiled(source: Source, program: Program) -> Compiled:
    contract, problems = translate(program)
    files = (*(module.file for module in program.modules), *program.variations)
    sources = {source.name: source, **{file.source.name: file.source for file in files}}
    return Compiled(contract, sources, tuple(problems.found), program)
