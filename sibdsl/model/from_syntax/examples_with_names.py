"""The worked example of a missing line, with Names that the file at hand has for what the line wants."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sibdsl.model.nodes import Records
from sibdsl.model.types import NUMERIC
from sibdsl.names import DefinedTerms
from sibdsl.syntax import Block, Word

#: What the Name at the end of an example is, by the words before it.
_SORTS = {
    "among": "cohort",
    "rows": "records",
    "counts rows of": "records",
    "for each": "metric",
}
_ROLES = {
    "payee": ("provider", "special purpose vehicle", "manager"),
    "payer": ("commissioner", "co-commissioner", "special purpose vehicle"),
}
_COLUMNS: Mapping[str, Collection[str]] = {
    "joins on": ("date",),
    "if several earliest": ("date",),
    "if several latest": ("date",),
    "dated": ("date",),
    "if tied lowest": ("identifier",),
    "by": NUMERIC,
}


def with_names(
    example: str,
    block: Block,
    scope: DefinedTerms,
    roles: Mapping[str, Sequence[str]],
    tables: Mapping[str, Records],
) -> str:
    """The example with a Name of the file in place of its own, where the file has one of that sort."""
    words = example.split(" ")
    first = next((at for at, word in enumerate(words) if word[:1].isupper()), 0)
    label = " ".join(words[:first])
    names: Sequence[str] = ()
    if label in _SORTS:
        names = scope.of(_SORTS[label])
    elif label in _ROLES:
        names = [name for role in _ROLES[label] for name in roles.get(role, ())]
    elif label in _COLUMNS:
        names = _columns(block, tables, _COLUMNS[label])
    return f"{label} {names[0]}" if names else example


def _columns(block: Block, tables: Mapping[str, Records], kinds: Collection[str]) -> list[str]:
    """The columns of these kinds in the records of the block; those where spells begin are the first."""
    words = [
        part.text for line in block.lines("counts", "rows") for part in line.walk() if isinstance(part, Word)
    ]
    mine = [table for name, table in tables.items() if name in words] or list(tables.values())
    starts = [table.spell.start for table in mine if table.spell and "date" in kinds]
    held = [column.name for table in mine for column in table.columns if column.kind in kinds]
    return list(dict.fromkeys([*starts, *held]))
