"""Rates: who pays whom how much for each of what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal, cast

from sibdsl import dates, money
from sibdsl.diagnostics import Label, nearest
from sibdsl.model.from_syntax import values_by_name
from sibdsl.model.from_syntax.amounts import amount
from sibdsl.model.from_syntax.examples_with_names import with_names
from sibdsl.model.from_syntax.payments.columns_across import Across, across
from sibdsl.model.from_syntax.payments.shares_of_payers import has_shares, shares_in_table, shares_on_line
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.table_cells import Cell, Table
from sibdsl.model.from_syntax.value_kinds import SAID, Here, as_kind
from sibdsl.model.nodes import (
    Amount,
    AnyMetric,
    Bands,
    Payers,
    Phase,
    Rate,
    Value,
)
from sibdsl.model.types import NUMERIC
from sibdsl.source import Span
from sibdsl.syntax import Block, Node, Word


def rates(
    reader: Reader, block: Block, metrics: dict[str, AnyMetric], sets: dict[str, Bands]
) -> tuple[Rate, ...]:
    """The rows of a payment block that pay so much for each of a metric."""
    clause = reader.clause(block)
    columns = across(reader, block, clause)
    if columns is None:
        return ()
    table = (
        reader.table(
            block,
            block.table,
            (
                *("payer", "payee", "for each", "band", "pays", "clause", "note", "source"),
                *(column.key for column in columns),
            ),
        )
        if block.table and not has_shares(block)
        else None
    )
    payer_line = None if has_shares(block) else line_or_column(reader, block, table, "payer", "payer CCG")
    payee_line = line_or_column(reader, block, table, "payee", "payee Working Well")
    each_line = line_or_column(reader, block, table, "for_each", "for each Engagement")
    band_line = line_or_column(reader, block, table, "band", "")
    pays_line = None if columns else line_or_column(reader, block, table, "pays", "pays £700")
    payers = payers_of(reader, payer_line, clause) if payer_line else None
    if has_shares(block):
        payers = shares_in_table(reader, block, clause)
    payee = reader.name(payee_line.words()[0], "party", clause=clause) if payee_line else ""
    rows: list[tuple[dict[str, Cell], Span]] = (
        list(zip(table.rows, table.spans, strict=True)) if table else [({}, block.head)]
    )
    found: list[Rate] = []
    for row, span in rows:
        mine = payers
        if "payer" in row:
            name = party_in(reader, row["payer"], clause)
            mine = (
                Payers((Phase(name, None, span=row["payer"].span),), "result", span=row["payer"].span)
                if name
                else None
            )
        whom = party_in(reader, row["payee"], clause) if "payee" in row else payee
        metric = metric_in(reader, row.get("for each"), each_line, clause)
        for column in columns or (Across("pays", span),):
            cell = row.get(column.key)
            written = cell.part if cell else (pays_line.children[0] if pays_line else None)
            rate = money_amount(reader, written, clause, column.key)
            band = column.band and _band_named(reader, column, metrics.get(metric), sets, clause)
            if not column.band:
                band = band_in(reader, row.get("band"), band_line, metrics.get(metric), sets, clause)
            if mine is None or not whom or not metric or rate is None or band is None:
                continue
            place = (
                (cell.span if cell and columns else span)
                if table
                else (pays_line.span if pays_line else block.head)
            )
            found.append(Rate(mine, whom, metric, band, rate, column.days, span=place))
    return tuple(found)


def _band_named(
    reader: Reader, column: Across, metric: AnyMetric | None, sets: dict[str, Bands], clause: str
) -> str | None:
    """The band that heads a column, or None after a complaint."""
    return _band(reader, column.band, column.span, metric, sets, clause)


def line_or_column(reader: Reader, block: Block, table: Table | None, kind: str, needed: str) -> Node | None:
    """The line of a kind that no column of the table repeats; reports one said twice, or missing."""
    key = kind.replace("_", " ")
    column = table.heading(key) if table else None
    line = reader.one(block, kind, needed="" if column or table else needed)
    if line is None and column is None and table and needed:
        reader.problems.add(
            "SIB0402",
            f"{block.title} has neither a line nor a column `{key}`.",
            block.head,
            clause=reader.clause(block),
            mark=f"`{key}` is missing",
            help=f"Add a line such as `{with_names(needed, block, reader.scope, reader.roles, reader.tables)}`, or a column headed `{key}` where rows differ.",
        )
    if line and column:
        reader.problems.add(
            "SIB0431",
            f"`{key}` stands both on a line and over a column, so it is said twice.",
            column.span,
            clause=reader.clause(block),
            mark="said here too",
            help="Keep the line when it is the same for every row; else the column.",
            labels=(Label(line.span, "and here"),),
        )
        return None
    return line


def party_in(reader: Reader, cell: Cell, clause: str) -> str:
    """The party that a cell names, or '' after a complaint."""
    word = next((one for one in cell.node.walk() if isinstance(one, Word) and one.kind == "NAME"), None)
    if word is None or not cell.name:
        reader.problems.add(
            "SIB0420",
            "A party is named here; this is not a name.",
            cell.span,
            clause=clause,
            mark="not a name",
            help="Write the name of one party.",
        )
        return ""
    return reader.name(word, "party", clause=clause)


def payers_of(reader: Reader, line: Node, clause: str) -> Payers | None:
    """One payer or several in succession, or None after a complaint."""
    phases = line.nodes("phase")
    if line.nodes("part"):
        return shares_on_line(reader, line, clause)
    if not phases:
        name = reader.name(line.words("NAME")[0], "party", clause=clause)
        return Payers((Phase(name, None, span=line.span),), "result", span=line.span) if name else None
    found: list[Phase] = []
    before: date | None = None
    for phase in phases:
        name = reader.name(phase.words("NAME")[0], "party", clause=clause)
        word = phase.words()[1]
        last = values_by_name.day(
            reader, word, values_by_name.Said(clause, f"payer {len(found) + 1}, last day"), clause
        )
        if last is None and values_by_name.missing(reader, word):
            last = values_by_name.UNKNOWN + timedelta(days=len(found))
        elif last and before and last <= before:
            reader.problems.add(
                "SIB0432",
                "The payers do not follow one another: this one ends before it begins.",
                phase.span,
                clause=clause,
                mark="out of order",
                help="Put the payers in the order of their dates.",
            )
        if last and reader.payment_period and last not in reader.payment_period:
            reader.problems.add(
                "SIB0433",
                f"{dates.long(last)} is outside the payment period.",
                phase.span,
                clause=clause,
                mark=f"payments run {reader.payment_period}",
                help="Choose a day of the payment period.",
                severity="warning",
            )
        if not name or not last:
            return None
        found.append(Phase(name, last, span=phase.span))
        before = last
    final = reader.name(line.words("NAME")[0], "party", clause=clause)
    if not final:
        return None
    by = next(iter(line.nodes("phase_date"))).said.removeprefix("by date of ")
    return Payers(
        (*found, Phase(final, None, span=line.span)),
        cast("Literal['result', 'statement']", by),
        span=line.span,
    )


def metric_in(reader: Reader, cell: Cell | None, line: Node | None, clause: str) -> str:
    """The metric that a cell or a line names, or '' after a complaint."""
    path: Node | None = None
    if cell is not None:
        path = cell.part if isinstance(cell.part, Node) and cell.part.kind == "path" else None
        if path is None:
            reader.problems.add(
                "SIB0420",
                "A metric is named here; this is not a name.",
                cell.span,
                clause=clause,
                mark="not a metric",
                help="Write the name of one metric.",
            )
            return ""
    elif line is not None:
        path = line.node("path")
    if path is None:
        return ""
    if len(path.children) != 1:
        reader.problems.add(
            "SIB0420",
            "A metric is named here; this is something of something.",
            path.span,
            clause=clause,
            mark="not a metric",
            help="Name one metric. A value that stands in its rows is counted by a metric of its own, such as one that `sums` it.",
        )
        return ""
    return reader.name(path.words()[0], "metric", clause=clause)


def band_in(
    reader: Reader,
    cell: Cell | None,
    line: Node | None,
    metric: AnyMetric | None,
    sets: dict[str, Bands],
    clause: str,
) -> str | None:
    """The band's name, '' for all bands, None after a complaint."""
    if cell is not None and cell.word == "all":
        return ""
    name, span = ("", None)
    if cell is not None:
        name, span = cell.name, cell.span
    elif line is not None and line.node("all_bands"):
        return ""
    elif line is not None:
        name, span = line.words()[0].text, line.span
    else:
        return ""
    return _band(reader, name, span, metric, sets, clause)


