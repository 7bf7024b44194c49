"""The registry of codes: a page for each in `docs/diagnostics`, in a folder by construct, read when it is asked for.

A page is `SIB0501-band-gap.md`: its heading is the code's title, the text under it what the code means, and `Found in` and
`Not found in` hold the blocks that show it and that do not. To add a code, add its page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

from sibdsl.diagnostics.diagnostic import Code
from sibdsl.resources import resource

_PAGE = re.compile(r"^(SIB\d{4})-([a-z0-9-]+)$")
_PARTS = re.compile(
    r"\A# (?P<title>[^\n]+)\n\n(?P<meaning>.+?)\n"
    r"(?:\n## Found in\n\n```sib\n(?P<wrong>.+?)\n```\n)?"
    r"(?:\n## Not found in\n\n```sib\n(?P<right>.+?)\n```\n)?\Z",
    re.DOTALL,
)


class Registry(Mapping[str, Code]):
    """Every code with its page, in order of the codes. A page is read once, when it is first asked for."""

    def __init__(self) -> None:
        self._read: dict[str, Code] = {}

    @cached_property
    def pages(self) -> Mapping[str, Path]:
        """Code -> the file of its page.

        Raises:
            FileNotFoundError: the installation has no pages.
        """
        named = ((_PAGE.match(path.stem), path) for path in resource("docs", "diagnostics").glob("*/*.md"))
        return dict(sorted((name[1], path) for name, path in named if name))

    def __getitem__(self, code: str) -> Code:
        if code not in self._read:
            self._read[code] = read(self.pages[code])
        return self._read[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self.pages)

    def __len__(self) -> int:
        return len(self.pages)

    def construct(self, code: str) -> str:
        """The folder of a code's page: what of the language, or of the program, it is about."""
        return self.pages[code].parent.name


def read(path: Path) -> Code:
    """The code of a page.

    Raises:
        ValueError: the file's name or text has not the parts of such a page.
    """
    name, parts = _PAGE.match(path.stem), _PARTS.match(path.read_text(encoding="utf-8"))
    if name is None or parts is None:
        raise ValueError(f"{path} is not the page of a code")
    return Code(
        name[1],
        name[2],
        parts["title"],
        " ".join(parts["meaning"].split()),
        parts["wrong"] or "",
        parts["right"] or "",
    )


#: Every code, in order.
REGISTRY = Registry()
