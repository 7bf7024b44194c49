"""The second readings on the pages of the language: each row names something that runs and would tell the readings apart."""

import re
from collections import Counter
from pathlib import PurePosixPath

import pytest

from scripts import constructs
from tests.docs.reading import LANGUAGE, ROOT, blocks, fences, headings, section, table_rows

TEXTS = [one for one in fences(LANGUAGE) if one.language == "sib"]
PAGES = [page for page in sorted(LANGUAGE.glob("*.md")) if constructs.READINGS in headings(page)]
ROWS = [row for page in PAGES for row in table_rows(section(page, constructs.READINGS))]
#: Every example of the pages, and how often its name stands there: a row that names one must mean one alone.
EXAMPLES = Counter(
    key.removeprefix("example ") for one in TEXTS for key in blocks(one.text) if key.startswith("example ")
)
REFUSED = {one.notes["refused"] for one in TEXTS if "refused" in one.notes}


def is_there(name: str) -> bool:
    """Whether an example of the pages, a refusal on them, a test, or a case of refused text has the name."""
    path, _, test = name.partition("::")
    if test:
        return bool(re.search(rf"^def {re.escape(test)}\(", read(path), re.MULTILINE))
    path, _, title = name.partition(": ")
    if path.startswith("tests/cases/"):
        return bool(re.search(rf"^## {re.escape(title)}$", read(path), re.MULTILINE))
    return name in REFUSED or EXAMPLES[name] == 1


def read(path: str) -> str:
    file = ROOT / PurePosixPath(path)
    return file.read_text(encoding="utf-8") if file.is_file() else ""


@pytest.mark.parametrize("row", ROWS, ids=lambda row: re.sub(r"\W+", " ", row[0]).strip())
def test_each_second_reading_is_told_apart_by_something_that_runs(row: list[str]) -> None:
    construct, one, other, closing, shown = row
    assert construct
    assert one != other
    assert closing
    names = re.findall(r"`([^`]+)`", shown)
    assert shown == ", ".join(f"`{name}`" for name in names), "only names, each in marks"
    assert names
    assert [name for name in names if not is_there(name)] == []


@pytest.mark.parametrize(
    "name",
    [
        "No Such Example",
        "One Of Each",
        "SIB9999",
        "tests/docs/test_second_readings.py::test_that_nobody_wrote",
        "tests/docs/test_nothing.py::test_each_second_reading_is_told_apart_by_something_that_runs",
        "tests/cases/model/factors.md: a case that nobody wrote",
    ],
)
def test_a_name_of_nothing_is_told(name: str) -> None:
    assert not is_there(name)


def test_the_generated_table_has_them_all() -> None:
    table = constructs.second_readings() + constructs.second_readings_of_payments()
    assert sorted(table_rows(table)) == sorted(ROWS)
