"""Writes docs/reference/python.md from the signatures and docstrings of `sibdsl.pipeline`; with --check, says whether it is current."""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path

from sibdsl import pipeline

#: The pages beside the first, in the order in which they are told.
_PAGES = ("loaded", "rules", "examples", "heads", "values", "stages", "without_data", "compared")
PAGE = Path(__file__).parents[1] / "docs" / "reference" / "python.md"


def page() -> str:
    """The page, as text."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Python"
    yield ""
    yield "The functions of `sibdsl.pipeline`, which `sib` and [notebooks](../notebook.md) call. This page is written from them."
    yield ""
    yield "```text"
    yield from inspect.cleandoc(pipeline.__doc__ or "").splitlines()[2:4]
    yield "```"
    for name, part in _parts():
        yield ""
        yield f"## {name}"
        yield ""
        if inspect.isfunction(part):
            yield "```python"
            yield f"{name}{inspect.signature(part)}".replace("'", "")
            yield "```"
            yield ""
        yield inspect.cleandoc(part.__doc__ or "")


def _parts() -> Iterator[tuple[str, object]]:
    """The functions and classes of the first page, then those of the pages beside it, each page in its own order."""
    pages = [pipeline.__name__, *(f"{pipeline.__name__}.{name}" for name in _PAGES)]
    for page in pages:
        for name, part in vars(importlib.import_module(page)).items():
            public = name in pipeline.__all__ and (inspect.isfunction(part) or inspect.isclass(part))
            if public and part.__module__ == page:
                yield name, part


if __name__ == "__main__":
    if "--check" in sys.argv:
        if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page():
            sys.exit("docs/reference/python.md is not what scripts/python_page.py writes: run it.")
    else:
        PAGE.write_text(page(), encoding="utf-8")
