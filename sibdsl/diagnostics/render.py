"""Findings for people: the words, the line, what is meant on it, and the way out. Machines are served by `machine`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sibdsl.diagnostics.codes import REGISTRY
from sibdsl.diagnostics.diagnostic import Diagnostic
from sibdsl.diagnostics.json_and_sarif import github, sarif, to_json
from sibdsl.diagnostics.pages import page
from sibdsl.diagnostics.screen import safe, width, wrap
from sibdsl.diagnostics.snippet import Paint, place
from sibdsl.source import Source

__all__ = ["count_line", "github", "page", "plain", "sarif", "to_json"]

_STYLES = {
    "error": "1;31",
    "warning": "1;33",
    "note": "1;36",
    "title": "1",
    "gutter": "2",
    "place": "2",
    "label": "36",
    "mark": "1",
}
_TITLES = {"error": "Error", "warning": "Warning", "note": "Note"}


def plain(
    found: Iterable[Diagnostic],
    sources: Mapping[str, Source],
    *,
    width: int = 100,
    colour: bool = False,
) -> str:
    """Findings as a person reads them, an empty line between two; '' when there are none.

    `sources` holds the texts that they speak of, by file name: a finding in another file is shown without its line.
    `width` is the number of columns; only words to be copied that are longer than a line go beyond it. `colour` adds
    ANSI codes that say nothing the words do not.
    """
    room = max(40, width)
    return "\n\n".join("\n".join(_one(finding, sources, room, colour=colour)) for finding in found)


def _one(finding: Diagnostic, sources: Mapping[str, Source], room: int, *, colour: bool) -> list[str]:
    def paint(style: str, text: str) -> str:
        key = finding.severity if style == "mark" else style
        return f"\033[{_STYLES[key]}m{text}\033[0m" if colour and text.strip() else text

    lines = _heading(finding, room, paint)
    lines.extend(place(finding, sources, room, paint))
    lines.extend(wrap(finding.message, room, "  "))
    lines.extend(wrap(finding.help, room, "  "))
    return lines


def _heading(finding: Diagnostic, room: int, paint: Paint) -> list[str]:
    code = REGISTRY.get(finding.code)
    title = code.title if code else _TITLES[finding.severity]
    kind = f"{finding.severity} {finding.code}" + (f" {code.name}" if code else "")
    clause = safe(finding.clause)
    right = f"{clause}   {kind}" if clause else kind
    gap = room - width(title) - width(right)
    if gap >= 2:
        left = f"{clause}   " if clause else ""
        return [paint("title", title) + " " * gap + left + paint("mark", kind)]
    gap = max(2, room - width(title) - width(kind))
    return [paint("title", title) + " " * gap + paint("mark", kind), *wrap(clause, room, "  ")]


def count_line(found: Sequence[Diagnostic], name: str) -> str:
    """How much was found where: `2 errors, 1 warning in tower_hamlets.sib`."""
    counts = [
        f"{number} {kind}{'' if number == 1 else 's'}"
        for kind in ("error", "warning", "note")
        if (number := sum(finding.severity == kind for finding in found))
    ]
    return f"{', '.join(counts) or 'Nothing found'} in {safe(name)}"
