"""The documents of cases: each is written again as it stands, and what is no case is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cases import documents

EVERY = [path for folder in ("mistakes", "model", "slips", "words") for path in documents.documents(folder)]

CASE = """\
# Made up

## two lines

In a payment:

```sib
  payer  Council
         ^^^^^^^
  pays   £7
^^^^^^^^^^^
```

- 2 errors SIB0201: One.
- mark: here
- error SIB0202
- holds: this; that
"""


@pytest.mark.parametrize("path", EVERY, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_document_is_written_again_as_it_stands(path: Path, tmp_path: Path) -> None:
    head, cases = documents.read(path)
    again = tmp_path / path.name
    documents.write(again, head, cases)
    assert again.read_text(encoding="utf-8") == path.read_text(encoding="utf-8")
    assert len({case.title for case in cases}) == len(cases), "each case has a title of its own"


def test_what_is_underlined_over_lines_is_one_stretch(tmp_path: Path) -> None:
    path = tmp_path / "made_up.md"
    path.write_text(CASE, encoding="utf-8")
    ((case,),) = [documents.read(path)[1]]
    assert case.text == "  payer  Council\n  pays   £7\n"
    ((start, end),) = case.underlined
    assert case.text[start:end] == "Council\n  pays   £7"
    first, second = case.told
    assert (first.number, first.code, first.message, first.mark) == (2, "SIB0201", "One.", "here")
    assert second.holds == ("this", "that")


@pytest.mark.parametrize(
    "change",
    [
        ("- 2 errors SIB0201: One.\n", ""),
        ("```sib", "```text"),
        ("- mark: here", "- marks: here"),
        ("\n\n- 2 errors", "\n- 2 errors"),
    ],
)
def test_what_is_no_case_is_refused(change: tuple[str, str], tmp_path: Path) -> None:
    path = tmp_path / "made_up.md"
    assert change[0] in CASE
    path.write_text(CASE.replace(*change), encoding="utf-8")
    with pytest.raises(ValueError, match="made_up"):
        documents.read(path)
