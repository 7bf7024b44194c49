"""Pages as one HTML file each: no server, no script, nothing fetched, readable when printed.

Everything that comes from a contract or from records goes through `html.escape`, and the page forbids scripts besides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from sibdsl.settle.explain.page import Grid, Item, Sheet

_STYLE = """\
:root { color-scheme: light; }
body { font: 16px/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; font-variant-numeric: tabular-nums; }
h2 { font-size: 1.15rem; margin: 1.75rem 0 .5rem; border-bottom: 1px solid #999; }
.run { color: #444; margin: 0; }
details { margin: .35rem 0; padding-left: 1rem; border-left: 2px solid #ccc; }
summary { cursor: pointer; margin-left: -1rem; }
p.item { margin: .25rem 0; }
.lead { font-weight: 600; font-variant-numeric: tabular-nums; margin-right: .75rem; }
.place { color: #444; font-size: .9em; margin-left: .75rem; }
.paid { border-left-color: #2b7a3d; }
.unpaid { border-left-style: dashed; }
table { border-collapse: collapse; margin: .5rem 0 1rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .2rem .75rem .2rem 0; border-bottom: 1px solid #ddd; vertical-align: top; overflow-wrap: anywhere; }
th { border-bottom: 2px solid #666; }
.right { text-align: right; }
@media print {
  body { font-size: 10pt; margin: 0; max-width: none; }
  details::details-content { content-visibility: visible; height: auto; }
  summary { list-style: none; }
  tr { break-inside: avoid; }
  thead { display: table-header-group; }
}
"""


def page(sheet: Sheet) -> str:
    """A page of explanation: the whole file, as text."""
    return framed(sheet.title, sheet.run, _body(sheet))


def pages(sheets: Sequence[Sheet]) -> str:
    """Several pages of explanation in one file, under the title of the first, each under what run it is of."""
    if len(sheets) == 1:
        return page(sheets[0])
    parts = [line for sheet in sheets for line in (f"<h2>{said(sheet.run)}</h2>", *_body(sheet, "h3"))]
    return framed(sheets[0].title, f"{len(sheets)} parts, one below the other", parts)


def framed(title: str, run: str, body: Iterable[str], style: str = "") -> str:
    """A whole file with a heading, a line under it, and what follows, in the style of the house and `style` besides."""
    return "\n".join(_frame(title, run, body, style)) + "\n"


def said(text: str) -> str:
    """Text from a contract or from records, safe between tags and in attributes."""
    return escape(text, quote=True)


def _frame(title: str, run: str, body: Iterable[str], style: str) -> Iterator[str]:
    yield "<!DOCTYPE html>"
    yield '<html lang="en-GB">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield """<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">"""
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{said(title)}</title>"
    yield f"<style>\n{_STYLE}{style}</style>"
    yield "</head>"
    yield "<body>"
    yield "<main>"
    yield f"<h1>{said(title)}</h1>"
    yield f'<p class="run">{said(run)}</p>'
    yield from body
    yield "</main>"
    yield "</body>"
    yield "</html>"


def _body(sheet: Sheet, heading: str = "h2") -> Iterator[str]:
    if sheet.items:
        yield f"<{heading}>{said(sheet.heading)}</{heading}>"
    for item in sheet.items:
        yield from _item(item)
    if sheet.summary:
        yield f"<{heading}>In all</{heading}>"
        yield "<table>"
        yield '<thead><tr><th scope="col" class="right">Amount</th><th scope="col">For</th></tr></thead>'
        yield "<tbody>"
        for item in sheet.summary:
            yield f'<tr><td class="right">{said(item.lead)}</td><td>{said(item.text)}</td></tr>'
        yield "</tbody>"
        yield "</table>"


def _item(item: Item) -> Iterator[str]:
    tone = f" {item.tone}" if item.tone else ""
    if not item.items and item.grid is None:
        yield f'<p class="item{tone}">{_label(item)}</p>'
        return
    yield f'<details open class="part{tone}">'
    yield f"<summary>{_label(item)}</summary>"
    for inner_item in item.items:
        yield from _item(inner_item)
    if item.grid is not None:
        yield from _grid(item.grid)
    yield "</details>"


def _label(item: Item) -> str:
    lead = f'<span class="lead">{said(item.lead)}</span>' if item.lead else ""
    place = f'<span class="place">{said(item.place)}</span>' if item.place else ""
    return f'{lead}<span class="said">{said(item.text)}</span>{place}'


def _grid(grid: Grid) -> Iterator[str]:
    def side(at: int) -> str:
        return ' class="right"' if at in grid.right else ""

    yield "<table>"
    heads = "".join(f'<th scope="col"{side(at)}>{said(head)}</th>' for at, head in enumerate(grid.heads))
    yield f"<thead><tr>{heads}</tr></thead>"
    yield "<tbody>"
    for row in grid.rows:
        yield "<tr>" + "".join(f"<td{side(at)}>{said(cell)}</td>" for at, cell in enumerate(row)) + "</tr>"
    yield "</tbody>"
    yield "</table>"
