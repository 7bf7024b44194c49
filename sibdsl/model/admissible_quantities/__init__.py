"""Which quantities can come about. The one place that knows: checks, proofs and files of quantities ask here.

| file | what it knows |
|---|---|
| `below_nought` | which amounts and quantities may be below nought, and why |
| `implied_by_metrics` | of which metric there are at most as many as of another, to date |
| `at_most` | how many there can be, by the size of a cohort, by what counts for each person, by day |
| `reach` | the least and the most of sums, shares and means made of quantities |
| `entry_dates` | on which days people may join, and a row that counts may be dated |
"""

from __future__ import annotations

from attrs import frozen

from sibdsl.model.admissible_quantities.below_nought import fall_below
from sibdsl.model.nodes import Contract
from sibdsl.model.workings import may_be_blank


@frozen
class Possible:
    """What a quantity of a metric may be: `whole` numbers only; `below_nought` too; `blank`, where nothing was measured."""

    whole: bool
    below_nought: bool
    blank: bool


def possible(contract: Contract) -> dict[str, Possible]:
    """What the quantities of each metric may be, by its name."""
    below = fall_below(contract)
    return {
        metric.name: Possible(metric.whole, metric.name in below, may_be_blank(contract, metric.name))
        for metric in contract.every_metric
    }
