"""Who prepares and who accepts statements, and what becomes of one that comes to less than nought."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from sibdsl.model.from_syntax.heading.header import Header
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.nodes import AcceptedBy, AccountsClose, Cap, NetNegative, Payment, Prepared, Rule, Variation
from sibdsl.syntax import Block


def prepared(reader: Reader, block: Block) -> Prepared | None:
    """The line `statement prepared by  Provider, within 10 business days`."""
    line = reader.one(block, "prepared")
    if line is None:
        return None
    clause = reader.clause(block)
    party = reader.name(line.words("NAME")[0], "party", clause=clause)
    within = reader.duration(line.nodes("duration")[0], clause, business=True)
    return Prepared(party, within, span=line.span) if party and within else None


def accepted_by(reader: Reader, block: Block) -> AcceptedBy | None:
    """The line `statement accepted by  Council, within 15 business days, then deemed accepted`."""
    line = reader.one(block, "accepted_by")
    if line is None:
        return None
    clause = reader.clause(block)
    party = reader.name(line.words("NAME")[0], "party", clause=clause)
    within = reader.duration(line.nodes("duration")[0], clause, business=True)
    silence: Literal["accepted", "rejected"] = (
        "accepted" if line.nodes("silence")[0].said.endswith("accepted") else "rejected"
    )
    return AcceptedBy(party, within, silence, span=line.span) if party and within else None


def net_negative(reader: Reader, block: Block) -> NetNegative | None:
    """The line `net negative  set off against later statements, then invoiced`."""
    line = reader.one(block, "net_negative")
    if line is None:
        return None
    said = line.nodes("net_way")[0].said
    last: Literal["invoiced", "forgiven"] = "invoiced" if said.endswith("invoiced") else "forgiven"
    return NetNegative("set off" if said.startswith("set off") else last, last, span=line.span)


def accounts_close(reader: Reader, block: Block, head: Header) -> AccountsClose | None:
    """The line `accounts close  12 months after each year`; reports one beside which nothing is ever stated for good (SIB0575)."""
    line = reader.one(block, "accounts_close")
    if line is None:
        return None
    if not head.stated_as_known:
        reader.problems.add(
            "SIB0575",
            "Accounts close here, and nothing says that a statement stands once it is made: each run states every period anew.",
            line.span,
            clause=reader.clause(block),
            mark="closed to what?",
            help="Add the line `stated periods repriced in the next statement`.",
        )
        return None
    length = reader.duration(line.nodes("duration")[0], reader.clause(block))
    each: Literal["statement", "year"] = "year" if line.nodes("account")[0].said == "year" else "statement"
    moves: Literal["", "where it lies"] = "where it lies" if line.node("what_moves") else ""
    return AccountsClose(length, each, moves, span=line.span) if length else None


def forgiven_alone(
    reader: Reader,
    head: Header,
    said: NetNegative | None,
    clauses: tuple[Sequence[Payment], Sequence[Cap], Sequence[Rule]],
    variations: Sequence[Variation],
) -> None:
    """Refuse what is forgiven beside limits and rules, which would go by amounts that nobody pays back.

    What is forgiven after the last statement alone meets no limit: nothing falls due after it.
    """
    if said is None or said.last != "forgiven":
        return
    payments, caps, rules = clauses
    ruled = bool(rules) or any(variation.rules for variation in variations)
    every = (*payments, *(payment for variation in variations for payment in variation.payments))
    limited = (
        bool(caps) or any(variation.caps for variation in variations) or any(one.limits for one in every)
    )
    if ruled or (said.way == "forgiven" and (limited or head.part_of)):
        beside = "rules" if ruled else "limits"
        reader.problems.add(
            "SIB0236",
            f"A net negative that is forgiven is paid back by nobody, and {beside} count it as paid back.",
            said.span,
            mark=f"forgiven, beside {beside}",
            help="Write `net negative invoiced`, or `set off against later statements, then invoiced`; then what is owed back is paid back.",
        )
