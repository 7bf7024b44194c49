"""Hook of mkdocs: a page for each folder of `docs/diagnostics`, and one of all codes, made from the pages of the codes.

See `hooks` in mkdocs.yml. The pages of the codes themselves are read by people as they stand; here their names are put
over them, and the way back to their folder under them.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from sibdsl.diagnostics import Code
from sibdsl.diagnostics.codes import REGISTRY

PLACE = "diagnostics/"

#: How a family's codes begin -> what they are about.
FAMILIES = {
    "SIB01": "Files",
    "SIB02": "Words and lines",
    "SIB03": "Names",
    "SIB04": "Meaning",
    "SIB05": "Checks of the whole contract",
    "SIB06": "Records",
    "SIB07": "Commands and settings",
    "SIB08": "Examples",
}


@cache
def by_construct() -> dict[str, list[Code]]:
    """Each folder, in the order of the codes that it begins with, and its codes."""
    found: dict[str, list[Code]] = {}
    for code in REGISTRY.values():
        found.setdefault(REGISTRY.construct(code.code), []).append(code)
    return found


def title(construct: str) -> str:
    """What a folder is called."""
    return construct.replace("-", " ").capitalize()


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put the pages of the folders where the navigation names the whole."""
    config.nav = [_filled(entry) for entry in config.nav or []]
    return config


def _filled(entry: Any) -> Any:  # noqa: ANN401 - as mkdocs reads it
    if not isinstance(entry, dict) or PLACE not in entry.values():
        return entry
    (heading,) = entry
    pages = [{title(construct): f"{PLACE}{construct}/index.md"} for construct in by_construct()]
    return {heading: [{"All messages": f"{PLACE}index.md"}, *pages]}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that list the others."""
    files.append(File.generated(config, f"{PLACE}index.md", content=_whole()))
    for construct, codes in by_construct().items():
        files.append(File.generated(config, f"{PLACE}{construct}/index.md", content=_list(construct, codes)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001 - as mkdocs calls it
    """Over the page of a code its name, and its kind; under it where the others of its folder are."""
    code = _by_address().get(page.file.src_uri)
    if code is None:
        return markdown
    _, _, rest = markdown.partition("\n")
    family = FAMILIES[code.code[:5]]
    return (
        f"# {code.code} {code.name}: {_small(code.title)}\n{rest.rstrip()}\n\n---\n\n"
        f"{family}. The other messages on [{title(REGISTRY.construct(code.code)).lower()}](index.md); "
        f"`sib explain-code {code.code}` shows this page in the terminal.\n"
    )


def _small(text: str) -> str:
    """A title as it goes on after a colon."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


@cache
def _by_address() -> dict[str, Code]:
    return {
        f"{PLACE}{REGISTRY.construct(code.code)}/{REGISTRY.pages[code.code].name}": code
        for code in REGISTRY.values()
    }


def _whole() -> str:
    lines = [
        "# Messages",
        "",
        "Every message of `sib` has a code and a name, and a page that says what it means, with a text that shows it and one",
        "that does not. `sib explain-code SIB0501` prints a page. An error stops payment; a warning or a note does not.",
        "Examples show the blocks that matter, in a contract that is otherwise complete.",
        "",
        "| code | what it tells | on |",
        "|---|---|---|",
    ]
    for code in REGISTRY.values():
        construct = REGISTRY.construct(code.code)
        at = f"{construct}/{REGISTRY.pages[code.code].name}"
        lines.append(f"| [{code.code}]({at}) | {code.title} | [{title(construct)}]({construct}/index.md) |")
    return "\n".join(lines) + "\n"


def _list(construct: str, codes: list[Code]) -> str:
    lines = [
        f"# Messages: {title(construct).lower()}",
        "",
        "| code | name | what it tells |",
        "|---|---|---|",
    ]
    lines += [
        f"| [{code.code}]({REGISTRY.pages[code.code].name}) | {code.name} | {code.title} |" for code in codes
    ]
    return "\n".join(lines) + "\n"
