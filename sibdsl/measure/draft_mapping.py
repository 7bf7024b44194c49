"""A first draft of how an organisation's files call the tables and columns of a contract, by their spelling alone.

It is for a person to look at: nothing is measured by it. Source: projects reference, 'Names that differ'.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from attrs import frozen

from sibdsl.csvfile import NoHeadings, Unreadable
from sibdsl.diagnostics import same
from sibdsl.measure.engines import Made, default_engine
from sibdsl.measure.opened_sources import EngineDesk
from sibdsl.model.nodes import Contract, RecordColumn, Records
from sibdsl.project.tables import TableInFiles
from sibdsl.records import MappedRecords, RecordsPlace
from sibdsl.records.sources.folder import Candidate, candidates

#: How alike two headings must be to be offered for one another.
_ALIKE = 0.6
#: Letters by which two words begin that are taken for forms of one, as in Started and Start.
_STEM = 4

#: Words of a heading that say of what kind its column is.
_WORDS_OF_KINDS = {
    ("identifier", "person"): {"id", "ref", "reference", "number", "no"},
    ("date",): {"date", "dob"},
}


@frozen
class DraftTable:
    """What was found for a table: how the files call it, the columns found as they are, those that were not, and headings left over.

    `found` is None where nothing in the place is like the table.
    """

    name: str
    found: TableInFiles | None
    shown: str = ""
    as_they_are: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


@frozen
class _HeadingsRead:
    """A file or sheet whose headings could be read."""

    candidate: Candidate
    headings: tuple[str, ...]


def draft(
    contract: Contract, place: RecordsPlace, *, engine: Made = default_engine
) -> tuple[DraftTable, ...]:
    """What each table of the contract may be in a folder, workbook or database.

    Raises Refused where the place cannot be read (SIB0607, SIB0610, SIB0787).
    """
    every = candidates(place.place if isinstance(place, MappedRecords) else place)
    wanted = [column.heading for table in contract.records for column in table.filed]
    with engine() as opened:
        read = [found for candidate in every if (found := _read(candidate, wanted, EngineDesk(opened)))]
    return tuple(_of_table(table, read) for table in contract.records)


def _read(candidate: Candidate, wanted: Sequence[str], desk: EngineDesk) -> _HeadingsRead | None:
    try:
        return _HeadingsRead(candidate, candidate.source.open(wanted, desk).headings)
    except (Unreadable, NoHeadings):
        return None


def _of_table(table: Records, read: Sequence[_HeadingsRead]) -> DraftTable:
    columns = table.filed
    headings = [column.heading for column in columns]
    best: _HeadingsRead | None = None
    best_score = (False, 0.0)
    for opened in read:
        pairs = _pairs(columns, opened.headings)
        score = (opened.candidate.is_called(table.name), sum(likeness for _, likeness in pairs.values()))
        if score > best_score and (score[0] or score[1] >= max(1, len(headings) / 3)):
            best, best_score = opened, score
    if best is None:
        return DraftTable(table.name, None, missing=tuple(headings))
    pairs = _pairs(columns, best.headings)
    as_they_are = tuple(
        heading for heading in headings if heading in pairs and same(pairs[heading][0]) == same(heading)
    )
    taken = {same(other) for other, _ in pairs.values()}
    candidate = best.candidate
    own = candidate.is_called(table.name)
    return DraftTable(
        table.name,
        TableInFiles(
            "" if own else candidate.file,
            "" if own else candidate.sheet,
            tuple(
                (heading, pairs[heading][0])
                for heading in headings
                if heading in pairs and heading not in as_they_are
            ),
            table="" if own else candidate.stored,
        ),
        candidate.source.shown,
        as_they_are,
        tuple(heading for heading in headings if heading not in pairs),
        tuple(heading for heading in best.headings if heading and same(heading) not in taken),
    )


def _pairs(columns: Sequence[RecordColumn], others: Iterable[str]) -> dict[str, tuple[str, float]]:
    """Each heading of the contract with the one of the file that is most like it, and how alike they are; each is taken once."""
    graded = sorted(
        (
            (likeness, -at, -place, column.heading, other)
            for at, column in enumerate(columns)
            for place, other in enumerate(others)
            if (likeness := _likeness(column, other)) >= _ALIKE
        ),
        reverse=True,
    )
    pairs: dict[str, tuple[str, float]] = {}
    taken: set[str] = set()
    for likeness, _, _, heading, other in graded:
        if heading not in pairs and other not in taken:
            pairs[heading] = (other, likeness)
            taken.add(other)
    return pairs


def _likeness(column: RecordColumn, other: str) -> float:
    if same(column.heading) == same(other):
        return 1.0
    ours, theirs = column.heading.casefold().split(), other.casefold().replace("_", " ").split()
    alike = min(0.8, SequenceMatcher(None, column.heading.casefold(), other.casefold()).ratio())
    if ours and theirs and ours[0][:_STEM] == theirs[0][:_STEM] and len(ours[0]) >= _STEM:
        alike = 0.9
    for kinds, words in _WORDS_OF_KINDS.items():
        if words & set(theirs) and column.kind not in kinds:
            alike -= 0.4
    return alike
