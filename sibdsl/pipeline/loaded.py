"""What the steps of the pipeline take and give back: a text as it was written, and a contract or programme as it was read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from attrs import field, frozen

from sibdsl.diagnostics import Diagnostic, Refused
from sibdsl.source import Source, Text

if TYPE_CHECKING:
    from sibdsl.compile import Compiled, CompiledProgramme
    from sibdsl.model.nodes import Contract, Programme
    from sibdsl.model.parameters.in_force import ProgrammeSettings
    from sibdsl.project.tables import TableInFiles
    from sibdsl.syntax import File, FileKind

#: A name of a particular or assumption, with its value as text.
Values = Mapping[str, str]


@frozen
class Parsed:
    """A text as it was written: its tree, what it holds, and what keeps it from being read.

    Of a broken text the tree has the blocks that can be read by themselves, each at its own place.
    """

    source: Source
    tree: File
    kind: FileKind
    findings: tuple[Diagnostic, ...]


@frozen
class Loaded:
    """A contract or a programme with the values of a call; a contract by itself is a programme of one.

    `read` is what the text was read into, with its sources by file name; `settings` what each particular and assumption is
    worth: the programme's own, and each contract's; `is_sound` says that `sound` found nothing wrong with it. `tables` says how
    tables are called in the records, by their names in the contract.
    """

    read: Compiled | CompiledProgramme
    settings: ProgrammeSettings
    is_sound: bool = False
    tables: Mapping[str, TableInFiles] = field(factory=dict)

    @property
    def programme(self) -> Programme:
        """The programme as it was signed, variations beside it."""
        return self.read.programme

    @property
    def contract(self) -> Contract:
        """The contract by itself, as it was signed. Raises ValueError for a programme of several."""
        if not self.programme.alone:
            raise ValueError(
                f"{self.programme.name} is a programme; its contracts are in `programme.members`"
            )
        return self.programme.members[0]

    @property
    def in_force(self) -> dict[str, Contract]:
        """Each contract, by name, as all its variations leave it. Raises NotGiven for a date of one without a value."""
        from sibdsl.model.variations import in_force

        return {
            member.name: in_force(member, self.settings.of(member.name)) for member in self.programme.members
        }


# ------------------------------------------------------------------ what the steps share


def source(text: Text) -> Source:
    """The text of a file, or the one that was read already. Raises Refused for a file that cannot be read."""
    from sibdsl.names import read

    return text if isinstance(text, Source) else read(text)


def pairs(values: Values | Sequence[str]) -> Sequence[str]:
    """Values as `NAME=VALUE`."""
    return [f"{name}={value}" for name, value in values.items()] if isinstance(values, Mapping) else values


def structural(loaded: Loaded) -> list[Diagnostic]:
    """What the text alone shows to be wrong or open, without what was found while it was read."""
    from sibdsl.check import investments, names_of_a_programme, shared_caps
    from sibdsl.check.structure import findings
    from sibdsl.model.variations import as_far_as_dated

    whole = loaded.programme
    terms = {
        member.name: as_far_as_dated(member, loaded.settings.of(member.name)) for member in whole.members
    }
    found = [] if whole.alone else list(investments.of_programme(whole, loaded.settings.own))
    if not whole.alone:
        found += names_of_a_programme.findings(whole)
        found += shared_caps.findings(whole, terms, loaded.settings.own)
    for name, contract in terms.items():
        found += findings(contract, loaded.settings.of(name))
    return found


def refuse(found: Sequence[Diagnostic]) -> None:
    """Raise Refused where one of the findings is an error."""
    errors = [finding for finding in found if finding.severity == "error"]
    if errors:
        raise Refused(errors)
