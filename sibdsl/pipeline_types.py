"""Types of what the pipeline gives back, for those who write it out. Each loads when it is asked for."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sibdsl.model.nodes import Amount, Drawdown, Example, Investment
    from sibdsl.price import PricedLine
    from sibdsl.records import Account
    from sibdsl.settle.diff import Changed, Compared, Moved
    from sibdsl.settle.examples import Failure, NotRun, Outcome
    from sibdsl.settle.explain.page import Grid, Item, Sheet
    from sibdsl.settle.net_payments import BothWays
    from sibdsl.settle.statement import ByPeriod, PeriodRow, ProgrammeStatement, Statement, Sums

_FROM = {
    "Account": "sibdsl.records",
    "Amount": "sibdsl.model.nodes",
    "BothWays": "sibdsl.settle.net_payments",
    "ByPeriod": "sibdsl.settle.statement",
    "Changed": "sibdsl.settle.diff",
    "Compared": "sibdsl.settle.diff",
    "Drawdown": "sibdsl.model.nodes",
    "Example": "sibdsl.model.nodes",
    "Failure": "sibdsl.settle.examples",
    "Grid": "sibdsl.settle.explain.page",
    "Investment": "sibdsl.model.nodes",
    "Item": "sibdsl.settle.explain.page",
    "Moved": "sibdsl.settle.diff",
    "NotRun": "sibdsl.settle.examples",
    "Outcome": "sibdsl.settle.examples",
    "PeriodRow": "sibdsl.settle.statement",
    "PricedLine": "sibdsl.price",
    "ProgrammeStatement": "sibdsl.settle.statement",
    "Sheet": "sibdsl.settle.explain.page",
    "Statement": "sibdsl.settle.statement",
    "Sums": "sibdsl.settle.statement",
}

__all__ = [
    "Account",
    "Amount",
    "BothWays",
    "ByPeriod",
    "Changed",
    "Compared",
    "Drawdown",
    "Example",
    "Failure",
    "Grid",
    "Investment",
    "Item",
    "Moved",
    "NotRun",
    "Outcome",
    "PeriodRow",
    "PricedLine",
    "ProgrammeStatement",
    "Sheet",
    "Statement",
    "Sums",
]


def __getattr__(name: str) -> object:
    if name not in _FROM:
        raise AttributeError(f"sibdsl.pipeline_types has no {name}")
    return getattr(importlib.import_module(_FROM[name]), name)
