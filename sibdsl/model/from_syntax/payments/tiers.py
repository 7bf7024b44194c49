"""Tiers: how many units are paid at which rate, maybe at others on other days."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from sibdsl.dates import long
from sibdsl.model.from_syntax.amounts import amount
from sibdsl.model.from_syntax.limits.block_advances import scope
from sibdsl.model.from_syntax.payments.columns_across import Across, across
from sibdsl.model.from_syntax.payments.rates import band_in, metric_in, money_amount
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.value_kinds import SAID, Here
from sibdsl.model.nodes import Amount, AnyMetric, Applies, Bands, Payers, Tier, Tiered, Value
from sibdsl.syntax import Block, Node, Part


def tiered(
    reader: Reader,
    block: Block,
    who: tuple[Payers, str] | None,
    metrics: dict[str, AnyMetric],
    sets: dict[str, Bands],
) -> tuple[Tiered, ...]:
    """The tariff in tiers; one for each column that is headed by days. Units are counted through all of them."""
    clause = reader.clause(block)
    columns = across(reader, block, clause)
    if columns is None:
        return ()
    node = reader.one(block, "for_each", needed="for each Job Start")
    line = reader.one(block, "tiers")
    metric = metric_in(reader, None, node, clause) if node else ""
    if node is not None and metric in reader.spans and reader.spans[metric].over.startswith("each"):
        reader.problems.add(
            "SIB0493",
            f"{metric} does not add up, so its units fall in no tiers.",
            node.span,
            clause=clause,
            mark="a total of several",
            help="Pay each unit at one rate, or speak of a metric that is measured over the contract.",
        )
    band = band_in(reader, None, reader.one(block, "band"), metrics.get(metric), sets, clause)
    over = scope(reader, line.nodes("scope", "per_each")[0], clause) if line else None
    columns = tuple(column for column in columns if column.days is not None)
    found = tiers(reader, block, clause, columns)
    if who is None or not metric or band is None or over is None or not found:
        return ()
    days = [column.days for column in columns] or [None]
    place = line.span if line else block.head
    return tuple(
        Tiered(*who, metric, band, rows, over, one, span=place)
        for rows, one in zip(found, days, strict=True)
        if rows
    )


def of_all_its_days(reader: Reader, found: Sequence[Tiered], applies: Applies, clause: str) -> None:
    """Report tiers over named days of a payment that runs on other days too: nothing says what units of those are paid."""
    whole = reader.payment_period
    for term in found:
        days = term.scope.days
        if whole is None or days is None or term.scope.over != "days":
            continue
        first, last = applies.first or whole.start, applies.last or whole.last
        if first < days.start or last > days.last:
            beyond = last if last > days.last else first
            reader.problems.add(
                "SIB0480",
                f"The tiers count the units of {days}, and this pays for units up to {long(last)}."
                if beyond == last
                else f"The tiers count the units of {days}, and this pays for units from {long(first)} on.",
                term.scope.span,
                clause=clause,
                mark="and units of other days?",
                help="Let the payment run on those days alone, with `starts` and `ends`, and write another for the rest; or write "
                "`tiers over the contract`, or `in each year`.",
            )
            return


def tiers(
    reader: Reader, block: Block, clause: str, columns: tuple[Across, ...] = ()
) -> tuple[tuple[Tier, ...], ...]:
    """The rows of a table of tiers, once for each column of rates; without columns for the one headed `pays`."""
    keys = tuple(column.key for column in columns) or ("pays",)
    table = reader.table(block, block.table, ("units", *keys, "note", "source"), ("units", *keys))
    found: list[Tier] = []
    made: list[tuple[Tier, ...]] = []
    for row in table.rows:
        units, cells = row.get("units"), [row[key] for key in keys if key in row]
        if units is None or len(cells) < len(keys):
            continue
        rates = [money_amount(reader, cell.part, clause, key) for cell, key in zip(cells, keys, strict=True)]
        part = units.part
        if not isinstance(part, Node) or part.kind not in ("tier_first", "tier_next", "tier_further"):
            reader.problems.add(
                "SIB0480",
                "A tier says which units it holds; this does not.",
                units.span,
                clause=clause,
                mark="not a tier",
                help="Write `first 20`, then `next 10`, and last `further`.",
            )
            continue
        held = _units(reader, part.children[0], clause) if part.children else (None, None)
        if held is None:
            continue
        number, many = held
        first = part.kind == "tier_first"
        ended = any(tier.further for tier in found)
        if first is not (not found) or ended or number == 0:
            reader.problems.add(
                "SIB0480",
                "No unit can fall in this tier."
                if ended or number == 0
                else "The tiers do not follow one another.",
                units.span,
                clause=clause,
                mark="after all further ones" if ended else "out of order",
                help="Write `first 20` in the first row, `next 10` in those after it, and `further` at most once, last.",
            )
            continue
        mine = tuple(
            Tier(number, rate, many, span=cell.span if columns else units.span)
            for rate, cell in zip(rates, cells, strict=True)
            if rate is not None
        )
        if len(mine) == len(keys):
            found.append(mine[0])
            made.append(mine)
    if found and not found[-1].further:
        reader.problems.add(
            "SIB0480",
            "The tiers do not say what is paid for further units.",
            found[-1].span,
            clause=clause,
            mark="and beyond these?",
            help="Add a row `further` with its rate, or with £0 where nothing is paid for them.",
        )
    return tuple(zip(*made, strict=True))


def _units(reader: Reader, part: Part, clause: str) -> tuple[int | None, Amount | None] | None:
    """How many units a tier holds: a plain whole number, or an amount such as 1.5 or 90% of a plan; None after a complaint."""
    found = units(reader, part, clause, "A tier")
    if found is None:
        return None
    plain = whole_number(found)
    return (None, found) if plain is None else (plain, None)


def whole_number(found: Amount) -> int | None:
    """The plain whole number that is written, if one is."""
    plain = isinstance(found, Value) and isinstance(found.value, Fraction) and found.value.denominator == 1
    return int(found.value) if plain else None  # type: ignore[arg-type, union-attr] # a number


def units(reader: Reader, part: Part, clause: str, what: str) -> Amount | None:
    """A number of units that is known before anything is counted; None after a complaint."""
    found = amount(reader, part, Here(clause=clause, values=reader.values))
    if found is not None and found.kind not in _UNITS:
        reader.problems.add(
            "SIB0480",
            f"{what} holds so many units; this is {SAID[found.kind]}.",
            found.span,
            clause=clause,
            mark=f"{SAID[found.kind]}, no number of units",
            help="Write a number such as `20` or `1.5`, or name a particular that holds one.",
        )
        return None
    return found


#: What a number of units may be.
_UNITS = ("number", "count", "hours", "days", "points")
