"""Payments, block advances and caps."""

from __future__ import annotations

from datetime import date
from typing import Literal, cast

from sibdsl.diagnostics import Label, nearest
from sibdsl.model.from_syntax.expressions import SAID, Here, amount
from sibdsl.model.from_syntax.reader import Cell, Reader, Table
from sibdsl.model.from_syntax.selections import selection
from sibdsl.model.nodes import (
    Advance,
    Amount,
    Bands,
    BlockAdvance,
    Cap,
    CapRow,
    Given,
    Metric,
    Payers,
    Payment,
    Phase,
    Rate,
    Scope,
    Value,
)
from sibdsl.source import Span
from sibdsl.syntax import Block, Node, Word


def payments(
    reader: Reader, blocks: list[Block], metrics: dict[str, Metric], sets: dict[str, Bands]
) -> tuple[Payment, ...]:
    """Read the `payment` blocks."""
    found: list[Payment] = []
    for block in blocks:
        reader.only(block, "payer", "payee", "for_each", "band", "pays", "table", "source", "says", "note")
        if block.name is None:
            continue
        rates = _rates(reader, block, metrics, sets)
        found.append(Payment(block.name.text, block.clause, block.gloss, tuple(rates), span=block.head))
    return tuple(found)


def _rates(reader: Reader, block: Block, metrics: dict[str, Metric], sets: dict[str, Bands]) -> list[Rate]:
    clause = reader.clause(block)
    table = (
        reader.table(block, block.table, ("payer", "payee", "for each", "band", "pays", "clause", "note", "source"), ("pays",))
        if block.table
        else None
    )
    payer_line = _line_or_column(reader, block, table, "payer", "payer CCG")
    payee_line = _line_or_column(reader, block, table, "payee", "payee Working Well")
    each_line = _line_or_column(reader, block, table, "for_each", "for each Engagement")
    band_line = reader.one(block, "band")
    pays_line = _line_or_column(reader, block, table, "pays", "pays £700")
    payers = _payers(reader, payer_line, clause) if payer_line else None
    payee = reader.name(payee_line.words()[0], "party", clause=clause) if payee_line else ""
    rows: list[tuple[dict[str, Cell], Span]] = (
        list(zip(table.rows, table.spans, strict=True)) if table else [({}, block.head)]
    )
    found: list[Rate] = []
    for row, span in rows:
        mine = payers
        if "payer" in row:
            name = _party(reader, row["payer"], clause)
            mine = Payers((Phase(name, None, span=row["payer"].span),), "result", span=row["payer"].span) if name else None
        whom = _party(reader, row["payee"], clause) if "payee" in row else payee
        metric = _metric_name(reader, row.get("for each"), each_line, clause)
        rate = _amount(reader, row["pays"].part if "pays" in row else (pays_line.children[0] if pays_line else None), clause, "pays")
        band = _band(reader, row.get("band"), band_line, metrics.get(metric), sets, clause)
        if mine is None or not whom or not metric or rate is None or band is None:
            continue
        place = span if table else (pays_line.span if pays_line else block.head)
        found.append(Rate(mine, whom, metric, band, rate, span=place))
    return found


def _line_or_column(reader: Reader, block: Block, table: Table | None, kind: str, needed: str) -> Node | None:
    key = kind.replace("_", " ")
    column = table.heading(key) if table else None
    line = reader.one(block, kind, needed="" if column else needed)
    if line and column:
        reader.problems.add(
            "SIB0431", f"`{key}` stands both on a line and over a column, so it is said twice.", column.span,
            clause=reader.clause(block), mark="said here too", help="Keep the line when it is the same for every row; else the column.",
            labels=(Label(line.span, "and here"),),
        )  # fmt: skip
        return None
    return line


def _party(reader: Reader, cell: Cell, clause: str) -> str:
    word = next((one for one in cell.node.walk() if isinstance(one, Word) and one.kind == "NAME"), None)
    if word is None or not cell.name:
        reader.problems.add("SIB0420", "A party is named here.", cell.span, clause=clause, mark="not a name",
                            help="Write the name of one party.")  # fmt: skip
        return ""
    return reader.name(word, "party", clause=clause)


