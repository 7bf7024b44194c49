"""Quantities of closed accounts: as they were known when the account closed. Source: language reference, 'Closed accounts'."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction

from attrs import define, field, frozen

from sibdsl import money
from sibdsl.dates import Period, long
from sibdsl.diagnostics import Diagnostic
from sibdsl.model.closed_accounts import closes
from sibdsl.model.nodes import Contract
from sibdsl.model.periods import statements
from sibdsl.price import Key
from sibdsl.settle.versions import Counts

#: What was counted, as known on a day.
Known = Callable[[date], Counts]
#: What counts in a place: whose result, and the file and number of its row.
Counted = tuple[Key, str, str, int]
#: The results of a contract, by name, as they were counted last.
Results = Callable[[str], Iterable[Counted]]


@frozen
class ClosedDifference:
    """By how much the quantity of a closed account differs now from what was known when it closed.

    Nought where it does not, but a row that counted there counts there no longer, and its person has one in another account.
    """

    key: Key
    closed: date
    more: Fraction


@define
class ClosedAccounts:
    """Counts in which the quantities of closed accounts stay as they were known on the day on which the account closed."""

    known: Known
    #: For the run as of `as_of`, which is told of: its results.
    results: Results | None = None
    as_of: date | None = None
    #: What differs, by contract, as of the day that was asked for last.
    differing: dict[str, list[ClosedDifference]] = field(factory=dict)

    def as_known(self, day: date) -> Counts:
        """The quantities as known on a day, but for closed accounts."""

        def counts(name: str, terms: Contract, cuts: frozenset[date]) -> Mapping[Key, Fraction]:
            ends = {period: closes(terms, period) for period in statements(terms)}
            closed = {period: end for period, end in ends.items() if end is not None and end < day}
            then: dict[date, Mapping[Key, Fraction]] = {}
            stood: set[Counted] = set()
            for shut in sorted(set(closed.values())):
                then[shut] = self.known(shut)(name, terms, cuts)
                stood |= {one for one in self._of(name, day) if closed.get(one[0].segment.statement) == shut}
            now = self.known(day)(name, terms, cuts)
            standing = set(self._of(name, day)) if stood else set()
            paid = stood | {one for one in standing if one[0].segment.statement not in closed}
            places: dict[tuple[str, str], set[Period]] = {}
            for key, person, *_ in paid:
                places.setdefault((key.metric, person), set()).add(key.segment.statement)
            moved = {
                key
                for key, person, *_ in stood - standing
                if places[key.metric, person] - {key.segment.statement}
            }
            found: dict[Key, Fraction] = {}
            differing: list[ClosedDifference] = []
            for key in dict.fromkeys((*now, *(key for counted in then.values() for key in counted))):
                end = closed.get(key.segment.statement)
                source = now if end is None else then[end]
                if key in source:
                    found[key] = source[key]
                more = now.get(key, Fraction(0)) - source.get(key, Fraction(0))
                if end is not None and (more or key in moved) and key.taken_of is None:
                    differing.append(ClosedDifference(key, end, more))
            self.differing[name] = differing
            return found

        return counts

    def _of(self, name: str, day: date) -> Iterable[Counted]:
        return self.results(name) if self.results is not None and day == self.as_of else ()

    def told(self, contract: Contract) -> Iterator[Diagnostic]:
        """A warning for each quantity of a closed account that has become another since (SIB0759)."""
        said = contract.accounts_close
        if said is None:
            return
        for one in self.differing.get(contract.name, []):
            band = f", {one.key.band}" if one.key.band else ""
            number = money.number(abs(one.more)) if one.more else "as many"
            what = (
                "more is known now: nobody pays it"
                if one.more > 0
                else "less is known now: it stays paid, there"
                if one.more
                else "are known now as then, but not the same rows: whose row left has a result in another account"
            )
            yield Diagnostic(
                "SIB0759",
                f"The account of {one.key.segment.statement} closed on {long(one.closed)}. Of {one.key.metric}{band}, {number} {what}.",
                said.span,
                "",
                "closed by then",
                "Look whether what left this account is counted again in another."
                if one.more <= 0
                else "The parties may agree to pay it otherwise; the contract does not.",
                severity="warning",
            )
