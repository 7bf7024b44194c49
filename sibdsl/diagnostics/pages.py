"""The page of each code, for a screen."""

from __future__ import annotations

from sibdsl.diagnostics.codes import REGISTRY
from sibdsl.diagnostics.screen import wrap

_WIDTH = 100


def page(code: str) -> str:
    """What a code means, for a screen. Raises KeyError for a code that is not registered."""
    entry = REGISTRY[code]
    lines = [f"{entry.code} {entry.name}", entry.title, "", *wrap(entry.meaning, _WIDTH)]
    for title, text in (("Found in:", entry.wrong), ("Not found in:", entry.right)):
        if text:
            lines.extend(["", title, "", *(f"    {line}".rstrip() for line in text.splitlines())])
    return "\n".join(lines)
