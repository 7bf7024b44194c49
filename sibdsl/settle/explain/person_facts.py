"""One person's story: which rows speak of them, how each clause looked at each, what was earned and paid, what was not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Literal

from attrs import evolve, field, frozen

from sibdsl.diagnostics import Diagnostic, Refused, nearest
from sibdsl.measure import Claim, Volumes
from sibdsl.measure.limits_for_each_person import TakenOfResult
from sibdsl.measure.rows_in_time import InTime, in_times_asked
from sibdsl.measure.rows_of_a_person import (
    Known,
    LookedAt,
    PersonRow,
    RowPlace,
    alike,
    looked_at,
    read_of,
    rows_of,
)
from sibdsl.model.conditions_on_rows import parts_of
from sibdsl.model.nodes import Amount, Cohort, Contract, Determination, Metric, PeopleReaching
from sibdsl.plainform import plain
from sibdsl.price import Key, Line, PricedLine
from sibdsl.price.provenance import EarnedBy, PercentPart
from sibdsl.records import OUTSIDE, USED
from sibdsl.settle.explain.line_facts import touches_of
from sibdsl.settle.explain.what_if import Case, Target, Would, would_have
from sibdsl.settle.explain.what_if_candidates import clause_of, day_of, values_read
from sibdsl.settle.payments import Payments
from sibdsl.settle.run import ContractPaid

#: What became of a row under one clause.
#:
#: joined       the row by which the person joined the cohort
#: not joined   a row of the cohort's table that did not join them
#: earned       a result of a stated period
#: not stated   a result of a period that had not ended by the as-of date
#: no band      a result that no band holds, so that it is counted nowhere
#: not yet      it may still count: its date, or the end of its holding, is after the as-of date
#: not earned   anything else
Outcome = Literal["joined", "not joined", "earned", "not stated", "no band", "not yet", "not earned"]

#: Why a row did not count, where no check says it.
#:
#: check        the first check that it does not pass
#: ended        it did not last until the holding was complete
#: not reached  the holding, or its date, is after the as-of date
#: too late     its date is outside the payment period
#: another      another row of the person counts instead
#: route        the person earned another route first
#: short        with it, and the rows before it, an amount is not reached
#: reached      an amount was reached before it
#: enough       as many of the person's results as may count come first
#: full         the cohort had room for no more
#: no day       days are counted, and none of the row's is left to count
Cause = Literal[
    "",
    "check",
    "ended",
    "not reached",
    "too late",
    "another",
    "short",
    "reached",
    "enough",
    "full",
    "route",
    "no day",
]


@frozen
class PaidFor:
    """A payment line of which one result is a part: `amount` is what the line pays for it, `touches` what takes from it.

    `withheld` is what limits for each person take of this result, by the name of the cap.
    """

    claim: Claim
    priced: PricedLine
    amount: Fraction
    touches: tuple[PricedLine, ...]
    withheld: tuple[tuple[str, Fraction], ...] = ()


@frozen
class RowTold:
    """What became of a row under one clause.

    `claim` is the result of the row, the first stated one where there are several; `claims` are all of them, as where days
    of one row lie in several periods. `read` is what the unmet condition read. `other` is the row that counts instead. `would` is the smallest change of the
    row after which it would have counted; `tried` says whether one was looked for.
    """

    clause: Cohort | Metric
    looked: LookedAt
    outcome: Outcome
    cause: Cause = ""
    read: tuple[tuple[Amount, Known], ...] = ()
    claim: Claim | None = None
    paid: tuple[PaidFor, ...] = ()
    other: PersonRow | None = None
    would: Would | None = None
    tried: bool = False
    claims: tuple[Claim, ...] = ()
    #: What lies in the times that the unmet condition asks about.
    in_time: tuple[InTime, ...] = ()


@frozen
class Entry:
    """A row with its own date, and what each clause made of it."""

    row: PersonRow
    day: date | None
    told: tuple[RowTold, ...]


@frozen
class PersonFacts:
    """One person in one run.

    `entries` are the rows that some clause looked at, in the order of their dates; `left_out` are duplicates, invalid
    records and rows that no clause looks at; `absent` are cohorts for which no row speaks of them.
    """

    run: Payments
    person: str
    entries: tuple[Entry, ...]
    left_out: tuple[PersonRow, ...] = field(repr=False)
    absent: tuple[Cohort, ...]

    @property
    def contract(self) -> Contract:
        return self.run.contract

    def totals(self) -> tuple[tuple[str, str, Fraction], ...]:
        """What the person's results earned by payer and payee, in the order of the parties.

        What limits for each person take is taken off; what blocks met and other caps cut is not.
        """
        sums: dict[tuple[str, str], Fraction] = {}
        for entry in self.entries:
            for told in entry.told:
                for part in told.paid:
                    key = (part.priced.line.payer, part.priced.line.payee)
                    less = sum((amount for _, amount in part.withheld), Fraction(0))
                    sums[key] = sums.get(key, Fraction(0)) + part.amount - less
        order = [party.name for party in self.contract.parties]
        ranked = sorted(sums, key=lambda key: (order.index(key[0]), order.index(key[1])))
        return tuple((*key, sums[key]) for key in ranked)


def explain_person(paid: ContractPaid, person: str) -> PersonFacts:
    """All that became of one person's rows. The volumes must still be open. Identifiers match in plain form.

    Raises:
        Refused: no row of the records names the person.
        Unexplained: the person's rows do not measure by themselves as they did among all.
    """
    run, volumes = paid.payments, paid.volumes
    person = plain(person) if _is_text(person) else person
    rows = rows_of(volumes, person) if person and _is_text(person) else ()
    if not rows:
        raise Refused(names_nobody([volumes], person))
    looked = looked_at(volumes, person)
    claims = tuple(volumes.claims(person=person, stated_only=False))
    readable = tuple(person_row for person_row in rows if person_row.status in (USED, OUTSIDE))
    limited = tuple(volumes.limited(person=person))
    withheld: dict[Key, Fraction] = {}
    for taken_of_result in limited:
        withheld[taken_of_result.key] = withheld.get(taken_of_result.key, Fraction(0)) + taken_of_result.taken
    case = Case(run, person, readable, read_of(volumes, person), claims, withheld)
    joined = {look.clause for look in looked if look.counted}
    told = {
        (look.clause, look.place): evolve(
            _told(case, look, looked, limited), in_time=in_times_asked(paid.volumes, look)
        )
        for look in looked
    }
    uncounted = [look for look in looked if _may_change(case, look, joined)]
    ways = would_have(case, uncounted)
    entries: list[Entry] = []
    for row in readable:
        mine = tuple(
            _with_would(row_told, ways) for (_, place), row_told in told.items() if place == row.place
        )
        if mine:
            entries.append(Entry(row, _own_day(mine[0], row), mine))
    entries.sort(key=lambda entry: (entry.day is None, entry.day or date.max))
    there = {entry.row.place for entry in entries}
    absent = tuple(
        cohort for cohort in run.contract.cohorts if all(look.clause != cohort.name for look in looked)
    )
    left_out = tuple(person_row for person_row in rows if person_row.place not in there)
    return PersonFacts(run, person, tuple(entries), left_out, absent)


def _is_text(word: str) -> bool:
    """Whether the word can stand in a file of text at all: a command line may hold other bytes."""
    try:
        word.encode()
    except UnicodeEncodeError:
        return False
    return True


def named_in(volumes: Volumes, person: str) -> bool:
    """Whether a row of these records names the person. Identifiers match in plain form."""
    return bool(person and _is_text(person) and rows_of(volumes, plain(person)))


def names_nobody(records: Iterable[Volumes], person: str) -> Diagnostic:
    """What is said of an identifier that no row of any of these records has."""
    like = [name for volumes in records for name in alike(volumes, person)] if _is_text(person) else []
    near = nearest(person, like)
    return Diagnostic(
        "SIB0701",
        f"`--person {person}` names nobody: no row of the records has this identifier.",
        help=(f"Did you mean {near}? " if near else "")
        + "Identifiers match exactly, capitals and noughts included.",
    )


def _may_change(case: Case, look: LookedAt, counted: set[str]) -> bool:
    """Whether it is worth asking what would have made a row count: nothing else of the person counts in its place."""
    if look.counted:
        return False
    clause = clause_of(case.contract, look)
    if (
        isinstance(clause, Cohort)
        or clause.first_only == "over all bands"
        or isinstance(clause.counts, PeopleReaching)
    ):
        return look.clause not in counted
    return True


def _with_would(row_told: RowTold, ways: dict[Target, Would | None]) -> RowTold:
    target = Target(row_told.looked.clause, row_told.looked.place)
    if target not in ways:
        return row_told
    would = ways[target]
    return evolve(row_told, would=would, tried=True)


def _own_day(told: RowTold, row: PersonRow) -> date | None:
    """The date that a row speaks of: of joining, or the one that dates the result, or from which it is held or lasts."""
    clause = told.clause
    if isinstance(clause, Metric) and clause.dated.by in ("each day", "each end"):
        return told.looked.day
    if isinstance(clause, Cohort):
        column = clause.joins_on
    elif clause.held is not None:
        column = clause.held.start
    elif clause.dated.day is not None:
        return told.looked.day
    else:
        column = clause.dated.column
    return day_of(row.cells.get(column, ""))


# ------------------------------------------------------------------ what became of a row


def _told(
    case: Case, look: LookedAt, looked: tuple[LookedAt, ...], limited: tuple[TakenOfResult, ...]
) -> RowTold:
    clause = clause_of(case.contract, look)
    if isinstance(clause, Cohort):
        if look.counted:
            return RowTold(clause, look, "joined")
        cause, read, other = _cause(case, look, looked)
        return RowTold(clause, look, "not joined", cause, read, other=other)
    if look.counted and look.route:
        return RowTold(clause, look, "not earned", "route")
    if look.counted:
        return _counted(case, clause, look, limited)
    cause, read, other = _cause(case, look, looked)
    later = cause == "not reached" or (
        look.check is not None
        and look.check.kind
        in ("after as of", "not over", "known later", "no evidence", "disputed", "not accepted")
    )
    return RowTold(clause, look, "not yet" if later else "not earned", cause, read, other=other)


def _counted(case: Case, metric: Metric, look: LookedAt, limited: tuple[TakenOfResult, ...]) -> RowTold:
    claims = tuple(
        claim
        for claim in case.claims
        if claim.metric == metric.name and RowPlace(claim.records, claim.source, claim.row) == look.place
    )
    if not claims and (metric.latest_only or isinstance(metric.counts, Determination)):
        other = _later(case, metric, look) if metric.latest_only else None
        return RowTold(metric, look, "not earned", "another", other=other)
    if not claims:
        return RowTold(metric, look, "no band")
    stated = [claim for claim in claims if claim.segment in case.run.priced_segments]
    if not stated:
        return RowTold(metric, look, "not stated", claim=claims[0], claims=claims)
    # Of several rows by which an amount is reached, one stands for the result.
    worth = [claim for claim in stated if claim.quantity or not isinstance(metric.counts, PeopleReaching)]
    paid = tuple(part for claim in worth for part in _paid(case.run, claim, limited))
    return RowTold(metric, look, "earned", claim=stated[0], paid=paid, claims=claims)


def _later(case: Case, metric: Metric, look: LookedAt) -> PersonRow | None:
    """The row that counts in place of one that a later row of the person overtook."""
    claims = [
        claim for claim in case.claims if claim.metric == metric.name and look.day and claim.day >= look.day
    ]
    places = {RowPlace(claim.records, claim.source, claim.row) for claim in claims[:1]}
    return next((row for row in case.rows if row.place in places), None)


def _paid(run: Payments, claim: Claim, limited: tuple[TakenOfResult, ...]) -> tuple[PaidFor, ...]:
    mine = [
        taken_of_result
        for taken_of_result in limited
        if (taken_of_result.records, taken_of_result.source, taken_of_result.row, taken_of_result.day)
        == (claim.records, claim.source, claim.row, claim.day)
    ]
    return tuple(
        _paid_by(run, claim, line, [taken for taken in mine if taken.taken and _same(taken.line, line.line)])
        for line in run.lines
        if line.line.kind == "payment"
        and line.line.segment == claim.segment
        and line.line.metric == claim.metric
        and line.line.band in ("", claim.band)
    )


def _paid_by(run: Payments, claim: Claim, priced: PricedLine, taken: list[TakenOfResult]) -> PaidFor:
    """What a line holds of what a result is worth, and of what limits for each person took of it."""
    worth = (priced.line.rate or Fraction(0)) * claim.quantity
    share = priced.line.share
    # Shared again after the cut: neither the whole before it nor what is left of it has the rounding of the other.
    if taken and isinstance(share, PercentPart):
        part, withheld = worth * share.part, [(cut.limit.cap.name, cut.taken * share.part) for cut in taken]
    else:
        part, withheld = _of_payer(priced, worth), [(cut.limit.cap.name, cut.taken) for cut in taken]
    return PaidFor(claim, priced, part, touches_of(run, priced), tuple(withheld))


def _of_payer(priced: PricedLine, worth: Fraction) -> Fraction:
    """What one payer's part of a shared line holds of what a result is worth, pro rata."""
    return worth * priced.amount / priced.whole if priced.line.share and priced.whole else worth


