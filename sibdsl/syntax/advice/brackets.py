"""Brackets, round or of a clause, without their other half; or the one in place of the other."""

from __future__ import annotations

from sibdsl.syntax.stop import Advice, Mend, Stop


def bracket(stop: Stop) -> Advice | None:
    """A clause bracket or a round bracket without its other half, or the one in place of the other."""
    here = stop.here
    if here.kind == "OTHER" and here.text == "[":
        return _open_clause(stop)
    if here.kind == "OTHER" and here.text == "]":
        return stop.advice(
            "SIB0220",
            "This bracket closes a clause that was not opened.",
            stop.at,
            stop.at + 1,
            mark="no `[` before it",
            help="Put `[` before the clause, as in `[5.1]`.",
        )
    if here.kind == "LPAR" and "CLAUSE" in stop.takes:
        end = stop.line_end(stop.at)
        closing = next((at for at in range(stop.at, end) if stop.items[at].kind == "RPAR"), None)
        if closing is not None and closing > stop.at + 1:
            inner = stop.text[stop.here.end : stop.items[closing].start].strip()
            return stop.advice(
                "SIB0220",
                "The clause of a block stands in square brackets.",
                stop.at,
                closing + 1,
                mark="round brackets",
                help=f"Write `[{inner}]`.",
                mend=Mend(("CLAUSE",), closing + 1),
            )
    if here.kind == "RPAR":
        return stop.advice(
            "SIB0220",
            "This bracket closes one that was not opened.",
            stop.at,
            stop.at + 1,
            mark="no `(` before it",
            help="Take it out, or put `(` where the part in brackets begins.",
            mend=Mend((), stop.at + 1),
        )
    return _round_not_closed(stop)


def _open_clause(stop: Stop) -> Advice:
    end = stop.line_end(stop.at)
    words = range(stop.at + 1, end)
    closing = next((at for at in words if stop.items[at].text == "]"), None)
    if closing is not None:
        return stop.advice(
            "SIB0220",
            "The brackets hold no clause.",
            stop.at,
            closing + 1,
            mark="empty",
            help="Take them out, or name the clause, as in `[5.1]`.",
            mend=Mend((), closing + 1),
        )
    last = next((at for at in words if stop.items[at].kind in ("TEXT", "_BAR", "_ROW_END")), end)
    return stop.advice(
        "SIB0220",
        "The bracket that opens the clause here is not closed on its line.",
        stop.at,
        last,
        mark="no closing bracket",
        help="Add `]`." if last > stop.at + 1 else "Write the clause and a closing `]`.",
        mend=Mend(("CLAUSE",), last) if "CLAUSE" in stop.takes else None,
    )


def _round_not_closed(stop: Stop) -> Advice | None:
    """A bracket still open where the next line, row or cell begins."""
    opened = [rung for rung in stop.rungs if rung.symbol == "LPAR"]
    ended = stop.here.first or stop.here.kind in ("_BAR", "_ROW_END")
    if not opened or "RPAR" not in stop.takes or not ended:
        return None
    return stop.advice(
        "SIB0220",
        "The bracket that opens here is not closed.",
        opened[-1].first,
        stop.at,
        mark="no closing bracket",
        help="Add `)`.",
        mend=Mend(("RPAR",), stop.at),
    )
