"""Caps of a programme, which several contracts share. Source: language reference, 'Programmes'."""

from __future__ import annotations

from collections.abc import Sequence

from sibdsl.model.from_syntax.limits.block_advances import scope
from sibdsl.model.from_syntax.limits.caps import excess_of
from sibdsl.model.from_syntax.limits.returns import of_one_contract
from sibdsl.model.from_syntax.limits.topped_up import with_additions
from sibdsl.model.from_syntax.payment_selections import selection
from sibdsl.model.from_syntax.payments.rates import line_or_column, money_amount
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.table_cells import Cell
from sibdsl.model.nodes import CapRow, Contract, Excess, SharedCap, SharedRow
from sibdsl.source import Span
from sibdsl.syntax import Block, Node, Word


def cap(reader: Reader, block: Block, members: tuple[Contract, ...]) -> SharedCap:
    """Read a `cap` block of a programme."""
    clause = reader.clause(block)
    reader.only(
        block, "across", "covers", "leaves_out", "at_most", "topped_up", "excess", "when_several", "table", "source", "says", "note",
    )  # fmt: skip
    table = (
        reader.table(
            block,
            block.table,
            ("across", "covers", "at most", "note", "source"),
            (),
            takes={"across": ("list",), "at most": ("time",)},
        )
        if block.table
        else None
    )
    across = reader.one(block, "across")
    covers = line_or_column(reader, block, table, "covers", "covers payments from CBO")
    most = line_or_column(reader, block, table, "at_most", "at most £336,111 over the programme")
    excess = reader.one(block, "excess", needed="excess lost")
    shared = reader.one(block, "when_several", needed="shared by date, then pro rata")
    if shared and not shared.nodes("sharing")[0].said.startswith("by date"):
        reader.problems.add(
            "SIB0233",
            "A cap of a programme is shared by date: any other order would let a later statement change what an earlier one paid.",
            shared.span,
            clause=clause,
            mark="in which order of days?",
            help="Write `shared by date, then pro rata`, or `shared by date, then by clause`.",
        )
    by_clause = shared is not None and shared.nodes("sharing")[0].said.endswith("clause")
    if excess and excess.nodes("excess_way")[0].said == "carried forward" and not by_clause:
        _carried_without_order(reader, block, excess, clause)
        excess = None
    out = tuple(
        chosen
        for line in block.lines("leaves_out")
        if (chosen := selection(reader, line.nodes("payments")[0], clause)) is not None
    )
    rows: list[tuple[dict[str, Cell], Span]] = (
        list(zip(table.rows, table.spans, strict=True))
        if table
        else [({}, most.span if most else block.head)]
    )
    found: list[tuple[CapRow, tuple[str, ...]]] = []
    for row, span in rows:
        said = row["across"].node if "across" in row else across
        names = _across(reader, said, members, clause)
        if by_clause and said is None and shared is not None:
            _no_priority(reader, block, shared, clause)
        part = row["covers"].part if "covers" in row else (covers.children[0] if covers else None)
        chosen = (
            selection(reader, part, clause) if isinstance(part, Node) and part.kind == "payments" else None
        )
        limit = row["at most"].node if "at most" in row else most
        scopes = limit.nodes("scope", "per_each") if limit else []
        over = scope(reader, scopes[0], clause, programme=True) if scopes else None
        most_said = limit.children[0] if limit else None
        if isinstance(most_said, Node) and most_said.kind == "returning":
            of_one_contract(reader, most_said, clause)
            continue
        amount = money_amount(reader, most_said, clause, "at most") if limit else None
        if limit is not None and not scopes:
            reader.problems.add(
                "SIB0438",
                "This limit does not say over what it runs.",
                limit.span,
                clause=clause,
                mark="over what?",
                help="Add `over the programme`, `in each year` or `in 2018/19`.",
            )
        if chosen is not None and over is not None and amount is not None and names:
            found.append((CapRow(chosen, amount, over, leaves_out=out, span=span), names))
    limits = with_additions(reader, block, [limit for limit, _ in found], clause)
    made = tuple(
        SharedRow(
            names, limit.covers, out, limit.amount, limit.scope, topped_up=limit.topped_up, span=limit.span
        )
        for limit, (_, names) in zip(limits, found, strict=True)
    )
    becomes = excess_of(reader, excess, limits, clause)
    if excess is not None:
        _payers_are_parties(reader, excess, becomes, made, members, clause)
    return SharedCap(
        block.name.text if block.name else "",
        block.clause,
        block.gloss,
        made,
        excess=becomes,
        sharing="by clause" if by_clause else "pro rata",
        span=block.head,
    )


def _carried_without_order(reader: Reader, block: Block, line: Node, clause: str) -> None:
    reader.problems.add(
        "SIB0569",
        f"{block.title} carries forward what several contracts are owed, and does not say which of them comes first.",
        line.span,
        clause=clause,
        mark="of which contract first?",
        help="Write `shared by date, then by clause`, and name the contracts in their order: `across North, South`.",
    )


def _no_priority(reader: Reader, block: Block, line: Node, clause: str) -> None:
    reader.problems.add(
        "SIB0569",
        f"{block.title} pays clause by clause, and does not say which contract comes first.",
        line.span,
        clause=clause,
        mark="of which contract first?",
        help="Name the contracts in their order, such as `across North, South`; of each its own clauses follow one another.",
    )


def _payers_are_parties(
    reader: Reader,
    line: Node,
    excess: Excess,
    rows: Sequence[SharedRow],
    members: tuple[Contract, ...],
    clause: str,
) -> None:
    """Complain of who would pay what is cut in a contract of which they are no party."""
    across = {name for row in rows for name in row.across}
    for member in members:
        parties = {party.name for party in member.parties}
        missing = [name for name in excess.payers if name not in parties]
        if missing and member.name in across:
            reader.problems.add(
                "SIB0576",
                f"{missing[0]} pays what this cap cuts in {member.name}, and is no party of {member.name}.",
                line.span,
                clause=clause,
                mark=f"no party of {member.name}",
                help=f"Add {missing[0]} to the parties of {member.name}, or leave {member.name} out of `across`.",
            )


def _across(reader: Reader, node: Node | None, members: tuple[Contract, ...], clause: str) -> tuple[str, ...]:
    """The contracts that a limit runs across; all of them where it names none."""
    if node is None:
        return tuple(member.name for member in members)
    words = [word for word in node.walk() if isinstance(word, Word) and word.kind == "NAME"]
    return tuple(name for word in words if (name := reader.name(word, "contract", clause=clause)))
