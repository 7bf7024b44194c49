"""Explanations in which people, and what identifies their rows, go by other names: pseudonyms of a key, or numbers of the page.

Source of the rule: run folders reference, 'Pseudonyms'.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from attrs import define, evolve, field, frozen

from sibdsl.measure.limits_for_each_person import ResultCut
from sibdsl.measure.reasons_without_cells import NOT_SHOWN
from sibdsl.measure.rows_of_a_person import Known, PersonRow
from sibdsl.measure.volumes import Claim, Earned
from sibdsl.model.nodes import Amount, Column, Contract
from sibdsl.records.pseudonyms import PREFIX, Pseudonyms
from sibdsl.settle.explain.in_programme import ProgrammePersonFacts
from sibdsl.settle.explain.line_facts import Counted, LineFacts
from sibdsl.settle.explain.page import Grid, Item, Sheet
from sibdsl.settle.explain.person_facts import PersonFacts, RowTold

#: What an identifier goes by: given whether it is a person's, and the identifier.
Called = Callable[[bool, str], str]


@define
class Numbered:
    """`Person 1`, `Person 2` and so on in the order in which they come; `Identifier 1` for what identifies something else."""

    _people: dict[str, str] = field(factory=dict)
    _others: dict[str, str] = field(factory=dict)

    def __call__(self, person: bool, identifier: str) -> str:  # noqa: FBT001 - as `Called` has it
        if not person and identifier not in self._people:
            return self._others.setdefault(identifier, f"Identifier {len(self._others) + 1}")
        return self._people.setdefault(identifier, f"Person {len(self._people) + 1}")


def called(pseudonyms: Pseudonyms | None) -> Called:
    """What identifiers go by: their pseudonyms, or numbers of the page."""
    return Numbered() if pseudonyms is None else lambda _, identifier: pseudonyms.of(identifier)


@frozen
class _Hidden:
    """Puts other names for identifiers of one contract; `met` are those that it came upon."""

    contract: Contract
    called: Called
    met: dict[str, str]

    def name(self, identifier: str, *, person: bool = True) -> str:
        if not identifier or identifier.startswith(
            PREFIX
        ):  # one that a run's folder has put otherwise already
            return identifier
        made = self.called(person, identifier)
        self.met[identifier] = made
        return made

    def cells(self, records: str, cells: Mapping[str, str]) -> dict[str, str]:
        table = self.contract.table(records)
        kinds = {} if table is None else {column.name: column.kind for column in table.columns}
        key = () if table is None else table.key
        return {
            name: self.name(text, person=kinds.get(name) == "person")
            if kinds.get(name) in ("person", "identifier") or name in key
            else text
            for name, text in cells.items()
        }

    def claim(self, claim: Claim) -> Claim:
        return evolve(claim, person=self.name(claim.person))

    def earned(self, every: Iterable[Earned]) -> tuple[Earned, ...]:
        return tuple(
            Earned(self.claim(result.claim), self.cells(result.claim.records, result.cells))
            for result in every
        )

    def cut(self, cut: ResultCut) -> ResultCut:
        return evolve(cut, person=self.name(cut.person))

    def counted(self, counted: Counted) -> Counted:
        return evolve(counted, records=self.earned(counted.records))

    def row(self, row: PersonRow) -> PersonRow:
        cells = self.cells(row.place.records, row.cells)
        self._note_shifted(row)
        return evolve(row, cells=cells, reason=row.reason_without_cells)

    def _note_shifted(self, row: PersonRow) -> None:
        """Note what stands as text in a row and could be an identifier of another column, for the net under the words."""
        table = self.contract.table(row.place.records)
        for column in () if table is None else table.columns:
            text = row.cells.get(column.name, "")
            if column.kind == "text" and text and not any(char.isspace() for char in text):
                self.met.setdefault(text, NOT_SHOWN)

    def told(self, told: RowTold) -> RowTold:
        return evolve(
            told,
            looked=evolve(told.looked, person=self.name(told.looked.person)),
            read=tuple((amount, self._known(amount, told, value)) for amount, value in told.read),
            claim=None if told.claim is None else self.claim(told.claim),
            claims=tuple(map(self.claim, told.claims)),
            other=None if told.other is None else self.row(told.other),
        )

    def _known(self, amount: Amount, told: RowTold, value: Known) -> Known:
        if not isinstance(amount, Column) or not isinstance(value, str):
            return value
        return self.cells(told.looked.place.records, {amount.name: value})[amount.name]


def line_without_names(facts: LineFacts, called: Called) -> tuple[LineFacts, dict[str, str]]:
    """A line's explanation with other names for people, and the names that stand for which identifiers."""
    hidden = _Hidden(facts.contract, called, {})
    made = evolve(
        facts,
        counted=None if facts.counted is None else hidden.counted(facts.counted),
        behind=tuple(map(hidden.counted, facts.behind)),
        personal=tuple(
            evolve(state, results=tuple(map(hidden.cut, state.results))) for state in facts.personal
        ),
    )
    return made, hidden.met


