"""Each particular and assumption of a contract or programme: what it is in a call, and where that is from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from attrs import evolve, frozen

from sibdsl import marks
from sibdsl.model.nodes import Assumption, Particular, Programme
from sibdsl.model.parameters.handed_down import declared_in_both
from sibdsl.model.parameters.in_force import Keyed, Plain, ProgrammeSettings, Settings, adjustable
from sibdsl.model.parameters.set_option_and_file import in_json, origins
from sibdsl.project.model import ProjectValues


@frozen
class ValueTold:
    """One value, as text; None where it has not been given. `of` is the name of its contract, or of the programme.

    `origin` is where it is from: an option, a line of a file, or the place of its default; '' where it has not been given.
    """

    of: str
    name: str
    value: str | None
    origin: str


def values_told(
    programme: Programme,
    settings: ProgrammeSettings,
    pairs: Sequence[str] = (),
    parameters: Path | None = None,
    stated: ProjectValues | None = None,
) -> tuple[ValueTold, ...]:
    """The programme's own values, then those of each contract, in the order of the text. Raises Refused (SIB07xx)."""
    given = origins(programme, pairs, parameters, stated)
    found: list[ValueTold] = []
    if not programme.alone:
        own: tuple[Particular | Assumption, ...] = (*programme.particulars, *programme.assumptions)
        found += _told(programme.name, own, settings.own, given[""])
    for member in programme.members:
        every = _told(member.name, adjustable(member), settings.of(member.name), given[member.name])
        above = {told.name: told.origin for told in found if told.of == programme.name}
        open_here = {mine.name for mine in member.particulars if mine.default is None} - set(
            given[member.name]
        )
        taken = {mine.name: own.name for mine, own in declared_in_both(programme, member)}
        found += [
            evolve(told, origin=above[taken[told.name]])
            if told.name in open_here and told.name in taken and told.value is not None
            else told
            for told in every
        ]
    return tuple(found)


def _told(
    of: str, every: Sequence[Particular | Assumption], settings: Settings, given: dict[str, str]
) -> Iterator[ValueTold]:
    for setting in every:
        value = settings.values.get(setting.name)
        default = "" if value is None else f"{marks.one_line(setting.span.file)} line {setting.span.line}"
        yield ValueTold(
            of, setting.name, None if value is None else _text(value), given.get(setting.name, default)
        )


def _text(value: Plain | Keyed) -> str:
    said = in_json(value)
    return said if isinstance(said, str) else ", ".join(f"{key}: {number}" for key, number in said.items())


def value_names(programme: Programme) -> tuple[str, ...]:
    """The names that values can be given for, in a programme and in its contracts."""
    own: tuple[Particular | Assumption, ...] = (*programme.particulars, *programme.assumptions)
    members = (setting.name for member in programme.members for setting in adjustable(member))
    return (*(setting.name for setting in own), *members)