def _payers(reader: Reader, line: Node, clause: str) -> Payers | None:
    phases = line.nodes("phase")
    if line.nodes("part"):
        reader.not_yet(line.span, "a payment shared between payers", clause=clause)
        return None
    if not phases:
        name = reader.name(line.words("NAME")[0], "party", clause=clause)
        return Payers((Phase(name, None, span=line.span),), "result", span=line.span) if name else None
    found: list[Phase] = []
    before: date | None = None
    for phase in phases:
        name = reader.name(phase.words("NAME")[0], "party", clause=clause)
        last = reader.day(phase.words("DATE")[0], clause)
        if last and before and last <= before:
            reader.problems.add(
                "SIB0432", "The payers do not follow one another: this one ends before it begins.", phase.span, clause=clause,
                mark="out of order", help="Put the payers in the order of their dates.",
            )  # fmt: skip
        if last and reader.service and last not in reader.service:
            reader.problems.add(
                "SIB0433", f"{phase.words('DATE')[0].text} is outside the service period.", phase.span, clause=clause,
                mark=f"service runs {reader.service}", help="Choose a day of the service period.", severity="warning",
            )  # fmt: skip
        if not name or not last:
            return None
        found.append(Phase(name, last, span=phase.span))
        before = last
    final = reader.name(line.words("NAME")[0], "party", clause=clause)
    if not final:
        return None
    by = next(iter(line.nodes("phase_date"))).said.removeprefix("by date of ")
    return Payers((*found, Phase(final, None, span=line.span)), cast("Literal['result', 'statement']", by), span=line.span)


def _metric_name(reader: Reader, cell: Cell | None, line: Node | None, clause: str) -> str:
    path: Node | None = None
    if cell is not None:
        path = cell.part if isinstance(cell.part, Node) and cell.part.kind == "path" else None
        if path is None:
            reader.problems.add("SIB0420", "A metric is named here.", cell.span, clause=clause, mark="not a metric",
                                help="Write the name of one metric.")  # fmt: skip
            return ""
    elif line is not None:
        path = line.node("path")
    if path is None:
        return ""
    if len(path.children) != 1:
        reader.not_yet(path.span, "a payment for each of something of something", clause=clause)
        return ""
    return reader.name(path.words()[0], "metric", clause=clause)


def _band(
    reader: Reader, cell: Cell | None, line: Node | None, metric: Metric | None, sets: dict[str, Bands], clause: str
) -> str | None:
    """The band's name, '' for all bands, None after a complaint."""
    if cell is not None and cell.word == "all":
        return ""
    name, span = ("", None)
    if cell is not None:
        name, span = cell.name, cell.span
    elif line is not None:
        name, span = line.words()[0].text, line.span
    else:
        return ""
    if metric is None or span is None:
        return None
    names = [band.name for band in sets[metric.bands].bands] if metric.bands in sets else []
    if name in names:
        return name
    near = nearest(name, names) if name else None
    what = f"{name} is not a band of {metric.name}." if name else "A band, or `all`, is written here."
    reader.problems.add(
        "SIB0434", what, span, clause=clause, mark="no such band",
        help=f"Did you mean `{near}`?" if near else ("Its bands: " + ", ".join(f"`{one}`" for one in names) + "." if names
             else f"{metric.name} has no bands: write `all`."),
    )  # fmt: skip
    return None


def _amount(reader: Reader, part: object, clause: str, key: str) -> Amount | None:
    if not isinstance(part, (Node, Word)):
        return None
    found = amount(reader, part, Here(clause=clause, values=reader.values))
    if found is None:
        if isinstance(part, Node) and part.kind == "cell_word":
            reader.problems.add("SIB0422", f"`{key}` takes an amount.", part.span, clause=clause, mark="not an amount",
                                help="Write an amount such as £700, or `nothing`.")  # fmt: skip
        return None
    if found.kind != "money":
        reader.problems.add(
            "SIB0413", f"`{key}` takes an amount of money; this is {SAID[found.kind]}.", found.span, clause=clause,
            mark=f"{SAID[found.kind]}, not money", help="Put the currency sign before the amount, such as £700.",
        )  # fmt: skip
        return None
    if isinstance(found, Value) and found.kind == "money":
        _sign(reader, part, clause)
    return found


def _sign(reader: Reader, part: Node | Word, clause: str) -> None:
    from sibdsl.money import CURRENCIES

    sign = CURRENCIES[reader.currency][0]
    words = [part] if isinstance(part, Word) else [one for one in part.walk() if isinstance(one, Word)]
    for word in words:
        if word.kind == "MONEY" and not word.text.startswith(sign):
            reader.problems.add(
                "SIB0435", f"{word.text} is not in the contract's currency, {reader.currency}.", word.span, clause=clause,
                mark="another currency", help=f"Write {sign}{word.text[1:]}, or change the contract's `currency`.",
            )  # fmt: skip


# ------------------------------------------------------------------ scopes and dates


