"""Investments: who puts how much into which party, in which form, and on what terms it comes back."""

from __future__ import annotations

from typing import Literal, cast

from sibdsl.model.from_syntax.limits.moments import moment
from sibdsl.model.from_syntax.payments.interest import interest_a_year
from sibdsl.model.from_syntax.payments.rates import line_or_column, money_amount, party_in
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.table_cells import Cell
from sibdsl.model.nodes import Drawdown, Interest, Investment
from sibdsl.source import Span
from sibdsl.syntax import Block, Node

#: What an investment may be repaid after.
_BEHIND = ("payment", "block advance", "investment")


def investments(reader: Reader, blocks: list[Block]) -> tuple[Investment, ...]:
    """Read the `investment` blocks. Every name that they may speak of must be known by now."""
    return tuple(found for block in blocks if (found := _investment(reader, block)) is not None)


def _investment(reader: Reader, block: Block) -> Investment | None:
    reader.only(
        block, "investor", "into", "form", "pays", "paid_on", "interest", "ranks", "repaid_after", "repaid_on",
        "table", "source", "says",
        "note",
    )  # fmt: skip
    clause = reader.clause(block)
    into = reader.one(block, "into", needed="into MHEP")
    form = reader.one(block, "form", needed="form loan")
    whom = reader.name(into.words("NAME")[0], "party", clause=clause) if into else ""
    drawdowns = _drawdowns(reader, block, clause)
    kind = cast('Literal["equity", "loan", "grant"]', form.nodes("form_kind")[0].said if form else "loan")
    interest = _interest(reader, reader.one(block, "interest"), clause)
    repaid = reader.one(block, "repaid_after", "repaid_on")
    rank, after = _rank(reader, reader.one(block, "ranks"), clause)
    behind: tuple[str, ...] = ()
    repaid_on = None
    if repaid is not None and repaid.kind == "repaid_on":
        repaid_on = moment(reader, repaid.children[0], clause)
    elif repaid is not None:
        words = repaid.words("NAME")
        behind = tuple(name for word in words if (name := reader.name(word, *_BEHIND, clause=clause)))
    if block.name is None or not whom or form is None:
        return None
    return Investment(
        block.name.text, block.clause, block.gloss, whom, kind, drawdowns, interest, rank, after, behind, repaid_on,
        span=block.head,
    )  # fmt: skip


def _drawdowns(reader: Reader, block: Block, clause: str) -> tuple[Drawdown, ...]:
    table = (
        reader.table(block, block.table, ("investor", "pays", "paid on", "note", "source"))
        if block.table
        else None
    )
    who_line = line_or_column(reader, block, table, "investor", "investor Big Issue Invest")
    pays = line_or_column(reader, block, table, "pays", "pays £40,000")
    paid_on = line_or_column(reader, block, table, "paid_on", "")
    rows: list[tuple[dict[str, Cell], Span]] = (
        list(zip(table.rows, table.spans, strict=True)) if table else [({}, block.head)]
    )
    found: list[Drawdown] = []
    for row, span in rows:
        who = (
            party_in(reader, row["investor"], clause)
            if "investor" in row
            else (reader.name(who_line.words("NAME")[0], "party", clause=clause) if who_line else "")
        )
        part = row["pays"].part if "pays" in row else (pays.children[0] if pays else None)
        sum_ = money_amount(reader, part, clause, "pays") if part is not None else None
        days = (row["paid on"].part,) if "paid on" in row else (paid_on.children if paid_on else (None,))
        for said in days:
            day = moment(reader, said, clause) if said is not None else None
            if who and sum_ is not None:
                found.append(Drawdown(who, sum_, day, span=span))
    return tuple(found)


def _interest(reader: Reader, line: Node | None, clause: str) -> Interest | None:
    if line is None:
        return None
    rate = interest_a_year(reader, line, clause, "interest 8% a year, compound yearly")
    if rate is None:
        return None
    said = line.nodes("compounding")[0].said.removeprefix("compound ")
    return Interest(rate, cast("Literal['simple']", said), span=line.span)


def _rank(
    reader: Reader, line: Node | None, clause: str
) -> tuple[Literal["", "first", "equally", "after"], str]:
    if line is None:
        return "", ""
    rank = line.nodes("rank")[0]
    word = rank.word("NAME")
    if word is not None:
        return "after", reader.name(word, "investment", clause=clause)
    return cast("Literal['first', 'equally']", rank.said), ""
