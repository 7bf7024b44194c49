"""From records to verified volumes: the only part that reads records, and the only one that uses the engine."""

from sibdsl.measure.measuring import measure, measure_rows
from sibdsl.measure.volumes import Claim, Quantity, RowStatus, Volumes

__all__ = ["Claim", "Quantity", "RowStatus", "Volumes", "measure", "measure_rows"]
