"""Record folders with all that can be wrong with them: made from clean rows by a seed, each kind in its turn."""

from __future__ import annotations

import csv
import io
import random
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

Rows = list[list[str]]
Tables = dict[str, Rows]

DATES = (
    "2018-02-29", "2016-02-29", "2026-02-29", "2028-02-29", "43251", "46150.5", "2018-05", "05/2018", "May 2018", "2018", "31/05/2018",
    "05/31/2018", "2018-05-31 00:00:00", "2018-05-31T09:30", "2018-5-1", "20180531", "0000-01-01", "0001-01-01",
    "9999-12-31", "31-May-18", "2026-04-31", "-2018-01-01", "2018-01-01 ", "\uff12018-01-01", "n/a", "", "\u00a0",
)  # fmt: skip
NUMBERS = (
    "-1", "-0", "-0.00", "0", "1,000", "1 000", "1.000,5", "50", "50%", "12.5%", "-5%", "£5", "1e1", "+4", ".5", "5.", "007", "1.5",
    "168", "168.000000001", "0.0000000001", "999999999999999999", "9999999999999999999", "NaN", "inf", "", " ", "\u200b", "#N/A", "\u0661\u0662", "4\u00a0",
    "2.9999999999", "1_000", "0x10", "--1", "1.2.3",
)  # fmt: skip
WORDS = (
    "yes",
    "no",
    "Yes",
    "",
    "y",
    "true",
    "caf\u00e9",
    "cafe\u0301",
    "Caf\u00e9",
    "home",
    "ho\u00adme",
    "home ",
    "\u200b",
)
MARKS = ("\u00a0{}", "{}\u200b", "\ufeff{}", "{}\u200f", " {} ", "\t{}", "{}\u00ad")


def spoil_text(cell: str, rng: random.Random) -> str:
    """An identifier written otherwise: alike in plain form, or another."""
    kind = rng.randrange(6)
    if kind <= 2:
        return rng.choice(MARKS).format(cell)
    if kind == 3:
        return unicodedata.normalize("NFD", cell)
    if kind == 4:
        return rng.choice(
            (
                cell.lower(),
                f"0{cell}",
                f"{cell}.0",
                "1.23457E+11",
                "",
                "  ",
                f"{cell}\n",
                f"a\n{cell}",
                f'"{cell}"',
            )
        )
    return cell[:1] + "\u200d" + cell[1:]


def spoil_cell(heading: str, cell: str, rng: random.Random) -> str:
    """A cell with something wrong, of a kind that its column may have."""
    if heading.endswith("_on"):
        return rng.choice(DATES)
    if heading.endswith("_id"):
        return spoil_text(cell, rng)
    if heading in ("severe_condition", "eligible", "place"):
        return rng.choice(WORDS)
    return rng.choice(NUMBERS)


def spoil(tables: Tables, headings: Mapping[str, Sequence[str]], rng: random.Random) -> None:
    """Some rows spoilt, some told twice, some with a cell too many or too few."""
    for name, rows in tables.items():
        for row in rows:
            if rng.randrange(5) == 0:
                at = rng.randrange(len(row))
                row[at] = spoil_cell(headings[name][at], row[at], rng)
        for _ in range(rng.randrange(4)):
            if rows:
                again = list(rng.choice(rows))
                if rng.randrange(2):
                    at = rng.randrange(len(again))
                    again[at] = rng.choice(MARKS).format(again[at])
                rows.insert(rng.randrange(len(rows) + 1), again)
        for _ in range(rng.randrange(3)):
            if rows:
                again = list(rng.choice(rows))
                if rng.randrange(2):
                    again += rng.choice(([""], ["x"], ["", ""]))
                else:
                    again.pop()
                rows.insert(rng.randrange(len(rows) + 1), again)
        if rng.randrange(25) == 0:
            rows.clear()