def person_without_names(
    facts: ProgrammePersonFacts, called: Called
) -> tuple[ProgrammePersonFacts, dict[str, str]]:
    """One person's story with other names for them and their rows, and the names that stand for which identifiers."""
    met: dict[str, str] = {}
    every: list[PersonFacts] = []
    name = facts.person
    for person_facts in facts.contracts:
        hidden = _Hidden(person_facts.contract, called, met)
        name = hidden.name(person_facts.person)
        every.append(
            evolve(
                person_facts,
                person=name,
                entries=tuple(
                    evolve(entry, row=hidden.row(entry.row), told=tuple(map(hidden.told, entry.told)))
                    for entry in person_facts.entries
                ),
                left_out=tuple(map(hidden.row, person_facts.left_out)),
            )
        )
    return evolve(facts, person=name, contracts=tuple(every)), met


def hidden(
    facts: LineFacts | ProgrammePersonFacts, pseudonyms: Pseudonyms | None
) -> tuple[LineFacts | ProgrammePersonFacts, dict[str, str]]:
    """An explanation with other names for people, and the names that stand for which identifiers."""
    if isinstance(facts, LineFacts):
        return line_without_names(facts, called(pseudonyms))
    return person_without_names(facts, called(pseudonyms))


# ------------------------------------------------------------------ what is left in words


def sweeping(met: Mapping[str, str]) -> Callable[[str], str]:
    """Puts other names for identifiers that are left in words: a net under what was put otherwise before.

    Identifiers that could be mistaken for a number or a word of the page are left to that.
    """
    sure = [name for name in met if len(name) > 3 and any(char.isdigit() for char in name)]
    sure = [name for name in sure if not name.isdigit() or len(name) > 5]
    if not sure:
        return lambda said: said
    every = "|".join(re.escape(name) for name in sorted(sure, key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w.£-])(?:{every})(?![\w-])")
    return lambda said: pattern.sub(lambda found: met[found[0]], said)


def swept_json(value: object, met: Mapping[str, str]) -> object:
    """The JSON values, in which no text is an identifier that stands for somebody."""
    text = sweeping(met)

    def swept(value: object) -> object:
        match value:
            case str():
                return text(value)
            case dict():
                return {name: swept(part) for name, part in value.items()}
            case list():
                return [swept(part) for part in value]
        return value

    return swept(value)


def swept(sheet: Sheet, met: Mapping[str, str], people: str) -> Sheet:
    """The page, in which no word is an identifier that stands for somebody; it says by what `people` go."""
    text = sweeping(met)

    def item(page_item: Item) -> Item:
        grid = page_item.grid
        return evolve(
            page_item,
            text=text(page_item.text),
            lead=text(page_item.lead),
            items=tuple(map(item, page_item.items)),
            grid=grid if grid is None else _grid(grid, text),
        )

    return evolve(
        sheet,
        title=text(sheet.title),
        run=f"{text(sheet.run)}; people by {people}",
        items=tuple(map(item, sheet.items)),
        summary=tuple(map(item, sheet.summary)),
    )


def _grid(grid: Grid, text: Callable[[str], str]) -> Grid:
    return evolve(grid, rows=tuple(tuple(map(text, row)) for row in grid.rows))
