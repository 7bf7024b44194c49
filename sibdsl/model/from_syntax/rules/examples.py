"""Examples: what is known to be paid."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from sibdsl import money
from sibdsl.dates import Period
from sibdsl.diagnostics import Label, nearest, same
from sibdsl.model.from_syntax.percentages import signed
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.rules.scenarios import (
    in_keys,
    metric_and_band,
    number_in,
    period_columns,
    quantities,
    row_period,
)
from sibdsl.model.from_syntax.table_cells import Cell
from sibdsl.model.from_syntax.value_kinds import SAID, alike, as_kind, range_said
from sibdsl.model.nodes import (
    AnyMetric,
    Assumption,
    Bands,
    Example,
    ExampleRecords,
    Expected,
    ExpectedQuantity,
    Particular,
    Quantity,
    Records,
)
from sibdsl.syntax import Block, Node, Word

# ------------------------------------------------------------------ examples


def examples(
    reader: Reader,
    blocks: list[Block],
    metrics: dict[str, AnyMetric],
    sets: dict[str, Bands],
    tables: dict[str, Records],
    periods: tuple[Period, ...],
) -> tuple[Example, ...]:
    """Read the `example` blocks."""
    found: list[Example] = []
    for block in blocks:
        before = len(reader.problems.errors)
        clause = reader.clause(block)
        reader.only(block, "in_period", "as_of", "with_set", "given", "expect", "source", "says", "note")
        line = reader.one(block, "in_period")
        period = reader.period(line.nodes()[0], clause) if line else None
        if line is not None and (period is None or not _in_time(reader, period, periods, line, clause)):
            continue  # its quantities and payments would be of another time
        day_line = reader.one(block, "as_of")
        as_of = reader.day(day_line.words("DATE")[0], clause) if day_line else None
        _given_once(reader, block)
        settings = _settings(reader, block, sets)
        given: list[Quantity] = []
        records: list[ExampleRecords] = []
        for node in block.lines("given"):
            table_node = node.node("table")
            what = node.node("given_what")
            if what is not None:
                rows = _example_records(reader, block, what, table_node, tables)
                if rows and rows.part:
                    _once(reader, rows, records, what, clause)
                records.extend([rows] if rows else [])
            else:
                table = reader.table(
                    block, table_node, ("metric", "band", "quantity", "in", *in_keys(table_node)), ("metric",)
                )
                given.extend(quantities(reader, block, table, period, metrics, sets, periods))
        if given and records:
            reader.problems.add(
                "SIB0448",
                "This example gives both quantities and records.",
                block.head,
                clause=clause,
                mark="from which is it to be worked out?",
                help="Keep one: quantities to test the payments, or records to test what is counted as well.",
            )
        expected: list[Expected | ExpectedQuantity] = []
        complete = False
        for node in block.lines("expect"):
            how = node.node("expect_scope")
            complete = complete or how is not None
            expected.extend(_expected(reader, block, node.node("table"), period, metrics, sets))
        if (
            block.name is not None and len(reader.problems.errors) == before
        ):  # half of one would test another thing
            found.append(
                Example(
                    block.name.text,
                    block.gloss,
                    period,
                    as_of,
                    settings,
                    tuple(given),
                    tuple(records),
                    tuple(expected),
                    complete,
                    span=block.head,
                )
            )
    return tuple(found)


def _in_time(reader: Reader, period: Period, periods: tuple[Period, ...], line: Node, clause: str) -> bool:
    if any(period.start < days.end and days.start < period.end for days in periods):
        return True
    reader.problems.add(
        "SIB0442",
        f"{period} is outside the payment period.",
        line.span,
        clause=clause,
        mark="outside the contract",
        help=f"Choose a period in {periods[0]}.",
    )
    return False


def dates_given(reader: Reader, block: Block) -> dict[str, date | str]:
    """The dates and lengths of time which an example gives for what the text has by name, as far as they are such."""
    by_name = {named_date.name for named_date in reader.named}
    found: dict[str, date | str] = {}
    for line in block.lines("with_set"):
        for node in line.nodes("binding", "binding_lasting"):
            word, *rest = node.words()
            said = node.node("duration")
            duration = reader.duration(said) if said else None
            if word.text not in by_name:
                continue
            if duration is not None and reader.values[word.text].kind == "duration":
                found[word.text] = str(duration)
            elif rest and rest[0].kind == "DATE" and reader.values[word.text].kind == "date":
                day = reader.day(rest[0])
                found |= {word.text: day} if day else {}
    return found


def _given_once(reader: Reader, block: Block) -> None:
    """Report a name to which the `with` lines of an example give two values."""
    places: dict[str, Word] = {}
    for line in block.lines("with_set"):
        for binding in line.nodes("binding", "binding_lasting"):
            name = binding.words()[0]
            first = places.setdefault(name.text, name)
            if first is not name:
                reader.problems.add(
                    "SIB0401",
                    f"{name.text} is given twice in this example.",
                    name.span,
                    clause=reader.clause(block),
                    mark="the second",
                    help="Take one of the two out; an example of its own can show what the other comes to.",
                    labels=(Label(first.span, "the first"),),
                )


def _settings(
    reader: Reader, block: Block, sets: dict[str, Bands]
) -> tuple[tuple[str, Fraction | date | str], ...]:
    found: list[tuple[str, Fraction | date | str]] = []
    for line in block.lines("with_set"):
        for lasting in line.nodes("binding_lasting"):
            found += _lasting(reader, lasting, reader.clause(block))
        for binding in line.nodes("binding"):
            words = [*binding.words(), *(word for node in binding.nodes() for word in node.words())]
            name = reader.name(words[0], "particular", "assumption", clause=reader.clause(block))
            if not name:
                continue
            if name not in reader.values:  # its own declaration is at fault, and reported
                continue
            value, problem = _setting(reader, reader.values[name], words[-1], sets)
            if value is not None and not problem:
                found.append((name, value))
                continue
            reader.problems.add(
                "SIB0422",
                f"{name} cannot be {words[-1].text}.",
                words[-1].span,
                clause=reader.clause(block),
                mark="not a value that it may have",
                help=problem,
            )
    return tuple(found)


def _lasting(reader: Reader, node: Node, clause: str) -> list[tuple[str, Fraction | date | str]]:
    """A length of time that an example gives."""
    word = node.words()[0]
    name = reader.name(word, "particular", "assumption", clause=clause)
    duration = reader.duration(node.nodes("duration")[0], clause)
    given = reader.values.get(name)
    if given is None or duration is None:
        return []
    if given.kind == "duration":
        return [(name, str(duration))]
    reader.problems.add(
        "SIB0422",
        f"{name} cannot be {duration}.",
        node.span,
        clause=clause,
        mark="not a value that it may have",
        help=f"Write a value that is {SAID[given.kind]}.",
    )
    return []


def _setting(
    reader: Reader, given: Particular | Assumption, word: Word, sets: dict[str, Bands]
) -> tuple[Fraction | date | str | None, str]:
    """The value that an example gives, and, where it may not be that, what it may be."""
    if given.kind == "band":
        point = given.point if isinstance(given, Assumption) else None
        names = [
            band.name
            for bands in sets.values()
            for band in bands.bands
            if point in (band.holds.low, band.holds.high)
        ]
        return word.text, "" if word.text in names else f"Write one of: {', '.join(names)}."
    value = reader.plain(word)
    if given.kind == "yes or no":
        return word.text, "" if word.text in ("yes", "no") else "Write `yes` or `no`."
    if given.kind == "set off basis":
        said = word.text.strip('"')
        return said, "" if said in ("in money", "in units") else 'Write "in money" or "in units".'
    priced = given.kind == "money per day" and value is not None and value.kind == "money"
    if value is None or not (priced or alike(given.kind, value.kind)):
        right = as_kind(value, given.kind, reader.currency) if value is not None else ""
        return (
            None,
            f"Write `{right}`, if that is meant." if right else f"Write a value that is {SAID[given.kind]}.",
        )
    if value.kind == "number" and value.value != 0 and given.kind == "percentage":
        return None, signed(value.value) if isinstance(
            value.value, Fraction
        ) else "Write it with the sign `%`."
    if (
        isinstance(given, Particular)
        and isinstance(value.value, Fraction)
        and value.value not in given.allowed
    ):
        return None, f"It must be {range_said(given.allowed, given.kind, reader.currency)}."
    return value.value, ""


def _example_records(
    reader: Reader, block: Block, what: Node, node: Node | None, tables: dict[str, Records]
) -> ExampleRecords | None:
    clause = reader.clause(block)
    name = reader.name(what.words("NAME")[0], "records", clause=clause)
    records = tables.get(name)
    if records is None:
        return None
    part = _part(reader, records, what, clause)
    if part is None:
        return None
    table = reader.table(block, node, (), (), names=True)
    headings: list[str] = []
    for head in table.headings:
        column = next((one for one in records.filed if one.name == head.key), None)
        if column is None:
            near = nearest(head.key, [column.name for column in records.filed])
            reader.problems.add(
                "SIB0301",
                f"{head.key} is not a column of {name}.",
                head.span,
                clause=clause,
                mark="no such column",
                help=f"Did you mean `{near}`?"
                if near
                else "Its columns: " + ", ".join(f"`{column.name}`" for column in records.filed) + ".",
            )
            return None
        headings.append(column.heading)
    missing = [column.name for column in records.filed if column.heading not in headings]
    if missing:
        reader.problems.add(
            "SIB0406",
            f"The records of {name} have no column {missing[0]}.",
            table.span,
            clause=clause,
            mark=f"{missing[0]} is missing",
            help=f"Add a column headed `{missing[0]}`.",
        )
        return None
    rows = tuple(tuple(_text(reader, row[head.key], clause) for head in table.headings) for row in table.rows)
    return ExampleRecords(name, tuple(headings), rows, part, span=table.span)


def _once(
    reader: Reader, rows: ExampleRecords, before: list[ExampleRecords], what: Node, clause: str
) -> None:
    """Report a part whose rows stand in two tables."""
    twin = next((one for one in before if (one.records, one.part) == (rows.records, rows.part)), None)
    if twin is not None:
        reader.problems.add(
            "SIB0310",
            f'The rows of part "{rows.part}" of {rows.records} are given twice.',
            what.span,
            clause=clause,
            mark="given before",
            help="Write them in one table.",
            labels=(Label(twin.span, "first here"),),
        )


def _part(reader: Reader, records: Records, what: Node, clause: str) -> str | None:
    """The part that the rows are of, '' where the records have none; None after a complaint."""
    word = next(iter(what.words("TEXT")), None)
    listed = ", ".join(f'"{part}"' for part in records.parts)
    said = word.text[1:-1].strip() if word else ""
    part = next((part for part in records.parts if same(part) == same(said)), None)
    if word is None and not records.parts:
        return ""
    if part is None:
        reader.problems.add(
            "SIB0310",
            f'{records.name} has no part "{said}".'
            if word
            else f"It is not said of which part of {records.name} these rows are.",
            (word or what).span,
            clause=clause,
            mark="no such part" if word else "of which part?",
            help=f"Name one of its parts: {listed}."
            if listed
            else f"Write `given records {records.name}`, or name the parts in its records block.",
        )
    return part


def _text(reader: Reader, cell: Cell, clause: str) -> str:
    if cell.word == "blank":
        return ""
    if cell.text:
        return cell.text
    part = cell.part
    if isinstance(part, Word):
        if part.kind == "DATE":
            day = reader.day(part, clause)
            return day.isoformat() if day else ""
        if part.kind in ("INT", "DECIMAL"):
            return part.text.replace(",", "")
        if part.kind == "MONEY":
            return money.number(money.parse(part.text))
        return part.text
    if isinstance(part, Node) and part.kind == "below_nought":
        value = reader.signed(part)
        if value is not None and isinstance(value.value, Fraction):
            shown = value.value * 100 if value.kind == "percentage" else value.value
            return money.number(shown) + ("%" if value.kind == "percentage" else "")
    if isinstance(part, Node) and part.kind in ("path", "word_atom", "amount_of"):
        return next(one.text for one in part.walk() if isinstance(one, Word))
    reader.problems.add(
        "SIB0422",
        "This is not a value of a record.",
        cell.span,
        clause=clause,
        mark="not a value",
        help="Write a date, a number, yes, no, blank, or text in quotes.",
    )
    return ""


def _expected(
    reader: Reader,
    block: Block,
    node: Node | None,
    period: Period | None,
    metrics: dict[str, AnyMetric],
    sets: dict[str, Bands],
) -> list[Expected | ExpectedQuantity]:
    clause = reader.clause(block)
    keys = in_keys(node)
    table = reader.table(
        block,
        node,
        ("payment", "payer", "payee", "for each", "metric", "band", "in", "pays", "quantity", *keys),
    )
    columns = period_columns(reader, table, clause)
    if not columns and not table.heading("pays") and not table.heading("quantity"):
        reader.problems.add(
            "SIB0406",
            "Nothing is expected here: the table has no column `pays` or `quantity`.",
            table.span,
            clause=clause,
            mark="expects nothing",
            help="Add a column headed `pays` or `quantity`.",
        )
    band_heading = table.heading("band")
    if band_heading and not table.heading("for each") and not table.heading("metric"):
        reader.problems.add(
            "SIB0406",
            "Bands are those of a metric, and this table does not say of which.",
            band_heading.span,
            clause=clause,
            mark="bands of what?",
            help="Add a column headed `for each`, or take this one out.",
        )
    expectations: list[Expected | ExpectedQuantity] = []
    for row, span in zip(table.rows, table.spans, strict=True):
        payment = _name(reader, row.get("payment"), ("payment", "deduction", "block advance", "cap"), clause)
        payer = _name(reader, row.get("payer"), ("party",), clause)
        payee = _name(reader, row.get("payee"), ("party",), clause)
        one, metric, band = None, "", ""
        if "metric" in row or "for each" in row:
            one, in_band = metric_and_band(reader, row, metrics, sets, clause, must_band=False)
            metric, band = (one.name if one else ""), (in_band or "")
        when = row_period(reader, row.get("in"), period, clause)
        if "quantity" in row:
            number = number_in(reader, row["quantity"], one, clause)
            if number is not None:
                expectations.append(ExpectedQuantity(metric, band, number, when, span=span))
            continue
        sums: list[tuple[Cell, Period | None]] = [(row[head.key], days) for head, days in columns]
        if "pays" in row:
            sums.append((row["pays"], when))
        for cell, days in sums:
            amount = _money(reader, cell, clause)
            if amount is not None:
                expectations.append(Expected(payment, payer, payee, metric, band, amount, days, span=span))
    return expectations


def _name(reader: Reader, cell: Cell | None, sorts: tuple[str, ...], clause: str) -> str:
    if cell is None or cell.word in ("all", "any"):
        return ""
    word = next((one for one in cell.node.walk() if isinstance(one, Word) and one.kind == "NAME"), None)
    if word is None:
        reader.problems.add(
            "SIB0420",
            "A name is needed here.",
            cell.span,
            clause=clause,
            mark="not a name",
            help="Write a defined term, or `all`.",
        )
        return ""
    return reader.name(word, *sorts, clause=clause)


def _money(reader: Reader, cell: Cell, clause: str) -> Fraction | None:
    part = cell.part
    if isinstance(part, Node) and part.kind == "word_atom" and part.said == "nothing":
        return Fraction(0)
    value = reader.signed(part) if part is not None else None
    if value is not None and value.kind == "money" and isinstance(value.value, Fraction):
        return value.value
    bare = reader.plain(part) if isinstance(part, Word) and part.kind in ("INT", "DECIMAL") else None
    right = as_kind(bare, "money", reader.currency) if bare is not None else ""
    reader.problems.add(
        "SIB0413",
        "An amount of money is expected here.",
        cell.span,
        clause=clause,
        mark="not money",
        help=f"Write `{right}`, if that amount is meant."
        if right
        else "Write an amount such as £17,900, or `nothing`.",
    )
    return None
