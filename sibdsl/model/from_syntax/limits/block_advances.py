"""Block advances, and the scopes that they and limits run over."""

from __future__ import annotations

from typing import Literal, cast

from attrs import evolve

from sibdsl.model.from_syntax import values_by_name
from sibdsl.model.from_syntax.limits.days_of_blocks import days_paid
from sibdsl.model.from_syntax.limits.for_each_person import no_sum_for_each, over_a_programme
from sibdsl.model.from_syntax.limits.moments import moment
from sibdsl.model.from_syntax.payments.rates import line_or_column, money_amount, party_in
from sibdsl.model.from_syntax.payments.shares_of_payers import shares_on_line
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.table_cells import Cell
from sibdsl.model.from_syntax.value_kinds import SAID
from sibdsl.model.nodes import (
    Advance,
    Amount,
    BlockAdvance,
    Given,
    Scope,
    Value,
)
from sibdsl.source import Span
from sibdsl.syntax import Block, Node, Word

# ------------------------------------------------------------------ scopes


def scope(reader: Reader, node: Node, clause: str, *, programme: bool = False) -> Scope | None:
    """Over what a limit or set off runs; over the programme only where one is being read."""
    inner = node.nodes()
    if not inner or node.kind == "per_each":
        no_sum_for_each(reader, node.span, "This is counted over a time, of all persons together.", clause)
        return None
    match inner[0].kind:
        case "over_the_programme" if programme:
            return Scope("contract", span=node.span)
        case "over_the_contract":
            return Scope("contract", span=node.span)
        case "in_each":
            unit = next(iter(inner[0].nodes("period_unit"))).said
            over = "each period" if unit == "claim" else f"each {unit}"
            return Scope(cast("Literal['each year']", over), span=node.span)
        case "in_period_only":
            named = inner[0].nodes()[0]
            if programme and named.kind == "named_days":
                reader.problems.add(
                    "SIB0233",
                    "A programme has no days by name: its contracts give names to days of their own.",
                    node.span,
                    clause=clause,
                    mark="whose days?",
                    help="Write the days themselves: `from 1 April 2026 to 31 March 2027`.",
                )
                return None
            days = values_by_name.days_in(
                reader,
                named,
                values_by_name.Said(clause, f"in, {values_by_name.following(reader, clause)}"),
                clause,
            )
            return Scope("days", days, span=node.span) if days else None
    over_a_programme(reader, node.span, clause)
    return None


# ------------------------------------------------------------------ block advances


def advances(reader: Reader, blocks: list[Block]) -> tuple[BlockAdvance, ...]:
    """Read the `block advance` blocks."""
    found: list[BlockAdvance] = []
    for block in blocks:
        block_advance = _block_advance(reader, block)
        if block_advance is not None:
            found.append(block_advance)
    return tuple(found)


def _block_advance(reader: Reader, block: Block) -> BlockAdvance | None:
    clause = reader.clause(block)
    reader.only(
        block,
        "payer",
        "payee",
        "paid_on",
        "every",
        "from_date",
        "to_date_line",
        "pays",
        "paid_by",
        "set_against",
        "not_on_account",
        "set_off",
        "unused",
        "table",
        "source",
        "says",
        "note",
    )
    table = (
        reader.table(
            block,
            block.table,
            ("payer", "payee", "paid on", "pays", "set against", "clause", "note", "source"),
            (),
            takes={"set against": ("time", "list")},
        )
        if block.table
        else None
    )
    payer = line_or_column(reader, block, table, "payer", "payer CCG")
    payee = line_or_column(reader, block, table, "payee", "payee Working Well")
    needed = "" if block.lines("every") else "paid on 1 April 2016"
    paid_on = line_or_column(reader, block, table, "paid_on", needed)
    days = days_paid(reader, block, paid_on, clause)
    pays = line_or_column(reader, block, table, "pays", "pays £110,200")
    if payer and payer.nodes("phase"):
        reader.problems.add(
            "SIB0548",
            "A block is paid on one day, so nobody pays it after another.",
            payer.span,
            clause=clause,
            mark="on which day?",
            help="Name who pays on that day, or several who share it: `payer 70% Council, the rest Fund`.",
        )
        return None
    shares = shares_on_line(reader, payer, clause) if payer and payer.nodes("part") else None
    if payer and payer.nodes("part") and shares is None:
        return None
    against_line = line_or_column(
        reader, block, table, "set_against", "set against Engagement Fee in 2016/17"
    )
    reader.one(block, "unused", needed="unused part kept")
    rows: list[tuple[dict[str, Cell], Span]] = (
        list(zip(table.rows, table.spans, strict=True)) if table else [({}, block.head)]
    )
    made: list[Advance] = []
    for row, span in rows:
        who = (
            party_in(reader, row["payer"], clause)
            if "payer" in row
            else (
                shares.names[0]
                if shares
                else reader.name(payer.words()[0], "party", clause=clause)
                if payer
                else ""
            )
        )
        whom = (
            party_in(reader, row["payee"], clause)
            if "payee" in row
            else (reader.name(payee.words()[0], "party", clause=clause) if payee else "")
        )
        sum_ = money_amount(
            reader,
            row["pays"].part if "pays" in row else (pays.children[0] if pays else None),
            clause,
            "pays",
        )
        against, over = _against(reader, row.get("set against"), against_line, clause)
        cell = row.get("paid on")
        own = moment(reader, cell.part, clause) if cell else None
        for day in (own,) if cell else days:
            if who and whom and day is not None and sum_ is not None:
                advance = Advance(
                    who, whom, day, sum_, against, over, shares, span=span if table else block.head
                )
                made += [evolve(advance, payer=name) for name in (shares.names if shares else (who,))]
    basis = _basis(reader, block, clause, needed=any(advance.against for advance in made))
    if block.name is None or basis is None:
        return None
    paid_by = reader.one(block, "paid_by")
    agent = reader.name(paid_by.words("NAME")[0], "party", clause=clause) if paid_by else ""
    pace, way = _pace_and_unused(reader, block, made, clause)
    return BlockAdvance(
        block.name.text,
        block.clause,
        block.gloss,
        tuple(made),
        basis,
        agent,
        pace=pace,
        unused=way,
        span=block.head,
    )


