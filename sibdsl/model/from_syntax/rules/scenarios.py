"""Scenarios: which quantities are tried, and when."""

from __future__ import annotations

from fractions import Fraction
from typing import cast

from sibdsl import money
from sibdsl.dates import Period
from sibdsl.model.from_syntax.payments.rates import no_such_band
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.table_cells import (
    PERIODS,
    Cell,
    Heading,
    Table,
    as_period,
    heading_key,
    without_effect,
)
from sibdsl.model.nodes import (
    AnyMetric,
    Bands,
    Quantity,
    Scenario,
    Value,
)
from sibdsl.money import Way
from sibdsl.source import Span
from sibdsl.syntax import Block, Node, Part, Word

# ------------------------------------------------------------------ scenarios


def scenarios(
    reader: Reader,
    blocks: list[Block],
    metrics: dict[str, AnyMetric],
    sets: dict[str, Bands],
    periods: tuple[Period, ...],
) -> tuple[Scenario, ...]:
    """Read `scenario` blocks and the rows of `scenarios` tables, in the order written."""
    found: list[Scenario] = []
    for block in blocks:
        if block.kind == "scenario":
            reader.only(block, "table", "source", "says", "note")
            table = reader.table(
                block, block.table, ("metric", "band", "quantity", "in", *in_keys(block.table)), ("metric",)
            )
            rows = quantities(reader, block, table, None, metrics, sets, periods)
            if block.name:
                found.append(Scenario(block.name.text, rows, span=block.head))
            continue
        table = reader.table(
            block,
            block.table,
            ("scenario", "quantities", "note", "source"),
            ("scenario", "quantities"),
            takes={"quantities": ("rounding",)},
        )
        for row, span in zip(table.rows, table.spans, strict=True):
            name, cell = row.get("scenario"), row.get("quantities")
            if name is None or cell is None or not named(reader, name, "a scenario", "scenarios"):
                continue
            scenario = _scenario(reader, name.name, cell, span)
            if scenario is not None:
                found.append(scenario)
    _circles(reader, found)
    return tuple(found)


def _scenario(reader: Reader, name: str, cell: Cell, span: Span) -> Scenario | None:
    part = cell.part
    if cell.name:
        given = reader.values.get(cell.name)
        if rounding := cell.node.node("cell_rounding"):
            without_effect(reader.problems, "scenarios", "quantities", rounding)
        if given is not None and given.kind == "plan":
            return Scenario(name, plan=cell.name, span=span)
        if given is None:
            word = next(one for one in cell.node.walk() if isinstance(one, Word))
            reader.name(word, "particular", clause="scenarios")
        else:
            reader.problems.add(
                "SIB0413",
                f"{cell.name} does not hold a plan.",
                cell.span,
                clause="scenarios",
                mark="not a plan",
                help="Declare a particular that holds `plan`.",
            )
        return None
    if isinstance(part, Node) and part.kind in ("percent_of", "fraction_of"):
        share = reader.plain(part.words()[0])
        path = part.node("path")
        if path is None or len(path.children) != 1:
            _neither(reader, cell)
            return None
        of = reader.name(path.words()[0], "scenario", clause="scenarios")
        way = cell.node.node("cell_rounding")
        if way is None:
            reader.problems.add(
                "SIB0439",
                "A share of a scenario need not be whole, and people are: say how it is rounded.",
                cell.span,
                clause="scenarios",
                mark="to whole units, or not?",
                help="Write such as `60% of Median rounded down`.",
            )
            return None
        if share is None or not isinstance(share.value, Fraction) or not of:
            return None
        return Scenario(name, share=share.value, of=of, rounded=cast("Way", way.said), span=span)
    _neither(reader, cell)
    return None


def _neither(reader: Reader, cell: Cell) -> None:
    reader.problems.add(
        "SIB0413",
        "A scenario takes a plan, or a share of another scenario.",
        cell.span,
        clause="scenarios",
        mark="neither",
        help="Write the name of a plan, or such as `60% of Median rounded down`.",
    )


