"""What would have been paid had a row said something else: the smallest change that would have made it count.

Candidates are only guesses. Each is measured, on the person's own rows with the change made, by the measuring that pays; the
smallest that counts is told, with what it would have been paid when priced by the same graph.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from attrs import evolve, field, frozen

from sibdsl.diagnostics import Refused, same
from sibdsl.measure import Claim, measure_rows
from sibdsl.measure.rows_of_a_person import Known, LookedAt, PersonRow, RowPlace, looked_at
from sibdsl.model.conditions_on_rows import parts_of, person_column
from sibdsl.model.nodes import Column, Contract, ExampleRecords, JoinedColumn, MetricColumn
from sibdsl.price import Key, Line, price
from sibdsl.settle.explain.what_if_candidates import Change, candidates, clauses
from sibdsl.settle.payments import Payments
from sibdsl.settle.unexplained import Unexplained

#: How many cells may have to change before a row counts, and how many ways are tried for one row.
ROUNDS, WAYS = 3, 24


@frozen
class Case:
    """One person in one run: their readable rows, what other clauses read of them, and what they earned."""

    run: Payments
    person: str
    rows: tuple[PersonRow, ...] = field(repr=False)
    read: Mapping[str, Mapping[str, Known]] = field(repr=False)
    claims: tuple[Claim, ...] = field(repr=False)
    #: What limits for each person took of what they earned.
    withheld: Mapping[Key, Fraction] = field(factory=dict, repr=False)

    @property
    def contract(self) -> Contract:
        return self.run.contract


@frozen
class Would:
    """A change after which a row counts, the results that come and go with it, and what that does to each line."""

    changes: tuple[Change, ...]
    gained: tuple[Claim, ...]
    lost: tuple[Claim, ...]
    lines: tuple[tuple[Line, Fraction], ...]


@frozen
class Target:
    """A row that a clause did not count."""

    clause: str
    place: RowPlace


@frozen
class _Try:
    """A way to make one target count: the changes so far."""

    target: Target
    changes: tuple[Change, ...]


@frozen
class _Result:
    claims: tuple[Claim, ...]
    looked: Mapping[Target, LookedAt]
    withheld: Mapping[Key, Fraction] = field(factory=dict)


def would_have(case: Case, uncounted: Sequence[LookedAt]) -> dict[Target, Would | None]:
    """For each row that a clause did not count and some change of its cells might: the smallest that does, or None.

    Raises:
        Unexplained: the person's rows do not measure by themselves as they did among all.
    """
    waiting: list[_Try] = []
    for look in uncounted:
        target = Target(look.clause, look.place)
        ways = candidates(case.run, case.read, _cells(case, target), look)[:WAYS]
        waiting += [_Try(target, way) for way in ways]
    if not waiting:
        return {}
    found: dict[Target, list[tuple[_Try, _Result]]] = {attempt.target: [] for attempt in waiting}
    as_paid, *results = _measure(case, [None, *waiting])
    _same_as_paid(case, as_paid)
    for _ in range(ROUNDS):
        following: list[_Try] = []
        for attempt, result in zip(waiting, results, strict=True):
            looked = result.looked.get(attempt.target)
            if looked is not None and looked.counted:
                found[attempt.target].append((attempt, result))
            elif looked is not None:
                following += _further(case, attempt, looked)
        waiting = [attempt for attempt in following if not found[attempt.target]]
        if not waiting:
            break
        results = _measure(case, waiting)
    return {
        target: _would(case, *min(ways, key=lambda way: _size(way[0]))) if ways else None
        for target, ways in found.items()
    }


def _cells(case: Case, target: Target, changes: Sequence[Change] = ()) -> dict[str, str]:
    row = next(person_row for person_row in case.rows if person_row.place == target.place)
    return {**row.cells, **{change.column: change.after for change in changes}}


def _further(case: Case, attempt: _Try, looked: LookedAt) -> list[_Try]:
    """The next changes after some that were not enough; a cell changed again keeps what it held at first."""
    before = _cells(case, attempt.target)
    changed = {change.column: change for change in attempt.changes}
    found = []
    for way in candidates(case.run, case.read, _cells(case, attempt.target, attempt.changes), looked)[:WAYS]:
        more = {change.column: evolve(change, before=before[change.column]) for change in way}
        changes = tuple(change for change in (changed | more).values() if change.before != change.after)
        if changes and changes != attempt.changes:
            found.append(evolve(attempt, changes=changes))
    return found


def _size(attempt: _Try) -> tuple[int, int]:
    return len(attempt.changes), sum(abs(change.moved) for change in attempt.changes)


def _same_as_paid(case: Case, result: _Result) -> None:
    def counted(claims: Sequence[Claim]) -> list[tuple[object, ...]]:
        return sorted(
            (claim.segment, claim.metric, claim.band, claim.day, claim.quantity) for claim in claims
        )

    if counted(result.claims) != counted(case.claims):
        raise Unexplained(f"the rows of {case.person} do not measure by themselves as they did among all")


# ------------------------------------------------------------------ measuring changed rows


def _measure(case: Case, tries: Sequence[_Try | None]) -> list[_Result]:
    """Each try measured (None: the rows as they are), all at once, each under a name of its own.

    Where a clause reads the name itself, each is measured by itself under the person's own.
    """
    if _reads_persons(case.contract):
        return [_measured(case, [attempt], [case.person])[0] for attempt in tries]
    try:
        return _measured(case, tries, [str(at) for at in range(len(tries))])
    except Refused:
        # A change may ask for a value that nobody gave, such as a share for another age: that one leads nowhere.
        return [_alone(case, attempt) for attempt in tries]


def _alone(case: Case, attempt: _Try | None) -> _Result:
    try:
        return _measured(case, [attempt], ["0"])[0]
    except Refused:
        if attempt is None:
            raise
        return _Result((), {})


def _reads_persons(contract: Contract) -> bool:
    tests = [test for clause in clauses(contract) for test in clause.conditions]
    return any(
        isinstance(leaf, Column | MetricColumn | JoinedColumn) and leaf.kind == "person"
        for test in tests
        for leaf in parts_of(test)
    )


def _each_by_itself(contract: Contract) -> Contract:
    """The contract, with keys that tell apart the rows of each try, which has a person of its own.

    Tries have no parts and may have many invalid rows. Where the part decides, rows of one key tie, and nothing is told.
    """
    return evolve(
        contract,
        records=tuple(
            evolve(
                table,
                key=tuple(dict.fromkeys((*table.key, person_column(table)))) if table.key else (),
                versions=tuple(version for version in table.versions if version.by),
                parts=(),
                invalid=None,
            )
            for table in contract.records
        ),
    )


def _measured(case: Case, tries: Sequence[_Try | None], names: Sequence[str]) -> list[_Result]:
    tables: list[ExampleRecords] = []
    origins: dict[tuple[str, int], tuple[int, RowPlace]] = {}
    for table in case.contract.records:
        mine = [person_row for person_row in case.rows if person_row.place.records == table.name]
        headings = [column.heading for column in table.filed]
        rows: list[tuple[str, ...]] = []
        for at, attempt in enumerate(tries):
            for number, row in enumerate(mine):
                cells = _changed(row, attempt) | {person_column(table): names[at]}
                # A column of its own keeps apart rows that differ only in columns which the contract does not declare.
                rows.append((*(cells[column.name] for column in table.filed), f"{number:09}"))
                origins[table.name, len(rows)] = (at, row.place)
        if rows:
            tables.append(ExampleRecords(table.name, (*headings, _unused(headings)), tuple(rows)))
    claims: list[list[Claim]] = [[] for _ in tries]
    looked: list[dict[Target, LookedAt]] = [{} for _ in tries]
    withheld: list[dict[Key, Fraction]] = [{} for _ in tries]
    run = case.run
    cuts = run.versions[-1].cuts
    with measure_rows(_each_by_itself(case.contract), run.settings, tables, run.as_of, cuts=cuts) as volumes:
        for claim in volumes.claims(stated_only=False):
            at, place = origins[claim.records, claim.row]
            claims[at].append(evolve(claim, person=case.person, source=place.source, row=place.row))
        for taken in volumes.limited():
            at, _ = origins[taken.records, taken.row]
            withheld[at][taken.key] = withheld[at].get(taken.key, Fraction(0)) + taken.taken
        for look in looked_at(volumes):
            at, place = origins[look.place.records, look.place.row]
            looked[at][Target(look.clause, place)] = evolve(look, person=case.person, place=place)
    found = zip(claims, looked, withheld, strict=True)
    return [_Result(tuple(mine), by_target, taken) for mine, by_target, taken in found]


def _changed(row: PersonRow, attempt: _Try | None) -> dict[str, str]:
    if attempt is None or attempt.target.place != row.place:
        return dict(row.cells)
    return row.cells | {change.column: change.after for change in attempt.changes}


def _unused(headings: Sequence[str]) -> str:
    name = "row"
    while any(same(heading) == same(name) for heading in headings):
        name += " of these"
    return name


# ------------------------------------------------------------------ pricing what changes


def _would(case: Case, attempt: _Try, result: _Result) -> Would:
    gained, lost = _beyond(result.claims, case.claims), _beyond(case.claims, result.claims)
    taken = {
        key: result.withheld.get(key, Fraction(0)) - case.withheld.get(key, Fraction(0))
        for key in {*result.withheld, *case.withheld}
    }
    return Would(attempt.changes, gained, lost, difference(case.run, gained, lost, taken))


def _beyond(these: Sequence[Claim], those: Sequence[Claim]) -> tuple[Claim, ...]:
    """The results of the first that the second does not have, whichever row earned them."""
    left = [(_result(claim), claim.quantity) for claim in those]
    claims: list[Claim] = []
    for claim in these:
        if (_result(claim), claim.quantity) in left:
            left.remove((_result(claim), claim.quantity))
        else:
            claims.append(claim)
    return tuple(claims)


def _result(claim: Claim) -> Key:
    return Key(claim.segment, claim.metric, claim.band)


def difference(
    run: Payments, gained: Sequence[Claim], lost: Sequence[Claim], taken: Mapping[Key, Fraction]
) -> tuple[tuple[Line, Fraction], ...]:
    """What each stated line would come to beyond what it does, had these results been counted and those not.

    `taken` is what more limits for each person would have taken.
    """
    stated = set(run.priced_segments)
    version = run.versions[-1]
    within = "" if version.together is None else version.contract.name
    quantities = dict(version.unknowns)
    changes = list(taken.items())
    changes += [
        (_result(claim), sign * claim.quantity)
        for sign, claims in ((1, gained), (-1, lost))
        for claim in claims
    ]
    for key, more in changes:
        if key.segment in stated:
            known_as = evolve(key, contract=within)
            quantities[known_as] = quantities.get(known_as, Fraction(0)) + more
    then = price(run.priced.graph, quantities, run.as_of)
    # By the terms as they are in the end, on both sides. A limit that contracts share may take more or less of what the others
    # earn, so that all of them are priced.
    alone = version.together is None
    now = run.priced.lines if alone else price(run.priced.graph, version.unknowns, run.as_of).lines
    found: dict[Line, Fraction] = {}
    for sign, lines in ((1, then.lines), (-1, now)):
        for priced in lines:
            found[priced.line] = found.get(priced.line, Fraction(0)) + sign * priced.amount
    return tuple((line, amount) for line, amount in found.items() if amount)
