"""Tables: rows without their bars, empty cells, headings."""

from __future__ import annotations

from sibdsl.syntax.advice import lines
from sibdsl.syntax.advice.heads import capitals
from sibdsl.syntax.cells_as_lines import ROWS
from sibdsl.syntax.grammar_tables import LAST, machine
from sibdsl.syntax.stop import Advice, Mend, Stop
from sibdsl.syntax.vocabulary import Kind, alike, label_of, vocabulary

#: What people put over a column, and the heading that the language has for it.
CALLED: dict[str, str] = {
    "rate": "pays", "price": "pays", "amount": "pays", "fee": "pays", "tariff": "pays", "payment per": "pays",
    "outcome": "for each", "unit": "for each", "event": "for each", "per": "for each", "each": "for each",
    "bands": "band", "payor": "payer", "commissioner": "payer", "provider": "payee", "recipient": "payee",
    "name": "full name", "parties": "party", "roles": "role", "type": "holds", "columns": "column",
    "field": "column", "empty": "blank", "missing": "blank", "parameter": "particular", "parameters": "particular",
    "required": "default", "notes": "note", "comment": "note", "remarks": "note", "maximum": "at most",
    "max": "at most", "limit": "at most", "cap": "at most", "minimum": "at least", "date": "paid on",
    "due": "paid on", "on account of": "set against", "against": "set against", "count": "quantity",
    "number": "quantity", "volume": "quantity", "quantities of": "quantities", "plan": "quantities",
    "from": "at least", "to": "at most", "proportion": "share", "percentage": "share", "if": "only if",
    "scenarios": "scenario", "contracts": "contract", "payable on": "paid on", "due on": "paid on", "paid by": "payer",
    "paid to": "payee", "pays on": "paid on",
}  # fmt: skip


def _line_is_row(stop: Stop) -> bool:
    first = stop.line_start(stop.at)
    last = stop.line_end(stop.at) - 1
    if stop.place in ("row", "heading") and stop.row_first >= first:  # its bar was supplied
        return False
    return (
        stop.items[first].kind not in ("_ROW", "END") and stop.items[last].kind == "_ROW_END" and last > first
    )


def row(stop: Stop) -> Advice | None:
    """A row without one of its bars, or with a cell left empty."""
    if stop.here.kind == "_ROW_END" and stop.here.first:
        return stop.advice(
            "SIB0208",
            "This line is a bar with nothing in it; two hyphens begin a remark, so a line of dashes is no row either.",
            stop.at,
            stop.at + 1,
            mark="no row",
            help="Take this line out: the first row of a table is its headings.",
            mend=Mend((), stop.at + 1),
        )
    if stop.here.kind == "_BAR" and "_ROW" in stop.takes and stop.block is not None:
        return stop.advice(
            "SIB0208",
            "A row of a table is a line of its own; its opening bar is the first thing on the line.",
            stop.at,
            stop.at + 1,
            mark="not first on its line",
            help="Begin a new line before this bar.",
            mend=Mend(("_ROW",), stop.at + 1),
        )
    if stop.block is not None and _line_is_row(stop):
        return _no_opening_bar(stop)
    if (
        stop.place == "rows"
        and len(stop.rows) == 1
        and (stop.here.kind == "END" or (stop.block and lines.exact(stop, stop.block.kind)))
    ):
        first = stop.rows[0]
        return stop.advice(
            "SIB0213",
            "This table has its headings and no row below them.",
            first,
            stop.line_end(first),
            mark="no row below",
            help="Write at least one row below the headings, on its own line between bars.",
        )
    if stop.here.kind == "_BAR" and stop.place not in ("row", "heading"):
        return stop.advice(
            "SIB0208",
            "A bar parts the cells of a table, and this line is no row of one.",
            stop.at,
            stop.at + 1,
            mark="a bar outside a table",
            help="Take it out; or begin and end the line with `|`, if it is a row.",
        )
    if stop.place not in ("row", "heading"):
        return None
    if stop.here.first and stop.at > stop.row_first:
        return _no_closing_bar(stop)
    if stop.here.kind in ("_BAR", "_ROW_END") and stop.before and stop.before.kind in ("_BAR", "_ROW"):
        return _two_rows(stop) or _empty(stop)
    if stop.place == "row":
        return (
            _capital_label(stop)
            or _no_line(stop)
            or _end_in_row(stop)
            or _after_row(stop)
            or _no_bar_between(stop)
            or _second_table(stop)
            or _too_many(stop)
        )
    return None