def named(reader: Reader, cell: Cell, what: str, clause: str) -> str:
    """The name in a cell, or '' after a complaint that it names nothing."""
    if not cell.name:
        reader.problems.add(
            "SIB0420",
            f"{what[0].upper()}{what[1:]} is named here; this is not a name.",
            cell.span,
            clause=clause,
            mark="not a name",
            help="Write a name: words that begin with a capital.",
        )
    return cell.name


def _circles(reader: Reader, found: list[Scenario]) -> None:
    by_name = {scenario.name: scenario for scenario in found}
    for scenario in found:
        seen, at = {scenario.name}, scenario
        while at.of in by_name:
            at = by_name[at.of]
            if at.name in seen:
                reader.problems.add(
                    "SIB0440",
                    f"Scenario {scenario.name} is a share of itself.",
                    scenario.span,
                    clause="scenarios",
                    mark="goes round in a circle",
                    help="Give one of them a plan.",
                )
                break
            seen.add(at.name)


def quantities(
    reader: Reader,
    block: Block,
    table: Table,
    period: Period | None,
    metrics: dict[str, AnyMetric],
    sets: dict[str, Bands],
    periods: tuple[Period, ...],
) -> tuple[Quantity, ...]:
    """The quantities of a table headed metric, band and quantity, or with a column for each period."""
    clause = reader.clause(block)
    found: list[Quantity] = []
    columns = period_columns(reader, table, clause)
    seen: dict[tuple[str, str, Period], Span] = {}
    for row, span in zip(table.rows, table.spans, strict=True):
        metric, band = metric_and_band(reader, row, metrics, sets, clause, must_band=True)
        if metric is None or band is None:
            continue
        when = row_period(reader, row.get("in"), period, clause) or _only_time(reader, metric)
        numbers: list[tuple[Cell, Period | None]] = [
            (row[head.key], days) for head, days in columns if head.key in row
        ]
        if "quantity" in row:
            numbers.append((row["quantity"], when))
        for cell, days in numbers:
            number = number_in(reader, cell, metric, clause)
            if days is None:
                reader.problems.add(
                    "SIB0441",
                    "This quantity has no period.",
                    cell.span,
                    clause=clause,
                    mark="when?",
                    help="Head the column with its period, such as `in 2018/19 quarter 1`, or add a column headed `in`.",
                )
                continue
            if not any(days.start < other_days.end and other_days.start < days.end for other_days in periods):
                reader.problems.add(
                    "SIB0442",
                    f"{days} is outside the payment period.",
                    cell.span,
                    clause=clause,
                    mark="outside the contract",
                    help=f"Choose a period in {periods[0]}.",
                )
                continue
            key = (metric.name, band, days)
            if key in seen:
                reader.problems.add(
                    "SIB0443",
                    f"The quantity of {metric.name} is given twice for this period.",
                    span,
                    clause=clause,
                    mark="again",
                    help="Keep one of the two rows.",
                )
            seen[key] = span
            if number is not None:
                found.append(Quantity(metric.name, band, days, number, span=span))
    return tuple(found)


def _only_time(reader: Reader, metric: AnyMetric) -> Period | None:
    """The whole payment period, for a metric that is measured once in it."""
    once = metric.measured is not None and metric.measured.over in ("once", "contract", "days")
    return reader.payment_period if once else None


def row_period(reader: Reader, cell: Cell | None, period: Period | None, clause: str) -> Period | None:
    """The period of a row: what its cell under `in` says, or that of the whole table."""
    if cell is None:
        return period
    named = as_period(cell.part)
    if named is not None:
        return reader.period(named, clause)
    reader.problems.add(
        "SIB0441",
        "A period is written here.",
        cell.span,
        clause=clause,
        mark="not a period",
        help="Write such as `2018/19 quarter 1`, `2018/19` or `1 April 2018 to 30 June 2018`.",
    )
    return None


def in_keys(node: Node | None) -> tuple[str, ...]:
    """The headings of a table that are periods, such as `in 2018/19 quarter 1`."""
    heads = node.nodes("heading_row")[0].nodes("heading") if node else []
    return tuple(heading_key(head) for head in heads if head.nodes(*PERIODS))


