"""What contracts take from the programme that they are paid in. Source: language reference, 'Programmes'."""

from __future__ import annotations

from fractions import Fraction

from sibdsl.diagnostics import same
from sibdsl.model.nodes import Assumption, Contract, Particular, Programme
from sibdsl.model.parameters.in_force import Keyed, Plain

#: The values of a programme ('' is its name) and of its contracts, by their names.
ValuesByContract = dict[str, dict[str, Plain | Keyed]]


def hand_down(programme: Programme, values: ValuesByContract) -> None:
    """Give each contract's particulars that have no value the programme's own value of that name, where it fits."""
    for member in programme.members:
        for mine, own in declared_in_both(programme, member):
            value = values[""].get(own.name)
            if value is not None and mine.name not in values[member.name] and takes(mine, own, value):
                values[member.name][mine.name] = value


def declared_in_both(
    programme: Programme, member: Contract
) -> tuple[tuple[Particular | Assumption, Particular | Assumption], ...]:
    """Each name that a contract and its programme declare: the contract's, then the programme's."""
    whole: tuple[Particular | Assumption, ...] = (*programme.particulars, *programme.assumptions)
    own = {same(setting.name): setting for setting in whole}
    every: tuple[Particular | Assumption, ...] = (*member.particulars, *member.assumptions)
    return tuple((mine, own[same(mine.name)]) for mine in every if same(mine.name) in own)


def takes(mine: Particular | Assumption, own: Particular | Assumption, value: Plain | Keyed) -> bool:
    """Whether a contract's particular may have a value of the programme's: of its kind, for no key, and one that it allows."""
    if mine.kind != own.kind or not isinstance(mine, Particular) or mine.per or isinstance(value, tuple):
        return False
    return not isinstance(value, Fraction) or value in mine.allowed