def _too_many(stop: Stop) -> Advice | None:
    """A cell beyond the last heading."""
    if not stop.headings or stop.column < len(stop.headings):
        return None
    first, end = _cell_first(stop) - 1, stop.line_end(stop.at) - 1
    return stop.advice(
        "SIB0218",
        f"This row has more cells than its table has columns: there are {len(stop.headings)} headings.",
        first,
        end,
        mark="under no heading",
        help="Take it out; or give the column a heading.",
    )


def _end_in_row(stop: Stop) -> Advice | None:
    """The `end` of the block behind a bar."""
    before = stop.before
    if before is None or before.kind != "END" or stop.at - 2 != stop.row_first or stop.block is None:
        return None
    if not stop.spells(stop.at, stop.block.kind.words):
        return None
    return stop.advice(
        "SIB0208",
        f"`{stop.block.closing}` is no row of the table.",
        stop.row_first,
        stop.row_first + 1,
        mark="a bar too many",
        help="Take it out.",
        mend=Mend((), stop.at - 1, after="row"),
    )


def _no_bar_between(stop: Stop) -> Advice | None:
    """Two cells side by side, in a row that is one short."""
    before = stop.before
    first, end = stop.row_first, stop.line_end(stop.row_first)
    bars = sum(item.kind in ("_BAR", "_ROW_END") for item in stop.items[first:end])
    if before is None or before.kind == "_ROW" or bars != len(stop.headings) - 1 or stop.column >= bars:
        return None
    cell = machine().step(stop.stack, "_BAR", stop.at)
    if cell is None:
        return None
    after = stop.item(stop.at + 1)
    if machine().step(cell, stop.here.kind, stop.at) is None:
        if stop.here.kind not in ("WORD", "OTHER") or machine().step(cell, after.kind, stop.at) is None:
            return None
        return stop.advice(
            "SIB0208",
            f"`{stop.here.text}` stands where a bar is missing: this row has a cell less than the headings.",
            stop.at,
            stop.at + 1,
            mark="a bar?",
            help="Write `|`.",
            mend=Mend(("_BAR",), stop.at + 1),
        )
    heading = stop.headings[stop.column + 1]
    return stop.advice(
        "SIB0208",
        f"Between `{before.text}` and `{stop.here.text}` a bar is missing: this row has a cell less than the headings.",
        stop.at - 1,
        stop.at + 1,
        mark=f"is `{stop.here.text}` the `{heading}`?",
        help=f"Write `{before.text} | {stop.here.text}`.",
        mend=Mend(("_BAR",), stop.at),
    )


def _cell_first(stop: Stop) -> int:
    """Index of the first word of the cell that the stop is in."""
    first = stop.at
    while first > stop.row_first + 1 and stop.items[first - 1].kind != "_BAR":
        first -= 1
    return first


def _after_row(stop: Stop) -> Advice | None:
    """Words after a row's closing bar."""
    if not stop.headings or stop.column != len(stop.headings):
        return None
    first, end = _cell_first(stop), stop.line_end(stop.at)
    if any(item.kind in ("_BAR", "_ROW_END") for item in stop.items[first:end]):
        return None
    return stop.advice(
        "SIB0208",
        "A row ends with its last bar; what follows it belongs on a line of its own.",
        first,
        end,
        mark="after the row",
        help="Begin a new line before these words.",
        mend=Mend((), first, after="row"),
    )


def _two_rows(stop: Stop) -> Advice | None:
    """Two rows on one line: an empty cell where the first of them ends."""
    first, end = stop.row_first, stop.line_end(stop.at)
    bars = sum(item.kind in ("_BAR", "_ROW_END") for item in stop.items[first:end])
    width = len(stop.headings) or bars // 2
    if stop.here.kind == "_ROW_END" or stop.column != width or bars != 2 * width + 1:
        return None
    before, here = stop.items[stop.at - 1], stop.here
    return Advice(
        "SIB0208",
        "Two rows stand on one line; each row of a table is a line of its own.",
        before.start,
        here.end,
        "one row ends, another begins",
        "Begin a new line between these two bars.",
    )


def _no_opening_bar(stop: Stop) -> Advice:
    first = stop.line_start(stop.at)
    end = first
    while stop.items[end].kind not in ("_BAR", "_ROW_END"):
        end += 1
    if end == first:
        end += 1
    said = stop.slice(first, end)
    return stop.advice(
        "SIB0208",
        "This row has no opening bar. Each row of a table is one line that begins and ends with `|`.",
        first,
        end,
        mark="no bar before it",
        help=f"Write `| {said}`.",
        mend=Mend(("_ROW",), first, after="here" if "_ROW" in stop.takes else "line"),
    )


