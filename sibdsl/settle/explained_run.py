"""What an explanation of a line needs of a run, whether its records are at hand or a folder keeps what was behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from types import TracebackType
from typing import Generic, Protocol, Self, TypeVar

from attrs import field, frozen

from sibdsl.measure.limits_for_each_person import ResultCut
from sibdsl.measure.volumes import Earned
from sibdsl.model.periods import Segment
from sibdsl.model.periods import stated as stated_segments
from sibdsl.price import Key
from sibdsl.settle.payments import Payments
from sibdsl.settle.programme import ProgrammePayments
from sibdsl.settle.versions import Version


class Behind(Protocol):
    """The results behind the quantities of a contract: those of its records while they are open, or those that a folder keeps."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    @property
    def withheld(self) -> Mapping[Key, Fraction]:
        """What limits for each person take, in money."""

    def earned(self, segment: Segment, metric: str, band: str) -> Iterator[Earned]:
        """The results of a metric (in a band; '' where it has none) in a segment, by date, person and row, with their cells."""

    def cuts_of(self, key: Key) -> Iterator[ResultCut]:
        """What the limit of a line for each person took, result by result."""


Results_co = TypeVar("Results_co", bound=Behind, covariant=True)


@frozen
class ContractRun(Generic[Results_co]):
    """One contract's part of a run: its payments, and the results behind its quantities."""

    payments: Payments
    volumes: Results_co
    #: The results as another version of the contract counts them.
    again: Callable[[Version], Results_co] | None = field(default=None, repr=False, eq=False)
    #: The version under which the volumes were measured; None for the last.
    under: Version | None = field(default=None, repr=False)

    def counts_otherwise(self, version: Version) -> bool:
        """Whether a version counts otherwise than the last one: a variation replaced a metric or a cohort since."""
        return counts_otherwise(self.payments, version)

    @property
    def counted_segments(self) -> tuple[Segment, ...]:
        """The segments that the run states, as its volumes were measured in them."""
        if self.under is None:
            return self.payments.priced_segments
        return stated_segments(self.under.contract, self.payments.as_of, self.under.cuts)


def counts_otherwise(payments: Payments, version: Version) -> bool:
    """Whether a version of a contract counts otherwise than its last one."""
    mine, last = version.contract, payments.contract
    metrics = {metric.name: metric for metric in last.metrics}
    cohorts = {cohort.name: cohort for cohort in last.cohorts}
    return any(metrics.get(metric.name, metric) != metric for metric in mine.metrics) or any(
        cohorts.get(cohort.name, cohort) != cohort for cohort in mine.cohorts
    )


class ExplainedRun(Protocol):
    """A run of a contract or a programme that can be explained line by line."""

    @property
    def payments(self) -> ProgrammePayments: ...

    def members(self) -> Sequence[ContractRun[Behind]]: ...
