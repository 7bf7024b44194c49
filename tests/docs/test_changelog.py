"""The changelog: by reader, and its last version is the one that is made."""

import re
import tomllib

from tests.docs.reading import ROOT

TEXT = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
READERS = ["For lawyers and designers", "For analysts and reconciliation teams", "For contributors"]


def test_the_last_version_is_the_one_that_is_made() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    versions = re.findall(r"^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d\d-\d\d$", TEXT, re.MULTILINE)
    assert versions[0] == settings["project"]["version"]
    assert [line for line in re.findall(r"^## (.+)$", TEXT, re.MULTILINE)[1:] if " - " not in line] == []


def test_each_version_is_grouped_by_reader() -> None:
    for version in re.split(r"^## ", TEXT, flags=re.MULTILINE)[1:]:
        found = re.findall(r"^### (.+)$", version, re.MULTILINE)
        assert found == [reader for reader in READERS if reader in found], version.partition("\n")[0]


def test_what_may_change_a_payment_is_marked_where_a_line_begins() -> None:
    lines = TEXT.partition("\n## ")[2]
    assert lines.count("- **May change a payment.**") == lines.count("May change a payment") > 0