def _no_closing_bar(stop: Stop) -> Advice:
    first = stop.at - 1
    while first > stop.row_first + 1 and stop.items[first - 1].kind != "_BAR":
        first -= 1
    if stop.items[first].kind in ("_BAR", "_ROW"):
        first = stop.at - 1
    empty = stop.items[stop.at - 1].kind in ("_BAR", "_ROW")
    return stop.advice(
        "SIB0208",
        "This row has no closing bar. Each row of a table is one line that begins and ends with `|`.",
        first,
        stop.at,
        mark="nothing follows this bar" if empty else "no bar after it",
        help="Take this bar out, or write the cell and a closing bar." if empty else "Add `|`.",
    )


def _empty(stop: Stop) -> Advice:
    before, here = stop.items[stop.at - 1], stop.here
    start, end = before.end, here.start
    if end - start > 2:  # leave the air beside the bars out of the underline
        start, end = start + 1, end - 1
    elif end == start:
        start, end = before.start, here.end
    if stop.place == "heading":
        return Advice(
            "SIB0209",
            "This column has no heading, so nothing says what its cells mean.",
            start,
            end,
            "no heading",
            "Write a heading between the bars, or take the column out.",
            mend=Mend(("NAME",), stop.at),
        )
    heading = stop.heading
    under = f" under `{heading}`" if heading else ""
    choice = (
        CELLS.get(heading)
        or _of_line(stop, heading)
        or (CELLS["pays"] if heading.startswith("pays ") else "")
        or "`none`, `blank` or `all`, whichever is meant"
    )
    return Advice(
        "SIB0209",
        f"The cell{under} is empty. An empty cell could mean 'as above', 'all' or 'nothing', so each cell says which.",
        start,
        end,
        "empty",
        f"Write {choice}.",
        mend=Mend(("NAME",), stop.at),
    )


def _of_line(stop: Stop, heading: str) -> str:
    """What the cells may hold under a heading with which a line begins."""
    kind = row_kind(stop)
    if kind is None or not _begins_line(kind, heading):
        return ""
    return f"`none`, where there is no such line; or what follows `{heading}` in it"


def row_kind(stop: Stop) -> Kind | None:
    """The kind of block that each row of the table is, where a table is of blocks."""
    kind = stop.block.kind if stop.block else None
    rows = next(
        (rows for word, (rows, _) in ROWS.items() if kind and vocabulary().fixed[word] == kind.said), None
    )
    return None if rows is None else vocabulary().kinds[rows]


def under_unknown(stop: Stop) -> bool:
    """Whether the stop is below a heading that was no heading of a table of blocks: that has its own finding."""
    kind = row_kind(stop)
    if kind is None or stop.place != "row" or not stop.heading or stop.heading[0].isupper():
        return False
    known = [" ".join(words) for words in vocabulary().headings]
    return stop.heading not in known and not _begins_line(kind, stop.heading)


def _begins_line(kind: Kind, heading: str) -> bool:
    return any(heading.split()[: len(label)] == [*label] for label in map(label_of, kind.labels))


def _no_line(stop: Stop) -> Advice | None:
    """A word that says nothing in other tables, alone in a cell that goes on with a line."""
    alone = stop.item(stop.at + 1).kind in ("_BAR", "_ROW_END")
    if stop.cell_line is None or stop.here.text not in ("all", "blank", "nothing") or not alone:
        return None
    if stop.items[stop.at - 1].written:  # it ends what is said there
        return None
    return stop.advice(
        "SIB0218",
        f"`{stop.here.text}` does not fit in the cell under `{stop.heading}`, which goes on with that line.",
        stop.at,
        stop.at + 1,
        mark="no such line",
        help=f"Write {_of_line(stop, stop.heading)}.",
    )


def _capital_label(stop: Stop) -> Advice | None:
    """A cell below a heading that would begin a line if it had no capital, and is no column's Name."""
    kind, heading = row_kind(stop), stop.heading
    if (
        kind is None
        or stop.place != "row"
        or not heading[:1].isupper()
        or not _begins_line(kind, heading.casefold())
    ):
        return None
    places = [at for at, item in enumerate(stop.items) if item.text == heading and item.kind == "NAME"]
    if len(places) != 1:
        return None
    return stop.advice(
        "SIB0212",
        f"`{heading}` is written with a capital; the language's own words are in small letters.",
        places[0],
        places[0] + 1,
        mark=f"`{heading.casefold()}`?",
        help=f"Write `{heading.casefold()}`.",
    )


