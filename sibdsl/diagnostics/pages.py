"""The page of each code, for a screen and for the reference; `python -m sibdsl.diagnostics.pages --write FILE` makes the latter."""

from __future__ import annotations

import sys
from pathlib import Path

from sibdsl.diagnostics.codes import FAMILIES, REGISTRY
from sibdsl.diagnostics.diagnostic import Code
from sibdsl.diagnostics.screen import wrap

_WIDTH = 100


def page(code: str) -> str:
    """What a code means, for a screen. Raises KeyError for a code that is not registered."""
    one = REGISTRY[code]
    lines = [f"{one.code} {one.name}", one.title, "", *wrap(one.meaning, _WIDTH)]
    for title, text in (("Found in:", one.wrong), ("Not found in:", one.right)):
        if text:
            lines.extend(["", title, "", *(f"    {line}".rstrip() for line in text.splitlines())])
    return "\n".join(lines)


def docs_page() -> str:
    """Every code's page as Markdown, family by family."""
    lines = [
        "# Diagnostics",
        "",
        "Every message of `sib` has a code and a name. `sib explain-code SIB0501` prints its page. An error stops payment; a",
        "warning or a note does not. Examples show the blocks that matter, in a contract that is otherwise complete.",
    ]
    for family, title in FAMILIES.items():
        mine = [one for one in REGISTRY.values() if one.code.startswith(family)]
        if mine:
            lines.extend(["", f"## {title}"])
        for one in mine:
            lines.extend(_section(one))
    return "\n".join(lines) + "\n"


def _section(one: Code) -> list[str]:
    lines = ["", f"### {one.code} {one.name}", "", f"**{one.title}.** {one.meaning}"]
    for title, text in (("Found in:", one.wrong), ("Not found in:", one.right)):
        if text:
            lines.extend(["", title, "", "```sib", *text.splitlines(), "```"])
    return lines


def main(arguments: list[str]) -> int:
    """Write or check the reference page: 0 when it is current, 1 when it is not, 2 when the call is wrong."""
    if len(arguments) != 2 or arguments[0] not in ("--check", "--write"):
        sys.stderr.write("Usage: python -m sibdsl.diagnostics.pages --check|--write FILE\n")
        return 2
    how, path = arguments[0], Path(arguments[1])
    if how == "--write":
        path.write_text(docs_page(), encoding="utf-8")
        return 0
    if path.is_file() and path.read_text(encoding="utf-8") == docs_page():
        return 0
    sys.stderr.write(f"{path} is not current: python -m sibdsl.diagnostics.pages --write {path}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
