"""The pages of the language say which constructs they tell of: every name of the grammar once, each with a contract that needs it."""

import re
from collections import Counter
from pathlib import Path

import pytest

from scripts import constructs
from sibdsl.diagnostics.codes import REGISTRY
from sibdsl.model import nodes
from tests.docs.reading import ROOT, table_rows

GRAMMAR = (ROOT / "grammar" / "sib.lark").read_text(encoding="utf-8")
PAGES = constructs.pages()
ROWS = [row for page in PAGES for row in page.constructs]
CITED = (ROOT / "docs" / "reference" / "contracts.md").read_text(encoding="utf-8")
CONTRACTS = {name.strip() for row in table_rows(CITED) for name in row[0].split(",")}
CITED_BY = constructs.cited()
LONGEST = 250


def names_of_the_grammar() -> set[str]:
    """Rules and labels that name a node of the tree: not those that the parser puts in their parents' place."""
    found: set[str] = set()
    text = re.sub(r"^//.*$", "", GRAMMAR, flags=re.MULTILINE)
    for marks, name, body in re.findall(r"^([?!]*)([a-z_]+)\s*:((?:[^\n]|\n[ \t]+\|)*)", text, re.MULTILINE):
        labels = re.findall(r"->\s*(\w+)", body)
        found.update(labels)
        plain = len(re.split(r"\n[ \t]+\|", body)) > len(labels)
        if plain and not name.startswith("_") and "?" not in marks:
            found.add(name)
    return found


def test_every_name_of_the_grammar_is_on_one_page_once() -> None:
    said = Counter(name for row in ROWS for name in row.grammar)
    assert sorted(names_of_the_grammar() - said.keys()) == [], "the grammar has these, and no page has"
    assert sorted(said.keys() - names_of_the_grammar()) == [], "a page has these, and the grammar has not"
    assert [name for name, times in said.items() if times > 1] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: re.sub(r"\W+", " ", row.construct).strip())
def test_each_construct_is_needed(row: constructs.Construct) -> None:
    assert row.grammar
    assert row.needed.startswith(("all", "nobody cited")) or any(name in row.needed for name in CONTRACTS)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_each_page_says_what_it_is(page: constructs.Page) -> None:
    text = (constructs.LANGUAGE / f"{page.name}.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST, "split it by what it tells of"
    assert page.summary.endswith(".")
    assert page.also, "what else do lawyers call it?"
    assert sorted(set(page.nodes) - {name for name in dir(nodes) if name[0].isupper()}) == []
    assert [file for file in page.code if not (ROOT / file).is_file()] == []
    assert page.code or not page.constructs or CITED_BY.keys() & {page.title, *page.headings}, (
        "which file carries it out?"
    )
    assert sorted(set(page.diagnostics) - REGISTRY.keys()) == []


@pytest.mark.parametrize("path", constructs.GENERATED, ids=lambda path: path.name)
def test_what_is_generated_is_current(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == constructs.GENERATED[path](), (
        "python scripts/constructs.py --write"
    )


def test_no_two_pages_have_one_title() -> None:
    assert [title for title, times in Counter(page.title for page in PAGES).items() if times > 1] == []