#: What the cells under a heading may hold, where that is a short list.
CELLS = {
    "band": "`all`, if the row is for every band; or the band's Name",
    "pays": "`nothing`, or the amount",
    "note": "`none`, or the note in quotes",
    "source": "`none`, or the source in quotes",
    "clause": "`none`, or the clause in square brackets",
    "default": "`none`, if there is none; `required`, if one must be given; or the value",
    "blank": "`rejected` or `allowed`",
    "must be": "`any`, or what the value must be",
    "headed": "`none`, or the column's heading in quotes",
    "written": '`none`, or an example of how the cells are written in the file, such as `"31/12/2018"`',
    "at most": "`none`, or the limit and its time, such as `£90,000 over the contract`",
    "at least": "`none`, or the limit",
    "set against": "`none`, or the payment that it is set against",
    "share": "`the rest`, or the share, such as `40%`",
    "full name": "the party's full name in quotes",
    "role": "`provider`, `commissioner`, or another role",
    "quantity": "the number, such as `0`",
    "holds": "`text`, `date`, `number`, or another kind of value",
    "payer": "`all`, or the party's Name",
    "payee": "`all`, or the party's Name",
    "for each": "the metric's Name",
}


def _second_table(stop: Stop) -> Advice | None:
    """A row of headings below another table."""
    example = stop.block is not None and stop.block.kind.rule == "example"
    first = stop.row_first
    cells = [""]
    for item in stop.items[first + 1 : stop.line_end(first)]:
        if item.kind in ("_BAR", "_ROW_END"):
            cells.append("")
        else:
            cells[-1] = f"{cells[-1]} {item.text}".strip()
    headings = {" ".join(heading) for heading in vocabulary().headings}
    if len(cells) < 3 or not all(cell in headings for cell in cells[:-1]):
        return None
    if example:
        return stop.advice(
            "SIB0203",
            "A table of an example stands under the word that says what it is: `given` or `expect`.",
            first,
            stop.line_end(first),
            mark="given, or expected?",
            help="Write `given` or `expect` on a line of its own above this row.",
            mend=Mend(("EXPECT",), first, after="row"),
        )
    return stop.advice(
        "SIB0219",
        "This row is a row of headings, but the block already has a table; a block has one.",
        first,
        stop.line_end(first),
        mark="a second table",
        help="Put it in a block of its own, or bring both tables under the same headings.",
    )


def heading(stop: Stop) -> Advice | None:
    """A heading that the language does not have."""
    if stop.place != "heading" or stop.here.kind in ("OTHER", LAST):
        return None
    first = stop.at
    while first - 1 > stop.row_first and stop.items[first - 1].kind != "_BAR":
        first -= 1
    end = stop.at
    while (
        end < len(stop.items)
        and stop.items[end].kind not in ("_BAR", "_ROW_END", LAST)
        and not (stop.items[end].first and end > stop.at)
    ):
        end += 1
    if end == first:
        return None
    said = stop.said(first, end)
    kind = row_kind(stop)
    headings = [" ".join(words) for words in vocabulary().headings]
    if kind is not None:  # each row is a block: its name, its clause and its lines
        labels = [" ".join(label_of(label)) for label in kind.labels]
        headings = [kind.said, "clause", *("per person" if label == "per" else label for label in labels)]
    two = next(
        (
            n
            for n in range(first + 1, end)
            if stop.said(first, n) in headings and stop.said(n, end) in headings
        ),
        None,
    )
    if two is not None:
        right = f"{stop.said(first, two)} | {stop.said(two, end)}"
        return stop.advice(
            "SIB0208",
            f"Between the headings `{stop.said(first, two)}` and `{stop.said(two, end)}` a bar is missing.",
            first,
            end,
            mark="two headings",
            help=f"Write `{right}`.",
        )
    known = [name for name in stop.names if name.casefold() == said.casefold()]
    called = (lines.CALLED if kind else CALLED).get(said.casefold())
    meant: str | None = known[0] if known else called if called in headings else alike(said, headings)
    meant = meant or next(
        (full_heading for full_heading in headings if full_heading.startswith(f"{said} ")), None
    )
    mend = Mend(("NAME",), end) if first == stop.at else None
    if meant is not None:
        return stop.advice(
            "SIB0212",
            f"`{said}` is not a heading. Did you mean `{meant}`?",
            first,
            end,
            mark=f"`{meant}`?",
            help=f"Write `{meant}`.",
            mend=mend,
        )
    if stop.items[first].kind == "TEXT":
        bare = said.strip('"')
        help_ = f"Write `{capitals(bare)}`." if bare else "Write the column's Name."
        return stop.advice(
            "SIB0212", "A heading is not quoted.", first, end, mark="without quotes", help=help_, mend=mend
        )
    return stop.advice(
        "SIB0212",
        f"`{said}` is not a heading. Headings in small letters are the language's own; a column of records is "
        "headed by its Name, in capitals.",
        first,
        end,
        mark="not a heading",
        help=f"Write `{capitals(said)}` for a column of that Name; or one of the language's headings, such as "
        "`for each`, `band`, `payer`, `pays` or `note`.",
        mend=mend,
    )
