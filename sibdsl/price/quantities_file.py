"""Quantities from a CSV file: `period,metric,band,quantity`. Source of the rules: records reference, 'Quantities'."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from sibdsl import csvfile, dates, files, money
from sibdsl.csvfile import CsvFile, CsvRow, NoHeadings, Unreadable
from sibdsl.currencies import PREFIX
from sibdsl.dates import Period
from sibdsl.diagnostics import Problems, Refused, nearest, same
from sibdsl.model.admissible_quantities.below_nought import may_fall_below
from sibdsl.model.bands_in_force import band_names
from sibdsl.model.nodes import AnyMetric, Contract, Programme, Quantity
from sibdsl.model.periods import Segment, holder, segments, spans, turns
from sibdsl.plainform import plain
from sibdsl.price.graph import Key
from sibdsl.source import Span

#: A file of more bytes is not read.
MOST_BYTES = 64_000_000

HEADINGS = ("period", "metric", "band", "quantity")


def read(contract: Contract, path: Path) -> dict[Key, Fraction]:
    """Quantities by metric, band and segment from a CSV file.

    `period` is any date inside the period. Raises Refused for an unreadable file, an unknown metric or band, a date
    outside the contract, a quantity that its metric could not have, and a quantity given twice.
    """
    return _read({"": contract}, HEADINGS, path)[""]


def read_all(
    programme: Programme, terms: Mapping[str, Contract], path: Path, cuts: frozenset[date] = frozenset()
) -> dict[str, dict[Key, Fraction]]:
    """The same for each contract of a programme, by name; `terms` are its contracts as varied.

    A column `contract` names each, but of a contract by itself. At `cuts` the programme's caps cut statement periods into
    parts. Raises Refused as `read` does.
    """
    if programme.alone:
        return {name: read(contract, path) for name, contract in terms.items()}
    return _read(terms, ("contract", *HEADINGS), path, cuts)


def _read(
    members: Mapping[str, Contract],
    headings: tuple[str, ...],
    path: Path,
    cuts: frozenset[date] = frozenset(),
) -> dict[str, dict[Key, Fraction]]:
    """Quantities by contract. With one contract, of the name '', no column names it."""
    problems = Problems()
    file, rows = _rows(problems, ("contract", *HEADINGS), path)
    if "contract" not in headings and any(same(heading) == "contract" for heading in file.headings):
        # Quantities of a programme, given to one of its contracts: rows of the others are refused, not taken for its own.
        members, headings = {member.name: member for member in members.values()}, ("contract", *headings)
        found_alone = True
    else:
        found_alone = False
    places = _headings(problems, path, file, headings)
    problems.stop_on_errors()
    found: dict[str, dict[Key, Fraction]] = {name: {} for name in members}
    first: dict[tuple[str, Key], int] = {}
    every = {name: segments(member, cuts) for name, member in members.items()}
    for row in rows:
        number, at = row.number, _at(path, row.line)
        where = f"{path.name} row {number}"
        wrong = csvfile.odd(file, row)
        if wrong:
            problems.add(
                "SIB0705",
                f"{where} has {wrong}.",
                at,
                help=_cells_help(file, row),
            )
            continue
        cells = {key: plain(row.cells[place]) for key, place in places.items()}
        name = _member(problems, members, cells.get("contract", ""), where, at)
        if name is None:
            continue
        contract = members[name]
        key = _key(problems, contract, every[name], cells, where, at)
        if key is None:
            continue
        amount = _number(problems, contract, key.metric, cells["quantity"], where, at)
        if amount is None:
            continue
        if key in found[name]:
            problems.add(
                "SIB0705",
                f"{where} gives {key.metric}{f', {key.band},' if key.band else ''} for {key.segment.days} again.",
                at,
                help=f"Row {first[name, key]} gives it already: keep one of the two.",
            )
            continue
        found[name][key] = amount
        first[name, key] = number
    problems.stop_on_errors()
    return {"": next(iter(found.values()))} if found_alone else found


def _at(path: Path, line: int) -> Span:
    return Span(str(path), line, 1, line, 1)


def _rows(problems: Problems, headings: tuple[str, ...], path: Path) -> tuple[CsvFile, list[CsvRow]]:
    """The file and its rows that are not blank. Raises Refused for a file that cannot be read or is empty."""
    first = ",".join(heading for heading in headings if heading in HEADINGS)
    with TemporaryDirectory(prefix="sib-") as folder:
        try:
            copy = Path(folder) / "given.csv"
            copy.write_bytes(files.given(path, most=MOST_BYTES))
            file = csvfile.inspect(copy, headings, Path(folder))
            if file.converted:
                problems.add("SIB0705", f"{path} is not text in UTF-8.", help="Save it as CSV (UTF-8).")
                raise Refused(problems.found)
            return file, [row for row in csvfile.rows(file) if any(map(plain, row.cells))]
        except IsADirectoryError:
            problems.add(
                "SIB0705",
                f"{path} is a folder; quantities are given in one CSV file.",
                help=f"Name the file in it, such as {path / 'quantities.csv'}. Records in a folder are paid by `sib pay`.",
            )
        except OSError as error:
            problems.add(
                "SIB0705",
                f"The quantities file {path} cannot be read: {error.strerror or error}.",
                help="Check its name and folder.",
            )
        except NoHeadings:
            problems.add(
                "SIB0705", f"{path} is empty.", _at(path, 1), help=f"Its first row should be {first}."
            )
        except Unreadable as error:
            problems.add(
                "SIB0705",
                f"The quantities file {path} cannot be read: {error}.",
                help="Check its name and folder, and save it as CSV (UTF-8).",
            )
    raise Refused(problems.found)


def _cells_help(file: CsvFile, row: CsvRow) -> str:
    """What to do about a row with too few or too many cells."""
    if len(row.cells) < len(file.headings):
        return "Give every row each of the columns; leave a band empty where there is none."
    joined = next(
        (
            f"{cell}{other}"
            for cell, other in pairwise(map(plain, row.cells))
            if _PARTED.fullmatch(f"{cell},{other}") and file.delimiter == ","
        ),
        "",
    )
    if joined:
        return f"A comma parts cells: if one number is meant, write it without the comma, {joined}."
    return "Put a cell that holds the delimiter into quotation marks, or take out the cells that have no heading."


def _member(
    problems: Problems, members: Mapping[str, Contract], said: str, where: str, at: Span
) -> str | None:
    """The contract that a row speaks of."""
    for name in members:
        if not name or same(name) == same(said):
            return name
    near = nearest(said, list(members))
    problems.add(
        "SIB0705",
        f"{where} speaks of the contract {said}, which is not priced here."
        if said
        else f"{where} names no contract.",
        at,
        help=f"Did you mean {near}?" if near else "Its contracts: " + ", ".join(members) + ".",
    )
    return None


def _headings(problems: Problems, path: Path, file: CsvFile, headings: tuple[str, ...]) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, heading in enumerate(file.headings):
        key = next(
            (other_heading for other_heading in headings if same(other_heading) == same(heading)), None
        )
        if key in places:
            problems.add(
                "SIB0705", f"{path} has two columns headed {key}.", _at(path, 1), help="Keep one of them."
            )
        elif key:
            places[key] = place
    for key in headings:
        if key not in places:
            near = nearest(key, file.headings)
            problems.add(
                "SIB0705",
                f"{path} has no column headed {key}.",
                _at(path, 1),
                help=f"Is it the one headed {near}?"
                if near
                else "Its first row should be " + ",".join(headings) + ".",
            )
    return places


def _key(
    problems: Problems,
    contract: Contract,
    every: tuple[Segment, ...],
    cells: Mapping[str, str],
    where: str,
    at: Span,
) -> Key | None:
    metric = find_metric(contract, cells["metric"])
    if metric is None:
        near = nearest(cells["metric"], [metric.name for metric in contract.every_metric])
        problems.add(
            "SIB0705",
            f"{where} counts {cells['metric'] or 'nothing'}, which is no metric of {contract.name}.",
            at,
            help=f"Did you mean {near}?"
            if near
            else "Its metrics: " + ", ".join(metric.name for metric in contract.every_metric) + ".",
        )
        return None
    bands = band_names(contract, metric)
    band = next((band_name for band_name in bands if same(band_name) == same(cells["band"])), None)
    none_meant = not bands and same(cells["band"]) in ("", "all", "none")
    if band is None and not none_meant:
        near = nearest(cells["band"], bands)
        problems.add(
            "SIB0705",
            f"{where} has band {cells['band'] or '(empty)'} for {metric.name}.",
            at,
            help=f"{f'Did you mean {near}? ' if near else ''}Its bands: {', '.join(bands)}."
            if bands
            else f"{metric.name} has no bands: leave the cell empty.",
        )
        return None
    try:
        day = dates.parse(cells["period"])
    except ValueError:
        problems.add(
            "SIB0705",
            f"{where} has period {cells['period'] or '(empty)'}: it is not a date.",
            at,
            help="Write any date inside the period, such as 2018-04-01.",
        )
        return None
    segment = None
    if dates.speakable(day):
        segment = place_of(contract, metric, every, Period(day, day + timedelta(days=1)))
    if segment is None and metric.measured is not None and day in contract.payment_period:
        problems.add(
            "SIB0705",
            f"{where}: {metric.name} is not measured over days that hold {dates.long(day)}.",
            at,
            help="Write a date inside a time that it is measured over.",
        )
        return None
    if segment is None:
        problems.add(
            "SIB0705",
            f"{where}: {dates.long(day)} is outside the payment period, {contract.payment_period}.",
            at,
            help="Write a date inside it.",
        )
        return None
    return Key(segment, metric.name, band or "")


def place_of(
    contract: Contract, metric: AnyMetric | None, every: tuple[Segment, ...], days: Period
) -> Segment | None:
    """Where a quantity given for some days belongs: the first segment that shares a day with them.

    Of a metric that does not add up, the segment that holds the last day of the stretch over which it is measured: of
    the first stretch that shares a day with them.
    """
    if metric is None or metric.measured is None:
        return first_segment(every, days)
    stretch = next(
        (
            span
            for turn, span in zip(
                turns(contract, metric.measured), spans(contract, metric.measured), strict=True
            )
            if turn.start < days.end and days.start < turn.end
        ),
        None,
    )
    return None if stretch is None else holder(every, stretch)


def find_metric(contract: Contract, name: str) -> AnyMetric | None:
    """The metric of that name, capitals and spaces aside."""
    return next((metric for metric in contract.every_metric if same(metric.name) == same(name)), None)


#: What a number becomes that is written with commas and without quotation marks.
_PARTED = re.compile(rf"(?:{PREFIX}|[^\d,])?\d{{1,3}},\d{{3}}(\.\d+)?", re.ASCII)
#: Of digits 0 to 9 alone. A first group of nought, `0,100`, is no thousand.
_WHOLE = re.compile(r"([1-9]\d{0,2}(,\d{3})+|\d{1,15})(\.0+)?", re.ASCII)
_EXACT = re.compile(r"-?(([1-9]\d{0,2}(,\d{3})+|\d{1,15})(\.\d{1,30})?|\d{1,30}/[1-9]\d{0,29})", re.ASCII)


def _number(
    problems: Problems, contract: Contract, name: str, text: str, where: str, at: Span
) -> Fraction | None:
    """A quantity that the metric could have: whole from 0, or of any part where it has a weight or is a sum."""
    metric = find_metric(contract, name)
    whole = metric is None or metric.whole
    digits = text.removeprefix("-")
    if metric is not None and metric.measures == "percentage":
        digits = digits.removesuffix("%").rstrip() if digits.endswith("%") else ""
    if metric is not None and metric.measures in ("points", "hours"):
        digits = digits.removesuffix(metric.measures).rstrip()
    if metric is not None and metric.measures == "money":
        digits = digits.removeprefix(money.currency(contract.currency).prefix)
    number = ("-" if text.startswith("-") else "") + digits
    if not (_WHOLE if whole else _EXACT).fullmatch(number):
        share = metric is not None and metric.measures == "percentage"
        wanted, such = (
            ("whole number from 0", "Count people, events or days: write such as 40.")
            if whole
            else ("percentage", "Write it with its sign, such as 12.5%.")
            if share
            else ("number", "Write such as 46.5.")
        )
        problems.add(
            "SIB0705", f"{where} has quantity {text or '(empty)'}: a {wanted} is expected.", at, help=such
        )
        return None
    found = Fraction(number.replace(",", ""))
    if metric is not None and metric.measures == "percentage":
        found /= 100
    if found < 0 and (metric is None or not may_fall_below(contract, metric)):
        problems.add(
            "SIB0705",
            f"{where} has quantity {text}: {name} is never less than 0.",
            at,
            help="Write a number from 0.",
        )
        return None
    return found


def by_segment(contract: Contract, given: tuple[Quantity, ...]) -> dict[Key, Fraction]:
    """Quantities written in the contract, each put in the first segment of the period that it is given for.

    One of a metric that does not add up is put where the quantity of its span lies.
    """
    found: dict[Key, Fraction] = {}
    metrics = {metric.name: metric for metric in contract.every_metric}
    every = segments(contract)
    for quantity in given:
        segment = place_of(contract, metrics.get(quantity.metric), every, quantity.period)
        if segment is not None:
            key = Key(segment, quantity.metric, quantity.band)
            found[key] = found.get(key, Fraction(0)) + quantity.number
    return found


def first_segment(every: tuple[Segment, ...], days: Period) -> Segment | None:
    """The first segment that shares a day with the period."""
    return next(
        (segment for segment in every if segment.days.start < days.end and days.start < segment.days.end),
        None,
    )


def file_text(contract: Contract, quantities: Mapping[Key, Fraction]) -> str:
    """The quantities as a file that `read` takes: one row each, first day of its segment as the period.

    For a metric that does not add up it is the last day, which is one of those it is measured over.
    """
    return _text([[*HEADINGS], *_rows_of(contract, quantities)])


def file_text_all(
    programme: Programme, terms: Mapping[str, Contract], quantities: Mapping[str, Mapping[Key, Fraction]]
) -> str:
    """The same for the contracts of a programme, as a file that `read_all` takes: with a column `contract` before the others."""
    if programme.alone:
        (contract,) = terms.values()
        return file_text(contract, quantities.get(contract.name, {}))
    rows = [[name, *row] for name, mine in sorted(quantities.items()) for row in _rows_of(terms[name], mine)]
    return _text([["contract", *HEADINGS], *rows])


def _rows_of(contract: Contract, quantities: Mapping[Key, Fraction]) -> list[list[object]]:
    metrics = {contract_metric.name: contract_metric for contract_metric in contract.every_metric}
    rows: list[list[object]] = []
    for key in sorted(quantities):
        metric, number, days = metrics[key.metric], quantities[key], key.segment.days
        shown = f"{money.number(number * 100)}%" if metric.measures == "percentage" else money.number(number)
        day = days.start if metric.measured is None else days.last
        rows.append([day.isoformat(), key.metric, key.band, shown])
    return rows


def _text(rows: list[list[object]]) -> str:
    out = io.StringIO()
    csvfile.write(out, rows)
    return out.getvalue()
