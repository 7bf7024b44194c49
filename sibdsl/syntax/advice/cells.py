"""Words after a cell of a table that has said all it can."""

from __future__ import annotations

from sibdsl.syntax.stop import Advice, Mend, Stop

_SHORT = 40
#: What words after a whole cell say, and where that is said.
_BESIDE = {
    "TEXT": "what explains a row stands in a line `note` above the table, or in a column headed `note`",
    "CLAUSE": "a clause stands behind the Name of the block; in a table of metrics it has a column headed `clause`",
    "at": "a limit stands in a column of its own, headed `at most` or `at least`",
}


def beyond_cell(stop: Stop) -> Advice:
    """Words after a cell that has said all it can; or a bar that is missing, where the row has too few cells."""
    end = stop.at
    while stop.item(end).kind not in ("_BAR", "_ROW_END") and not (end > stop.at and stop.item(end).first):
        end += 1
    row = stop.items[stop.row_first : stop.line_end(stop.at)]
    cells = sum(item.kind == "_BAR" for item in row) + 1
    under = f" under `{stop.heading}`" if stop.heading else ""
    if cells < len(stop.headings):
        return stop.advice(
            "SIB0213",
            f"This row has {cells} cells under {len(stop.headings)} headings: a bar, `|`, is missing, perhaps before `{stop.here.text}`.",
            stop.at,
            stop.at + 1,
            mark="the next cell?",
            help=f"Write `| {stop.here.text}`, if the next cell begins here.",
        )
    written = stop.slice(stop.at, end)
    said = f"`{written}`" if len(written) <= _SHORT else f"`{written[: _SHORT - 3]}...`"
    beside = _BESIDE.get(stop.here.kind) or _BESIDE.get(stop.here.text)
    return stop.advice(
        "SIB0218",
        f"{said} does not fit: the cell{under} is complete before it.",
        stop.at,
        end,
        mark="not wanted here",
        help=f"Take it out: {beside}." if beside else f"Take it out: a cell{under} holds one thing.",
        mend=Mend((), end),
    )
