"""What to say of a place where a text stops making sense: advisers, asked in turn; the first that knows speaks."""

from __future__ import annotations

from sibdsl.syntax.advice import (
    among,
    amounts,
    blocks,
    brackets,
    counted,
    dates,
    heads,
    lines,
    marks,
    missing,
    names,
    phrases,
    quotes,
    refused,
    stretches,
    tables,
    usual_wordings,
)
from sibdsl.syntax.stop import Advice, Stop

_ADVISERS = (
    quotes.quote,
    tables.row,
    usual_wordings.wording,
    blocks.ending,
    dates.date,
    among.among,
    stretches.stretch,
    phrases.phrase,
    amounts.amount,
    names.code_and_figures,
    names.begins_with_figure,
    names.mark_inside,
    brackets.bracket,
    missing.doubled,
    heads.head,
    marks.mark,
    lines.ending,
    blocks.outside,
    blocks.unclosed,
    blocks.added,
    blocks.incomplete,
    tables.heading,
    missing.unfinished,
    lines.capital_label,
    lines.line,
    lines.shared_word,
    lines.unlabelled,
    lines.begun,
    names.known,
    refused.refused,
    missing.misspelt,
    names.two,
    counted.amount,
    missing.inserted,
    names.unknown,
    missing.extra_before,
    missing.extra,
    missing.replaced,
)


def advise(stop: Stop) -> Advice | None:
    """The advice on a stop; None where the stop only follows from one that was spoken of before."""
    if stop.here.kind == "END" and stop.place == "lines" and stop.block is not None:
        rows = any(item.kind == "_ROW" for item in stop.items[stop.block.first : stop.at])
        if rows:  # the table was there, and had its own finding
            return None
    if tables.under_unknown(stop):
        return None
    for adviser in _ADVISERS:
        advice = adviser(stop)
        if advice is not None:
            return advice
    return missing.fallback(stop)