def period_columns(reader: Reader, table: Table, clause: str) -> list[tuple[Heading, Period | None]]:
    """The columns headed by a period, with the period."""
    found: list[tuple[Heading, Period | None]] = []
    for head in table.headings:
        nodes = head.node.nodes(*PERIODS)
        if nodes:
            found.append((head, reader.period(nodes[0], clause)))
    return found


def metric_and_band(
    reader: Reader,
    row: dict[str, Cell],
    metrics: dict[str, AnyMetric],
    sets: dict[str, Bands],
    clause: str,
    *,
    must_band: bool,
) -> tuple[AnyMetric | None, str | None]:
    """The metric and band that a row names; the band is '' for all, None after a complaint."""
    cell = row.get("metric") or row.get("for each")
    if cell is None or (cell.word in ("all", "any") and not must_band):
        return None, None
    if not named(reader, cell, "a metric", clause):
        return None, None
    word = next(one for one in cell.node.walk() if isinstance(one, Word))
    name = reader.name(word, "metric", clause=clause)
    metric = metrics.get(name)
    if metric is None:
        return None, None
    names = [band.name for band in sets[metric.bands].bands] if metric.bands in sets else []
    band = row.get("band")
    if band is None or band.word in ("all", "none"):
        if names and must_band:
            reader.problems.add(
                "SIB0434",
                f"{metric.name} is counted in bands, so its quantity needs one.",
                (band or cell).span,
                clause=clause,
                mark="in which band?",
                help="Write one of: " + ", ".join(f"`{name}`" for name in names) + ".",
            )
            return metric, None
        return metric, ""
    if band.name in names:
        return metric, band.name
    no_such_band(reader, metric, band.name, names, band.span, clause, f"This is not a band of {metric.name}.")
    return metric, None


def _written(reader: Reader, cell: Cell, metric: AnyMetric | None) -> Value | None:
    """The plain value in a cell; a number with the unit that the metric measures, such as `75 points`, without it."""
    return _plainly(reader, cell.part, metric)


def _plainly(reader: Reader, part: Part | None, metric: AnyMetric | None) -> Value | None:
    """A value as it stands; or `79 divided by 3`, which no decimal says exactly. Source: language reference, 'Examples'."""
    if isinstance(part, Node) and part.kind == "divided_by":
        top, over = (_plainly(reader, side, metric) for side in part.children[:2])
        if top is None or over is None or over.kind != "number" or over.value == 0:
            return None
        if not isinstance(top.value, Fraction) or not isinstance(over.value, Fraction):
            return None
        return Value(top.value / over.value, top.kind, span=part.span)
    if isinstance(part, Node) and part.kind == "amount_of" and metric is not None:
        unit = part.nodes("unit")[0].said
        return reader.plain(part.words()[0]) if unit == metric.measures else None
    found = reader.signed(part)
    if found is not None and metric is not None and found.kind == metric.measures in ("hours", "points"):
        return Value(found.value, "number", span=found.span)
    return found


def number_in(reader: Reader, cell: Cell, metric: AnyMetric | None, clause: str) -> Fraction | None:
    """The quantity in a cell, one that the metric (None: any) could have, or None after a complaint."""
    value = _written(reader, cell, metric)
    signed = {
        "money": f"an amount such as {money.currency(reader.currency).prefix}719.83",
        "percentage": "a share such as 62.5%",
    }
    measures = metric.measures if metric is not None and metric.measures in signed else "number"
    if value is None or value.kind != measures or not isinstance(value.value, Fraction):
        named = metric is not None and measures in signed
        reader.problems.add(
            "SIB0467" if named else "SIB0444",
            f"{metric.name} measures {'money' if measures == 'money' else 'a percentage'}."
            if metric and named
            else "A quantity is a plain number.",
            cell.span,
            clause=clause,
            mark=f"not {'an amount of money' if measures == 'money' else 'a percentage'}"
            if named
            else "not a quantity",
            help=f"Write {signed.get(measures, 'a number such as 40')}.",
        )
        return None
    if metric is not None and metric.whole and value.value.denominator != 1:
        reader.problems.add(
            "SIB0467",
            f"{metric.name} counts whole {'days' if metric.measures == 'days' else 'results'}.",
            cell.span,
            clause=clause,
            mark="not a whole number",
            help="Write a whole number from 0.",
        )
        return None
    return value.value