def _encoded(text: str, rng: random.Random) -> bytes:
    kind = rng.choice(("utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1252"))
    if kind == "cp1252":
        try:
            data = text.encode(kind)
            data.decode("utf-8")
        except UnicodeDecodeError:
            return data
        except UnicodeEncodeError:
            return text.encode()
    return text.encode("utf-8" if kind == "cp1252" else kind)


def _styled(heading: str, rng: random.Random) -> str:
    return rng.choice(
        (
            heading,
            heading.upper(),
            heading.replace("_", " ").title(),
            heading.replace("_", "-"),
            f"\ufeff{heading} ",
        )
    )


def _write_csv(path: Path, headings: Sequence[str], rows: Rows, rng: random.Random) -> None:
    delimiter = rng.choice(",,,;\t|")
    end = rng.choice(("\n", "\n", "\r\n", "\r"))
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end)
    if rng.randrange(3) == 0:
        writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL)
    if rng.randrange(6) == 0:
        out.write(end)
    writer.writerow(headings)
    for row in rows:
        writer.writerow(row)
        if rng.randrange(30) == 0:
            out.write(rng.choice(("", "  ")) + end)
    text = out.getvalue()
    path.write_bytes(_encoded(text.rstrip("\r\n") if rng.randrange(6) == 0 else text, rng))


def _write_parquet(path: Path, headings: Sequence[str], rows: Rows, rng: random.Random) -> None:
    whole = [row for row in rows if len(row) == len(headings)]
    kinds = []
    for at, heading in enumerate(headings):
        cells = [row[at] for row in whole]
        kind = "VARCHAR"
        if heading.endswith("_on"):
            kind = rng.choice(("DATE", "TIMESTAMP", "VARCHAR"))
        elif heading in ("hours_per_week", "amount", "mark"):
            kind = rng.choice(("DOUBLE", "DECIMAL(18,4)", "VARCHAR"))
        elif heading == "items":
            kind = rng.choice(("BIGINT", "DOUBLE", "VARCHAR"))
        elif heading in ("severe_condition", "eligible"):
            kind = rng.choice(("BOOLEAN", "VARCHAR"))
        with duckdb.connect() as connection:
            tried = [
                connection.execute(f"SELECT TRY_CAST(? AS {kind})", [cell or None]).fetchone()
                for cell in cells
            ]
        if any(cell and (made is None or made[0] is None) for cell, made in zip(cells, tried, strict=True)):
            kind = "VARCHAR"
        kinds.append(kind)
    with duckdb.connect() as connection:
        columns = ", ".join(f'"{heading}" {kind}' for heading, kind in zip(headings, kinds, strict=True))
        connection.execute(f"CREATE TABLE t ({columns})")
        for row in whole:
            connection.execute(
                f"INSERT INTO t VALUES ({', '.join('?' for _ in row)})", [cell or None for cell in row]
            )
        connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")


def write(folder: Path, tables: Tables, headings: Mapping[str, Sequence[str]], rng: random.Random) -> None:
    """The tables in forms of their own: one file or several, CSV or Parquet, columns in any order."""
    for name, rows in tables.items():
        count = rng.choice((1, 1, 1, 2, 3))
        cuts = sorted(rng.randrange(len(rows) + 1) for _ in range(count - 1))
        parts = [rows[a:b] for a, b in zip([0, *cuts], [*cuts, len(rows)], strict=True)]
        if count > 1 and rng.randrange(3) == 0:
            parts.append(parts[0])
        if len(parts) > 1:
            (folder / name).mkdir()
        for at, part in enumerate(parts):
            order = list(range(len(headings[name])))
            if rng.randrange(3) == 0:
                rng.shuffle(order)
            suffix = "parquet" if rng.randrange(6) == 0 else "csv"
            path = folder / name / f"part{at}.{suffix}" if len(parts) > 1 else folder / f"{name}.{suffix}"
            ordered = [[row[place] for place in order] if len(row) == len(order) else row for row in part]
            named = [headings[name][place] for place in order]
            if suffix == "parquet":
                _write_parquet(path, named, ordered, rng)
            else:
                _write_csv(path, [_styled(heading, rng) for heading in named], ordered, rng)
