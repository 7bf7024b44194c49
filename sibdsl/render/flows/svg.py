"""The map of flows as a drawing: parties as boxes, one arrow for each payer and payee. No script, nothing fetched.

Everything that comes from a contract is escaped; characters that XML does not know are left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise

from attrs import frozen

from sibdsl.check.flows import Flow, Flows
from sibdsl.english import listed
from sibdsl.render.flows.layout import LABEL_WIDTH, MARGIN, PARTY_WIDTH, Arrow, Box, Drawing, layout
from sibdsl.render.flows.words import FlowTold, heading, told
from sibdsl.settle.explain.page import one_line

_FONT = "Helvetica, Arial, 'Liberation Sans', sans-serif"
_INK = "#1a1a1a"
_NAME, _SMALL = 15, 12
_LINE = 1.3
#: How wide characters are, as parts of their size: a little more than in common fonts.
_WIDTHS = {
    **dict.fromkeys("ijl'|", 0.26),
    **dict.fromkeys("ftI.,;:!/ ", 0.3),
    **dict.fromkeys("r()[]-", 0.36),
    **dict.fromkeys("cskvxyzJ", 0.53),
    **dict.fromkeys("mwMW@%&", 0.95),
}
_UNKNOWN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FOOT = 12.0
_SIDES = 17.0
_BOLD = ' font-weight="700"'


@frozen
class Picture:
    """A drawing's size and its marks, without the element that holds them."""

    width: float
    height: float
    marks: tuple[str, ...]


def svg(made: Flows, shown: Sequence[Flow], *, standalone: bool = True, ident: str = "flows") -> str:
    """The drawing. `standalone` makes a file of it, with a heading and with the parties that take no part.

    `ident` begins the names of its parts, which must differ between the drawings of one page.
    """
    drawn = picture(made, shown, standalone=standalone, ident=ident)
    return "\n".join([_opened(drawn.width, drawn.height, ident), *drawn.marks, "</svg>"]) + "\n"


def svg_of_all(
    title: str, under: str, every: Sequence[tuple[Flows, Sequence[Flow]]], below: Sequence[str]
) -> str:
    """One drawing of several contracts, one below the other, under a heading; then lines of text, the first of them a heading."""
    drawn = [
        picture(made, shown, standalone=True, ident=f"flows-{number}")
        for number, (made, shown) in enumerate(every, start=1)
    ]
    width = max(contract.width for contract in drawn)
    head = _blocks([(title, 20, True), (under, _SMALL, False)], width)
    foot = _blocks([(said, _SMALL, not at) for at, said in enumerate(below)], 0.85 * width)  # fonts differ
    y = _height(head)
    height = y + sum(contract.height + MARGIN for contract in drawn) + (_height(foot) if foot else 0.0)
    marks = [_opened(width, height, "flows"), *_named("flows", title, under), _sheet(width, height)]
    marks += _written(head, Box(MARGIN, 4, width, y), middle=False)
    for contract in drawn:
        marks += [f'<g transform="translate(0 {_n(y)})">', *contract.marks, "</g>"]
        y += contract.height + MARGIN
    marks += _written(foot, Box(MARGIN, y, width, 0), middle=False)
    return "\n".join([*marks, "</svg>"]) + "\n"


def drawing(made: Flows, shown: Sequence[Flow]) -> Drawing:
    """Where everything stands."""
    every = [told(made, flow) for flow in shown]
    parties = {party.name: party.roles for party in made.contract.parties}
    named = [name for flow in shown for name in (flow.payer, flow.payee)]
    return layout(
        [*parties, *(name for name in dict.fromkeys(named) if name not in parties)],
        [(flow.payer, flow.payee) for flow in shown],
        lambda name: _height(_party(name, parties.get(name, ()))),
        lambda at: _height(_label(every[at])),
    )


def picture(made: Flows, shown: Sequence[Flow], *, standalone: bool, ident: str) -> Picture:
    """The drawing of one contract's flows."""
    every = [told(made, flow) for flow in shown]
    place = drawing(made, shown)
    title, days = heading(made)
    above = _blocks([(title, 18, True), (days, _SMALL, False)], place.width) if standalone else []
    apart = _apart(made) if standalone else ""
    below = _blocks([(apart, _SMALL, False)], place.width) if apart else []
    top = _height(above) if above else 0.0
    width = max(place.width, 480.0)
    height = top + place.height + (_height(below) if below else 0.0)
    marks = [*_named(ident, title, _described(every)), _arrow_head(ident), _sheet(width, height)]
    if above:
        marks += _written(above, Box(MARGIN, 4, width, top), middle=False)
    marks.append(f'<g transform="translate(0 {_n(top)})">')
    marks += [_arrow(arrow, ident, left_out=_left_out(shown[arrow.flow])) for arrow in place.arrows]
    marks += _parties(made, place)
    marks += _labels(every, place)
    marks.append("</g>")
    if below:
        marks += _written(below, Box(MARGIN, top + place.height - 8, place.width, 0), middle=False)
    return Picture(width, height, tuple(marks))


def _parties(made: Flows, place: Drawing) -> Iterator[str]:
    parties = {party.name: party for party in made.contract.parties}
    for name, box in place.parties.items():
        known = parties.get(name)
        yield f'<g class="party"><title>{_said((known.full_name if known else "") or name)}</title>'
        yield _rectangle(box, f'rx="5" fill="#f1f4f8" stroke="{_INK}" stroke-width="1.4"')
        yield from _written(_party(name, known.roles if known else ()), box, middle=True)
        yield "</g>"


