"""Charts of bars as SVG that stands in a page: no script, no font of its own, the same bytes for the same numbers.

Each chart has a title and a description for those who do not see it, and the page has its numbers beside it in a table.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from attrs import frozen

from sibdsl.render.html import said

_WIDE, _LABELS, _FIGURES = 760, 190, 230
_ROW, _BAR = 26, 16
_PAID, _LIMIT, _HELD = "#1f5f8b", "#8a3b12", "#595959"


@frozen
class Bar:
    """One bar: its label, its number (None where it is held back), how that is written, and a limit that it is held against."""

    label: str
    number: Fraction | None
    said: str
    limit: Fraction | None = None


def chart(name: str, title: str, description: str, bars: Sequence[Bar]) -> Iterator[str]:
    """The lines of an SVG with a bar in each row; `name` tells its parts from those of other charts on the page."""
    numbers = [abs(number) for bar in bars for number in (bar.number, bar.limit) if number is not None]
    most = max(numbers, default=Fraction(0)) or Fraction(1)
    room = _WIDE - _LABELS - _FIGURES
    high = _ROW * len(bars) + 8
    yield (
        f'<svg role="img" aria-labelledby="{name}-title {name}-says" viewBox="0 0 {_WIDE} {high}" width="{_WIDE}" height="{high}" '
        'style="max-width: 100%; height: auto" font-size="13" font-family="system-ui, sans-serif">'
    )
    yield f'<title id="{name}-title">{said(title)}</title>'
    yield f'<desc id="{name}-says">{said(description)}</desc>'
    for at, bar in enumerate(bars):
        top = 4 + at * _ROW
        middle = top + _BAR - 3
        yield f'<text x="{_LABELS - 8}" y="{middle}" text-anchor="end">{said(_cut(bar.label))}</text>'
        end = _LABELS
        if bar.number is None:
            yield (
                f'<rect x="{_LABELS}" y="{top}" width="{room // 8}" height="{_BAR}" fill="none" stroke="{_HELD}" stroke-dasharray="4 3"/>'
            )
            end = _LABELS + room // 8
        elif bar.number:
            wide = max(1, int(abs(bar.number) / most * room))
            dashed = ' fill-opacity="0.35"' if bar.number < 0 else ""
            yield f'<rect x="{_LABELS}" y="{top}" width="{wide}" height="{_BAR}" fill="{_PAID}"{dashed}/>'
            end = _LABELS + wide
        if bar.limit is not None:
            x = _LABELS + int(bar.limit / most * room)
            yield (
                f'<line x1="{x}" y1="{top - 3}" x2="{x}" y2="{top + _BAR + 3}" stroke="{_LIMIT}" stroke-width="2"/>'
            )
            end = max(end, x)
        yield f'<text x="{end + 6}" y="{middle}">{said(bar.said)}</text>'
    yield "</svg>"


def _cut(label: str, most: int = 26) -> str:
    return label if len(label) <= most else f"{label[: most - 1]}…"
