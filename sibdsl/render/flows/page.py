"""Flows as one HTML file: the drawing, and a table of everything that is paid, to be read on a screen or printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sibdsl.check.flows import Flow, Flows
from sibdsl.currencies import parted
from sibdsl.model.fingerprint import fingerprint, short
from sibdsl.render.flows.svg import svg
from sibdsl.render.flows.words import FlowRow, FlowTold, Part, heading, not_given, told
from sibdsl.render.html import framed, said

STYLE = """\
figure { margin: 1.5rem 0; overflow-x: auto; }
svg { max-width: 100%; height: auto; }
table.flows { width: 100%; }
table.flows th[scope=rowgroup] { font-size: 1.05em; padding-top: 1rem; border-bottom: 2px solid #666; }
table.flows .when { font-weight: 400; margin-left: .75rem; }
table.flows .part th { font-weight: 600; padding-top: .5rem; }
table.flows .part th, table.flows .part td { border-bottom: 0; }
table.flows .part span, .note, .limit td { color: #444; }
table.flows .part span { font-weight: 400; }
.note { display: block; font-size: .9em; }
td.right { white-space: nowrap; }
td.name { white-space: normal; max-width: 12rem; }
td.place { white-space: nowrap; margin: 0; }
@media print {
  @page { size: A4 landscape; margin: 12mm; }
  figure { break-inside: avoid; overflow: visible; }
  tr.part, tr.head { break-after: avoid; }
}
"""


def page(made: Flows, shown: Sequence[Flow]) -> str:
    """The whole file, as text."""
    return framed(heading(made)[0], run_line(made), _body(made, shown), STYLE)


def run_line(made: Flows) -> str:
    """The days of the contract, and its fingerprint."""
    return f"{heading(made)[1]} Fingerprint {short(fingerprint(made.contract))}."


def _body(made: Flows, shown: Sequence[Flow]) -> Iterator[str]:
    if shown:
        yield from figure(made, shown)
        yield "<h2>What is paid</h2>"
        yield from paid(made, shown)
    else:
        yield "<p>Nothing is paid.</p>"
    yield "<h2>Parties</h2>"
    yield from parties(made)
    yield from missing(made)


def figure(made: Flows, shown: Sequence[Flow], ident: str = "flows") -> Iterator[str]:
    """The drawing; `ident` begins the names of its parts."""
    yield "<figure>"
    yield svg(made, shown, standalone=False, ident=ident)
    yield "</figure>"


def paid(made: Flows, shown: Sequence[Flow]) -> Iterator[str]:
    """The table of everything that is paid."""
    yield '<table class="flows">'
    yield (
        '<thead><tr><th scope="col" class="right">Amount</th><th scope="col">For</th>'
        '<th scope="col">Where it is said</th></tr></thead>'
    )
    for flow in shown:
        yield from _flow(told(made, flow))
    yield "</table>"


def missing(made: Flows) -> Iterator[str]:
    """Which particulars have not been given, where there are such."""
    names = not_given(made)
    if names:
        yield f"<p>Not given, and shown by name: {said(names)}.</p>"


def _flow(flow_told: FlowTold) -> Iterator[str]:
    yield "<tbody>"
    yield (
        f'<tr class="head"><th scope="rowgroup" colspan="3">({flow_told.number}) {said(flow_told.payer)} pays {said(flow_told.payee)}'
        f'<span class="when">{said(flow_told.when)}</span></th></tr>'
    )
    for part in flow_told.parts:
        yield from _part(part)
    for bound in flow_told.bounds:
        on = ", ".join(word for word in (bound.name, bound.on) if word)
        yield (
            f'<tr class="limit"><td class="right">limit</td><td>{said(bound.words)}: {said(on)}</td>'
            f'<td class="place">{said(bound.cite)}</td></tr>'
        )
    if not flow_told.bounds:
        yield '<tr class="limit"><td class="right"></td><td colspan="2">no limit</td></tr>'
    yield "</tbody>"


def _part(part: Part) -> Iterator[str]:
    title = ", ".join(word for word in (part.name, part.clause) if word)
    gloss = f' <span class="note">{said(part.gloss)}</span>' if part.gloss else ""
    notes = "".join(f'<span class="note">{said(note)}</span>' for note in part.notes)
    yield (
        f'<tr class="part"><td></td><th scope="row" colspan="2">{said(title)}: <span>{said(part.how)}</span>'
        f"{gloss}{notes}</th></tr>"
    )
    for row in part.rows:
        yield _row(row)


def _row(row: FlowRow) -> str:
    side = "right name" if row.amount and parted(row.amount)[0] is None else "right"
    notes = "".join(f'<span class="note">{said(note)}</span>' for note in (row.when, *row.notes) if note)
    return (
        f'<tr><td class="{side}">{said(row.amount)}</td><td>{said(row.words)}{notes}</td>'
        f'<td class="place">{said(row.place)}</td></tr>'
    )


def parties(made: Flows) -> Iterator[str]:
    """The table of the parties, and what part each takes."""
    apart = {party.name for party in made.apart}
    payers = {flow.payer for flow in made.flows}
    payees = {flow.payee for flow in made.flows}
    yield "<table>"
    heads = ("Party", "Full name", "Role", "Takes part")
    yield "<thead><tr>" + "".join(f'<th scope="col">{head}</th>' for head in heads) + "</tr></thead>"
    yield "<tbody>"
    for party in made.contract.parties:
        parts = [
            *(["pays"] if party.name in payers else []),
            *(["is paid"] if party.name in payees else []),
            *(["pays in cash for others"] if party.name in made.agents else []),
            *(["neither pays nor is paid"] if party.name in apart else []),
        ]
        cells = (party.name, party.full_name, ", ".join(party.roles), ", ".join(parts))
        yield "<tr>" + "".join(f"<td>{said(cell)}</td>" for cell in cells) + "</tr>"
    yield "</tbody>"
    yield "</table>"
