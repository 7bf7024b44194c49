"""Flows of a programme: those of each contract, and the limits that its contracts share. As text and as data."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from sibdsl import money
from sibdsl.check.flows import Flow, Flows
from sibdsl.english import listed
from sibdsl.model.nodes import Programme, SharedCap, SharedRow
from sibdsl.model.parameters.in_force import NotGiven, Settings
from sibdsl.render.flows.amounts import in_figures, written
from sibdsl.render.flows.text import text
from sibdsl.render.flows.to_json import to_json
from sibdsl.settle.explain.page import one_line
from sibdsl.wording import each_time_named, limited

#: A contract's flows, and those of them that are shown.
Shown = tuple[Flows, Sequence[Flow]]


def text_of_all(
    programme: Programme, own: Settings, every: Sequence[Shown], width: int, *, ascii_only: bool
) -> str:
    """The page of each contract, then the limits that they share."""
    pages = [text(made, shown, width, ascii_only=ascii_only) for made, shown in every]
    shared = "".join(f"{line}\n" for line in _shared_lines(programme, own, width))
    return "\n".join([*pages, *([shared] if shared else [])])


def _shared_lines(programme: Programme, own: Settings, width: int) -> Iterator[str]:
    rows = [(cap, row) for cap in programme.caps for row in cap.rows]
    if rows:
        yield f"Limits that contracts of {one_line(programme.name)} share"
    for cap, row in rows:
        cited = f" [{cap.clause}]" if cap.clause else ""
        said = f"{cap.name}{cited}, across {listed(list(row.across))}: {_most(programme, own, row)}, on {limited(row, own)}"
        yield from textwrap.wrap(
            f"{one_line(said)}   {row.span}", width, initial_indent="   ", subsequent_indent="     "
        )


def json_of_all(programme: Programme, own: Settings, every: Sequence[Shown]) -> dict[str, object]:
    """`sibdsl.programme-flows/1`: each contract's flows as of one contract, and the limits that they share."""
    return {
        "format": "sibdsl.programme-flows/1",
        "programme": {"name": programme.name, "reference": programme.reference},
        "contracts": [to_json(made, shown) for made, shown in every],
        "shared_limits": [_shared(programme, own, cap, row) for cap in programme.caps for row in cap.rows],
    }


def _shared(programme: Programme, own: Settings, cap: SharedCap, row: SharedRow) -> dict[str, object]:
    return {
        "says": _most(programme, own, row),
        "name": cap.name,
        "clause": cap.clause,
        "file": row.span.file or None,
        "line": row.span.line if row.span.file else None,
        "covers": limited(row, own),
        "across": list(row.across),
        "over": each_time_named(programme, row.scope),
        "amount": _exact(programme, own, row),
        "written": written(programme, row.amount),
    }


def _most(programme: Programme, own: Settings, row: SharedRow) -> str:
    return f"at most {in_figures(programme, own, row.amount)} {each_time_named(programme, row.scope)}"


def _exact(programme: Programme, own: Settings, row: SharedRow) -> str | None:
    """Decimal text with the places of the currency; None while something in it has not been given."""
    try:
        return money.in_digits(own.number(row.amount), programme.currency)
    except NotGiven:
        return None
