"""The cases of `tests/cases/model`: texts that the translation refuses or warns about, and texts it takes.

The form is told in tests/cases/documents.py. The blocks of a case take the place of those of the same kind and name in the
small sound contract.
"""

from __future__ import annotations

from attrs import frozen

from tests.cases import documents
from tests.cases.documents import Told
from tests.frame import complete

FOLDER = documents.FOLDER / "model"


@frozen
class Case:
    """One case. `place` is what must be underlined, as offsets into the whole `text`; `told` what is said, if anything."""

    file: str
    title: str
    text: str
    place: tuple[int, int] | None
    told: Told | None

    def __str__(self) -> str:
        return f"{self.file}: {self.told.code if self.told else ''} {self.title}".replace("  ", " ")

    @property
    def code(self) -> str:
        """The code of what is found; '' where nothing is."""
        return self.told.code if self.told else ""


def _whole(case: documents.Case) -> Case:
    """The whole contract that the case stands for, and where in it the underlined words are."""
    bare = case.text
    whole = complete(bare)
    told = case.told[0] if case.told else None
    if not case.underlined:
        return Case(case.file, case.title, whole, None, told)
    ((start, end),) = case.underlined
    # The block that holds the underlined words begins after the one before has ended.
    above = bare.rfind("\nend ", 0, start)
    block = bare.index("\n", above + 1) + 1 if above >= 0 else 0
    while bare[block] == "\n":
        block += 1
    below = bare.find("\nend ", start)
    shift = whole.index(bare[block : below if below >= 0 else len(bare)]) - block
    return Case(case.file, case.title, whole, (start + shift, end + shift), told)


def all_cases() -> list[Case]:
    """Every case of every document."""
    return [_whole(case) for case in documents.cases("model")]
