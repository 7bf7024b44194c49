"""Whether the tables of a run's folder come to what its quantities and accounts say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

from sibdsl.measure.kept_tables import KeptTables
from sibdsl.price import Key
from sibdsl.records import STATUSES
from sibdsl.settle.explained_run import Behind, ContractRun
from sibdsl.settle.kept.replay import KeptRun
from sibdsl.settle.kept.run_json import RunJson
from sibdsl.settle.kept.untrusted import HeldJson


def rows_and_results(run: KeptRun, about: RunJson, path: Callable[[str], Path]) -> Iterator[str]:
    """Every table that does not come to what is said of it, in words. Raises BrokenRun and EngineError."""
    with KeptTables() as tables:
        for member in run.members():
            payments = member.payments
            for kept in about.rows:
                if kept.contract != payments.contract.name:
                    continue
                account = payments.accounts.get(kept.records)
                found = tables.statuses(path(kept.file))
                said = {} if account is None else {name: account.count(name) for name in STATUSES}
                if {name: number for name, number in said.items() if number} != found:
                    yield f"{kept.file} does not hold the rows of {kept.records} that payments.json accounts for"
            yield from _results(member, about, tables, path)


def _results(
    member: ContractRun[Behind], about: RunJson, tables: KeptTables, path: Callable[[str], Path]
) -> Iterator[str]:
    """Whether the results of each metric, as the contract stands at the end, add up to its quantities."""
    contract = member.payments.contract
    closed = contract.accounts_close is not None
    counted = _counted(member)
    for kept in about.results:
        metric = next((one for one in contract.metrics if one.name == kept.metric), None)
        if (kept.contract, kept.version) != (contract.name, None) or metric is None or closed:
            continue
        sums: dict[tuple[object, str], Fraction] = {}
        many: dict[tuple[object, str], int] = {}
        for start, band, over, amount, number in tables.sums(path(kept.file)):
            part = (
                HeldJson(amount, kept.file).fraction()
                / (HeldJson(over, kept.file).fraction() or 1)
                * kept.unit
            )
            sums[start, band] = sums.get((start, band), Fraction(0)) + part
            many[start, band] = many.get((start, band), 0) + int(number)
        for place, number in many.items():
            came_to = sums[place] / number if metric.counts.averaged else sums[place]
            if counted.pop((metric.name, *place), Fraction(0)) != came_to:
                yield f"{kept.file} does not add up to the quantities of {metric.name}"
                break
        left = [place for place, number in counted.items() if place[0] == metric.name and number]
        if any((start, band) not in many for _, start, band in left):
            yield f"{kept.file} lacks results of {metric.name}"


def _counted(member: ContractRun[Behind]) -> dict[tuple[object, ...], Fraction]:
    """What was counted of each metric in each segment, as the contract stands at the end."""
    found: dict[tuple[object, ...], Fraction] = {}
    version = member.payments.versions[-1]
    stated = set(member.counted_segments)
    key: Key
    for key, number in version.counted.items():
        if key.segment in stated and not key.withheld:
            found[key.metric, key.segment.days.start, key.band] = number
    return found
