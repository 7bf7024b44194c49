"""The page of constructs: every name of the grammar stands on it once, with a contract that needs it and a heading that is there."""

import re
from collections import Counter

import pytest

from tests.docs.reading import LANGUAGE, ROOT, headings, section, table_rows

PAGE = ROOT / "docs" / "reference" / "constructs.md"
GRAMMAR = (ROOT / "grammar" / "sib.lark").read_text(encoding="utf-8")
NOBODY = "Nobody is cited for these yet"
HEADINGS = [one for one in headings(PAGE)[1:] if one != "The contracts"]
ROWS = [(heading, row) for heading in HEADINGS for row in table_rows(section(PAGE, heading))]
CONTRACTS = {name.strip() for row in table_rows(section(PAGE, "The contracts")) for name in row[0].split(",")}


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


def test_every_name_of_the_grammar_is_on_the_page_once() -> None:
    said = Counter(name for _, row in ROWS for name in re.findall(r"`(\w+)`", row[3]))
    assert sorted(names_of_the_grammar() - said.keys()) == [], "the grammar has these, and the page has not"
    assert sorted(said.keys() - names_of_the_grammar()) == [], "the page has these, and the grammar has not"
    assert [name for name, times in said.items() if times > 1] == []


@pytest.mark.parametrize(("heading", "row"), ROWS, ids=lambda one: one[0] if isinstance(one, list) else "")
def test_each_construct_is_needed_and_described(heading: str, row: list[str]) -> None:
    construct, needed, described, names = row
    assert construct
    assert names
    if heading == NOBODY:
        assert needed.startswith("nobody cited")
    else:
        assert needed.startswith("all") or any(name in needed for name in CONTRACTS)
    links = re.findall(r"\[[^\]]+\]\(language\.md#([^)]+)\)", described)
    assert links
    assert set(links) <= {slug(one) for one in headings(LANGUAGE)}


def slug(heading: str) -> str:
    """How a page's address names a heading."""
    return re.sub(r"[^a-z0-9]+", "-", heading.lower().replace("'", "")).strip("-")
