"""Findings for a text that does not parse: each mistake in the words of the contract, with the way out."""

from __future__ import annotations

from sibdsl.diagnostics import Diagnostic
from sibdsl.source import Source
from sibdsl.syntax.advice import advise
from sibdsl.syntax.recover import stops
from sibdsl.syntax.stop import Advice, Stop

_MOST = 50
"""Findings in one run: a text with more is read again once these are mended."""


def findings(source: Source, text: str) -> list[Diagnostic]:
    """Every mistake in `text` that can be told apart, in the order of the text; never an empty list.

    `text` is what was parsed of `source`, with the same offsets. Each finding has a code `SIB02xx`, the span of the
    offending words, and as its clause the block that holds them, as in `[6], payment Fund Tariff`.
    """
    strange = _not_contract(source, text)
    if strange is not None:
        return [strange]
    found: list[Diagnostic] = []
    seen: set[tuple[object, ...]] = set()
    for stop, advice in stops(source, text, advise):
        finding = _diagnostic(stop, advice)
        keys = _keys(stop, finding)
        split = (
            finding.code == "SIB0219"
            and found
            and found[-1].code == "SIB0208"
            and found[-1].span.line == finding.span.line - 1
        )
        if not split and not any(key in seen for key in keys):
            found.append(finding)
        seen.update(keys)
        if len(found) == _MOST:
            break
    return sorted(found, key=lambda finding: finding.span.start) or [_cannot_say(source, text)]


def _keys(stop: Stop, finding: Diagnostic) -> list[tuple[object, ...]]:
    """What makes two findings one: the same line of text, or the same thing said of one block."""
    keys: list[tuple[object, ...]] = [("line", finding.span.line)]
    if finding.code in ("SIB0219", "SIB0210") and stop.block is not None:
        keys.append((finding.code, stop.block.first))
    return keys


def _diagnostic(stop: Stop, advice: Advice) -> Diagnostic:
    return Diagnostic(
        code=advice.code,
        message=advice.message,
        span=stop.source.span(advice.start, advice.end),
        clause=stop.block.cited if stop.block else "",
        mark=advice.mark,
        help=advice.help,
        labels=advice.labels,
    )


# ------------------------------------------------------------------ texts that are something else

_KINDS_OF_FILE = (
    ("PK\x03\x04", "a Word document, a workbook or another packed file"),
    ("\ufffdPNG", "a picture"),
    ("%PDF", "a PDF"),
    ("{\\rtf", "a rich-text document"),
    ("\ufffd\ufffd\x11\ufffd", "an older Word document or workbook"),
    ("\u00d0\u00cf\x11\u00e0", "an older Word document or workbook"),
    ("<!DOCTYPE", "a web page"),
    ("<html", "a web page"),
    ("<?xml", "an XML file"),
)


def _table(start: str) -> bool:
    """Whether a text is rows of a CSV file: its first two lines have as many commas, semicolons or tabs, and no blanks before them."""
    lines = [line for line in start.splitlines()[:3] if line.strip()]
    return len(lines) > 1 and any(
        lines[0].count(mark) > 0
        and len({line.count(mark) for line in lines}) == 1
        and not any(mark + " " in line for line in lines)
        for mark in ",;\t"
    )


def _not_contract(source: Source, text: str) -> Diagnostic | None:
    start = text.lstrip("\ufeff \t\r\n")
    what = next((what for mark, what in _KINDS_OF_FILE if start.startswith(mark)), None)
    if what is None and _table(start):
        what = "a table of records or quantities, as CSV"
    controls = sum(char < " " and char not in "\t\r\n\x0b\x0c" for char in text[:4000])
    if what is None and (controls > 2 or "\x00" in text):
        what = "not plain text"
    if what is None:
        return None
    return Diagnostic(
        code="SIB0216",
        message=f"This file is {what}, not the text of a contract.",
        span=source.span(0, min(1, len(text))),
        mark="not contract text",
        help="Give a plain-text file whose name ends in `.sib`, or in `.md` with the contract in `sib` blocks.",
    )


def _cannot_say(source: Source, text: str) -> Diagnostic:
    """For a text that the two readings disagree on, which should not be."""
    end = len(text.rstrip())
    return Diagnostic(
        code="SIB0216",
        message="This text does not read as a contract, and the place cannot be told.",
        span=source.span(max(end - 1, 0), end),
        mark="somewhere before this",
        help="Take out blocks one by one until the rest reads, and look at the last one taken out.",
    )
