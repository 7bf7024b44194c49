"""Quantities to money: the price graph, built from the model and evaluated exactly."""

from sibdsl.price.derive import derived
from sibdsl.price.evaluate import Priced, PricedLine, price
from sibdsl.price.from_model import build
from sibdsl.price.graph import Graph, Key, Line

__all__ = ["Graph", "Key", "Line", "Priced", "PricedLine", "build", "derived", "price"]
