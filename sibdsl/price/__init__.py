"""Quantities to money: the price graph, built from the model and evaluated exactly."""

from sibdsl.price.contract_graph import build, build_all, shared_cuts
from sibdsl.price.derived_metrics import derived
from sibdsl.price.evaluate import Priced, PricedLine, price
from sibdsl.price.graph import Graph, Key, Line

__all__ = [
    "Graph",
    "Key",
    "Line",
    "Priced",
    "PricedLine",
    "build",
    "build_all",
    "derived",
    "price",
    "shared_cuts",
]
