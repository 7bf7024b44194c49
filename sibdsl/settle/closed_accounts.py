"""Quantities of closed accounts: as they were known when the account closed. Source: language reference, 'Closed accounts'."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction

from attrs import define, field, frozen

from sibdsl import money
from sibdsl.dates import Period, long
from sibdsl.diagnostics import Diagnostic, Refused
from sibdsl.model.closed_accounts import closes
from sibdsl.model.nodes import Contract, Metric
from sibdsl.model.periods import statements
from sibdsl.price import Key
from sibdsl.settle.moved_results import CountedRow, Look, Move, Standing, refused
from sibdsl.settle.versions import Counts

#: What was counted, as known on a day.
Known = Callable[[date], Counts]
#: The results of a contract, by name, as they were counted last; and whether two of a metric are of one record.
Results = Callable[[str], Iterable[tuple[CountedRow, Fraction]]]
Alike = Callable[[str, Metric, CountedRow, CountedRow], bool]


@frozen
class ClosedDifference:
    """By how much the quantity of a closed account differs now from what was known when it closed.

    Nought where it does not, but a result left it for another account.
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
    alike: Alike | None = None
    as_of: date | None = None
    #: What differs, by contract, as of the day that was asked for last.
    differing: dict[str, list[ClosedDifference]] = field(factory=dict)
    #: What was known when accounts closed, by contract, day and cuts, under which terms.
    _closed: dict[tuple[str, date, frozenset[date]], list[tuple[Contract, Mapping[Key, Fraction]]]] = field(
        factory=dict, repr=False
    )

    def as_known(self, day: date) -> Counts:
        """The quantities as known on a day, but for closed accounts.

        Raises Refused where a result moved between a closed account and an open one, and the contract does not say what becomes of it.
        """

        def counts(name: str, terms: Contract, cuts: frozenset[date]) -> Mapping[Key, Fraction]:
            ends = {period: closes(terms, period) for period in statements(terms)}
            closed = {period: end for period, end in ends.items() if end is not None and end < day}
            then: dict[date, Mapping[Key, Fraction]] = {}
            stood: dict[date, Standing] = {}
            for shut in sorted(set(closed.values())):
                if self.results is not None and day != self.as_of:
                    then[shut] = self._then(shut, name, terms, cuts)
                else:
                    then[shut] = self.known(shut)(name, terms, cuts)
                    stood[shut] = self._of(name, day)
            now = self.known(day)(name, terms, cuts)
            moves = self._moves(name, terms, closed, stood, day)
            if moves and terms.accounts_close is not None and not terms.accounts_close.moves:
                raise Refused([refused(move, terms.accounts_close) for move in moves])
            moved = {move.closed_in for move in moves}
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

    def _then(self, shut: date, name: str, terms: Contract, cuts: frozenset[date]) -> Mapping[Key, Fraction]:
        """What was known when an account closed, which no later day changes: counted once for the same terms, since records are long to count."""
        before = self._closed.setdefault((name, shut, cuts), [])
        found = next((counted for under, counted in before if under == terms), None)
        if found is None:
            found = self.known(shut)(name, terms, cuts)
            before.append((terms, found))
        return found

    def _moves(
        self,
        name: str,
        terms: Contract,
        closed: Mapping[Period, date],
        stood: Mapping[date, Standing],
        day: date,
    ) -> list[Move]:
        """What moved between closed accounts and open ones. Measures again where something came into a closed one."""
        alike = self.alike
        if not stood or alike is None or day != self.as_of:
            return []
        metrics = {metric.name: metric for metric in terms.metrics}
        now = self._of(name, day)
        look = Look(
            metrics, closed, now, stood, lambda metric, result, other: alike(name, metric, result, other)
        )
        found = list(look.out())
        late = look.entered()
        if late:
            first = min(closed[result.key.segment.statement] for result in late)
            for last in [period.last for period in statements(terms) if first < period.last < day]:
                self.known(last)(name, terms, frozenset())
                found += look.back_in(late, self._of(name, day), last)
            self.known(day)(name, terms, frozenset())
        return list(dict.fromkeys(found))

    def _of(self, name: str, day: date) -> Standing:
        return dict(self.results(name)) if self.results is not None and day == self.as_of else {}

    def told(self, contract: Contract) -> Iterator[Diagnostic]:
        """A warning for each quantity of a closed account that has become another since (SIB0759)."""
        said = contract.accounts_close
        if said is None:
            return
        for difference in self.differing.get(contract.name, []):
            band = f", {difference.key.band}" if difference.key.band else ""
            number = money.number(abs(difference.more)) if difference.more else "as many"
            what = (
                "more is known now: nobody pays it"
                if difference.more > 0
                else "less is known now: it stays paid, there"
                if difference.more
                else "are known now as then, but not the same: a result left for another account, or came from one"
            )
            yield Diagnostic(
                "SIB0759",
                f"The account of {difference.key.segment.statement} closed on {long(difference.closed)}. Of {difference.key.metric}{band}, {number} {what}.",
                said.span,
                "",
                "closed by then",
                "Look whether what left this account is counted again in another."
                if difference.more <= 0
                else "The parties may agree to pay it otherwise; the contract does not.",
                severity="warning",
            )
