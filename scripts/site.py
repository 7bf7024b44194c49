"""Hooks of mkdocs: the pages of the language take their places in the navigation, and say what they are called by others.

See `hooks` in mkdocs.yml.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import constructs
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

PLACE = "language/"


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put the pages of the language, by group, where the navigation names their folder."""
    config.nav = [_filled(entry) for entry in config.nav or []]
    return config


def _filled(entry: Any) -> Any:  # noqa: ANN401 - as mkdocs reads it
    if not isinstance(entry, dict) or PLACE not in entry.values():
        return entry
    (title,) = entry
    listed = [
        {group: [f"language/{page.name}.md" for page in members]} for group, members in constructs.groups()
    ]
    return {title: [{"All constructs": "language/index.md"}, *listed]}


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001 - as mkdocs calls it
    """Under the title, the words that others use; at the foot, the names in the grammar, the model and the program."""
    if page.file.src_uri not in _by_address():
        return markdown
    told = _by_address()[page.file.src_uri]
    title, _, rest = markdown.lstrip().partition("\n")
    also = f'<p class="also">Also called: {", ".join(told.also)}.</p>'
    return f"{title}\n\n{also}\n{rest.rstrip()}\n{_foot(told)}"


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001 - as mkdocs calls it
    """Put each table in a place of its own, in which a wide one scrolls."""
    return html.replace("<table>", '<div class="wide"><table>').replace("</table>", "</table></div>")


def on_post_build(config: MkDocsConfig) -> None:
    """Give each entry of the search its weight, and those of the language the words by which others look for them."""
    file = Path(config.site_dir) / "search" / "search_index.json"
    found = json.loads(file.read_text(encoding="utf-8"))
    words = {
        f"{PLACE}{page.name}/": " ".join((page.summary, *page.also, *page.asked))
        for page in _by_address().values()
    }
    for entry in found["docs"]:
        entry["text"] = entry["text"].replace(" ¶", "")
        entry["words"] = words.get(entry["location"], "")
        entry["boost"] = _weight(entry["location"])
    file.write_text(json.dumps(found), encoding="utf-8")


def _weight(location: str) -> float:
    """What tells of a construct comes before what lists it, gives its reasons, or names what is wrong with it."""
    if location.startswith(PLACE):
        return 0.5 if location.startswith(f"{PLACE}#") else 3
    lists = (
        "reference/constructs",
        "reference/second-readings",
        "reference/contracts",
        "diagnostics/",
        "decisions",
    )
    return 0.5 if location.startswith(lists) else 1.5


@cache
def _by_address() -> dict[str, constructs.Page]:
    return {f"{PLACE}{page.name}.md": page for page in constructs.pages()}


@cache
def _cited() -> dict[str, list[str]]:
    return constructs.cited()


def _foot(page: constructs.Page) -> str:
    """Where a contributor finds what the page tells of."""
    cited = {file for heading in (page.title, *page.headings) for file in _cited().get(heading, ())}
    parts = [
        ("In the grammar", [name for row in page.constructs for name in row.grammar]),
        ("In the model", page.nodes),
        ("In the program", sorted({*cited, *page.code})),
    ]
    said = [f"{where}: {', '.join(f'`{name}`' for name in names)}." for where, names in parts if names]
    messages = [f"[{code}](../{_messages()[code]})" for code in page.diagnostics if code in _messages()]
    if messages:
        said.insert(0, f"Messages: {', '.join(messages)}.")
    return f'\n<div class="ties" markdown="1">\n\n{" ".join(said)}\n\n</div>\n' if said else ""


@cache
def _messages() -> dict[str, str]:
    """Code -> the address of its page."""
    return {
        path.stem[:7]: str(path.relative_to(constructs.DOCS))
        for path in constructs.DOCS.glob("diagnostics/*/SIB*.md")
    }
