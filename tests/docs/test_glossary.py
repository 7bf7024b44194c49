"""The glossary: each word stands in it once, and what is named in the program is there."""

import re
from collections import Counter

import pytest

from tests.docs.reading import ROOT, table_rows

PAGE = ROOT / "docs" / "glossary.md"
ROWS = table_rows(PAGE.read_text(encoding="utf-8"))
CLASSES = {
    name
    for file in (ROOT / "sibdsl").rglob("*.py")
    for name in re.findall(r"^class (\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
}
#: Files of the parts in which rules are carried out.
FILES = {
    file.stem
    for part in ("measure", "model", "price", "settle")
    for file in (ROOT / "sibdsl" / part).glob("*.py")
}
#: A class of that name is of another thing: the plan and the checks of measuring, a cell of a table in a contract.
OTHERWISE = {"plan", "check", "cell"}


def test_each_word_has_one_meaning() -> None:
    words = Counter(word for row in ROWS for word in row[0].split(", "))
    assert len(words) > 80
    assert [word for word, times in words.items() if times > 1] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_what_is_named_in_the_program_is_there(row: list[str]) -> None:
    word, means, named = row
    assert word
    assert means
    assert set(re.findall(r"`(\w+)`", named)) <= CLASSES
    assert [file for file in re.findall(r"`(\S+/\S+)`", named) if not (ROOT / file).is_file()] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_what_is_called_so_in_the_program_is_named(row: list[str]) -> None:
    words, _, named = row
    for word in set(words.split(", ")) - OTHERWISE:
        called = "".join(part.capitalize() for part in word.split())
        assert named or called not in CLASSES, f"class {called}"
        assert named or not {word.replace(" ", "_"), f"{word.replace(' ', '_')}s"} & FILES, word