def scope(reader: Reader, node: Node, clause: str) -> Scope | None:
    """Over what a limit or set off runs."""
    inner = node.nodes()
    if not inner or node.kind == "per_each":
        reader.not_yet(node.span, "a limit for each person", clause=clause)
        return None
    match inner[0].kind:
        case "over_the_contract":
            return Scope("contract", span=node.span)
        case "in_each":
            unit = next(iter(inner[0].nodes("period_unit"))).said
            over = "each period" if unit == "claim" else f"each {unit}"
            return Scope(cast("Literal['each year']", over), span=node.span)
        case "in_period_only":
            days = reader.period(inner[0].nodes()[0], clause)
            return Scope("days", days, span=node.span) if days else None
    reader.not_yet(node.span, "`over the programme` in a contract", clause=clause)
    return None


def _moment(reader: Reader, part: object, clause: str) -> Amount | None:
    word = part.words()[0] if isinstance(part, Node) and part.kind == "path" and len(part.children) == 1 else part
    if not isinstance(word, Word) or word.kind not in ("NAME", "DATE"):
        if isinstance(part, (Node, Word)):
            reader.problems.add("SIB0413", "A date is needed here.", part.span, clause=clause, mark="not a date",
                                help="Write a date such as 1 April 2016, or the name of one.")  # fmt: skip
        return None
    if word.kind == "DATE":
        day = reader.day(word, clause)
        return Value(day, "date", span=word.span) if day else None
    given = reader.values.get(word.text)
    if given is not None and given.kind == "date":
        return Given(given.name, "date", span=word.span)
    if given is not None:
        reader.problems.add("SIB0413", f"{word.text} is {SAID[given.kind]}; a date is needed here.", word.span, clause=clause,
                            mark="not a date", help="Name a particular or assumption that holds a date.")  # fmt: skip
        return None
    reader.name(word, "particular", "assumption", clause=clause)
    return None


# ------------------------------------------------------------------ block advances


def advances(reader: Reader, blocks: list[Block]) -> tuple[BlockAdvance, ...]:
    """Read the `block advance` blocks."""
    found: list[BlockAdvance] = []
    for block in blocks:
        one = _block_advance(reader, block)
        if one is not None:
            found.append(one)
    return tuple(found)


def _block_advance(reader: Reader, block: Block) -> BlockAdvance | None:
    clause = reader.clause(block)
    reader.only(block, "payer", "payee", "paid_on", "pays", "set_against", "not_on_account", "set_off", "unused", "table",
                "source", "says", "note")  # fmt: skip
    table = (
        reader.table(block, block.table, ("payer", "payee", "paid on", "pays", "set against", "clause", "note", "source"), ())
        if block.table
        else None
    )
    payer = _line_or_column(reader, block, table, "payer", "payer CCG")
    payee = _line_or_column(reader, block, table, "payee", "payee Working Well")
    paid_on = _line_or_column(reader, block, table, "paid_on", "paid on 1 April 2016")
    pays = _line_or_column(reader, block, table, "pays", "pays £110,200")
    if payer and payer.nodes():
        reader.not_yet(payer.span, "several payers of a block advance", clause=clause)
        return None
    against_line = (
        reader.one(block, "set_against", "not_on_account")
        if table and table.heading("set against")
        else reader.one(block, "set_against", "not_on_account", needed="set against Engagement Fee in 2016/17")
    )
    basis = _basis(reader, block, clause)
    unused = reader.one(block, "unused", needed="unused part kept")
    if unused and next(iter(unused.nodes("unused_way"))).said != "kept":
        reader.not_yet(unused.span, "an unused part that is not kept", clause=clause)
    rows: list[tuple[dict[str, Cell], Span]] = (
        list(zip(table.rows, table.spans, strict=True)) if table else [({}, block.head)]
    )
    made: list[Advance] = []
    for row, span in rows:
        who = _party(reader, row["payer"], clause) if "payer" in row else (reader.name(payer.words()[0], "party", clause=clause) if payer else "")
        whom = _party(reader, row["payee"], clause) if "payee" in row else (reader.name(payee.words()[0], "party", clause=clause) if payee else "")
        day = _moment(reader, row["paid on"].part if "paid on" in row else (paid_on.children[0] if paid_on else None), clause)
        sum_ = _amount(reader, row["pays"].part if "pays" in row else (pays.children[0] if pays else None), clause, "pays")
        against, over = _against(reader, row.get("set against"), against_line, clause)
        if who and whom and day is not None and sum_ is not None:
            made.append(Advance(who, whom, day, sum_, against, over, span=span if table else block.head))
    if block.name is None or basis is None:
        return None
    return BlockAdvance(block.name.text, block.clause, block.gloss, tuple(made), basis, span=block.head)


