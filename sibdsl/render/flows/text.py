"""Flows as plain text within a given width: a map of arrows, then every flow with what is paid under it."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterator, Sequence

from sibdsl.check.flows import Flow, Flows
from sibdsl.english import listed
from sibdsl.model.fingerprint import fingerprint, short
from sibdsl.render.flows.words import FlowTold, heading, not_given, told
from sibdsl.settle.explain.page import one_line

#: Amounts longer than this stand among the words.
_BROAD = 24


def text(made: Flows, shown: Sequence[Flow], width: int = 100, *, ascii_only: bool = False) -> str:
    """The page as text."""
    return "".join(f"{line.rstrip()}\n" for line in _lines(made, shown, width, "->" if ascii_only else "─>"))


def _lines(made: Flows, shown: Sequence[Flow], width: int, arrow: str) -> Iterator[str]:
    title, days = heading(made)
    yield f"{title}   fingerprint {short(fingerprint(made.contract))}"
    yield from _wrapped(days, width)
    every = [told(made, flow) for flow in shown]
    if not every:
        yield ""
        yield "Nothing is paid."
    else:
        yield ""
        yield from _map(every, width, arrow)
    for flow_told in every:
        yield ""
        yield from _flow(flow_told, width)
    apart = made.apart
    if apart:
        yield ""
        yield from _wrapped(
            f"Neither pay nor are paid: {listed([role(party.name, party.roles) for party in apart])}.", width
        )
    missing = not_given(made)
    if missing:
        yield ""
        yield from _wrapped(f"Not given, and shown by name: {missing}.", width)


def role(name: str, roles: Sequence[str]) -> str:
    """`Social Finance (manager)`."""
    return one_line(f"{name} ({', '.join(roles)})" if roles else name)


def _map(every: Sequence[FlowTold], width: int, arrow: str) -> Iterator[str]:
    """One line for each flow: number, payer, payee, and what stands beside the arrow."""
    number = max(len(str(flow_told.number)) for flow_told in every)
    payer = min(max(_wide(flow_told.payer) for flow_told in every), 28)
    payee = min(max(_wide(flow_told.payee) for flow_told in every), 28)
    for flow_told in every:
        head = f"  {flow_told.number:>{number}}  {_padded(flow_told.payer, payer)}  {arrow}  {_padded(flow_told.payee, payee)}  "
        said = [part for at, part in enumerate(flow_told.short) if at != 1]
        yield from _wrapped("; ".join(said), width, head, " " * (number + payer + payee + 12))


def _flow(flow_told: FlowTold, width: int) -> Iterator[str]:
    yield from _beside(
        f"{flow_told.number}  {flow_told.payer} pays {flow_told.payee}", flow_told.when, width, 0, 3
    )
    rows = [row for part in flow_told.parts for row in part.rows]
    amounts = [row.amount for row in rows if _wide(row.amount) <= _BROAD]
    before = max((len(_halves(amount)[0]) for amount in amounts), default=0)
    after = max((len(_halves(amount)[1]) for amount in amounts), default=0)
    for part in flow_told.parts:
        title = ", ".join(word for word in (part.name, part.clause) if word)
        yield from _beside(f"{title}: {part.how}", "", width, 3, 5)
        for note in part.notes:
            yield from _wrapped(note, width, " " * 5, " " * 7)
        for row in part.rows:
            if _wide(row.amount) > _BROAD:
                lead, words = " " * (before + after), f"{row.amount} {row.words}"
            else:
                whole, rest = _halves(row.amount)
                lead, words = whole.rjust(before) + rest.ljust(after), row.words
            words = "; ".join(said for said in (words, row.when, *row.notes) if said)
            yield from _beside(f"{lead}  {words}", row.place, width, 5, 7 + before + after)
    for bound in flow_told.bounds:
        said = ", ".join(word for word in (bound.name, bound.on) if word)
        yield from _beside(f"{bound.words}: {said}", bound.cite, width, 3, 5)
    if not flow_told.bounds:
        yield "   no limit"


def _halves(amount: str) -> tuple[str, str]:
    """The amount before its point, and the rest; a name is all before."""
    whole, point, rest = amount.partition(".")
    return (whole, point + rest) if rest.isdigit() else (amount, "")


def _beside(left: str, right: str, width: int, indent: int, hang: int) -> Iterator[str]:
    """Words with a place at the right edge of their last line, or of a line of its own."""
    lines = list(_wrapped(left, width, " " * indent, " " * hang))
    if right and _wide(lines[-1]) + 2 + _wide(right) > width:
        lines.append("")
    if right:
        lines[-1] += " " * max(width - _wide(lines[-1]) - _wide(right), 2 if lines[-1] else 0) + right
    yield from lines


def _wrapped(said: str, width: int, first: str = "", hang: str = "") -> list[str]:
    """The text in lines; blanks at its start stay."""
    lead = said[: len(said) - len(said.lstrip(" "))]
    return textwrap.wrap(
        said[len(lead) :],
        width,
        initial_indent=first + lead,
        subsequent_indent=hang,
        break_on_hyphens=False,
    ) or [first.rstrip()]


def _padded(name: str, width: int) -> str:
    return name + " " * (width - _wide(name))


def _wide(said: str) -> int:
    """How many columns a text takes."""
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in said
    )