def _pace_and_unused(
    reader: Reader, block: Block, made: list[Advance], clause: str
) -> tuple[
    Literal["as fees fall due", "in equal quarters"], Literal["kept", "carried forward", "recoverable"]
]:
    """How a block is set off in its time, and what becomes of what met no fees; complains where it has no such time."""
    paces = [node.said for line in block.lines("set_off") for node in line.nodes("set_off_pace")]
    lines = block.lines("unused")
    way = lines[0].nodes("unused_way")[0].said if lines else "kept"
    whole = next(
        (advance for advance in made if advance.scope is not None and advance.scope.over == "contract"), None
    )
    idle = next((advance for advance in made if not advance.against), None)
    if way != "kept" and idle is not None:
        said, mark = (
            "This block is set off against nothing, so nothing of it is used and nothing unused.",
            "of what?",
        )
    elif way == "carried forward" and whole is not None:
        said, mark = "This block is set off over the whole contract, so there is no later time.", "to when?"
    else:
        said = mark = ""
    if said:
        reader.problems.add(
            "SIB0548", said, lines[0].span, clause=clause, mark=mark,
            help="Write `unused part kept`, or name the time in which it is set off, such as `in 2016/17`.",
        )  # fmt: skip
    pace = cast("Literal['as fees fall due', 'in equal quarters']", paces[0] if paces else "as fees fall due")
    return pace, cast("Literal['kept', 'carried forward', 'recoverable']", way)


def _basis(reader: Reader, block: Block, clause: str, *, needed: bool) -> Amount | None:
    line = reader.one(block, "set_off", needed="set off in money, as fees fall due" if needed else "")
    if line is None:
        return None if needed else Value("in money", "set off basis", span=block.head)
    said = line.node("set_off_basis")
    if said:
        return Value(said.said, "set off basis", span=said.span)
    word = line.words("NAME")[0]
    given = reader.values.get(word.text)
    if given is not None and given.kind == "set off basis":
        return Given(given.name, "set off basis", span=word.span)
    if given is None:
        reader.name(word, "assumption", clause=clause)
    else:
        reader.problems.add(
            "SIB0413",
            f"{word.text} does not say `in money` or `in units`.",
            word.span,
            clause=clause,
            mark=f"{SAID[given.kind]}",
            help="Write `in money` or `in units`, or an assumption that takes one.",
        )
    return None


def _nothing_in(cell: Cell) -> bool:
    part = cell.part
    return cell.word == "none" or (
        isinstance(part, Node) and part.kind == "word_atom" and part.said == "nothing"
    )


def _against(
    reader: Reader, cell: Cell | None, line: Node | None, clause: str
) -> tuple[tuple[str, ...], Scope | None]:
    node = cell.node if cell is not None else line
    if node is None or node.node("not_on_account") or (cell is not None and _nothing_in(cell)):
        return (), None
    words = [word for part in node.children for word in _names(reader, part, clause)]
    scopes = node.nodes("scope", "per_each")
    if not words:
        return (), None
    names = tuple(name for word in words if (name := reader.name(word, "payment", clause=clause)))
    over = scope(reader, scopes[0], clause) if scopes else None
    if not scopes:
        reader.problems.add(
            "SIB0436",
            "This does not say over which time the block is set off.",
            node.span,
            clause=clause,
            mark="in which year?",
            help="Add `in 2016/17`, `in each year` or `over the contract`.",
        )
    return names, over


def _names(reader: Reader, part: object, clause: str) -> list[Word]:
    if isinstance(part, Word) and part.kind == "NAME":
        return [part]
    if isinstance(part, Node) and part.kind == "path" and len(part.children) == 1:
        return part.words("NAME")
    if isinstance(part, (Word, Node)) and part.kind not in ("scope", "per_each"):
        reader.problems.add(
            "SIB0420",
            "A payment is named here; this is not a name.",
            part.span,
            clause=clause,
            mark="not a payment",
            help="Write the name of one payment, or several with commas between.",
        )
    return []