def _labels(every: Sequence[FlowTold], place: Drawing) -> Iterator[str]:
    for at, box in place.labels.items():
        flow = every[at]
        yield f'<g class="flow"><title>{_said(f"{flow.payer} pays {flow.payee}: " + "; ".join(flow.short))}</title>'
        yield _rectangle(box, 'rx="3" fill="#fff" stroke="#8a8a8a" stroke-width="0.8"')
        yield from _written(_label(flow), Box(box.x + 8, box.y, box.width - 16, box.height), middle=False)
        yield "</g>"


def _apart(made: Flows) -> str:
    names = [one_line(f"{party.name} ({', '.join(party.roles)})") for party in made.apart]
    return f"Neither pay nor are paid: {listed(names)}." if names else ""


def _described(every: Sequence[FlowTold]) -> str:
    return " ".join(
        f"{flow_told.number}. {flow_told.payer} pays {flow_told.payee}: {'; '.join(flow_told.short)}."
        for flow_told in every
    ) or ("Nothing is paid.")


def _left_out(flow: Flow) -> bool:
    """Whether nothing of it is paid in this run, since a particular has not been given."""
    return all(item.missing for item in flow.items)


# ------------------------------------------------------------------ lines of text

#: A line of text, its size, and whether it is bold.
Line = tuple[str, int, bool]


def _party(name: str, roles: Sequence[str]) -> list[Line]:
    return _blocks([(name, _NAME, True), (", ".join(roles), _SMALL, False)], PARTY_WIDTH)


def _label(flow_told: FlowTold) -> list[Line]:
    first, *rest = flow_told.short
    return _blocks(
        [(f"({flow_told.number}) {first}", _SMALL, True), *((line, _SMALL, False) for line in rest)],
        LABEL_WIDTH,
    )


def _blocks(texts: Sequence[Line], width: float) -> list[Line]:
    """The texts in lines that fit in a box of that width."""
    return [
        (line, size, bold)
        for said, size, bold in texts
        if said
        for line in _fitted(one_line(said), (width - _SIDES) / size / (1.07 if bold else 1.0))
    ]


def _fitted(said: str, width: float) -> list[str]:
    """The text in lines of at most that width, broken between words, or inside one that is too long for a line."""
    lines: list[str] = []
    now = ""
    for word in said.split(" "):
        if now and _wide(f"{now} {word}") <= width:
            now = f"{now} {word}"
            continue
        if now:
            lines.append(now)
        now = word
        while _wide(now) > width:
            at = max(1, next(at for at in range(1, len(now) + 1) if _wide(now[: at + 1]) > width))
            lines.append(now[:at])
            now = now[at:]
    return [*lines, now]


def _wide(said: str) -> float:
    return sum(_character(character) for character in said)


def _character(character: str) -> float:
    if character in _WIDTHS:
        return _WIDTHS[character]
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.05
    return 0.72 if character.isupper() else 0.58


def _height(lines: Sequence[Line]) -> float:
    return round(sum(size * _LINE for _, size, _ in lines) + _FOOT, 1)


# ------------------------------------------------------------------ marks


def _opened(width: float, height: float, ident: str) -> str:
    name = f' xmlns="http://www.w3.org/2000/svg" font-family="{escape(_FONT)}"'
    return (
        f'<svg{name} role="img" aria-labelledby="{ident}-title {ident}-desc" '
        f'width="{_n(width)}" height="{_n(height)}" viewBox="0 0 {_n(width)} {_n(height)}">'
    )


def _named(ident: str, title: str, description: str) -> tuple[str, str]:
    return (
        f'<title id="{ident}-title">{_said(title)}</title>',
        f'<desc id="{ident}-desc">{_said(description)}</desc>',
    )


def _arrow_head(ident: str) -> str:
    return (
        f'<defs><marker id="{ident}-head" viewBox="0 0 10 10" refX="9.5" refY="5" markerWidth="9" markerHeight="9" '
        f'markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0.8 L10 5 L0 9.2 z" fill="{_INK}"/></marker></defs>'
    )


def _sheet(width: float, height: float) -> str:
    return f'<rect width="{_n(width)}" height="{_n(height)}" fill="#fff"/>'


def _written(lines: Sequence[Line], box: Box, *, middle: bool) -> Iterator[str]:
    """The lines in a box: in the middle of it both ways, or from its left upper corner."""
    y = box.y + _FOOT / 2 + (max(box.height - _height(lines), 0.0) / 2 if middle else 0.0)
    x = box.x + (box.width / 2 if middle else 0.0)
    anchor = ' text-anchor="middle"' if middle else ""
    for said, size, bold in lines:
        y += size * _LINE
        where = f'x="{_n(x)}" y="{_n(y - size * 0.32)}" font-size="{size}" fill="{_INK}"{anchor}'
        yield f"<text {where}{_BOLD if bold else ''}>{_said(said)}</text>"


def _rectangle(box: Box, style: str) -> str:
    return (
        f'<rect x="{_n(box.x)}" y="{_n(box.y)}" width="{_n(box.width)}" height="{_n(box.height)}" {style}/>'
    )


def _arrow(arrow: Arrow, ident: str, *, left_out: bool) -> str:
    """The line, curved between columns; its label stands on it."""
    points = arrow.points
    path = f"M{_n(points[0][0])} {_n(points[0][1])}"
    for before, now in pairwise(points):
        if before[1] == now[1]:
            path += f" L{_n(now[0])} {_n(now[1])}"
        else:
            turn = (before[0] + now[0]) / 2
            path += f" C{_n(turn)} {_n(before[1])} {_n(turn)} {_n(now[1])} {_n(now[0])} {_n(now[1])}"
    dashes = ' stroke-dasharray="6 4"' if left_out else ""
    return f'<path d="{path}" fill="none" stroke="{_INK}" stroke-width="1.4"{dashes} marker-end="url(#{ident}-head)"/>'


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _said(text: str) -> str:
    return escape(_UNKNOWN.sub("", one_line(text)), quote=True)