def _band(
    reader: Reader,
    name: str,
    span: Span | None,
    metric: AnyMetric | None,
    sets: dict[str, Bands],
    clause: str,
) -> str | None:
    if metric is None or span is None:
        return None
    names = [band.name for band in sets[metric.bands].bands] if metric.bands in sets else []
    if name in names:
        return name
    no_such_band(
        reader, metric, name, names, span, clause, "A band, or `all`, is needed here; this is neither."
    )
    return None


def no_such_band(
    reader: Reader,
    metric: AnyMetric,
    name: str,
    names: Sequence[str],
    span: Span,
    clause: str,
    nameless: str,
) -> None:
    """Complain of a name that is none of the metric's bands; `nameless` is said where there is no name at all."""
    near = nearest(name, names) if name else None
    bands = f"Its bands: {', '.join(f'`{band}`' for band in names)}."
    reader.problems.add(
        "SIB0434",
        f"{name} is not a band of {metric.name}." if name else nameless,
        span,
        clause=clause,
        mark="no such band",
        help=f"Did you mean `{near}`?"
        if near
        else bands
        if names
        else f"{metric.name} has no bands: write `all`.",
    )


def _limit_help(found: Amount, right: str, *, of_results: bool) -> str:
    """For a limit without a sign: it may be money, and it may count results. Units that are written are no money."""
    number = (
        money.number(found.value)
        if isinstance(found, Value) and isinstance(found.value, Fraction)
        else "so many"
    )
    if of_results:
        return (
            f"If {number} results are meant, write `{number} units`: those beyond them earn nothing. If it is an amount, put the "
            "currency sign before it."
        )
    if not right:
        return "Results are limited in their payment, where `at most` takes units, or in their metric."
    return f"Write `{right}`, if that amount is meant. If {number} results are, limit them in their payment or metric."


def money_amount(
    reader: Reader, part: object, clause: str, key: str, *, of_results: bool = False
) -> Amount | None:
    """An amount of money, or None after a complaint. `of_results`: what it limits is paid for results, which it may count."""
    if not isinstance(part, (Node, Word)):
        return None
    found = amount(reader, part, Here(clause=clause, values=reader.values))
    if found is None:
        return None
    if found.kind != "money":
        right = as_kind(found, "money", reader.currency)
        reader.problems.add(
            "SIB0413",
            f"`{key}` takes an amount of money; this is {SAID[found.kind]}.",
            found.span,
            clause=clause,
            mark=f"{SAID[found.kind]}, not money",
            help=_limit_help(found, right, of_results=of_results)
            if key == "at most" and (right or found.kind == "count")
            else f"Write `{right}`, if that amount is meant."
            if right
            else "Put the currency sign before the amount, such as £700."
            if found.kind in NUMERIC
            else "Write an amount such as £700, or name a particular that holds money.",
        )
        return None
    return found