def _same(line: Line, other: Line) -> bool:
    """Whether it is one line, or two payers' parts of one."""
    if line.share is not None and other.share is not None:
        return line.segment == other.segment and _row_of(line) == _row_of(other)
    return (line.segment, line.payment, line.metric, line.band, line.payer, line.payee) == (
        other.segment, other.payment, other.metric, other.band, other.payer, other.payee,
    )  # fmt: skip


def _row_of(line: Line) -> object:
    """The row of the tariff that earns a line."""
    by = line.provenance
    return (by.payment, by.term) if isinstance(by, EarnedBy) else None


def _cause(
    case: Case, look: LookedAt, looked: tuple[LookedAt, ...]
) -> tuple[Cause, tuple[tuple[Amount, Known], ...], PersonRow | None]:
    """Why a row did not count; what an unmet condition read; the row that counts instead."""
    if look.check is not None:
        condition = look.check.condition
        clause = clause_of(case.contract, look)
        row = next(person_row for person_row in case.rows if person_row.place == look.place)
        part = look.check.day if condition is None else condition
        leaves = parts_of(part) if part is not None else ()
        return "check", tuple(values_read(case.run, case.read, row.cells, clause, leaves)), None
    clause = clause_of(case.contract, look)
    if isinstance(clause, Metric) and clause.dated.by in ("each day", "each end"):
        return "no day", (), None
    if isinstance(clause, Cohort):
        other = _instead(case, look, looked)
        return "full" if other is None and clause.most is not None else "another", (), other
    if look.so_far is not None:
        return _beside_reaching(case, look), (), None
    if look.lasted is False:
        return "ended", (), None
    if max(look.day or date.min, look.reached or date.min) > case.run.as_of:
        return "not reached", (), None
    if look.day is not None and look.day not in case.contract.payment_period:
        return "too late", (), None
    if clause.at_most is not None:
        return "enough", (), None
    return "another", (), _instead(case, look, looked)


def _beside_reaching(case: Case, look: LookedAt) -> Cause:
    """Why a row that adds to a sum is not among those by which the amount was reached."""
    if look.reached is None:
        return "short"
    return "reached" if look.reached in case.contract.payment_period else "too late"


def _instead(case: Case, look: LookedAt, looked: tuple[LookedAt, ...]) -> PersonRow | None:
    """The row that counts for the same clause, and in the same band where each band counts its own first."""
    clause = clause_of(case.contract, look)
    in_band = isinstance(clause, Metric) and clause.first_only == "in each band"
    for other_look in looked:
        if (
            other_look.clause == look.clause
            and other_look.counted
            and (not in_band or other_look.band == look.band)
        ):
            return next(row for row in case.rows if row.place == other_look.place)
    return None
