"""Flows of a programme: those of each contract, and the limits that its contracts share. As text, data, page and drawing."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from sibdsl import money
from sibdsl.check.flows import Flow, Flows
from sibdsl.diagnostics import NotGiven
from sibdsl.english import listed
from sibdsl.model.nodes import Programme, SharedCap, SharedRow
from sibdsl.model.parameters.in_force import Settings
from sibdsl.render.flows.amounts import in_figures, written
from sibdsl.render.flows.page import STYLE, figure, missing, paid, parties, run_line
from sibdsl.render.flows.svg import svg_of_all
from sibdsl.render.flows.text import text
from sibdsl.render.flows.to_json import to_json
from sibdsl.render.html import framed, said
from sibdsl.settle.explain.page import one_line
from sibdsl.source import Span
from sibdsl.wording import day_said, each_time_named, limited

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
    limits = _shared_said(programme, own)
    if limits:
        yield _shared_heading(programme)
    for words, place in limits:
        yield from textwrap.wrap(f"{words}   {place}", width, initial_indent="   ", subsequent_indent="     ")


def _shared_heading(programme: Programme) -> str:
    return f"Limits that contracts of {one_line(programme.name)} share"


def _shared_said(programme: Programme, own: Settings) -> list[tuple[str, Span]]:
    """Each limit that contracts share, in words, and where it is written."""
    found = []
    for cap in programme.caps:
        for row in cap.rows:
            cited = f" [{cap.clause}]" if cap.clause else ""
            across = listed(list(row.across))
            words = f"{cap.name}{cited}, across {across}: {_most(programme, own, cap, row)}, on {limited(row, own)}"
            found.append((one_line(words), row.span))
    return found


# ------------------------------------------------------------------ as a page and as a drawing


def page_of_all(programme: Programme, own: Settings, every: Sequence[Shown]) -> str:
    """One HTML file: the limits that contracts share, then each contract's drawing, with its tables folded up below it."""
    title, under = _heading(programme, every)
    return framed(title, under, _sections(programme, own, every), STYLE)


def _sections(programme: Programme, own: Settings, every: Sequence[Shown]) -> Iterator[str]:
    limits = _shared_said(programme, own)
    if limits:
        yield f"<h2>{said(_shared_heading(programme))}</h2>"
        yield "<ul>"
        for words, place in limits:
            yield f'<li>{said(words)} <span class="place">{said(str(place))}</span></li>'
        yield "</ul>"
    for number, (made, shown) in enumerate(every, start=1):
        yield "<section>"
        yield f"<h2>{said(made.contract.name)}</h2>"
        yield f'<p class="run">{said(run_line(made))}</p>'
        yield from figure(made, shown, f"flows-{number}") if shown else ["<p>Nothing is paid.</p>"]
        if shown:
            yield from _folded("What is paid", paid(made, shown))
        yield from _folded("Parties", parties(made))
        yield from missing(made)
        yield "</section>"


def _folded(summary: str, rows: Iterator[str]) -> Iterator[str]:
    """Shown when asked for, and when printed."""
    yield "<details>"
    yield f"<summary>{summary}</summary>"
    yield from rows
    yield "</details>"


def drawing_of_all(programme: Programme, own: Settings, every: Sequence[Shown]) -> str:
    """One drawing: each contract's, one below the other, then the limits that they share."""
    limits = [f"{words}   {place}" for words, place in _shared_said(programme, own)]
    return svg_of_all(
        *_heading(programme, every), every, [_shared_heading(programme), *limits] if limits else []
    )


def _heading(programme: Programme, every: Sequence[Shown]) -> tuple[str, str]:
    """What it is about, and the contracts that are shown."""
    reference = f" ({programme.reference})" if programme.reference else ""
    names = listed([one_line(made.contract.name) for made, _ in every])
    return one_line(f"Who pays whom: {programme.name}{reference}"), f"Contracts: {names}."


# ------------------------------------------------------------------ as data


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
        "says": _most(programme, own, cap, row),
        "name": cap.name,
        "clause": cap.clause,
        "file": row.span.file or None,
        "line": row.span.line if row.span.file else None,
        "covers": limited(row, own),
        "across": list(row.across),
        "over": each_time_named(programme, row.scope),
        "amount": _exact(programme, own, row),
        "excess": cap.excess.way,
        "excess_paid_by": list(cap.excess.payers),
        "written": written(programme, row.amount),
    }


def _most(programme: Programme, own: Settings, cap: SharedCap, row: SharedRow) -> str:
    said = f"at most {in_figures(programme, own, row.amount)} {each_time_named(programme, row.scope)}"
    if row.topped_up:
        added = [
            f"{in_figures(programme, own, top_up.amount)} on {day_said(top_up.day, own)}"
            for top_up in row.topped_up
        ]
        said += f", and {listed(added)} more"
    if cap.excess.way == "carried forward":
        said += ", beyond which it is carried forward"
    if cap.excess.way == "paid":
        said += f", beyond which {listed(list(cap.excess.payers))} {'pays' if len(cap.excess.payers) == 1 else 'pay'}"
    return said


def _exact(programme: Programme, own: Settings, row: SharedRow) -> str | None:
    """Decimal text with the places of the currency; None while something in it has not been given."""
    try:
        return money.in_digits(own.number(row.amount), programme.currency)
    except NotGiven:
        return None
