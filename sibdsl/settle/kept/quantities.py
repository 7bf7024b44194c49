"""What was counted in a run, as the JSON of its folder, and back: every counting, with its terms, day and quantities."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from hashlib import sha256

from attrs import field, frozen

from sibdsl.dates import Period
from sibdsl.model.fingerprint import meaning
from sibdsl.model.nodes import Contract
from sibdsl.model.periods import Segment
from sibdsl.price import Key
from sibdsl.price.graph import TakenOf
from sibdsl.settle.kept.untrusted import BrokenRun, HeldJson
from sibdsl.settle.run import Counting
from sibdsl.settle.versions import Counts

FORMAT = "sibdsl.kept-quantities/1"


@frozen
class CountingId:
    """Which counting it is: of which contract, as known on a day, under which terms, cut on which days, how disputes count."""

    contract: str
    known: date
    terms: str
    cuts: frozenset[date]
    accepted: bool


@frozen
class KeptCountings:
    """The countings of a run, which stand for its records when it is priced again."""

    every: Mapping[CountingId, Mapping[Key, Fraction]] = field(repr=False)

    def known(self, *, accepted: bool = False) -> Callable[[date], Counts]:
        """What was counted, as known on a day. Raises BrokenRun for what was not."""

        def on(day: date) -> Counts:
            def counts(name: str, terms: Contract, cuts: frozenset[date]) -> Mapping[Key, Fraction]:
                return self.of(CountingId(name, day, terms_id(terms), cuts, accepted))

            return counts

        return on

    def of(self, wanted: CountingId) -> Mapping[Key, Fraction]:
        """The quantities of one counting. Raises BrokenRun where it is not there."""
        found = self.every.get(wanted)
        if found is None:
            raise BrokenRun(
                f"quantities.json has no quantities of {wanted.contract} as known on {wanted.known.isoformat()} "
                "under the terms that its texts have"
            )
        return found


def terms_id(terms: Contract) -> str:
    """What tells the terms of a contract on one day from those on another."""
    return sha256(meaning(terms).encode()).hexdigest()


def identified(counting: Counting) -> CountingId:
    """Which counting it is."""
    return CountingId(
        counting.contract, counting.known, terms_id(counting.terms), counting.cuts, counting.accepted
    )


def to_json(countings: Iterable[Counting]) -> dict[str, object]:
    """The countings as JSON values, each once."""
    every = {identified(counting): counting.quantities for counting in countings}
    return {
        "format": FORMAT,
        "countings": [
            {
                "contract": which.contract,
                "known_on": which.known.isoformat(),
                "terms": which.terms,
                "cut_on": sorted(day.isoformat() for day in which.cuts),
                "disputes_accepted": which.accepted,
                "quantities": [_quantity(key, number) for key, number in quantities.items()],
            }
            for which, quantities in every.items()
        ],
    }


def _quantity(key: Key, number: Fraction) -> dict[str, object]:
    return {**key_to_json(key), "quantity": str(number)}


def key_to_json(key: Key) -> dict[str, object]:
    """What a quantity counts, as JSON values."""
    taken = key.taken_of
    segment = key.segment
    return {
        "period_start": segment.days.start.isoformat(),
        "period_end": segment.days.last.isoformat(),
        **(
            {
                "statement_start": segment.statement.start.isoformat(),
                "statement_end": segment.statement.last.isoformat(),
            }
            if segment.statement != segment.days
            else {}
        ),
        "metric": key.metric,
        "band": key.band,
        **(
            {"taken_of": {"cap": taken.cap, "row": taken.row, "payment": taken.payment, "line": taken.line}}
            if taken
            else {}
        ),
    }


def key_from_json(held: HeldJson) -> Key:
    """The same, read. Raises BrokenRun."""
    days = _period(held, "period_start", "period_end")
    statement = _period(held, "statement_start", "statement_end") if held.has("statement_start") else days
    taken = None
    if held.has("taken_of"):
        of = held["taken_of"]
        taken = TakenOf(of["cap"].text(), of["row"].number(), of["payment"].text(), of["line"].number())
    return Key(Segment(days, statement), held["metric"].text(), held["band"].text(), taken_of=taken)


def _period(held: HeldJson, start: str, end: str) -> Period:
    first, last = held[start].day(), held[end].day()
    if last < first or last == date.max:
        raise BrokenRun(f"{held.place} has a period that ends before it begins")
    return Period(first, date.fromordinal(last.toordinal() + 1))


def from_json(held: HeldJson) -> KeptCountings:
    """The countings of the JSON of a folder. Raises BrokenRun."""
    if held["format"].text() != FORMAT:
        raise BrokenRun(f"{held.place} has a form that this version of sib does not know")
    every: dict[CountingId, Mapping[Key, Fraction]] = {}
    for one in held["countings"].each():
        which = CountingId(
            one["contract"].text(),
            one["known_on"].day(),
            one["terms"].text(),
            frozenset(day.day() for day in one["cut_on"].each()),
            one["disputes_accepted"].yes(),
        )
        quantities = {key_from_json(part): part["quantity"].fraction() for part in one["quantities"].each()}
        every[which] = quantities
    return KeptCountings(every)
