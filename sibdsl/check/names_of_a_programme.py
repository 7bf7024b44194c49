"""Names that a programme and one of its contracts both declare, and that are not worth the same. Source: 'Programmes'."""

from __future__ import annotations

from collections.abc import Iterator

from sibdsl.diagnostics import Diagnostic, Label
from sibdsl.model.nodes import Assumption, Contract, Particular, Programme
from sibdsl.model.parameters.handed_down import declared_in_both, takes
from sibdsl.model.parameters.in_force import Keyed, Plain, as_written
from sibdsl.model.parameters.set_option_and_file import shown
from sibdsl.model.types import Kind


def findings(programme: Programme) -> Iterator[Diagnostic]:
    """Names of which the programme's text and a contract's own text say different things (SIB0578)."""
    for member in programme.members:
        for mine, own in declared_in_both(programme, member):
            why = _why(member, mine, own)
            if why:
                yield Diagnostic(
                    "SIB0578",
                    f"{own.name} is declared by the programme and by {member.name}: {why}.",
                    own.span,
                    mark="the programme's",
                    help=f"Write `required` for the default of {mine.name} in {member.name}, so that it takes the programme's; or give one of "
                    f'them another name. `--set` gives a value to both, and `--set "{member.name}.{mine.name}=..."` to one.',
                    labels=(Label(mine.span, f"that of {member.name}"),),
                    severity="warning",
                )


def _why(member: Contract, mine: Particular | Assumption, own: Particular | Assumption) -> str:
    if mine.kind != own.kind:
        return f"there it holds {_said(own.kind)}, and here {_said(mine.kind)}"
    value, other = _written(own), as_written(member).values.get(mine.name)
    if value is None or value == other:
        return ""
    if other is not None:
        return f"there it is {_plain(value)}, and here {_plain(other)}, which stands for {member.name}"
    if takes(mine, own, value):
        return ""
    return f"the {_plain(value)} of the programme is none that {member.name} allows, so it has no value there"


def _written(setting: Particular | Assumption) -> Plain | None:
    return setting.default if isinstance(setting, Particular) else setting.takes


def _plain(value: Plain | Keyed) -> str:
    return "another for each" if isinstance(value, tuple) else shown(value)


def _said(kind: Kind) -> str:
    return f"`{kind}`"