def _basis(reader: Reader, block: Block, clause: str) -> Amount | None:
    line = reader.one(block, "set_off")
    if line is None:
        if block.lines("set_against") or block.table:
            reader.one(block, "set_off", needed="set off in money, as fees fall due")
            return None
        return Value("in money", "set off basis", span=block.head)
    pace = line.node("set_off_pace")
    if pace and pace.said != "as fees fall due":
        reader.not_yet(pace.span, "a block set off in equal quarters", clause=clause)
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
        reader.problems.add("SIB0413", f"{word.text} does not say `in money` or `in units`.", word.span, clause=clause,
                            mark=f"{SAID[given.kind]}", help="Write `in money` or `in units`, or an assumption that takes one.")  # fmt: skip
    return None


def _against(reader: Reader, cell: Cell | None, line: Node | None, clause: str) -> tuple[tuple[str, ...], Scope | None]:
    node = cell.node if cell is not None else line
    if node is None or node.kind == "not_on_account" or (cell is not None and cell.word == "none"):
        return (), None
    words = [word for part in node.children for word in _names(part)]
    scopes = node.nodes("scope", "per_each")
    names = tuple(name for word in words if (name := reader.name(word, "payment", clause=clause)))
    over = scope(reader, scopes[0], clause) if scopes else None
    if not scopes:
        reader.problems.add(
            "SIB0436", "This does not say over which time the block is set off.", node.span, clause=clause,
            mark="in which year?", help="Add `in 2016/17`, `in each year` or `over the contract`.",
        )  # fmt: skip
    return names, over


def _names(part: object) -> list[Word]:
    if isinstance(part, Word):
        return [part] if part.kind == "NAME" else []
    if isinstance(part, Node) and part.kind == "path":
        return part.words("NAME")
    return []


# ------------------------------------------------------------------ caps


def caps(reader: Reader, blocks: list[Block]) -> tuple[Cap, ...]:
    """Read the `cap` blocks."""
    found: list[Cap] = []
    for block in blocks:
        clause = reader.clause(block)
        reader.only(block, "covers", "at_most", "excess", "when_several", "table", "source", "says", "note")
        table = reader.table(block, block.table, ("covers", "at most", "clause", "note", "source"), ()) if block.table else None
        covers = _line_or_column(reader, block, table, "covers", "covers payments from CBO")
        most = _line_or_column(reader, block, table, "at_most", "at most £336,111 over the contract")
        excess = reader.one(block, "excess", needed="excess lost")
        if excess and next(iter(excess.nodes("excess_way"))).said != "lost":
            reader.not_yet(excess.span, "an excess that is not lost", clause=clause)
        shared = reader.one(block, "when_several")
        if shared and next(iter(shared.nodes("sharing"))).said != "pro rata":
            reader.not_yet(shared.span, "a cap shared by date", clause=clause)
        rows: list[tuple[dict[str, Cell], Span]] = (
            list(zip(table.rows, table.spans, strict=True)) if table else [({}, most.span if most else block.head)]
        )
        made: list[CapRow] = []
        for row, span in rows:
            chosen = _covers(reader, row.get("covers"), covers, clause)
            limit, over = _limit(reader, row.get("at most"), most, clause)
            if chosen is not None and limit is not None and over is not None:
                made.append(CapRow(chosen, limit, over, span=span))
        if block.name is not None:
            found.append(Cap(block.name.text, block.clause, block.gloss, tuple(made), span=block.head))
    return tuple(found)


def _covers(reader: Reader, cell: Cell | None, line: Node | None, clause: str):  # type: ignore[no-untyped-def]
    node = cell.part if cell is not None else (line.children[0] if line else None)
    if isinstance(node, Node) and node.kind == "payments":
        return selection(reader, node, clause)
    if node is not None and cell is not None:
        reader.problems.add("SIB0437", "A cap covers payments.", cell.span, clause=clause, mark="not payments",
                            help="Write such as `payments from CBO` or `payments under Fund Tariff`.")  # fmt: skip
    return None


def _limit(reader: Reader, cell: Cell | None, line: Node | None, clause: str) -> tuple[Amount | None, Scope | None]:
    node = cell.node if cell is not None else line
    if node is None:
        return None, None
    scopes = node.nodes("scope", "per_each")
    limit = _amount(reader, node.children[0] if node.children else None, clause, "at most")
    if not scopes:
        reader.problems.add(
            "SIB0438", "This limit does not say over what it runs.", node.span, clause=clause, mark="over what?",
            help="Add `over the contract`, `in each year`, `in 2018/19` or `in each quarter`.",
        )  # fmt: skip
        return limit, None
    return limit, scope(reader, scopes[0], clause)
