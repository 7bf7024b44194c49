"""Records written to disk in every form that can be read, and answers brought to one form to compare."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Literal

import duckdb
from hypothesis import Phase, assume, settings

from sibdsl import money
from sibdsl.diagnostics import Refused
from sibdsl.measure import Volumes
from tests.measure.reference import Answer, Part
from tests.measure.reference_cells import Unreadable, read_date

Tables = Mapping[str, Sequence[Part]]


def hypothesis(share: Fraction = Fraction(1)) -> settings:
    """Settings for that share of the profile's examples. Tracing lines to explain a failure would triple their time."""
    phases = [phase for phase in Phase if phase is not Phase.explain]
    return settings(max_examples=int(settings().max_examples * share), phases=phases)


@contextmanager
def readable() -> Iterator[None]:
    """Passes over generated tables of which no row can be read: they stop the run, and have tests of their own."""
    try:
        yield
    except Refused as refused:
        assume(all(one.code != "SIB0618" for one in refused.found))
        raise


def file_name(records: str) -> str:
    return records.lower().replace(" ", "_")


def one_part(records: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[Part]:
    """The rows as one file named as they are by default."""
    return [Part(f"{file_name(records)}.csv", tuple(headings), tuple(tuple(row) for row in rows))]


def parted(
    records: str, headings: Sequence[str], rows: Sequence[Sequence[str]], cuts: Sequence[int]
) -> list[Part]:
    """The rows as several files, cut before each of the numbers."""
    edges = [0, *sorted(cut % (len(rows) + 1) for cut in cuts), len(rows)]
    return [
        Part(f"{file_name(records)}/part-{at}.csv", tuple(headings), tuple(tuple(row) for row in rows[a:b]))
        for at, (a, b) in enumerate(pairwise(edges))
    ]


def write(
    folder: Path,
    tables: Tables,
    delimiter: str = ",",
    line_end: str = "\n",
    quoting: Literal[0, 1] = csv.QUOTE_MINIMAL,
) -> None:
    """Write the tables as CSV files, or as Parquet files of texts where the shown name ends so."""
    for parts in tables.values():
        for part in parts:
            path = folder / part.shown
            path.parent.mkdir(exist_ok=True)
            if path.suffix == ".parquet":
                write_parquet(path, part)
                continue
            with path.open("w", encoding="utf-8", newline="") as stream:
                writer = csv.writer(stream, delimiter=delimiter, lineterminator=line_end, quoting=quoting)
                writer.writerow(part.headings)
                writer.writerows(part.rows)


def write_parquet(path: Path, part: Part, types: Mapping[str, str] | None = None) -> None:
    """Write a part as Parquet; `types` are SQL types by heading, text where there is none."""
    kinds = [(types or {}).get(heading, "VARCHAR") for heading in part.headings]
    with duckdb.connect() as connection:
        columns = ", ".join(f'"{heading}" {kind}' for heading, kind in zip(part.headings, kinds, strict=True))
        connection.execute(f"CREATE TABLE t ({columns})")
        marks = ", ".join("?" for _ in kinds)
        for row in part.rows:
            cells = [
                None if cell == "" and kind != "VARCHAR" else cell
                for cell, kind in zip(row, kinds, strict=True)
            ]
            connection.execute(f"INSERT INTO t VALUES ({marks})", cells)
        connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")


def read(path: Path) -> Part:
    """A CSV file as a part."""
    with path.open(encoding="utf-8", newline="") as stream:
        headings, *rows = csv.reader(stream)
    return Part(path.name, tuple(headings), tuple(tuple(row) for row in rows))


def typed(part: Part, types: Mapping[str, str]) -> Part:
    """The part's rows that columns of these types can hold, numbers without needless noughts."""
    kept: list[tuple[str, ...]] = []
    for row in part.rows:
        cells: list[str] = []
        for heading, cell in zip(part.headings, (cell.strip(" ") for cell in row), strict=True):
            kind = types.get(heading, "VARCHAR")
            if cell and kind in ("DATE", "TIMESTAMP"):
                try:
                    read_date(cell)
                except Unreadable:
                    break
            if kind == "DOUBLE":
                if not re.fullmatch("-?[0-9]{1,7}([.][0-9]{1,6})?", cell):
                    break
                cells.append(money.number(Fraction(cell)))
                continue
            cells.append(cell)
        else:
            kept.append(tuple(cells))
    return Part(part.shown, part.headings, tuple(kept))


def answer(volumes: Volumes) -> Answer:
    """The engine's answer as the reference gives it."""
    quantities = [(one.segment, one.metric, one.band, int(one.number)) for one in volumes.quantities]
    claims = sorted(
        (one.segment.days.start, one.metric, one.band, one.person, one.day)
        for one in volumes.claims(stated_only=False)
    )
    statuses = [(one.records, one.source, one.row, str(one.status), one.of_row) for one in volumes.rows()]
    return Answer(quantities, claims, statuses)


def without_places(found: Answer) -> Answer:
    """The answer without the places of rows: how many of each status each table has."""
    counts: dict[tuple[str, str], int] = {}
    for records, _, _, status, _ in found.statuses:
        counts[records, status] = counts.get((records, status), 0) + 1
    statuses = [(records, "", count, status, "") for (records, status), count in sorted(counts.items())]
    return Answer(found.quantities, found.claims, statuses)
