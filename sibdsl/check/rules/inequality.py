"""Bounds on quantities, as the boundaries of rules are told: in the contract's words, with the headroom to them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from attrs import evolve, frozen

from sibdsl.dates import Period
from sibdsl.model.bands_in_force import band_names
from sibdsl.model.nodes import Contract
from sibdsl.price import Key
from sibdsl.wording import period_name, quantity_said


@frozen
class MetricTerm:
    """So many times a metric (in a band; '' is none) over a period; of a contract of a programme, which ('' is by itself)."""

    metric: str
    band: str
    period: Period
    coefficient: int
    contract: str = ""


@frozen
class Inequality:
    """The terms' sum is at least `bound`."""

    terms: tuple[MetricTerm, ...]
    bound: int

    def headroom(self, quantities: Mapping[Key, Fraction]) -> Fraction:
        """By how much quantities exceed the bound; negative by how much they miss it."""
        total = Fraction(0)
        for term in self.terms:
            for key, number in quantities.items():
                inside = (
                    term.period.start <= key.segment.days.start and key.segment.days.end <= term.period.end
                )
                mine = (key.contract, key.metric, key.band)
                if inside and mine == (term.contract, term.metric, term.band):
                    total += term.coefficient * number
        return total - self.bound

    def said(self, contract: Contract, within: Period | None = None) -> str:
        """The inequality in the words of a contract by itself. A period that all share, or that is `within`, is not repeated."""
        return self.said_among({"": contract}, within)

    def said_among(self, contracts: Mapping[str, Contract], within: Period | None = None) -> str:
        """The same in a programme, whose contracts are given by name: each metric is told with its contract."""
        terms = _bands_together(contracts, self.terms)
        periods = {term.period for term in terms}
        shared = periods.pop() if len(periods) == 1 else None
        when = (
            ""
            if shared is None or shared == within
            else f" {period_name(contracts[terms[0].contract], shared)}"
        )

        def named(term: MetricTerm) -> str:
            name = quantity_said(term.metric, term.band, term.contract)
            if shared or term.period == within:
                return name
            return f"{name} {period_name(contracts[term.contract], term.period)}"

        if len(terms) == 1 and abs(terms[0].coefficient) == 1:
            most = terms[0].coefficient < 0
            return f"{'at most' if most else 'at least'} {abs(self.bound):,} {named(terms[0])}{when}"

        def counted(term: MetricTerm) -> str:
            factor = abs(term.coefficient)
            return named(term) if factor == 1 else f"{factor:,} x {named(term)}"

        left = [counted(term) for term in terms if term.coefficient > 0]
        right = [counted(term) for term in terms if term.coefficient < 0]
        if not left:
            return f"{' + '.join(right)}{when} is at most {-self.bound:,}"
        left += [f"{-self.bound:,}"] if self.bound < 0 else []
        right += [f"{self.bound:,}"] if self.bound > 0 else []
        return f"{' + '.join(left)} is at least {' + '.join(right) or 0}{when}"


def _bands_together(
    contracts: Mapping[str, Contract], terms: tuple[MetricTerm, ...]
) -> tuple[MetricTerm, ...]:
    """The terms with all bands of a metric that count alike put as the metric."""
    found: list[MetricTerm] = []
    for term in terms:
        whole = evolve(term, band="")
        if whole in found:
            continue
        bands = {metric_term.band for metric_term in terms if evolve(metric_term, band="") == whole}
        contract = contracts[term.contract]
        metric = next((one for one in contract.every_metric if one.name == term.metric), None)
        every = set(band_names(contract, metric)) if metric else set()
        found.append(whole if every and bands == every else term)
    return tuple(found)
