"""Parties: who they are, and in which roles."""

from __future__ import annotations

from sibdsl.diagnostics import nearest
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.table_cells import Cell
from sibdsl.model.nodes import Party
from sibdsl.syntax import Block


def parties(reader: Reader, blocks: list[Block]) -> tuple[Party, ...]:
    """Read the `parties` tables."""
    found: list[Party] = []
    for block in blocks:
        table = reader.table(
            block, block.table, ("party", "full name", "role", "note", "source"), ("party", "role")
        )
        for row, span in zip(table.rows, table.spans, strict=True):
            name = named_in(reader, row.get("party"), "party")
            if not name:
                continue
            role = row.get("role")
            roles = tuple(node.said for node in role.node.nodes("role")) if role else ()
            if not roles and role:
                reader.problems.add(
                    "SIB0419",
                    f"{name} has no role: this is not one of those that there are.",
                    role.span,
                    mark="not a role",
                    clause="parties",
                    help=_role_help(role),
                )
            full = row["full name"].text if "full name" in row else ""
            found.append(Party(name, full, roles, span=span))
    return tuple(found)


_ROLES = (
    "commissioner",
    "co-commissioner",
    "special purpose vehicle",
    "provider",
    "investor",
    "verifier",
    "manager",
)
#: What else people call them.
_ROLES_CALLED = {
    "spv": "special purpose vehicle", "payer": "commissioner", "funder": "co-commissioner", "purchaser": "commissioner",
    "authority": "commissioner", "service provider": "provider", "evaluator": "verifier", "lender": "investor",
}  # fmt: skip


def _role_help(cell: Cell) -> str:
    said = cell.name or cell.text
    near = _ROLES_CALLED.get(said.casefold()) or nearest(said, _ROLES)
    if near:
        return f"Write `{near}`" + (": roles are in small letters." if near == said.casefold() else ".")
    return "Write " + ", ".join(f"`{one}`" for one in _ROLES[:-1]) + f" or `{_ROLES[-1]}`."


def named_in(reader: Reader, cell: Cell | None, key: str) -> str:
    """The name in a cell, '' after a complaint."""
    if cell is None:
        return ""
    if not cell.name:
        reader.problems.add(
            "SIB0420",
            f"A {key} is named here; this is not a name.",
            cell.span,
            mark="not a name",
            help="Write a name: words that begin with a capital.",
        )
    return cell.name
