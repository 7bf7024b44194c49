"""The results behind the quantities of a contract, out of a run's folder: what an explanation asks of records, without them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

from attrs import field, frozen

from sibdsl.measure.kept_tables import KeptTables
from sibdsl.measure.limits_for_each_person import ResultCut
from sibdsl.measure.volumes import Claim, Earned
from sibdsl.model.periods import Segment
from sibdsl.price import Key
from sibdsl.settle.kept.run_json import KeptCuts, KeptResults
from sibdsl.settle.kept.untrusted import BrokenRun, HeldJson


@frozen
class ResultsInFolder:
    """The results of one contract, counted as one of its versions has them. The tables stay open until who opened them closes them."""

    tables: KeptTables = field(repr=False)
    path: Callable[[str], Path] = field(repr=False)
    metrics: Mapping[str, KeptResults]
    cuts: KeptCuts | None
    withheld: Mapping[Key, Fraction]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is let go of: the tables are those of the whole folder."""

    def earned(self, segment: Segment, metric: str, band: str) -> Iterator[Earned]:
        """The results of a metric in a segment, as they were counted. Raises BrokenRun and EngineError."""
        kept = self.metrics.get(metric)
        if kept is None:
            raise BrokenRun(f"run.json names no file with the results of {metric}")
        for row in self.tables.results(self.path(kept.file), kept.columns, segment.days.start, band):
            person, day, source, number, amount, over, *cells = row
            if not isinstance(day, date):
                raise BrokenRun(f"{kept.file} has a result without a day")
            quantity = _fraction(amount, kept.file) / (_fraction(over, kept.file) or 1) * kept.unit
            claim = Claim(
                segment, metric, band, person, day, kept.records, str(source), int(number), quantity
            )
            yield Earned(claim, {name: text or "" for name, text in zip(kept.columns, cells, strict=True)})

    def cuts_of(self, key: Key) -> Iterator[ResultCut]:
        """What the limit of a line for each person took. Raises BrokenRun and EngineError."""
        if self.cuts is None or key not in self.cuts.keys:
            return
        rows = self.tables.cuts(self.path(self.cuts.file), self.cuts.keys.index(key))
        for person, day, records, source, number, due, taken in rows:
            file = self.cuts.file
            yield ResultCut(
                person, day, records, source, int(number), _fraction(due, file), _fraction(taken, file)
            )


def _fraction(text: object, file: str) -> Fraction:
    return HeldJson(text, f"a number of {file}").fraction()
