"""What a call asks for by name, found in a contract: capitals and spaces make no difference."""

from __future__ import annotations

from sibdsl.diagnostics import NotThere, nearest, same
from sibdsl.model.nodes import Contract


def party(contract: Contract, name: str | None) -> str:
    """The party of that name, capitals and spaces aside; '' where none is named. Raises NotThere."""
    if name is None:
        return ""
    names = [one.name for one in contract.parties]
    found = next((other_name for other_name in names if same(other_name) == same(name)), None)
    if found is None:
        near = nearest(name, names)
        raise NotThere(
            f"{contract.name} has no party {name}. "
            + (f"Did you mean {near}?" if near else f"Its parties: {', '.join(names)}.")
        )
    return found
